import NuagesORM
import NuagesSQLite
import Testing

@Suite struct SharedConnectionTests {
    private static let endless: SQL = """
        SELECT COUNT(*) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) \
        SELECT n FROM c)
        """

    private let folder = TemporaryFolder()

    private func database() async throws -> Database {
        let database = try SQLiteDatabase.open(path: folder.path("shared.sqlite3"))
        try await database.execute("CREATE TABLE t (id integer PRIMARY KEY, n integer)")
        for id in 1...50 { try await database.execute("INSERT INTO t VALUES (\(id), \(id * 7))") }
        return database
    }

    @Test func readersSideBySideGetTheirOwnRows() async throws {
        let database = try await database()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in (0..<150).map({ $0 % 50 + 1 }) {
                group.addTask {
                    let rows = try await database.rows("SELECT id, n FROM t WHERE id = \(id)")
                    #expect(rows == [[.int(id), .int(id * 7)]])
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aCancelledReaderEndsItsOwnStatementOnly() async throws {
        let database = try await database()
        let task = Task { try await database.rows(Self.endless) }
        let readers = Task { () async throws in
            for _ in 0..<200 {
                #expect(try await database.rows("SELECT n FROM t WHERE id = 3") == [[.int(21)]])
            }
        }
        try await readers.value
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(50)]])
    }

    @Test func aReaderSeesWhatWasWrittenBefore() async throws {
        let database = try await database()
        for number in 1...50 {
            try await database.execute("UPDATE t SET n = \(number) WHERE id = 1")
            #expect(try await database.rows("SELECT n FROM t WHERE id = 1") == [[.int(number)]])
        }
    }

    @Test func aFailedStatementLeavesTheConnectionToOthers() async throws {
        let database = try await database()
        await #expect(throws: DatabaseError.self) { try await database.rows("SELECT x FROM t") }
        #expect(try await database.rows("SELECT n FROM t WHERE id = 2") == [[.int(14)]])
    }
}
