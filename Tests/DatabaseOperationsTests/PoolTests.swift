import DatabaseTestSupport
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

/// The connections of a database.
@Suite(.timeLimit(.minutes(4)))
struct PoolTests {
    /// The number of the server's process that a connection belongs to.
    private static func process(_ database: Database) async throws -> Int? {
        try await database.rows("SELECT pg_backend_pid()").number
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled))
    func replacesConnectionsOfOldAge() async throws {
        let server = try PostgreSQLServer.common()
        let pool = PoolOptions(maxConnections: 1, maxAge: .milliseconds(1))
        let database = try PostgreSQLDatabase.open(server.url(), pool: pool)
        var processes: Set<Int?> = []
        for _ in 0..<5 {
            let first = try await database.withConnection {
                _ = try await database.rows("SELECT pg_sleep(0.002)")
                return try await Self.process(database)
            }
            processes.insert(first)
        }
        #expect(processes.count == 5)
        await database.close()
        let kept = try PostgreSQLDatabase.open(server.url(), pool: PoolOptions(maxConnections: 1))
        let first = try await Self.process(kept)
        #expect(try await Self.process(kept) == first)
        #expect(kept.poolStatus.open == 1)
        #expect(kept.poolStatus.idle == 1)
        #expect(kept.poolStatus.maxConnections == 1)
        await kept.close()
        #expect(kept.poolStatus.open == 0)
    }

    @Test func keepsTheOnlyConnectionOfADatabaseInMemory() async throws {
        let database = try SQLiteDatabase.open(path: ":memory:", pool: PoolOptions(maxAge: .zero))
        try await database.execute("CREATE TABLE t (id integer)")
        for _ in 0..<3 { try await database.execute("INSERT INTO t VALUES (1)") }
        #expect(try await database.rows("SELECT COUNT(*) FROM t").number == 3)
    }

    @Test(arguments: TestBackend.installed)
    func asksConnectionsThatLayIdle(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: PoolOptions(healthCheckAfter: .zero)) {
            (database: Database) async throws in
            for number in 1...3 {
                try await Writer.objects.using(database).create(Writer(name: "w"))
                #expect(try await Writer.objects.using(database).count() == number)
            }
            #expect(database.poolStatus.open <= 2)
        }
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled))
    func aCancelledTaskCostsNoConnection() async throws {
        let pool = PoolOptions(maxConnections: 1, healthCheckAfter: .zero)
        let database = try PostgreSQLDatabase.open(PostgreSQLServer.common().url(), pool: pool)
        let first = try await Self.process(database)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await Self.process(database)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await Self.process(database) == first)
        await database.close()
    }

    @Test(arguments: TestBackend.installed)
    func observersHearOfRowsThatAreReadOneByOne(_ backend: TestBackend) async throws {
        try await backend.withTables { (unnamed: Database) async throws in
            let database = unnamed.configured(name: "cursors-\(backend)")
            try await Writer.objects.using(database).create(Writer(name: "w"))
            let observer = RecordingObserver(database.name)
            let observation = Database.observe(with: observer)
            defer { observation.cancel() }
            for try await writer in try Writer.objects.using(database).iterator() {
                #expect(writer.name == "w")
            }
            #expect(observer.queries.count { $0.text.contains("ops_writer") } == 1)
            await database.close()
        }
    }

    @Test(arguments: TestBackend.installed)
    func saysThatNoConnectionBecameFree(_ backend: TestBackend) async throws {
        let pool = PoolOptions(maxConnections: 1, timeout: .milliseconds(30))
        try await backend.withTables(pool: pool) { (unnamed: Database) async throws in
            let database = unnamed.configured(name: "exhausted-\(backend)")
            let observer = RecordingObserver(database.name)
            let observation = Database.observe(with: observer)
            defer { observation.cancel() }
            try await database.atomic {
                let error = await #expect(throws: DatabaseError.self) {
                    // Another task has no part in the transaction.
                    try await Task.detached {
                        try await database.execute("DELETE FROM ops_note")
                    }.value
                }
                #expect(
                    error?.description
                        == "No database connection became free within 0.03 seconds: all 1 are in "
                        + "use. Shorten the work inside 'atomic', or raise the pool's size."
                )
                #expect(database.poolStatus.open == 1)
                #expect(database.poolStatus.idle == 0)
            }
            #expect(observer.waits.map(\.hasTimedOut) == [true])
            #expect(observer.waits.allSatisfy { $0.duration >= .milliseconds(30) })
            try await database.execute("DELETE FROM ops_note")
            await database.close()
        }
    }

    @Test(arguments: TestBackend.installed)
    func tellsObserversOfStatementsAndWaits(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: PoolOptions(maxConnections: 1)) {
            (unnamed: Database) async throws in
            let database = unnamed.configured(name: "observed-\(backend)")
            let observer = RecordingObserver(database.name)
            let observation = Database.observe(with: observer)
            let (entered, enter) = AsyncStream<Void>.makeStream()
            let (left, leave) = AsyncStream<Void>.makeStream()
            let holder = Task {
                try await database.atomic {
                    enter.finish()
                    for await _ in left {}
                }
            }
            for await _ in entered {}
            async let waiting = database.execute("DELETE FROM ops_note WHERE text = \("s3cret")")
            while database.poolStatus.waiting == 0 { await Task.yield() }
            leave.finish()
            try await holder.value
            #expect(try await waiting == 0)
            await #expect(throws: DatabaseError.self) {
                try await database.rows("SELECT * FROM no_such_table")
            }
            observation.cancel()
            _ = try await database.rows("SELECT 2")
            #expect(observer.waits.map(\.hasTimedOut) == [false])
            #expect(observer.queries.map(\.hasFailed) == [false, true])
            #expect(observer.queries.map(\.vendor) == [backend.rawValue, backend.rawValue])
            #expect(observer.queries[0].text.hasPrefix("DELETE FROM ops_note WHERE text = "))
            #expect(!observer.queries[0].text.contains("s3cret"))
            #expect(observer.queries[0].duration > .zero)
            await database.close()
        }
    }
}
