extension MigrationExecutor {
    /// Forgets what the database records of an app's migrations that do not exist any more
    /// (`migrate --prune`).
    ///
    /// - Parameter app: the label of the app.
    /// - Returns: the migrations that are forgotten.
    /// - Throws: ``MigrationError/unknownApp(_:choices:)`` for an app without migrations,
    ///   ``MigrationError/cannotPruneAll(app:)`` where none would stay recorded,
    ///   ``MigrationError/cannotPrune(_:)`` while a squashed migration names one of them, and the
    ///   database's error.
    @discardableResult
    public func prune(_ app: String) async throws -> [MigrationKey] {
        guard loader.graph.apps.contains(app) else {
            throw MigrationError.unknownApp(app, choices: loader.graph.apps)
        }
        let unknown = loader.unknownMigrations(of: app)
        let squashed = loader.known.values.filter { migration in
            migration.replaces.contains { unknown.contains($0) }
        }
        guard squashed.isEmpty else {
            throw MigrationError.cannotPrune(squashed.map(\.key).sorted())
        }
        if !unknown.isEmpty, unknown.count == loader.recorded.count(where: { $0.app == app }) {
            throw MigrationError.cannotPruneAll(app: app)
        }
        let recorder = MigrationRecorder(database)
        for key in unknown { try await recorder.recordUnapplied(key) }
        return unknown
    }

    /// Makes the tables of apps without migrations, where they are not there (`--run-syncdb`).
    ///
    ///     try await executor.makeTables(of: ["notes"], in: site.declaredState) { print($0) }
    ///     // CREATE TABLE "notes_note" …
    ///
    /// - Parameters:
    ///   - apps: the labels of the apps.
    ///   - state: the models of all apps.
    ///   - report: told of each table.
    /// - Throws: ``MigrationError``, and the database's error; nothing is made then, where the
    ///   database can take it back.
    public func makeTables(
        of apps: Set<String>,
        in state: MigrationState,
        report: @Sendable (String) -> Void = { _ in }
    ) async throws {
        let dialect = try database.schema
        let group = Database.group
        let name = group.routers.isEmpty ? "" : group.name(of: database)
        try await dialect.migrating(
            database,
            atomically: dialect.features.supportsTransactionalDDL
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
