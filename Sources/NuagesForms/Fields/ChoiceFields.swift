public import NuagesCore

/// A field that offers choices.
public protocol ChoosingField: FormField {
    /// The choices.
    var choices: FormChoices { get set }
}

extension ChoosingField {
    func defaultChoiceMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid_choice":
            "Select a valid choice. %(value)s is not one of the available choices."
        case "invalid_list": "Enter a list of values."
        default: nil
        }
    }

    func invalidChoice(_ value: String) -> ValidationError {
        error("invalid_choice", [ErrorParameter("value", value)])
    }

    /// The widget with the choices.
    func withChoices(_ widget: any Widget) -> any Widget {
        guard var offering = widget as? any ChoiceWidget else { return widget }
        offering.choices = choices
        return offering
    }
}

/// One of several choices, as text, a number or an enum.
///
///     ChoiceField<Size>()                                 // all cases of an enum
///     ChoiceField<Int>(choices: FormChoices(pairs))       // chosen at run time
///
/// Django: `ChoiceField`, `TypedChoiceField`.
public struct ChoiceField<Value: ChoiceValue>: ChoosingField {
    /// What every field has.
    public var options = FieldOptions()
    /// The choices.
    public var choices: FormChoices
    /// What an empty field is cleaned to.
    public var emptyValue: FormValue

    /// One of several choices.
    ///
    /// - Parameters:
    ///   - choices: the choices.
    ///   - emptyValue: what an empty field is cleaned to.
    public init(choices: FormChoices = [:], emptyValue: FormValue = "") {
        self.choices = choices
        self.emptyValue = emptyValue
    }

    /// A list.
    public var defaultWidget: any Widget { Select() }

    /// The messages of choices.
    public func defaultMessage(_ code: String) -> ErrorMessage? { defaultChoiceMessage(code) }

    /// The text of the choice.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        raw.isEmpty ? "" : .string(raw.text)
    }

    /// Refuses what is not offered.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, value.isEmpty { throw error("required") }
        if case .string(let text) = value, !text.isEmpty, !choices.contains(text) {
            throw invalidChoice(text)
        }
    }

    /// The chosen value.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        let value = try convert(raw)
        try check(value)
        try runValidators(value)
        return try coerce(value)
    }

    private func coerce(_ value: FormValue) throws(ValidationError) -> FormValue {
        if value.isEmpty { return emptyValue }
        guard let chosen = Value(choiceText: value.text) else { throw invalidChoice(value.text) }
        return chosen.formValue
    }

    /// Compares the chosen values.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = initial.isEmpty ? "" : initial.text
        let new = data.isEmpty ? "" : data.text
        return !old.equalsBytes(new)
    }
}

/// Some of several choices.
///
/// Django: `MultipleChoiceField`, `TypedMultipleChoiceField`.
public struct MultipleChoiceField<Element: ChoiceValue>: ChoosingField {
    /// The type of the cleaned value.
    public typealias Value = [Element]

    /// What every field has.
    public var options = FieldOptions()
    /// The choices.
    public var choices: FormChoices

    /// Some of several choices.
    ///
    /// - Parameter choices: the choices.
    public init(choices: FormChoices = [:]) { self.choices = choices }

    /// A list.
    public var defaultWidget: any Widget { Select(allowsMultiple: true) }

    /// An array.
    public var jsonShape: JSONShape { .list }

    /// A hidden input for each.
    public var hiddenWidget: any Widget { MultipleHiddenInput() }

    /// The messages of choices.
    public func defaultMessage(_ code: String) -> ErrorMessage? { defaultChoiceMessage(code) }

    /// The texts of the choices.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if !raw.isTrue { return [] }
        guard let values = raw.elements else { throw error("invalid_list") }
        return .list(values.map { .string($0.text) })
    }

    /// Refuses what is not offered.
    public func check(_ value: FormValue) throws(ValidationError) {
        let values = value.elements ?? []
        if options.isRequired, values.isEmpty { throw error("required") }
        // A set, since comparing each value with each choice would be quadratic.
        let offered = Set(choices.all.map { ByteKey($0.value) })
        for value in values where !offered.contains(ByteKey(value.text)) {
            throw invalidChoice(value.text)
        }
    }

    /// The chosen values.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        let value = try convert(raw)
        try check(value)
        try runValidators(value)
        var chosen: [FormValue] = []
        for element in value.elements ?? [] {
            guard let typed = Element(choiceText: element.text) else {
                throw invalidChoice(element.text)
            }
            chosen.append(typed.formValue)
        }
        return .list(chosen)
    }

    /// Compares the chosen values in any order.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = (initial.elements ?? []).map { ByteKey($0.text) }
        let new = (data.elements ?? []).map { ByteKey($0.text) }
        return old.count != new.count || Set(old) != Set(new)
    }
}

extension ChoiceField where Value: CaseIterable {
    /// All cases of an enum, labelled by their names: `extraLarge` becomes “Extra large”.
    public init() {
        self.init(
            choices: FormChoices(Value.allCases.map { ($0, PrettyName.of("\($0)")) })
        )
    }
}

extension MultipleChoiceField where Element: CaseIterable {
    /// All cases of an enum, labelled by their names: `extraLarge` becomes “Extra large”.
    public init() {
        self.init(
            choices: FormChoices(Element.allCases.map { ($0, PrettyName.of("\($0)")) })
        )
    }
}
