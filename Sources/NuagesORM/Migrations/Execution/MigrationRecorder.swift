#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps which migrations a database has had, in Django's table `django_migrations`.
public struct MigrationRecorder: Sendable {
    /// The table's name.
    public static let table = "django_migrations"

    private let database: Database

    /// The recorder of a database.
    ///
    /// - Parameter database: the database.
    public init(_ database: Database) { self.database = database }

    private static let model: TableModel = {
        var id = FieldSchema("id", .bigAutoField)
        id.isPrimaryKey = true
        var app = FieldSchema("app", .charField)
        app.maxLength = 255
        var name = FieldSchema("name", .charField)
        name.maxLength = 255
        let applied = FieldSchema("applied", .dateTimeField)
        var schema = ModelSchema(
            app: "migrations",
            name: "Migration",
            fields: [id, app, name, applied]
        )
        schema.databaseTable = table
        return TableModel(schema, state: MigrationState([schema]))
    }()

    /// Whether the table is there.
    ///
    /// - Returns: whether it is.
    /// - Throws: the database's error.
    public func hasTable() async throws -> Bool {
        try await database.schema.table(Self.table, in: database) != nil
    }

    /// Makes the table where it is not there.
    ///
    /// - Throws: the database's error.
    public func ensureTable() async throws { try await ensureTable(lockTimeout: nil) }

    /// Makes the table where it is not there.
    ///
    /// - Parameter lockTimeout: how long statements wait for others; nil for ever.
    /// - Throws: the database's error.
    func ensureTable(lockTimeout: Duration?) async throws {
        if try await hasTable() { return }
        let dialect = try database.schema
        let isAtomic = dialect.features.supportsTransactionalDDL
        try await dialect.migrating(
            database,
            atomically: isAtomic,
            lockTimeout: lockTimeout
        ) {
            // Another process may have made it while this one waited for its turn.
            if try await hasTable() { return }
            var editor = try SchemaEditor(database)
            try await editor.create(Self.model)
            try await editor.finish()
        }
    }

    /// The migrations that the database has had.
    ///
    /// - Returns: their keys; none where the table is not there.
    /// - Throws: the database's error.
    public func applied() async throws -> Set<MigrationKey> {
        guard try await hasTable() else { return [] }
        let rows = try await database.rows(
            "SELECT app, name FROM \(identifier: Self.table) ORDER BY id"
        )
        return Set(
            rows.compactMap { row in
                guard row.count == 2, case .text(let app) = row[0], case .text(let name) = row[1]
                else {
                    return nil
                }
                return MigrationKey(app, name)
            }
        )
    }

    /// Whether the database has had a migration.
    ///
    /// - Parameter key: the migration.
    /// - Returns: whether it has.
    /// - Throws: the database's error.
    public func isApplied(_ key: MigrationKey) async throws -> Bool {
        let rows = try await database.rows(
            """
            SELECT 1 FROM \(identifier: Self.table) WHERE app = \(key.app) AND name = \(key.name)
            """
        )
        return !rows.isEmpty
    }

    /// Records that a migration was applied.
    ///
    /// - Parameter key: the migration.
    /// - Throws: the database's error.
    public func recordApplied(_ key: MigrationKey) async throws {
        let now = SQLValue.dateTime(Date())
        try await database.execute(
            """
            INSERT INTO \(identifier: Self.table) (app, name, applied)
            VALUES (\(key.app), \(key.name), \(now))
            """
        )
    }

    /// Records that a migration was undone.
    ///
    /// - Parameter key: the migration.
    /// - Throws: the database's error.
    public func recordUnapplied(_ key: MigrationKey) async throws {
        try await database.execute(
            "DELETE FROM \(identifier: Self.table) WHERE app = \(key.app) AND name = \(key.name)"
        )
    }
}
