import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

@Suite(
    "Writes of several tasks that are sent together",
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct SharedWriteTests {
    @Test("They share transactions, and each task gets its own key")
    func sharesTransactions() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            let create: @Sendable (Int) async throws -> Writer = { number in
                try await Writer.objects.create(Writer(name: "writer \(number)"))
            }
            // The first round prepares the statement on its connection.
            _ = try await RoundThread.together(database, [-1, -2], first: -3, create)
            let saved = try await RoundThread.together(database, Array(1...20), first: -3, create)
            for (number, result) in zip(1...20, saved) {
                let id = try result.get().id
                let found = try await database.use { try await Writer.objects.get(id) }
                #expect(found.name == "writer \(number)")
            }
            // On a busy machine a statement may not be known to be short yet.
            var areShared = false
            for round in 1...100 where !areShared {
                let tasks = RoundThread.start(database, Array(1...6)) { number in
                    try await Writer.objects.create(Writer(name: "round \(round)-\(number)"))
                }
                for task in tasks { _ = try await task.value }
                let transactions = try await database.rows(
                    "SELECT COUNT(DISTINCT xmin::text) FROM ops_writer WHERE name LIKE 'round %'"
                ).number
                areShared = try #require(transactions) < round * 6
            }
            #expect(areShared)

            let counts = try await RoundThread.together(database, Array(1...12), first: -3) {
                number in
                try await Writer.objects.filter { $0.name == "writer \(number * 2)" }
                    .update { $0.name = "changed" }
            }
            #expect(
                try counts.map { try $0.get() } == Array(repeating: 1, count: 10) + [0, 0]
            )
            let changed = try await database.use {
                try await Writer.objects.filter { $0.name == "changed" }.count()
            }
            #expect(changed == 10)
        }
    }

    @Test("One that fails takes nothing from the others")
    func keepsTheOthers() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            try await database.use {
                try await Sign.objects.create(Sign(name: "there", slug: "there"))
            }
            let saved = try await RoundThread.together(database, Array(1...20), first: -1) {
                number in
                let slug = number % 5 == 0 ? "there" : "\(number) \(UUID())"
                return try await Sign.objects.create(Sign(name: "sign \(number)", slug: slug))
            }
            for (number, result) in zip(1...20, saved) {
                guard number % 5 == 0 else {
                    #expect(try result.get().name == "sign \(number)")
                    continue
                }
                #expect(throws: DatabaseError.self) { try result.get() }
            }
            let names = try await database.use {
                try await Sign.objects.filter { $0.name.hasPrefix("sign ") }.all().map(\.name)
            }
            let expected = (1...20).filter { $0 % 5 != 0 }.map { "sign \($0)" }
            #expect(names.filter { $0 != "sign -1" }.sorted() == expected.sorted())
        }
    }

    @Test("A key that leads nowhere is the error of the task that wrote it")
    func findsWhoBreaksAConstraintAtTheEnd() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            try await WriteExpectations.brokenReference(in: database) { numbers, body in
                try await RoundThread.together(database, numbers, first: -1, body)
            }
        }
    }

    @Test("Where the server ends the connection nothing is sent twice")
    func isToldOfLostConnections() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            try await database.execute(
                """
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$
                """
            )
            try await database.execute(
                """
                CREATE TRIGGER dies BEFORE INSERT ON ops_writer FOR EACH ROW \
                WHEN (NEW.name = 'writer 3') EXECUTE FUNCTION die()
                """
            )
            let saved = try await RoundThread.together(database, Array(1...6), first: 7) { number in
                try await Writer.objects.create(Writer(name: "writer \(number)"))
            }
            #expect(throws: DatabaseError.self) { try saved[2].get() }
            let names = try await database.use {
                try await Writer.objects.exclude { $0.name == "writer 7" }.all().map(\.name)
            }
            // Each that was told so is there, once.
            #expect(names.sorted() == saved.compactMap { try? $0.get().name }.sorted())
        }
    }

    private let vote: @Sendable (Int) async throws -> Int = { number in
        try await Note.objects.filter { $0.text == "\(number)" }.update { $0.votes += 1 }
    }

    private func makeNotes(_ count: Int, in database: Database) async throws {
        try await Tables.make(in: database)
        try await database.use { () async throws in
            let writer = try await Writer.objects.create(Writer(name: "a"))
            try await Note.objects.bulkCreate(
                (1...count).map { Note(writer: Writer.Reference(writer), text: "\($0)") }
            )
        }
    }

    private func votes(_ database: Database) async throws -> [Int] {
        try await database.use { try await Note.objects.all().map(\.votes) }
    }

    @Test("Nobody waits for the lock that another's statement waits for")
    func waitsForNoLockOfOthers() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url)
        let other = try PostgreSQLDatabase.open(url)
        try await makeNotes(5, in: database)
        _ = try await RoundThread.together(database, [5, 5], first: 5, vote)
        // Four of them in one transaction, of which the third has to wait.
        let waiting = try await other.atomic {
            try await other.execute("UPDATE ops_note SET votes = 10 WHERE text = '3'")
            let tasks = RoundThread.start(database, [1, 2, 3, 4], vote)
            for (index, task) in tasks.enumerated() where index != 2 {
                #expect(try await task.value == 1)
            }
            return tasks[2]
        }
        #expect(try await waiting.value == 1)
        #expect(try await votes(database) == [1, 1, 11, 1, 22])
        await database.close()
        await other.close()
    }

    @Test("Transactions that lock the same rows in different orders all succeed")
    func standsInNoCircle() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url)
        try await makeNotes(7, in: database)
        for _ in 0..<20 { _ = try await database.use { try await vote(7) } }
        let tasks = (0..<20).flatMap { round in
            RoundThread.start(
                database,
                round.isMultiple(of: 2) ? [1, 2, 3, 4, 5, 6] : [6, 5, 4, 3, 2, 1],
                vote
            )
        }
        for task in tasks { #expect(try await task.value == 1) }
        #expect(try await votes(database) == Array(repeating: 20, count: 7))
        await database.close()
    }

    @Test("A task that is cancelled does not wait for what it has sent")
    func canBeCancelled() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url)
        let other = try PostgreSQLDatabase.open(url)
        try await makeNotes(1, in: database)
        let count: @Sendable (Int) async throws -> Int = { _ in try await Note.objects.all().count }
        for _ in 1...10 {
            _ = try await RoundThread.together(database, [1, 2], count)
            try await other.atomic {
                try await other.execute("LOCK TABLE ops_note IN ACCESS EXCLUSIVE MODE")
                let tasks = RoundThread.start(database, [1, 2], count)
                let waiting: SQL = """
                    SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND database = \
                    (SELECT oid FROM pg_database WHERE datname = current_database())
                    """
                while try await other.rows(waiting) == [[.int(0)]] { await Task.yield() }
                tasks[0].cancel()
                await #expect(throws: CancellationError.self) { try await tasks[0].value }
                #expect(try await other.rows(waiting) == [[.int(1)]])
                tasks[1].cancel()
                await #expect(throws: CancellationError.self) { try await tasks[1].value }
                // Nobody waits for it any more: the server ends it, though the lock is still held.
                while try await other.rows(waiting) != [[.int(0)]] { await Task.yield() }
            }
        }
        #expect(
            try await RoundThread.together(database, [1, 2], count).map { try $0.get() } == [1, 1]
        )
        await database.close()
        await other.close()
    }
}
