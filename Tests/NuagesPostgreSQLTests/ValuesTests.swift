import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

/// Values on their way to PostgreSQL and back.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
struct ValuesTests {
    private static func database() async throws -> Database {
        try await TestBackend.postgresql.open()
    }

    private static let uuid: SQLValue =
        UUID(uuidString: "6f9619ff-8b86-d011-b42d-00cf4fc964ff").map { .uuid($0) } ?? .null

    private static func day(_ date: CalendarDate?) -> SQLValue { date.map { .date($0) } ?? .null }
    private static func clock(_ time: TimeOfDay?) -> SQLValue { time.map { .time($0) } ?? .null }
    private static func decimal(_ text: String) -> SQLValue {
        Decimal(string: text).map { .decimal($0) } ?? .null
    }

    /// Each value as a literal of PostgreSQL, and as it is read.
    private static let values: [(String, SQLValue)] = [
        ("NULL::int", .null),
        ("true", .bool(true)),
        ("false", .bool(false)),
        ("(-32768)::int2", .int(-32768)),
        ("2147483647", .int(2_147_483_647)),
        ("9223372036854775807", .int(.max)),
        ("1.5::float8", .double(1.5)),
        ("0.1::float4", .double(0.1)),
        ("'x'::varchar(3)", .text("x")),
        ("'é\u{1F600}'", .text("é\u{1F600}")),
        ("'\\x00ff'::bytea", .blob([0, 255])),
        ("'2024-02-29'::date", Self.day(CalendarDate(year: 2024, month: 2, day: 29))),
        ("'0001-01-01'::date", Self.day(CalendarDate(year: 1, month: 1, day: 1))),
        (
            "'23:59:59.999999'::time",
            Self.clock(TimeOfDay(hour: 23, minute: 59, second: 59, microsecond: 999_999))
        ),
        (
            "'2001-02-03 04:05:06.5+02'::timestamptz",
            .dateTime(Date(timeIntervalSince1970: 981_165_906.5))
        ),
        ("'1 day 02:00:00.5'::interval", .duration(.milliseconds(93_600_500))),
        ("'-1 mon'::interval", .duration(.seconds(-30 * 86_400))),
        ("'6f9619ff-8b86-d011-b42d-00cf4fc964ff'::uuid", uuid),
        ("'{\"a\": [1]}'::jsonb", .text("{\"a\": [1]}")),
    ]

    @Test func readsBothForms() async throws {
        let database = try await Self.database()
        for (literal, value) in Self.values {
            // A statement that is prepared is answered in the server's own form.
            #expect(try await database.rows(SQL(unsafe: "SELECT \(literal)")) == [[value]])
            // One with a type that is not known here, in text.
            let rows = try await database.rows(SQL(unsafe: "SELECT \(literal), '1.2.3.4'::inet"))
            #expect(rows == [[value, .text("1.2.3.4")]], "\(literal)")
        }
    }

    @Test(arguments: [
        "0", "1", "-1", "0.5", "-0.0001", "12345678901234567890.123456789", "10000", "100000000",
        "0.00000001", "1.10", "-99999999", "1e20", "9999.9999", "0.00", "123000000000000000000",
    ])
    func readsExactNumbers(text: String) async throws {
        let database = try await Self.database()
        let rows = try await database.rows(
            SQL(unsafe: "SELECT \(text)::numeric, (\(text)::numeric)::text")
        )
        guard case .text(let plain) = rows[0][1] else {
            Issue.record("no text")
            return
        }
        #expect(rows[0][0] == Self.decimal(plain))
        #expect(
            try await database.rows(SQL(unsafe: "SELECT \(text)::numeric, '1.2.3.4'::inet"))[0][0]
                == rows[0][0]
        )
    }

    /// A value of a form can be as long as any that fits into the microseconds of an Int.
    @Test(arguments: [
        Int.min, .min + 1, .min + 86_399_999_999, -9_223_372_022_400_000_000, -86_400_000_000,
        -86_399_999_999, -1, 0, 1, 86_399_999_999, 86_400_000_000, .max - 1, .max,
    ])
    func readsAndWritesLengthsOfTimeOfAnySize(microseconds: Int) async throws {
        let database = try await Self.database()
        let length = SQLValue.duration(.microseconds(microseconds))
        #expect(try await database.rows("SELECT \(length)::interval") == [[length]])
        let literal = SQL(unsafe: try database.dialect.literal(length))
        #expect(try await database.rows("SELECT \(sql: literal)") == [[length]])
        #expect(try await database.rows("SELECT \(sql: literal), '1.2.3.4'::inet")[0][0] == length)
    }

    #if os(Linux)
    /// The most memory that the process has had, in KiB.
    private static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmPeak:") })
        return try #require(Int(line.filter(\.isNumber)))
    }

    @Test func readsLongListsOfTextInNoMoreMemoryThanTheyNeed() async throws {
        let database = try await Self.database()
        let before = try Self.peak()
        // An address is a type whose rows are read as text.
        let rows = try await database.rows(
            "SELECT array_agg('a b' || n), '1.2.3.4'::inet FROM generate_series(1, 100000) AS n"
        )
        guard case .array(let values) = rows[0][0] else {
            Issue.record("no array")
            return
        }
        #expect(values.count == 100_000)
        #expect(values.last == .text("a b100000"))
        #expect(try Self.peak() - before < 4 << 20)
    }
    #endif

    @Test func bindsEveryKindOfValue() async throws {
        let database = try await Self.database()
        try await database.execute(
            """
            CREATE TABLE v (id int, b boolean, i int, l bigint, d float8, n numeric(20, 5), t text,
            x bytea, day date, clock time, at timestamptz, span interval, u uuid, j jsonb)
            """
        )
        let values: [SQLValue] = [
            .int(1), .bool(true), .int(-5), .int(.min), .double(0.1),
            Self.decimal("-12.345"),
            .text("O'Brien \\ \"x\" %"), .blob([1, 0, 2]),
            Self.day(CalendarDate(year: 1999, month: 12, day: 31)),
            Self.clock(TimeOfDay(hour: 1, minute: 2)),
            .dateTime(Date(timeIntervalSince1970: -0.25)), .duration(.seconds(-1)),
            Self.uuid,
            .json(.object([JSONValue.Member("k", .string("v"))])),
        ]
        var insert: SQL = "INSERT INTO v VALUES "
        insert.append(tuple: values)
        #expect(try await database.execute(insert) == 1)
        var nulls: SQL = "INSERT INTO v VALUES "
        nulls.append(tuple: [.int(2)] + [SQLValue](repeating: .null, count: 13))
        #expect(try await database.execute(nulls) == 1)
        var expected = values
        expected[5] = Self.decimal("-12.34500")
        expected[13] = .text("{\"k\": \"v\"}")
        let rows = try await database.rows("SELECT * FROM v ORDER BY id")
        #expect(rows == [expected, [.int(2)] + [SQLValue](repeating: .null, count: 13)])
        #expect(try await database.execute("UPDATE v SET i = \(7), t = \("")") == 2)
        #expect(
            try await database.rows("SELECT i, t FROM v WHERE x = \([UInt8]([1, 0, 2]))") == [
                [.int(7), .text("")]
            ]
        )
    }

    @Test func takesNumbersOfAnySizeInOnePlace() async throws {
        let database = try await Self.database()
        for number in [1, 5_000_000_000, -1, .min, 1] {
            #expect(try await database.rows("SELECT \(number) + 0::bigint") == [[.int(number)]])
        }
        #expect(try await database.rows("SELECT 3 * \(1.5)") == [[.decimal(4.5)]])
        #expect(try await database.rows("SELECT 2.5::float8 * \(1.5)") == [[.double(3.75)]])
        #expect(try await database.rows("SELECT \(Double.infinity)") == [[.double(.infinity)]])
    }

    @Test func refusesWhatPostgreSQLCannotHold() async throws {
        let database = try await Self.database()
        await #expect(throws: DatabaseError.self) { try await database.rows("SELECT \("a\0b")") }
        await #expect(throws: DatabaseError.self) {
            try await database.rows(SQL(unsafe: "SELECT 'a\0b'"))
        }
        await #expect(throws: DatabaseError.self) {
            try await database.rows("SELECT \(JSONValue.double(.nan))")
        }
    }

    @Test func readsIntoSwiftTypes() async throws {
        let database = try await Self.database()
        let sum = try await database.rows("SELECT SUM(x) FROM (VALUES (1::bigint), (2)) AS t(x)")
        #expect(sum == [[.decimal(3)]])
        #expect(try await database.rows("SELECT 'infinity'::timestamptz") == [[.text("infinity")]])
        #expect(try await database.rows("SELECT 'NaN'::numeric") == [[.text("NaN")]])
    }
}
