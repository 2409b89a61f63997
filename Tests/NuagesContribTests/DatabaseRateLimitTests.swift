import FoundationEssentials
import NuagesContrib
import NuagesHTTP
import NuagesORM
import NuagesSQLite
import Testing

@Suite struct DatabaseRateLimitTests {
    static let start = 1_800_000_000_000_000_000

    private func database(_ path: String = ":memory:") async throws -> Database {
        let database = try SQLiteDatabase.open(path: path)
        let app = RateLimitApp()
        let executor = try await MigrationExecutor(
            database,
            migrations: app.migrations,
            unmigratedApps: []
        )
        try await executor.migrate()
        return database
    }

    private func rows(_ database: Database) async throws -> Int {
        try await database.use {
            try await database.rows("SELECT key FROM ratelimits_ratelimitbucket").count
        }
    }

    @Test func countsLikeTheMemoryStore() async throws {
        let stores: [any RateLimitStore] = [
            DatabaseRateLimitStore(database: try await database()), MemoryRateLimitStore(),
        ]
        let limit = RateLimit(3, perSeconds: 30)
        var answers: [[RateLimitDecision]] = []
        for store in stores {
            var decisions: [RateLimitDecision] = []
            for seconds in [0, 0, 0, 0, 9, 10, 10, 500] {
                let now = Self.start + seconds * 1_000_000_000
                decisions.append(try await store.take("client", limit: limit, now: now))
            }
            answers.append(decisions)
        }
        #expect(answers[0] == answers[1])
        #expect(
            answers[0].map(\.isAllowed) == [true, true, true, false, false, true, false, true]
        )
    }

    @Test func severalProcessesCountTogether() async throws {
        let database = try await database()
        let first = DatabaseRateLimitStore(database: database)
        let second = DatabaseRateLimitStore(database: database)
        let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask {
                    let store = index.isMultiple(of: 2) ? first : second
                    return try await store.take("all", limit: .perHour(5), now: Self.start)
                        .isAllowed
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(allowed == 5)
    }

    /// Two pools of connections to one file, as two processes have them; one of them has migrated.
    @Test func connectionsOfOneFileCountTogether() async throws {
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/nuages-limit-\(UInt64.random(in: 0...UInt64.max))"
        defer {
            for ending in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + ending)
            }
        }
        let databases = [try await database(path), try SQLiteDatabase.open(path: path)]
        let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<12 {
                let store = DatabaseRateLimitStore(database: databases[index % 2])
                group.addTask {
                    try await store.take("all", limit: .perHour(4), now: Self.start).isAllowed
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(allowed == 4)
        #expect(try await rows(databases[1]) == 1)
        for database in databases { await database.close() }
    }

    @Test func aFloodOfOneClientCostsNoQueries() async throws {
        let database = try await database()
        let store = DatabaseRateLimitStore(database: database)
        let limit = RateLimit(2, perSeconds: 20)
        func take(_ seconds: Int) async throws -> RateLimitDecision {
            try await store.take("one", limit: limit, now: Self.start + seconds * 1_000_000_000)
        }
        for _ in 0..<3 { _ = try await take(0) }
        // What is refused is known without the table.
        _ = try await database.use {
            try await database.execute("DELETE FROM ratelimits_ratelimitbucket")
        }
        for _ in 0..<100 { #expect(try await !take(5).isAllowed) }
        #expect(try await rows(database) == 0)
        #expect(try await take(10).isAllowed)
        #expect(try await rows(database) == 1)
    }

    @Test func keepsDigestsAndForgetsThem() async throws {
        let database = try await database()
        let store = DatabaseRateLimitStore(database: database)
        let limit = RateLimit.perSecond(1)
        for index in 0..<5 {
            _ = try await store.take("198.51.100.\(index)", limit: limit, now: Self.start)
        }
        #expect(try await rows(database) == 5)
        let keys = try await database.use {
            try await database.rows("SELECT key FROM ratelimits_ratelimitbucket")
        }
        #expect(!"\(keys)".contains("198.51"))
        // The thousandth request sweeps.
        for _ in 0..<995 {
            _ = try await store.take("last", limit: .perHour(1), now: Self.start + 5_000_000_000)
        }
        #expect(try await rows(database) == 1)
    }
}
