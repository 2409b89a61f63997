#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension ContextValue: ContextConvertible {
    /// The value itself.
    public var contextValue: ContextValue { self }
}

extension Bool: ContextConvertible {
    /// A truth value.
    public var contextValue: ContextValue { .bool(self) }
}

extension Int: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(self) }
}

extension Double: ContextConvertible {
    /// A floating-point number.
    public var contextValue: ContextValue { .double(self) }
}

extension Decimal: ContextConvertible {
    /// An exact decimal number.
    public var contextValue: ContextValue { .decimal(self) }
}

extension ExactDecimal: ContextConvertible {
    /// A decimal number with all its digits.
    public var contextValue: ContextValue { .exact(self) }
}

extension String: ContextConvertible {
    /// Text, which is escaped when it reaches a page.
    public var contextValue: ContextValue { .string(self) }
}

extension SafeString: ContextConvertible {
    /// HTML, which reaches a page as it is.
    public var contextValue: ContextValue { .safe(self) }
}

extension CalendarDate: ContextConvertible {
    /// A day.
    public var contextValue: ContextValue { .date(self) }
}

extension TimeOfDay: ContextConvertible {
    /// A time on the clock.
    public var contextValue: ContextValue { .time(self) }
}

extension Date: ContextConvertible {
    /// A moment.
    public var contextValue: ContextValue { .dateTime(self) }
}

extension LocalDateTime: ContextConvertible {
    /// A date and time with its own zone, or with none.
    public var contextValue: ContextValue { .localDateTime(self) }
}

extension Duration: ContextConvertible {
    /// A length of time.
    public var contextValue: ContextValue { .duration(self) }
}

extension UUID: ContextConvertible {
    /// A UUID.
    public var contextValue: ContextValue { .uuid(self) }
}

extension Optional: ContextConvertible where Wrapped: ContextConvertible {
    /// The wrapped value, or ``ContextValue/none``.
    public var contextValue: ContextValue { self?.contextValue ?? .none }
}

extension Array: ContextConvertible where Element: ContextConvertible {
    /// The elements in order.
    public var contextValue: ContextValue { .array(Element.contextValues(self)) }
}

extension ContextDictionary: ContextConvertible {
    /// The dictionary itself.
    public var contextValue: ContextValue { .dictionary(self) }
}

extension Dictionary: ContextConvertible where Key == String, Value: ContextConvertible {
    /// The values in the order of their names.
    public var contextValue: ContextValue {
        let pairs = map { ($0.key, $0.value.contextValue) }
        return .dictionary(
            ContextDictionary(pairs.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
        )
    }
}
