#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A value that a template can print, test, loop over and look into.
///
/// Types become one by conforming to ``ContextConvertible``; `@Model` writes that conformance.
public enum ContextValue: Sendable {
    // What is larger than two words is indirect, so that a page passes most values in registers.

    /// No value: Python's `None`.
    case none
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A floating-point number.
    case double(Double)
    /// An exact decimal number.
    indirect case decimal(Decimal)
    /// A decimal number that keeps every digit it was written with, trailing zeros included.
    indirect case exact(ExactDecimal)
    /// Text, which is escaped when it reaches a page.
    case string(String)
    /// HTML, which reaches a page as it is.
    case safe(SafeString)
    /// A day.
    indirect case date(CalendarDate)
    /// A time on the clock.
    indirect case time(TimeOfDay)
    /// A moment, shown in the current time zone.
    case dateTime(Date)
    /// A date and time of a calendar on the wall, in a zone of its own or in none.
    indirect case localDateTime(LocalDateTime)
    /// A length of time.
    case duration(Duration)
    /// A UUID.
    case uuid(UUID)
    /// Several values in order.
    case array([ContextValue])
    /// Values by name, in order.
    case dictionary(ContextDictionary)
    /// A value with members of its own.
    indirect case object(any ContextObject)
    /// A value that is computed, without waiting, each time a template needs it.
    case lazy(@Sendable () throws -> ContextValue)
    /// A value that is computed when a template first needs it; it may query the database.
    case deferred(@Sendable () async throws -> ContextValue)
}

/// A type whose values can be handed to a template.
public protocol ContextConvertible {
    /// What a template sees of this value.
    var contextValue: ContextValue { get }

    /// What a template sees of several of these values in order.
    ///
    /// Every type has it; it is a requirement so that it is compiled once for each type, not
    /// looked up value by value.
    static func contextValues(_ values: [Self]) -> [ContextValue]

    /// What a template can reach of any such value, for `check`.
    ///
    /// ``ContextShape/anything`` unless the type says more; `@TemplateContext` writes it.
    static var contextShape: ContextShape { get }
}

extension ContextConvertible {
    /// Not known: no name is wrong.
    public static var contextShape: ContextShape { .anything }

    /// What a template sees of several of these values in order.
    ///
    /// - Parameter values: the values.
    /// - Returns: the ``contextValue`` of each.
    @inlinable
    public static func contextValues(_ values: [Self]) -> [ContextValue] {
        var seen: [ContextValue] = []
        seen.reserveCapacity(values.count)
        for value in values { seen.append(value.contextValue) }
        return seen
    }
}

/// An error that a template answers with its text for undefined variables instead of failing.
///
/// Throw one from ``ContextValue/lazy(_:)`` or ``ContextValue/deferred(_:)`` where the absence of
/// a value is ordinary.
///
/// Django: `silent_variable_failure`.
public protocol SilentVariableFailure: Error {}
