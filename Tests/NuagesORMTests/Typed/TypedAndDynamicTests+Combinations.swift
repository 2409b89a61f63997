import FoundationEssentials
import NuagesCore
import NuagesORM

extension TypedAndDynamicTests {
    static let combinations: [TypedCase] = [
        TypedCase(
            "union",
            {
                try await Author.objects.order(by: []).filter { $0.name == "Django" }
                    .union(Author.objects.order(by: []).filter { $0.id > 1 }).order {
                        $0.name.descending
                    }.all()
                    .map(\.name)
            },
            {
                _ = try await DynamicQuery(Author.self).order(by: []).filter(
                    .condition("name", "Django")
                )
                .union([
                    DynamicQuery(Author.self).order(by: []).filter(.condition("id__gt", 1))
                ])
                .order(by: "-name").rows()
            },
            """
            SELECT "polls_author"."id" AS "col1", "polls_author"."name" AS "col2" FROM \
            "polls_author" WHERE "polls_author"."name" = ? UNION SELECT "polls_author"."id" AS \
            "col1", "polls_author"."name" AS "col2" FROM "polls_author" WHERE \
            "polls_author"."id" > ? ORDER BY "col2" DESC
            """,
            ["Stéphane", "Django"]
        ),
        TypedCase(
            "union all of values",
            {
                try await Author.objects.order(by: []).selecting { $0.name }
                    .union(Author.objects.order(by: []).selecting { $0.name }, all: true)
                    .all().sorted()
            },
            {
                _ = try await DynamicQuery(Author.self).order(by: []).values("name")
                    .union([DynamicQuery(Author.self).order(by: []).values("name")], all: true)
                    .rows()
            },
            """
            SELECT "polls_author"."name" AS "name" FROM "polls_author" UNION ALL SELECT \
            "polls_author"."name" AS "name" FROM "polls_author" ORDER BY 1 ASC
            """,
            ["Django", "Django", "Stéphane", "Stéphane"]
        ),
        TypedCase(
            "intersection",
            {
                try await Choice.objects.filter { $0.votes > 0 }
                    .intersection(Choice.objects.filter { $0.votes < 4 }).order(by: "votes").all()
                    .map(\.choiceText)
            },
            {
                _ = try await DynamicQuery(Choice.self).filter(.condition("votes__gt", 0))
                    .intersection([DynamicQuery(Choice.self).filter(.condition("votes__lt", 4))])
                    .order(by: "votes").rows()
            },
            """
            SELECT "polls_choice"."id" AS "col1", "polls_choice"."question_id" AS "col2", \
            "polls_choice"."choice_text" AS "col3", "polls_choice"."votes" AS "col4" FROM \
            "polls_choice" WHERE "polls_choice"."votes" > ? INTERSECT SELECT \
            "polls_choice"."id" AS "col1", "polls_choice"."question_id" AS "col2", \
            "polls_choice"."choice_text" AS "col3", "polls_choice"."votes" AS "col4" FROM \
            "polls_choice" WHERE "polls_choice"."votes" < ? ORDER BY "col4" ASC
            """,
            ["Yes", "Not much"]
        ),
        TypedCase(
            "difference",
            {
                try await Choice.objects.difference(Choice.objects.filter { $0.votes > 1 })
                    .order(by: "votes").all().map(\.choiceText)
            },
            {
                _ = try await DynamicQuery(Choice.self)
                    .difference([DynamicQuery(Choice.self).filter(.condition("votes__gt", 1))])
                    .order(by: "votes").rows()
            },
            """
            SELECT "polls_choice"."id" AS "col1", "polls_choice"."question_id" AS "col2", \
            "polls_choice"."choice_text" AS "col3", "polls_choice"."votes" AS "col4" FROM \
            "polls_choice" EXCEPT SELECT "polls_choice"."id" AS "col1", \
            "polls_choice"."question_id" AS "col2", "polls_choice"."choice_text" AS "col3", \
            "polls_choice"."votes" AS "col4" FROM "polls_choice" WHERE \
            "polls_choice"."votes" > ? ORDER BY "col4" ASC
            """,
            ["Just hacking", "Yes"]
        ),
        TypedCase(
            "both conditions",
            {
                let few = Choice.objects.filter { $0.votes < 6 }
                return try await (few & Choice.objects.filter { $0.question.id == 1 })
                    .order(by: "id").all().map(\.choiceText)
            },
            {
                let few = DynamicQuery(Choice.self).filter(.condition("votes__lt", 6))
                _ = try await few.and(
                    DynamicQuery(Choice.self).filter(.condition("question__id", 1))
                )
                .order(by: "id").rows()
            },
            """
            SELECT … FROM "polls_choice" WHERE ("polls_choice"."votes" < ? AND \
            "polls_choice"."question_id" = ?) ORDER BY "polls_choice"."id" ASC
            """,
            ["Not much", "Just hacking"]
        ),
        TypedCase(
            "one of the conditions",
            {
                let few = Choice.objects.filter { $0.votes < 1 }
                return try await (few | Choice.objects.filter { $0.votes > 6 }).order(by: "id")
                    .all().map(\.choiceText)
            },
            {
                let few = DynamicQuery(Choice.self).filter(.condition("votes__lt", 1))
                _ = try await few.or(DynamicQuery(Choice.self).filter(.condition("votes__gt", 6)))
                    .order(by: "id").rows()
            },
            """
            SELECT … FROM "polls_choice" WHERE ("polls_choice"."votes" < ? OR \
            "polls_choice"."votes" > ?) ORDER BY "polls_choice"."id" ASC
            """,
            ["The sky", "Just hacking"]
        ),
        TypedCase(
            "one of the conditions and not both",
            {
                let few = Choice.objects.filter { $0.votes < 6 }
                return try await (few ^ Choice.objects.filter { $0.votes > 1 }).order(by: "id")
                    .all().map(\.choiceText)
            },
            {
                let few = DynamicQuery(Choice.self).filter(.condition("votes__lt", 6))
                _ = try await few.xor(DynamicQuery(Choice.self).filter(.condition("votes__gt", 1)))
                    .order(by: "id").rows()
            },
            """
            SELECT … FROM "polls_choice" WHERE (("polls_choice"."votes" < ? OR \
            "polls_choice"."votes" > ?) AND (? = ((CASE WHEN "polls_choice"."votes" < ? THEN \
            ? ELSE ? END + CASE WHEN "polls_choice"."votes" > ? THEN ? ELSE ? END)))) ORDER \
            BY "polls_choice"."id" ASC
            """,
            ["The sky", "Just hacking", "Yes"]
        ),
        TypedCase(
            "an empty query set is the other one",
            {
                try await (Author.objects.none() | Author.objects.filter { $0.id == 1 }).all()
                    .map(\.name)
            },
            {
                _ = try await DynamicQuery(Author.self).none()
                    .or(DynamicQuery(Author.self).filter(.condition("id", 1))).rows()
            },
            """
            SELECT … FROM "polls_author" WHERE "polls_author"."id" = ? ORDER BY \
            "polls_author"."name" ASC
            """,
            ["Django"]
        ),
        TypedCase(
            "the latest row",
            { [try await Question.objects.latest { $0.pubDate }.questionText] },
            { _ = try await DynamicQuery(Question.self).latest(["pub_date"]) },
            #"SELECT … FROM "polls_question" ORDER BY "polls_question"."pub_date" DESC LIMIT 1"#,
            ["Où?"]
        ),
        TypedCase(
            "the earliest row by two fields",
            { [try await Choice.objects.earliest { ($0.question.id, $0.votes) }.choiceText] },
            { _ = try await DynamicQuery(Choice.self).earliest(["question__id", "votes"]) },
            """
            SELECT … FROM "polls_choice" ORDER BY "polls_choice"."question_id" ASC, \
            "polls_choice"."votes" ASC LIMIT 1
            """,
            ["Just hacking"]
        ),
        TypedCase(
            "rows by keys",
            {
                let found = try await Author.objects.inBulk([2, 1, 9])
                return [text(found[1]?.name), text(found[2]?.name), "\(found.count)"]
            },
            { _ = try await DynamicQuery(Author.self).inBulk([[.int(2)], [.int(1)], [.int(9)]]) },
            """
            SELECT … FROM "polls_author" WHERE "polls_author"."id" IN (?, ?, ?) ORDER BY \
            "polls_author"."name" ASC
            """,
            ["Django", "Stéphane", "2"]
        ),
        TypedCase(
            "whether a row is among them",
            {
                let author = Author(id: 1, name: "")
                return [
                    "\(try await Author.objects.filter { $0.name == "Django" }.contains(author))"
                ]
            },
            {
                let author = try DynamicRow(new: "polls.author", [("id", 1)])
                _ = try await DynamicQuery(Author.self).filter(.condition("name", "Django"))
                    .contains(author)
            },
            """
            SELECT 1 AS "a" FROM "polls_author" WHERE ("polls_author"."name" = ? AND \
            "polls_author"."id" = ?) LIMIT 1
            """,
            ["true"]
        ),
        TypedCase(
            "a row at a position",
            { [try await Author.objects.row(at: 1).name] },
            { _ = try await DynamicQuery(Author.self).row(at: 1) },
            #"SELECT … FROM "polls_author" ORDER BY "polls_author"."name" ASC LIMIT 1 OFFSET 1"#,
            ["Stéphane"]
        ),
    ]
}
