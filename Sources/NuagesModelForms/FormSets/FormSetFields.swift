import NuagesCore
import NuagesForms
import NuagesORM

/// The hidden key of a form's row: it must be one of the rows of the set.
///
/// Django takes the key of any row of the model and then saves nothing; here such a form is refused.
struct RowKeyField: FormField {
    typealias Value = FormValue

    var options = FieldOptions()
    /// The texts of the keys that are allowed; nil where a form's key is not looked at.
    let keys: Set<ByteName>?

    init(keys: Set<ByteName>?) {
        self.keys = keys
        options.isRequired = keys != nil
        options.widget = .hidden
    }

    func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid_choice":
            "Select a valid choice. That choice is not one of the available choices."
        default: nil
        }
    }

    func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        guard let keys, !raw.isEmpty else { return .none }
        if raw.elements == nil { try NullCharacterValidator().validate(raw.text) }
        guard raw.elements == nil, keys.contains(ByteName(raw.text)) else {
            throw error("invalid_choice", [ErrorParameter("value", raw.text)])
        }
        return raw
    }

    func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        guard keys != nil, !options.isDisabled else { return false }
        let old = initial.isEmpty ? "" : initial.text
        return !old.equalsBytes(data.isEmpty ? "" : data.text)
    }
}

/// The hidden foreign key of an inline form: it is the key of the parent and of no other row.
///
/// Django: `InlineForeignKeyField`.
struct ParentKeyField: FormField {
    typealias Value = FormValue

    var options = FieldOptions()
    let key: FormValue

    init(key: FormValue, label: String?) {
        self.key = key
        options.isRequired = false
        options.widget = .hidden
        options.label = label
        options.initial = { key }
    }

    func defaultMessage(_ code: String) -> ErrorMessage? {
        code == "invalid_choice"
            ? "The inline value did not match the parent instance." : nil
    }

    func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return key }
        guard raw.elements == nil, !key.isEmpty, raw.text.equalsBytes(key.text) else {
            throw error("invalid_choice")
        }
        return key
    }

    func hasChanged(initial: FormValue, data: FormValue) -> Bool { false }
}
