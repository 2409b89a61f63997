/// The beginning of the period that a day or a moment is in.
///
/// Django: `Trunc`.
public struct Truncation: Sendable, Hashable {
    /// How long the period is.
    public var period: MomentPeriod
    /// The zone on whose clocks a moment's period begins, by its name; nil for a day.
    public var zone: String?

    /// Django's name of the column.
    var columnName: String { zone == nil ? "datefield" : "datetimefield" }
}

/// A period of days.
public enum DatePeriod: String, Sendable, Hashable, CaseIterable {
    /// From January on.
    case year
    /// From the first on.
    case month
    /// From Monday on.
    case week
    /// A single day.
    case day

    /// The same period of moments.
    public var momentPeriod: MomentPeriod {
        switch self {
        case .year: .year
        case .month: .month
        case .week: .week
        case .day: .day
        }
    }
}

/// A period of moments.
public enum MomentPeriod: String, Sendable, Hashable, CaseIterable {
    /// From January on.
    case year
    /// From the first on.
    case month
    /// From Monday on.
    case week
    /// A single day.
    case day
    /// A single hour.
    case hour
    /// A single minute.
    case minute
    /// A single second.
    case second
}
