import FoundationEssentials
import NuagesCore
import NuagesORM

extension TypedAndDynamicTests {
    private static let secondDay = TestDatabase.calendarDay(2)

    static let expressions: [TypedCase] = [
        TypedCase(
            "cases",
            {
                try await Choice.objects.order(by: "id").selecting {
                    Case(when: $0.votes > 5, then: "high").when($0.votes > 0, then: "low")
                        .otherwise("none")
                }.all()
            },
            {
                _ = try await DynamicQuery(Choice.self).order(by: "id").values(
                    .expression(
                        "value1",
                        .cases(
                            [
                                (.condition("votes__gt", 5), "high"),
                                (.condition("votes__gt", 0), "low"),
                            ],
                            default: "none"
                        )
                    )
                ).rows()
            },
            """
            SELECT CASE WHEN ("polls_choice"."votes" > ?) THEN ? WHEN \
            ("polls_choice"."votes" > ?) THEN ? ELSE ? END AS "value1" FROM "polls_choice" \
            ORDER BY "polls_choice"."id" ASC
            """,
            ["low", "high", "none", "low", "low"]
        ),
        TypedCase(
            "cases of expressions, without a default",
            {
                try await Book.objects.order(by: "id").selecting {
                    Case(when: $0.inPrint == true, then: $0.title.uppercased)
                }.all().map(text)
            },
            {
                _ = try await DynamicQuery(Book.self).order(by: "id").values(
                    .expression(
                        "value1",
                        .cases([
                            (
                                .condition("in_print", true),
                                .function("Upper", [.field("title")])
                            )
                        ])
                    )
                ).rows()
            },
            """
            SELECT CASE WHEN ("polls_book"."in_print") THEN UPPER("polls_book"."title") ELSE \
            NULL END AS "value1" FROM "polls_book" ORDER BY "polls_book"."id" ASC
            """,
            ["NUAGES", "-", "ANONYMOUS"]
        ),
        TypedCase(
            "aggregates with filters and defaults",
            {
                try await Question.objects.order(by: "id").annotate {
                    (
                        $0.choices.count(filter: $0.choices.votes > 3),
                        $0.choices.votes.sum(filter: $0.choices.votes > 3, default: 0)
                    )
                }.all().map { "\($1.0) \($1.1)" }
            },
            {
                let filter = DynamicExpression.condition("choice__votes__gt", 3)
                _ = try await DynamicQuery(Question.self).order(by: "id").annotate([
                    ("annotation1", .aggregate("Count", [.field("choice__pk")], filter: filter)),
                    (
                        "annotation2",
                        .aggregate("Sum", [.field("choice__votes")], filter: filter, default: 0)
                    ),
                ]).rows()
            },
            """
            SELECT …, COUNT("polls_choice"."id") FILTER (WHERE ("polls_choice"."votes" > ?)) \
            AS "annotation1", COALESCE(SUM("polls_choice"."votes") FILTER (WHERE \
            ("polls_choice"."votes" > ?)), ?) AS "annotation2" FROM "polls_question" LEFT \
            OUTER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") GROUP BY "polls_question"."id", \
            "polls_question"."question_text", "polls_question"."pub_date" ORDER BY \
            "polls_question"."id" ASC
            """,
            ["1 7", "1 5", "0 0"]
        ),
        TypedCase(
            "all aggregates",
            {
                let (a, b, c, d, e, f) = try await Choice.objects.aggregate {
                    (
                        $0.votes.sum(distinct: true), $0.votes.standardDeviation(),
                        $0.votes.variance(isSample: true), $0.question.count(distinct: true),
                        $0.id.count(filter: $0.votes > 4), $0.votes.bitOr()
                    )
                }
                return ["\(text(a)) \(text(b).prefix(5)) \(text(c).prefix(3)) \(d) \(e) \(text(f))"]
            },
            {
                _ = try await DynamicQuery(Choice.self).aggregate([
                    ("aggregate1", .aggregate("Sum", [.field("votes")], distinct: true)),
                    ("aggregate2", .aggregate("StdDev", [.field("votes")])),
                    ("aggregate3", .aggregate("Variance", [.field("votes")], isSample: true)),
                    ("aggregate4", .aggregate("Count", [.field("question__pk")], distinct: true)),
                    (
                        "aggregate5",
                        .aggregate("Count", [.field("id")], filter: .condition("votes__gt", 4))
                    ),
                    ("aggregate6", .aggregate("BitOr", [.field("votes")])),
                ])
            },
            """
            SELECT SUM(DISTINCT "polls_choice"."votes") AS "aggregate1", \
            STDDEV_POP("polls_choice"."votes") AS "aggregate2", VAR_SAMP("polls_choice"."votes") \
            AS "aggregate3", COUNT(DISTINCT "polls_choice"."question_id") AS "aggregate4", \
            COUNT("polls_choice"."id") FILTER (WHERE ("polls_choice"."votes" > ?)) AS \
            "aggregate5", BIT_OR("polls_choice"."votes") AS "aggregate6" FROM "polls_choice"
            """,
            ["16 2.561 8.2 2 2 7"]
        ),
        TypedCase(
            "texts joined",
            {
                try await Question.objects.order(by: "id")
                    .annotate { $0.choices.choiceText.joined(separator: ", ") }.limit(1).all()
                    .flatMap { text($1).split(separator: ", ").map { String($0) }.sorted() }
            },
            {
                _ = try await DynamicQuery(Question.self).order(by: "id")
                    .annotate(
                        "annotation1",
                        .aggregate("StringAgg", [.field("choice__choice_text"), ", "])
                    ).slice(0, 1).rows()
            },
            """
            SELECT …, GROUP_CONCAT("polls_choice"."choice_text", ?) AS "annotation1" FROM \
            "polls_question" LEFT OUTER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") GROUP BY "polls_question"."id", \
            "polls_question"."question_text", "polls_question"."pub_date" ORDER BY \
            "polls_question"."id" ASC LIMIT 1
            """,
            ["Just hacking", "Not much", "The sky"]
        ),
        TypedCase(
            "a window over the rows of a question, filtered",
            {
                try await Choice.objects.annotate {
                    Functions.rank().over(
                        partition: [$0.question.id],
                        order: [$0.votes.descending]
                    )
                }.filter { $0.values == 1 }.order { $0.id.ascending }.all().map { $0.0.choiceText }
            },
            {
                _ = try await DynamicQuery(Choice.self).annotate(
                    "annotation1",
                    .window(
                        .function("Rank"),
                        partition: [.field("question__id")],
                        ordering: [DynamicExpression.field("votes").ordered(descending: true)]
                    )
                ).filter(.condition("annotation1", 1))
                    .order(by: [DynamicExpression.field("id").ordered()]).rows()
            },
            """
            SELECT * FROM (SELECT "polls_choice"."id" AS "col1", \
            "polls_choice"."question_id" AS "col2", "polls_choice"."choice_text" AS "col3", \
            "polls_choice"."votes" AS "col4", RANK() OVER (PARTITION BY \
            "polls_choice"."question_id" ORDER BY "polls_choice"."votes" DESC) AS \
            "annotation1" FROM "polls_choice" ORDER BY "polls_choice"."id" ASC) "qualify" \
            WHERE "annotation1" = ? ORDER BY "col1" ASC
            """,
            ["The sky", "No_way"]
        ),
        TypedCase(
            "arithmetic and bits",
            {
                try await Choice.objects.filter { $0.votes % 2 == 1 && $0.votes.bits(and: 4) > 0 }
                    .order(by: "id").selecting { (-$0.votes, $0.votes / $0.votes) }.all()
                    .map { "\($0) \($1)" }
            },
            {
                _ = try await DynamicQuery(Choice.self).filter(
                    .lookup("exact", .combined(.field("votes"), .remainder, 2), 1),
                    .lookup("gt", .combined(.field("votes"), .bitAnd, 4), 0)
                ).order(by: "id").values(
                    .expression("value1", .combined(.field("votes"), .multiply, -1)),
                    .expression("value2", .combined(.field("votes"), .divide, .field("votes")))
                ).rows()
            },
            """
            SELECT ("polls_choice"."votes" * ?) AS "value1", ("polls_choice"."votes" / \
            "polls_choice"."votes") AS "value2" FROM "polls_choice" WHERE \
            (("polls_choice"."votes" % ?) = ? AND ("polls_choice"."votes" & ?) > ?) ORDER BY \
            "polls_choice"."id" ASC
            """,
            ["-7 1", "-5 1"]
        ),
        TypedCase(
            "one condition and not both",
            {
                try await Choice.objects.filter { ($0.votes > 1) ^ ($0.votes < 6) }
                    .order(by: "id").all().map(\.choiceText)
            },
            {
                _ = try await DynamicQuery(Choice.self).filter(
                    .oddCountOf([.condition("votes__gt", 1), .condition("votes__lt", 6)])
                ).order(by: "id").rows()
            },
            """
            SELECT … FROM "polls_choice" WHERE (("polls_choice"."votes" > ? OR \
            "polls_choice"."votes" < ?) AND (? = ((CASE WHEN "polls_choice"."votes" > ? THEN \
            ? ELSE ? END + CASE WHEN "polls_choice"."votes" < ? THEN ? ELSE ? END)))) ORDER \
            BY "polls_choice"."id" ASC
            """,
            ["The sky", "Just hacking", "Yes"]
        ),
        TypedCase(
            "texts of other fields, and patterns",
            {
                try await Book.objects.filter {
                    $0.title.hasPrefix($0.title.prefix(2))
                        && $0.title.matches("^n", ignoringCase: true)
                        && !$0.title.contains($0.author.name)
                }.all().map(\.title)
            },
            {
                _ = try await DynamicQuery(Book.self).filter(
                    .condition("title__startswith", .function("Left", [.field("title"), 2])),
                    .condition("title__iregex", "^n"),
                    .not(.condition("title__contains", .field("author__name")))
                ).rows()
            },
            """
            SELECT … FROM "polls_book" LEFT OUTER JOIN "polls_author" ON \
            ("polls_book"."author_id" = "polls_author"."id") WHERE ("polls_book"."title" \
            LIKE REPLACE(REPLACE(REPLACE((SUBSTR("polls_book"."title", ?, ?)), '\\', '\\\\'), \
            '%', '\\%'), '_', '\\_') || '%' ESCAPE '\\' AND "polls_book"."title" REGEXP '(?i)' \
            || ? AND NOT ("polls_book"."title" LIKE '%' || \
            REPLACE(REPLACE(REPLACE(("polls_author"."name"), '\\', '\\\\'), '%', '\\%'), '_', \
            '\\_') || '%' ESCAPE '\\')) ORDER BY "polls_book"."title" DESC
            """,
            ["Nuages"]
        ),
        TypedCase(
            "values between others",
            {
                try await Choice.objects.filter {
                    $0.votes.isBetween($0.question.id.typed(as: Int.self), $0.votes)
                }.order(by: "id").all().map(\.choiceText)
            },
            {
                _ = try await DynamicQuery(Choice.self).filter(
                    .condition(
                        "votes__range",
                        .list([.field("question__id").typed(.init(.bigAutoField)), .field("votes")])
                    )
                ).order(by: "id").rows()
            },
            """
            SELECT … FROM "polls_choice" WHERE "polls_choice"."votes" BETWEEN \
            "polls_choice"."question_id" AND "polls_choice"."votes" ORDER BY \
            "polls_choice"."id" ASC
            """,
            ["Not much", "The sky", "No_way"]
        ),
        TypedCase(
            "two relations to the same row",
            {
                try await Book.objects.filter { $0.author == $0.editor }.all().map(\.title)
            },
            {
                _ = try await DynamicQuery(Book.self)
                    .filter(.condition("author__pk", .field("editor__pk"))).rows()
            },
            """
            SELECT … FROM "polls_book" WHERE "polls_book"."author_id" = \
            ("polls_book"."editor_id") ORDER BY "polls_book"."title" DESC
            """,
            []
        ),
        TypedCase(
            "parts of moments in a zone",
            {
                try await Question.objects.filter { $0.pubDate.part(.hour, in: "Asia/Tokyo") == 21 }
                    .filter { $0.pubDate.date() > secondDay }
                    .all().map(\.questionText)
            },
            {
                _ = try await DynamicQuery(Question.self).filter(
                    .lookup(
                        "exact",
                        .function(
                            "ExtractHour",
                            [.field("pub_date")],
                            options: ["zone": .text("Asia/Tokyo")]
                        ),
                        21
                    )
                ).filter(
                    .lookup(
                        "gt",
                        .function("TruncDate", [.field("pub_date")]),
                        .value(.date(secondDay))
                    )
                ).rows()
            },
            """
            SELECT … FROM "polls_question" WHERE (django_datetime_extract(?, \
            "polls_question"."pub_date", ?, ?) = ? AND \
            django_datetime_cast_date("polls_question"."pub_date", ?, ?) > ?)
            """,
            ["Où?"]
        ),
    ]

    static let subqueries: [TypedCase] = [
        TypedCase(
            "exists",
            {
                try await Author.objects.filter { author in
                    Functions.exists(
                        Book.objects.filter {
                            $0.author.id == author.id.outer && $0.inPrint == true
                        }
                    )
                }.all().map(\.name)
            },
            {
                _ = try await DynamicQuery(Author.self).filter(
                    .exists(
                        DynamicQuery(Book.self).filter(
                            .condition("author__id", .outer("id")),
                            .condition("in_print", true)
                        )
                    )
                ).rows()
            },
            """
            SELECT … FROM "polls_author" WHERE EXISTS(SELECT 1 AS "a" FROM "polls_book" "U0" \
            WHERE ("U0"."author_id" = ("polls_author"."id") AND "U0"."in_print") LIMIT 1) \
            ORDER BY "polls_author"."name" ASC
            """,
            ["Django"]
        ),
        TypedCase(
            "not exists, by relation",
            {
                try await Author.objects.filter { author in
                    !Functions.exists(Book.objects.filter { $0.author == author.outer })
                }.all().map(\.name)
            },
            {
                _ = try await DynamicQuery(Author.self).filter(
                    .not(
                        .exists(
                            DynamicQuery(Book.self).filter(.condition("author", .outer("pk")))
                        )
                    )
                ).rows()
            },
            """
            SELECT … FROM "polls_author" WHERE NOT EXISTS(SELECT 1 AS "a" FROM "polls_book" \
            "U0" WHERE "U0"."author_id" = ("polls_author"."id") LIMIT 1) ORDER BY \
            "polls_author"."name" ASC
            """,
            ["Stéphane"]
        ),
        TypedCase(
            "the value of a row",
            {
                try await Question.objects.order(by: "id").annotate { question in
                    Choice.objects.filter { $0.question == question.outer }
                        .order { $0.votes.descending }.limit(1).selecting { $0.choiceText }.value
                }.all().map { text($1) }
            },
            {
                _ = try await DynamicQuery(Question.self).order(by: "id").annotate(
                    "annotation1",
                    .subquery(
                        DynamicQuery(Choice.self).filter(.condition("question", .outer("pk")))
                            .order(by: [DynamicExpression.field("votes").ordered(descending: true)])
                            .slice(0, 1).values("choice_text")
                    )
                ).rows()
            },
            """
            SELECT …, (SELECT "U0"."choice_text" AS "choice_text" FROM "polls_choice" "U0" \
            WHERE "U0"."question_id" = ("polls_question"."id") ORDER BY "U0"."votes" DESC \
            LIMIT 1) AS "annotation1" FROM "polls_question" ORDER BY "polls_question"."id" \
            ASC
            """,
            ["The sky", "No_way", "-"]
        ),
        TypedCase(
            "a comparison with a subquery",
            {
                try await Choice.objects.filter {
                    $0.votes
                        == Choice.objects.order(by: "-votes").limit(1).selecting { $0.votes }.value
                }.all().map(\.choiceText)
            },
            {
                _ = try await DynamicQuery(Choice.self).filter(
                    .condition(
                        "votes",
                        .subquery(
                            try DynamicQuery(Choice.self).order(by: "-votes").slice(0, 1)
                                .values("votes")
                        )
                    )
                ).rows()
            },
            """
            SELECT … FROM "polls_choice" WHERE "polls_choice"."votes" = (SELECT "U0"."votes" \
            AS "votes" FROM "polls_choice" "U0" ORDER BY 1 DESC LIMIT 1)
            """,
            ["The sky"]
        ),
    ]
}
