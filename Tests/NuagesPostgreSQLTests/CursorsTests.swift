import DatabaseTestSupport
import NuagesCore
import NuagesPostgreSQL
import Testing

@testable import NuagesORM

/// Rows that are fetched in pieces.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
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
        "SELECT n FROM generate_series(1, $1) AS n",
        [.int(10)]
    )

    @Test func fetchesInPieces() async throws {
        let database = try await TestBackend.postgresql.open(pool: PoolOptions(maxConnections: 1))
        let cursor = try await RowCursor.open(Self.series, in: database)
        #expect(try await Self.numbers(cursor, 4) == ([1, 2, 3, 4], true))
        #expect(try await Self.numbers(cursor, 4) == ([5, 6, 7, 8], true))
        #expect(try await Self.numbers(cursor, 4) == ([9, 10], false))
        await #expect(throws: DatabaseError.self) { try await Self.numbers(cursor, 4) }
    }

    @Test func endsWithItsTransactionOrSavepoint() async throws {
        let database = try await TestBackend.postgresql.open(pool: PoolOptions(maxConnections: 1))
        struct Stop: Error {}
        try await database.atomic {
            let outer = try await RowCursor.open(Self.series, in: database)
            #expect(try await Self.numbers(outer, 2) == ([1, 2], true))
            var inner: RowCursor?
            do {
                try await database.atomic {
                    inner = try await RowCursor.open(Self.series, in: database)
                    throw Stop()
                }
            } catch is Stop {}
            if let inner {
                await #expect(throws: DatabaseError.self) { try await Self.numbers(inner, 2) }
            }
            #expect(try await Self.numbers(outer, 2) == ([3, 4], true))
            // A cursor that is left open ends with the block.
            _ = try await RowCursor.open(Self.series, in: database)
        }
        #expect(
            try await database.rows("SELECT COUNT(*) FROM pg_cursors WHERE name <> ''") == [
                [.int(0)]
            ]
        )
    }

    @Test func leavesTheConnectionCleanWhenNobodyReadsOn() async throws {
        let database = try await TestBackend.postgresql.open(pool: PoolOptions(maxConnections: 1))
        for _ in 0..<3 {
            let cursor = try await RowCursor.open(Self.series, in: database)
            _ = try await Self.numbers(cursor, 1)
        }
        #expect(
            try await database.rows("SELECT COUNT(*) FROM pg_cursors WHERE name <> ''") == [
                [.int(0)]
            ]
        )
        await #expect(throws: DatabaseError.self) {
            try await RowCursor.open(SQLStatement("SELECT nothing"), in: database)
        }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }
}
