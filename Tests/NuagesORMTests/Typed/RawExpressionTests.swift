import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Expressions in SQL of one's own")
struct RawExpressionTests {
    @Test(arguments: TestBackend.installed, cases)
    func expressions(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    private static let votes = DynamicExpression.field("votes")

    static let cases: [TypedCase] = [
        TypedCase(
            "a value",
            {
                try await Choice.objects.order(by: "id")
                    .selecting { RawSQL<Int>("\($0.votes) * \(2) + LENGTH(\($0.choiceText))") }
                    .all().map { "\($0)" }
            },
            {
                _ = try await DynamicQuery(Choice.self).order(by: "id").values(
                    .expression(
                        "value1",
                        .raw(
                            "\(votes) * \(2) + LENGTH(\(DynamicExpression.field("choice_text")))",
                            as: .integer
                        )
                    )
                ).rows()
            },
            """
            SELECT ("polls_choice"."votes" * ? + LENGTH("polls_choice"."choice_text")) AS "value1" \
            FROM "polls_choice" ORDER BY "polls_choice"."id" ASC
            """,
            ["14", "21", "12", "5", "16"]
        ),
        TypedCase(
            "a condition with a value from outside",
            {
                let text = "Yes') OR 1 = 1 --"
                return try await Choice.objects
                    .filter { RawSQL<Bool>("\($0.choiceText) = \(text)") || $0.votes == 7 }
                    .selecting { $0.votes }.all().map { "\($0)" }
            },
            {
                let text = SQLValue.text("Yes') OR 1 = 1 --")
                let field = DynamicExpression.field("choice_text")
                _ = try await DynamicQuery(Choice.self).filter(
                    .anyOf([
                        .raw("\(field) = \(text)", as: .boolean), .condition("votes", 7),
                    ])
                ).values("votes").rows()
            },
            """
            SELECT "polls_choice"."votes" AS "votes" FROM "polls_choice" WHERE \
            (("polls_choice"."choice_text" = ?) OR "polls_choice"."votes" = ?)
            """,
            ["7"]
        ),
        TypedCase(
            "along relations and in groups",
            {
                try await Choice.objects
                    .selecting { RawSQL<Int>("LENGTH(\($0.question.questionText)) % \(100)") }
                    .annotate { $0.votes.sum() }.order { $0.values.0.ascending }.all()
                    .map { "\($0) \(text($1))" }
            },
            {
                let name = DynamicExpression.field("question__question_text")
                _ = try await DynamicQuery(Choice.self)
                    .values(
                        .expression("value1", .raw("LENGTH(\(name)) % \(100)", as: .integer))
                    )
                    .annotate("annotation1", .aggregate("Sum", [votes]))
                    .order(by: [DynamicExpression.field("value1").ordered()]).rows()
            },
            """
            SELECT (LENGTH("polls_question"."question_text") % ?) AS "value1", \
            SUM("polls_choice"."votes") AS "annotation1" FROM "polls_choice" INNER JOIN \
            "polls_question" ON ("polls_choice"."question_id" = "polls_question"."id") GROUP BY 1 \
            ORDER BY 1 ASC
            """,
            ["11 16"]
        ),
        TypedCase(
            "an order, and in an update's condition",
            {
                try await Choice.objects.order { RawSQL<Int>("-\($0.votes)").ascending }.limit(2)
                    .selecting { $0.votes }.all().map { "\($0)" }
            },
            {
                let order = DynamicExpression.raw("-\(votes)", as: .integer).ordered()
                _ = try await DynamicQuery(Choice.self).order(by: [order]).slice(0, 2)
                    .values("votes").rows()
            },
            """
            SELECT "polls_choice"."votes" AS "votes" FROM "polls_choice" ORDER BY \
            (-"polls_choice"."votes") ASC LIMIT 2
            """,
            ["7", "5"]
        ),
    ]

    @Test(arguments: TestBackend.available) func inSubqueries(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let texts = try await sql(database) {
            let set = Choice.objects.filter { RawSQL<Bool>("\($0.votes) > \(4)") }
                .selecting { $0.question.id }
            let found = try await Question.objects.filter { $0.id.isIn(set) }.count()
            #expect(found == 2)
        }
        #expect(
            texts == [
                """
                SELECT COUNT(*) AS "__count" FROM "polls_question" WHERE "polls_question"."id" IN \
                (SELECT "U0"."question_id" AS "question__id" FROM "polls_choice" "U0" WHERE \
                ("U0"."votes" > ?))
                """
            ]
        )
    }

    @Test(arguments: TestBackend.installed) func quotesNames(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let found = try await Choice.objects.aggregate { _ in
                RawSQL<Int>("\(identifier: "polls_choice").\(identifier: "votes") + \(1)").sum()
            }
            #expect(found == 21)
            try await Choice.objects.filter { RawSQL<Bool>("\($0.votes) = 7") }.update {
                $0.set(\.votes, to: RawSQL<Int>("\($0.votes) + \(10)"))
            }
            #expect(try await Choice.objects.filter { $0.votes == 17 }.count() == 1)
        }
    }
}
