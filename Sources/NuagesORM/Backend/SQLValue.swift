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

extension SQLValue {
    /// Whether both are the same value of the same kind; of text, the same bytes, as databases
    /// compare it: "é" has two forms, of which a column may hold both.
    public static func == (left: Self, right: Self) -> Bool {
        switch left {
        case .null: if case .null = right { true } else { false }
        case .bool(let value): if case .bool(value) = right { true } else { false }
        case .int(let value): if case .int(value) = right { true } else { false }
        case .double(let value): if case .double(value) = right { true } else { false }
        case .decimal(let value): if case .decimal(value) = right { true } else { false }
        case .text(let value):
            if case .text(let other) = right { value.equalsBytes(other) } else { false }
        case .blob(let value): if case .blob(value) = right { true } else { false }
        case .date(let value): if case .date(value) = right { true } else { false }
        case .time(let value): if case .time(value) = right { true } else { false }
        case .dateTime(let value): if case .dateTime(value) = right { true } else { false }
        case .duration(let value): if case .duration(value) = right { true } else { false }
        case .uuid(let value): if case .uuid(value) = right { true } else { false }
        case .json(let value): if case .json(value) = right { true } else { false }
        case .array(let value): if case .array(value) = right { true } else { false }
        case .range(let value): if case .range(value) = right { true } else { false }
        }
    }
}
