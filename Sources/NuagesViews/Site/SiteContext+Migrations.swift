public import NuagesCore
public import NuagesORM

extension SiteContext {
    /// The migrations of all apps.
    public var migrations: [Migration] { modelApps.flatMap(\.migrations) }

    /// The models of the apps; structs that are frozen for migrations are none.
    var declaredModels: [any Model.Type] {
        modelApps.flatMap { app in app.models.filter { model in !model.isFrozen } }
    }

    /// The models as the apps declare them.
    public var declaredState: MigrationState {
        MigrationState(declaredModels.map { model in model.schema })
    }

    /// The apps that have models and no migrations.
    public var unmigratedApps: Set<String> {
        Set(modelApps.filter(\.migrations.isEmpty).map(\.label))
    }

    /// The migrations of the site, without a look at a database.
    ///
    ///     let graph = try site.migrationLoader().graph
    ///
    /// - Parameter applied: the migrations that a database has had.
    /// - Returns: the migrations and their order.
    /// - Throws: `MigrationError` where they do not fit together.
    public func migrationLoader(
        applied: Set<MigrationKey> = []
    ) throws(MigrationError) -> MigrationLoader {
        try MigrationLoader(migrations, applied: applied, unmigratedApps: unmigratedApps)
    }

    /// What applies migrations to a database of the site.
    ///
    /// - Parameter name: the name of the database.
    /// - Returns: an executor that knows what the database has had.
    /// - Throws: `MigrationError` where the history does not fit together, ``SiteError``, and the
    ///   database's error.
    public func migrationExecutor(
        database name: String = DatabaseGroup.mainName
    ) async throws -> MigrationExecutor {
        try await MigrationExecutor(
            try database(named: name),
            migrations: migrations,
            unmigratedApps: unmigratedApps
        )
    }

    /// Applies all migrations to a database.
    ///
    /// - Parameter name: the name of the database.
    /// - Throws: `MigrationError`, ``SiteError``, and the database's error.
    public func migrate(database name: String = DatabaseGroup.mainName) async throws {
        try await migrationExecutor(database: name).migrate()
    }

    /// The migrations that the database has not had.
    ///
    /// - Returns: their keys in the order in which `migrate` would apply them.
    /// - Throws: `MigrationError`, and the database's error.
    public func unappliedMigrations() async throws -> [MigrationKey] {
        try await migrationExecutor().loader.plan().map(\.migration.key)
    }

    /// What the migrations that a database has not had lock, rewrite, lose or break.
    ///
    ///     try await site.checkMigrations()
    ///     // polls.0002_index: (migrations.W001) polls_question: CREATE INDEX keeps others …
    ///
    /// - Parameter name: the name of the database.
    /// - Returns: warnings with the safe way as their hints.
    /// - Throws: `MigrationError`, ``SiteError``, and the database's error.
    public func checkMigrations(
        database name: String = DatabaseGroup.mainName
    ) async throws -> [CheckMessage] {
        let executor = try await migrationExecutor(database: name)
        return try await executor.safetyWarnings(of: executor.loader.plan()).map { warning in
            let id =
                switch warning.hazard.kind {
                case .locksTable: "migrations.W001"
                case .rewritesTable: "migrations.W002"
                case .losesData: "migrations.W003"
                case .breaksRunningVersion: "migrations.W004"
                }
            return CheckMessage(
                .warning,
                id: id,
                "\(warning.operation): \(warning.hazard.table): \(warning.hazard.reason)",
                hint: warning.hazard.advice,
                object: "\(warning.migration)"
            )
        }
    }
}
