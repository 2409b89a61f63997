import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The first and last value of a year.
struct YearBounds {
    let first: SQLValue
    let last: SQLValue

    /// The bounds of a year on the current clocks; nil for a year that is not from 1 to 9999.
    ///
    /// - Parameters:
    ///   - year: the year.
    ///   - isISO: whether it is a year of the ISO calendar of weeks.
    ///   - isMoment: whether the column holds moments and not days.
    init?(_ year: Int, isISO: Bool, isMoment: Bool) {
        guard (1...9999).contains(year),
            let start = isISO ? Self.isoStart(year) : CalendarDate(year: year, month: 1, day: 1)
        else { return nil }
        let end: CalendarDate? =
            if isISO {
                Self.isoStart(year + 1).flatMap {
                    CalendarDate(daysSince1970: $0.daysSince1970 - 1)
                }
            } else {
                CalendarDate(year: year, month: 12, day: 31)
            }
        guard let end else { return nil }
        guard isMoment else {
            first = .date(start)
            last = .date(end)
            return
        }
        let zone = StoredZone.named(CurrentZone.name) ?? .utc
        guard let midnight = TimeOfDay(hour: 0, minute: 0),
            let latest = TimeOfDay(hour: 23, minute: 59, second: 59, microsecond: 999_999)
        else { return nil }
        first = .dateTime(LocalDateTime(date: start, time: midnight).moment(assuming: zone))
        last = .dateTime(LocalDateTime(date: end, time: latest).moment(assuming: zone))
    }

    /// The Monday of the first week: the one with the year's first Thursday.
    private static func isoStart(_ year: Int) -> CalendarDate? {
        guard let fourth = CalendarDate(year: year, month: 1, day: 4) else { return nil }
        return CalendarDate(daysSince1970: fourth.daysSince1970 - fourth.weekday)
    }
}
