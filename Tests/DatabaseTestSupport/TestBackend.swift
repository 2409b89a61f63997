import NuagesMySQL
package import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite

/// The kinds of databases that tests of the ORM run on.
package enum TestBackend: String, CaseIterable, Sendable {
    /// A database in memory.
    case sqlite
    /// A database of its own on the server that tests share.
    case postgresql
    /// A database of its own on the MariaDB that tests share.
    case mysql

    /// Those that are installed.
    package static var installed: [TestBackend] { allCases.filter { $0.isInstalled } }

    /// Those that are installed, for tests that look at SQL: `sql` writes MariaDB's names in double
    /// quotes too.
    package static var available: [TestBackend] { installed }

    /// Whether the database is installed.
    package var isInstalled: Bool {
        switch self {
        case .sqlite: true
        case .postgresql: PostgreSQLServer.isInstalled
        case .mysql: MariaDBServer.isInstalled
        }
    }

    /// An empty database.
    package func open(pool: PoolOptions = PoolOptions()) async throws -> Database {
        switch self {
        case .sqlite: return try SQLiteDatabase.open(path: ":memory:", pool: pool)
        case .postgresql:
            let url = try await PostgreSQLServer.common().makeDatabase()
            return try PostgreSQLDatabase.open(url, pool: pool)
        case .mysql:
            let url = try await MariaDBServer.common().makeDatabase()
            return try MySQLDatabase.open(url, pool: pool)
        }
    }
}
