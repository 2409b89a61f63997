import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite struct FetchingTests {
    @Test(arguments: TestBackend.available) func getsARowByItsKey(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            let question = try await Question.objects.get(1)
            #expect(question.questionText == "What's new?")
            #expect(question.pubDate == TestDatabase.day(0))
            #expect(question.id == 1)
        }
        #expect(
            statements == [
                #"SELECT … FROM "polls_question" WHERE "polls_question"."id" = ? LIMIT 21"#
            ]
        )
    }

    @Test(arguments: TestBackend.available) func tellsThatThereIsNoRow(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        await #expect(throws: ModelError.doesNotExist(model: "Question")) {
            try await Question.objects.using(database).get(99)
        }
        await #expect(throws: ModelError.multipleObjectsReturned(model: "Question", count: 3)) {
            try await Question.objects.using(database).filter { $0.id > 0 }.get()
        }
        await #expect(throws: ModelError.unsaved(model: "ballots.question")) {
            try await Question.objects.using(database).get(.unsaved)
        }
        await #expect(throws: FieldError.unsavedValue(model: "ballots.question")) {
            try await Choice.objects.using(database).filter { $0.question == Question.ID.unsaved }
                .all()
        }
    }

    @Test(arguments: TestBackend.available) func findsTheFirstAndTheLast(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            #expect(try await Question.objects.first()?.id == 1)
            #expect(try await Question.objects.last()?.id == 3)
            #expect(try await Question.objects.order { $0.pubDate.descending }.first()?.id == 3)
            #expect(try await Question.objects.filter { $0.id == 99 }.first() == nil)
            let latest = Question.objects.order { $0.pubDate.descending }.limit(2)
            #expect(try await latest.all().map(\.id) == [3, 2])
            #expect(try await latest.limit(5, offset: 1).all().map(\.id) == [2])
            #expect(
                try await Question.objects.order(by: "-id").reversed().offset(1).all().map(\.id)
                    == [2, 3]
            )
        }
    }

    @Test(arguments: TestBackend.available) func countsAndAsksForExistence(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            #expect(try await Choice.objects.filter { $0.votes > 2 }.count() == 3)
            #expect(try await Choice.objects.limit(4).count() == 4)
            #expect(try await Choice.objects.filter { $0.votes > 99 }.exists() == false)
            #expect(try await Choice.objects.exists())
        }
        #expect(
            statements == [
                #"SELECT COUNT(*) AS "__count" FROM "polls_choice" WHERE "polls_choice"."votes" > ?"#,
                """
                SELECT COUNT(*) FROM (SELECT "polls_choice"."id" AS "col1" FROM "polls_choice" \
                LIMIT 4) subquery
                """,
                #"SELECT 1 AS "a" FROM "polls_choice" WHERE "polls_choice"."votes" > ? LIMIT 1"#,
                #"SELECT 1 AS "a" FROM "polls_choice" LIMIT 1"#,
            ]
        )
    }

    @Test(arguments: TestBackend.available) func selectsValues(_ backend: TestBackend) async throws
    {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            let rows = try await Question.objects.order(by: "pk").values {
                ($0.questionText, $0.choices.votes.sum(), $0.choices.count())
            }
            #expect(rows.map(\.0) == ["What's new?", "100% <sure>", "Où?"])
            #expect(rows.map(\.1) == [10, 6, nil])
            #expect(rows.map(\.2) == [3, 2, 0])
            #expect(try await Question.objects.valuesList(\.questionText).count == 3)
            let (most, mean) = try await Choice.objects.aggregate {
                ($0.votes.maximum(), $0.votes.average())
            }
            #expect(most == 7)
            #expect(mean == 3.2)
        }
        // Servers know that the other columns depend on the key.
        let groups = backend.choose(
            sqlite: #""polls_question"."id", 1, "polls_question"."pub_date""#,
            postgresql: #""polls_question"."id""#
        )
        // The mean of whole numbers would be a decimal.
        let mean = backend == .mysql ? #""polls_choice"."votes" + 0e0"# : #""polls_choice"."votes""#
        #expect(
            statements == [
                """
                SELECT "polls_question"."question_text" AS "question_text", \
                SUM("polls_choice"."votes") AS "value2", COUNT("polls_choice"."id") AS "value3" \
                FROM "polls_question" LEFT OUTER JOIN "polls_choice" ON \
                ("polls_question"."id" = "polls_choice"."question_id") \
                GROUP BY \(groups) ORDER BY "polls_question"."id" ASC
                """,
                """
                SELECT "polls_question"."question_text" AS "question_text" FROM "polls_question"
                """,
                """
                SELECT MAX("polls_choice"."votes") AS "aggregate1", \
                AVG(\(mean)) AS "aggregate2" FROM "polls_choice"
                """,
            ]
        )
    }

    @Test(arguments: TestBackend.available) func annotatesRows(_ backend: TestBackend) async throws
    {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let rows = try await Question.objects.order { $0.id.ascending }.annotated {
                $0.choices.votes.sum()
            }
            #expect(rows.map(\.0.id) == [1, 2, 3])
            #expect(rows.map(\.1) == [10, 6, nil])
        }
    }

    @Test(arguments: TestBackend.available) func loadsRelatedRowsInTheSameQuery(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            let books = try await Book.objects.selectRelated(\.author).selectRelated("editor").all()
            #expect(books.map { $0.author?.loaded?.name } == ["Django", "Django", nil])
            #expect(books.map { $0.editor?.loaded?.name } == [nil, "Stéphane", nil])
            #expect(books.map(\.author?.id) == [1, 1, nil])
            let choice = try await Choice.objects.selectRelated(\.question).get(4)
            #expect(try await choice.question.get().questionText == "100% <sure>")
        }
        #expect(
            statements == [
                """
                SELECT …, …, "T3"."id", "T3"."name" FROM "polls_book" LEFT OUTER JOIN \
                "polls_author" ON ("polls_book"."author_id" = "polls_author"."id") LEFT OUTER JOIN \
                "polls_author" "T3" ON ("polls_book"."editor_id" = "T3"."id") ORDER BY \
                "polls_book"."title" DESC
                """,
                """
                SELECT …, … FROM "polls_choice" INNER JOIN "polls_question" ON \
                ("polls_choice"."question_id" = "polls_question"."id") WHERE "polls_choice"."id" = ? \
                LIMIT 21
                """,
            ]
        )
    }

    @Test(arguments: TestBackend.available) func prefetchesInOneFurtherQuery(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            let questions = try await Question.objects.prefetch(\.choices).all()
            #expect(questions.map { $0.choices.loaded?.count } == [3, 2, 0])
            #expect(try await questions[0].choices.all().map(\.votes) == [3, 7, 0])
            let choices = try await Choice.objects.prefetch(\.question).all()
            #expect(choices[4].question.loaded?.questionText == "100% <sure>")
        }
        #expect(statements.count == 4)
        // The keys are neighbours.
        #expect(
            statements[1] == """
                SELECT … FROM "polls_choice" WHERE ("polls_choice"."question_id" >= ? AND \
                "polls_choice"."question_id" <= ?)
                """
        )
    }

    @Test(arguments: TestBackend.available) func prefetchesForKeysThatAreNoNeighbours(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            try await Question.objects.filter { $0.questionText == "100% <sure>" }.delete()
            try await Question.objects.bulkCreate([
                Question(questionText: "Who?", pubDate: TestDatabase.day(3)),
                Question(questionText: "Why?", pubDate: TestDatabase.day(4)),
            ])
            let last = try await Question.objects.order(by: "-id").all()[0]
            try await Choice.objects.create(
                Choice(question: last, choiceText: "Because", votes: 9)
            )
            let questions = try await Question.objects.order(by: "id").prefetch(\.choices).all()
            let votes = questions.map { $0.choices.loaded?.map(\.votes).sorted() }
            #expect(votes == [[0, 3, 7], [], [], [9]])
            // A limit is one for each question, also where their keys are neighbours.
            let best = Choice.objects.order { $0.votes.descending }.limit(1)
            let limited = try await Question.objects.filter { $0.id > 2 }.order(by: "id")
                .prefetch(\.choices, best).all()
            #expect(limited.map { $0.choices.loaded?.map(\.votes) } == [[], [], [9]])
        }
        #expect(statements.contains { $0.contains("\"question_id\" IN (?, ?, ?, ?)") })
        #expect(statements.contains { $0.contains("ROW_NUMBER()") })
    }

    @Test(arguments: TestBackend.available) func followsRelationsWithAQuery(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let question = try await Question.objects.get(1)
            #expect(try await question.choices.filter { $0.votes > 2 }.count() == 2)
            let choice = try await question.choices.get(2)
            #expect(try await choice.question.get().id == question.id)
            await #expect(throws: ModelError.doesNotExist(model: "Choice")) {
                try await question.choices.get(5)
            }
        }
    }
}
