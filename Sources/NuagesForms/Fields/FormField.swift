public import NuagesCore

/// A field of a form: it turns what was submitted into a value or says what is wrong with it.
///
/// A field is a value. `any FormField` is the form of it that dynamic forms hold.
///
///     try CharField(maxLength: 100).clean("  Hello ")     // .string("Hello")
public protocol FormField: Sendable {
    /// The type of the cleaned value.
    associatedtype Value: FormConvertible

    /// What every field has.
    var options: FieldOptions { get set }

    /// The widget of a field that names none.
    var defaultWidget: any Widget { get }

    /// The widget that shows the field where it cannot be seen.
    var hiddenWidget: any Widget { get }

    /// The field's own messages by their code; nil where it has none.
    ///
    /// - Parameter code: a code such as `required`.
    /// - Returns: the message.
    func defaultMessage(_ code: String) -> ErrorMessage?

    /// What a JSON object may have for the field.
    var jsonShape: JSONShape { get }

    /// Which parts of a control a browser demands, where they differ; nil where the field decides.
    var requiredParts: [Bool]? { get }

    /// Turns a submitted value into one of the field's kind; empty values become none or the like.
    ///
    /// - Parameter raw: what was submitted.
    /// - Returns: the value.
    /// - Throws: `ValidationError` where it has another form.
    func convert(_ raw: FormValue) throws(ValidationError) -> FormValue

    /// The rules of the field itself, such as that it must be filled in.
    ///
    /// - Parameter value: a converted value.
    /// - Throws: `ValidationError`.
    func check(_ value: FormValue) throws(ValidationError)

    /// The rules for values that are not empty, in order; all their errors are collected.
    var ownValidators: [FieldValidator] { get }

    /// Converts a submitted value and applies all rules.
    ///
    /// - Parameters:
    ///   - raw: what was submitted.
    ///   - initial: the value that the field started with.
    /// - Returns: the cleaned value.
    /// - Throws: `ValidationError` with everything that is wrong.
    func clean(_ raw: FormValue, initial: FormValue) throws(ValidationError) -> FormValue

    /// The value that a form shows again after it was submitted.
    ///
    /// - Parameters:
    ///   - data: what was submitted.
    ///   - initial: the value that the field started with.
    /// - Returns: the value.
    func boundValue(_ data: FormValue, initial: FormValue) -> FormValue

    /// The value as the widget shows it.
    ///
    /// - Parameter value: an initial or submitted value.
    /// - Returns: the value.
    func prepare(_ value: FormValue) -> FormValue

    /// The attributes by which a browser knows the field's rules.
    ///
    /// - Parameter widget: the widget that will have them.
    /// - Returns: the attributes.
    func attributes(for widget: any Widget) -> HTMLAttributes

    /// Whether what was submitted differs from the initial value.
    ///
    /// - Parameters:
    ///   - initial: the value that the field started with.
    ///   - data: what was submitted.
    /// - Returns: true where it differs.
    func hasChanged(initial: FormValue, data: FormValue) -> Bool
}

extension FormField {
    /// One line of text.
    public var defaultWidget: any Widget { TextInput() }

    /// A hidden input.
    public var hiddenWidget: any Widget { TextInput(.hidden) }

    /// Only the message of an empty field.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        code == "required" ? "This field is required." : nil
    }

    /// One string or number.
    public var jsonShape: JSONShape { .text }

    /// The field decides.
    public var requiredParts: [Bool]? { nil }

    /// The value as it was submitted.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue { raw }

    /// Refuses an empty value of a required field.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, value.isEmpty { throw error("required") }
    }

    /// None.
    public var ownValidators: [FieldValidator] { [] }

    /// Converts the value, then applies the rules.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        let value = try convert(raw)
        try check(value)
        try runValidators(value)
        return value
    }

    /// Converts the value, then applies the rules.
    ///
    /// - Parameter raw: what was submitted.
    /// - Returns: the cleaned value.
    /// - Throws: `ValidationError` with everything that is wrong.
    public func clean(_ raw: FormValue) throws(ValidationError) -> FormValue {
        try clean(raw, initial: .none)
    }

    /// What was submitted; the initial value of a disabled field.
    public func boundValue(_ data: FormValue, initial: FormValue) -> FormValue {
        options.isDisabled ? initial : data
    }

    /// The value itself.
    public func prepare(_ value: FormValue) -> FormValue { value }

    /// None.
    public func attributes(for widget: any Widget) -> HTMLAttributes { [:] }

    /// Compares the converted value with the initial one.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        hasChangedByConversion(initial: initial, data: data)
    }

    func hasChangedByConversion(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        guard let converted = converted(data) else { return true }
        func shown(_ value: FormValue) -> FormValue {
            if case .none = value { "" } else { value }
        }
        return !shown(initial).equals(shown(converted))
    }

    /// The converted value; nil where it has another form.
    func converted(_ raw: FormValue) -> FormValue? {
        do throws(ValidationError) { return try convert(raw) } catch { return nil }
    }

    /// The error with one of the field's messages.
    ///
    /// - Parameters:
    ///   - code: the code of the message.
    ///   - parameters: the values that the message names.
    /// - Returns: the error.
    public func error(_ code: String, _ parameters: [ErrorParameter] = []) -> ValidationError {
        ValidationError(message(code) ?? "Enter a valid value.", code: code, parameters: parameters)
    }

    private func message(_ code: String) -> ErrorMessage? {
        options.errorMessages[code] ?? defaultMessage(code)
    }

    /// Applies all validators to a value that is not empty.
    package func runValidators(_ value: FormValue) throws(ValidationError) {
        if value.isEmpty { return }
        var items: [ValidationError.Item] = []
        let rules = options.rules ?? ownValidators + options.validators
        for index in rules.indices {
            do throws(ValidationError) {
                try rules[index].validate(value)
            } catch {
                if error.items.count == 1, let own = message(error.items[0].code) {
                    var item = error.items[0]
                    item.message = own
                    items.append(item)
                } else {
                    items += error.items
                }
            }
        }
        if !items.isEmpty { throw ValidationError(items) }
    }

    /// The field's widget with all that it must know.
    func resolvedWidget() -> any Widget {
        var widget = options.widget?.base ?? defaultWidget
        widget.options.isLocalized = options.isLocalized
        widget.options.isRequired = options.isRequired
        let own = attributes(for: widget)
        widget.options.attributes = widget.options.attributes.merging(own)
        if let autocomplete = options.autocomplete {
            widget.options.attributes["autocomplete"] = .text(autocomplete.value)
        }
        return widget
    }
}
