extension SchemaEditor {
    /// Makes a model's table, its indexes and the tables of its many-to-many relations.
    ///
    /// - Parameter model: the model.
    /// - Throws: ``MigrationError`` for a model that does not fit together, and the database's error.
    public mutating func create(_ model: TableModel) async throws {
        guard migrates(model) else { return }
        try await execute(try createTableText(model))
        try await alterComment(of: model)
        for field in model.columns { try await alterComment(of: field, in: model) }
        deferred += try indexStatements(of: model)
        for (_, through) in try model.throughModels() { try await create(through) }
    }

    /// Drops a model's table and those of its many-to-many relations.
    ///
    /// - Parameter model: the model.
    /// - Throws: the database's error.
    public mutating func delete(_ model: TableModel) async throws {
        guard migrates(model) else { return }
        for (_, through) in try model.throughModels() { try await delete(through) }
        try await execute(dialect.dropTable(quote(model.table)))
        forget(table: model.table)
    }

    /// Renames a model's table and what is named after the model.
    ///
    /// - Parameters:
    ///   - old: the model before.
    ///   - new: the model after.
    /// - Throws: the database's error.
    public mutating func rename(_ old: TableModel, to new: TableModel) async throws {
        guard migrates(new) else { return }
        try await renameTable(from: old.table, to: new.table)
        for (before, after) in try Self.throughPairs(touching: old, new) {
            try await dialect.alterThrough(before, as: after, editor: &self)
        }
        try await renameForeignKeys(to: new, from: old)
    }

    /// Renames a model's table and those of its many-to-many relations.
    ///
    /// - Parameters:
    ///   - old: the model before.
    ///   - new: the model after.
    /// - Throws: the database's error.
    public mutating func renameTables(of old: TableModel, as new: TableModel) async throws {
        guard migrates(new) else { return }
        try await renameTable(from: old.table, to: new.table)
        for (before, after) in zip(try old.throughModels(), try new.throughModels()) {
            try await renameTable(from: before.model.table, to: after.model.table)
        }
    }

    package mutating func renameTable(from old: String, to new: String) async throws {
        guard old != new else { return }
        try await execute("ALTER TABLE \(quote(old)) RENAME TO \(quote(new))")
        for index in deferred.indices {
            // Keys of other tables name it too.
            deferred[index].text = deferred[index].text.replacingTable(quote(old), by: quote(new))
            if deferred[index].table == old { deferred[index].table = new }
        }
    }

    /// Sets a table's comment, on databases that keep comments.
    ///
    /// - Parameter model: the model.
    /// - Throws: the database's error.
    public mutating func alterComment(of model: TableModel) async throws {
        guard dialect.features.supportsComments, migrates(model),
            let comment = model.schema.tableComment
        else { return }
        let literal = try dialect.sql.literal(.text(comment))
        try await execute(dialect.commentTable(quote(model.table), literal))
    }

    /// Sets a column's comment, on databases that keep comments.
    ///
    /// - Parameters:
    ///   - field: the field; no comment leaves the column as it is.
    ///   - model: the model.
    /// - Throws: the database's error.
    package mutating func alterComment(
        of field: FieldSchema,
        in model: TableModel
    ) async throws {
        let features = dialect.features
        guard features.supportsComments, !features.supportsInlineComments,
            let comment = field.databaseComment
        else { return }
        let literal = try dialect.sql.literal(.text(comment))
        let column = "\(quote(model.table)).\(quote(field.column))"
        try await execute("COMMENT ON COLUMN \(column) IS \(literal)")
    }

    /// The tables of many-to-many relations from or to a renamed model, before and after.
    private static func throughPairs(
        touching old: TableModel,
        _ new: TableModel
    ) throws(MigrationError) -> [(TableModel, TableModel)] {
        var pairs: [(TableModel, TableModel)] = []
        for label in old.state.labels {
            let newLabel = label == old.schema.label ? new.schema.label : label
            let before = try TableModel(label, in: old.state)
            let after = try TableModel(newLabel, in: new.state)
            for (field, through) in try before.throughModels() {
                let target = MigrationState.canonical(field.relation?.target ?? "")
                guard label == old.schema.label || target == old.schema.label,
                    let match = after.schema.fields.first(where: { $0.name == field.name }),
                    let renamed = after.throughModel(of: match)
                else { continue }
                pairs.append((through, renamed))
            }
        }
        return pairs
    }
}

extension String {
    /// The text of a `CREATE INDEX` or an `ALTER TABLE` with another name of a table.
    fileprivate func replacingTable(_ old: String, by new: String) -> String {
        [" ON ", "ALTER TABLE ", " REFERENCES "].reduce(self) { text, marker in
            text.splitOnce("\(marker)\(old) ").map { "\($0.0)\(marker)\(new) \($0.1)" } ?? text
        }
    }

    private func splitOnce(_ separator: String) -> (String, String)? {
        let (text, mark) = (Array(utf8), Array(separator.utf8))
        guard text.count >= mark.count else { return nil }
        for start in 0...(text.count - mark.count)
        where text[start..<(start + mark.count)].elementsEqual(mark) {
            return (
                String(decoding: text[..<start], as: UTF8.self),
                String(decoding: text[(start + mark.count)...], as: UTF8.self)
            )
        }
        return nil
    }
}
