extension MigrationExecutor {
    /// What is dangerous about a plan where the site runs: operations that lock or rewrite a big
    /// table, lose data, or break the version that still runs, with what to do instead.
    ///
    ///     try await executor.safetyWarnings(of: executor.loader.plan())
    ///     // polls.0002_index: Create index by_author on field(s) author of model question
    ///     //   polls_question (about 2,300,000 rows): CREATE INDEX keeps others from writing …
    ///     //   Instead: AddIndexConcurrently …
    ///
    /// Tables that the plan itself makes are empty, and of no danger.
    ///
    /// - Parameters:
    ///   - plan: the steps.
    ///   - bigTable: how many rows a table has to have for its being locked to matter.
    /// - Returns: the warnings in the order of the operations.
    /// - Throws: ``MigrationError``, and the database's error.
    public func safetyWarnings(
        of plan: [MigrationPlanStep],
        bigTable: Int = 10_000
    ) async throws -> [MigrationWarning] {
        let dialect = try database.schema
        var fresh: Set<String> = []
        var sizes: [String: Int?] = [:]
        var warnings: [MigrationWarning] = []
        var state: MigrationState?
        for step in plan {
            let migration = step.migration
            let before: MigrationState
            if !step.isBackwards, let state {
                before = state
            } else {
                before =
                    try step.isBackwards
                    ? loader.stateBefore(migration.key) : self.state(before: step, in: plan)
            }
            var after = before
            var found: [MigrationWarning] = []
            var hasChanged = false
            for operation in migration.operations {
                let old = after
                try operation.apply(to: &after, app: migration.app)
                if !step.isBackwards { note(from: old, to: after, in: &fresh) }
                let hazards = await OperationHazards(
                    operation: operation,
                    step: MigrationStep(app: migration.app, old: old, new: after),
                    isBackwards: step.isBackwards,
                    dialect: dialect
                ).all()
                for hazard in hazards + waiting(operation, migration, hasChanged) {
                    if fresh.contains(hazard.table) { continue }
                    found.append(
                        MigrationWarning(
                            migration: migration.key,
                            operation: operation.describe(),
                            hazard: hazard
                        )
                    )
                }
                hasChanged = hasChanged || operation is any ModelAlteration
            }
            warnings += step.isBackwards ? found.reversed() : found
            state = step.isBackwards ? nil : after
        }
        var result: [MigrationWarning] = []
        for var warning in warnings where !result.contains(where: { $0.isLike(warning) }) {
            let table = warning.hazard.table
            if sizes.index(forKey: table) == nil {
                sizes[table] = .some(try await dialect.estimatedRows(of: table, in: database))
            }
            warning.rows = sizes[table] ?? nil
            if warning.matters(bigTable) { result.append(warning) }
        }
        return result
    }

    /// Rows that are changed after a table keep its lock for as long as that takes.
    private func waiting(
        _ operation: any MigrationOperation,
        _ migration: Migration,
        _ hasChanged: Bool
    ) -> [MigrationHazard] {
        guard operation is RunSwift, hasChanged, migration.isAtomic,
            database.features.supportsTransactionalDDL
        else { return [] }
        return [
            MigrationHazard(
                .locksTable,
                table: migration.app,
                "The tables that the migration has changed stay locked while its code runs.",
                advice: "Move the code to a migration of its own."
            )
        ]
    }

    /// Notes the tables that an operation makes, and renames those that an earlier one has made.
    private func note(
        from old: MigrationState,
        to new: MigrationState,
        in fresh: inout Set<String>
    ) {
        let (before, after) = (old.tables, new.tables)
        let (gone, come) = (before.subtracting(after), after.subtracting(before))
        if gone.isEmpty || !gone.isDisjoint(with: fresh) { fresh.formUnion(come) }
    }
}

extension MigrationState {
    /// The names of all tables, those of many-to-many relations among them.
    fileprivate var tables: Set<String> {
        var names: Set<String> = []
        for schema in orderedModels {
            let model = TableModel(schema, state: self)
            names.insert(model.table)
            for (_, through) in (try? model.throughModels()) ?? [] { names.insert(through.table) }
        }
        return names
    }
}

extension MigrationWarning {
    fileprivate func isLike(_ other: Self) -> Bool {
        migration == other.migration && operation == other.operation && hazard == other.hazard
    }

    /// Whether the table has enough rows for the danger to be one.
    fileprivate func matters(_ bigTable: Int) -> Bool {
        switch hazard.kind {
        case .locksTable, .rewritesTable: rows.map { $0 >= bigTable } ?? true
        case .losesData: rows.map { $0 > 0 } ?? true
        case .breaksRunningVersion: true
        }
    }
}
