#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Turns a part of a path into a value for a view, and a value back into a part of a URL.
///
///     struct FourDigitYear: PathConverter {
///         static let characters = PathCharacters.digits.count(4...4)
///         static func value(from text: String) -> Int? { Int(text) }
///         static func text(from value: Int) -> String? {
///             (1000...9999).contains(value) ? String(value) : nil
///         }
///     }
///     #path("articles/<FourDigitYear:year>/", yearArchive)
///
/// Django: a path converter; ``value(from:)`` is `to_python`, ``text(from:)`` is `to_url`.
public protocol PathConverter: Sendable {
    /// What views get.
    associatedtype Value: Sendable

    /// The text that is taken.
    static var characters: PathCharacters { get }

    /// The value of a text made of ``characters``.
    ///
    /// - Parameter text: the decoded part of the path.
    /// - Returns: the value, or nil where the route does not match after all.
    static func value(from text: String) -> Value?

    /// The text of a value.
    ///
    /// - Parameter value: the value.
    /// - Returns: the text, not encoded, or nil where no URL has this value.
    static func text(from value: Value) -> String?

    /// The value that was made of a path, taken out of its argument.
    ///
    /// - Parameter argument: an argument of a ``ResolverMatch``.
    /// - Returns: the value, or nil for an argument of another converter.
    static func value(of argument: PathArgument) -> Value?

    /// The argument that holds a value.
    ///
    /// - Parameter value: what ``value(from:)`` made.
    /// - Returns: the argument.
    static func argument(for value: Value) -> PathArgument
}

extension PathConverter {
    /// The value in a ``PathArgument/other(_:)``.
    public static func value(of argument: PathArgument) -> Value? {
        switch argument {
        case .other(let value): value as? Value
        case .int(let value): value as? Value
        case .string(let value): value as? Value
        case .uuid(let value): value as? Value
        }
    }

    /// A ``PathArgument/other(_:)``.
    public static func argument(for value: Value) -> PathArgument {
        if let argument = value as? PathArgument { return argument }
        return .other(value)
    }
}

/// `<int:name>`: one or more digits, as `Int`.
///
/// A number above 64 bits does not match.
public enum IntConverter: PathConverter {
    /// Digits.
    public static let characters = PathCharacters.digits
    /// The number, or nil where it needs more than 64 bits.
    public static func value(from text: String) -> Int? {
        var number = 0
        for byte in text.utf8 {
            guard byte &- 0x30 < 10 else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte &- 0x30))
            if overflow || carry { return nil }
            number = sum
        }
        return number
    }
    /// The digits; nil for a negative number, which no URL has.
    public static func text(from value: Int) -> String? { value < 0 ? nil : String(value) }
    /// The number of a ``PathArgument/int(_:)``.
    public static func value(of argument: PathArgument) -> Int? {
        if case .int(let value) = argument { return value }
        return nil
    }
    /// A ``PathArgument/int(_:)``.
    public static func argument(for value: Int) -> PathArgument { .int(value) }
}

/// A converter whose values are texts as they stand in the path.
public protocol TextPathConverter: PathConverter where Value == String {}

extension TextPathConverter {
    /// The text itself.
    public static func value(from text: String) -> String? { text }
    /// The text itself.
    public static func text(from value: String) -> String? { value }
    /// The text of a ``PathArgument/string(_:)``.
    public static func value(of argument: PathArgument) -> String? {
        if case .string(let value) = argument { return value }
        return nil
    }
    /// A ``PathArgument/string(_:)``.
    public static func argument(for value: String) -> PathArgument { .string(value) }
}

/// `<str:name>` or `<name>`: everything up to the next slash.
public enum StringConverter: TextPathConverter {
    /// Everything but `/`.
    public static let characters = PathCharacters.segment
}

/// `<slug:name>`: ASCII letters, digits, `-` and `_`.
public enum SlugConverter: TextPathConverter {
    /// ASCII letters, digits, `-` and `_`.
    public static let characters = PathCharacters.slug
}

/// `<path:name>`: the rest of the path with its slashes.
public enum RestConverter: TextPathConverter {
    /// Everything.
    public static let characters = PathCharacters.anything
}

/// `<uuid:name>`: a UUID in lower case with hyphens.
public enum UUIDConverter: PathConverter {
    /// Hexadecimal digits in the form 8-4-4-4-12.
    public static let characters = PathCharacters.uuid
    /// The UUID.
    public static func value(from text: String) -> UUID? { UUID(uuidString: text) }
    /// The UUID in lower case.
    public static func text(from value: UUID) -> String? { value.uuidString.lowercased() }
    /// The UUID of a ``PathArgument/uuid(_:)``.
    public static func value(of argument: PathArgument) -> UUID? {
        if case .uuid(let value) = argument { return value }
        return nil
    }
    /// A ``PathArgument/uuid(_:)``.
    public static func argument(for value: UUID) -> PathArgument { .uuid(value) }
}
