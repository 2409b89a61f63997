/// Applies migrations to a database and undoes them.
///
///     let executor = try await MigrationExecutor(database, migrations: PollsMigrations.all)
///     try await executor.migrate { print($0) }
public struct MigrationExecutor: Sendable {
    /// The progress of a run, step by step.
    public typealias Report = @Sendable (MigrationProgress) -> Void

    /// The database.
    public let database: Database
    /// The migrations, with those that the database has had.
    public let loader: MigrationLoader
    private let recorder: MigrationRecorder
    private let unmigratedApps: Set<String>

    /// An executor that knows what the database has had.
    ///
    /// - Parameters:
    ///   - database: the database.
    ///   - migrations: the migrations of all apps, in any order.
    ///   - swappedModels: the models that settings name.
    ///   - unmigratedApps: apps without migrations.
    /// - Throws: ``MigrationError`` for a history that does not fit together, and the database's
    ///   error.
    public init(
        _ database: Database,
        migrations: [Migration],
        swappedModels: [String: String] = SwappableModels.inPlace,
        unmigratedApps: Set<String> = []
    ) async throws {
        self.database = database
        self.unmigratedApps = unmigratedApps
        recorder = MigrationRecorder(database)
        loader = try MigrationLoader(
            migrations,
            applied: try await recorder.applied(),
            swappedModels: swappedModels,
            unmigratedApps: unmigratedApps
        )
    }

    /// Brings the database to some targets.
    ///
    /// Each migration takes effect wholly or not at all, together with its record; on MariaDB,
    /// where changes of tables cannot be rolled back, those before a mistake stay, and a change that
    /// comes after others is tried again where a lock is not free. Another process
    /// that migrates waits up to ten minutes, and leaves out what this one has done.
    ///
    /// - Parameters:
    ///   - targets: the targets; nil for the last migrations of all apps.
    ///   - options: how to migrate.
    ///   - report: told of each step.
    /// - Returns: the steps that were taken.
    /// - Throws: ``MigrationError``, and the database's error; migrations before the one that
    ///   failed stay applied.
    @discardableResult
    public func migrate(
        to targets: [MigrationTarget]? = nil,
        options: MigrationOptions = MigrationOptions(),
        report: Report = { _ in }
    ) async throws -> [MigrationPlanStep] {
        try await migrate(to: targets, options: options, preparing: {}, report: report)
    }

    /// Brings the database to some targets, after more was done than the signal before it.
    ///
    /// - Parameters:
    ///   - targets: the targets; nil for the last migrations of all apps.
    ///   - options: how to migrate.
    ///   - prepare: is run after ``MigrationSignals/preMigrate`` and before the first migration.
    ///   - report: told of each step.
    /// - Returns: the steps that were taken.
    /// - Throws: ``MigrationError``, what `prepare` throws, and the database's error.
    @discardableResult
    package func migrate(
        to targets: [MigrationTarget]?,
        options: MigrationOptions,
        preparing prepare: () async throws -> Void,
        report: Report
    ) async throws -> [MigrationPlanStep] {
        try loader.checkHistory()
        if targets == nil { try loader.checkConflicts() }
        let plan = try loader.plan(to: targets)
        let apps = Set(loader.graph.apps).union(unmigratedApps).sorted()
        try await MigrationSignals.preMigrate.send(apps, plan, database)
        try await prepare()
        if !plan.isEmpty { try await run(plan, options, report) }
        try await recordReplacements(options)
        try await MigrationSignals.postMigrate.send(apps, plan, database)
        return plan
    }

    private func run(
        _ plan: [MigrationPlanStep],
        _ options: MigrationOptions,
        _ report: Report
    ) async throws {
        try await recorder.ensureTable(lockTimeout: options.lockTimeout)
        var state = try appliedState()
        for step in plan {
            if step.isBackwards {
                try await undo(step.migration, options, report)
                // What comes next is seen without the migration.
                state = MigrationState()
                continue
            }
            if state.labels.isEmpty { state = try self.state(before: step, in: plan) }
            try await apply(step.migration, &state, options, report)
        }
    }

    /// The models after all migrations that are applied.
    private func appliedState() throws(MigrationError) -> MigrationState {
        var state = MigrationState()
        for key in loader.graph.fullPlan where loader.applied.contains(key) {
            try loader.graph.migrations[key]?.mutate(&state)
        }
        return state
    }

    /// Records squashed migrations of which all that they replace are recorded.
    private func recordReplacements(_ options: MigrationOptions) async throws {
        guard loader.known.values.contains(where: { !$0.replaces.isEmpty }),
            try await !unrecordedReplacements().isEmpty
        else { return }
        try await database.schema.recording(database, lockTimeout: options.lockTimeout) {
            // Another process may have recorded them meanwhile.
            for key in try await unrecordedReplacements() { try await recorder.recordApplied(key) }
        }
    }

    private func unrecordedReplacements() async throws -> [MigrationKey] {
        try loader.with(applied: try await recorder.applied()).unrecordedReplacements
    }

    /// The models before a step of a plan that also goes backwards.
    func state(
        before step: MigrationPlanStep,
        in plan: [MigrationPlanStep]
    ) throws(MigrationError) -> MigrationState {
        var done = loader.applied
        for earlier in plan {
            if earlier.migration.key == step.migration.key, !earlier.isBackwards { break }
            if earlier.isBackwards {
                done.remove(earlier.migration.key)
            } else {
                done.insert(earlier.migration.key)
            }
        }
        var state = MigrationState()
        for key in loader.graph.fullPlan where done.contains(key) {
            try loader.graph.migrations[key]?.mutate(&state)
        }
        return state
    }

    private func apply(
        _ migration: Migration,
        _ state: inout MigrationState,
        _ options: MigrationOptions,
        _ report: Report
    ) async throws {
        report(.started(migration.key, isBackwards: false))
        let before = state
        try migration.mutate(&state)
        var isFaked = options.isFake
        if !isFaked, options.fakesInitial {
            isFaked = try await looksApplied(migration, after: state)
        }
        if isFaked {
            try await run(migration, options) { _ in try await record(migration) }
        } else {
            try await run(migration, options) { editor in
                if try await recorder.isApplied(migration.key) { return }
                try await migration.apply(from: before, editor: &editor, report: report)
                try await editor.finish()
                try await record(migration)
            }
        }
        report(.finished(migration.key, isBackwards: false, isFaked: isFaked))
    }

    private func undo(
        _ migration: Migration,
        _ options: MigrationOptions,
        _ report: Report
    ) async throws {
        report(.started(migration.key, isBackwards: true))
        if options.isFake {
            try await run(migration, options) { _ in try await unrecord(migration) }
        } else {
            let before = try loader.stateBefore(migration.key)
            try await run(migration, options) { editor in
                guard try await isRecorded(migration) else { return }
                try await migration.unapply(to: before, editor: &editor, report: report)
                try await editor.finish()
                try await unrecord(migration)
            }
        }
        report(.finished(migration.key, isBackwards: true, isFaked: options.isFake))
    }

    private func run(
        _ migration: Migration,
        _ options: MigrationOptions,
        _ body: (inout SchemaEditor) async throws -> Void
    ) async throws {
        let dialect = try database.schema
        let isAtomic = migration.isAtomic && dialect.features.supportsTransactionalDDL
        var finished: [String] = []
        do {
            try await dialect.migrating(
                database,
                atomically: isAtomic,
                lockTimeout: options.lockTimeout
            ) {
                var editor = try SchemaEditor(database)
                if !isAtomic { editor.lockTimeout = options.lockTimeout }
                do {
                    try await body(&editor)
                } catch {
                    if !isAtomic { finished = editor.finished }
                    throw error
                }
            }
        } catch let error as DatabaseError {
            guard let timeout = options.lockTimeout, dialect.isLockTimeout(error) else {
                throw error
            }
            throw MigrationError.lockTimeout(
                migration: migration.key,
                after: timeout,
                finished: finished,
                cause: "\(error)"
            )
        }
    }

    private func record(_ migration: Migration) async throws {
        for key in loader.records(of: migration) {
            if try await !recorder.isApplied(key) { try await recorder.recordApplied(key) }
        }
    }

    private func unrecord(_ migration: Migration) async throws {
        for key in loader.records(of: migration) { try await recorder.recordUnapplied(key) }
    }

    private func isRecorded(_ migration: Migration) async throws -> Bool {
        if try await recorder.isApplied(migration.key) { return true }
        guard !migration.replaces.isEmpty else { return false }
        return try await !recorder.applied().isDisjoint(with: loader.records(of: migration))
    }

    /// The SQL of a migration, as `sqlmigrate` shows it.
    ///
    /// - Parameters:
    ///   - key: the migration.
    ///   - isBackwards: whether the way back is shown.
    /// - Returns: statements and comments, one a line.
    /// - Throws: ``MigrationError``.
    public func sqlText(of key: MigrationKey, isBackwards: Bool = false) async throws -> String {
        guard let migration = loader.graph.migrations[key] else {
            throw MigrationError.nodeNotFound(key, dependencyOf: nil)
        }
        let dialect = try database.schema
        var editor = SchemaEditor(collectingFor: dialect, database: database)
        let before = try loader.stateBefore(key)
        if isBackwards {
            try await migration.unapply(to: before, editor: &editor, report: { _ in })
        } else {
            try await migration.apply(from: before, editor: &editor, report: { _ in })
        }
        try await editor.finish()
        let isAtomic = migration.isAtomic && dialect.features.supportsTransactionalDDL
        let lines = editor.collected
        return (isAtomic ? ["BEGIN;"] + lines + ["COMMIT;"] : lines).joined(separator: "\n")
    }

    /// Whether all tables and columns that a first migration makes are there, but for those of models
    /// that the routers keep out of the database.
    private func looksApplied(
        _ migration: Migration,
        after state: MigrationState
    ) async throws -> Bool {
        let dependsOnOwn = migration.dependencies.contains { $0.app == migration.app }
        guard migration.isInitial ?? !dependsOnOwn else { return false }
        let dialect = try database.schema
        var tables: [String: Set<String>] = [:]
        for name in try await dialect.tableNames(in: database) {
            let columns = try await dialect.table(name, in: database)?.columns ?? []
            tables[name.lowercased()] = Set(columns.map { $0.name.lowercased() })
        }
        var hasFound = false
        let editor = SchemaEditor(collectingFor: dialect)
        let group = Database.group
        let name = group.routers.isEmpty ? "" : group.name(of: database)
        for operation in migration.operations {
            guard
                let needed = try operation.neededTable(app: migration.app, in: state, editor),
                group.routers.isEmpty
                    || group.allowsMigrating(name, app: migration.app, model: needed.model)
            else { continue }
            guard let columns = tables[needed.table.lowercased()] else { return false }
            if let column = needed.column, !columns.contains(column.lowercased()) { return false }
            hasFound = true
        }
        return hasFound
    }
}

extension MigrationOperation {
    /// The table, or the column of one, that the operation makes, and the model in lower case; nil
    /// for other operations.
    fileprivate func neededTable(
        app: String,
        in state: MigrationState,
        _ editor: SchemaEditor
    ) throws(MigrationError) -> (model: String, table: String, column: String?)? {
        if let create = self as? CreateModel {
            // A later operation of the migration may have renamed or removed the model.
            guard let schema = state.models[MigrationState.label(app, create.name)] else {
                return nil
            }
            let model = TableModel(schema, state: state)
            return editor.migrates(model) ? (schema.name.lowercased(), model.table, nil) : nil
        }
        guard let add = self as? AddField, let schema = state.models[add.label(app)] else {
            return nil
        }
        let model = TableModel(schema, state: state)
        guard editor.migrates(model) else { return nil }
        let name = schema.name.lowercased()
        if let through = model.throughModel(of: add.field) { return (name, through.table, nil) }
        return add.field.hasColumn ? (name, model.table, add.field.column) : nil
    }
}

extension MigrationLoader {
    /// The models that a migration starts from: those of all migrations that it needs.
    func stateBefore(_ key: MigrationKey) throws(MigrationError) -> MigrationState {
        var state = MigrationState()
        let others = graph.fullPlan.filter { applied.contains($0) && $0 != key }
        let needed = try graph.forwardsPlan(to: key)
        let later = Set(try graph.backwardsPlan(to: key))
        var seen: Set<MigrationKey> = []
        // Models of other apps that refer to the migration's tables matter when they are rebuilt.
        for step in needed + others
        where step != key && !later.contains(step) && seen.insert(step).inserted {
            try graph.migrations[step]?.mutate(&state)
        }
        return state
    }
}
