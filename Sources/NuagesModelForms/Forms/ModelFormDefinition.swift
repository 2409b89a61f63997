public import NuagesCore
public import NuagesForms
public import NuagesORM

/// A form of a model whose fields are decided at run time; ``ModelForm`` is made of it.
///
///     var form = try ModelFormDefinition(Article.self, fields: ["title", "slug", "author"])
///     form.setWidget(.textarea, of: "title")
///     let bound = try await form.bind(FormInput(data), row: row)
///     if bound.isValid { try await bound.save() }
///
/// Django: `modelform_factory`.
public struct ModelFormDefinition: Sendable {
    let outline: ModelOutline
    /// The fields of the model that the form sets.
    var names: [String]
    /// The fields and options of the form; what is added here besides the model's fields is
    /// validated and not saved.
    public var form: DynamicForm
    /// Messages of the whole form by their code, in place of the model's.
    public var messages: [String: ErrorMessage] = [:]
    /// The fields whose values are given by the program, so that they are not checked by themselves.
    var unchecked: Set<String> = []

    /// A form of a model.
    ///
    /// - Parameters:
    ///   - model: the model.
    ///   - fields: the fields that it has.
    /// - Throws: ``ModelFormError`` for fields that forms cannot show.
    public init(_ model: any Model.Type, fields: ModelFieldSelection) throws(ModelFormError) {
        try self.init(ModelOutline(model), fields)
    }

    /// A form of a model that is known by its label.
    ///
    /// - Parameters:
    ///   - label: the label, `blog.article`.
    ///   - fields: the fields that it has.
    /// - Throws: `UsageError` for a label that no model has, ``ModelFormError`` for fields that
    ///   forms cannot show.
    public init(named label: String, fields: ModelFieldSelection) throws {
        try self.init(try ModelOutline(labeled: label), fields)
    }

    init(
        _ outline: ModelOutline,
        _ selection: ModelFieldSelection,
        _ changes: ModelFieldChanges = ModelFieldChanges(),
        declared: DynamicForm = DynamicForm()
    ) throws(ModelFormError) {
        self.outline = outline
        var names: [String] = []
        // The options of the form are those of what it declares itself.
        var form = declared.withoutFields
        for (name, schema) in try Self.schemas(selection, outline, declared) {
            if let index = declared.index(of: name) {
                form.add(name, declared.entries[index].field)
                if schema != nil { names.append(name) }
                continue
            }
            guard let schema, let field = FormFieldMaker(outline, schema).field() else { continue }
            form.add(name, changes.applied(to: field, name))
            names.append(name)
        }
        for entry in declared.entries where form.index(of: entry.name) == nil {
            form.add(entry.name, entry.field)
        }
        self.names = names
        self.form = form
    }

    /// The fields of a selection with what the model says of them; nil for fields that only the
    /// form declares.
    private static func schemas(
        _ selection: ModelFieldSelection,
        _ outline: ModelOutline,
        _ declared: DynamicForm
    ) throws(ModelFormError) -> [(String, FieldSchema?)] {
        let all = outline.fields
        switch selection {
        case .allExcept(let excluded):
            return all.filter { field in
                field.isEditable && !excluded.contains { $0.equalsBytes(field.name) }
            }.map { ($0.name, $0) }
        case .names(let names):
            var schemas: [(String, FieldSchema?)] = []
            for name in names {
                let schema = all.first { $0.name.equalsBytes(name) }
                if declared.index(of: name) != nil {
                    schemas.append((name, schema))
                    continue
                }
                guard let schema else { throw unknown(name, outline) }
                if !schema.isEditable {
                    throw .notEditable(name: name, model: outline.schema.name)
                }
                if FormFieldMaker(outline, schema).field() == nil { throw unknown(name, outline) }
                schemas.append((name, schema))
            }
            return schemas
        }
    }

    private static func unknown(_ name: String, _ outline: ModelOutline) -> ModelFormError {
        .unknownField(
            name: name,
            model: outline.schema.name,
            choices: outline.formFieldNames
        )
    }

    // MARK: What the form says of a field

    /// Changes what every field has of one field, such as its label.
    ///
    /// - Parameters:
    ///   - name: the name of the field.
    ///   - change: sets options.
    public mutating func change(_ name: String, _ change: (inout FieldOptions) -> Void) {
        form.setOptions(of: name, change)
    }

    /// Sets the widget of a field.
    ///
    /// - Parameters:
    ///   - widget: the widget.
    ///   - name: the name of the field.
    public mutating func setWidget(_ widget: AnyWidget, of name: String) {
        form.setOptions(of: name) { $0.widget = widget }
    }

    /// Takes a field in place of the one that the model makes, or a further one that is not saved.
    ///
    /// - Parameters:
    ///   - name: the name of the field.
    ///   - field: the field.
    public mutating func setField(_ name: String, _ field: any FormField) {
        form.add(name, field)
    }

    // MARK: Binding

    /// The form as a page shows it that was not submitted yet.
    ///
    /// - Parameter row: the row that is edited; nil for a new one.
    /// - Returns: the form, with its choices.
    /// - Throws: ``DatabaseError``.
    public func unbound(row: DynamicRow? = nil) async throws -> BoundForm {
        try await filled(from: row).unboundQuerying()
    }

    /// The form of an object as a page shows it that was not submitted yet.
    ///
    /// - Parameter instance: the object that is edited; nil for a new one.
    /// - Returns: the form, with its choices.
    /// - Throws: `DatabaseError`.
    public func unbound<M: Model>(instance: M?) async throws -> BoundForm {
        try await unbound(row: instance?.formRow)
    }

    /// Reads what was submitted, and checks it as the model says.
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - row: the row that is edited; nil for a new one.
    /// - Returns: the form with the row, valid or with its errors.
    /// - Throws: ``DatabaseError``, and what the model's `clean` throws besides `ValidationError`.
    public func bind(_ input: FormInput, row: DynamicRow? = nil) async throws -> BoundModelForm {
        var bound = try await cleaned(input, row: row)
        bound.construct()
        try await bound.validate()
        try await bound.settle()
        return bound
    }

    /// The form with its fields cleaned and nothing checked that is about the model.
    func cleaned(_ input: FormInput, row: DynamicRow?) async throws -> BoundModelForm {
        var form = BoundForm(try await filled(from: row), input: input)
        try await form.cleanFieldsQuerying()
        return BoundModelForm(definition: self, form: form, row: try row ?? outline.newRow())
    }

    /// The form with the values of a row as the initial ones, under those that are set already.
    func filled(from row: DynamicRow?) async throws -> DynamicForm {
        let form = cleaningToKeys(form)
        guard let row else { return form }
        var filled = form
        for name in names where !form.hasInitial(name) {
            guard let schema = outline.field(name) else { continue }
            let isSet = schema.type == .manyToManyField
            var value: FormValue =
                isSet
                ? .list(try await keys(of: name, row))
                : FormValue(row[schema.attributeName] ?? .null, of: schema)
            if !value.isEmpty, let field = form.rowChoosingField(name),
                field.source.cleanedName != nil
            {
                let values = try await field.source.submitted(for: value.elements ?? [value])
                value = isSet ? .list(values) : values.first ?? .none
            }
            filled.setInitial(value, for: name)
        }
        return filled
    }

    /// The form with fields that are cleaned to what the columns of the relations hold, where their
    /// choices submit something else (`to_field_name`).
    private func cleaningToKeys(_ form: DynamicForm) -> DynamicForm {
        var form = form
        for name in names {
            guard var field = form.rowChoosingField(name), field.source.fieldName != nil,
                let schema = outline.field(name), schema.isRelation
            else { continue }
            if field.options.isDisabled {
                // Nobody chooses: the keys stay what they are, though no page offers their rows.
                field.source.fieldName = nil
            } else {
                let isSet = schema.type == .manyToManyField
                field.source.cleanedName = isSet ? "pk" : outline.targetField(of: name) ?? "pk"
            }
            form.add(name, field)
        }
        return form
    }

    /// The keys of the rows behind a many-to-many relation.
    private func keys(of name: String, _ row: DynamicRow) async throws -> [FormValue] {
        if row.isNew || row.key.contains(.null) { return [] }
        guard let rows = try row.related(name) else { return [] }
        return try await rows.values("pk").rows().map { FormValue($0.columns.first ?? .null) }
    }
}

extension DynamicForm {
    /// A field whose choices are rows; nil where the field is none.
    fileprivate func rowChoosingField(_ name: String) -> (any RowChoosingField)? {
        index(of: name).flatMap { entries[$0].field as? any RowChoosingField }
    }
}
