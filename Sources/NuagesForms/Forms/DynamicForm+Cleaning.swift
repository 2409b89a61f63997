import NuagesCore

// Methods of the form itself: a bound form only has a reference to it, from which each field would
// be taken by a copy.
extension DynamicForm {
    /// The cleaned value of a field, which needs no query.
    func cleaned(
        at index: Int,
        from input: FormInput
    ) throws(ValidationError) -> FormValue {
        let initial = initialValue(at: index)
        let raw = rawValue(at: index, initial, from: input)
        // The entry is not taken out of the list: a copy of it has to be counted.
        if input.isJSON, !entries[index].isDisabled { try entries[index].field.checkJSON(raw) }
        return try entries[index].field.clean(raw, initial: initial)
    }

    /// What a field is cleaned from: what was submitted, and the initial value where it is disabled.
    func rawValue(
        at index: Int,
        _ initial: FormValue,
        from input: FormInput
    ) -> FormValue {
        if entries[index].isDisabled { return initial }
        let name = controlName(entries[index].name)
        return entries[index].widget.value(from: input, name: name)
    }

    /// The name of a field, and the id of its control; nil for none.
    func nameAndID(at index: Int) -> (name: String, id: String?) {
        let name = entries[index].name
        return (name, id(ofControl: controlName(name)))
    }
}
