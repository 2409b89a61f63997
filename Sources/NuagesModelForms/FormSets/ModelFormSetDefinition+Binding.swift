import NuagesCore
public import NuagesForms
public import NuagesORM

extension ModelFormSetDefinition {
    /// Reads what was submitted, and checks each form as the model says and all against each other.
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - rows: the rows; nil for all, or for those of the parent.
    ///   - parent: the row that inline forms refer to; nil for a new one.
    ///   - savesAsNew: whether the rows are made anew, for a copy of the parent (`save_as_new`).
    ///   - newRow: what a new row begins with, by the number of its form, or its place in a list of
    ///     JSON; nil for the defaults.
    /// - Returns: the forms with their rows, valid or with their errors.
    /// - Throws: `DatabaseError`, and what the model's `clean` throws besides `ValidationError`.
    public func bind(
        _ input: FormInput,
        rows: DynamicQuery? = nil,
        parent: DynamicRow? = nil,
        savesAsNew: Bool = false,
        newRow: (Int) throws -> DynamicRow? = { _ in nil }
    ) async throws -> BoundModelFormSet {
        try await bind(
            input,
            rows: rows,
            parent: parent,
            savesAsNew: savesAsNew,
            newRow: newRow,
            list: nil
        )
    }

    /// Reads what was submitted, by a page or as a list of JSON.
    func bind(
        _ input: FormInput,
        rows: DynamicQuery?,
        parent: DynamicRow?,
        savesAsNew: Bool,
        newRow: (Int) throws -> DynamicRow?,
        list: JSONForms?
    ) async throws -> BoundModelFormSet {
        let query = try ordered(rows, parent)
        var counting = DynamicFormSet(of: DynamicForm())
        counting.options = options
        let counts = counting.submittedCounts(input)
        let initialCount = savesAsNew ? 0 : min(counts.initial, counts.made)
        let found = try await self.rows(of: input, initialCount, in: query)
        let set = try await formSet(found, parent)
        let (key, parentKey) = (form.outline.primaryKey.name, parentKey(parent))
        var forms: [BoundModelForm] = []
        let bound = try await set.bindForms(input, initialCount: initialCount) { form, index in
            var form = form
            if savesAsNew, let place = form.index(of: key) {
                // The key of the row that is copied is not that of the copy.
                if form.entries[place].field is RowKeyField {
                    form.add(key, RowKeyField(keys: nil))
                }
                if let link { form.add(link.name, copiedKey(parentKey, link)) }
            }
            let row = found.indices.contains(index) ? found[index] : nil
            let place = list.flatMap { $0.places.indices.contains(index) ? $0.places[index] : nil }
            let start = try row ?? newRow(place ?? index) ?? self.form.outline.newRow()
            var bound = try await self.bound(form, input, start, parentKey)
            if row == nil, index < initialCount { refuseOwnKey(&bound) }
            let isDeleted = options.canDelete && bound.cleaned("DELETE")?.isTrue == true
            if bound.form.isCleaned, !isDeleted { try await finish(&bound) }
            forms.append(bound)
            return bound.form
        }
        var result = BoundModelFormSet(definition: self, formSet: bound, forms: forms)
        result.check(list)
        if !result.isValid { try await result.loadChoices() }
        return result
    }

    /// A key that takes whatever was submitted for another parent.
    private func copiedKey(_ key: SQLValue, _ link: Link) -> ParentKeyField {
        var field = ParentKeyField(key: FormValue(key), label: nil)
        field.options.isDisabled = true
        return field
    }

    /// Refuses a key that people see and have changed: it is not that of the form's row.
    private func refuseOwnKey(_ bound: inout BoundModelForm) {
        let name = form.outline.primaryKey.name
        guard let index = bound.form.form.index(of: name), bound.form.errors[name] == nil else {
            return
        }
        let field = bound.form.form.entries[index].field
        if field is RowKeyField { return }
        bound.add(
            ValidationError(
                field.options.errorMessages["invalid_choice"]
                    ?? "Select a valid choice. That choice is not one of the available choices.",
                code: "invalid_choice"
            ),
            to: name
        )
    }

    private func bound(
        _ form: DynamicForm,
        _ input: FormInput,
        _ row: DynamicRow,
        _ parentKey: SQLValue
    ) async throws -> BoundModelForm {
        var bound = BoundForm(form, input: input)
        try await bound.cleanFieldsQuerying()
        var row = row
        if let link { row.set(link.schema.attributeName, to: parentKey) }
        return BoundModelForm(definition: self.form, form: bound, row: row)
    }

    /// The rows whose keys were submitted, each where its form is; none for keys that are not of the
    /// query's rows or that another form has.
    private func rows(
        of input: FormInput,
        _ count: Int,
        in query: DynamicQuery
    ) async throws -> [DynamicRow?] {
        let name = form.outline.primaryKey.name
        let texts = (0..<count).map { index -> String in
            let value = input.submitted("\(options.prefix)-\(index)-\(name)")
            return value.isEmpty || value.elements != nil ? "" : value.text
        }
        let choices = ModelChoices(of: form.outline, rows: { query })
        let rows = try await choices.rows(texts.filter { !$0.isEmpty })
        var byText: [ByteName: DynamicRow] = [:]
        for row in rows { byText[ByteName(choices.value(of: row).text)] = row }
        return texts.map { byText.removeValue(forKey: ByteName($0)) }
    }
}
