package import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite

/// The kinds of databases that tests of the ORM run on.
package enum TestBackend: String, CaseIterable, Sendable {
    /// A database in memory.
    case sqlite
    /// A database of its own on the server that tests share.
    case postgresql

    /// Those that are installed.
    package static var available: [TestBackend] {
        PostgreSQLServer.isInstalled ? [.sqlite, .postgresql] : [.sqlite]
    }

    /// An empty database.
    package func open(pool: PoolOptions = PoolOptions()) async throws -> Database {
        switch self {
        case .sqlite: return try SQLiteDatabase.open(path: ":memory:", pool: pool)
        case .postgresql:
            let url = try await PostgreSQLServer.common().makeDatabase()
            return try PostgreSQLDatabase.open(url, pool: pool)
        }
    }
}
