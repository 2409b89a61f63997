import DatabaseTestSupport
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

/// `COPY`, and `LISTEN` with `NOTIFY`.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct CopyAndListenTests {
    @Test func copiesRowsOfAllKinds() async throws {
        let database = try await TestBackend.postgresql.open()
        try await database.execute(
            """
            CREATE TABLE v (id int, b boolean, d float8, n numeric, t text, x bytea, day date,
            clock time, at timestamptz, span interval, u uuid, j jsonb, extra int DEFAULT 7)
            """
        )
        let columns = ["id", "b", "d", "n", "t", "x", "day", "clock", "at", "span", "u", "j"]
        let value = try await database.rows(
            """
            SELECT 1, true, 0.1::float8, -1.50, E'a\\tb\\\\n\\nc\\r\\\\N', '\\x00ff'::bytea, '2024-02-29'::date,
            '01:02:03.5'::time, '2001-02-03 04:05:06+00'::timestamptz, '-1 day'::interval,
            '6f9619ff-8b86-d011-b42d-00cf4fc964ff'::uuid, '{"a": "\\\\n"}'::jsonb
            """
        )[0]
        let nulls: [SQLValue] = [.int(2)] + [SQLValue](repeating: .null, count: 11)
        #expect(try await database.copy([value, nulls], into: "v", columns: columns) == 2)
        let list: SQL = "SELECT \(identifiers: columns) FROM v ORDER BY id"
        #expect(try await database.rows(list) == [value, nulls])
        #expect(try await database.rows("SELECT DISTINCT extra FROM v") == [[.int(7)]])
    }

    @Test func copiesAllRowsOrNone() async throws {
        let database = try await TestBackend.postgresql.open()
        try await database.execute("CREATE TABLE t (id int PRIMARY KEY)")
        let rows = (0..<50_000).map { [SQLValue.int($0)] }
        #expect(try await database.copy(rows, into: "t", columns: ["id"]) == 50_000)
        await #expect(throws: DatabaseError.self) {
            try await database.copy([[.int(-1)], [.int(1)]], into: "t", columns: ["id"])
        }
        await #expect(throws: DatabaseError.self) {
            try await database.copy([[.int(-1)], [.text("a\0")]], into: "t", columns: ["id"])
        }
        await #expect(throws: DatabaseError.self) {
            try await database.copy([[.int(-1), .int(-2)]], into: "t", columns: ["id"])
        }
        await #expect(throws: DatabaseError.self) {
            try await database.copy([[.int(-1)]], into: "nowhere", columns: ["id"])
        }
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await database.atomic {
                try await database.copy([[.int(-1)]], into: "t", columns: ["id"])
                throw Stop()
            }
        }
        #expect(
            try await database.rows("SELECT COUNT(*), MIN(id) FROM t") == [[.int(50_000), .int(0)]]
        )
        let other = try SQLiteDatabase.open(path: ":memory:")
        await #expect(throws: DatabaseError.self) {
            try await other.copy([], into: "t", columns: ["id"])
        }
    }

    @Test func hearsWhatIsNotified() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url)
        let messages = PostgreSQLNotifications(url, channels: ["polls", "Odd \"name"]) {
            Task {
                try await database.execute(
                    "SELECT pg_notify('polls', 'one'), pg_notify('other', 'x')"
                )
                try await database.execute("SELECT pg_notify('Odd \"name', '')")
                try await database.execute("SELECT pg_notify('polls', 'é')")
            }
        }
        var heard: [[String]] = []
        for try await message in messages {
            heard.append([message.channel, message.payload])
            if heard.count == 3 { break }
        }
        #expect(heard == [["polls", "one"], ["Odd \"name", ""], ["polls", "é"]])
        // Nobody reads any more, so the connection goes.
        while try await database.rows(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        ).isEmpty == false {}
    }

    @Test func endsWithTheConnection() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url)
        let messages = PostgreSQLNotifications(url, channels: ["polls"]) {
            Task {
                try await database.rows(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE query LIKE 'LISTEN%' AND datname = current_database()
                    """
                )
            }
        }
        await #expect(throws: DatabaseError.self) { for try await _ in messages {} }
        await #expect(throws: DatabaseError.self) {
            for try await _ in PostgreSQLNotifications("postgresql://[", channels: []) {}
        }
    }
}
