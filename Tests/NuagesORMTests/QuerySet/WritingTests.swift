import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite struct WritingTests {
    @Test(arguments: TestBackend.available) func insertsThenUpdates(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let statements = try await sql(database) { () async throws in
            // PostgreSQL has no NUL in text.
            let text = backend.choose(sqlite: "a\0b'; --", postgresql: "ab'; --")
            var question = Question(questionText: text, pubDate: TestDatabase.day(0))
            #expect(question.id == .unsaved)
            try await question.save()
            #expect(question.id == 1)
            question.questionText = "é"
            try await question.save()
            try await question.refresh()
            #expect(question.questionText == "é")
        }
        #expect(
            statements == [
                """
                INSERT INTO "polls_question" ("question_text", "pub_date") VALUES (?, ?) RETURNING \
                "polls_question"."id"
                """,
                """
                UPDATE "polls_question" SET "question_text" = ?, "pub_date" = ? WHERE \
                "polls_question"."id" = ?
                """,
                #"SELECT … FROM "polls_question" WHERE "polls_question"."id" = ? LIMIT 21"#,
            ]
        )
    }

    @Test(arguments: TestBackend.available) func insertsARowWithAKeyThatIsNotThere(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let statements = try await sql(database) { () async throws in
            var author = Author(id: 7, name: "Django")
            try await author.save()
            #expect(try await Author.objects.get(7).name == "Django")
        }
        #expect(
            statements[..<2] == [
                #"UPDATE "polls_author" SET "name" = ? WHERE "polls_author"."id" = ?"#,
                """
                INSERT INTO "polls_author" ("id", "name") VALUES (?, ?)
                """,
            ]
        )
    }

    @Test(arguments: TestBackend.available) func updatesInTheDatabase(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            let choices = Choice.objects.filter { $0.question == Question.ID(1) }
            #expect(try await choices.update { $0.votes += 1 } == 3)
            #expect(try await choices.order(by: "id").valuesList(\.votes) == [4, 8, 1])
            let renamed = try await choices.filter { $0.votes > 5 }.update {
                $0.choiceText = "Sky"
                $0.set(\.votes, to: $0.votes * 2)
                $0.set(\.question, to: Question.ID(3))
            }
            #expect(renamed == 1)
            #expect(try await Choice.objects.get(2).question.id == 3)
            let joined = Choice.objects.filter { $0.question.questionText == "Où?" }
            #expect(try await joined.update { $0.votes = 0 } == 1)
        }
        #expect(
            statements[0] == """
                UPDATE "polls_choice" SET "votes" = ("polls_choice"."votes" + ?) WHERE \
                "polls_choice"."question_id" = ?
                """
        )
        #expect(
            statements.last == """
                UPDATE "polls_choice" SET "votes" = ? WHERE "polls_choice"."id" IN (SELECT "U0"."id" \
                FROM "polls_choice" "U0" INNER JOIN "polls_question" "U1" ON ("U0"."question_id" = \
                "U1"."id") WHERE "U1"."question_text" = ?)
                """
        )
    }

    @Test(arguments: TestBackend.available) func deletesWithWhatRefersToIt(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) { () async throws in
            let question = try await Question.objects.get(1)
            let deletion = try await question.delete()
            #expect(deletion.total == 4)
            #expect(deletion.counts == ["ballots.Question": 1, "ballots.Choice": 3])
            #expect(try await Choice.objects.filter { $0.votes == 1 }.delete().total == 1)
        }
        #expect(
            statements[1...] == [
                #"DELETE FROM "polls_choice" WHERE "polls_choice"."question_id" IN (?)"#,
                #"DELETE FROM "polls_question" WHERE "polls_question"."id" IN (?)"#,
                #"DELETE FROM "polls_choice" WHERE "polls_choice"."votes" = ?"#,
            ]
        )
    }

    @Test(arguments: TestBackend.available) func setsReferencesToNullOrDeletes(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let editor = try await Author.objects.filter { $0.name == "Stéphane" }.get()
            #expect(try await editor.delete().counts == ["polls.Author": 1])
            #expect(try await Book.objects.filter { $0.editor.isNull }.count() == 3)
            #expect(
                try await Author.objects.delete().counts == ["polls.Author": 1, "polls.Book": 2]
            )
            #expect(try await Book.objects.valuesList(\.title) == ["Anonymous"])
        }
    }

    @Test(arguments: TestBackend.available) func createsManyAtOnce(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let statements = try await sql(database) { () async throws in
            let authors = try await Author.objects.bulkCreate(
                (1...3).map { Author(name: "Author \($0)") }
            )
            #expect(authors.map(\.id) == [1, 2, 3])
        }
        #expect(
            statements == [
                #"INSERT INTO "polls_author" ("name") VALUES (?), (?), (?) RETURNING "polls_author"."id""#
            ]
        )
    }

    @Test(arguments: TestBackend.available) func createsManyInBatches(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let (authors, log) = try await database.use { () async throws in
            try await Database.capturingQueries {
                try await Author.objects.bulkCreate((0..<40_000).map { Author(name: "\($0)") })
            }
        }
        #expect(authors.map(\.id.value) == Array(1...40_000))
        let size = database.features.maxBindings / 2
        #expect(log.count == (40_000 + size - 1) / size)
    }

    @Test(arguments: TestBackend.available) func getsOrCreates(_ backend: TestBackend) async throws
    {
        let database = try await TestDatabase.polls(backend)
        try await database.use { () async throws in
            let set = Author.objects.filter { $0.name == "Django" }
            let first = try await set.getOrCreate(Author(name: "Django"))
            #expect(first.isNew)
            let second = try await set.getOrCreate(Author(name: "Django"))
            #expect(!second.isNew)
            #expect(first.model.id == second.model.id)
        }
    }

    /// As in Django, where such a name is an attribute that is not saved.
    @Test(arguments: TestBackend.available) func passesOverUnknownNamesOfRowsThatAreFound(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use { () async throws in
            let query = DynamicQuery(Author.self)
            await #expect(throws: FieldError.self) {
                try await query.updateOrCreate([("name", "Django")], defaults: [("nope", 1)])
            }
            try await Author.objects.create(Author(name: "Django"))
            let (found, isNew) = try await query.updateOrCreate(
                [("name", "Django")],
                defaults: [("nope", 1), ("name", "Swift")]
            )
            #expect(!isNew && found["name"] == .text("Swift"))
            #expect(try await Author.objects.selecting { $0.name }.all() == ["Swift"])
        }
    }

    @Test(arguments: TestBackend.available) func refusesAnUnsavedReference(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let question = Question(questionText: "x", pubDate: TestDatabase.day(0))
        await #expect(throws: ModelError.unsaved(model: "ballots.question")) {
            try await Choice.objects.using(database).create(
                Choice(question: question, choiceText: "y")
            )
        }
        await #expect(throws: ModelError.unsaved(model: "ballots.question")) {
            try await question.delete(using: database)
        }
    }

    @Test(arguments: TestBackend.available) func reportsConstraintsWithTheirKind(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let error = await #expect(throws: DatabaseError.self) {
            try await Choice.objects.using(database).create(
                Choice(question: Question.ID(99), choiceText: "y")
            )
        }
        guard case .integrity(let missing)? = error else {
            Issue.record("not an integrity error: \(String(describing: error))")
            return
        }
        #expect(missing.kind == .foreignKey)
        #expect(missing.table == backend.choose(sqlite: nil, postgresql: "polls_choice"))
        try await Author.objects.using(database).create(Author(id: 1, name: "x"))
        let duplicate = await #expect(throws: DatabaseError.self) {
            try await Author.objects.using(database).create(Author(id: 1, name: "x"))
        }
        guard case .integrity(let violation)? = duplicate else {
            Issue.record("not an integrity error")
            return
        }
        #expect(violation.kind == .primaryKey)
        // MariaDB names nothing but the key.
        #expect(violation.table == (backend == .mysql ? nil : "polls_author"))
        #expect(violation.columns == (backend == .mysql ? [] : ["id"]))
    }
}

/// A row with many columns.
@Model(app: "polls")
struct Wide {
    var a = 0
    var b = 0
    var c = 0
    var d = 0
    var e = 0
    var f = 0
    var g = 0
    var h = 0
}

/// Statements that bind as much as a database takes.
@Suite(.timeLimit(.minutes(4))) struct BindingLimitTests {
    @Test(arguments: TestBackend.installed.filter { $0 != .sqlite })
    func updatesAsManyRowsAsThereAre(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(Wide.self)
        try await database.use {
            var rows = try await Wide.objects.bulkCreate((0..<4200).map { Wide(a: $0) })
            for index in rows.indices { rows[index].h = rows[index].a + 1 }
            let count = try await Wide.objects.bulkUpdate(rows) {
                ($0.a, $0.b, $0.c, $0.d, $0.e, $0.f, $0.g, $0.h)
            }
            #expect(count == 4200)
            #expect(try await Wide.objects.filter { $0.h == 4200 }.count() == 1)
        }
    }
}
