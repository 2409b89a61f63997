import FoundationEssentials
import NuagesORM
import Testing

@testable import NuagesSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SQLiteConnection {
    /// The operating-system thread that the connection's statements run on.
    fileprivate func thread() -> Int {
        #if canImport(Darwin)
        Int(bitPattern: pthread_self())
        #else
        Int(truncatingIfNeeded: pthread_self())
        #endif
    }

    fileprivate func rows(_ text: String) throws -> Int {
        var count = 0
        _ = try run(SQLStatement(text)) { _ in count += 1 }
        return count
    }
}

@Suite struct SQLiteConnectionTests {
    private let folder = TemporaryFolder()

    private func open(busyTimeout: Duration = .seconds(5)) throws -> Database {
        try SQLiteDatabase.open(path: folder.path("a.sqlite3"), busyTimeout: busyTimeout)
    }

    private func value(_ database: Database, _ sql: SQL) async throws -> SQLValue? {
        try await database.rows(sql).first?.first
    }

    @Test func aConnectionIsSetForServers() async throws {
        let database = try open()
        for mode in [TransactionMode.read, .write] {
            try await database.atomic(mode: mode) { () async throws in
                #expect(try await value(database, "PRAGMA journal_mode") == .text("wal"))
                #expect(try await value(database, "PRAGMA foreign_keys") == .int(1))
                #expect(try await value(database, "PRAGMA synchronous") == .int(1))
            }
        }
    }

    @Test func aWriterHasTheLockFromItsFirstMoment() async throws {
        let (first, second) = (try open(), try open(busyTimeout: .zero))
        try await first.execute("CREATE TABLE t (id integer)")
        try await first.atomic { () async throws in
            // Nothing was written yet; BEGIN IMMEDIATE has the lock all the same.
            let error = await #expect(throws: DatabaseError.self) {
                try await second.execute("INSERT INTO t VALUES (\(1))")
            }
            guard case .operational(let message, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message == "database is locked")
            #expect(try await second.rows("SELECT * FROM t") == [])
        }
        #expect(try await second.execute("INSERT INTO t VALUES (\(1))") == 1)
    }

    @Test func aReadingTransactionKeepsItsViewWhileOthersWrite() async throws {
        let database = try open()
        try await database.execute("CREATE TABLE t (id integer)")
        try await database.atomic(mode: .read) { () async throws in
            #expect(try await database.rows("SELECT * FROM t") == [])
            try await Task.detached { try await database.execute("INSERT INTO t VALUES (1)") }.value
            #expect(try await database.rows("SELECT * FROM t") == [])
        }
        #expect(try await database.rows("SELECT * FROM t") == [[.int(1)]])
    }

    @Test func statementsRunOnAThreadOfTheConnection() async throws {
        let connections = try (0..<2).map { _ in
            try SQLiteConnection(path: ":memory:", busyTimeout: .zero)
        }
        let threads = await [
            connections[0].thread(), connections[1].thread(), connections[0].thread(),
        ]
        #expect(threads[0] == threads[2])
        #expect(threads[0] != threads[1])
        for connection in connections { await connection.close() }
    }

    @Test func aStatementIsPreparedOnce() async throws {
        let connection = try SQLiteConnection(path: ":memory:", busyTimeout: .zero)
        for _ in 0..<3 { _ = try await connection.rows("SELECT 1") }
        #expect(await connection.preparedCount == 1)
        for number in 0..<1000 { _ = try await connection.rows("SELECT \(number)") }
        #expect(await connection.preparedCount <= 400)
        await connection.close()
    }

    @Test func aConnectionThatWasHeldIsUsedAgainWithItsSettingsReset() async throws {
        let database = try open()
        try await database.withConnection { () async throws in
            try await database.execute("CREATE TEMP TABLE kept (id integer)")
            try await database.execute("PRAGMA foreign_keys = OFF")
        }
        for _ in 0..<3 {
            try await database.withConnection { () async throws in
                // Temporary tables belong to one connection.
                #expect(try await value(database, "SELECT count(*) FROM temp.kept") == .int(0))
                #expect(try await value(database, "PRAGMA foreign_keys") == .int(1))
            }
        }
    }

    @Test func knowsHowManyValuesTheLibraryBinds() throws {
        let limit = try open().features.maxBindings
        #expect(limit == SQLiteLimits.maxBindings)
        #expect(limit >= 999)
    }
}
