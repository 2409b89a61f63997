import NuagesORM

extension MySQLSchemaDialect {
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
        let definition = try editor.columnDefinition(
            field,
            in: new,
            filler: try value.map { try literal($0, for: filler) }
        )
        let (table, column) = (sql.quote(new.table), sql.quote(field.column))
        var actions = ["ADD COLUMN \(column) \(definition)"]
        if let relation = field.relation, relation.isEnforced {
            let name = sql.quote(try editor.foreignKeyName(field, of: new))
            let reference = try editor.referenceText(field, relation, in: new)
            actions.append("ADD CONSTRAINT \(name) FOREIGN KEY (\(column)) \(reference)")
        }
        try await editor.execute("ALTER TABLE \(table) \(actions.joined(separator: ", "))")
        if value != nil {
            try await editor.execute("ALTER TABLE \(table) ALTER COLUMN \(column) DROP DEFAULT")
        }
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
        try await editor.execute("ALTER TABLE \(table) DROP COLUMN \(column)")
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
        if constraint.kind == .unique {
            let columns = try constraint.fields.map { try model.field($0).column }
            try await prepareToDropIndex(over: columns, of: model, editor: &editor)
        }
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

    /// A foreign key uses any index that begins with its column, and needs one: where the one that
    /// goes is the last, it gets one of its own.
    func prepareToDropIndex(
        over columns: [String],
        of model: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        guard let first = columns.first,
            model.columns.contains(where: {
                $0.column == first && $0.relation?.isEnforced == true
            }),
            let table = try await editor.introspect(model.table),
            table.indexes.count(where: { $0.columns.first == first }) == 1
        else { return }
        let name = sql.quote(names.index(table: model.table, columns: [first]))
        try await editor.execute(
            "CREATE INDEX \(name) ON \(sql.quote(model.table)) (\(sql.quote(first)))"
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
            try await editor.execute(
                "ALTER TABLE \(sql.quote(model.table)) DROP FOREIGN KEY \(sql.quote(name))"
            )
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
