#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A date and time as a calendar and a clock on the wall show them, with the zone of that clock or
/// without one.
///
/// Django: Python's `datetime.datetime`, naive without a zone and aware with one.
public struct LocalDateTime: Sendable {
    /// The zone of the clock.
    public enum Zone: Sendable {
        /// A constant distance from UTC, with a name if it has one.
        case fixed(seconds: Int, name: String?)
        /// A zone of the time-zone database.
        case rules(TimeZoneRules)
    }

    /// The day.
    public var date: CalendarDate
    /// The time of day.
    public var time: TimeOfDay
    /// The zone; nil for a time that belongs to no zone.
    public var zone: Zone?
    /// Whether this is the second of two times that the clock shows when it is set back.
    public var isSecondOfTwo: Bool
    /// Whether pages show it in its own zone: a template has asked for that zone.
    package var keepsZone = false

    /// A date and time.
    ///
    /// - Parameters:
    ///   - date: the day.
    ///   - time: the time of day.
    ///   - zone: the zone of the clock; nil for none.
    ///   - isSecondOfTwo: the second of two equal times on the day when the clock is set back.
    public init(
        date: CalendarDate,
        time: TimeOfDay,
        zone: Zone? = nil,
        isSecondOfTwo: Bool = false
    ) {
        self.date = date
        self.time = time
        self.zone = zone
        self.isSecondOfTwo = isSecondOfTwo
    }

    /// What the clocks of `zone` show at a moment; nil outside the years 1 to 9999.
    ///
    /// - Parameters:
    ///   - moment: the moment.
    ///   - zone: the zone of the clock.
    public init?(_ moment: Date, in zone: Zone) {
        let microseconds = (moment.timeIntervalSince1970 * 1_000_000).rounded()
        guard abs(microseconds) < 4e17 else { return nil }
        self.init(microsecondsSince1970: Int(microseconds), in: zone)
    }

    package init?(microsecondsSince1970 microseconds: Int, in zone: Zone) {
        let seconds = floorDivide(microseconds, 1_000_000)
        let (offset, isSecond) = zone.offsetAndFold(atSecond: seconds)
        let local = seconds + offset
        let days = floorDivide(local, 86_400)
        let second = local - days * 86_400
        guard let date = CalendarDate(daysSince1970: days),
            let time = TimeOfDay(
                hour: second / 3600,
                minute: second / 60 % 60,
                second: second % 60,
                microsecond: microseconds - seconds * 1_000_000
            )
        else { return nil }
        self.init(date: date, time: time, zone: zone, isSecondOfTwo: isSecond)
    }

    /// Seconds between 1970-01-01 00:00 on the same clock and this time.
    package var localSeconds: Int {
        date.daysSince1970 * 86_400 + time.microsecondsSinceMidnight / 1_000_000
    }

    /// How far the clock is ahead of UTC, in seconds; nil without a zone.
    public var offset: Int? { zone?.offset(atLocal: localSeconds, isSecondOfTwo: isSecondOfTwo) }

    /// Microseconds since 1970-01-01 00:00 UTC; without a zone the clock is taken as one of UTC.
    package var microsecondsSince1970: Int {
        (localSeconds - (offset ?? 0)) * 1_000_000 + time.microsecond
    }

    /// The moment; a time without a zone is taken as one of `zone`.
    ///
    /// - Parameter zone: the zone of a time that has none.
    /// - Returns: the moment.
    public func moment(assuming zone: Zone) -> Date {
        var aware = self
        aware.zone = self.zone ?? zone
        return Date(timeIntervalSince1970: Double(aware.microsecondsSince1970) / 1_000_000)
    }

    /// The same moment on the clocks of another zone; nil without a zone or outside the years.
    ///
    /// - Parameter zone: the other zone.
    /// - Returns: the time there.
    public func converted(to zone: Zone) -> LocalDateTime? {
        guard self.zone != nil else { return nil }
        return LocalDateTime(microsecondsSince1970: microsecondsSince1970, in: zone)
    }

    /// ISO 8601 with the given letter between date and time: Python's `isoformat`.
    package func isoText(separator: String) -> String {
        "\(date)\(separator)\(time)" + (offset.map { Self.isoOffset($0) } ?? "")
    }

    /// `+02:00`, with seconds where an offset has any.
    package static func isoOffset(_ seconds: Int) -> String {
        let magnitude = abs(seconds)
        let tail = magnitude % 60 == 0 ? "" : ":\(padded(magnitude % 60, 2))"
        return (seconds < 0 ? "-" : "+")
            + "\(padded(magnitude / 3600, 2)):\(padded(magnitude / 60 % 60, 2))\(tail)"
    }
}

/// Division that rounds towards negative infinity.
package func floorDivide(_ number: Int, _ divisor: Int) -> Int {
    let quotient = number / divisor
    return number % divisor != 0 && (number < 0) != (divisor < 0) ? quotient - 1 : quotient
}

/// A quotient rounded down and what is left of the number, which is never negative.
///
/// Unlike `number - quotient * divisor`, it overflows for no number.
package func floorDivision(
    _ number: Int,
    by divisor: Int
) -> (quotient: Int, rest: Int) {
    let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
}
