public import NuagesCore

/// An email address of at most 320 code points.
public struct EmailField: FormField {
    /// The type of the cleaned value.
    public typealias Value = EmailAddress

    /// What every field has.
    public var options = FieldOptions()
    /// The most code points.
    public var maxLength: Int?
    /// The fewest code points.
    public var minLength: Int?
    /// What an empty field is cleaned to.
    public var emptyValue: FormValue

    /// An email address.
    ///
    /// - Parameters:
    ///   - maxLength: the most code points.
    ///   - minLength: the fewest code points.
    ///   - emptyValue: what an empty field is cleaned to.
    public init(maxLength: Int? = 320, minLength: Int? = nil, emptyValue: FormValue = "") {
        self.maxLength = maxLength
        self.minLength = minLength
        self.emptyValue = emptyValue
    }

    /// An input for email addresses.
    public var defaultWidget: any Widget { TextInput(.email) }

    /// The text without white space at both ends.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        TextConversion.convert(raw, strips: true, emptyValue: emptyValue)
    }

    /// The form of an address, the limits and the rule against NUL.
    public var ownValidators: [FieldValidator] {
        [FieldValidator(EmailValidator())]
            + TextConversion.validators(minLength: minLength, maxLength: maxLength)
    }

    /// `maxlength` and `minlength`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        TextConversion.attributes(minLength: minLength, maxLength: maxLength, for: widget)
    }
}

/// An absolute URL; a missing scheme is added.
public struct URLField: FormField {
    /// The type of the cleaned value.
    public typealias Value = String

    /// What every field has.
    public var options = FieldOptions()
    /// The scheme of a URL that names none.
    public var assumedScheme: String
    /// The most code points; nil leaves the 2,048 of every URL.
    public var maxLength: Int?
    /// The fewest code points.
    public var minLength: Int?
    /// What an empty field is cleaned to.
    public var emptyValue: FormValue

    /// An absolute URL.
    ///
    /// - Parameters:
    ///   - assumeScheme: the scheme of a URL that names none.
    ///   - maxLength: the most code points; nil leaves the 2,048 of every URL.
    ///   - minLength: the fewest code points.
    ///   - emptyValue: what an empty field is cleaned to.
    public init(
        assumeScheme: String = "https",
        maxLength: Int? = nil,
        minLength: Int? = nil,
        emptyValue: FormValue = ""
    ) {
        assumedScheme = assumeScheme
        self.maxLength = maxLength
        self.minLength = minLength
        self.emptyValue = emptyValue
    }

    /// An input for URLs.
    public var defaultWidget: any Widget { TextInput(.url) }

    /// The message of text that is no URL.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid URL."
        default: nil
        }
    }

    /// The text with a scheme.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        let converted = TextConversion.convert(raw, strips: true, emptyValue: emptyValue)
        guard case .string(let text) = converted, !text.isEmpty, !Self.hasScheme(text) else {
            return converted
        }
        let isRelative = text.utf8.starts(with: "//".utf8)
        return .string(assumedScheme + (isRelative ? ":" : "://") + text)
    }

    private static func hasScheme(_ text: String) -> Bool {
        text.withUTF8Bytes { bytes in
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
            let scheme = bytes[..<colon]
            guard let first = scheme.first, !scheme.contains(UInt8(ascii: "/")) else {
                return false
            }
            return (0x61...0x7A).contains(first | 0x20)
        }
    }

    /// The form of a URL, the limits and the rule against NUL.
    public var ownValidators: [FieldValidator] {
        [FieldValidator(URLValidator())]
            + TextConversion.validators(minLength: minLength, maxLength: maxLength)
    }

    /// `maxlength` and `minlength`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        TextConversion.attributes(minLength: minLength, maxLength: maxLength, for: widget)
    }
}

/// Letters, digits, hyphens and underscores.
public struct SlugField: FormField {
    /// The type of the cleaned value.
    public typealias Value = String

    /// What every field has.
    public var options = FieldOptions()
    /// Whether letters and digits of any script are accepted.
    public var allowsUnicode: Bool
    /// The most code points.
    public var maxLength: Int?
    /// The fewest code points.
    public var minLength: Int?
    /// What an empty field is cleaned to.
    public var emptyValue: FormValue

    /// A slug.
    ///
    /// - Parameters:
    ///   - allowUnicode: whether letters and digits of any script are accepted.
    ///   - maxLength: the most code points.
    ///   - minLength: the fewest code points.
    ///   - emptyValue: what an empty field is cleaned to.
    public init(
        allowUnicode: Bool = false,
        maxLength: Int? = nil,
        minLength: Int? = nil,
        emptyValue: FormValue = ""
    ) {
        allowsUnicode = allowUnicode
        self.maxLength = maxLength
        self.minLength = minLength
        self.emptyValue = emptyValue
    }

    /// The text without white space at both ends.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        TextConversion.convert(raw, strips: true, emptyValue: emptyValue)
    }

    /// The form of a slug, the limits and the rule against NUL.
    public var ownValidators: [FieldValidator] {
        [FieldValidator(SlugValidator(allowsUnicode: allowsUnicode))]
            + TextConversion.validators(minLength: minLength, maxLength: maxLength)
    }

    /// `maxlength` and `minlength`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        TextConversion.attributes(minLength: minLength, maxLength: maxLength, for: widget)
    }
}
