extension SchemaEditor {
    /// The statements that make all indexes of a model.
    func indexStatements(of model: TableModel) throws -> [Deferred] {
        var statements: [Deferred] = []
        for group in model.schema.uniqueTogether {
            statements.append(try uniqueTogetherStatement(group, of: model))
        }
        for constraint in model.schema.constraints where !isInline(constraint) {
            if let statement = try uniqueIndexStatement(constraint, of: model) {
                statements.append(statement)
            }
        }
        for field in model.columns {
            if let statement = fieldIndexStatement(field, of: model) {
                statements.append(statement)
            }
        }
        for index in model.schema.indexes { statements.append(try statement(index, of: model)) }
        return statements
    }

    /// The statement that makes the index of a field, if it has one.
    func fieldIndexStatement(_ field: FieldSchema, of model: TableModel) -> Deferred? {
        guard field.hasIndex, !field.isUniqueColumn, field.hasColumn else { return nil }
        let name = dialect.names.index(table: model.table, columns: [field.column])
        return Deferred(
            table: model.table,
            columns: [field.column],
            text: "CREATE INDEX \(quote(name)) ON \(quote(model.table)) (\(quote(field.column)))"
        )
    }

    private func uniqueTogetherStatement(
        _ group: [String],
        of model: TableModel
    ) throws(MigrationError) -> Deferred {
        var columns: [String] = []
        for name in group { columns.append(try model.field(name).column) }
        let name = dialect.names.unique(table: model.table, columns: columns)
        let list = columns.map(quote).joined(separator: ", ")
        return Deferred(
            table: model.table,
            columns: columns,
            text: "CREATE UNIQUE INDEX \(quote(name)) ON \(quote(model.table)) (\(list))"
        )
    }

    /// The unique index of a constraint that is not a part of the table's definition; nil on a
    /// database that cannot keep it.
    private func uniqueIndexStatement(
        _ constraint: ConstraintSchema,
        of model: TableModel
    ) throws -> Deferred? {
        let canKeep =
            constraint.kind == .unique && constraint.deferrable == nil && constraint.include.isEmpty
            && constraint.treatsNullsAsDistinct == nil
            && (constraint.condition == nil || dialect.features.supportsPartialIndexes)
        guard canKeep else { return nil }
        return try indexStatement(
            "CREATE UNIQUE INDEX",
            constraint.name,
            fields: constraint.fields,
            expressions: constraint.expressions,
            condition: constraint.condition,
            of: model
        )
    }

    private func statement(_ index: IndexSchema, of model: TableModel) throws -> Deferred {
        let condition = dialect.features.supportsPartialIndexes ? index.condition : nil
        return try indexStatement(
            "CREATE INDEX",
            index.name,
            fields: index.fields,
            expressions: index.expressions,
            condition: condition,
            of: model
        )
    }

    private func indexStatement(
        _ verb: String,
        _ name: String,
        fields: [String],
        expressions: [SchemaExpression],
        condition: Q?,
        of model: TableModel
    ) throws -> Deferred {
        var columns: [String] = []
        var parts: [String] = []
        for field in fields {
            let column = try model.field(field).column
            columns.append(column)
            parts.append(field.hasPrefix("-") ? "\(quote(column)) DESC" : quote(column))
        }
        for expression in expressions {
            columns += expression.fieldNames.compactMap { try? model.field($0).column }
            parts.append(try indexedText(expression, of: model))
        }
        var text =
            "\(verb) \(quote(name)) ON \(quote(model.table)) (\(parts.joined(separator: ", ")))"
        if let condition { text += " WHERE \(try conditionText(condition, in: model))" }
        return Deferred(table: model.table, columns: columns, text: text)
    }

    /// An expression of an index; all but plain columns are in parentheses.
    private func indexedText(_ expression: SchemaExpression, of model: TableModel) throws -> String
    {
        switch expression {
        case .ordered(let inner, let isDescending):
            return "\(try indexedText(inner, of: model)) \(isDescending ? "DESC" : "ASC")"
        case .field: return try dialect.text(of: expression, in: model)
        case .collated(let inner, let collation):
            return "\(try indexedText(inner, of: model)) COLLATE \(quote(collation))"
        default: return "(\(try dialect.text(of: expression, in: model)))"
        }
    }

    /// Makes an index.
    ///
    /// - Parameters:
    ///   - index: the index.
    ///   - model: the model.
    /// - Throws: ``MigrationError`` for an unknown field, and the database's error.
    public mutating func add(_ index: IndexSchema, to model: TableModel) async throws {
        guard model.isMigrated else { return }
        try await execute(try statement(index, of: model).text)
    }

    /// Drops an index.
    ///
    /// - Parameters:
    ///   - index: the index.
    ///   - model: the model.
    /// - Throws: the database's error.
    public mutating func remove(_ index: IndexSchema, from model: TableModel) async throws {
        guard model.isMigrated else { return }
        try await execute("DROP INDEX \(quote(index.name))")
    }

    /// Renames an index.
    ///
    /// - Parameters:
    ///   - old: the index before.
    ///   - new: the index after.
    ///   - model: the model.
    /// - Throws: the database's error.
    public mutating func rename(
        _ old: IndexSchema,
        to new: IndexSchema,
        of model: TableModel
    ) async throws {
        guard model.isMigrated, old.name != new.name else { return }
        try await remove(old, from: model)
        try await add(new, to: model)
    }

    /// Adds a constraint.
    ///
    /// - Parameters:
    ///   - constraint: the constraint.
    ///   - model: the model with it.
    /// - Throws: ``MigrationError`` for an unknown field, and the database's error.
    public mutating func add(_ constraint: ConstraintSchema, to model: TableModel) async throws {
        guard model.isMigrated else { return }
        if isInline(constraint) {
            try await dialect.add(constraint, to: model, editor: &self)
        } else if let statement = try uniqueIndexStatement(constraint, of: model) {
            try await execute(statement.text)
        }
    }

    /// Removes a constraint.
    ///
    /// - Parameters:
    ///   - constraint: the constraint.
    ///   - model: the model without it.
    /// - Throws: the database's error.
    public mutating func remove(_ constraint: ConstraintSchema, from model: TableModel) async throws
    {
        guard model.isMigrated else { return }
        if isInline(constraint) {
            try await dialect.remove(constraint, from: model, editor: &self)
        } else if try uniqueIndexStatement(constraint, of: model) != nil {
            try await execute("DROP INDEX \(quote(constraint.name))")
        }
    }

    /// Makes and drops the unique indexes of groups of fields.
    ///
    /// - Parameters:
    ///   - old: the model before.
    ///   - new: the model after.
    /// - Throws: ``MigrationError/wrongConstraintCount(_:table:columns:)`` when an index to drop is
    ///   not found, and the database's error.
    public mutating func alterUniqueTogether(of old: TableModel, as new: TableModel) async throws {
        guard new.isMigrated else { return }
        let (before, after) = (old.schema.uniqueTogether, new.schema.uniqueTogether)
        for group in before where !after.contains(group) {
            try await dropUniqueTogether(group, of: old)
        }
        for group in after where !before.contains(group) {
            try await execute(try uniqueTogetherStatement(group, of: new).text)
        }
    }

    private mutating func dropUniqueTogether(_ group: [String], of model: TableModel) async throws {
        let wanted = try uniqueTogetherStatement(group, of: model)
        if let waiting = deferred.firstIndex(where: { $0.text == wanted.text }) {
            deferred.remove(at: waiting)
            return
        }
        var name = dialect.names.unique(table: model.table, columns: wanted.columns)
        if let table = try await introspect(model.table) {
            let own = Set(model.schema.constraints.map(\.name) + model.schema.indexes.map(\.name))
            let found = table.indexes.filter { index in
                index.isUnique && !index.isPrimaryKey && !own.contains(index.name)
                    && index.columns == wanted.columns.map { $0 }
            }.map(\.name)
            if !found.contains(name) {
                guard let only = found.first, found.count == 1 else {
                    throw MigrationError.wrongConstraintCount(
                        found.count,
                        table: model.table,
                        columns: wanted.columns
                    )
                }
                name = only
            }
        }
        try await execute("DROP INDEX \(quote(name))")
    }
}
