import NuagesORM

extension PostgreSQLSchemaDialect {
    func add(
        _ field: FieldSchema,
        filler: FieldSchema,
        to old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        let hasOwnDefault =
            field.databaseDefault != nil || field.databaseDefaultExpression != nil
        let value = field.generated == nil && !hasOwnDefault ? try filler.fillerValue() : nil
        var definition = try editor.columnDefinition(
            field,
            in: new,
            filler: try value.map { try literal($0, for: filler) }
        )
        let key = try editor.foreignKeyReference(field, of: new)
        if let key { definition += " \(key.definition)" }
        let (table, column) = (sql.quote(new.table), sql.quote(field.column))
        try await editor.execute("ALTER TABLE \(table) ADD COLUMN \(column) \(definition)")
        // The rows can then be changed in the same transaction.
        if let key { try await editor.execute("SET CONSTRAINTS \(sql.quote(key.name)) IMMEDIATE") }
        if value != nil {
            try await editor.execute("ALTER TABLE \(table) ALTER COLUMN \(column) DROP DEFAULT")
        }
        try await editor.alterComment(of: field, in: new)
        editor.deferIndex(of: field, in: new)
    }

    func remove(
        _ field: FieldSchema,
        from old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        try await dropForeignKeys(of: field, in: old, editor: &editor)
        let (table, column) = (sql.quote(new.table), sql.quote(field.column))
        try await editor.execute("ALTER TABLE \(table) DROP COLUMN \(column) CASCADE")
    }

    func add(
        _ constraint: ConstraintSchema,
        to model: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        let definition = try editor.inlineDefinition(constraint, in: model)
        try await editor.execute("ALTER TABLE \(sql.quote(model.table)) ADD \(definition)")
    }

    func remove(
        _ constraint: ConstraintSchema,
        from model: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        try await dropConstraint(constraint.name, of: model, editor: &editor)
    }

    func dropConstraint(
        _ name: String,
        of model: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        try await editor.execute(
            "ALTER TABLE \(sql.quote(model.table)) DROP CONSTRAINT \(sql.quote(name))"
        )
    }

    /// Drops the foreign keys of a column; whether there were any.
    @discardableResult
    func dropForeignKeys(
        of field: FieldSchema,
        in model: TableModel,
        editor: inout SchemaEditor
    ) async throws -> Bool {
        guard field.relation?.isEnforced == true else { return false }
        var names = [try editor.foreignKeyName(field, of: model)]
        if let table = try await editor.introspect(model.table) {
            names = table.foreignKeys.filter { $0.columns == [field.column] }.compactMap(\.name)
        }
        for name in names {
            // What waits to be checked would keep the table from being changed.
            try await editor.execute("SET CONSTRAINTS \(sql.quote(name)) IMMEDIATE")
            try await dropConstraint(name, of: model, editor: &editor)
        }
        let waited = editor.forgetForeignKey(of: field, in: model)
        return waited || !names.isEmpty
    }

    func alterThrough(
        _ old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        if old.table != new.table { try await editor.renameTable(from: old.table, to: new.table) }
        let state = TableModel(renaming: old, to: new.table)
        // The unique constraint follows its columns.
        for (before, after) in zip(old.columns, new.columns) {
            try await alter(
                FieldChange(old: before, new: after, filler: after),
                of: state,
                as: new,
                editor: &editor
            )
        }
    }
}
