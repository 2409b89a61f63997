public import NuagesForms
public import NuagesORM

// Keys of models in forms: the pillars meet here.

extension PrimaryKey: FormConvertible where M.KeyValue: FormConvertible {
    /// A key from a form's value; nil for a value of another kind.
    public init?(formValue: FormValue) {
        guard let value = M.KeyValue(formValue: formValue) else { return nil }
        self.init(value)
    }

    /// The key, or nothing while the model is not saved.
    public var formValue: FormValue { value?.formValue ?? .none }
}

extension PrimaryKey: ChoiceValue where M.KeyValue: ChoiceValue {
    /// A key from the text that was submitted, or nil.
    ///
    /// - Parameter choiceText: one of the field's choices.
    public init?(choiceText: String) {
        guard let value = M.KeyValue(choiceText: choiceText) else { return nil }
        self.init(value)
    }

    /// The text that is submitted for the key; empty while the model is not saved.
    public var choiceText: String { value?.choiceText ?? "" }
}

extension ModelReference: FormConvertible where Target.KeyValue: FormConvertible {
    /// A reference to the row with the key that a form's value is; nil for another kind of value.
    public init?(formValue: FormValue) {
        guard let key = PrimaryKey<Target>(formValue: formValue) else { return nil }
        self.init(key)
    }

    /// The key of the row.
    public var formValue: FormValue { id.formValue }
}
