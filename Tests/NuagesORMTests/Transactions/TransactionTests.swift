import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesSQLite
import Synchronization
import Testing

@Suite struct TransactionTests {
    struct Stop: Error {}

    @Test(arguments: TestBackend.available) func rollsBackOnAnError(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use { () async throws in
            await #expect(throws: Stop.self) {
                try await atomic {
                    try await Author.objects.create(Author(name: "a"))
                    #expect(database.isInTransaction)
                    throw Stop()
                }
            }
            #expect(try await Author.objects.count() == 0)
            #expect(!database.isInTransaction)
        }
    }

    @Test(arguments: TestBackend.available) func rollsBackToSavepoints(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use { () async throws in
            try await atomic {
                try await Author.objects.create(Author(name: "kept"))
                await #expect(throws: Stop.self) {
                    try await atomic {
                        try await Author.objects.create(Author(name: "lost"))
                        throw Stop()
                    }
                }
                _ = try await atomic { try await Author.objects.create(Author(name: "kept too")) }
            }
            #expect(try await Author.objects.valuesList(\.name) == ["kept", "kept too"])
        }
    }

    @Test(arguments: TestBackend.available) func refusesStatementsAfterAFailureWithoutSavepoint(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use { () async throws in
            try await atomic {
                try await Author.objects.create(Author(name: "lost"))
                await #expect(throws: Stop.self) {
                    try await atomic(savepoint: false) { throw Stop() }
                }
                await #expect(throws: DatabaseError.transactionAborted) {
                    try await Author.objects.count()
                }
            }
            #expect(try await Author.objects.count() == 0)
        }
    }

    @Test(arguments: TestBackend.available) func runsHooksAfterTheCommit(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let ran = Mutex<[String]>([])
        try await database.atomic {
            try await database.onCommit { ran.withLock { $0.append("outer") } }
            try await database.atomic {
                try await database.onCommit { ran.withLock { $0.append("inner") } }
            }
            try? await database.atomic {
                try await database.onCommit { ran.withLock { $0.append("lost") } }
                throw Stop()
            }
            #expect(ran.withLock { $0 } == [])
        }
        #expect(ran.withLock { $0 } == ["outer", "inner"])
        try await database.onCommit { ran.withLock { $0.append("at once") } }
        #expect(ran.withLock { $0 } == ["outer", "inner", "at once"])
    }

    @Test(arguments: TestBackend.available) func durableBlocksAreOutermost(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.atomic(durable: true) {
            let error = await #expect(throws: DatabaseError.self) {
                try await database.atomic(durable: true) {}
            }
            #expect(
                error?.description
                    == "A durable 'atomic' block cannot be inside another 'atomic' block."
            )
        }
    }

    @Test(arguments: TestBackend.available) func aTaskThatOutlivesTheBlockCannotUseIt(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let (stream, gate) = AsyncStream<Void>.makeStream()
        let task = try await database.use { () async throws in
            try await atomic {
                Task { () async throws in
                    for await _ in stream {}
                    return try await Author.objects.count()
                }
            }
        }
        gate.finish()
        await #expect(throws: DatabaseError.self) { try await task.value }
    }

    @Test(arguments: TestBackend.available)
    func keepsEveryVoteOfManyTasks(_ backend: TestBackend) async throws {
        let file = TemporaryFolder()
        let database =
            switch backend {
            case .sqlite: try SQLiteDatabase.open(path: file.path("votes.sqlite3"))
            case .postgresql, .mysql: try await backend.open()
            }
        try await TestDatabase.makeTables(database)
        try await database.use { () async throws in
            let question = try await Question.objects.create(
                Question(questionText: "?", pubDate: TestDatabase.day(0))
            )
            try await Choice.objects.create(Choice(question: question, choiceText: "a"))
            try await withThrowingTaskGroup { group in
                for number in 0..<64 {
                    group.addTask {
                        // On a server two that read at once may both read the old number.
                        if number.isMultiple(of: 2) || backend != .sqlite {
                            try await Choice.objects.filter { $0.id == 1 }.update { $0.votes += 1 }
                        } else {
                            try await atomic {
                                var choice = try await Choice.objects.get(1)
                                choice.votes += 1
                                try await choice.save()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Choice.objects.get(1).votes == 64)
        }
        await database.close()
    }

    @Test func twoPoolsWriteOneFile() async throws {
        let file = TemporaryFolder()
        let path = file.path("shared.sqlite3")
        let pools = try (0..<2).map { _ in try SQLiteDatabase.open(path: path) }
        try await TestDatabase.makeTables(pools[0])
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    let database = pools[number % 2]
                    try await database.atomic {
                        let count = try await Author.objects.using(database).count()
                        try await Author.objects.using(database).create(Author(name: "\(count)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        let names = try await Author.objects.using(pools[0]).order(by: "id").all().map(\.name)
        #expect(names == (0..<40).map { "\($0)" })
        for pool in pools { await pool.close() }
    }

    @Test func aCancelledTaskStopsItsStatement() async throws {
        let database = try SQLiteDatabase.open(path: ":memory:")
        let endless: SQL = """
            SELECT COUNT(*) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) \
            SELECT n FROM c)
            """
        let task = Task { try await database.rows(endless) }
        try await Task.sleep(for: .milliseconds(20))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }

    @Test func aCancelledTaskStopsNoStatementOfItsSibling() async throws {
        let database = try SQLiteDatabase.open(path: ":memory:")
        // Long enough to be running when the sibling is cancelled, whichever comes first.
        let long: SQL = """
            SELECT COUNT(*) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c \
            WHERE n < 300000) SELECT n FROM c)
            """
        try await database.atomic {
            for _ in 0..<5 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        let rows = try await database.rows(long)
                        #expect(rows == [[.int(300_000)]])
                    }
                    group.addTask {
                        let sibling = Task { try await database.rows(long) }
                        await Task.yield()
                        sibling.cancel()
                        _ = try? await sibling.value
                    }
                    try await group.waitForAll()
                }
            }
        }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }

    @Test func waitsForAConnectionUntilTheDeadline() async throws {
        let file = TemporaryFolder()
        let database = try SQLiteDatabase.open(
            path: file.path("small.sqlite3"),
            pool: PoolOptions(maxConnections: 1, timeout: .milliseconds(50))
        )
        try await database.execute("CREATE TABLE t (id integer)")
        let (stream, gate) = AsyncStream<Void>.makeStream()
        let (entered, enter) = AsyncStream<Void>.makeStream()
        let holder = Task {
            try await database.atomic {
                enter.finish()
                for await _ in stream {}
            }
        }
        for await _ in entered {}
        let error = await #expect(throws: DatabaseError.self) {
            try await database.execute("DELETE FROM t")
        }
        #expect(error == .poolTimeout(after: .milliseconds(50), size: 1))
        let cancelled = Task { try await database.execute("DELETE FROM t") }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        gate.finish()
        try await holder.value
        #expect(try await database.execute("DELETE FROM t") == 0)
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
