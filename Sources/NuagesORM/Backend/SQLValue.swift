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
}
