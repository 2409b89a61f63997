import NuagesCore
public import NuagesORM

extension SiteContext {
    /// The migrations of all apps.
    public var migrations: [Migration] { modelApps.flatMap(\.migrations) }

    /// The models as the apps declare them.
    public var declaredState: MigrationState {
        MigrationState(modelApps.flatMap { app in app.models.map { model in model.schema } })
    }

    /// The apps that have models and no migrations.
    public var unmigratedApps: Set<String> {
        Set(modelApps.filter(\.migrations.isEmpty).map(\.label))
    }

    /// What applies migrations to the site's database.
    ///
    /// - Returns: an executor that knows what the database has had.
    /// - Throws: `MigrationError` where the history does not fit together, and the database's error.
    public func migrationExecutor() async throws -> MigrationExecutor {
        try await MigrationExecutor(
            database,
            migrations: migrations,
            unmigratedApps: unmigratedApps
        )
    }

    /// Applies all migrations.
    ///
    /// - Throws: `MigrationError`, and the database's error.
    public func migrate() async throws {
        try await migrationExecutor().migrate()
    }

    /// The migrations that the database has not had.
    ///
    /// - Returns: their keys in the order in which `migrate` would apply them.
    /// - Throws: `MigrationError`, and the database's error.
    public func unappliedMigrations() async throws -> [MigrationKey] {
        try await migrationExecutor().loader.plan().map(\.migration.key)
    }
}
