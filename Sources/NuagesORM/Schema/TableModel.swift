/// A model together with the state it belongs to: what its table and columns look like, and those
/// of the models it leads to.
public struct TableModel: Sendable {
    /// The model.
    public let schema: ModelSchema
    /// The state.
    public let state: MigrationState

    /// The model of a state with a label.
    ///
    /// - Parameters:
    ///   - label: the label, `polls.question`.
    ///   - state: the state.
    /// - Throws: ``MigrationError/unknownModel(_:choices:)`` when there is none.
    public init(_ label: String, in state: MigrationState) throws(MigrationError) {
        schema = try state.model(label)
        self.state = state
    }

    init(_ schema: ModelSchema, state: MigrationState) {
        self.schema = schema
        self.state = state
    }

    /// The table's name; for a proxy that of its base.
    public var table: String {
        schema.isProxy
            ? state.models[state.concreteLabel(schema.label)]?.table ?? schema.table : schema.table
    }

    /// Whether migrations make the table.
    public var isMigrated: Bool { schema.isManaged && !schema.isProxy && schema.swapped == nil }

    /// The fields that have a column, with the one that keeps the order of rows.
    public var columns: [FieldSchema] {
        var fields = schema.fields.filter(\.hasColumn)
        if schema.orderWithRespectTo != nil, !fields.contains(where: { $0.name == "_order" }) {
            fields.append(Self.orderField)
        }
        return fields
    }

    /// The column of the order of rows within a foreign key.
    static let orderField: FieldSchema = {
        var field = FieldSchema("_order", .orderWrt)
        field.isEditable = false
        return field
    }()

    /// The fields of the primary key.
    public var primaryKey: [FieldSchema] {
        if let composite = schema.fields.first(where: { $0.type == .compositePrimaryKey }) {
            return composite.compositeFields.compactMap { name in
                schema.fields.first { $0.name == name || $0.attributeName == name }
            }
        }
        if let field = schema.fields.first(where: \.isPrimaryKey) { return [field] }
        return []
    }

    /// The field with a name, of the model or of one it inherits from.
    ///
    /// - Parameter name: the name in Django's spelling; `pk` for the primary key.
    /// - Returns: the field.
    /// - Throws: ``MigrationError/unknownField(_:model:choices:)`` when there is none.
    public func field(_ name: String) throws(MigrationError) -> FieldSchema {
        let plain = name.hasPrefix("-") ? String(name.dropFirst()) : name
        if plain == "pk", let key = primaryKey.first { return key }
        var model = schema
        for _ in 0...state.labels.count {
            if let field = model.fields.first(where: {
                $0.name == plain || $0.attributeName == plain
            }) {
                return field
            }
            guard let base = model.bases.first,
                let parent = state.models[MigrationState.canonical(base)]
            else { break }
            model = parent
        }
        if plain == "_order", schema.orderWithRespectTo != nil { return Self.orderField }
        throw .unknownField(plain, model: schema.label, choices: schema.fields.map(\.name))
    }

    /// The model and the field that a foreign key's column refers to.
    ///
    /// - Parameter field: a field with a relation.
    /// - Returns: the model and its field.
    /// - Throws: ``MigrationError`` when there is no such model or field.
    public func target(
        of field: FieldSchema
    ) throws(MigrationError) -> (model: TableModel, field: FieldSchema) {
        guard let relation = field.relation else {
            throw .unknownField(field.name, model: schema.label, choices: [])
        }
        let label = MigrationState.canonical(relation.target)
        let model =
            label == schema.label ? self : try TableModel(state.concreteLabel(label), in: state)
        if let name = relation.targetField { return (model, try model.field(name)) }
        guard let key = model.primaryKey.first ?? model.inheritedKey else {
            throw .unknownField("pk", model: label, choices: model.schema.fields.map(\.name))
        }
        return (model, key)
    }

    /// The key of the base for a model whose own key is not listed.
    private var inheritedKey: FieldSchema? {
        schema.bases.first.flatMap { try? TableModel(MigrationState.canonical($0), in: state) }?
            .primaryKey.first
    }

    /// The field without relations that gives a column its type: that of the end of a chain of
    /// foreign keys.
    func typeField(of field: FieldSchema) throws(MigrationError) -> FieldSchema {
        var (model, current) = (self, field)
        for _ in 0...(state.labels.count + 1) {
            guard current.isRelation, current.hasColumn else { return current }
            (model, current) = try model.target(of: current)
        }
        throw .cannotAlter(
            field: field.name,
            model: schema.label,
            reason: "Its foreign keys lead in a circle."
        )
    }

    /// The many-to-many relations whose tables the framework makes, with the models of these.
    public func throughModels() throws(MigrationError) -> [(field: FieldSchema, model: TableModel)]
    {
        var result: [(field: FieldSchema, model: TableModel)] = []
        for field in schema.fields {
            if let model = throughModel(of: field) { result.append((field, model)) }
        }
        return result
    }

    /// The model of the table that the framework makes for a many-to-many relation; nil for a
    /// field of another kind, and where the program has a model of its own for it.
    public func throughModel(of field: FieldSchema) -> TableModel? {
        guard let through = schema.throughSchema(of: field, table: table) else { return nil }
        return TableModel(through, state: state)
    }

    /// The models whose columns refer to a field of this one, those of many-to-many tables among
    /// them.
    package func referrers(to field: FieldSchema) -> [TableModel] {
        var result: [TableModel] = []
        for model in state.orderedModels {
            let other = TableModel(model, state: state)
            guard other.isMigrated else { continue }
            if other.refers(to: field, of: self) { result.append(other) }
            for through in (try? other.throughModels()) ?? []
            where through.model.refers(to: field, of: self) {
                result.append(through.model)
            }
        }
        return result
    }

    private func refers(to field: FieldSchema, of target: TableModel) -> Bool {
        columns.contains { column in
            guard let relation = column.relation,
                state.concreteLabel(MigrationState.canonical(relation.target))
                    == target.schema.label,
                let end = try? self.target(of: column)
            else { return false }
            return end.field.name == field.name
        }
    }
}

/// A field before and after a change.
public struct FieldChange: Sendable {
    /// The field before.
    public var old: FieldSchema
    /// The field after.
    public var new: FieldSchema
    /// The field whose default takes the place of nulls that are not allowed any more.
    public var filler: FieldSchema

    /// A change of a field.
    ///
    /// - Parameters:
    ///   - old: the field before.
    ///   - new: the field after.
    ///   - filler: the field whose default takes the place of nulls.
    public init(old: FieldSchema, new: FieldSchema, filler: FieldSchema) {
        self.old = old
        self.new = new
        self.filler = filler
    }
}
