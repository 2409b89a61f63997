/// A time on the clock, to the microsecond, without date and zone.
///
/// Django: the value of a `TimeField` (Python's `datetime.time`).
public struct TimeOfDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute, 0 to 59.
    public let minute: Int
    /// The second, 0 to 59.
    public let second: Int
    /// The microsecond, 0 to 999,999.
    public let microsecond: Int

    /// A time, or nil if a part is out of its range.
    ///
    /// - Parameters:
    ///   - hour: 0 to 23.
    ///   - minute: 0 to 59.
    ///   - second: 0 to 59.
    ///   - microsecond: 0 to 999,999.
    public init?(hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0...999_999).contains(microsecond)
        else { return nil }
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// Microseconds since midnight.
    public var microsecondsSinceMidnight: Int {
        ((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond
    }

    /// Whether `left` is earlier in the day.
    public static func < (left: Self, right: Self) -> Bool {
        left.microsecondsSinceMidnight < right.microsecondsSinceMidnight
    }

    /// ISO 8601: `13:05:00`, with six decimals where there are microseconds.
    public var description: String {
        let clock = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        return microsecond == 0 ? clock : "\(clock).\(padded(microsecond, 6))"
    }
}
