import NuagesORM

extension PostgreSQLSchemaDialect {
    func alter(
        _ change: FieldChange,
        of old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        var alteration = try ColumnAlteration(change, old, new, self, editor)
        guard alteration.isNeeded else { return }
        try await alteration.prepare(&editor)
        try await alteration.rename(&editor)
        try await alteration.changeColumn(&editor)
        try await alteration.complete(&editor)
    }
}

/// The change of one column, in the order in which Django makes it.
private struct ColumnAlteration {
    private let old: FieldSchema
    private let new: FieldSchema
    private let filler: FieldSchema
    private let oldModel: TableModel
    private let newModel: TableModel
    private let dialect: PostgreSQLSchemaDialect
    private let oldType: String
    private let newType: String
    private let oldCollation: String?
    private let newCollation: String?
    private var droppedForeignKeys = false

    init(
        _ change: FieldChange,
        _ oldModel: TableModel,
        _ newModel: TableModel,
        _ dialect: PostgreSQLSchemaDialect,
        _ editor: SchemaEditor
    ) throws {
        old = change.old
        new = change.new
        filler = change.filler
        self.oldModel = oldModel
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
    private var oldIsIndexed: Bool { old.hasIndex && !old.isUniqueColumn }
    private var newIsIndexed: Bool { new.hasIndex && !new.isUniqueColumn }
    private var becamePrimaryKey: Bool { !old.isPrimaryKey && new.isPrimaryKey }
    private var typeChanges: Bool { oldType != newType || oldCollation != newCollation }

    /// Whether the columns that refer to this one have to change with it.
    private var changesReferrers: Bool {
        (old.isPrimaryKey && new.isPrimaryKey || old.isUniqueColumn && new.isUniqueColumn)
            && typeChanges
    }

    private var oldCheck: String? {
        old.isRelation
            ? nil : dialect.check(of: old, column: dialect.sql.quote(old.column))
    }
    private var newCheck: String? {
        new.isRelation ? nil : dialect.check(of: new, column: column)
    }

    /// Whether the table looks different afterwards.
    var isNeeded: Bool {
        old.column != new.column || typeChanges || old.isNullable != new.isNullable
            || old.isPrimaryKey != new.isPrimaryKey || old.isUniqueColumn != new.isUniqueColumn
            || old.hasIndex != new.hasIndex || oldCheck != newCheck
            || old.type.isCounting != new.type.isCounting
            || old.databaseDefault != new.databaseDefault
            || old.databaseDefaultExpression != new.databaseDefaultExpression
            || old.databaseComment != new.databaseComment || foreignKeyChanges
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
                in: inNewTable(oldModel),
                editor: &editor
            )
        }
        if old.isUniqueColumn, !old.isPrimaryKey, !new.isUniqueColumn || becamePrimaryKey {
            try await dropUnique(&editor)
        }
        if changesReferrers {
            for (model, field) in referrers(in: oldModel) {
                try await dialect.dropForeignKeys(of: field, in: model, editor: &editor)
                if leavesText { try await dropPatternIndex(field, of: model, &editor) }
            }
        }
        if oldIsIndexed, !newIsIndexed { try await dropIndexes(&editor) }
        if oldCheck != newCheck, oldCheck != nil { try await dropChecks(&editor) }
        let hadPatternIndex = try editor.patternIndexStatement(old, of: inNewTable(oldModel)) != nil
        if hadPatternIndex, try editor.patternIndexStatement(new, of: newModel) == nil {
            try await dropPatternIndex(old, of: newModel, &editor)
        }
    }

    /// Whether the column was of text and is not any more.
    private var leavesText: Bool {
        dialect.patternOperatorClass(ofType: oldType) != nil
            && dialect.patternOperatorClass(ofType: newType) == nil
    }

    private func dropPatternIndex(
        _ field: FieldSchema,
        of model: TableModel,
        _ editor: inout SchemaEditor
    ) async throws {
        let name = dialect.names.index(
            table: model.table,
            columns: [field.column],
            suffix: "_like"
        )
        try await editor.execute(dialect.dropIndex(dialect.sql.quote(name), of: table))
    }

    /// The model before with the table's present name.
    private func inNewTable(_ model: TableModel) -> TableModel {
        model.table == newModel.table ? model : TableModel(renaming: model, to: newModel.table)
    }

    private func dropUnique(_ editor: inout SchemaEditor) async throws {
        var names = ["\(newModel.table)_\(old.column)_key"]
        if let table = try await editor.introspect(newModel.table) {
            let own = Set(newModel.schema.constraints.map(\.name))
            names = table.indexes.filter { index in
                index.isUnique && !index.isPrimaryKey && index.belongsToConstraint
                    && index.columns == [old.column] && !own.contains(index.name)
            }.map(\.name)
        }
        for name in names {
            try await dialect.dropConstraint(name, of: newModel, editor: &editor)
        }
    }

    private func dropIndexes(_ editor: inout SchemaEditor) async throws {
        var names = [dialect.names.index(table: newModel.table, columns: [old.column])]
        if let table = try await editor.introspect(newModel.table) {
            let own = Set(newModel.schema.indexes.map(\.name))
            // A unique column has that for patterns as well.
            let keepsPatterns = try editor.patternIndexStatement(new, of: newModel) != nil
            names = table.indexes.filter { index in
                !index.isUnique && !index.isPartial && index.method == "btree"
                    && index.columns == [old.column] && !own.contains(index.name)
                    && !(keepsPatterns && index.operatorClasses.contains { $0 != nil })
            }.map(\.name)
        }
        editor.forget(column: old.column, of: newModel.table)
        for name in names {
            try await editor.execute(dialect.dropIndex(dialect.sql.quote(name), of: table))
        }
    }

    private func dropChecks(_ editor: inout SchemaEditor) async throws {
        var names = ["\(newModel.table)_\(old.column)_check"]
        if let table = try await editor.introspect(newModel.table) {
            let own = Set(newModel.schema.constraints.map(\.name))
            names = table.checks.filter {
                $0.columns == [old.column] && !own.contains($0.name)
            }.map(\.name)
        }
        for name in names {
            try await dialect.dropConstraint(name, of: newModel, editor: &editor)
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
        var later: [String] = []
        if oldType != newType || oldCollation != newCollation
            || old.type.isCounting != new.type.isCounting
        {
            let changes = try await typeActions(&editor)
            actions += changes.actions
            later += changes.later
        }
        let newDefault = try databaseDefault(new, newModel)
        let oldDefault = try databaseDefault(old, oldModel)
        if let newDefault, newDefault != oldDefault {
            actions.append("ALTER COLUMN \(column) SET DEFAULT \(newDefault)")
        } else if newDefault == nil, oldDefault != nil {
            actions.append("ALTER COLUMN \(column) DROP DEFAULT")
        }
        let nullAction = new.isNullable ? "DROP NOT NULL" : "SET NOT NULL"
        let fill = try fillText(newDefault)
        if old.isNullable != new.isNullable, fill == nil {
            actions.append("ALTER COLUMN \(column) \(nullAction)")
        }
        if let fill, newDefault == nil {
            // For rows that others add meanwhile.
            actions.append("ALTER COLUMN \(column) SET DEFAULT \(fill)")
        }
        if !actions.isEmpty {
            try await editor.execute("ALTER TABLE \(table) \(actions.joined(separator: ", "))")
        }
        if let fill {
            try await editor.execute(
                "UPDATE \(table) SET \(column) = \(fill) WHERE \(column) IS NULL"
            )
            try await editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            try await editor.execute("ALTER TABLE \(table) ALTER COLUMN \(column) \(nullAction)")
        }
        for statement in later { try await editor.execute(statement) }
        if old.databaseComment != new.databaseComment {
            var field = new
            field.databaseComment = new.databaseComment ?? ""
            try await editor.alterComment(of: field, in: newModel)
        }
    }

    private func databaseDefault(_ field: FieldSchema, _ model: TableModel) throws -> String? {
        if let value = field.databaseDefault { return try dialect.literal(value, for: field) }
        return try field.databaseDefaultExpression.map {
            "(\(try dialect.text(of: $0, in: model)))"
        }
    }

    /// What takes the place of nulls that are not allowed any more.
    private func fillText(_ databaseDefault: String?) throws -> String? {
        guard old.isNullable, !new.isNullable else { return nil }
        if let databaseDefault { return databaseDefault }
        return try filler.fillerValue().map { try dialect.literal($0, for: filler) }
    }

    /// What changes the type, and what has to follow.
    private func typeActions(
        _ editor: inout SchemaEditor
    ) async throws -> (actions: [String], later: [String]) {
        let (wasCounting, isCounting) = (old.type.isCounting, new.type.isCounting)
        var later: [String] = []
        if wasCounting, !isCounting {
            try await editor.execute(
                "ALTER TABLE \(table) ALTER COLUMN \(column) DROP IDENTITY IF EXISTS"
            )
        }
        if isCounting, !wasCounting {
            later.append(
                "ALTER TABLE \(table) ALTER COLUMN \(column) ADD GENERATED BY DEFAULT AS IDENTITY"
            )
            return (["ALTER COLUMN \(column) TYPE \(newType)\(using)"], later)
        }
        if wasCounting, isCounting, let sequence = try await sequence(editor) {
            later.append("ALTER SEQUENCE IF EXISTS \(sequence) AS \(newType)")
        }
        var action = "ALTER COLUMN \(column) TYPE \(newType)"
        if let newCollation { action += " COLLATE \(dialect.sql.quote(newCollation))" }
        return ([action + using], later)
    }

    /// How the values that are there become values of the new type.
    private var using: String {
        base(oldType) == base(newType) || new.generated != nil
            ? "" : " USING \(column)::\(newType)"
    }

    /// The type without what stands in parentheses.
    private func base(_ type: String) -> Substring { type.prefix { $0 != "(" } }

    /// The name of the sequence that counts the column up.
    private func sequence(_ editor: SchemaEditor) async throws -> String? {
        guard let database = editor.database else { return nil }
        let rows = try await database.rows(
            "SELECT pg_get_serial_sequence(\(dialect.sql.quote(newModel.table)), \(new.column))"
        )
        guard case .text(let name)? = rows.first?.first else { return nil }
        return name
    }

    // MARK: After

    func complete(_ editor: inout SchemaEditor) async throws {
        if old.isPrimaryKey, !new.isPrimaryKey { try await dropPrimaryKey(&editor) }
        if !new.isPrimaryKey, new.isUniqueColumn, !old.isUniqueColumn || old.isPrimaryKey {
            let name = dialect.names.unique(table: newModel.table, columns: [new.column])
            try await editor.execute(
                """
                ALTER TABLE \(table) ADD CONSTRAINT \(dialect.sql.quote(name)) UNIQUE (\(column))
                """
            )
        }
        if newIsIndexed, !oldIsIndexed, let statement = editor.ownIndexStatement(new, of: newModel)
        {
            try await editor.execute(statement)
        }
        if becamePrimaryKey {
            let name = dialect.names.index(
                table: newModel.table,
                columns: [new.column],
                suffix: "_pk"
            )
            try await editor.execute(
                """
                ALTER TABLE \(table) ADD CONSTRAINT \(dialect.sql.quote(name)) \
                PRIMARY KEY (\(column))
                """
            )
        }
        if changesReferrers || becamePrimaryKey { try await alterReferrers(&editor) }
        let hadKey = old.relation?.isEnforced == true
        if droppedForeignKeys || !hadKey,
            let key = try editor.foreignKeyStatement(new, of: newModel)
        {
            try await editor.execute(key.text)
        }
        if changesReferrers {
            for (model, field) in referrers(in: newModel, to: new) {
                if let key = try editor.foreignKeyStatement(field, of: model, isRebuilt: true) {
                    try await editor.execute(key.text)
                }
            }
        }
        if let newCheck, oldCheck != newCheck {
            let name = dialect.names.index(
                table: newModel.table,
                columns: [new.column],
                suffix: "_check"
            )
            try await editor.execute(
                "ALTER TABLE \(table) ADD CONSTRAINT \(dialect.sql.quote(name)) CHECK (\(newCheck))"
            )
        }
        if try databaseDefault(new, newModel) == nil, try fillText(nil) != nil {
            try await editor.execute("ALTER TABLE \(table) ALTER COLUMN \(column) DROP DEFAULT")
        }
        try await updatePatternIndex(&editor)
    }

    private func dropPrimaryKey(_ editor: inout SchemaEditor) async throws {
        var names = ["\(newModel.table)_pkey"]
        if let found = try await editor.introspect(newModel.table) {
            names = found.indexes.filter(\.isPrimaryKey).map(\.name)
        }
        for name in names {
            try await dialect.dropConstraint(name, of: newModel, editor: &editor)
        }
    }

    /// Gives the columns that refer to this one its type.
    private func alterReferrers(_ editor: inout SchemaEditor) async throws {
        for (model, field) in referrers(in: newModel, to: new) {
            let type = try editor.columnType(of: field, in: model)
            let (table, column) = (dialect.sql.quote(model.table), dialect.sql.quote(field.column))
            let using = base(oldType) == base(newType) ? "" : " USING \(column)::\(type)"
            try await editor.execute(
                "ALTER TABLE \(table) ALTER COLUMN \(column) TYPE \(type)\(using)"
            )
            if dialect.patternOperatorClass(ofType: oldType) == nil,
                let index = try editor.patternIndexStatement(field, of: model)
            {
                try await editor.execute(index.text)
            }
        }
    }

    private func referrers(
        in model: TableModel,
        to field: FieldSchema? = nil
    ) -> [(TableModel, FieldSchema)] {
        let target = field ?? old
        return model.referrers(to: target).flatMap { referrer in
            referrer.columns.filter { column in
                guard column.relation != nil, let end = try? referrer.target(of: column) else {
                    return false
                }
                return end.model.table == model.table && end.field.name == target.name
            }.map { (referrer, $0) }
        }
    }

    /// The second index that patterns need on text.
    private func updatePatternIndex(_ editor: inout SchemaEditor) async throws {
        let before = try editor.patternIndexStatement(old, of: inNewTable(oldModel))
        let after = try editor.patternIndexStatement(new, of: newModel)
        if before == nil, let after {
            try await editor.execute(after.text)
        }
    }
}
