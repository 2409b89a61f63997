/// What an index is over, whatever its name: tells indexes of a model's own from those that were
/// made by hand, also after the table was renamed.
package struct IndexShape: Hashable, Sendable {
    var columns: [String?]
    var isUnique: Bool
    var isPartial: Bool

    /// The shape of an index that is there.
    package init(_ index: IntrospectedTable.Index) {
        columns = index.columns
        isUnique = index.isUnique
        isPartial = index.isPartial
    }

    init(columns: [String?], isUnique: Bool, isPartial: Bool = false) {
        self.columns = columns
        self.isUnique = isUnique
        self.isPartial = isPartial
    }
}

extension SchemaEditor {
    /// The shapes of the indexes that a model's table has.
    package func indexShapes(of model: TableModel) throws -> Set<IndexShape> {
        var shapes: Set<IndexShape> = []
        for field in model.columns where fieldIndexStatement(field, of: model) != nil {
            shapes.insert(IndexShape(columns: [field.column], isUnique: false))
        }
        for group in model.schema.uniqueTogether {
            shapes.insert(
                IndexShape(columns: try group.map { try model.field($0).column }, isUnique: true)
            )
        }
        for index in model.schema.indexes {
            let columns = try index.fields.map { String?.some(try model.field($0).column) }
            shapes.insert(
                IndexShape(
                    columns: columns + index.expressions.map { $0.plainColumn(in: model) },
                    isUnique: false,
                    isPartial: index.condition != nil
                )
            )
        }
        for constraint in model.schema.constraints where !isInline(constraint) {
            let columns = try constraint.fields.map { String?.some(try model.field($0).column) }
            shapes.insert(
                IndexShape(
                    columns: columns + constraint.expressions.map { $0.plainColumn(in: model) },
                    isUnique: true,
                    isPartial: constraint.condition != nil
                )
            )
        }
        return shapes
    }

    /// Makes the indexes of a table that was built anew.
    package mutating func runIndexStatements(of model: TableModel) async throws {
        for statement in try indexStatements(of: model) { try await execute(statement.text) }
    }

    /// Lets the index of a new column wait for the end.
    package mutating func deferIndex(of field: FieldSchema, in model: TableModel) {
        deferred += (try? fieldIndexStatements(field, of: model)) ?? []
    }
}

extension SchemaExpression {
    /// The column, where the expression is nothing but one.
    fileprivate func plainColumn(in model: TableModel) -> String? {
        switch self {
        case .field(let name): try? model.field(name).column
        case .ordered(let inner, _), .collated(let inner, _): inner.plainColumn(in: model)
        default: nil
        }
    }
}
