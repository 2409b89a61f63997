/// Which relations of a row were joined, so that their columns follow in the same row.
struct RelatedRows: Sendable, Hashable {
    /// The position of the relation among the model's fields, and what was joined behind it.
    var relations: [(field: Int, rows: RelatedRows)] = []

    /// How many columns of annotations stand between those of the model and of the relations.
    var skippedCount = 0

    init() {}

    /// The relations of a query's columns.
    init(_ rows: SelectedRows?) throws {
        guard let rows else { return }
        for related in rows.related {
            guard let relation = related.relation, let field = relation.field, !related.isReverse
            else {
                throw DatabaseError.notSupported(
                    "'\(related.name)' leads back; its rows cannot be selected with the model's."
                )
            }
            relations.append((field.index, try RelatedRows(related)))
        }
        if rows.relation == nil, let first = rows.related.first?.positions.first {
            skippedCount = max(0, first - rows.positions.count)
        }
    }

    /// Reads a row with what was joined to it; nil where the join found none.
    func read<M: Model>(_ type: M.Type, from row: inout Row) throws -> M? {
        // The first column is the primary key's or not; the key decides whether there is a row.
        if row.isNull(at: M.info.primaryKeyIndex) {
            row.skip(columnCount(M.info))
            return nil
        }
        var model = try M(row: &row)
        row.skip(skippedCount)
        try complete(&model, &row)
        return model
    }

    /// Reads what was joined to a row.
    func complete<M: Model>(_ model: inout M, _ row: inout Row) throws {
        for (field, rows) in relations {
            try M.meta.fields[field].readTarget?(&model, &row, rows)
        }
    }

    func completed<M: Model>(_ model: M, _ row: inout Row) throws -> M {
        var model = model
        try complete(&model, &row)
        return model
    }

    private func columnCount(_ info: ModelInfo) -> Int {
        relations.reduce(info.fields.count) { count, relation in
            guard let target = info.fields[relation.field].target else { return count }
            return count + relation.rows.columnCount(target.info)
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.relations.count == right.relations.count
            && zip(left.relations, right.relations).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
    }

    func hash(into hasher: inout Hasher) {
        for (field, rows) in relations {
            hasher.combine(field)
            hasher.combine(rows)
        }
    }
}
