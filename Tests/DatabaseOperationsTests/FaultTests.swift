import DatabaseTestSupport
import Foundation
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

/// What becomes of data where a disk is full or a process ends in the middle of its work.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct DatabaseFaultTests {
    private static func withTable(
        _ backend: TestBackend,
        pool: PoolOptions = PoolOptions(),
        _ body: (Database, String) async throws -> Void
    ) async throws {
        let folder = TemporaryFolder()
        let url = try await backend.url(in: folder)
        let database: Database =
            switch backend {
            case .postgresql: try PostgreSQLDatabase.open(url, pool: pool)
            case .mysql: try MySQLDatabase.open(url, pool: pool)
            case .sqlite: try SQLiteDatabase.open(path: folder.path("test.sqlite3"), pool: pool)
            }
        try await database.execute("CREATE TABLE faults (number integer)")
        try await body(database, url)
        await database.close()
    }

    @Test(arguments: TestBackend.installed)
    func losesTheTransactionOfAProcessThatIsKilled(_ backend: TestBackend) async throws {
        try await Self.withTable(backend) { (database: Database, url: String) async throws in
            try await database.execute("INSERT INTO faults VALUES (1)")
            for number in 2...4 {
                let victim = try Victim(url, "hang")
                victim.waitForWord()
                // What is not committed is seen by nobody, and what others read waits for nobody.
                #expect(try await database.rows("SELECT COUNT(*) FROM faults").number == number - 1)
                victim.kill()
                // The next writer finds no lock of the dead one.
                try await database.atomic {
                    try await database.execute("INSERT INTO faults VALUES (\(number))")
                }
                #expect(try await database.rows("SELECT COUNT(*) FROM faults").number == number)
                #expect(try await database.rows("SELECT MIN(number) FROM faults").number == 1)
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func twoProcessesAndThisOneWriteSideBySide(_ backend: TestBackend) async throws {
        let pool = PoolOptions(maxConnections: 4)
        try await Self.withTable(backend, pool: pool) {
            (database: Database, url: String) async throws in
            let victims = try (0..<2).map { _ in try Victim(url, "write", "60") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await database.atomic {
                                try await database.execute("INSERT INTO faults VALUES (-2)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(victims.map { $0.finish() } == [true, true])
            #expect(try await database.rows("SELECT COUNT(*) FROM faults").number == 160)
            if backend == .sqlite {
                // A writer has the lock from its first moment, so no two have counted the same.
                let numbers = try await database.rows(
                    "SELECT COUNT(DISTINCT number) FROM faults WHERE number >= 0"
                )
                #expect(numbers.number == 120)
            }
        }
    }

    @Test func aFullDiskLosesNothingThatWasStored() async throws {
        let pool = PoolOptions(maxConnections: 1)
        try await Self.withTable(.sqlite, pool: pool) { (database: Database, _) async throws in
            try await database.execute("CREATE TABLE blobs (data blob)")
            try await database.execute("INSERT INTO faults VALUES (1)")
            _ = try await database.rows("PRAGMA max_page_count = 40")
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic {
                    try await database.execute("INSERT INTO faults VALUES (2)")
                    for _ in 0..<1000 {
                        try await database.execute("INSERT INTO blobs VALUES (zeroblob(4000))")
                    }
                }
            }
            guard case .operational(let message, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.contains("full"))
            #expect(try await database.rows("SELECT number FROM faults") == [[.int(1)]])
            #expect(try await database.rows("SELECT COUNT(*) FROM blobs").number == 0)
            let statement = await #expect(throws: DatabaseError.self) {
                try await database.execute("INSERT INTO blobs VALUES (zeroblob(4000000))")
            }
            #expect(statement?.description.contains("full") ?? false)
            // Once there is room again the same connection goes on.
            _ = try await database.rows("PRAGMA max_page_count = 4000")
            try await database.atomic {
                try await database.execute("INSERT INTO blobs VALUES (zeroblob(4000000))")
            }
            #expect(try await database.rows("PRAGMA integrity_check") == [[.text("ok")]])
            #expect(try await database.rows("SELECT COUNT(*) FROM blobs").number == 1)
        }
    }

    // MARK: A network that drops all packets without a word

    static let servers = TestBackend.installed.filter { $0 != .sqlite }

    /// A database behind a proxy.
    private static func withProxy(
        _ backend: TestBackend,
        _ pool: PoolOptions,
        _ body: (Database, FreezingProxy) async throws -> Void
    ) async throws {
        // The path of a Unix socket is short.
        let folder = "/tmp/nuages-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/.s.PGSQL.5432"
        let proxy: FreezingProxy
        let database: Database
        if backend == .postgresql {
            proxy = try FreezingProxy(at: path, to: PostgreSQLServer.common().socket)
            database = try PostgreSQLDatabase.open(
                "postgresql:///postgres?host=\(folder)&user=postgres&connect_timeout=2",
                pool: pool
            )
        } else {
            proxy = try FreezingProxy(at: path, to: MariaDBServer.common().socket)
            database = try MySQLDatabase.open(
                "mysql://tests@localhost/mysql?socket=\(path)&connect-timeout=2",
                pool: pool
            )
        }
        defer { proxy.close() }
        try await body(database, proxy)
        await database.close()
    }

    @Test(arguments: servers)
    func aCancelledTaskDoesNotWaitForADeadNetwork(_ backend: TestBackend) async throws {
        let pool = PoolOptions(maxConnections: 1, healthCheckAfter: nil)
        try await Self.withProxy(backend, pool) {
            (database: Database, proxy: FreezingProxy) async throws in
            #expect(try await database.rows("SELECT 1").number == 1)
            proxy.freeze()
            let task = Task { try await database.rows("SELECT 2") }
            await proxy.waitUntilSwallowing()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            proxy.thaw()
            // Its connection is not used again.
            #expect(try await database.rows("SELECT 3").number == 3)
            let rows = try await database.atomic { try await database.rows("SELECT 4") }
            #expect(rows.number == 4)
        }
    }

    @Test(arguments: servers)
    func aConnectionThatDoesNotAnswerIsReplaced(_ backend: TestBackend) async throws {
        let pool = PoolOptions(
            maxConnections: 1,
            timeout: .milliseconds(100),
            healthCheckAfter: .zero
        )
        try await Self.withProxy(backend, pool) {
            (database: Database, proxy: FreezingProxy) async throws in
            #expect(try await database.rows("SELECT 1").number == 1)
            #expect(try await database.rows("SELECT 2").number == 2)
            proxy.freeze()
            await #expect(throws: DatabaseError.self) { try await database.rows("SELECT 3") }
            proxy.thaw()
            #expect(try await database.rows("SELECT 4").number == 4)
        }
    }
}
