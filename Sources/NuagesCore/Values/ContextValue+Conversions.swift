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

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Int: ContextConvertible {
    /// A whole number.
    public var contextValue: ContextValue { .int(self) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Double: ContextConvertible {
    /// A floating-point number.
    public var contextValue: ContextValue { .double(self) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Decimal: ContextConvertible {
    /// An exact decimal number.
    public var contextValue: ContextValue { .decimal(self) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension ExactDecimal: ContextConvertible {
    /// A decimal number with all its digits.
    public var contextValue: ContextValue { .exact(self) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension String: ContextConvertible {
    /// Text, which is escaped when it reaches a page.
    public var contextValue: ContextValue { .string(self) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Substring: ContextConvertible {
    /// Text, which is escaped when it reaches a page.
    public var contextValue: ContextValue { .string(String(self)) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension URL: ContextConvertible {
    /// The address as text.
    ///
    /// At the beginning of `href` it wants the filter `safe_url`, unless it is the site's own.
    public var contextValue: ContextValue { .string(absoluteString) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension SafeString: ContextConvertible {
    /// HTML, which reaches a page as it is.
    public var contextValue: ContextValue { .safe(self) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
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

    /// No members.
    public static var contextShape: ContextShape { .plain }
}

extension Optional: ContextConvertible where Wrapped: ContextConvertible {
    /// The wrapped value, or ``ContextValue/none``.
    public var contextValue: ContextValue { self?.contextValue ?? .none }

    /// The members of the wrapped value.
    public static var contextShape: ContextShape { Wrapped.contextShape }
}

extension Array: ContextConvertible where Element: ContextConvertible {
    /// The elements in order.
    public var contextValue: ContextValue { .array(Element.contextValues(self)) }

    /// A list of such elements.
    public static var contextShape: ContextShape { .list(Element.contextShape) }
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

extension Set: ContextConvertible where Element: ContextConvertible & Comparable {
    /// The elements in their order.
    public var contextValue: ContextValue { sorted().contextValue }

    /// A list of such elements.
    public static var contextShape: ContextShape { .list(Element.contextShape) }
}

extension Range: ContextConvertible where Bound == Int {
    /// The numbers in order; none beyond the first million, so that no page is endless.
    public var contextValue: ContextValue {
        .array(prefix(ContextValue.rangeLimit).map { .int($0) })
    }

    /// A list of numbers.
    public static var contextShape: ContextShape { .list(.plain) }
}

extension ClosedRange: ContextConvertible where Bound == Int {
    /// The numbers in order; none beyond the first million, so that no page is endless.
    public var contextValue: ContextValue {
        .array(prefix(ContextValue.rangeLimit).map { .int($0) })
    }

    /// A list of numbers.
    public static var contextShape: ContextShape { .list(.plain) }
}

extension ContextConvertible where Self: RawRepresentable, RawValue: ContextConvertible {
    /// What stands for the case.
    ///
    ///     enum Size: String, ContextConvertible { case small, large }
    ///     // {{ size }} writes small
    public var contextValue: ContextValue { rawValue.contextValue }
}

extension ContextValue {
    fileprivate static let rangeLimit = 1_000_000
}

/// A secret in a template: it reads as asterisks, and is equal to nothing.
package struct SensitiveObject: ContextObject {
    /// No members.
    package func contextMember(_ name: String) -> ContextValue? { nil }
    /// `********************`.
    package var contextDescription: ContextValue { .string(SensitiveNames.substitute) }
}

extension Sensitive: ContextConvertible {
    /// `********************`: a template can tell that there is a value, and not which.
    public var contextValue: ContextValue { .object(SensitiveObject()) }

    /// No members.
    public static var contextShape: ContextShape { .plain }
}
