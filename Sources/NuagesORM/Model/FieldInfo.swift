/// A column of a model, as queries know it; one object for each column, compared by identity.
///
/// Django: a concrete field in `_meta.concrete_fields`.
final class FieldInfo: Sendable {
    /// The model whose table has the column.
    unowned let model: ModelInfo
    let schema: FieldSchema
    /// The position among the columns of the model's own table.
    let index: Int
    let column: String
    /// The model that a relation leads to.
    let target: (any Model.Type)?
    /// The name, `question`.
    let name: String
    /// The name of the column's value, `question_id`.
    let attributeName: String

    init(_ schema: FieldSchema, of model: ModelInfo, at index: Int, target: (any Model.Type)?) {
        self.schema = schema
        self.model = model
        self.index = index
        self.target = target
        column = schema.column
        name = schema.name
        attributeName = schema.attributeName
    }
}

extension FieldInfo: Hashable {
    static func == (left: FieldInfo, right: FieldInfo) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension FieldInfo {
    /// The relation whose key the column is.
    var relation: RelationInfo? {
        guard schema.isRelation, case .relation(let relation, false)? = model.members.member(name)
        else { return nil }
        return relation
    }

    /// The column that a foreign key's values are those of.
    var targetColumn: FieldInfo? { relation?.pairs.first?.to }
}
