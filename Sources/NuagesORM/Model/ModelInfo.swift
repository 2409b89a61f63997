/// What queries need to know of a model, without its type.
///
/// What depends on other models is in ``members``.
final class ModelInfo: Sendable {
    typealias FieldInfo = NuagesORM.FieldInfo

    let schema: ModelSchema
    let type: (any Model.Type)?
    let table: String
    /// The columns of the model's own table; for a proxy those of its base.
    // @unchecked: set once, in the initialiser; the fields know their model.
    nonisolated(unsafe) private(set) var fields: [FieldInfo] = []
    /// The position of the primary key among the fields; the first of a composite key.
    let primaryKeyIndex: Int
    /// The models that a relation leads to, by the names of fields without a column.
    let targets: [String: any Model.Type]
    /// The models in between that the program has for many-to-many fields, by the fields' names.
    let throughTypes: [String: any Model.Type]
    /// The models that many-to-many fields without one have in between, by the fields' names.
    let automaticThroughs: [String: ModelInfo]
    /// The base of a proxy.
    let proxied: ModelInfo?
    /// Whether the framework made it for a many-to-many field (`auto_created`).
    let isAutomatic: Bool
    /// Whether a site has put another model in its place.
    let isSwapped: Bool
    /// Whether the model says itself how a row is saved.
    let hasOwnSave: Bool
    /// Whether the model says itself what deleting a row does.
    let hasOwnDelete: Bool
    /// What is told of saved and deleted rows.
    let signals = ModelSignals()
    private let positions: [String: Int]
    /// What surrounds a model as it was at a point in the history of migrations; nil for a model of
    /// the program.
    let history: ModelHistory?

    init(
        schema: ModelSchema,
        type: (any Model.Type)?,
        targets: [(any Model.Type)?],
        throughs: [String: any Model.Type] = [:],
        proxied: ModelInfo? = nil,
        isAutomatic: Bool = false,
        history: ModelHistory? = nil
    ) {
        self.schema = schema
        self.history = history
        self.type = type
        self.proxied = proxied
        self.isAutomatic = isAutomatic
        isSwapped = schema.swapped != nil
        hasOwnSave = type is any CustomSaving.Type
        hasOwnDelete = type is any CustomDeleting.Type
        table = proxied?.table ?? schema.table
        throughTypes = throughs
        var columns: [(schema: FieldSchema, target: (any Model.Type)?)] = []
        var others: [String: any Model.Type] = [:]
        var automatic: [String: ModelInfo] = [:]
        for (index, field) in schema.fields.enumerated() {
            let target = targets.indices.contains(index) ? targets[index] : nil
            if field.hasColumn {
                columns.append((field, target))
                continue
            }
            others[field.name] = target
            if let through = schema.throughSchema(of: field, table: table) {
                automatic[field.name] = ModelInfo(
                    schema: through,
                    type: nil,
                    targets: [nil, type, target],
                    isAutomatic: true,
                    history: history
                )
            }
        }
        if schema.orderWithRespectTo != nil,
            !columns.contains(where: { $0.schema.type == .orderWrt })
        {
            columns.append((TableModel.orderField, nil))
        }
        self.targets = others
        automaticThroughs = automatic
        primaryKeyIndex =
            proxied?.primaryKeyIndex ?? Self.keyIndex(of: columns.map(\.schema), in: schema)
        var positions: [String: Int] = [:]
        for (index, column) in columns.enumerated() {
            positions[column.schema.name] = index
            positions[column.schema.attributeName] = index
        }
        if positions["pk"] == nil { positions["pk"] = primaryKeyIndex }
        self.positions = proxied?.positions ?? positions
        fields =
            proxied?.fields
            ?? columns.enumerated().map { index, column in
                FieldInfo(column.schema, of: self, at: index, target: column.target)
            }
    }

    /// The declared key, the first part of a composite one, or the link to the parent.
    private static func keyIndex(of columns: [FieldSchema], in schema: ModelSchema) -> Int {
        let composite = schema.fields.first { $0.type == .compositePrimaryKey }
        if let name = composite?.compositeFields.first {
            return columns.firstIndex { $0.name == name || $0.attributeName == name } ?? 0
        }
        return columns.firstIndex(where: \.isPrimaryKey)
            ?? columns.firstIndex { $0.relation?.isParentLink == true } ?? 0
    }

    var label: String { schema.label }
    var primaryKey: FieldInfo { fields[primaryKeyIndex] }

    /// The model whose table holds the rows: a proxy's base, else the model itself.
    var concrete: ModelInfo { proxied ?? self }

    /// The columns of the primary key.
    var keyFields: [FieldInfo] {
        guard
            let composite = concrete.schema.fields.first(where: { $0.type == .compositePrimaryKey })
        else { return fields.isEmpty ? [] : [primaryKey] }
        return composite.compositeFields.compactMap { field($0) }
    }

    /// The models around it: those of the program, or of its point in the history.
    var graph: RelationGraph { history?.graph(around: self) ?? ModelRegistry.graph }

    /// What depends on other models: relations, parents, and the names that queries know.
    var members: ModelMembers { graph.members(of: self) }

    /// The field of the model's own table called `name`, in Django's spelling; `pk` is the
    /// primary key.
    func field(_ name: String) -> FieldInfo? {
        // Hashing a long run of combining marks is slow; no field is that long.
        guard name.utf8.count <= 200 else { return nil }
        return positions[name].map { fields[$0] }
    }
}

extension ModelInfo: Hashable {
    static func == (left: ModelInfo, right: ModelInfo) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
