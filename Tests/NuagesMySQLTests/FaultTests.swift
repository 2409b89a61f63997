import DatabaseTestSupport
import NuagesMySQL
import NuagesORM
import Synchronization
import Testing

/// What becomes of a site when its server fails; each test has a server of its own.
@Suite(
    .serialized,
    .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"),
    .timeLimit(.minutes(4))
)
struct FaultTests {
    private static func table(_ database: Database) async throws {
        try await database.execute("CREATE TABLE t (id int PRIMARY KEY)")
    }

    /// Rows that are stored while the server fails.
    private final class Load: Sendable {
        let next = Atomic(0)
        let acknowledged = Mutex<Set<Int>>([])
        let isOver = Atomic(false)
    }

    /// The numbers of connections that are open, apart from the one that asks.
    private static func connections(_ database: Database) async throws -> [Int] {
        try await database.rows(
            """
            SELECT id FROM information_schema.processlist
            WHERE user = 'tests' AND id <> CONNECTION_ID()
            """
        ).compactMap { if case .int(let id)? = $0.first { id } else { nil } }
    }

    @Test func replacesConnectionsThatWereCutWhileIdle() async throws {
        let server = try MariaDBServer()
        let url = try await server.makeDatabase()
        let database = try MySQLDatabase.open(url)
        let administrator = try MySQLDatabase.open(url)
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
        for _ in 0..<3 {
            for id in try await Self.connections(administrator) {
                try await administrator.execute(SQL(unsafe: "KILL \(id)"))
            }
            while try await !Self.connections(administrator).isEmpty {}
            #expect(try await database.rows("SELECT 1") == [[.int(1)]])
        }
        try server.command("restart")
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
        try server.command("kill")
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }

    @Test func rollsBackWhereTheConnectionIsCutInATransaction() async throws {
        let server = try MariaDBServer()
        let url = try await server.makeDatabase()
        let database = try MySQLDatabase.open(url)
        let administrator = try MySQLDatabase.open(url)
        try await Self.table(database)
        let error = await #expect(throws: DatabaseError.self) {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (1)")
                let own = try await database.rows("SELECT CONNECTION_ID()")
                guard case .int(let id)? = own.first?.first else { return }
                _ = try await Task.detached {
                    try await administrator.execute(SQL(unsafe: "KILL \(id)"))
                    while try await !Self.connections(administrator).isEmpty {}
                }.value
                try await database.execute("INSERT INTO t VALUES (2)")
            }
        }
        guard case .operational? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // Neither statement again by itself, nor the connection.
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(0)]])
        try await database.atomic { try await database.execute("INSERT INTO t VALUES (3)") }
        #expect(try await database.rows("SELECT id FROM t") == [[.int(3)]])
    }

    @Test func losesNothingOfATransactionWhoseServerIsKilled() async throws {
        let server = try MariaDBServer()
        let url = try await server.makeDatabase()
        let database = try MySQLDatabase.open(url)
        try await Self.table(database)
        try await database.execute("INSERT INTO t VALUES (1)")
        await #expect(throws: DatabaseError.self) {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (2)")
                try server.command("kill")
                try await database.execute("INSERT INTO t VALUES (3)")
            }
        }
        #expect(try await database.rows("SELECT id FROM t") == [[.int(1)]])
        await #expect(throws: DatabaseError.self) {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (2)")
                try server.command("kill")
            }
        }
        #expect(try await database.rows("SELECT id FROM t") == [[.int(1)]])
    }

    @Test func losesNoAcknowledgedWriteInARestartUnderLoad() async throws {
        let server = try MariaDBServer()
        let url = try await server.makeDatabase()
        let database = try MySQLDatabase.open(
            url,
            pool: PoolOptions(maxConnections: 8)
        )
        try await Self.table(database)
        let load = Load()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while !load.isOver.load(ordering: .relaxed) {
                        let number = load.next.add(1, ordering: .relaxed).newValue
                        do {
                            if number % 2 == 0 {
                                try await database.atomic {
                                    try await database.execute("INSERT INTO t VALUES (\(number))")
                                }
                            } else {
                                try await database.execute("INSERT INTO t VALUES (\(number))")
                            }
                            load.acknowledged.withLock { _ = $0.insert(number) }
                        } catch {
                            await Task.yield()
                        }
                    }
                }
            }
            group.addTask {
                func wait(beyond count: Int) async {
                    while load.acknowledged.withLock(\.count) < count { await Task.yield() }
                }
                await wait(beyond: 200)
                try server.command("restart")
                await wait(beyond: load.acknowledged.withLock(\.count) + 200)
                try server.command("kill")
                await wait(beyond: load.acknowledged.withLock(\.count) + 200)
                load.isOver.store(true, ordering: .relaxed)
            }
            try await group.waitForAll()
        }
        let stored = try await database.rows("SELECT id FROM t").compactMap { row -> Int? in
            if case .int(let number)? = row.first { number } else { nil }
        }
        #expect(load.acknowledged.withLock { $0.subtracting(stored) }.isEmpty)
        #expect(load.acknowledged.withLock(\.count) >= 600)
    }

    @Test func saysThatTheServerIsGone() async throws {
        let server = try MariaDBServer()
        let url = try await server.makeDatabase()
        let database = try MySQLDatabase.open(url)
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
        try server.command("stop")
        let error = await #expect(throws: DatabaseError.self) {
            try await database.rows("SELECT 1")
        }
        guard case .operational? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try server.command("start")
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }
}
