import NuagesORM

extension MySQLSchemaDialect {
    func alter(
        _ change: FieldChange,
        of old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        var alteration = try ColumnAlteration(change, old, new, self, editor)
        guard try alteration.isNeeded(editor) else { return }
        try await alteration.prepare(&editor)
        try await alteration.rename(&editor)
        try await alteration.changeColumn(&editor)
        try await alteration.complete(&editor)
    }
}

/// The change of one column: what stands in its way is dropped, the column gets its new
/// definition as a whole, and what belongs to it is made again.
private struct ColumnAlteration {
    private let old: FieldSchema
    private let new: FieldSchema
    private let filler: FieldSchema
    private let oldModel: TableModel
    private let newModel: TableModel
    private let dialect: MySQLSchemaDialect
    private let oldType: String
    private let newType: String
    private let oldCollation: String?
    private let newCollation: String?
    private var droppedForeignKeys = false

    init(
        _ change: FieldChange,
        _ oldModel: TableModel,
        _ newModel: TableModel,
        _ dialect: MySQLSchemaDialect,
        _ editor: SchemaEditor
    ) throws {
        old = change.old
        new = change.new
        filler = change.filler
        // The table is called by its present name.
        self.oldModel =
            oldModel.table == newModel.table
            ? oldModel : TableModel(renaming: oldModel, to: newModel.table)
        self.newModel = newModel
        self.dialect = dialect
        oldType = try editor.columnType(of: old, in: oldModel)
        newType = try editor.columnType(of: new, in: newModel)
        oldCollation = try Self.collation(old, oldModel, editor)
        newCollation = try Self.collation(new, newModel, editor)
    }

    private static func collation(
        _ field: FieldSchema,
        _ model: TableModel,
        _ editor: SchemaEditor
    ) throws -> String? {
        try field.databaseCollation
            ?? (field.isRelation ? editor.typeField(of: field, in: model).databaseCollation : nil)
    }

    private var table: String { dialect.sql.quote(newModel.table) }
    private var column: String { dialect.sql.quote(new.column) }
    private var becamePrimaryKey: Bool { !old.isPrimaryKey && new.isPrimaryKey }
    private var typeChanges: Bool { oldType != newType || oldCollation != newCollation }

    private func isIndexed(_ field: FieldSchema, _ type: String) -> Bool {
        field.hasIndex && !field.isUniqueColumn && dialect.hasOwnIndex(field, type: type)
    }

    /// Whether the columns that refer to this one have to change with it.
    private var changesReferrers: Bool {
        (old.isPrimaryKey && new.isPrimaryKey || old.isUniqueColumn && new.isUniqueColumn)
            && typeChanges
    }

    /// Whether the table looks different afterwards.
    func isNeeded(_ editor: SchemaEditor) throws -> Bool {
        let before = try definition(of: old, in: oldModel, editor)
        let after = try definition(of: new, in: newModel, editor)
        return old.column != new.column || old.isPrimaryKey != new.isPrimaryKey
            || old.isUniqueColumn != new.isUniqueColumn
            || isIndexed(old, oldType) != isIndexed(new, newType) || foreignKeyChanges
            || before != after
    }

    private var foreignKeyChanges: Bool {
        func key(_ field: FieldSchema, _ model: TableModel) -> [String?] {
            guard let relation = field.relation, relation.isEnforced,
                let target = try? model.target(of: field)
            else { return [] }
            let rule = relation.onDelete
            let isTheDatabases = [
                DeleteRule.databaseCascade, .databaseSetNull, .databaseSetDefault,
            ].contains(rule)
            return [
                target.model.table, target.field.column, isTheDatabases ? rule.rawValue : nil,
            ]
        }
        return key(old, oldModel) != key(new, newModel)
    }

    /// The definition of a column without its keys.
    private func definition(
        of field: FieldSchema,
        in model: TableModel,
        _ editor: SchemaEditor,
        isNullable: Bool? = nil
    ) throws -> String {
        var field = field
        field.isPrimaryKey = false
        field.isUnique = false
        if field.type == .oneToOneField { field.type = .foreignKey }
        if let isNullable { field.isNullable = isNullable }
        return try editor.columnDefinition(field, in: model)
    }

    // MARK: Before

    /// Drops what would keep the column from being changed.
    mutating func prepare(_ editor: inout SchemaEditor) async throws {
        // A new comment alone leaves the key.
        if old.relation?.isEnforced == true,
            foreignKeyChanges || typeChanges || old.column != new.column
                || new.relation?.isEnforced != true
        {
            droppedForeignKeys = try await dialect.dropForeignKeys(
                of: old,
                in: oldModel,
                editor: &editor
            )
        }
        if changesReferrers {
            for (model, field) in referrers(in: oldModel, to: old) {
                try await dialect.dropForeignKeys(of: field, in: model, editor: &editor)
            }
        }
        if old.isUniqueColumn, !old.isPrimaryKey, !new.isUniqueColumn || becamePrimaryKey {
            try await dropIndexes(areUnique: true, &editor)
        }
        if hadIndex, !keepsKey, !new.hasIndex || new.isUniqueColumn || !isIndexable(new) {
            editor.forget(column: old.column, of: newModel.table)
            try await dropIndexes(areUnique: false, &editor)
        }
    }

    private var hadIndex: Bool { old.hasIndex && !old.isUniqueColumn }

    /// Whether the foreign key stays, which needs an index all the time.
    private var keepsKey: Bool {
        old.relation?.isEnforced == true && new.relation?.isEnforced == true && !droppedForeignKeys
    }

    private func isIndexable(_ field: FieldSchema) -> Bool {
        field.relation?.isEnforced == true || dialect.hasOwnIndex(field, type: newType)
    }

    /// Drops the indexes of the column alone that no constraint or index of the model's own is.
    private func dropIndexes(areUnique: Bool, _ editor: inout SchemaEditor) async throws {
        var names =
            areUnique
            ? [old.column] : [dialect.names.index(table: newModel.table, columns: [old.column])]
        if let table = try await editor.introspect(newModel.table) {
            let own = Set(
                newModel.schema.constraints.map(\.name) + newModel.schema.indexes.map(\.name)
            )
            names = table.indexes.filter { index in
                index.isUnique == areUnique && !index.isPrimaryKey
                    && index.columns == [old.column] && !own.contains(index.name)
            }.map(\.name)
        }
        if areUnique, new.relation?.isEnforced == true {
            try await dialect.prepareToDropIndex(
                over: [old.column],
                of: oldModel,
                editor: &editor
            )
        }
        for name in names {
            try await editor.execute(dialect.dropIndex(dialect.sql.quote(name), of: table))
        }
    }

    // MARK: The column

    func rename(_ editor: inout SchemaEditor) async throws {
        guard old.column != new.column else { return }
        let before = dialect.sql.quote(old.column)
        try await editor.execute("ALTER TABLE \(table) RENAME COLUMN \(before) TO \(column)")
        editor.renameDeferred(column: old.column, to: new.column, of: newModel.table)
    }

    func changeColumn(_ editor: inout SchemaEditor) async throws {
        var actions: [String] = []
        if old.isPrimaryKey, !new.isPrimaryKey { actions.append("DROP PRIMARY KEY") }
        var renamed = old
        renamed.databaseColumn = new.column
        let before = try definition(of: renamed, in: oldModel, editor)
        let after = try definition(of: new, in: newModel, editor)
        if before != after {
            if let fill = try fillText() {
                if typeChanges {
                    // The value may be one of the new type only.
                    let open = try definition(of: new, in: newModel, editor, isNullable: true)
                    try await editor.execute("ALTER TABLE \(table) MODIFY \(column) \(open)")
                }
                try await editor.execute(
                    "UPDATE \(table) SET \(column) = \(fill) WHERE \(column) IS NULL"
                )
            }
            actions.append("MODIFY \(column) \(after)")
        }
        if becamePrimaryKey { actions.append("ADD PRIMARY KEY (\(column))") }
        guard !actions.isEmpty else { return }
        try await editor.execute("ALTER TABLE \(table) \(actions.joined(separator: ", "))")
    }

    /// What takes the place of nulls that are not allowed any more.
    private func fillText() throws -> String? {
        guard old.isNullable, !new.isNullable else { return nil }
        if let value = new.databaseDefault { return try dialect.literal(value, for: new) }
        if let expression = new.databaseDefaultExpression {
            return "(\(try dialect.text(of: expression, in: newModel)))"
        }
        return try filler.fillerValue().map { try dialect.literal($0, for: filler) }
    }

    // MARK: After

    func complete(_ editor: inout SchemaEditor) async throws {
        if !new.isPrimaryKey, new.isUniqueColumn, !old.isUniqueColumn || old.isPrimaryKey {
            let name = dialect.names.unique(table: newModel.table, columns: [new.column])
            try await editor.execute(
                """
                ALTER TABLE \(table) ADD CONSTRAINT \(dialect.sql.quote(name)) UNIQUE (\(column))
                """
            )
            if hadIndex, keepsKey {
                editor.forget(column: old.column, of: newModel.table)
                try await dropIndexes(areUnique: false, &editor)
            }
        }
        if isIndexed(new, newType), !isIndexed(old, oldType),
            let statement = editor.ownIndexStatement(new, of: newModel),
            try await !keepsIndexOfKey(editor)
        {
            try await editor.execute(statement)
        }
        if changesReferrers || becamePrimaryKey { try await alterReferrers(&editor) }
        let hadKey = old.relation?.isEnforced == true
        if droppedForeignKeys || !hadKey,
            let key = try editor.foreignKeyStatement(new, of: newModel)
        {
            try await editor.execute(key.text)
        }
        guard changesReferrers else { return }
        for (model, field) in referrers(in: newModel, to: new) {
            if let key = try editor.foreignKeyStatement(field, of: model, isRebuilt: true) {
                try await editor.execute(key.text)
            }
        }
    }

    /// Whether the index that a foreign key had is still there; it outlives the key.
    private func keepsIndexOfKey(_ editor: SchemaEditor) async throws -> Bool {
        guard old.relation?.isEnforced == true,
            let table = try await editor.introspect(newModel.table)
        else { return false }
        return table.indexes.contains { !$0.isUnique && $0.columns == [new.column] }
    }

    /// Gives the columns that refer to this one its type.
    private func alterReferrers(_ editor: inout SchemaEditor) async throws {
        for (model, field) in referrers(in: newModel, to: new) {
            let text = try definition(of: field, in: model, editor)
            let (table, column) = (dialect.sql.quote(model.table), dialect.sql.quote(field.column))
            try await editor.execute("ALTER TABLE \(table) MODIFY \(column) \(text)")
        }
    }

    private func referrers(
        in model: TableModel,
        to target: FieldSchema
    ) -> [(TableModel, FieldSchema)] {
        model.referrers(to: target).flatMap { referrer in
            referrer.columns.filter { column in
                guard column.relation != nil, let end = try? referrer.target(of: column) else {
                    return false
                }
                return end.model.table == model.table && end.field.name == target.name
            }.map { (referrer, $0) }
        }
    }
}
