import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

/// Each query typed and by names makes the same SQL.
@Suite("Typed queries and queries by names")
struct TypedAndDynamicTests {
    @Test(
        "Annotations can be filtered, ordered and gone on with",
        arguments: TestBackend.available,
        annotations
    )
    func annotate(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    @Test(
        "Values group rows and are parts of other queries",
        arguments: TestBackend.available,
        values
    )
    func group(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    @Test("Queries are put together with others", arguments: TestBackend.available, combinations)
    func combine(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    @Test(
        "Expressions are those of queries by names",
        arguments: TestBackend.available,
        expressions
    )
    func express(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    @Test(
        "Subqueries know the rows of the query around",
        arguments: TestBackend.available,
        subqueries
    )
    func correlate(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    static let annotations: [TypedCase] = [
        TypedCase(
            "a condition on an aggregate",
            {
                try await Question.objects.annotate { $0.choices.votes.sum() }.filter {
                    $0.values > 3
                }
                .order { $0.values.ascending }.all().map { "\($0.questionText) \(text($1))" }
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .annotate("annotation1", .aggregate("Sum", [.field("choice__votes")]))
                    .filter(.condition("annotation1__gt", 3))
                    .order(by: [DynamicExpression.field("annotation1").ordered()]).rows()
            },
            """
            SELECT …, SUM("polls_choice"."votes") AS "annotation1" FROM "polls_question" \
            LEFT OUTER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") GROUP BY "polls_question"."id", \
            "polls_question"."question_text", "polls_question"."pub_date" HAVING \
            SUM("polls_choice"."votes") > ? ORDER BY 4 ASC
            """,
            ["100% <sure> 6", "What's new? 10"]
        ),
        TypedCase(
            "several values, one of them in the order",
            {
                try await Question.objects
                    .annotate { ($0.choices.count(), $0.choices.votes.maximum()) }
                    .filter { $0.values.0 > 0 && $0.questionText != "x" }.order {
                        $0.values.1.descending
                    }
                    .all().map { "\($0.questionText) \($1.0) \(text($1.1))" }
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .annotate([
                        ("annotation1", .aggregate("Count", [.field("choice__pk")])),
                        ("annotation2", .aggregate("Max", [.field("choice__votes")])),
                    ])
                    .filter(
                        .condition("annotation1__gt", 0),
                        .not(.condition("question_text", "x"))
                    )
                    .order(by: "-annotation2").rows()
            },
            """
            SELECT …, COUNT("polls_choice"."id") AS "annotation1", \
            MAX("polls_choice"."votes") AS "annotation2" FROM "polls_question" LEFT OUTER \
            JOIN "polls_choice" ON ("polls_question"."id" = "polls_choice"."question_id") \
            WHERE NOT ("polls_question"."question_text" = ?) GROUP BY "polls_question"."id", \
            "polls_question"."question_text", "polls_question"."pub_date" HAVING \
            COUNT("polls_choice"."id") > ? ORDER BY 5 DESC
            """,
            ["What's new? 3 7", "100% <sure> 2 5"]
        ),
        TypedCase(
            "a value that is made of one before",
            {
                try await Choice.objects.annotate("double") { $0.votes * 2 }
                    .annotate { $0.values + $0.votes }.filter { $0.values.1 > 9 }.order {
                        $0.id.ascending
                    }
                    .all().map { "\($1.0) \($1.1)" }
            },
            {
                _ = try await DynamicQuery(Choice.self)
                    .annotate("double", .combined(.field("votes"), .multiply, 2))
                    .annotate("annotation2", .combined(.field("double"), .add, .field("votes")))
                    .filter(.condition("annotation2__gt", 9))
                    .order(by: [DynamicExpression.field("id").ordered()]).rows()
            },
            """
            SELECT …, ("polls_choice"."votes" * ?) AS "double", (("polls_choice"."votes" * \
            ?) + "polls_choice"."votes") AS "annotation2" FROM "polls_choice" WHERE \
            (("polls_choice"."votes" * ?) + "polls_choice"."votes") > ? ORDER BY \
            "polls_choice"."id" ASC
            """,
            ["14 21", "10 15"]
        ),
        TypedCase(
            "an alias is not selected",
            {
                try await Question.objects.alias {
                    $0.choices.votes.sum()
                } in: { set, total in
                    set.filter { _ in total > 3 }.order { _ in total.descending }
                }.all().map(\.questionText)
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .alias("alias1", .aggregate("Sum", [.field("choice__votes")]))
                    .filter(.condition("alias1__gt", 3)).order(by: "-alias1").rows()
            },
            """
            SELECT … FROM "polls_question" LEFT OUTER JOIN "polls_choice" ON \
            ("polls_question"."id" = "polls_choice"."question_id") GROUP BY \
            "polls_question"."id", "polls_question"."question_text", \
            "polls_question"."pub_date" HAVING SUM("polls_choice"."votes") > ? ORDER BY \
            SUM("polls_choice"."votes") DESC
            """,
            ["What's new?", "100% <sure>"]
        ),
        TypedCase(
            "an alias of annotated rows",
            {
                try await Question.objects.annotate { $0.choices.count() }
                    .alias {
                        $0.values * 2
                    } in: { set, double in
                        set.filter { _ in double > 4 }
                    }
                    .all().map { "\($0.questionText) \($1)" }
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .annotate("annotation1", .aggregate("Count", [.field("choice__pk")]))
                    .alias("alias2", .combined(.field("annotation1"), .multiply, 2))
                    .filter(.condition("alias2__gt", 4)).rows()
            },
            """
            SELECT …, COUNT("polls_choice"."id") AS "annotation1" FROM "polls_question" LEFT \
            OUTER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") GROUP BY "polls_question"."id", \
            "polls_question"."question_text", "polls_question"."pub_date" HAVING \
            (COUNT("polls_choice"."id") * ?) > ?
            """,
            ["What's new? 3"]
        ),
        TypedCase(
            "a relation of which only some rows are joined",
            {
                try await Author.objects.filteredRelation {
                    $0.books
                } where: {
                    $0.inPrint == true
                } in: {
                    authors,
                    books in
                    authors.annotate { _ in books.count() }
                }.all().map { "\($0.name) \($1)" }.sorted()
            },
            {
                _ = try await DynamicQuery(Author.self)
                    .filteredRelation(
                        "filtered1",
                        of: "book",
                        where: .condition("book__in_print", true)
                    )
                    .annotate("annotation2", .aggregate("Count", [.field("filtered1__pk")])).rows()
            },
            """
            SELECT …, COUNT("filtered1"."id") AS "annotation2" FROM "polls_author" LEFT \
            OUTER JOIN "polls_book" "filtered1" ON ("polls_author"."id" = \
            "filtered1"."author_id" AND ("filtered1"."in_print")) GROUP BY \
            "polls_author"."id", "polls_author"."name"
            """,
            ["Django 1", "Stéphane 0"]
        ),
        TypedCase(
            "rows with related ones",
            {
                try await Book.objects.annotate { $0.title.length }
                    .selectRelated { ($0.author, $0.editor) }.filter { $0.values > 6 }.all()
                    .map { "\($0.title) \($1) \(text($0.editor?.loaded?.name))" }
            },
            {
                _ = try await DynamicQuery(Book.self)
                    .annotate("annotation1", .function("Length", [.field("title")]))
                    .selectRelated(["author", "editor"])
                    .filter(.condition("annotation1__gt", 6)).rows()
            },
            """
            SELECT …, LENGTH("polls_book"."title") AS "annotation1", …, "T3"."id", \
            "T3"."name" FROM "polls_book" LEFT OUTER JOIN "polls_author" ON \
            ("polls_book"."author_id" = "polls_author"."id") LEFT OUTER JOIN "polls_author" \
            "T3" ON ("polls_book"."editor_id" = "T3"."id") WHERE \
            LENGTH("polls_book"."title") > ? ORDER BY "polls_book"."title" DESC
            """,
            ["Minor Swing 11 Stéphane", "Anonymous 9 -"]
        ),
        TypedCase(
            "an aggregate of annotations",
            {
                let (mean, most) = try await Question.objects.annotate { $0.choices.count() }
                    .aggregate { ($0.values.average(), $0.values.maximum()) }
                return [text(mean), text(most)]
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .annotate("annotation1", .aggregate("Count", [.field("choice__pk")]))
                    .aggregate([
                        ("aggregate1", .aggregate("Avg", [.field("annotation1")])),
                        ("aggregate2", .aggregate("Max", [.field("annotation1")])),
                    ])
            },
            """
            SELECT AVG("annotation1"), MAX("annotation1") FROM (SELECT \
            COUNT("polls_choice"."id") AS "annotation1" FROM "polls_question" LEFT OUTER \
            JOIN "polls_choice" ON ("polls_question"."id" = "polls_choice"."question_id") \
            GROUP BY "polls_question"."id") subquery
            """,
            ["1.6666666666666667", "3"]
        ),
        TypedCase(
            "the number of groups",
            {
                [
                    "\(try await Question.objects.annotate { $0.choices.count() }.filter { $0.values > 0 }.count())"
                ]
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .annotate("annotation1", .aggregate("Count", [.field("choice__pk")]))
                    .filter(.condition("annotation1__gt", 0)).count()
            },
            """
            SELECT COUNT(*) FROM (SELECT "polls_question"."id" AS "col1" FROM \
            "polls_question" LEFT OUTER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") GROUP BY 1 HAVING COUNT("polls_choice"."id") > ?) \
            subquery
            """,
            ["2"]
        ),
    ]

    static let values: [TypedCase] = [
        TypedCase(
            "groups by a value",
            {
                try await Choice.objects.selecting { $0.question.questionText }
                    .annotate { ($0.id.count(), $0.votes.sum()) }.order { $0.values.1.0.descending }
                    .all().map { "\($0) \($1.0) \(text($1.1))" }
            },
            {
                _ = try await DynamicQuery(Choice.self).values("question__question_text")
                    .annotate([
                        ("annotation1", .aggregate("Count", [.field("id")])),
                        ("annotation2", .aggregate("Sum", [.field("votes")])),
                    ]).order(by: "-annotation1").rows()
            },
            """
            SELECT "polls_question"."question_text" AS "question__question_text", \
            COUNT("polls_choice"."id") AS "annotation1", SUM("polls_choice"."votes") AS \
            "annotation2" FROM "polls_choice" INNER JOIN "polls_question" ON \
            ("polls_choice"."question_id" = "polls_question"."id") GROUP BY 1 ORDER BY 2 \
            DESC
            """,
            ["What's new? 3 10", "100% <sure> 2 6"]
        ),
        TypedCase(
            "a condition on groups",
            {
                try await Book.objects.order(by: []).selecting { $0.inPrint }
                    .annotate { $0.id.count() }.filter { $0.values.1 > 1 }.all().map {
                        "\($0) \($1)"
                    }
            },
            {
                _ = try await DynamicQuery(Book.self).order(by: []).values("in_print")
                    .annotate("annotation1", .aggregate("Count", [.field("id")]))
                    .filter(.condition("annotation1__gt", 1)).rows()
            },
            """
            SELECT "polls_book"."in_print" AS "in_print", COUNT("polls_book"."id") AS \
            "annotation1" FROM "polls_book" GROUP BY 1 HAVING COUNT("polls_book"."id") > ?
            """,
            ["true 2"]
        ),
        TypedCase(
            "an expression among the values",
            {
                try await Choice.objects.selecting { ($0.choiceText.uppercased, $0.votes) }
                    .filter { $0.values.0.hasPrefix("N") }.order { $0.values.1.ascending }.all()
                    .map { "\($0) \($1)" }
            },
            {
                _ = try await DynamicQuery(Choice.self)
                    .values(
                        .expression("value1", .function("Upper", [.field("choice_text")])),
                        "votes"
                    )
                    .filter(.condition("value1__startswith", "N"))
                    .order(by: [DynamicExpression.field("votes").ordered()]).rows()
            },
            """
            SELECT UPPER("polls_choice"."choice_text") AS "value1", "polls_choice"."votes" \
            AS "votes" FROM "polls_choice" WHERE UPPER("polls_choice"."choice_text") LIKE ? \
            ESCAPE '\\' ORDER BY 2 ASC
            """,
            ["NOT MUCH 3", "NO_WAY 5"]
        ),
        TypedCase(
            "distinct values",
            {
                try await Choice.objects.selecting { $0.question.id }.distinct()
                    .order { $0.values.descending }.all().map { "\($0)" }
            },
            {
                _ = try await DynamicQuery(Choice.self).values("question__id").distinct()
                    .order(by: [DynamicExpression.field("question__id").ordered(descending: true)])
                    .rows()
            },
            """
            SELECT DISTINCT "polls_choice"."question_id" AS "question__id" FROM \
            "polls_choice" ORDER BY 1 DESC
            """,
            ["2", "1"]
        ),
        TypedCase(
            "values of annotated rows",
            {
                try await Question.objects.annotate { $0.choices.count() }
                    .selecting { ($0.values, $0.questionText) }.order { $0.values.0.descending }
                    .limit(1).all()
                    .map { "\($0) \($1)" }
            },
            {
                _ = try await DynamicQuery(Question.self)
                    .annotate("annotation1", .aggregate("Count", [.field("choice__pk")]))
                    .values("annotation1", "question_text").order(by: "-annotation1").slice(0, 1)
                    .rows()
            },
            """
            SELECT COUNT("polls_choice"."id") AS "annotation1", \
            "polls_question"."question_text" AS "question_text" FROM "polls_question" LEFT \
            OUTER JOIN "polls_choice" ON ("polls_question"."id" = \
            "polls_choice"."question_id") GROUP BY "polls_question"."id", 2, \
            "polls_question"."pub_date" ORDER BY 1 DESC LIMIT 1
            """,
            ["3 What's new?"]
        ),
        TypedCase(
            "a list that a query finds",
            {
                try await Author.objects
                    .filter {
                        $0.id.isIn(
                            Book.objects.filter { $0.inPrint == false }.selecting { $0.author.id }
                        )
                    }
                    .all().map(\.name)
            },
            {
                _ = try await DynamicQuery(Author.self)
                    .filter(
                        .condition(
                            "id__in",
                            .subquery(
                                DynamicQuery(Book.self).filter(.condition("in_print", false))
                                    .values("author__id")
                            )
                        )
                    ).rows()
            },
            """
            SELECT … FROM "polls_author" WHERE "polls_author"."id" IN (SELECT \
            "U0"."author_id" AS "author__id" FROM "polls_book" "U0" WHERE NOT \
            "U0"."in_print") ORDER BY "polls_author"."name" ASC
            """,
            ["Django"]
        ),
    ]
}
