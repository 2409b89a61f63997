import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Aggregates of exact numbers and lengths of time, and options of aggregates")
struct AggregateOptionTests {
    @Test(arguments: TestBackend.installed, cases)
    func aggregates(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    private static let length = DynamicExpression.field("length")
    private static let none = DynamicExpression.condition("words__gt", 100)

    /// Aggregates of all talks.
    private static func talks(
        _ description: String,
        _ typed: @escaping @Sendable () async throws -> [String],
        _ dynamic: [DynamicExpression],
        _ sql: [String],
        _ rows: [String]
    ) -> TypedCase {
        let columns = sql.enumerated().map { #"\#($1) AS "aggregate\#($0 + 1)""# }
        return TypedCase(
            description,
            typed,
            {
                _ = try await DynamicQuery(Talk.self).aggregate(
                    dynamic.enumerated().map { ("aggregate\($0 + 1)", $1) }
                )
            },
            #"SELECT \#(columns.joined(separator: ", ")) FROM "ballots_talk""#,
            rows
        )
        .on(TalkDatabase.filled)
    }

    static let cases: [TypedCase] = [
        talks(
            "sums and means of lengths of time",
            {
                let (sum, mean, distinct) = try await Talk.objects.aggregate {
                    (
                        $0.length.sum(), $0.length.average(),
                        $0.pause.sum(distinct: true, filter: $0.words > 2)
                    )
                }
                return [text(sum), text(mean), text(distinct)]
            },
            [
                .aggregate("Sum", [length]), .aggregate("Avg", [length]),
                .aggregate(
                    "Sum",
                    [.field("pause")],
                    distinct: true,
                    filter: .condition("words__gt", 2)
                ),
            ],
            [
                #"SUM("ballots_talk"."length")"#, #"AVG("ballots_talk"."length")"#,
                #"""
                SUM(DISTINCT "ballots_talk"."pause") FILTER (WHERE ("ballots_talk"."words" > ?))
                """#,
            ],
            ["7300.0 seconds", "2433.333333 seconds", "600.0 seconds"]
        ),
        talks(
            "lengths of time that stand for none",
            {
                let (sum, mean) = try await Talk.objects.aggregate {
                    (
                        $0.length.sum(filter: $0.words > 100, default: .seconds(1)),
                        $0.length.average(
                            distinct: true,
                            filter: $0.words > 100,
                            default: .seconds(2)
                        )
                    )
                }
                return ["\(sum)", "\(mean)"]
            },
            [
                .aggregate(
                    "Sum",
                    [length],
                    filter: none,
                    default: .value(.duration(.seconds(1)))
                ),
                .aggregate(
                    "Avg",
                    [length],
                    distinct: true,
                    filter: none,
                    default: .value(.duration(.seconds(2)))
                ),
            ],
            [
                #"""
                COALESCE(SUM("ballots_talk"."length") FILTER (WHERE ("ballots_talk"."words" > ?)), ?)
                """#,
                #"""
                COALESCE(AVG(DISTINCT "ballots_talk"."length") FILTER (WHERE \#
                ("ballots_talk"."words" > ?)), ?)
                """#,
            ],
            ["1.0 seconds", "2.0 seconds"]
        ),
        TypedCase(
            "means of exact numbers are exact",
            {
                let (mean, spread, other, least) = try await Book.objects.aggregate {
                    (
                        $0.price.average(as: Decimal.self),
                        $0.price.standardDeviation(as: Decimal.self),
                        $0.price.average(
                            as: Decimal.self,
                            filter: $0.inPrint == false,
                            default: 3
                        ),
                        $0.price.variance(as: Decimal.self, isSample: true, default: 7)
                    )
                }
                let exact: (Decimal?, Decimal?, Decimal, Decimal) = (mean, spread, other, least)
                return [
                    exact.0 == 12.5 ? "12.5" : text(exact.0), exact.1 == 0 ? "0" : text(exact.1),
                    "\(exact.2)", "\(exact.3)",
                ]
            },
            {
                _ = try await DynamicQuery(Book.self).aggregate([
                    ("aggregate1", .aggregate("Avg", [.field("price")], as: .decimal())),
                    ("aggregate2", .aggregate("StdDev", [.field("price")], as: .decimal())),
                    (
                        "aggregate3",
                        .aggregate(
                            "Avg",
                            [.field("price")],
                            filter: .condition("in_print", false),
                            default: .value(.decimal(3)),
                            as: .decimal()
                        )
                    ),
                    (
                        "aggregate4",
                        .aggregate(
                            "Variance",
                            [.field("price")],
                            default: .value(.decimal(7)),
                            isSample: true,
                            as: .decimal()
                        )
                    ),
                ])
            },
            """
            SELECT (CAST(AVG("polls_book"."price") AS NUMERIC)) AS "aggregate1", \
            (CAST(STDDEV_POP("polls_book"."price") AS NUMERIC)) AS "aggregate2", \
            (CAST(COALESCE((CAST(AVG("polls_book"."price") FILTER (WHERE (NOT \
            "polls_book"."in_print")) AS NUMERIC)), (CAST(? AS REAL))) AS NUMERIC)) AS "aggregate3", \
            (CAST(COALESCE((CAST(VAR_SAMP("polls_book"."price") AS NUMERIC)), (CAST(? AS \
            REAL))) AS NUMERIC)) AS "aggregate4" FROM "polls_book"
            """,
            ["12.5", "0", "3", "7"]
        ),
        talks(
            "the mean of whole numbers as an exact number",
            {
                let mean = try await Talk.objects.aggregate { $0.words.average(as: Decimal.self) }
                return [text(mean)]
            },
            [.aggregate("Avg", [.field("words")], as: .decimal())],
            [#"(CAST(AVG("ballots_talk"."words") AS NUMERIC))"#],
            ["3"]
        ),
        talks(
            "spreads that stand for none",
            {
                let (spread, square) = try await Talk.objects.aggregate {
                    (
                        $0.words.standardDeviation(filter: $0.words > 100, default: 1.5),
                        $0.words.variance(filter: $0.words > 100, default: 2.5)
                    )
                }
                return ["\(spread)", "\(square)"]
            },
            [
                .aggregate("StdDev", [.field("words")], filter: none, default: 1.5),
                .aggregate("Variance", [.field("words")], filter: none, default: 2.5),
            ],
            [
                #"""
                COALESCE(STDDEV_POP("ballots_talk"."words") FILTER (WHERE \#
                ("ballots_talk"."words" > ?)), ?)
                """#,
                #"""
                COALESCE(VAR_POP("ballots_talk"."words") FILTER (WHERE \#
                ("ballots_talk"."words" > ?)), ?)
                """#,
            ],
            ["1.5", "2.5"]
        ),
        talks(
            "a text that stands for none",
            {
                [
                    try await Talk.objects.aggregate {
                        $0.name.joined(
                            separator: ", ",
                            filter: $0.words > 100,
                            default: "nothing"
                        )
                    }
                ]
            },
            [
                .aggregate(
                    "StringAgg",
                    [.field("name"), ", "],
                    filter: none,
                    default: "nothing"
                )
            ],
            [
                #"""
                COALESCE(GROUP_CONCAT("ballots_talk"."name", ?) FILTER (WHERE \#
                ("ballots_talk"."words" > ?)), ?)
                """#
            ],
            ["nothing"]
        ),
    ]

    @Test(arguments: TestBackend.available) func texts(_ backend: TestBackend) async throws {
        let database = try await TalkDatabase.filled(backend)
        try await database.use { () async throws in
            func joined() async throws -> String? {
                try await Talk.objects.aggregate { $0.code.joined(separator: $0.code.uppercased) }
            }
            if backend == .mysql {
                // Only a literal can stand between the texts there.
                await #expect(throws: DatabaseError.self) { try await joined() }
                return
            }
            let joined = try await joined()
            // The order is the database's own: each letter but the first has its capital before it.
            #expect(joined?.count == 5)
            #expect(Set(joined ?? "").isSuperset(of: "tun"))
        }
    }

    @Test(arguments: TestBackend.installed) func bitsOfNone(_ backend: TestBackend) async throws {
        let database = try await TalkDatabase.filled(backend)
        try await database.use { () async throws in
            func bits() async throws -> [Int] {
                let (all, one, odd) = try await Talk.objects.aggregate {
                    (
                        $0.words.bitAnd(filter: $0.words > 100, default: 1),
                        $0.words.bitOr(filter: $0.words > 100, default: 2),
                        $0.words.bitXor(filter: $0.words > 100, default: 3)
                    )
                }
                return [all, one, odd]
            }
            if backend == .mysql {
                await #expect(throws: DatabaseError.self) { try await bits() }
            } else {
                #expect(try await bits() == [1, 2, 3])
            }
        }
    }

    @Test(arguments: TestBackend.installed) func anyValueOfNone(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        try await database.use { () async throws in
            do {
                let value = try await Talk.objects.aggregate {
                    $0.name.anyValue(filter: $0.words > 100, default: "x")
                }
                #expect(value == "x")
            } catch DatabaseError.notSupported {
                // Nor SQLite, nor MariaDB, nor PostgreSQL before 16 has it.
            }
        }
    }

    @Test(arguments: TestBackend.installed) func neighboursThatStandForNone(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        let (_, typed) = try await database.use {
            try await Database.capturingQueries {
                do {
                    let rows = try await Talk.objects.order(by: "id").selecting { talk in
                        (
                            Functions.lag(talk.words, default: 0).over(order: [talk.id.ascending]),
                            Functions.lead(talk.name, by: 2, default: talk.code)
                                .over(order: [talk.id.ascending])
                        )
                    }.all()
                    #expect(rows.map(\.0) == [0, 3, 2])
                    #expect(rows.map(\.1) == ["One", "u", "n"])
                } catch DatabaseError.notSupported {
                    #expect(backend == .mysql)
                }
            }
        }
        guard backend != .mysql else { return }
        let order = [DynamicExpression.field("id").ordered()]
        let (_, dynamic) = try await database.use {
            try await Database.capturingQueries {
                _ = try await DynamicQuery(Talk.self).order(by: "id").values(
                    .expression(
                        "value1",
                        .window(.function("Lag", [.field("words"), 1, 0]), ordering: order)
                    ),
                    .expression(
                        "value2",
                        .window(
                            .function("Lead", [.field("name"), 2, .field("code")]),
                            ordering: order
                        )
                    )
                ).rows()
            }
        }
        #expect(typed.texts == dynamic.texts)
        #expect(
            unnumbered(typed.texts[0]) == """
                SELECT LAG("ballots_talk"."words", ?, ?) OVER (ORDER BY "ballots_talk"."id" ASC) \
                AS "value1", LEAD("ballots_talk"."name", ?, "ballots_talk"."code") OVER (ORDER BY \
                "ballots_talk"."id" ASC) AS "value2" FROM "ballots_talk" ORDER BY \
                "ballots_talk"."id" ASC
                """
        )
    }
}
