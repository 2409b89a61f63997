import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

@Suite(
    "Reads of several tasks that are sent together",
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct SharedReadTests {
    /// The locks of the database that somebody waits for.
    private static let waiting: SQL = """
        FROM pg_locks WHERE NOT granted AND database = \
        (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    @Test("Each task gets its own rows, and its own error")
    func answersEachTask() async throws {
        try await TestBackend.postgresql.withTables(pool: PoolOptions(maxConnections: 2)) {
            (database: Database) async throws in
            try await database.use { () async throws in
                let writers = try await Writer.objects.bulkCreate(
                    (1...40).map { Writer(name: "writer \($0)") }
                )
                try await Note.objects.create(Note(writer: writers[0], text: "a", votes: 20))
            }
            let names = try await RoundThread.together(database, Array(1...40)) { number in
                try await Writer.objects.filter { $0.name == "writer \(number)" }.all().map(\.name)
            }
            #expect(try names.map { try $0.get() } == (1...40).map { ["writer \($0)"] })

            let counts = try await RoundThread.together(database, [1, 2, 0, 4, 0, 5]) { number in
                try await Note.objects.filter { $0.votes / number > 4 }.count()
            }
            #expect(counts.map { try? $0.get() } == [1, 1, nil, 1, nil, 0])
            for case .failure(let error) in counts { #expect(error is DatabaseError) }

            // What one visitor sends is nobody else's error.
            let named = try await RoundThread.together(database, [1, 0, 2]) { number in
                let name = number == 0 ? "a\u{0}" : "writer \(number)"
                return try await Writer.objects.filter { $0.name == name }.all().count
            }
            #expect(named.map { try? $0.get() } == [1, nil, 1])

            let prefetched = try await RoundThread.together(database, [1, 2]) { number in
                let notes = try await Note.objects.prefetch(\.writer).all()
                let set = Writer.objects.filter { $0.name == "writer \(number)" }
                let writer = try await set.prefetch(\.notes, Note.objects.prefetch(\.writer))
                    .prefetch(\.notes).get()
                return (notes.first?.writer.loaded?.name, writer.notes.loaded?.count)
            }
            let loaded = try prefetched.map { try $0.get() }
            #expect(loaded.map(\.0) == ["writer 1", "writer 1"] && loaded.map(\.1) == [1, 0])

            let lists = try await RoundThread.together(database, [1, 2, 3]) { number in
                try await QuerySet.all(of: [
                    Writer.objects.filter { $0.name == "writer \(number)" },
                    Writer.objects.filter { $0.name == "writer \(number * 10)" },
                ])
            }
            let found = try lists.map { try $0.get().map { $0.map(\.name) } }
            #expect(found == (1...3).map { [["writer \($0)"], ["writer \($0 * 10)"]] })
            #expect(try await database.use { try await Writer.objects.count() } == 40)
        }
    }

    @Test("Statements that the server plans anew, and those that take long, have their answers too")
    func goesOnElsewhere() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url, pool: PoolOptions(maxConnections: 1))
        let other = try PostgreSQLDatabase.open(url)
        try await Tables.make(in: database)
        let count: @Sendable (Int) async throws -> Int = { _ in
            try await Writer.objects.filter { $0.name == "a" }.all().count
        }
        #expect(
            try await RoundThread.together(database, [1, 2, 3], count).map { try $0.get() } == [
                0, 0, 0,
            ]
        )
        try await other.execute("ALTER TABLE ops_writer ALTER COLUMN name TYPE varchar(300)")
        try await other.execute("INSERT INTO ops_writer (name) VALUES ('a')")
        let replanned = RoundThread.start(database, [1, 2, 3], count)
        for task in replanned { #expect(try await task.value == 1) }

        // One statement of two is planned anew, the other has been already.
        let pair: @Sendable (Int) async throws -> [Int] = { _ in
            try await QuerySet.all(of: [
                Writer.objects.filter { $0.name == "a" }, Writer.objects.exclude { $0.name == "b" },
            ]).map(\.count)
        }
        #expect(
            try await RoundThread.together(database, [1, 2], pair).map { try $0.get() } == [
                [1, 1], [1, 1],
            ]
        )
        try await other.execute("ALTER TABLE ops_writer ALTER COLUMN name TYPE varchar(200)")
        for task in RoundThread.start(database, [1], count) { #expect(try await task.value == 1) }
        for task in RoundThread.start(database, [1, 2], pair) {
            #expect(try await task.value == [1, 1])
        }

        #expect(
            try await RoundThread.together(database, [1, 2, 3], count).map { try $0.get() } == [
                1, 1, 1,
            ]
        )
        let waiting = try await other.atomic {
            try await other.execute("LOCK TABLE ops_writer IN ACCESS EXCLUSIVE MODE")
            let tasks = RoundThread.start(database, [1, 2, 3], count)
            while try await other.rows("SELECT COUNT(*) \(sql: Self.waiting)").number == 0 {
                await Task.yield()
            }
            try await other.execute("INSERT INTO ops_writer (name) VALUES ('a')")
            return tasks
        }
        for task in waiting { #expect(try await task.value == 2) }
        await database.close()
        await other.close()
    }

    @Test("A server that ends the connection in the middle is told to each task")
    func tellsOfLostConnections() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url, pool: PoolOptions(maxConnections: 1))
        let other = try PostgreSQLDatabase.open(url)
        try await Tables.make(in: database)
        let count: @Sendable (Int) async throws -> Int = { _ in try await Writer.objects.all().count
        }
        #expect(
            try await RoundThread.together(database, [1, 2], count).map { try $0.get() } == [0, 0]
        )
        let lost = try await other.atomic {
            try await other.execute("LOCK TABLE ops_writer IN ACCESS EXCLUSIVE MODE")
            let tasks = RoundThread.start(database, [1, 2, 3], count)
            while try await other.rows("SELECT COUNT(*) \(sql: Self.waiting)").number == 0 {
                await Task.yield()
            }
            _ = try await other.rows("SELECT pg_terminate_backend(pid) \(sql: Self.waiting)")
            return tasks
        }
        for task in lost { await #expect(throws: DatabaseError.self) { try await task.value } }
        #expect(try await database.use { try await Writer.objects.count() } == 0)
        await database.close()
        await other.close()
    }
}
