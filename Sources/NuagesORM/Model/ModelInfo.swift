/// What queries need to know of a model, without its type.
final class ModelInfo: Sendable {
    let schema: ModelSchema
    let type: (any Model.Type)?
    let table: String
    let fields: [FieldInfo]
    /// The position of the primary key among the fields.
    let primaryKeyIndex: Int
    private let positions: [String: Int]

    struct FieldInfo: Sendable {
        let schema: FieldSchema
        let index: Int
        let column: String
        /// The model that a relation leads to.
        let target: (any Model.Type)?
    }

    init(schema: ModelSchema, type: (any Model.Type)?, targets: [(any Model.Type)?]) {
        self.schema = schema
        self.type = type
        table = schema.table
        var positions: [String: Int] = [:]
        fields = schema.fields.enumerated().map { index, field in
            FieldInfo(
                schema: field,
                index: index,
                column: field.column,
                target: targets.indices.contains(index) ? targets[index] : nil
            )
        }
        primaryKeyIndex = schema.fields.firstIndex(where: \.isPrimaryKey) ?? 0
        for field in fields {
            positions[field.schema.name] = field.index
            positions[field.schema.attributeName] = field.index
        }
        if positions["pk"] == nil { positions["pk"] = primaryKeyIndex }
        self.positions = positions
    }

    var label: String { schema.label }
    var primaryKey: FieldInfo { fields[primaryKeyIndex] }

    /// The field called `name`, in Django's spelling; `pk` is the primary key.
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
