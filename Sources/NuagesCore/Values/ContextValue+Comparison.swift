#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ContextValue {
    /// Whether `{% if %}` takes the value as true: Python's `bool()`.
    ///
    /// Empty texts, lists and dictionaries, zeros and ``none`` are false. A lazy or deferred value is
    /// not computed for this: it is true.
    public var isTrue: Bool {
        switch self {
        case .none: false
        case .bool(let flag): flag
        case .int(let number): number != 0
        case .double(let number): number != 0
        case .decimal(let number): number != 0
        case .exact(let number): !number.isZero
        case .string(let text): !text.utf8.isEmpty
        case .safe(let text): !text.html.utf8.isEmpty
        case .array(let elements): !elements.isEmpty
        case .dictionary(let dictionary): !dictionary.isEmpty
        case .duration(let duration): duration != .zero
        case .object(let object): object.contextIsTrue
        case .date, .time, .dateTime, .localDateTime, .uuid, .lazy, .deferred: true
        }
    }

    /// The value as an exact number; nil for texts and all else.
    public var exactNumber: ExactDecimal? {
        switch self {
        case .bool(let flag): ExactDecimal(flag ? 1 : 0)
        case .int(let number): ExactDecimal(number)
        case .double(let number): ExactDecimal(PythonText.repr(number))
        case .decimal(let number): ExactDecimal(number)
        case .exact(let number): number
        default: nil
        }
    }

    /// The text of a string, safe or not; nil for every other value.
    ///
    ///     ContextValue.string("a").text   // Optional("a")
    ///     ContextValue.int(1).text        // nil; see plainText
    public var text: String? {
        switch self {
        case .string(let text): text
        case .safe(let text): text.html
        default: nil
        }
    }

    private static let comparisonDepthLimit = 32

    /// Whether two values are equal: Python's `==`.
    ///
    /// - Parameter other: the value to compare with.
    /// - Returns: true where `{% if a == b %}` is.
    public func isEqual(to other: ContextValue) -> Bool { isEqual(to: other, depth: 0) }

    private func isEqual(to other: ContextValue, depth: Int) -> Bool {
        guard depth < Self.comparisonDepthLimit else { return false }
        switch (self, other) {
        case (.none, .none): return true
        case (.int(let left), .int(let right)): return left == right
        case (.array(let left), .array(let right)):
            return left.count == right.count
                && zip(left, right).allSatisfy { $0.isEqual(to: $1, depth: depth + 1) }
        case (.dictionary(let left), .dictionary(let right)):
            return left.count == right.count
                && left.entries.allSatisfy { entry in
                    right[entry.key].map { entry.value.isEqual(to: $0, depth: depth + 1) } ?? false
                }
        case (.object(let left), .object(let right)):
            if let identity = left.contextIdentity, let otherIdentity = right.contextIdentity {
                return identity.equalsBytes(otherIdentity)
            }
            return false
        case (.uuid(let left), .uuid(let right)): return left == right
        default: break
        }
        if let left = text, let right = other.text { return left.equalsBytes(right) }
        return compared(to: other) == 0
    }

    /// -1, 0 or 1 for two values that have an order; nil for others.
    package func compared(to other: ContextValue, depth: Int = 0) -> Int? {
        if let left = text, let right = other.text { return Self.order(left, right) }
        if let left = exactNumber, let right = other.exactNumber {
            return left.compared(to: right)
        }
        if let left = microsecondsOfMoment, let right = other.microsecondsOfMoment,
            left.isAware == right.isAware
        {
            return left.value < right.value ? -1 : (left.value == right.value ? 0 : 1)
        }
        switch (self, other) {
        case (.date(let left), .date(let right)): return Self.order(left, right)
        case (.time(let left), .time(let right)): return Self.order(left, right)
        case (.duration(let left), .duration(let right)): return Self.order(left, right)
        case (.array(let left), .array(let right)):
            guard depth < Self.comparisonDepthLimit else { return nil }
            for (element, counterpart) in zip(left, right)
            where !element.isEqual(to: counterpart) {
                return element.compared(to: counterpart, depth: depth + 1)
            }
            return Self.order(left.count, right.count)
        default: return nil
        }
    }

    private var microsecondsOfMoment: (value: Int, isAware: Bool)? {
        switch self {
        case .dateTime(let moment):
            let microseconds = (moment.timeIntervalSince1970 * 1_000_000).rounded()
            return abs(microseconds) < 9e18 ? (Int(microseconds), true) : nil
        case .localDateTime(let value):
            return (value.microsecondsSince1970, value.zone != nil)
        default: return nil
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Int {
        left < right ? -1 : (left == right ? 0 : 1)
    }

    private static func order(_ left: String, _ right: String) -> Int {
        if left.equalsBytes(right) { return 0 }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }

    /// Python's `value in self`; nil where the container is none.
    package func contains(_ value: ContextValue) -> Bool? {
        switch self {
        case .array(let elements): elements.contains { $0.isEqual(to: value) }
        case .dictionary(let dictionary):
            value.text.map { dictionary[$0] != nil }
                ?? value.exactNumber.map { dictionary[$0.description] != nil } ?? false
        case .string, .safe: value.text.flatMap { text?.containsBytes($0) }
        case .object(let object): object.contextElements?.contains { $0.isEqual(to: value) }
        default: nil
        }
    }

    /// A whole number as Python's `int()` makes it; nil for what it refuses.
    ///
    ///     ContextValue.string(" 42 ").wholeNumber     // Optional(42)
    ///     ContextValue.double(2.9).wholeNumber        // Optional(2)
    ///     ContextValue.string("2.9").wholeNumber      // nil
    public var wholeNumber: Int? {
        switch self {
        case .int(let number): number
        case .bool(let flag): flag ? 1 : 0
        case .double(let number): Int(exactly: number.rounded(.towardZero))
        case .decimal(let number): ExactDecimal(number).intValue
        case .exact(let number): number.intValue
        case .string(let text): PythonText.int(text)
        case .safe(let text): PythonText.int(text.html)
        default: nil
        }
    }

    /// A floating-point number as Python's `float()` makes it; nil for what it refuses.
    ///
    ///     ContextValue.string("2.5").floatingNumber   // Optional(2.5)
    public var floatingNumber: Double? {
        switch self {
        case .int(let number): Double(number)
        case .bool(let flag): flag ? 1 : 0
        case .double(let number): number
        case .decimal, .exact: exactNumber?.doubleValue
        case .string(let text): PythonText.double(text)
        case .safe(let text): PythonText.double(text.html)
        default: nil
        }
    }
}
