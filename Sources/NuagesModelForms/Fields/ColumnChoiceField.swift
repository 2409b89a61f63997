public import NuagesCore
public import NuagesForms
import NuagesORM

/// One of the choices of a model's field, cleaned to the value that the column holds.
///
/// Django: `TypedChoiceField`, as `Field.formfield` makes it.
public struct ColumnChoiceField: ChoosingField {
    /// The type of the cleaned value.
    public typealias Value = FormValue

    /// What every field has.
    public var options = FieldOptions()
    /// The choices.
    public var choices: FormChoices
    /// The column of the model.
    private let schema: FieldSchema

    init(_ schema: FieldSchema, hasBlank: Bool) {
        self.schema = schema
        var items: [FormChoices.Item] = []
        let hasOwnBlank = schema.choices.contains { $0.value == .null || $0.value == .text("") }
        if hasBlank, !hasOwnBlank {
            let label = FormEnvironment.current.localization.translated("- Select an option -")
            items.append(.choice(FormChoice("", .text(label))))
        }
        for choice in schema.choices {
            let text = choice.value.formText ?? ""
            let shown = FormChoice(text, .text(choice.label))
            guard let group = choice.group else {
                items.append(.choice(shown))
                continue
            }
            if case .group(label: group, choices: let others)? = items.last {
                items[items.count - 1] = .group(label: group, choices: others + [shown])
            } else {
                items.append(.group(label: group, choices: [shown]))
            }
        }
        choices = FormChoices(items: items)
    }

    /// A list.
    public var defaultWidget: any Widget { Select() }

    /// The messages of choices.
    public func defaultMessage(_ code: String) -> ErrorMessage? { choiceMessage(code) }

    /// The chosen value: one that the form offers, which may be fewer than the model has.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return schema.isNullable ? .none : "" }
        let text = raw.text
        guard choices.contains(text), let value = value(of: text) else {
            throw error("invalid_choice", [ErrorParameter("value", text)])
        }
        return value
    }

    /// What the column holds for the text of a choice.
    private func value(of text: String) -> FormValue? {
        let own = schema.choices.first { ($0.value.formText ?? "").equalsBytes(text) }
        return (own?.value ?? schema.columnValue(.text(text))).map { FormValue($0) }
    }

    /// Compares the texts of the choices.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = initial.isEmpty ? "" : initial.text
        return !old.equalsBytes(data.isEmpty ? "" : data.text)
    }
}

extension FormField {
    /// The messages of fields that offer choices.
    func choiceMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid_choice":
            "Select a valid choice. %(value)s is not one of the available choices."
        case "invalid_list": "Enter a list of values."
        case "invalid_pk_value": "“%(pk)s” is not a valid value."
        default: nil
        }
    }
}
