/// Accepts ASCII letters, digits, hyphens and underscores; with `allowsUnicode` those of any script.
///
/// Django: `validate_slug`, `validate_unicode_slug`.
public struct SlugValidator: Validator {
    /// Whether letters and digits of any script are accepted.
    public var allowsUnicode: Bool

    /// The rule for slugs.
    ///
    /// - Parameter allowsUnicode: whether letters and digits of any script are accepted.
    public init(allowsUnicode: Bool = false) { self.allowsUnicode = allowsUnicode }

    /// Accepts a slug.
    public func validate(_ value: String) throws(ValidationError) {
        let isSlug =
            allowsUnicode
            ? value.unicodeScalars.allSatisfy { $0 == "-" || UnicodeText.isWord($0) }
            : value.withUTF8Bytes { $0.allSatisfy(Self.isSlugByte) }
        if isSlug && !value.isEmpty { return }
        let message: ErrorMessage =
            allowsUnicode
            ? "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens."
            : "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
        throw ValidationError(
            message,
            code: "invalid",
            parameters: [ErrorParameter("value", value)]
        )
    }

    private static func isSlugByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// Accepts digits with an optional minus sign.
///
/// Django: `validate_integer`.
public struct IntegerTextValidator: Validator {
    /// The rule for integers written as text.
    public init() {}

    /// Accepts `42` and `-42`.
    public func validate(_ value: String) throws(ValidationError) {
        var digits = value.unicodeScalars[...]
        if digits.first == "-" { digits = digits.dropFirst() }
        if digits.isEmpty || !digits.allSatisfy({ UnicodeText.digit($0) != nil }) {
            throw ValidationError(
                "Enter a valid integer.",
                code: "invalid",
                parameters: [ErrorParameter("value", value)]
            )
        }
    }
}

/// Accepts integers with a separator between them.
///
/// Django: `int_list_validator`, `validate_comma_separated_integer_list`.
public struct IntegerListValidator: Validator {
    /// What stands between two integers.
    public var separator: String
    /// Whether an integer may have a minus sign.
    public var allowsNegative: Bool
    /// The text of the error.
    public var message: ErrorMessage
    /// The code of the error.
    public var code = "invalid"

    /// The rule for lists of integers.
    ///
    /// - Parameters:
    ///   - separator: what stands between two integers.
    ///   - allowsNegative: whether an integer may have a minus sign.
    ///   - message: the text of the error.
    public init(
        separator: String = ",",
        allowsNegative: Bool = false,
        message: ErrorMessage = "Enter a valid value."
    ) {
        self.separator = separator
        self.allowsNegative = allowsNegative
        self.message = message
    }

    /// The rule of Django's `validate_comma_separated_integer_list`.
    public static let commaSeparated = IntegerListValidator(
        message: "Enter only digits separated by commas."
    )

    /// Accepts `1,2,3`.
    public func validate(_ value: String) throws(ValidationError) {
        let scalars = Array(value.unicodeScalars)
        let between = Array(separator.unicodeScalars)
        var index = 0
        while true {
            if allowsNegative, index < scalars.count, scalars[index] == "-" { index += 1 }
            let start = index
            while index < scalars.count, UnicodeText.digit(scalars[index]) != nil { index += 1 }
            if index == start { break }
            if index == scalars.count { return }
            guard scalars[index...].starts(with: between) else { break }
            index += between.count
        }
        throw ValidationError(message, code: code, parameters: [ErrorParameter("value", value)])
    }
}
