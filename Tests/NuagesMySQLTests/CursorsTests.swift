import DatabaseTestSupport
import NuagesMySQL
import Testing

@testable import NuagesORM

/// Rows that are fetched in pieces.
@Suite(.enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
struct CursorsTests {
    private static func numbers(_ cursor: RowCursor, _ count: Int) async throws -> ([Int], Bool) {
        try await cursor.read { connection, number in
            var numbers: [Int] = []
            let isMore = try connection.fetch(count, from: number) { row in
                numbers.append(try row.read(Int.self))
            }
            return (numbers, isMore)
        }
    }

    private static let series: SQLStatement = SQLStatement(
        """
        WITH RECURSIVE n AS (SELECT 1 AS v UNION ALL SELECT v + 1 FROM n WHERE v < ?)
        SELECT v FROM n
        """,
        [.int(10)]
    )

    private static func database() async throws -> Database {
        try await TestBackend.mysql.open(pool: PoolOptions(maxConnections: 1))
    }

    @Test func fetchesInPieces() async throws {
        let database = try await Self.database()
        let cursor = try await RowCursor.open(Self.series, in: database)
        #expect(try await Self.numbers(cursor, 4) == ([1, 2, 3, 4], true))
        #expect(try await Self.numbers(cursor, 4) == ([5, 6, 7, 8], true))
        #expect(try await Self.numbers(cursor, 4) == ([9, 10], false))
        await #expect(throws: DatabaseError.self) { try await Self.numbers(cursor, 4) }
    }

    @Test func standsWhileOtherStatementsRun() async throws {
        let database = try await Self.database()
        try await database.atomic {
            let first = try await RowCursor.open(Self.series, in: database)
            let second = try await RowCursor.open(Self.series, in: database)
            #expect(try await Self.numbers(first, 2) == ([1, 2], true))
            #expect(try await database.rows("SELECT 7") == [[.int(7)]])
            #expect(try await Self.numbers(second, 3) == ([1, 2, 3], true))
            #expect(try await Self.numbers(first, 2) == ([3, 4], true))
            // What the server keeps no cursor for is read at once.
            let third = try await RowCursor.open(SQLStatement("SHOW ENGINES"), in: database)
            #expect(try await Self.numbers(first, 1) == ([5], true))
            _ = third
        }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }

    @Test func leavesTheConnectionCleanWhenNobodyReadsOn() async throws {
        let database = try await Self.database()
        for _ in 0..<3 {
            let cursor = try await RowCursor.open(Self.series, in: database)
            _ = try await Self.numbers(cursor, 1)
        }
        let open = try await database.rows("SHOW SESSION STATUS LIKE 'Com_stmt_close'")
        #expect(open.count == 1)
        await #expect(throws: DatabaseError.self) {
            try await RowCursor.open(SQLStatement("SELECT nothing"), in: database)
        }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }
}
