import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

/// A row of numbers, texts and truth values.
@Model(app: "pg", ordering: ["id"])
struct Sample {
    @Field(maxLength: 10) var name = ""
    var flag: Bool?
    var x: Int?
    var y: Double?
}

/// The aggregates and functions that only PostgreSQL has.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct AggregateTests {
    private static func filled() async throws -> Database {
        let database = try await FieldDatabase.open([Sample.self])
        try await database.use {
            _ = try await Sample.objects.bulkCreate([
                Sample(name: "b", flag: true, x: 1, y: 2),
                Sample(name: "a", flag: false, x: 2, y: 4),
                Sample(name: "a", flag: nil, x: 3, y: 6.5), Sample(name: "c"),
            ])
        }
        return database
    }

    @Test func writesAggregates() async throws {
        let database = try await Self.filled()
        let name = DynamicExpression.field("name")
        let both: [DynamicExpression] = [.field("y"), .field("x")]
        let cases: [(DynamicExpression, String, SQLValue)] = [
            (
                .aggregate("ArrayAgg", [name], distinct: true, ordering: [name.ordered()]),
                #"ARRAY_AGG(DISTINCT "pg_sample"."name" ORDER BY "pg_sample"."name" ASC)"#,
                .array(["a", "b", "c"].map { .text($0) })
            ),
            (
                .aggregate("ArrayAgg", [.field("x")], filter: .condition("x__gt", 1)),
                #"ARRAY_AGG("pg_sample"."x") FILTER (WHERE ("pg_sample"."x" > $1))"#,
                .array([.int(2), .int(3)])
            ),
            (
                .aggregate(
                    "ArrayAgg",
                    [.field("x")],
                    filter: .condition("x__gt", 10),
                    default: .value([0])
                ),
                #"COALESCE(ARRAY_AGG("pg_sample"."x") FILTER (WHERE ("pg_sample"."x" > $1)), $2::integer[])"#,
                .array([.int(0)])
            ),
            (
                .aggregate("JSONBAgg", [.field("x")], ordering: [Ordering(name: "-x")]),
                #"JSONB_AGG("pg_sample"."x" ORDER BY "pg_sample"."x" DESC)"#,
                .json(.array([.null, .int(3), .int(2), .int(1)]))
            ),
            (
                .aggregate("BoolAnd", [.field("flag")]), #"BOOL_AND("pg_sample"."flag")"#,
                .bool(false)
            ),
            (.aggregate("BoolOr", [.field("flag")]), #"BOOL_OR("pg_sample"."flag")"#, .bool(true)),
            (.aggregate("BitAnd", [.field("x")]), #"BIT_AND("pg_sample"."x")"#, .int(0)),
            (.aggregate("BitOr", [.field("x")]), #"BIT_OR("pg_sample"."x")"#, .int(3)),
            (.aggregate("BitXor", [.field("x")]), #"BIT_XOR("pg_sample"."x")"#, .int(0)),
            (
                .aggregate("RegrCount", both), #"REGR_COUNT("pg_sample"."y", "pg_sample"."x")"#,
                .int(3)
            ),
            (
                .aggregate("RegrAvgX", both), #"REGR_AVGX("pg_sample"."y", "pg_sample"."x")"#,
                .double(2)
            ),
            (
                .aggregate("RegrSlope", both), #"REGR_SLOPE("pg_sample"."y", "pg_sample"."x")"#,
                .double(2.25)
            ),
            (
                .aggregate("RegrSXX", both), #"REGR_SXX("pg_sample"."y", "pg_sample"."x")"#,
                .double(2)
            ),
            (
                .aggregate("CovarPop", both), #"COVAR_POP("pg_sample"."y", "pg_sample"."x")"#,
                .double(1.5)
            ),
            (
                .aggregate("CovarPop", both, isSample: true),
                #"COVAR_SAMP("pg_sample"."y", "pg_sample"."x")"#, .double(2.25)
            ),
        ]
        for (aggregate, expected, value) in cases {
            let (sql, _, result) = try await FieldDatabase.query(database) {
                try await DynamicQuery(Sample.self).aggregate([("v", aggregate)])
            }
            #expect(sql == #"SELECT \#(expected) AS "v" FROM "pg_sample""#)
            #expect(result["v"] == value, "\(expected)")
        }
    }

    @Test func answersTheTypedForm() async throws {
        let database = try await Self.filled()
        try await database.use {
            let (names, xs, all, any) = try await Sample.objects.aggregate {
                (
                    $0.name.arrayAgg(ordering: [$0.name.descending]), $0.x.arrayAgg(distinct: true),
                    $0.flag.allTrue(), $0.flag.anyTrue()
                )
            }
            #expect(names == ["c", "b", "a", "a"])
            #expect(xs == [1, 2, 3, nil])
            #expect(all == false && any == true)
            let (slope, correlation, count) = try await Sample.objects.aggregate {
                (
                    Statistic(.regressionSlope, y: $0.y, x: $0.x),
                    Statistic(.correlation, y: $0.y, x: $0.x, filter: $0.x < 3),
                    RowPairCount(y: $0.y, x: $0.x)
                )
            }
            #expect(slope == 2.25)
            #expect(correlation.map { abs($0 - 1) < 1e-9 } == true)
            #expect(count == 3)
            let (none, zero) = try await Sample.objects.filter { $0.x > 99 }.aggregate {
                ($0.x.arrayAgg(), $0.x.count())
            }
            #expect(zero == 0)
            #expect(none == nil)
            let names2 = try await Sample.objects.filter { $0.x == 1 }.values {
                (
                    ArraySubquery<String>(
                        DynamicQuery(Sample.objects.filter { $0.x > 1 }).values("name")
                    ), $0.name
                )
            }
            #expect(names2[0].0.sorted() == ["a", "a"])
            let (uuid, now) = try await Sample.objects.values { _ in
                (RandomUUID(), TransactionNow())
            }[0]
            #expect(uuid.uuidString.utf8.count == 36)
            #expect(abs(now.timeIntervalSinceNow) < 600)
        }
    }

    @Test func standsForNoRows() async throws {
        let database = try await Self.filled()
        let (sql, _, found) = try await FieldDatabase.query(database) {
            try await Sample.objects.filter { $0.x > 99 }.aggregate {
                (
                    $0.name.arrayAgg(default: ["none"]),
                    $0.x.jsonbAgg(distinct: true, default: .array([])),
                    $0.flag.allTrue(default: true), $0.flag.anyTrue(default: false),
                    Statistic(.correlation, y: $0.y, x: $0.x, default: 0),
                    RowPairCount(y: $0.y, x: $0.x, filter: $0.x > 1)
                )
            }
        }
        #expect(
            sql == """
                SELECT COALESCE(ARRAY_AGG("pg_sample"."name"), $1::varchar(10)[]) AS "aggregate1", \
                COALESCE(JSONB_AGG(DISTINCT "pg_sample"."x"), $2) AS "aggregate2", \
                COALESCE(BOOL_AND("pg_sample"."flag"), $3) AS "aggregate3", \
                COALESCE(BOOL_OR("pg_sample"."flag"), $4) AS "aggregate4", \
                COALESCE(CORR("pg_sample"."y", "pg_sample"."x"), $5) AS "aggregate5", \
                REGR_COUNT("pg_sample"."y", "pg_sample"."x") FILTER (WHERE ("pg_sample"."x" > $6)) \
                AS "aggregate6" FROM "pg_sample" WHERE "pg_sample"."x" > $7
                """
        )
        #expect(found.0 == ["none"])
        #expect(found.1 == .array([]))
        #expect(found.2 && !found.3)
        #expect(found.4 == 0 && found.5 == 0)
    }

    @Test func arraysOfTypedQueries() async throws {
        let database = try await Self.filled()
        let (sql, _, rows) = try await FieldDatabase.query(database) {
            try await Sample.objects.filter { $0.x == 1 }.values { sample in
                ArraySubquery(
                    Sample.objects.filter { $0.x > sample.x.outer }.order { $0.y.descending }
                        .selecting { $0.y }
                )
            }
        }
        #expect(
            sql == """
                SELECT ARRAY(SELECT "U0"."y" AS "y" FROM "pg_sample" "U0" WHERE "U0"."x" > \
                ("pg_sample"."x") ORDER BY 1 DESC) AS "value1" FROM "pg_sample" WHERE \
                "pg_sample"."x" = $1 ORDER BY "pg_sample"."id" ASC
                """
        )
        #expect(rows == [[6.5, 4]])
    }

    @Test func grouped() async throws {
        let database = try await Self.filled()
        let (sql, _, rows) = try await FieldDatabase.query(database) {
            try await DynamicQuery(Sample.self).order(by: "name").values("name")
                .annotate(
                    "xs",
                    .aggregate("ArrayAgg", [.field("x")], ordering: [Ordering(name: "x")])
                ).rows()
        }
        #expect(
            sql == """
                SELECT "pg_sample"."name" AS "name", ARRAY_AGG("pg_sample"."x" \
                ORDER BY "pg_sample"."x" ASC) AS "xs" FROM "pg_sample" GROUP BY 1 ORDER BY 1 ASC
                """
        )
        #expect(
            rows.map { $0["xs"] } == [
                .array([.int(2), .int(3)]), .array([.int(1)]), .array([.null]),
            ]
        )
    }
}
