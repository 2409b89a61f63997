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

extension SQLValue {
    /// Whether both are the same value of the same kind; of text, the same bytes, as databases
    /// compare it: "é" has two forms, of which a column may hold both.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.decimal(let left), .decimal(let right)): left == right
        case (.text(let left), .text(let right)): left.equalsBytes(right)
        case (.blob(let left), .blob(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.time(let left), .time(let right)): left == right
        case (.dateTime(let left), .dateTime(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.uuid(let left), .uuid(let right)): left == right
        case (.json(let left), .json(let right)): left == right
        default: false
        }
    }
}
