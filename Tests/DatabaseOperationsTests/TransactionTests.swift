import DatabaseTestSupport
import NuagesORM
import Synchronization
import Testing

/// Transactions on each database.
@Suite(.timeLimit(.minutes(4)))
struct DatabaseTransactionTests {
    private struct Stop: Error {}

    private static func writer(_ database: Database) async throws -> Writer {
        try await Writer.objects.using(database).create(Writer(name: "w"))
    }

    private static func names(_ database: Database) async throws -> [String] {
        try await Writer.objects.using(database).valuesList(\.name)
    }

    // MARK: Isolation

    @Test(arguments: TestBackend.installed)
    func keepsTransactionsApartAsFarAsIsAsked(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            for level in IsolationLevel.allCases {
                try await database.atomic(isolation: level) {
                    if backend == .postgresql {
                        let rows = try await database.rows("SHOW transaction_isolation")
                        #expect(rows == [[.text(level.rawValue.lowercased())]])
                    }
                    #expect(try await Self.names(database).isEmpty)
                    let error = await #expect(throws: DatabaseError.self) {
                        try await database.atomic(isolation: .serializable) {}
                    }
                    #expect(error?.description.contains("outermost 'atomic'") ?? false)
                }
            }
            // The next transaction is as usual.
            if backend == .postgresql {
                let rows = try await database.atomic {
                    try await database.rows("SHOW transaction_isolation")
                }
                #expect(rows == [[.text("read committed")]])
            }
        }
    }

    // MARK: Hooks

    @Test(arguments: TestBackend.installed)
    func robustHooksKeepNothingFromOthers(_ backend: TestBackend) async throws {
        try await backend.withTables { (unnamed: Database) async throws in
            let database = unnamed.configured(name: "hooks-\(backend)")
            let observer = RecordingObserver(database.name)
            let observation = Database.observe(with: observer)
            defer { observation.cancel() }
            let ran = Mutex<[String]>([])
            try await database.atomic {
                try await database.onCommit(robust: true) { throw Stop() }
                try await database.onCommit { ran.withLock { $0.append("second") } }
                _ = try await Self.writer(database)
            }
            try await database.onCommit(robust: true) { throw Stop() }
            #expect(ran.withLock { $0 } == ["second"])
            #expect(observer.failures == ["Stop()", "Stop()"])
            await #expect(throws: Stop.self) {
                try await database.atomic {
                    try await database.onCommit { throw Stop() }
                    try await database.onCommit { ran.withLock { $0.append("never") } }
                    _ = try await Self.writer(database)
                }
            }
            #expect(ran.withLock { $0 } == ["second"])
            // What was committed stays.
            #expect(try await Self.names(database).count == 2)
            await database.close()
        }
    }

    // MARK: Savepoints and marks

    @Test(arguments: TestBackend.installed)
    func commitsAfterAllWhatIsWhole(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.atomic {
                _ = try await Self.writer(database)
                let isMarked = try database.isMarkedForRollback
                #expect(!isMarked)
                let savepoint = try await database.savepoint()
                await #expect(throws: DatabaseError.self) {
                    try await database.atomic(savepoint: false) {
                        try await database.execute("INSERT INTO no_such_table VALUES (1)")
                    }
                }
                let isMarkedNow = try database.isMarkedForRollback
                #expect(isMarkedNow)
                await #expect(throws: DatabaseError.transactionAborted) {
                    try await Self.names(database)
                }
                try await database.rollBack(to: savepoint)
                try database.setRollback(false)
                #expect(try await Self.names(database) == ["w"])
            }
            #expect(try await Self.names(database) == ["w"])
            try await database.atomic {
                _ = try await Self.writer(database)
                try database.setRollback(true)
            }
            #expect(try await Self.names(database) == ["w"])
            #expect(throws: DatabaseError.self) { try database.setRollback(true) }
            #expect(throws: DatabaseError.self) { _ = try database.isMarkedForRollback }
        }
    }

    @Test(arguments: TestBackend.installed)
    func aSavepointTakesBackTheHooksOfAllBlocksSince(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            let ran = Mutex<[String]>([])
            func hook(_ name: String) async throws {
                try await database.onCommit { ran.withLock { $0.append(name) } }
            }
            try await database.atomic {
                try await hook("before")
                let savepoint = try await database.savepoint()
                try await hook("behind")
                try await database.atomic(savepoint: false) { try await hook("inner") }
                try await database.atomic(savepoint: false) {
                    try await hook("inner, open")
                    try await database.rollBack(to: savepoint)
                    try await hook("afterwards")
                }
            }
            #expect(ran.withLock { $0 } == ["before", "afterwards"])
        }
    }

    // MARK: Trying again

    /// Lets tasks wait for each other, once.
    private actor Meeting {
        private var missing: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(of count: Int) { missing = count }

        func arrive() async {
            missing -= 1
            if missing > 0 {
                await withCheckedContinuation { waiting.append($0) }
            } else {
                for continuation in waiting { continuation.resume() }
                waiting = []
            }
        }
    }

    private final class Counter: Sendable {
        private let number = Mutex(0)
        var value: Int { number.withLock { $0 } }
        /// The number before.
        @discardableResult
        func increase() -> Int {
            number.withLock { number in
                defer { number += 1 }
                return number
            }
        }
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled))
    func triesAgainAfterASerializationFailure() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            let writer = try await Self.writer(database)
            let note = try await Note.objects.using(database).create(
                Note(writer: writer.asReference, text: "")
            )
            let meeting = Meeting(of: 2)
            let attempts = Counter()
            let hooks = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        let own = Counter()
                        try await database.retrying(attempts: 10, isolation: .serializable) {
                            attempts.increase()
                            try await database.onCommit { hooks.increase() }
                            var note = try await Note.objects.using(database).get(note.id)
                            // Both have read before either writes.
                            if own.increase() == 0 {
                                await meeting.arrive()
                            }
                            note.votes += 1
                            try await note.save(using: database)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Note.objects.using(database).get(note.id).votes == 2)
            #expect(attempts.value == 3)
            #expect(hooks.value == 2)
        }
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled))
    func triesAgainAfterADeadlock() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            let names = ["a", "b"]
            try await Writer.objects.using(database).bulkCreate(names.map { Writer(name: $0) })
            let meeting = Meeting(of: 2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [names, names.reversed()] {
                    group.addTask {
                        let own = Counter()
                        try await database.retrying(attempts: 5) {
                            try await Self.rename(order[0], in: database)
                            if own.increase() == 0 {
                                await meeting.arrive()
                            }
                            try await Self.rename(order[1], in: database)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Self.names(database).sorted() == ["a!!", "b!!"])
        }
    }

    private static func rename(_ name: String, in database: Database) async throws {
        try await database.execute(
            "UPDATE ops_writer SET name = name || '!' WHERE name LIKE \(name + "%")"
        )
    }

    @Test(arguments: TestBackend.installed)
    func triesOnlyAsOftenAsIsAsked(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            let attempts = Mutex(0)
            let conflict = DatabaseError.serialization("conflict", statement: nil)
            await #expect(throws: conflict) {
                try await database.retrying(attempts: 4, backoff: .zero) {
                    attempts.withLock { $0 += 1 }
                    _ = try await Self.writer(database)
                    throw conflict
                }
            }
            #expect(attempts.withLock { $0 } == 4)
            #expect(try await Self.names(database).isEmpty)
            await #expect(throws: Stop.self) {
                try await database.retrying(backoff: .zero) {
                    attempts.withLock { $0 += 1 }
                    throw Stop()
                }
            }
            #expect(attempts.withLock { $0 } == 5)
            // A hook that fails so is no reason to do again what is committed.
            await #expect(throws: conflict) {
                try await database.retrying(backoff: .zero) {
                    _ = try await Self.writer(database)
                    try await database.onCommit { throw conflict }
                }
            }
            #expect(try await Self.names(database) == ["w"])
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic { try await database.retrying {} }
            }
            #expect(error?.description.contains("around the outermost block") ?? false)
        }
    }

    // MARK: Cancellation, and connections that nobody should inherit

    @Test(arguments: TestBackend.installed)
    func aCancelledTaskEndsItsStatementAndRollsBack(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: PoolOptions(maxConnections: 2)) {
            (database: Database) async throws in
            let recursion: SQL = """
                SELECT COUNT(*) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 \
                FROM c) SELECT n FROM c) AS x
                """
            let endless = backend == .mysql ? "SELECT SLEEP(10000)" : recursion
            let (started, start) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await database.atomic {
                    _ = try await Self.writer(database)
                    start.finish()
                    _ = try await database.rows(endless)
                }
            }
            for await _ in started {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await Self.names(database).isEmpty)
            if backend == .postgresql {
                // It does not run on at the server either.
                let running: SQL = """
                    SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' \
                    AND datname = current_database() AND query LIKE '%WITH RECURSIVE c(n)%' \
                    AND pid <> pg_backend_pid()
                    """
                while try await database.rows(running).number != 0 {}
            }
            _ = try await Self.writer(database)
            #expect(try await Self.names(database) == ["w"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func nobodyInheritsAnOpenTransaction(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: PoolOptions(maxConnections: 1)) {
            (database: Database) async throws in
            // Begun by hand, so nothing ends it but the loss of the connection.
            _ = try? await database.execute("BEGIN")
            try await database.execute("INSERT INTO ops_writer (name) VALUES ('a')")
            _ = try? await database.execute("BEGIN")
            await #expect(throws: DatabaseError.self) {
                try await database.execute("INSERT INTO no_such_table VALUES (1)")
            }
            #expect(try await Self.names(database) == ["a"])
            for _ in 0..<3 {
                await #expect(throws: DatabaseError.self) {
                    try await database.atomic {
                        try await database.execute("INSERT INTO ops_writer (name) VALUES ('b')")
                        try await database.execute("INSERT INTO no_such_table VALUES (1)")
                    }
                }
                #expect(!database.isInTransaction)
                #expect(try await Self.names(database) == ["a"])
            }
            // A body that ends its own transaction leaves none of its connection to others.
            await #expect(throws: (any Error).self) {
                try await database.atomic {
                    try await database.execute("ROLLBACK")
                    try await database.execute("INSERT INTO ops_writer (name) VALUES ('c')")
                }
            }
            try await database.atomic { _ = try await Self.writer(database) }
            #expect(try await Self.names(database).filter { $0 != "c" } == ["a", "w"])
            #expect(database.poolStatus.waiting == 0)
        }
    }
}
