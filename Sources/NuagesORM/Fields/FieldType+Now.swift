import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FieldType {
    /// What `autoNow` and `autoNowAdd` set a field of this kind to: the moment, or the day or the
    /// time that the clocks of the site's zone show at it; nil for kinds that hold none of them.
    ///
    /// Django: `timezone.now()`, and `date.today()` and `datetime.now()`, of which the clock is that
    /// of `TIME_ZONE` whatever zone a request has activated.
    func now(
        _ moment: Date = .now,
        in zone: LocalDateTime.Zone = .ofSite
    ) -> SQLValue? {
        switch self {
        case .dateTimeField: .dateTime(moment)
        case .dateField: LocalDateTime(moment, in: zone).map { .date($0.date) }
        case .timeField: LocalDateTime(moment, in: zone).map { .time($0.time) }
        default: nil
        }
    }
}

extension LocalDateTime.Zone {
    /// The zone of the site (``CurrentZone/default``); UTC where the system does not know it.
    static var ofSite: Self { StoredZone.named(CurrentZone.default) ?? .utc }
}

extension CalendarDate {
    /// The moment at which the day begins on the clocks of the site's zone.
    ///
    /// Django: a `DateTimeField` that is given a day alone, which it takes in `TIME_ZONE`.
    var startOnSiteClock: Date? {
        guard let midnight = TimeOfDay(hour: 0, minute: 0) else { return nil }
        return LocalDateTime(date: self, time: midnight).moment(assuming: .ofSite)
    }
}
