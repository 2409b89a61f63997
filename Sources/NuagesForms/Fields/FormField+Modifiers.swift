public import NuagesCore

extension FormField {
    private func with(_ change: (inout FieldOptions) -> Void) -> Self {
        var field = self
        change(&field.options)
        return field
    }

    /// Sets whether the field must be filled in.
    ///
    /// - Parameter isRequired: false lets it stay empty.
    /// - Returns: the field.
    public func required(_ isRequired: Bool) -> Self { with { $0.isRequired = isRequired } }

    /// Sets the label.
    ///
    /// - Parameter label: the label; it is escaped on the page.
    /// - Returns: the field.
    public func label(_ label: String) -> Self { with { $0.label = label } }

    /// Sets what follows the label.
    ///
    /// - Parameter suffix: such as `:`.
    /// - Returns: the field.
    public func labelSuffix(_ suffix: String) -> Self { with { $0.labelSuffix = suffix } }

    /// Sets the value that an empty form shows.
    ///
    /// - Parameter value: evaluated each time a form is shown.
    /// - Returns: the field.
    public func initial<V: FormConvertible>(
        _ value: @autoclosure @escaping @Sendable () -> V
    ) -> Self {
        with { $0.initial = { value().formValue } }
    }

    /// Sets the help beside the control.
    ///
    /// - Parameter helpText: a literal is HTML; ``HelpText/init(escaping:)`` takes other text.
    /// - Returns: the field.
    public func helpText(_ helpText: HelpText) -> Self { with { $0.helpText = helpText } }

    /// Sets messages in place of the field's own.
    ///
    /// - Parameter messages: by their code, such as `required`.
    /// - Returns: the field.
    public func errorMessages(_ messages: [String: ErrorMessage]) -> Self {
        with { $0.errorMessages.merge(messages) { _, new in new } }
    }

    /// Adds rules for the cleaned value.
    ///
    /// - Parameter validators: the rules.
    /// - Returns: the field.
    public func validators(_ validators: [FieldValidator]) -> Self {
        with { $0.validators += validators }
    }

    /// Adds a rule for the cleaned value.
    ///
    /// - Parameter validator: the rule.
    /// - Returns: the field.
    public func validator<V: Validator>(_ validator: V) -> Self where V.Value: FormConvertible {
        with { $0.validators.append(FieldValidator(validator)) }
    }

    /// Sets whether the control is shown but cannot be changed.
    ///
    /// - Parameter isDisabled: true ignores what is submitted for it.
    /// - Returns: the field.
    public func disabled(_ isDisabled: Bool) -> Self { with { $0.isDisabled = isDisabled } }

    /// Sets whether numbers are read and shown in the language of the page.
    ///
    /// - Parameter isLocalized: true for the language of the page.
    /// - Returns: the field.
    public func localize(_ isLocalized: Bool) -> Self { with { $0.isLocalized = isLocalized } }

    /// Sets whether a hidden control repeats the initial value.
    ///
    /// - Parameter shows: true to repeat it.
    /// - Returns: the field.
    public func showHiddenInitial(_ shows: Bool) -> Self { with { $0.showsHiddenInitial = shows } }

    /// Sets the widget.
    ///
    /// - Parameter widget: such as `.textarea`.
    /// - Returns: the field.
    public func widget(_ widget: AnyWidget) -> Self { with { $0.widget = widget } }

    /// Sets what a browser, or a helper of its user, may fill in.
    ///
    /// - Parameter autocomplete: such as `.email`.
    /// - Returns: the field.
    public func autocomplete(_ autocomplete: Autocomplete) -> Self {
        with { $0.autocomplete = autocomplete }
    }

    /// Sets the template that shows the label, the help, the errors and the control together.
    ///
    /// - Parameter name: the name of the template.
    /// - Returns: the field.
    public func templateName(_ name: String) -> Self { with { $0.templateName = name } }
}
