import NuagesCore
public import NuagesForms
public import NuagesORM

/// Several forms of a model on one page, one for each row of a query and some for new rows, decided
/// at run time; ``ModelFormSet`` and ``InlineFormSet`` are made of it.
///
///     let form = try ModelFormDefinition(Author.self, fields: ["name"])
///     var authors = ModelFormSetDefinition(form)
///     authors.options.canDelete = true
///     var bound = try await authors.bind(FormInput(data))
///     if bound.isValid { try await bound.save() }
///
/// Each form has the key of its row in a hidden field. A key that is not one of the query's rows is
/// refused, so that no other row can be changed or deleted.
///
/// Django: `modelformset_factory`, `inlineformset_factory`.
public struct ModelFormSetDefinition: Sendable {
    /// The foreign key of inline forms.
    struct Link: Sendable {
        /// The name of the foreign key.
        let name: String
        let schema: FieldSchema
        /// The field of the parent whose value it holds.
        let target: String
        let parent: ModelOutline
    }

    /// The form of each row.
    public var form: ModelFormDefinition
    /// How many forms there are, and what can be done with them.
    public var options = FormSetOptions()
    /// Whether rows are changed and deleted but none is made (`edit_only`).
    public var isEditOnly = false
    /// The initial values of the forms for new rows.
    public var initialExtra: [[FormValue.Member]] = []
    let link: Link?
    /// What is done with each form once its fields are cleaned.
    var finish: @Sendable (inout BoundModelForm) async throws -> Void = { form in
        form.construct()
        try await form.validate()
    }

    /// Forms of the rows of a query.
    ///
    /// - Parameter form: the form of each row.
    public init(_ form: ModelFormDefinition) {
        self.form = form
        link = nil
    }

    /// Forms of the rows that refer to a parent: three empty ones, each with a box that deletes.
    ///
    /// - Parameters:
    ///   - form: the form of each row.
    ///   - parent: the model that the rows refer to.
    ///   - foreignKey: the name of the foreign key; nil where there is only one.
    /// - Throws: ``ModelFormError/foreignKey(_:)``.
    public init(
        _ form: ModelFormDefinition,
        inlineIn parent: any Model.Type,
        foreignKey: String? = nil
    ) throws(ModelFormError) {
        let outline = form.outline
        let parent = ModelOutline(parent)
        let schema = try Self.foreignKey(of: outline, to: parent, foreignKey)
        let target = outline.targetField(of: schema.name) ?? parent.primaryKey.name
        var form = form
        // The parent is not checked by itself, but with what is unique together with it.
        form.unchecked.insert(schema.name)
        if !form.names.contains(schema.name) { form.names.append(schema.name) }
        self.form = form
        link = Link(name: schema.name, schema: schema, target: target, parent: parent)
        options.extra = 3
        options.canDelete = true
        if schema.isUniqueColumn { options.maxCount = 1 }
        let accessor = outline.accessor(of: schema.name) ?? ""
        options.prefix = String(accessor.filter { $0 != "+" })
    }

    private static func foreignKey(
        of outline: ModelOutline,
        to parent: ModelOutline,
        _ name: String?
    ) throws(ModelFormError) -> FieldSchema {
        let keys = outline.foreignKeys(to: parent)
        guard let name else {
            if keys.count == 1 { return keys[0] }
            throw .foreignKey(
                keys.isEmpty
                    ? "'\(outline.label)' has no ForeignKey to '\(parent.label)'."
                    : """
                    '\(outline.label)' has more than one ForeignKey to '\(parent.label)'. You must \
                    specify a 'foreignKey'.
                    """
            )
        }
        if let key = keys.first(where: { $0.name == name }) { return key }
        throw .foreignKey(
            outline.field(name) == nil
                ? "'\(outline.label)' has no field named '\(name)'."
                : "foreignKey '\(name)' is not a ForeignKey to '\(parent.label)'."
        )
    }

    // MARK: Showing

    /// The forms of the rows with some empty ones, as a page shows them that was not submitted yet.
    ///
    /// - Parameters:
    ///   - rows: the rows; nil for all, or for those of the parent.
    ///   - parent: the row that inline forms refer to; nil for a new one.
    /// - Returns: the forms, with their choices.
    /// - Throws: `DatabaseError`.
    public func unbound(
        rows: DynamicQuery? = nil,
        parent: DynamicRow? = nil
    ) async throws -> BoundFormSet {
        let found = try await ordered(rows, parent).rows()
        var copy = self
        try await copy.form.form.loadChoices()
        var set = try await copy.formSet(found, parent)
        set.initialCount = found.count
        if isEditOnly { set.options.extra = 0 }
        return set.unbound()
    }

    /// The rows of the set, in an order that is always the same.
    func ordered(_ rows: DynamicQuery?, _ parent: DynamicRow?) throws -> DynamicQuery {
        var query = rows ?? form.outline.query
        if let link {
            let key = parentKey(parent)
            guard key != .null else { return query.none() }
            query = query.filter(.condition(link.name, .value(key)))
        }
        return try query.isTotallyOrdered ? query : query.thenByKey()
    }

    /// The value by which rows refer to the parent; `NULL` while that is not saved.
    func parentKey(_ parent: DynamicRow?) -> SQLValue {
        guard let link, let parent, !parent.isNew else { return .null }
        return parent[link.target] ?? .null
    }

    /// The forms without their number: `found` has the row of each, or none where it is gone.
    func formSet(_ found: [DynamicRow?], _ parent: DynamicRow?) async throws -> DynamicFormSet {
        var set = DynamicFormSet(of: try await form.filled(from: nil))
        set.options = options
        let name = form.outline.primaryKey.name
        var keys: [FormValue] = []
        for row in found {
            guard let row else {
                set.initial.append([])
                keys.append(.none)
                continue
            }
            set.initial.append(try await form.initialMembers(of: row))
            keys.append(FormValue(row["pk"] ?? .null))
        }
        set.initial += initialExtra
        let (known, hasOwn) = (keys, form.names.contains(name) && !form.isHiddenKey)
        set.prepare = { form, index in
            guard !hasOwn else { return }
            guard let index, known.indices.contains(index) else {
                form.add(name, RowKeyField(keys: nil))
                return
            }
            let key = known[index]
            var field = RowKeyField(keys: [ByteName(key.isEmpty ? "" : key.text)])
            field.options.initial = { key }
            form.add(name, field)
        }
        guard let link else { return set }
        let label = form.form.index(of: link.name).flatMap {
            form.form.entries[$0].field.options.label
        }
        let field = ParentKeyField(
            key: FormValue(parentKey(parent)),
            label: label ?? link.schema.nameForPeople.withCapital
        )
        set.addFields = { form, _ in form.add(link.name, field) }
        return set
    }
}

extension ModelFormDefinition {
    /// Whether the key of the model is none that people enter, so that forms hide it.
    var isHiddenKey: Bool {
        let key = outline.primaryKey
        return !key.isEditable || outline.isKeyAutomatic || form.index(of: key.name) == nil
    }

    /// The values of a row by the names of the fields.
    func initialMembers(of row: DynamicRow) async throws -> [FormValue.Member] {
        let filled = try await filled(from: row)
        return names.compactMap { name in
            filled.index(of: name).map {
                FormValue.Member(name, filled.initialValue(filled.entries[$0]))
            }
        }
    }
}
