import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

/// A row whose number may be unknown, and is not negative.
@Model(app: "polls")
struct Ranked {
    @Field(kind: .positiveSmallIntegerField) var rank: Int?
    @Field(kind: .smallIntegerField) var small: Int?
}

/// A query of a shape that was compiled for other values gives what a fresh database gives.
@Suite struct StatementCacheTests {
    /// Two queries of one shape, by names, with different values.
    struct Case: Sendable, CustomTestStringConvertible {
        let first: Q
        let second: Q

        init(_ first: Q, _ second: Q) {
            self.first = first
            self.second = second
        }

        var testDescription: String { "\(second)" }
    }

    static let cases: [Case] = [
        Case(Q("question_text", "x"), Q("question_text", "Où?")),
        Case(Q("question_text__iexact", "x"), Q("question_text__iexact", "100% <SURE>")),
        Case(Q("question_text__iexact", "x"), Q("question_text__iexact", "1__% <SURE>")),
        Case(Q("question_text__contains", "x"), Q("question_text__contains", "%")),
        Case(Q("question_text__startswith", "x"), Q("question_text__startswith", "_")),
        Case(Q("question_text__endswith", "\\"), Q("question_text__endswith", "?")),
        Case(Q("question_text__gt", "x"), Q("question_text__gt", "A")),
        Case(Q("choice__votes", 1), Q("choice__votes", 7)),
        Case(Q("choice__votes__lte", 1), Q("choice__votes__lte", 99_999_999_999)),
        Case(Q("choice__votes__gt", 1), Q("choice__votes__gt", -99_999_999_999)),
        Case(Q("choice__votes__in", [1, 2]), Q("choice__votes__in", [7, 7])),
        Case(Q("choice__votes__in", [1, 1]), Q("choice__votes__in", [3, 7])),
        Case(Q("choice__votes__range", [1, 2]), Q("choice__votes__range", [2, 8])),
        Case(Q("choice__votes", 1.5), Q("choice__votes", 7.0)),
        Case(Q("choice__votes__gte", 1.5), Q("choice__votes__gte", 5.5)),
        Case(Q("pub_date__year", 2020), Q("pub_date__year", 2026)),
        Case(Q("pub_date__year__gt", 2020), Q("pub_date__year__gt", 2025)),
        Case(Q("pub_date__day", 20), Q("pub_date__day", 2)),
        Case(Q("pub_date", "2026-01-01 00:00"), Q("pub_date", "2026-01-02 12:00")),
        Case(Q("choice__isnull", true), Q("choice__isnull", false)),
        Case(Q("choice__votes__isnull", true), Q("choice__votes__isnull", false)),
        Case(Q("pk", 9), Q("pk", 2)),
        Case(
            Q("choice__votes", 1) || Q("question_text", "x"),
            Q("choice__votes", 3) || Q("question_text", "Où?")
        ),
        Case(!Q("choice__votes", 1), !Q("choice__votes", 7)),
        Case(
            !Q("choice__choice_text__contains", "x"),
            !Q("choice__choice_text__contains", "_")
        ),
        // One value in two places, then two values.
        Case(
            Q("choice__votes", 3) && Q("pk", 3),
            Q("choice__votes", 3) && Q("pk", 1)
        ),
    ]

    @Test(arguments: cases, TestBackend.available)
    func bindsTheValuesOfEachQuery(_ item: Case, _ backend: TestBackend) async throws {
        let warm = try await TestDatabase.filled(backend)
        let cold = try await TestDatabase.filled(backend)
        _ = try await Self.run(item.first, warm)
        _ = try await Self.run(item.first, warm)
        let found = try await Self.run(item.second, warm)
        let expected = try await Self.run(item.second, cold)
        #expect(found.rows == expected.rows)
        // The values are the same, and so is the text, but for what never or always holds.
        #expect(found.statements.count >= expected.statements.count)
        if found.statements.count == expected.statements.count {
            #expect(found.statements == expected.statements)
        }
    }

    /// Beyond the range of a column all of its values are less or greater, and then it does not
    /// matter that a value is unknown, however often the query has run before.
    @Test(arguments: TestBackend.installed)
    func numbersOutOfRangeHaveShapesOfTheirOwn(_ backend: TestBackend) async throws {
        func filled() async throws -> Database {
            let database = try await backend.open()
            try await database.makeTables(Ranked.self)
            try await database.use {
                try await Ranked.objects.bulkCreate([Ranked(rank: 7, small: 7), Ranked()])
            }
            return database
        }
        let database = try await filled()
        let numbers: [LookupOperand] = [
            5, -5, 5, -40_000, 40_000, 70_000, 5, -0.5, 32_767.5, 40_000, 70_000, -5, -40_000,
        ]
        for number in numbers {
            let found = try await Self.counts(number, database)
            let expected = try await Self.counts(number, filled())
            #expect(found == expected, "\(number)")
        }
    }

    /// How many rows conditions on a number find, each with its opposite.
    private static func counts(_ number: LookupOperand, _ database: Database) async throws -> [Int]
    {
        try await database.use {
            var counts: [Int] = []
            for lookup in ["rank__gt", "rank__lt", "small__gte", "small__lte", "rank"] {
                for condition in [Q(lookup, number), !Q(lookup, number)] {
                    counts.append(try await Ranked.objects.filter(condition).count())
                    counts.append(try await Ranked.objects.filter(condition).all().count)
                }
            }
            return counts
        }
    }

    private struct Outcome {
        var rows: [String] = []
        var statements: [String] = []
    }

    private static func run(_ condition: Q, _ database: Database) async throws -> Outcome {
        try await database.use {
            let (rows, log) = try await Database.capturingQueries {
                let set = Question.objects.filter(condition)
                var rows = try await set.order { $0.id.ascending }.all().map(\.questionText)
                rows.append("\(try await set.count())")
                rows.append("\(try await set.exists())")
                return rows
            }
            return Outcome(
                rows: rows,
                statements: log.statements.map { "\($0.text) \($0.bindings)" }
            )
        }
    }

    @Test func refusesAValueThatDoesNotFitAfterOneThatDid() async throws {
        let database = try await TestDatabase.filled()
        try await database.use {
            let fits = try await Question.objects.filter(lookups: ["pub_date": "2026-01-01 12:00"])
                .count()
            #expect(fits == 1)
            await #expect(throws: FieldError.self) {
                try await Question.objects.filter(lookups: ["pub_date": "no date"]).count()
            }
        }
    }

    @Test func readsDatesInTheZoneOfEachTask() async throws {
        let database = try await TestDatabase.filled()
        let set = Question.objects.using(database)
        // Noon in UTC is two in the morning of the next day on Kiritimati.
        let expected = [("UTC", 1, 1), ("Pacific/Kiritimati", 1, 0), ("Pacific/Kiritimati", 4, 1)]
        for (zone, day, count) in expected {
            let found = try await CurrentZone.$active.withValue(zone) {
                try await set.filter(lookups: ["pub_date__day": LookupOperand(day)]).count()
            }
            #expect(found == count, "day \(day) in \(zone)")
        }
    }
}
