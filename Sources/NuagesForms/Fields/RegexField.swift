public import NuagesCore
public import NuagesRegex

/// Text in which a regular expression is found.
///
///     RegexField("^[A-Z]{2}[0-9]+$")
///
/// White space at both ends is kept, as in Django: the pattern judges it. Matching takes linear
/// time, see `LinearRegex`.
public struct RegexField: FormField {
    /// The type of the cleaned value.
    public typealias Value = String

    /// What every field has.
    public var options = FieldOptions()
    /// The rule of the pattern.
    public var regex: RegexValidator
    /// The most code points; nil sets no limit.
    public var maxLength: Int?
    /// The fewest code points; nil sets no limit.
    public var minLength: Int?
    /// Whether white space at both ends is dropped.
    public var strips: Bool
    /// What an empty field is cleaned to.
    public var emptyValue: FormValue

    /// Text with a pattern.
    ///
    /// - Parameters:
    ///   - pattern: the pattern in Python's syntax; `@RegexField` checks it at compile time.
    ///   - options: Python's flags.
    ///   - maxLength: the most code points; nil sets no limit.
    ///   - minLength: the fewest code points; nil sets no limit.
    ///   - strip: whether white space at both ends is dropped.
    ///   - emptyValue: what an empty field is cleaned to.
    public init(
        _ pattern: String,
        options: LinearRegex.Options = [],
        maxLength: Int? = nil,
        minLength: Int? = nil,
        strip: Bool = false,
        emptyValue: FormValue = ""
    ) {
        regex = RegexValidator(pattern, options: options)
        self.maxLength = maxLength
        self.minLength = minLength
        strips = strip
        self.emptyValue = emptyValue
    }

    /// The text.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        TextConversion.convert(raw, strips: strips, emptyValue: emptyValue)
    }

    /// The limits, the rule against NUL and the pattern.
    public var ownValidators: [FieldValidator] {
        TextConversion.validators(minLength: minLength, maxLength: maxLength)
            + [FieldValidator(regex)]
    }

    /// `maxlength` and `minlength`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        TextConversion.attributes(minLength: minLength, maxLength: maxLength, for: widget)
    }
}
