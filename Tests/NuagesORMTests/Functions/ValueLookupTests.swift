import NuagesCore
import Testing

@testable import NuagesORM

/// A keyword of a filter with its value, with the SQL behind `WHERE` and how many of the one row it
/// finds.
///
/// `KEY` stands for the value under a key, `DOC` for a document that it is compared with.
struct LookupCase: Sendable, CustomTestStringConvertible {
    let path: [String]
    let operand: ExpressionNode
    let sql: String
    let count: Int

    init(_ path: [String], _ operand: ExpressionNode, _ sql: String, _ count: Int) {
        self.path = path
        self.operand = operand
        self.sql = sql
        self.count = count
    }

    var testDescription: String { path.joined(separator: "__") }

    private static let key = """
        (CASE WHEN JSON_TYPE("data", ?) IN ('false','true','null') THEN JSON_TYPE("data", ?) \
        ELSE JSON_EXTRACT("data", ?) END)
        """

    func check() async throws {
        let (sql, count) = try await SampleDatabase.find(.condition(path, operand))
        let short = sql.split(Self.key).joined(separator: "KEY")
            .split("JSON_EXTRACT(?, '$')").joined(separator: "DOC")
        #expect(short == self.sql)
        #expect(count == self.count)
    }
}

/// Lookups of dates, numbers, text and UUIDs, with the SQL and the rows of Django 6.1.
@Suite struct ValueLookupTests {
    private typealias Case = LookupCase

    static let cases: [LookupCase] = [
        Case(["moment", "year"], n(2024), #""moment" BETWEEN ? AND ?"#, 1),
        Case(["moment", "year"], t("2024"), #""moment" BETWEEN ? AND ?"#, 1),
        Case(["moment", "year", "gt"], n(2023), #""moment" > ?"#, 1),
        Case(["moment", "year", "gte"], n(2024), #""moment" >= ?"#, 1),
        Case(["moment", "year", "lt"], n(2024), #""moment" < ?"#, 0),
        Case(["moment", "year", "lte"], n(2024), #""moment" <= ?"#, 1),
        Case(
            ["moment", "year", "in"],
            .list([n(2024)]),
            #"django_datetime_extract(?, "moment", ?, ?) IN (?)"#,
            1
        ),
        Case(
            ["moment", "year"],
            f("whole"),
            #"django_datetime_extract(?, "moment", ?, ?) = ("whole")"#,
            0
        ),
        Case(["day", "year"], n(2024), #""day" BETWEEN ? AND ?"#, 1),
        Case(["day", "iso_year"], n(2025), #""day" BETWEEN ? AND ?"#, 1),
        Case(["moment", "iso_year"], n(2024), #""moment" BETWEEN ? AND ?"#, 1),
        Case(["moment", "year"], n(9999), #""moment" BETWEEN ? AND ?"#, 0),
        Case(
            ["moment", "year"],
            .value(.null),
            #"django_datetime_extract(?, "moment", ?, ?) IS NULL"#,
            0
        ),
        Case(["moment", "quarter"], n(1), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(["moment", "month"], n(3), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(["moment", "week"], n(13), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(["moment", "day"], n(31), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(["moment", "week_day"], n(1), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(
            ["moment", "iso_week_day"],
            n(7),
            #"django_datetime_extract(?, "moment", ?, ?) = ?"#,
            1
        ),
        Case(["moment", "hour"], n(1), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(
            ["moment", "minute", "gt"],
            n(29),
            #"django_datetime_extract(?, "moment", ?, ?) > ?"#,
            1
        ),
        Case(["moment", "second"], n(15), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1),
        Case(["day", "week"], n(1), #"django_date_extract(?, "day") = ?"#, 1),
        Case(["day", "month"], n(12), #"django_date_extract(?, "day") = ?"#, 1),
        Case(["clock", "hour"], n(10), #"django_time_extract(?, "clock") = ?"#, 1),
        Case(
            ["clock", "second", "range"],
            .list([n(30), n(31)]),
            #"django_time_extract(?, "clock") BETWEEN ? AND ?"#,
            1
        ),
        Case(
            ["moment", "date"],
            .value(day("2024-03-31")),
            #"django_datetime_cast_date("moment", ?, ?) = ?"#,
            1
        ),
        Case(
            ["moment", "date"],
            t("2024-03-31"),
            #"django_datetime_cast_date("moment", ?, ?) = ?"#,
            1
        ),
        Case(
            ["moment", "date"],
            .value(moment("2024-03-31 09:00:00")),
            #"django_datetime_cast_date("moment", ?, ?) = ?"#,
            1
        ),
        Case(
            ["moment", "time", "gt"],
            .value(clock("01:00:00")),
            #"django_datetime_cast_time("moment", ?, ?) > ?"#,
            1
        ),
        Case(
            ["moment", "date", "month"],
            n(3),
            #"django_date_extract(?, django_datetime_cast_date("moment", ?, ?)) = ?"#,
            1
        ),
        Case(
            ["moment", "time", "hour"],
            n(1),
            #"django_time_extract(?, django_datetime_cast_time("moment", ?, ?)) = ?"#,
            1
        ),
        Case(["key"], t("12345678-1234-5678-1234-56781234abcd"), #""key" = ?"#, 1),
        Case(["key", "startswith"], t("12345678-1"), #""key" LIKE ? ESCAPE '\'"#, 1),
        Case(
            ["key", "iexact"],
            t("12345678-1234-5678-1234-56781234ABCD"),
            #""key" LIKE ? ESCAPE '\'"#,
            1
        ),
        Case(["key", "contains"], t("5678-1234"), #""key" LIKE ? ESCAPE '\'"#, 1),
        Case(
            ["key", "icontains"],
            f("name"),
            #""key" LIKE '%' || REPLACE(REPLACE(REPLACE(REPLACE(("name"), ?, ?), '\', '\\'), '%', '\%'), '_', '\_') || '%' ESCAPE '\'"#,
            0
        ),
        Case(["whole", "gt"], .value(.double(6.5)), #""whole" > ?"#, 1),
        Case(["whole"], .value(.double(7.5)), #""whole" = ?"#, 1),
        Case(["whole", "lt"], .value(.double(7.5)), #""whole" < ?"#, 1),
        Case(["whole", "gte"], .value(.double(6.5)), #""whole" >= ?"#, 1),
        Case(["whole", "lt"], .value(decimal("1e30")), #""#, 1),
        Case(["whole", "gt"], .value(decimal("1e30")), #""#, 0),
        Case(["whole"], .value(decimal("1e30")), #""#, 0),
        Case(["whole"], t("7"), #""whole" = ?"#, 1),
        Case(["whole"], .value(.bool(true)), #""whole" = ?"#, 0),
        Case(["real"], .value(.bool(true)), #""real" = ?"#, 0),
        Case(["whole", "regex"], t("^7$"), #""whole" REGEXP ?"#, 1),
        Case(["whole", "contains"], n(7), #""whole" LIKE ? ESCAPE '\'"#, 1),
        Case(["name", "regex"], t("[ÉE]t"), #""name" REGEXP ?"#, 1),
        Case(["name", "iregex"], t("été"), #""name" REGEXP '(?i)' || ?"#, 1),
        Case(["name", "regex"], f("name"), #""name" REGEXP ("name")"#, 1),
        Case(["name", "iregex"], f("name"), #""name" REGEXP '(?i)' || ("name")"#, 1),
        Case(["name", "icontains"], t("T"), #""name" LIKE ? ESCAPE '\'"#, 1),
        Case(["name", "contains"], t("_"), #""name" LIKE ? ESCAPE '\'"#, 1),
        Case(["name", "contains"], t("%"), #""name" LIKE ? ESCAPE '\'"#, 0),
        Case(["span", "gt"], .value(.duration(.seconds(86400))), #""span" > ?"#, 1),
        Case(["price", "lt"], t("12.4"), #""price" < ?"#, 1),
        Case(["price"], t("12.35"), #""price" = ?"#, 1),
        Case(["name"], n(7), #""name" = ?"#, 0),
    ]

    @Test(arguments: cases)
    func findsWhatDjangoFinds(_ lookup: LookupCase) async throws { try await lookup.check() }

    @Test(arguments: [0, -1, 10_000])
    func refusesYearsOutsideTheCalendar(_ year: Int) async throws {
        await #expect(throws: UsageError.self) {
            try await SampleDatabase.find(.condition(["moment", "year"], n(year)))
        }
    }

    @Test(arguments: [
        (["whole"], "x"), (["whole"], "7.5"), (["key"], "x"), (["day"], "x"),
        (["moment", "year"], "x"),
        (["real"], "x"),
    ])
    func refusesValuesThatDoNotFit(_ path: [String], _ text: String) async throws {
        let error = await #expect(throws: (any Error).self) {
            try await SampleDatabase.find(.condition(path, t(text)))
        }
        #expect(error is UsageError || error is FieldError)
    }

    @Test func readsMomentsOnTheClocksOfTheCurrentZone() async throws {
        // 01:30 UTC is 03:30 in Paris: the clocks have just been set forward.
        try await CurrentZone.$active.withValue("Europe/Paris") { () async throws in
            #expect(try await SampleDatabase.find(.condition(["moment", "hour"], n(3))).count == 1)
        }
        try await CurrentZone.$active.withValue("America/New_York") { () async throws in
            #expect(try await SampleDatabase.find(.condition(["moment", "day"], n(30))).count == 1)
        }
    }
}
