public import NuagesCore

/// What every field has; the modifiers of ``FormField`` set it.
public struct FieldOptions: Sendable {
    /// Whether the field must be filled in.
    public var isRequired = true
    /// The label; nil makes one of the field's name.
    public var label: String?
    /// What follows the label; nil takes the form's.
    public var labelSuffix: String?
    /// The value that an empty form shows.
    public var initial: @Sendable () -> FormValue = { .none }
    /// Help beside the control.
    public var helpText: HelpText = ""
    /// Messages in place of the field's own, by their code.
    public var errorMessages: [String: ErrorMessage] = [:]
    /// Further rules for the cleaned value.
    public var validators: [FieldValidator] = []
    /// Whether the control is shown but cannot be changed; what is submitted for it is ignored.
    public var isDisabled = false
    /// Whether numbers are read and shown in the language of the page.
    public var isLocalized = false
    /// Whether a hidden control repeats the initial value.
    public var showsHiddenInitial = false
    /// The widget; nil for the field's default.
    public var widget: AnyWidget?
    /// What a browser may fill in; nil says nothing.
    public var autocomplete: Autocomplete?
    /// The template of `{{ form.field.as_field_group }}`; nil for the form's.
    public var templateName: String?

    /// All rules of a field in a form, which a form puts together once; nil elsewhere.
    var rules: [FieldValidator]?

    /// The defaults.
    public init() {}
}

/// A rule for the cleaned value of a field.
public struct FieldValidator: Sendable {
    private let run: @Sendable (FormValue) throws(ValidationError) -> Void
    /// The rule as a browser knows it; empty where it knows none.
    private(set) var attributes: HTMLAttributes = [:]

    /// Accepts the value or says what is wrong with it.
    ///
    /// - Parameter value: a cleaned value.
    /// - Throws: `ValidationError`.
    public func validate(_ value: FormValue) throws(ValidationError) { try run(value) }

    /// A rule for cleaned values of any kind.
    ///
    /// - Parameter run: throws where the value breaks the rule.
    public init(_ run: @escaping @Sendable (FormValue) throws(ValidationError) -> Void) {
        self.run = run
    }

    /// A validator for cleaned values of its type; values of other types pass.
    ///
    /// - Parameter validator: the validator.
    public init<V: Validator>(_ validator: V) where V.Value: FormConvertible {
        run = { (value: FormValue) throws(ValidationError) in
            guard let typed = V.Value(formValue: value) else { return }
            try validator.validate(typed)
        }
        attributes = Self.mirrored(validator)
    }

    private static func mirrored(_ validator: any Validator) -> HTMLAttributes {
        switch validator {
        case let rule as FileExtensionValidator:
            guard let extensions = rule.allowedExtensions else { return [:] }
            return ["accept": .text(extensions.map { ".\($0)" }.joined(separator: ","))]
        case let rule as SlugValidator:
            return rule.allowsUnicode ? [:] : ["pattern": "[\\-a-zA-Z0-9_]+"]
        case let rule as RegexValidator:
            return BrowserPattern(rule).map { ["pattern": .text($0.text)] } ?? [:]
        default: return [:]
        }
    }

    /// An upper limit for the length of text and of lists.
    ///
    /// - Parameter validator: the limit.
    public init(_ validator: MaxLengthValidator) {
        run = { (value: FormValue) throws(ValidationError) in
            switch value {
            case .string(let text): try validator.validate(text)
            case .list(let values): try validator.validate(count: values.count, of: value.text)
            default: return
            }
        }
        attributes = ["maxlength": .text(String(validator.limit))]
    }

    /// A lower limit for the length of text and of lists.
    ///
    /// - Parameter validator: the limit.
    public init(_ validator: MinLengthValidator) {
        run = { (value: FormValue) throws(ValidationError) in
            switch value {
            case .string(let text): try validator.validate(text)
            case .list(let values): try validator.validate(count: values.count, of: value.text)
            default: return
            }
        }
        attributes = ["minlength": .text(String(validator.limit))]
    }

    /// A validator for numbers of any type.
    ///
    /// - Parameter validator: the validator.
    public init(number validator: some Validator<NumericValue>) {
        run = { (value: FormValue) throws(ValidationError) in
            guard let number = value.number else { return }
            try validator.validate(number)
        }
        switch validator as any Validator {
        case let rule as MaxValueValidator<NumericValue>:
            attributes = ["max": .text(rule.limit.description)]
        case let rule as MinValueValidator<NumericValue>:
            attributes = ["min": .text(rule.limit.description)]
        default: break
        }
    }
}
