/// What an operation of a migration does to tables, told from its models and its SQL.
struct OperationHazards {
    let operation: any MigrationOperation
    let step: MigrationStep
    let isBackwards: Bool
    let dialect: any SchemaDialect

    /// All that is dangerous about it.
    func all() async -> [MigrationHazard] {
        if let parts {
            var found: [MigrationHazard] = []
            for part in parts { found += await part.all() }
            return found
        }
        let statements = await statements()
        let isRaw = operation is RunSQL
        let found = statements.flatMap { statement in
            let words = StatementWords(statement)
            return dialect.hazards(of: words, changing: typeChange)
                + (isRaw ? Self.losses(words) : [])
        }
        // Whoever writes a table anew also makes its indexes.
        let rewritten = Set(found.filter { $0.kind == .rewritesTable }.map(\.table))
        return structural()
            + found.filter { $0.kind != .locksTable || !rewritten.contains($0.table) }
    }

    /// The tables that are written anew or looked through, while others wait.
    func slowTables() async -> [String] {
        var tables: [String] = []
        for part in parts ?? [] {
            tables += await part.slowTables().filter { !tables.contains($0) }
        }
        if parts != nil { return tables }
        for statement in await statements() {
            let found = dialect.hazards(of: StatementWords(statement), changing: typeChange)
                .filter { $0.kind == .rewritesTable || $0.kind == .locksTable }
            for hazard in found where !tables.contains(hazard.table) { tables.append(hazard.table) }
        }
        return tables
    }

    /// The operations on the database of one that changes the models apart; nil for another one.
    private var parts: [OperationHazards]? {
        guard let apart = operation as? SeparateDatabaseAndState else { return nil }
        let steps = (try? apart.steps(from: step)) ?? []
        return (isBackwards ? steps.reversed() : steps).map { operation, step in
            OperationHazards(
                operation: operation,
                step: step,
                isBackwards: isBackwards,
                dialect: dialect
            )
        }
    }

    /// The SQL of the operation; what cannot be told without the database is left out.
    private func statements() async -> [String] {
        guard operation.reducesToSQL else { return [] }
        var editor = SchemaEditor(collectingFor: dialect)
        do {
            if isBackwards {
                try await operation.migrateBackwards(step, editor: &editor)
            } else {
                try await operation.migrateForwards(step, editor: &editor)
            }
            try await editor.finish()
        } catch {
            // The migration itself will say what is wrong with it.
        }
        // Comments have no words.
        return editor.collected.filter { !StatementWords($0).words.isEmpty }
    }

    /// The types of an altered column before and after.
    private var typeChange: ColumnTypeChange? {
        guard let alter = operation as? AlterField,
            let old = try? TableModel(alter.label(step.app), in: step.old),
            let new = try? TableModel(alter.label(step.app), in: step.new),
            let before = try? old.typeField(of: old.field(alter.fieldName)),
            let after = try? new.typeField(of: new.field(alter.fieldName))
        else { return nil }
        let change = ColumnTypeChange(
            from: dialect.columnType(of: before, isReference: false),
            to: dialect.columnType(of: after, isReference: false)
        )
        return isBackwards ? ColumnTypeChange(from: change.to, to: change.from) : change
    }

    // MARK: Models

    private func structural() -> [MigrationHazard] {
        switch (operation, isBackwards) {
        case (let remove as RemoveField, false): return dropped(remove.name, remove, step.old)
        case (let add as AddField, true): return dropped(add.fieldName, add, step.new)
        case (let delete as DeleteModel, false): return dropped(delete.name, step.app, step.old)
        case (let create as CreateModel, true): return dropped(create.name, step.app, step.new)
        case (let add as AddField, false): return added(add)
        case (let alter as AlterField, false): return altered(alter, alter.fieldName)
        case (let rename as RenameField, false): return altered(rename, rename.newName)
        case (let rename as RenameModel, false):
            return renamed(
                MigrationState.label(step.app, rename.oldName),
                MigrationState.label(step.app, rename.newName)
            )
        case (let alter as AlterModelTable, false):
            return renamed(alter.label(step.app), alter.label(step.app))
        default: return []
        }
    }

    private func dropped(
        _ field: String,
        _ operation: some FieldOperation,
        _ state: MigrationState
    ) -> [MigrationHazard] {
        guard let model = try? TableModel(operation.label(step.app), in: state), model.isMigrated,
            let schema = try? model.field(field)
        else { return [] }
        if let through = model.throughModel(of: schema) { return dropped(through.table) }
        guard schema.hasColumn else { return [] }
        let loss = MigrationHazard(
            .losesData,
            table: model.table,
            "The values of the column '\(schema.column)' are gone.",
            advice: "Keep a copy of them, or take the field out of the models first "
                + "(SeparateDatabaseAndState with RemoveField in its state) and drop the column "
                + "once nobody misses it."
        )
        if isBackwards { return [loss] }
        return [
            loss,
            MigrationHazard(
                .breaksRunningVersion,
                table: model.table,
                "The version that still runs names the column '\(schema.column)' in its queries.",
                advice: "Allow null or give the column a default of the database, deploy a version "
                    + "without the field (SeparateDatabaseAndState with RemoveField in its state), "
                    + "then drop the column in a later migration."
            ),
        ]
    }

    private func dropped(
        _ name: String,
        _ app: String,
        _ state: MigrationState
    ) -> [MigrationHazard] {
        guard let model = try? TableModel(MigrationState.label(app, name), in: state),
            model.isMigrated
        else { return [] }
        return dropped(model.table)
    }

    private func dropped(_ table: String) -> [MigrationHazard] {
        let loss = MigrationHazard(
            .losesData,
            table: table,
            "All rows of the table are gone.",
            advice: "Keep a copy of them, or leave the table where it is: "
                + "SeparateDatabaseAndState with the removal in its state only."
        )
        if isBackwards { return [loss] }
        return [
            loss,
            MigrationHazard(
                .breaksRunningVersion,
                table: table,
                "The version that still runs queries the table.",
                advice: "Deploy a version without it first (SeparateDatabaseAndState with the "
                    + "removal in its state), then drop the table in a later migration."
            ),
        ]
    }

    private func added(_ add: AddField) -> [MigrationHazard] {
        guard let model = try? TableModel(add.label(step.app), in: step.new), model.isMigrated,
            add.field.hasColumn, !add.field.isNullable, add.field.generated == nil,
            add.field.databaseDefault == nil, add.field.databaseDefaultExpression == nil
        else { return [] }
        return [
            MigrationHazard(
                .breaksRunningVersion,
                table: model.table,
                "The version that still runs inserts rows without the column "
                    + "'\(add.field.column)', which takes no null and has no default in the database.",
                advice: "Give the field a databaseDefault; or allow null, deploy, fill the column, "
                    + "and forbid nulls in a later migration."
            )
        ]
    }

    private func altered(_ operation: some FieldOperation, _ name: String) -> [MigrationHazard] {
        guard let old = try? TableModel(operation.label(step.app), in: step.old),
            let new = try? TableModel(operation.label(step.app), in: step.new), new.isMigrated,
            let before = try? old.field(operation.fieldName), let after = try? new.field(name),
            before.hasColumn, after.hasColumn
        else { return [] }
        var hazards: [MigrationHazard] = []
        if before.column != after.column {
            hazards.append(
                MigrationHazard(
                    .breaksRunningVersion,
                    table: new.table,
                    "The version that still runs calls the column '\(before.column)', not "
                        + "'\(after.column)'.",
                    advice: "Keep the column's name (databaseColumn: \"\(before.column)\"); or add "
                        + "a second column, write both, copy, and drop the first one later."
                )
            )
        }
        if before.isNullable, !after.isNullable {
            hazards.append(
                MigrationHazard(
                    .breaksRunningVersion,
                    table: new.table,
                    "The version that still runs may leave the column '\(after.column)' empty.",
                    advice: "Deploy a version that always fills the field, then forbid nulls."
                )
            )
        }
        return hazards
    }

    private func renamed(_ oldLabel: String, _ newLabel: String) -> [MigrationHazard] {
        guard let old = try? TableModel(oldLabel, in: step.old),
            let new = try? TableModel(newLabel, in: step.new), new.isMigrated,
            old.table != new.table
        else { return [] }
        return [
            MigrationHazard(
                .breaksRunningVersion,
                table: old.table,
                "The version that still runs calls the table '\(old.table)', not '\(new.table)'.",
                advice:
                    "Keep the table's name (databaseTable: \"\(old.table)\"); or rename it while "
                    + "the site is down."
            )
        ]
    }

    // MARK: SQL of one's own

    /// What statements that were written by hand lose.
    private static func losses(_ words: StatementWords) -> [MigrationHazard] {
        var found: [(table: String, reason: String)] = []
        if words.starts(with: "DROP", "TABLE"), let table = words.name(after: "DROP", "TABLE") {
            found.append((table, "All rows of the table are gone."))
        }
        if words.starts(with: "TRUNCATE") {
            let table =
                words.name(after: "TRUNCATE", "TABLE") ?? words.name(after: "TRUNCATE") ?? "?"
            found.append((table, "All rows of the table are gone."))
        }
        if words.starts(with: "DELETE", "FROM"), !words.contains("WHERE"),
            let table = words.name(after: "DELETE", "FROM")
        {
            found.append((table, "All rows of the table are gone."))
        }
        if words.contains("DROP", "COLUMN"), let table = words.name(after: "ALTER", "TABLE") {
            found.append((table, "The values of a column are gone."))
        }
        return found.map { table, reason in
            MigrationHazard(.losesData, table: table, reason, advice: "Keep a copy of them.")
        }
    }
}

/// The type of a column before and after a change.
public struct ColumnTypeChange: Sendable, Hashable {
    /// The type before, such as `varchar(50)`.
    public var from: String
    /// The type after.
    public var to: String

    /// A change of a column's type.
    ///
    /// - Parameters:
    ///   - from: the type before.
    ///   - to: the type after.
    public init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}
