import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesORM
import NuagesSQLite
import Synchronization
import Testing

@Suite("Writes of several tasks in one transaction", .timeLimit(.minutes(2)))
struct GroupedWriteTests {
    private let folder = TemporaryFolder()

    private func database() async throws -> Database {
        let database = try SQLiteDatabase.open(path: folder.path("writes.sqlite3"))
        try await Tables.make(in: database)
        return database
    }

    /// Runs `body` for several numbers while somebody else writes, so that all wait for the writer;
    /// before that for the number -1, until it is known to be quick.
    private func together<Value: Sendable>(
        _ database: Database,
        _ numbers: [Int],
        whileWaiting: ([Task<Value, any Error>]) -> Void = { _ in },
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Result<Value, any Error>] {
        for _ in 0..<50 { _ = try? await database.use { try await body(-1) } }
        let (stream, gate) = AsyncStream<Void>.makeStream()
        let (entered, enter) = AsyncStream<Void>.makeStream()
        let holder = Task {
            try await database.atomic {
                enter.finish()
                for await _ in stream {}
            }
        }
        for await _ in entered {}
        let tasks = numbers.map { number in
            Task { try await database.use { try await body(number) } }
        }
        while database.poolStatus.waiting < numbers.count { await Task.yield() }
        whileWaiting(tasks)
        gate.finish()
        try await holder.value
        var results: [Result<Value, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    @Test("They are kept together, and each task gets its own key")
    func groups() async throws {
        let database = try await database()
        let before = Mutex(0)
        // On a busy machine a statement may not be known to be short yet.
        for round in 1...20 {
            let saved = try await together(
                database,
                Array(1...60),
                whileWaiting: { _ in before.withLock { $0 = walSize } },
                { number in
                    try await Writer.objects.create(Writer(name: "writer \(round) \(number)"))
                }
            )
            for (number, result) in zip(1...60, saved) {
                let writer = try result.get()
                #expect(writer.name == "writer \(round) \(number)")
                let found = try await database.use { try await Writer.objects.get(writer.id) }
                #expect(found.name == writer.name)
            }
            // Each alone would have written a page.
            if walSize - before.withLock({ $0 }) < 60 * 4096 { return }
            try await database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        Issue.record("Each statement had a transaction of its own.")
    }

    private var walSize: Int {
        let path = folder.path("writes.sqlite3-wal")
        return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    @Test(
        "One that fails takes nothing from the others",
        arguments: [
            // At once, by a constraint of the table.
            "",
            // With the whole transaction.
            """
            CREATE TRIGGER refuse BEFORE INSERT ON signs_sign WHEN NEW.name = 'refused' \
            BEGIN SELECT RAISE(ROLLBACK, 'refused'); END
            """,
        ]
    )
    func keepsTheOthers(trigger: String) async throws {
        let database = try await database()
        if !trigger.isEmpty { try await database.execute(SQL(unsafe: trigger)) }
        try await database.use {
            try await Sign.objects.create(Sign(name: "there", slug: "there"))
        }
        let numbers = Array(1...20)
        let saved = try await together(database, numbers) { number in
            let isRefused = number > 0 && number % 5 == 0
            let name = isRefused ? (trigger.isEmpty ? "there" : "refused") : "sign \(number)"
            let slug = isRefused && trigger.isEmpty ? "there" : "\(name) \(UUID())"
            return try await Sign.objects.create(Sign(name: name, slug: slug))
        }
        for (number, result) in zip(numbers, saved) {
            guard number % 5 == 0 else {
                #expect(try result.get().name == "sign \(number)")
                continue
            }
            #expect(throws: DatabaseError.self) { try result.get() }
        }
        let names = try await database.use {
            try await Sign.objects.filter { $0.name.hasPrefix("sign ") && $0.name != "sign -1" }
                .all().map(\.name)
        }
        #expect(Set(names) == Set(numbers.filter { $0 % 5 != 0 }.map { "sign \($0)" }))
        #expect(names.count == 16)
    }

    @Test("A key that leads nowhere is the error of the task that wrote it")
    func findsWhoBreaksAConstraintAtTheEnd() async throws {
        let database = try await database()
        try await WriteExpectations.brokenReference(in: database) { numbers, body in
            try await together(database, numbers, body)
        }
    }

    @Test("One that is cancelled while it waits writes nothing")
    func canBeCancelled() async throws {
        let database = try await database()
        let saved = try await together(
            database,
            Array(1...6),
            whileWaiting: { tasks in
                tasks[2].cancel()
                tasks[5].cancel()
            },
            { number in try await Writer.objects.create(Writer(name: "writer \(number)")) }
        )
        for (index, result) in saved.enumerated() {
            if [2, 5].contains(index) {
                #expect(throws: CancellationError.self) { try result.get() }
            } else {
                #expect(try result.get().name == "writer \(index + 1)")
            }
        }
        let names = try await database.use {
            try await Writer.objects.filter { $0.name != "writer -1" }.all().map(\.name)
        }
        #expect(names.sorted() == [1, 2, 4, 5].map { "writer \($0)" })
    }

    @Test("One alone that waits for another process ends when its task is cancelled")
    func canBeCancelledAlone() async throws {
        let path = folder.path("writes.sqlite3")
        let database = try SQLiteDatabase.open(path: path, busyTimeout: .seconds(100))
        try await Tables.make(in: database)
        let other = try SQLiteDatabase.open(path: path)
        let create: @Sendable (Int) async throws -> Writer = { number in
            try await database.use { try await Writer.objects.create(Writer(name: "\(number)")) }
        }
        for _ in 0..<20 { _ = try await create(-1) }
        try await other.atomic {
            try await other.execute("DELETE FROM ops_writer")
            let task = Task { try await create(1) }
            for _ in 0..<1000 { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(try await database.use { try await Writer.objects.count() } == 0)
        #expect(try await create(2).name == "2")
        await other.close()
        await database.close()
    }

    @Test("Writes of other threads do not wait for a round")
    func waitsForNoRound() async throws {
        let database = try await database()
        let create: @Sendable (Int) async throws -> Writer = { number in
            try await Writer.objects.create(Writer(name: "writer \(number)"))
        }
        for _ in 0..<20 { _ = try await database.use { try await create(-1) } }
        // Of a thread whose round does not end before others have written.
        let hold = DispatchSemaphore(value: 0)
        let held = RoundThread.start(database, [1, 2], holding: hold, create)
        for number in 3...20 {
            let writer = try await database.use { try await create(number) }
            #expect(writer.name == "writer \(number)")
        }
        hold.signal()
        for task in held { _ = try await task.value }
        #expect(
            try await database.use { try await Writer.objects.count() } == 40
        )
    }

    @Test("Updates and deletions count their own rows")
    func countsRows() async throws {
        let database = try await database()
        try await database.use { () async throws in
            try await Writer.objects.bulkCreate((1...10).map { Writer(name: "writer \($0)") })
        }
        let counts = try await together(database, Array(1...12)) { number in
            try await Writer.objects.filter { $0.name == "writer \(number)" }
                .update { $0.name = "changed" }
        }
        #expect(try counts.map { try $0.get() } == Array(repeating: 1, count: 10) + [0, 0])
        let changed = try await database.use {
            try await Writer.objects.filter { $0.name == "changed" }.count()
        }
        #expect(changed == 10)
    }
}
