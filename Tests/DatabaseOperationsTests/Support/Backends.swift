import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Synchronization

extension TestBackend {
    /// A database with the tables of all models; of SQLite in a file, so that it has several
    /// connections.
    func withTables<Result>(
        pool: PoolOptions = PoolOptions(),
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        let folder = TemporaryFolder()
        let url = try await url(in: folder)
        let database: Database =
            switch self {
            case .postgresql: try PostgreSQLDatabase.open(url, pool: pool)
            case .mysql: try MySQLDatabase.open(url, pool: pool)
            case .sqlite: try SQLiteDatabase.open(path: folder.path("test.sqlite3"), pool: pool)
            }
        try await Tables.make(in: database)
        let result = try await body(database)
        await database.close()
        return result
    }

    /// The URL of an empty database.
    func url(in folder: TemporaryFolder) async throws -> String {
        switch self {
        case .postgresql: try await PostgreSQLServer.common().makeDatabase()
        case .mysql: try await MariaDBServer.common().makeDatabase()
        case .sqlite: "sqlite:\(folder.path("test.sqlite3"))"
        }
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    private let folder: String

    init() {
        folder = "\(FileManager.default.temporaryDirectory.path)/nuages-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }
}

/// What an observer was told of one database.
final class RecordingObserver: DatabaseObserver {
    private let database: String
    private let state = Mutex(
        (queries: [ObservedQuery](), waits: [ObservedWait](), failures: [String]())
    )

    init(_ database: String) { self.database = database }

    var queries: [ObservedQuery] { state.withLock(\.queries) }
    var waits: [ObservedWait] { state.withLock(\.waits) }
    var failures: [String] { state.withLock(\.failures) }

    func ended(_ query: ObservedQuery) {
        if query.database == database { state.withLock { $0.queries.append(query) } }
    }

    func waited(_ wait: ObservedWait) {
        if wait.database == database { state.withLock { $0.waits.append(wait) } }
    }

    func hookFailed(_ error: any Error, database: String) {
        if database == self.database { state.withLock { $0.failures.append("\(error)") } }
    }
}

extension [[SQLValue]] {
    /// The only number of the only row.
    var number: Int? { if case .int(let number)?? = first?.first { number } else { nil } }
}

/// A database of SQLite that needs no file.
enum SQLiteDatabaseForTests {
    static func open() throws -> Database { try SQLiteDatabase.open(path: ":memory:") }
}
