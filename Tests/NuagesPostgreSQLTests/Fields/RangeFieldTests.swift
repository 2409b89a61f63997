import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

/// Ranges in columns: their values, bounds, lookups and transforms.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct RangeFieldTests {
    private static func filled() async throws -> Database {
        let database = try await FieldDatabase.open([Span.self])
        try await database.use {
            _ = try await Span.objects.bulkCreate([
                Span(ints: PostgreSQLRange(0..<10), days: try day(2024, 1, 1)..<day(2024, 2, 1)),
                Span(
                    ints: PostgreSQLRange(5..<15),
                    number: 7,
                    small: 7,
                    big: 7,
                    float: 7.5,
                    exact: 7
                ),
                Span(ints: PostgreSQLRange(20...)),
                Span(ints: PostgreSQLRange(..<5)),
                Span(ints: .empty),
                Span(),
            ])
        }
        return database
    }

    @Test func makesColumns() throws {
        let dialect = try SQLDialectOnly.postgresql()
        var types: [String: String] = [:]
        for field in Span.schema.fields {
            types[field.name] = dialect.columnType(of: field, isReference: false)
        }
        #expect(types["ints"] == "int4range")
        #expect(types["bigs"] == "int8range")
        #expect(types["decimals"] == "numrange")
        #expect(types["moments"] == "tstzrange")
        #expect(types["days"] == "daterange")
    }

    @Test func keepsRanges() async throws {
        let database = try await FieldDatabase.open([Span.self])
        let noon = Date(timeIntervalSince1970: 1_700_000_000.25)
        let rows = [
            Span(
                ints: PostgreSQLRange(1, 5, bounds: .both),
                bigs: PostgreSQLRange(-9_000_000_000, nil, bounds: .neither),
                decimals: PostgreSQLRange(
                    Decimal(150) / 100,
                    3,
                    bounds: .upperOnly
                ),
                moments: PostgreSQLRange(noon, nil),
                days: try day(2024, 2, 28)..<day(2024, 3, 1)
            ),
            Span(ints: .empty, decimals: .empty, moments: PostgreSQLRange(nil, nil)),
        ]
        try await database.use {
            _ = try await Span.objects.bulkCreate(rows)
            let found = try await Span.objects.all()
            // Ranges of whole numbers are kept as [lower, upper).
            #expect(found[0].ints == PostgreSQLRange(1, 6))
            #expect(found[0].bigs == PostgreSQLRange(-8_999_999_999, nil))
            #expect(found[0].decimals == rows[0].decimals)
            #expect(found[0].moments == rows[0].moments)
            #expect(found[0].days == rows[0].days)
            #expect(found[1].ints == .empty)
            #expect(found[1].decimals == .empty)
            #expect(found[1].moments?.lower == nil)
            #expect(found[1].moments?.isEmpty == false)
            #expect(found[1].days == nil)
        }
        let columns: SQL =
            #"SELECT "ints", "bigs", "decimals", "moments", "days" FROM "pg_span" ORDER BY "id""#
        let binary = try await database.rows(columns)
        let mixed = try await database.rows(
            #"SELECT "ints", "bigs", "decimals", "moments", "days", '::1'::inet FROM "pg_span" ORDER BY "id""#
        )
        #expect(mixed.map { $0.dropLast() } == binary.map { $0[...] })
        #expect(binary[0][0] == .range(SQLRange(.int(1), .int(6))))
        #expect(binary[1][0] == .range(.empty))
    }

    @Test func writesLookups() async throws {
        let database = try await Self.filled()
        let start = #"SELECT "pg_span"."id" AS "id" FROM "pg_span" WHERE "#
        let end = " ORDER BY 1 ASC"
        let column = #""pg_span"."ints""#
        let five = DynamicExpression.value(PostgreSQLRange(5, 8))
        let cases: [(DynamicExpression, String, [Int])] = [
            (.condition("ints", .list([0, 10])), "\(column) = $1::int4range", [1]),
            (.condition("ints__contains", five), "\(column) @> $1::int4range", [1, 2]),
            (.condition("ints__contains", 4), "\(column) @> ($1)::integer", [1, 4]),
            (
                .condition("ints__contains", .field("number")),
                #"\#(column) @> ("pg_span"."number")::integer"#, [1, 2, 4]
            ),
            (
                .condition("ints__contained_by", .list([0, 20])), "\(column) <@ $1::int4range",
                [1, 2, 5]
            ),
            (.condition("ints__overlap", .list([12, 30])), "\(column) && $1::int4range", [2, 3]),
            (
                .condition("ints__fully_lt", .list([15, 16])), "\(column) << $1::int4range",
                [1, 2, 4]
            ),
            (.condition("ints__fully_gt", .list([10, 12])), "\(column) >> $1::int4range", [3]),
            (.condition("ints__not_lt", .list([5, 6])), "\(column) &> $1::int4range", [2, 3]),
            (.condition("ints__not_gt", .list([0, 10])), "\(column) &< $1::int4range", [1, 4]),
            (
                .condition("ints__adjacent_to", .list([10, 20])), "\(column) -|- $1::int4range",
                [1, 3]
            ),
            (.condition("ints__startswith", 5), "lower(\(column)) = $1", [2]),
            (.condition("ints__endswith__gt", 10), "upper(\(column)) > $1", [2]),
            (.condition("ints__isempty", true), "isempty(\(column))", [5]),
            (.condition("ints__isempty", false), "NOT isempty(\(column))", [1, 2, 3, 4]),
            (.condition("ints__lower_inc", true), "lower_inc(\(column))", [1, 2, 3]),
            (.condition("ints__lower_inf", true), "lower_inf(\(column))", [4]),
            (.condition("ints__upper_inc", true), "upper_inc(\(column))", []),
            (.condition("ints__upper_inf", true), "upper_inf(\(column))", [3]),
            (
                .condition("number__contained_by", .list([5, 8])),
                #""pg_span"."number" <@ $1::int4range"#, [2]
            ),
            (
                .condition("small__contained_by", .list([5, 8])),
                #""pg_span"."small"::integer <@ $1::int4range"#, [2]
            ),
            (
                .condition("big__contained_by", .list([5, 8])),
                #""pg_span"."big" <@ $1::int8range"#, [2]
            ),
            (
                .condition("float__contained_by", .list([5, 8])),
                #""pg_span"."float"::numeric <@ $1::numrange"#, [2]
            ),
            (
                .condition("exact__contained_by", .list([5, 8])),
                #""pg_span"."exact" <@ $1::numrange"#, [2]
            ),
            (
                .condition("number__contained_by", .field("ints")),
                #""pg_span"."number" <@ ("pg_span"."ints")::int4range"#, [1, 2, 4]
            ),
        ]
        for (condition, expected, ids) in cases {
            let (sql, _, rows) = try await FieldDatabase.query(database) {
                try await DynamicQuery(Span.self).filter(condition).values("id").rows()
            }
            #expect(sql == start + expected + end)
            #expect(rows.map { $0["id"] } == ids.map { .int($0) }, "\(expected)")
        }
    }

    @Test func givesEndsTheBoundsOfTheField() async throws {
        let database = try await FieldDatabase.open([Span.self])
        try await database.use {
            var row = try DynamicRow(new: "pg.span", [])
            row.set("decimals", to: .array([.int(1), .int(2)]))
            row.set("ints", to: .array([.int(1), .int(2)]))
            row.set("moments", to: .json(.array([.null, .string("2024-01-01T00:00:00Z")])))
            row.set(
                "days",
                to: .text(#"{"lower": "2024-01-01", "upper": "2024-01-31", "bounds": "[]"}"#)
            )
            try await row.save()
            let span = try #require(try await Span.objects.first())
            #expect(span.decimals == PostgreSQLRange(1, 2, bounds: .both))
            #expect(span.ints == PostgreSQLRange(1, 2))
            #expect(span.moments?.bounds == .neither)
            #expect(span.days == (try day(2024, 1, 1))..<(try day(2024, 2, 1)))
        }
    }

    @Test func answersTheTypedForm() async throws {
        let database = try await Self.filled()
        let january = PostgreSQLRange(try day(2024, 1, 1)...day(2024, 1, 31))
        let first = try day(2024, 1, 1)
        try await database.use {
            #expect(try await Span.objects.filter { $0.ints.contains(4) }.count() == 2)
            #expect(try await Span.objects.filter { $0.ints.contains($0.number) }.count() == 3)
            #expect(
                try await Span.objects.filter { $0.ints.overlaps(PostgreSQLRange(12, 30)) }.count()
                    == 2
            )
            #expect(
                try await Span.objects.filter { $0.ints.isBefore(PostgreSQLRange(15, nil)) }.count()
                    == 3
            )
            #expect(
                try await Span.objects.filter { $0.ints.isAfter(PostgreSQLRange(10, 12)) }.count()
                    == 1
            )
            #expect(
                try await Span.objects.filter { $0.ints.isAdjacent(to: PostgreSQLRange(10, 20)) }
                    .count() == 2
            )
            #expect(try await Span.objects.filter { $0.days.contains(january) }.count() == 1)
            #expect(try await Span.objects.filter { $0.days.lower == first }.count() == 1)
            #expect(try await Span.objects.filter { $0.ints.upper.isNull }.count() == 3)
            #expect(try await Span.objects.filter { $0.ints.hasNoUpper }.count() == 1)
            #expect(try await Span.objects.filter { $0.ints.isEmpty }.count() == 1)
            #expect(
                try await Span.objects.filter { $0.number.isContained(in: PostgreSQLRange(5, 8)) }
                    .count() == 1
            )
            let ends = try await Span.objects.values { ($0.ints.lower, $0.ints.upper) }
            #expect(ends[1].0 == 5)
            #expect(ends[2].1 == nil)
        }
    }

    @Test func comparesInSwift() {
        let range = PostgreSQLRange(1, 5, bounds: .upperOnly)
        #expect([0, 1, 2, 5, 6].map(range.contains) == [false, false, true, true, false])
        #expect(PostgreSQLRange<Int>.empty.contains(0) == false)
        #expect(PostgreSQLRange<Int>(nil, nil).contains(.max))
        #expect(PostgreSQLRange(3..<3).isEmpty)
    }

    @Test func refusesWhatNoRangeIs() async throws {
        let database = try await Self.filled()
        await database.use {
            let operands: [DynamicExpression] = [.list([1, 2, 3]), "x", .list(["a", "b"])]
            for operand in operands {
                await #expect(throws: FieldError.self) {
                    try await DynamicQuery(Span.self).filter(.condition("ints__overlap", operand))
                        .count()
                }
            }
            // The lower end above the upper one.
            await #expect(throws: DatabaseError.self) {
                try await DynamicQuery(Span.self)
                    .filter(.condition("ints__overlap", .list([5, 1]))).count()
            }
        }
    }

    @Test func comparesWithOtherRangesOfTheRow() async throws {
        let database = try await Self.filled()
        let (sql, _, count) = try await FieldDatabase.query(database) {
            try await Span.objects.filter {
                $0.ints.contains($0.ints) && $0.ints.overlaps($0.ints)
                    && $0.ints.isContained(in: $0.ints) && $0.number.isContained(in: $0.ints)
            }.count()
        }
        let ints = #""pg_span"."ints""#
        #expect(
            sql == """
                SELECT COUNT(*) AS "__count" FROM "pg_span" WHERE (\(ints) @> (\(ints)) AND \
                \(ints) && (\(ints)) AND \(ints) <@ (\(ints)) AND "pg_span"."number" <@ \
                (\(ints))::int4range)
                """
        )
        // 0 is in 0..<10 and in ..<5; 7 is in 5..<15.
        #expect(count == 3)
    }
}
