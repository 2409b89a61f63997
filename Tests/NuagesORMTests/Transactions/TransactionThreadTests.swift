import Foundation
import NuagesORM
import NuagesSQLite
import Synchronization
import Testing

@Suite struct TransactionThreadTests {
    private let folder = TemporaryFolder()

    private func database() async throws -> Database {
        let database = try SQLiteDatabase.open(path: folder.path("thread.sqlite3"))
        try await database.execute("CREATE TABLE t (id integer PRIMARY KEY, n integer)")
        for id in 1...20 { try await database.execute("INSERT INTO t VALUES (\(id), \(id * 7))") }
        return database
    }

    @Test func aBodyThatWritesStaysOnOneThreadAndTheTaskComesBack() async throws {
        let database = try await database()
        let executor = try ThreadExecutor()
        defer { executor.stop() }
        try await withTaskExecutorPreference(executor.taskExecutor) { () async throws in
            let outside = pthread_self()
            var inside: [pthread_t] = []
            var hook: pthread_t?
            let hookThread = Mutex<pthread_t?>(nil)
            try await database.atomic {
                for id in 1...5 {
                    try await database.execute("UPDATE t SET n = 0 WHERE id = \(id)")
                    inside.append(pthread_self())
                }
                try await database.onCommit { hookThread.withLock { $0 = pthread_self() } }
            }
            hook = hookThread.withLock { $0 }
            #expect(inside.count == 5)
            #expect(inside.allSatisfy { pthread_equal($0, inside[0]) != 0 })
            #expect(inside.allSatisfy { pthread_equal($0, outside) == 0 })
            #expect(hook.map { pthread_equal($0, outside) != 0 } == true)
            #expect(pthread_equal(pthread_self(), outside) != 0)
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t WHERE n = 0") == [[.int(5)]])
    }

    @Test func theTaskComesBackFromABodyThatFails() async throws {
        struct Stop: Error {}
        let database = try await database()
        let executor = try ThreadExecutor()
        defer { executor.stop() }
        try await withTaskExecutorPreference(executor.taskExecutor) { () async throws in
            let outside = pthread_self()
            await #expect(throws: Stop.self) {
                try await database.atomic {
                    try await database.execute("DELETE FROM t")
                    throw Stop()
                }
            }
            #expect(pthread_equal(pthread_self(), outside) != 0)
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(20)]])
    }

    @MainActor @Test func aBodyOfAnActorStaysOnIt() async throws {
        let database = try await database()
        var seen: [Int] = []
        try await database.atomic {
            MainActor.assertIsolated()
            for id in 1...3 {
                try await database.execute("UPDATE t SET n = 1 WHERE id = \(id)")
                seen.append(id)
            }
        }
        #expect(seen == [1, 2, 3])
    }

    @Test func childTasksOfABodyShareItsConnection() async throws {
        let database = try await database()
        let total = try await database.atomic { () async throws -> Int in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for id in 1...20 {
                    group.addTask {
                        let rows = try await database.rows("SELECT n FROM t WHERE id = \(id)")
                        guard case .int(let number)? = rows.first?.first else { return 0 }
                        return number
                    }
                }
                return try await group.reduce(0, +)
            }
        }
        #expect(total == 7 * 20 * 21 / 2)
    }

    @Test func aReadingBodySeesOneStateOfTheDatabase() async throws {
        let database = try await database()
        // Known as quick, the statement runs on the caller's thread in the second transaction.
        for round in 1...3 {
            try await database.atomic(mode: .read) { () async throws in
                let before = try await database.rows("SELECT n FROM t WHERE id = 1")
                try await Task.detached {
                    _ = try await database.execute("UPDATE t SET n = n + 1 WHERE id = 1")
                }.value
                #expect(try await database.rows("SELECT n FROM t WHERE id = 1") == before)
            }
            let rows = try await database.rows("SELECT n FROM t WHERE id = 1")
            #expect(rows == [[.int(7 + round)]])
        }
    }

    @Test func aReadingBodyMayWriteInTheEnd() async throws {
        let database = try await database()
        try await database.atomic(mode: .read) { () async throws in
            #expect(try await database.rows("SELECT n FROM t WHERE id = 2") == [[.int(14)]])
            try await database.execute("UPDATE t SET n = 15 WHERE id = 2")
            #expect(try await database.rows("SELECT n FROM t WHERE id = 2") == [[.int(15)]])
        }
        #expect(try await database.rows("SELECT n FROM t WHERE id = 2") == [[.int(15)]])
    }

    @Test func aStatementThatWasQuickMayBeSlowOnce() async throws {
        let database = try await database()
        func count(to limit: Int) async throws -> [[SQLValue]] {
            try await database.rows(
                """
                WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < \(limit)) \
                SELECT COUNT(*) FROM c
                """
            )
        }
        for _ in 1...3 { #expect(try await count(to: 2) == [[.int(2)]]) }
        #expect(try await count(to: 300_000) == [[.int(300_000)]])
        try await database.atomic(mode: .read) { () async throws in
            for _ in 1...3 { #expect(try await count(to: 2) == [[.int(2)]]) }
            #expect(try await count(to: 300_000) == [[.int(300_000)]])
            #expect(try await count(to: 3) == [[.int(3)]])
        }
    }
}
