extension MigrationExecutor {
    /// Forgets what the database records of an app's migrations that do not exist any more
    /// (`migrate --prune`).
    ///
    /// - Parameters:
    ///   - app: the label of the app.
    ///   - lockTimeout: how long a statement waits for others who use the table; nil for ever.
    /// - Returns: the migrations that are forgotten.
    /// - Throws: ``MigrationError/unknownApp(_:choices:)`` for an app without migrations,
    ///   ``MigrationError/cannotPruneAll(app:)`` where none would stay recorded,
    ///   ``MigrationError/cannotPrune(_:)`` while a squashed migration names one of them, and the
    ///   database's error.
    @discardableResult
    public func prune(
        _ app: String,
        lockTimeout: Duration? = .seconds(10)
    ) async throws -> [MigrationKey] {
        guard loader.graph.apps.contains(app) else {
            throw MigrationError.unknownApp(app, choices: loader.graph.apps)
        }
        let recorder = MigrationRecorder(database)
        var pruned: [MigrationKey] = []
        try await database.schema.recording(database, lockTimeout: lockTimeout) {
            // What another process did meanwhile is seen too.
            pruned = try loader.with(applied: try await recorder.applied()).prunable(of: app)
            for key in pruned { try await recorder.recordUnapplied(key) }
        }
        return pruned
    }

    /// Makes the tables of apps without migrations, where they are not there (`--run-syncdb`).
    ///
    ///     try await executor.makeTables(of: ["notes"], in: site.declaredState) { print($0) }
    ///     // CREATE TABLE "notes_note" …
    ///
    /// - Parameters:
    ///   - apps: the labels of the apps.
    ///   - state: the models of all apps.
    ///   - lockTimeout: how long a statement waits for others who use a table; nil for ever.
    ///   - report: told of each table.
    /// - Throws: ``MigrationError``, and the database's error; nothing is made then, where the
    ///   database can take it back.
    public func makeTables(
        of apps: Set<String>,
        in state: MigrationState,
        lockTimeout: Duration? = .seconds(10),
        report: @Sendable (String) -> Void = { _ in }
    ) async throws {
        let dialect = try database.schema
        let group = Database.group
        let name = group.routers.isEmpty ? "" : group.name(of: database)
        try await dialect.migrating(
            database,
            atomically: dialect.features.supportsTransactionalDDL,
            lockTimeout: lockTimeout
        ) {
            var editor = try SchemaEditor(database)
            let existing = Set(try await dialect.tableNames(in: database).map { $0.lowercased() })
            for schema in state.orderedModels where apps.contains(schema.app) {
                let model = TableModel(schema, state: state)
                guard editor.migrates(model), !existing.contains(model.table.lowercased()),
                    group.routers.isEmpty
                        || group.allowsMigrating(
                            name,
                            app: schema.app,
                            model: schema.name.lowercased()
                        )
                else { continue }
                report(model.table)
                try await editor.create(model)
            }
            try await editor.finish()
        }
    }
}

extension MigrationLoader {
    /// The records of an app that can be forgotten.
    fileprivate func prunable(of app: String) throws(MigrationError) -> [MigrationKey] {
        let unknown = unknownMigrations(of: app)
        let squashed = known.values.filter { migration in
            migration.replaces.contains { unknown.contains($0) }
        }
        guard squashed.isEmpty else { throw .cannotPrune(squashed.map(\.key).sorted()) }
        if !unknown.isEmpty, unknown.count == recorded.count(where: { $0.app == app }) {
            throw .cannotPruneAll(app: app)
        }
        return unknown
    }
}
