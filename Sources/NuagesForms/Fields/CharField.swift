public import NuagesCore

/// Text, without white space at both ends and without NUL.
///
///     CharField(maxLength: 100)      // <input type="text" maxlength="100" …>
public struct CharField: FormField {
    /// The type of the cleaned value.
    public typealias Value = String

    /// What every field has.
    public var options = FieldOptions()
    /// The most code points; nil sets no limit.
    public var maxLength: Int?
    /// The fewest code points; nil sets no limit.
    public var minLength: Int?
    /// Whether white space at both ends is dropped.
    public var strips: Bool
    /// What an empty field is cleaned to.
    public var emptyValue: FormValue

    /// Text.
    ///
    /// - Parameters:
    ///   - maxLength: the most code points; nil sets no limit.
    ///   - minLength: the fewest code points; nil sets no limit.
    ///   - strip: whether white space at both ends is dropped.
    ///   - emptyValue: what an empty field is cleaned to.
    public init(
        maxLength: Int? = nil,
        minLength: Int? = nil,
        strip: Bool = true,
        emptyValue: FormValue = ""
    ) {
        self.maxLength = maxLength
        self.minLength = minLength
        strips = strip
        self.emptyValue = emptyValue
    }

    /// The text without white space at both ends.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        TextConversion.convert(raw, strips: strips, emptyValue: emptyValue)
    }

    /// The limits and the rule against NUL.
    public var ownValidators: [FieldValidator] {
        TextConversion.validators(minLength: minLength, maxLength: maxLength)
    }

    /// `maxlength` and `minlength`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        TextConversion.attributes(minLength: minLength, maxLength: maxLength, for: widget)
    }
}

/// What all fields of text share.
enum TextConversion {
    static func convert(_ raw: FormValue, strips: Bool, emptyValue: FormValue) -> FormValue {
        if raw.isEmpty { return emptyValue }
        let text = strips ? PythonText.stripped(raw.text) : raw.text
        return text.isEmpty ? emptyValue : .string(text)
    }

    static func validators(minLength: Int?, maxLength: Int?) -> [FieldValidator] {
        var validators: [FieldValidator] = []
        if let minLength { validators.append(FieldValidator(MinLengthValidator(minLength))) }
        if let maxLength { validators.append(FieldValidator(MaxLengthValidator(maxLength))) }
        validators.append(FieldValidator(NullCharacterValidator()))
        return validators
    }

    static func attributes(
        minLength: Int?,
        maxLength: Int?,
        for widget: any Widget
    ) -> HTMLAttributes {
        var attributes: HTMLAttributes = [:]
        if widget.isHidden { return attributes }
        if let maxLength { attributes["maxlength"] = .text(String(maxLength)) }
        if let minLength { attributes["minlength"] = .text(String(minLength)) }
        return attributes
    }
}
