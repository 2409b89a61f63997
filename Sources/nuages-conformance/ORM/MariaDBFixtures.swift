import NuagesCore
import NuagesMySQL
import NuagesORM
import ORMConformanceModels

/// Fills databases of MariaDB with the rows of the fixtures for SQLite.
struct MariaDBFixtures {
    private let url: String
    private let source: Database

    init(_ url: String, _ source: Database) {
        self.url = url
        self.source = source
    }

    /// A new database with the tables of the models and their rows.
    func make(_ name: String) async throws -> Database {
        await Self.remove([name], url)
        let main = try MySQLDatabase.open(url)
        try await main.execute(
            """
            CREATE DATABASE \(identifier: name) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
            """
        )
        await main.close()
        let database = try MySQLDatabase.open(FixtureCopies.url(url, name))
        let state = MigrationState(ConformanceModels.all.map { $0.schema }.filter { !$0.isProxy })
        var editor = try SchemaEditor(database)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        try await database.withConnection {
            try await database.execute("SET foreign_key_checks = 0")
            for table in try await database.schema.tableNames(in: database) {
                try await copy(table, to: database)
            }
        }
        await source.close()
        return database
    }

    private func copy(_ table: String, to database: Database) async throws {
        guard let found = try await database.schema.table(table, in: database) else { return }
        let columns = found.columns.filter { !$0.isGenerated }.map(\.name)
        let rows = try await source.rows(
            "SELECT \(identifiers: columns) FROM \(identifier: table)"
        )
        for row in rows {
            var insert: SQL = "INSERT INTO \(identifier: table) (\(identifiers: columns)) VALUES "
            insert.append(tuple: row)
            try await database.execute(insert)
        }
    }

    static func remove(_ names: [String], _ url: String) async {
        guard let main = try? MySQLDatabase.open(url) else { return }
        for name in names {
            _ = try? await main.execute("DROP DATABASE IF EXISTS \(identifier: name)")
        }
        await main.close()
    }

    /// The next key of each table follows the greatest of the fixtures.
    static func resetKeys(_ database: Database) async throws {
        let tables = try await database.rows(
            """
            SELECT table_name FROM information_schema.columns
            WHERE table_schema = DATABASE() AND extra = 'auto_increment'
            """
        )
        for row in tables {
            guard case .text(let table)? = row.first else { continue }
            try await database.execute("ALTER TABLE \(identifier: table) AUTO_INCREMENT = 1")
        }
    }
}
