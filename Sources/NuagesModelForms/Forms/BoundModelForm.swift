public import NuagesCore
public import NuagesForms
public import NuagesORM

/// A form of a model with what was submitted: the row as it would be saved, or the errors.
public struct BoundModelForm: Sendable {
    let definition: ModelFormDefinition
    /// The form, which shows itself with its errors.
    public internal(set) var form: BoundForm
    /// The row with the values of the fields; it is not saved yet.
    public var row: DynamicRow
    /// The keys of the rows that are related by many-to-many fields.
    var sets: [(name: String, keys: [SQLValue])] = []
    /// The files that were sent, by the names of their fields.
    public internal(set) var files: [(name: String, file: UploadedFile)] = []

    init(definition: ModelFormDefinition, form: BoundForm, row: DynamicRow) {
        self.definition = definition
        self.form = form
        self.row = row
    }

    /// Whether nothing is wrong.
    public var isValid: Bool { form.isValid }

    /// The cleaned value of a field.
    ///
    /// - Parameter name: the name of the field.
    /// - Returns: the value; nil where it has errors or there is no such field.
    public func cleaned(_ name: String) -> FormValue? { form.cleaned(name) }

    private var outline: ModelOutline { definition.outline }

    // MARK: The row

    /// Sets the fields of the row to what was cleaned; those that are not of the form's stay as
    /// they are.
    ///
    /// Source: Django's `construct_instance`.
    mutating func construct() {
        guard form.isCleaned, let input = form.input else { return }
        for name in definition.names {
            // The key of a row is what it is found by: changing it would overwrite another row.
            guard let schema = outline.field(name), schema.isEditable,
                row.isNew || !outline.keyNames.contains(schema.attributeName),
                let value = form.cleaned(name), let index = form.form.index(of: name)
            else { continue }
            if schema.type == .manyToManyField {
                let keys = (value.elements ?? []).compactMap(\.columnValue)
                sets.removeAll { $0.name == name }
                sets.append((name, keys))
                continue
            }
            let entry = form.form.entries[index]
            // What a page does not have keeps its default; a page cannot send an empty check box.
            if schema.hasFormDefault, value.isEmpty, !entry.field.options.isDisabled,
                entry.widget.isOmitted(from: input, name: form.form.controlName(name))
            {
                continue
            }
            if schema.type == .jsonField, !value.isFinite {
                let error = form.form.entries[index].field.error("invalid")
                add(error, to: name)
                continue
            }
            set(schema, to: value)
        }
    }

    private mutating func set(_ schema: FieldSchema, to value: FormValue) {
        if schema.type.isUpload {
            switch value {
            case .file(let file):
                files.removeAll { $0.name == schema.name }
                files.append((schema.name, file))
                // The storage decides by what name it is kept; the visitor's is only a wish.
                try? row.setFile(schema.name, to: FieldFile(file))
            case .bool(false):
                row.set(schema.attributeName, to: schema.isNullable ? .null : .text(""))
            default: break
            }
            return
        }
        guard let column = value.columnValue(of: schema) else { return }
        row.set(schema.attributeName, to: column)
    }

    // MARK: Checking

    /// Checks the row as its model says: fields, `clean`, unique values and constraints.
    ///
    /// Source: Django's `BaseModelForm._post_clean`.
    mutating func validate() async throws {
        guard form.isCleaned else { return }
        var row = row
        let unchecked = definition.unchecked
        try await collecting { excluded in
            try await row.fullClean(
                excluding: excluded.union(unchecked),
                checksUnique: false,
                checksConstraints: false
            )
        }
        self.row = row
        try await checkUnique()
    }

    /// Looks for other rows with the same values, and checks the constraints.
    mutating func checkUnique() async throws {
        let row = row
        try await collecting { try await row.validateUnique(excluding: $0) }
        try await collecting { try await row.validateConstraints(excluding: $0) }
    }

    /// Runs a check without the fields that it must not be about, and takes over its errors.
    mutating func collecting(
        _ check: (Set<String>) async throws -> Void
    ) async throws {
        do {
            try await check(excluded)
        } catch let error as ValidationError {
            add(error)
        }
    }

    /// The fields that the model does not check: those that the form does not have, those that are
    /// wrong already, and those that the form lets be empty though the model does not.
    private var excluded: Set<String> {
        var excluded: Set<String> = []
        for schema in outline.fields where schema.type != .manyToManyField {
            let name = schema.name
            guard definition.names.contains(where: { $0.equalsBytes(name) }),
                let index = form.form.index(of: name), form.errors[name] == nil
            else {
                excluded.insert(name)
                continue
            }
            let field = form.form.entries[index].field
            let isEmpty = form.cleaned(name)?.isEmpty ?? true
            if !schema.allowsBlank, !field.options.isRequired, isEmpty { excluded.insert(name) }
        }
        return excluded
    }

    /// Adds errors of the model, with the form's messages where it has some for their codes.
    mutating func add(_ error: ValidationError) {
        form.addErrors(
            ValidationError(
                error.items.map { item in
                    var item = item
                    if let message = message(for: item) { item.message = message }
                    return item
                }
            )
        )
    }

    private func message(for item: ValidationError.Item) -> ErrorMessage? {
        guard let name = item.field, let index = form.form.index(of: name) else {
            return definition.messages[item.code]
        }
        let field = form.form.entries[index].field
        return field.options.errorMessages[item.code] ?? field.defaultMessage(item.code)
    }

    /// Looks up the choices where the form will be shown again.
    mutating func settle() async throws {
        if !form.errors.isEmpty { try await form.loadChoices() }
    }
}
