public import FoundationEssentials
public import NuagesCore

/// A value on its way to or from a database.
public enum SQLValue: Sendable, Hashable {
    /// SQL `NULL`.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A floating-point number.
    case double(Double)
    /// An exact decimal number.
    case decimal(Decimal)
    /// Text.
    case text(String)
    /// Bytes.
    case blob([UInt8])
    /// A day.
    case date(CalendarDate)
    /// A time on the clock.
    case time(TimeOfDay)
    /// A moment.
    case dateTime(Date)
    /// A length of time.
    case duration(Duration)
    /// A UUID.
    case uuid(UUID)
    /// A JSON document.
    case json(JSONValue)
    /// An array, where the database has them.
    case array([SQLValue])
    /// A range of values, where the database has them.
    indirect case range(SQLRange)

    /// The bounds that a range has where only its ends are given, as a field's options hold them.
    ///
    /// - Parameter bounds: which ends belong to it.
    /// - Returns: `[)` or another of Django's four.
    public static func bounds(_ bounds: RangeBounds) -> SQLValue { .text(bounds.rawValue) }
}
