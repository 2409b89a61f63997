import DatabaseTestSupport
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
    private var postgresql: (sql: String, count: Int)?
    private var isRefusedByPostgreSQL = false
    private var mysql: (sql: String, count: Int)?

    init(_ path: [String], _ operand: ExpressionNode, _ sql: String, _ count: Int) {
        self.path = path
        self.operand = operand
        self.sql = sql
        self.count = count
    }

    var testDescription: String { path.joined(separator: "__") }

    /// The lookup with what PostgreSQL makes of it, where that is not the same.
    func postgresql(_ sql: String, _ count: Int? = nil) -> Self {
        var copy = self
        copy.postgresql = (sql, count ?? self.count)
        return copy
    }

    /// The lookup, which PostgreSQL itself refuses.
    func refusedByPostgreSQL() -> Self {
        var copy = self
        copy.isRefusedByPostgreSQL = true
        return copy
    }

    /// The lookup with what MariaDB makes of it, where that is not the same as on SQLite.
    func mysql(_ sql: String, _ count: Int? = nil) -> Self {
        var copy = self
        copy.mysql = (sql, count ?? self.count)
        return copy
    }

    private static let key = """
        (CASE WHEN JSON_TYPE("data", ?) IN ('false','true','null') THEN JSON_TYPE("data", ?) \
        ELSE JSON_EXTRACT("data", ?) END)
        """

    func check(_ backend: TestBackend) async throws {
        if backend == .postgresql, isRefusedByPostgreSQL {
            await #expect(throws: DatabaseError.self) {
                try await SampleDatabase.find(.condition(path, operand), on: backend)
            }
            return
        }
        let own = backend.choose(sqlite: nil, postgresql: postgresql, mysql: mysql)
        let wanted = own ?? (sql: sql, count: count)
        let (sql, count) = try await SampleDatabase.find(.condition(path, operand), on: backend)
        let short = sql.split(Self.key).joined(separator: "KEY")
            .split("JSON_EXTRACT(?, '$')").joined(separator: "DOC")
        #expect(short == wanted.sql)
        #expect(count == wanted.count)
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
        ).mysql(#"EXTRACT(YEAR FROM "moment") IN (?)"#).postgresql(
            #"EXTRACT(YEAR FROM "moment" AT TIME ZONE 'UTC') IN (?)"#
        ),
        Case(
            ["moment", "year"],
            f("whole"),
            #"django_datetime_extract(?, "moment", ?, ?) = ("whole")"#,
            0
        ).mysql(#"EXTRACT(YEAR FROM "moment") = ("whole")"#).postgresql(
            #"EXTRACT(YEAR FROM "moment" AT TIME ZONE 'UTC') = ("whole")"#
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
        ).mysql(#"EXTRACT(YEAR FROM "moment") IS NULL"#).postgresql(
            #"EXTRACT(YEAR FROM "moment" AT TIME ZONE 'UTC') IS NULL"#
        ),
        Case(["moment", "quarter"], n(1), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1)
            .mysql(#"EXTRACT(QUARTER FROM "moment") = ?"#)
            .postgresql(#"EXTRACT(QUARTER FROM "moment" AT TIME ZONE 'UTC') = ?"#),
        Case(["moment", "month"], n(3), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1)
            .mysql(#"EXTRACT(MONTH FROM "moment") = ?"#)
            .postgresql(#"EXTRACT(MONTH FROM "moment" AT TIME ZONE 'UTC') = ?"#),
        Case(["moment", "week"], n(13), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1)
            .mysql(#"WEEK("moment", 3) = ?"#)
            .postgresql(#"EXTRACT(WEEK FROM "moment" AT TIME ZONE 'UTC') = ?"#),
        Case(["moment", "day"], n(31), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1).mysql(
            #"EXTRACT(DAY FROM "moment") = ?"#
        )
        .postgresql(#"EXTRACT(DAY FROM "moment" AT TIME ZONE 'UTC') = ?"#),
        Case(["moment", "week_day"], n(1), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1)
            .mysql(#"DAYOFWEEK("moment") = ?"#)
            .postgresql(#"EXTRACT(DOW FROM "moment" AT TIME ZONE 'UTC') + 1 = ?"#),
        Case(
            ["moment", "iso_week_day"],
            n(7),
            #"django_datetime_extract(?, "moment", ?, ?) = ?"#,
            1
        ).mysql(#"WEEKDAY("moment") + 1 = ?"#).postgresql(
            #"EXTRACT(ISODOW FROM "moment" AT TIME ZONE 'UTC') = ?"#
        ),
        Case(["moment", "hour"], n(1), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1).mysql(
            #"EXTRACT(HOUR FROM "moment") = ?"#
        )
        .postgresql(#"EXTRACT(HOUR FROM "moment" AT TIME ZONE 'UTC') = ?"#),
        Case(
            ["moment", "minute", "gt"],
            n(29),
            #"django_datetime_extract(?, "moment", ?, ?) > ?"#,
            1
        ).mysql(#"EXTRACT(MINUTE FROM "moment") > ?"#).postgresql(
            #"EXTRACT(MINUTE FROM "moment" AT TIME ZONE 'UTC') > ?"#
        ),
        Case(["moment", "second"], n(15), #"django_datetime_extract(?, "moment", ?, ?) = ?"#, 1)
            .mysql(#"EXTRACT(SECOND FROM "moment") = ?"#)
            .postgresql(
                #"EXTRACT(SECOND FROM DATE_TRUNC('second', "moment" AT TIME ZONE 'UTC')) = ?"#
            ),
        Case(["day", "week"], n(1), #"django_date_extract(?, "day") = ?"#, 1).mysql(
            #"WEEK("day", 3) = ?"#
        ).postgresql(
            #"EXTRACT(WEEK FROM "day") = ?"#
        ),
        Case(["day", "month"], n(12), #"django_date_extract(?, "day") = ?"#, 1).mysql(
            #"EXTRACT(MONTH FROM "day") = ?"#
        ).postgresql(
            #"EXTRACT(MONTH FROM "day") = ?"#
        ),
        Case(["clock", "hour"], n(10), #"django_time_extract(?, "clock") = ?"#, 1).mysql(
            #"EXTRACT(HOUR FROM "clock") = ?"#
        ).postgresql(
            #"EXTRACT(HOUR FROM "clock") = ?"#
        ),
        Case(
            ["clock", "second", "range"],
            .list([n(30), n(31)]),
            #"django_time_extract(?, "clock") BETWEEN ? AND ?"#,
            1
        ).mysql(#"EXTRACT(SECOND FROM "clock") BETWEEN ? AND ?"#).postgresql(
            #"EXTRACT(SECOND FROM DATE_TRUNC('second', "clock")) BETWEEN ? AND ?"#
        ),
        Case(
            ["moment", "date"],
            .value(day("2024-03-31")),
            #"django_datetime_cast_date("moment", ?, ?) = ?"#,
            1
        ).mysql(#"DATE("moment") = ?"#).postgresql(#"("moment" AT TIME ZONE 'UTC')::date = ?"#),
        Case(
            ["moment", "date"],
            t("2024-03-31"),
            #"django_datetime_cast_date("moment", ?, ?) = ?"#,
            1
        ).mysql(#"DATE("moment") = ?"#).postgresql(#"("moment" AT TIME ZONE 'UTC')::date = ?"#),
        Case(
            ["moment", "date"],
            .value(moment("2024-03-31 09:00:00")),
            #"django_datetime_cast_date("moment", ?, ?) = ?"#,
            1
        ).mysql(#"DATE("moment") = ?"#).postgresql(#"("moment" AT TIME ZONE 'UTC')::date = ?"#),
        Case(
            ["moment", "time", "gt"],
            .value(clock("01:00:00")),
            #"django_datetime_cast_time("moment", ?, ?) > ?"#,
            1
        ).mysql(#"TIME("moment") > ?"#).postgresql(#"("moment" AT TIME ZONE 'UTC')::time > ?"#),
        Case(
            ["moment", "date", "month"],
            n(3),
            #"django_date_extract(?, django_datetime_cast_date("moment", ?, ?)) = ?"#,
            1
        ).mysql(#"EXTRACT(MONTH FROM DATE("moment")) = ?"#).postgresql(
            #"EXTRACT(MONTH FROM ("moment" AT TIME ZONE 'UTC')::date) = ?"#
        ),
        Case(
            ["moment", "time", "hour"],
            n(1),
            #"django_time_extract(?, django_datetime_cast_time("moment", ?, ?)) = ?"#,
            1
        ).mysql(#"EXTRACT(HOUR FROM TIME("moment")) = ?"#).postgresql(
            #"EXTRACT(HOUR FROM ("moment" AT TIME ZONE 'UTC')::time) = ?"#
        ),
        Case(["key"], t("12345678-1234-5678-1234-56781234abcd"), #""key" = ?"#, 1),
        Case(["key", "startswith"], t("12345678-1"), #""key" LIKE ? ESCAPE '\'"#, 1).mysql(
            #"CAST("key" AS char) LIKE BINARY ?"#
        ).postgresql(
            #""key"::text LIKE ?"#
        ),
        Case(
            ["key", "iexact"],
            t("12345678-1234-5678-1234-56781234ABCD"),
            #""key" LIKE ? ESCAPE '\'"#,
            1
        ).mysql(#"LOWER(CAST("key" AS char)) = LOWER(?)"#).postgresql(
            #"UPPER("key"::text) = UPPER(?)"#
        ),
        Case(["key", "contains"], t("5678-1234"), #""key" LIKE ? ESCAPE '\'"#, 1).mysql(
            #"CAST("key" AS char) LIKE BINARY ?"#
        ).postgresql(
            #""key"::text LIKE ?"#
        ),
        Case(
            ["key", "icontains"],
            f("name"),
            #""key" LIKE '%' || REPLACE(REPLACE(REPLACE(REPLACE(("name"), ?, ?), '\', '\\'), '%', '\%'), '_', '\_') || '%' ESCAPE '\'"#,
            0
        ).mysql(
            #"LOWER(CAST("key" AS char)) LIKE LOWER(CONCAT('%', REPLACE(REPLACE(REPLACE(("name"), '\\', '\\\\'), '%', '\\%'), '_', '\\_'), '%'))"#
        ).postgresql(
            #"UPPER("key"::text) LIKE UPPER('%' || REPLACE(REPLACE(REPLACE((("name"))::text, E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#
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
        Case(["whole", "regex"], t("^7$"), #""whole" REGEXP ?"#, 1).mysql(
            #""whole" REGEXP CONCAT('(?-i)', ?)"#
        ).postgresql(
            #""whole"::text ~ ?"#
        ),
        Case(["whole", "contains"], n(7), #""whole" LIKE ? ESCAPE '\'"#, 1).mysql(
            #""whole" LIKE BINARY ?"#
        ).postgresql(
            #""whole"::text LIKE ?"#
        ),
        Case(["name", "regex"], t("[ÉE]t"), #""name" REGEXP ?"#, 1).mysql(
            #""name" REGEXP CONCAT('(?-i)', ?)"#
        ).postgresql(
            #""name"::text ~ ?"#
        ),
        Case(["name", "iregex"], t("été"), #""name" REGEXP '(?i)' || ?"#, 1).mysql(
            #""name" REGEXP CONCAT('(?i)', ?)"#
        ).postgresql(
            #""name"::text ~* ?"#
        ),
        Case(["name", "regex"], f("name"), #""name" REGEXP ("name")"#, 1).mysql(
            #""name" REGEXP CONCAT('(?-i)', ("name"))"#
        ).postgresql(
            #""name"::text ~ ("name")"#
        ),
        Case(["name", "iregex"], f("name"), #""name" REGEXP '(?i)' || ("name")"#, 1).mysql(
            #""name" REGEXP CONCAT('(?i)', ("name"))"#
        ).postgresql(
            #""name"::text ~* ("name")"#
        ),
        Case(["name", "icontains"], t("T"), #""name" LIKE ? ESCAPE '\'"#, 1).mysql(
            #"LOWER("name") LIKE LOWER(?)"#
        ).postgresql(
            #"UPPER("name"::text) LIKE UPPER(?)"#
        ),
        Case(["name", "contains"], t("_"), #""name" LIKE ? ESCAPE '\'"#, 1).mysql(
            #""name" LIKE BINARY ?"#
        ).postgresql(
            #""name"::text LIKE ?"#
        ),
        Case(["name", "contains"], t("%"), #""name" LIKE ? ESCAPE '\'"#, 0).mysql(
            #""name" LIKE BINARY ?"#
        ).postgresql(
            #""name"::text LIKE ?"#
        ),
        Case(["span", "gt"], .value(.duration(.seconds(86400))), #""span" > ?"#, 1),
        Case(["price", "lt"], t("12.4"), #""price" < ?"#, 1),
        Case(["price"], t("12.35"), #""price" = ?"#, 1),
        Case(["name"], n(7), #""name" = ?"#, 0),
    ]

    @Test(arguments: TestBackend.available, cases)
    func findsWhatDjangoFinds(_ backend: TestBackend, _ lookup: LookupCase) async throws {
        try await lookup.check(backend)
    }

    @Test(arguments: TestBackend.available, [0, -1, 10_000])
    func refusesYearsOutsideTheCalendar(_ backend: TestBackend, _ year: Int) async throws {
        await #expect(throws: UsageError.self) {
            try await SampleDatabase.find(.condition(["moment", "year"], n(year)), on: backend)
        }
    }

    @Test(
        arguments: TestBackend.available,
        [
            (["whole"], "x"), (["whole"], "7.5"), (["key"], "x"), (["day"], "x"),
            (["moment", "year"], "x"),
            (["real"], "x"),
        ]
    )
    func refusesValuesThatDoNotFit(
        _ backend: TestBackend,
        _ refused: (path: [String], text: String)
    ) async throws {
        let error = await #expect(throws: (any Error).self) {
            try await SampleDatabase.find(.condition(refused.path, t(refused.text)), on: backend)
        }
        #expect(error is UsageError || error is FieldError)
    }

    @Test(arguments: TestBackend.available)
    func readsMomentsOnTheClocksOfTheCurrentZone(_ backend: TestBackend) async throws {
        // 01:30 UTC is 03:30 in Paris: the clocks have just been set forward.
        try await CurrentZone.$active.withValue("Europe/Paris") { () async throws in
            let found = try await SampleDatabase.find(
                .condition(["moment", "hour"], n(3)),
                on: backend
            )
            #expect(found.count == 1)
        }
        try await CurrentZone.$active.withValue("America/New_York") { () async throws in
            let found = try await SampleDatabase.find(
                .condition(["moment", "day"], n(30)),
                on: backend
            )
            #expect(found.count == 1)
        }
    }
}
