/// Which relations of a row were joined, so that their columns follow in the same row.
struct RelatedRows: Sendable, Hashable {
    /// The position of the relation among the model's fields, and what was joined behind it.
    var relations: [(field: Int, rows: RelatedRows)] = []

    /// Reads a row with what was joined to it; nil where the join found none.
    func read<M: Model>(_ type: M.Type, from row: inout Row) throws -> M? {
        // The first column is the primary key's or not; the key decides whether there is a row.
        if row.isNull(at: M.info.primaryKeyIndex) {
            row.skip(columnCount(M.info))
            return nil
        }
        var model = try M(row: &row)
        for (field, rows) in relations {
            try M.meta.fields[field].readTarget?(&model, &row, rows)
        }
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
