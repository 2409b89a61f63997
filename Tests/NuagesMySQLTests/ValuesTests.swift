import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesMySQL
import NuagesORM
import Testing

/// Values on their way to MariaDB and back.
@Suite(.enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
struct ValuesTests {
    private static let uuid: SQLValue =
        UUID(uuidString: "6f9619ff-8b86-d011-b42d-00cf4fc964ff").map { .uuid($0) } ?? .null

    private static func day(_ date: CalendarDate?) -> SQLValue { date.map { .date($0) } ?? .null }
    private static func clock(_ time: TimeOfDay?) -> SQLValue { time.map { .time($0) } ?? .null }
    private static func decimal(_ text: String) -> SQLValue {
        Decimal(string: text).map { .decimal($0) } ?? .null
    }

    /// Each value as an expression of MariaDB, and as it is read.
    private static let values: [(String, SQLValue)] = [
        ("NULL", .null), ("true", .int(1)), ("-32768", .int(-32768)),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
        ("CAST(18446744073709551615 AS unsigned)", decimal("18446744073709551615")),
        ("CAST(7 AS unsigned)", .int(7)), ("1.5e0", .double(1.5)),
        ("CAST(0.1 AS float)", .double(0.1)), ("1.50", decimal("1.50")),
        ("'x'", .text("x")), ("'é\u{1F600}'", .text("é\u{1F600}")), ("''", .text("")),
        ("X'00ff'", .blob([0, 255])), ("b'101'", .blob([5])),
        ("CAST('2024-02-29' AS date)", day(CalendarDate(year: 2024, month: 2, day: 29))),
        ("CAST('0001-01-01' AS date)", day(CalendarDate(year: 1, month: 1, day: 1))),
        (
            "CAST('23:59:59.999999' AS time(6))",
            clock(TimeOfDay(hour: 23, minute: 59, second: 59, microsecond: 999_999))
        ),
        ("CAST('00:00:00' AS time)", clock(TimeOfDay(hour: 0, minute: 0))),
        (
            "CAST('2001-02-03 04:05:06.5' AS datetime(6))",
            .dateTime(Date(timeIntervalSince1970: 981_173_106.5))
        ),
        (
            "CAST('1969-12-31 23:59:59.75' AS datetime(6))",
            .dateTime(Date(timeIntervalSince1970: -0.25))
        ),
        ("CAST('6f9619ff-8b86-d011-b42d-00cf4fc964ff' AS uuid)", uuid),
        ("JSON_OBJECT('a', 1)", .text("{\"a\": 1}")),
    ]

    @Test func readsEveryKindOfValue() async throws {
        let database = try await TestBackend.mysql.open()
        for (expression, value) in Self.values {
            let rows = try await database.rows(SQL(unsafe: "SELECT \(expression), 'z', NULL"))
            #expect(rows == [[value, .text("z"), .null]], "\(expression)")
        }
    }

    @Test func readsTextOfEveryLength() async throws {
        let database = try await TestBackend.mysql.open()
        for length in [0, 1, 250, 251, 252, 255, 256, 65_535, 65_536, 70_000, 16_777_215] {
            let text = String(repeating: "x", count: length)
            let rows = try await database.rows("SELECT REPEAT('x', \(length)), 1")
            #expect(rows == [[.text(text), .int(1)]], "\(length)")
            guard length < 100_000 else { continue }
            #expect(try await database.rows("SELECT \(text)") == [[.text(text)]], "\(length)")
        }
    }

    @Test func bindsEveryKindOfValue() async throws {
        let database = try await TestBackend.mysql.open()
        try await database.execute(
            """
            CREATE TABLE v (id int, b bool, i int, l bigint, d double, n numeric(20, 5),
            t longtext, x longblob, day date, clock time(6), at datetime(6), span bigint, u uuid,
            j json)
            """
        )
        let values: [SQLValue] = [
            .int(1), .bool(true), .int(-5), .int(.min), .double(0.1), Self.decimal("-12.345"),
            .text("O'Brien \\ \"x\" % \0"), .blob([1, 0, 2]),
            Self.day(CalendarDate(year: 1999, month: 12, day: 31)),
            Self.clock(TimeOfDay(hour: 1, minute: 2)),
            .dateTime(Date(timeIntervalSince1970: -0.25)), .duration(.seconds(-1)), Self.uuid,
            .json(.object([JSONValue.Member("k", .string("v"))])),
        ]
        var insert: SQL = "INSERT INTO v VALUES "
        insert.append(tuple: values)
        #expect(try await database.execute(insert) == 1)
        var nulls: SQL = "INSERT INTO v VALUES "
        nulls.append(tuple: [.int(2)] + [SQLValue](repeating: .null, count: 13))
        #expect(try await database.execute(nulls) == 1)
        var expected = values
        expected[1] = .int(1)
        expected[5] = Self.decimal("-12.34500")
        expected[11] = .int(-1_000_000)
        expected[13] = .text("{\"k\": \"v\"}")
        let rows = try await database.rows("SELECT * FROM v ORDER BY id")
        #expect(rows == [expected, [.int(2)] + [SQLValue](repeating: .null, count: 13)])
        // Rows that are found count, also where nothing changed in them.
        #expect(try await database.execute("UPDATE v SET i = \(7), t = \("")") == 2)
        #expect(try await database.execute("UPDATE v SET i = \(7)") == 2)
        for (column, value) in zip(["x", "day", "at", "u", "n", "b"], [7, 8, 10, 12, 5, 1]) {
            let found = try await database.rows(
                "SELECT id FROM v WHERE \(identifier: column) = \(values[value])"
            )
            #expect(found == [[.int(1)]], "\(column)")
        }
    }

    @Test func refusesWhatDoesNotFit() async throws {
        let database = try await TestBackend.mysql.open()
        try await database.execute("CREATE TABLE v (n numeric(4, 1), s varchar(2), d date)")
        let statements: [SQL] = [
            "INSERT INTO v (n) VALUES (\(12345))", "INSERT INTO v (s) VALUES (\("abc"))",
            "INSERT INTO v (d) VALUES ('0000-00-00')", "INSERT INTO v (d) VALUES ('2024-02-30')",
            "INSERT INTO v (n) VALUES (\("x"))", "INSERT INTO v (n) VALUES (1 / 0)",
            "INSERT INTO v (n) VALUES (\(Double.infinity))",
        ]
        for statement in statements {
            let error = await #expect(throws: DatabaseError.self) {
                try await database.execute(statement)
            }
            guard case .data? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM v") == [[.int(0)]])
    }

    /// An assignment does not see those before it, as in any other database.
    @Test func assignsAtOnce() async throws {
        let database = try await TestBackend.mysql.open()
        try await database.execute("CREATE TABLE v (a int, b int)")
        try await database.execute("INSERT INTO v VALUES (1, 2)")
        try await database.execute("UPDATE v SET a = b, b = a")
        #expect(try await database.rows("SELECT a, b FROM v") == [[.int(2), .int(1)]])
    }
}
