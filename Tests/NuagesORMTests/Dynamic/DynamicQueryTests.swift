import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Suite("Queries by names")
struct DynamicQueryTests {
    @Test(
        "Conditions, annotations and orders by names make the SQL of the typed form",
        arguments: TestBackend.available
    )
    func sameSQL(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        let typed = try await sql(database) {
            _ = try await Choice.objects.filter { $0.question.questionText == "Où?" }.all()
        }
        let dynamic = try await sql(database) {
            _ = try await DynamicQuery(Choice.self)
                .filter(.condition("question__question_text", "Où?")).rows()
        }
        #expect(typed == dynamic)
    }

    @Test(
        "Rows have values by the names of fields, of their values and of annotations",
        arguments: TestBackend.available
    )
    func rows(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            let rows = try await DynamicQuery(Question.self)
                .annotate("total", .aggregate("Sum", [.field("choice__votes")]))
                .order(by: "-total", "pk").rows()
            // Backwards, NULL is the first on PostgreSQL and the last elsewhere.
            let totals: [SQLValue] = backend.choose(
                sqlite: [.int(10), .int(6), .null],
                postgresql: [.null, .int(10), .int(6)],
                mysql: [.int(10), .int(6), .null]
            )
            #expect(rows.map { $0["total"] } == totals)
            let best = rows.first { $0["total"] == .int(10) }
            #expect(best?["question_text"] == .text("What's new?"))
            let choice = try await DynamicQuery(Choice.self).selectRelated(["question"])
                .filter(.condition("votes", 7)).get()
            #expect(choice["question_id"] == .int(1))
            #expect(choice.row("question")??["pk"] == .int(1))
        }
    }

    @Test(
        "Related rows are fetched in one further query, and know what they belong to",
        arguments: TestBackend.available
    )
    func prefetch(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) {
            let rows = try await DynamicQuery(Question.self).order(by: "pk")
                .prefetch([DynamicPrefetch("choice_set")]).rows()
            #expect(rows.map { $0.rows("choice_set")?.count } == [3, 2, 0])
            let back = rows[0].rows("choice_set")?.first?.row("question")
            #expect(back??["pk"] == .int(1))
        }
        #expect(statements.count == 2)
    }

    @Test("A slice of prefetched rows is one for each row", arguments: TestBackend.available)
    func slicedPrefetch(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            let best = try DynamicQuery(Choice.self).order(by: "-votes").slice(nil, 1)
            let rows = try await DynamicQuery(Question.self).order(by: "pk")
                .prefetch([DynamicPrefetch("choice_set", query: best, attribute: "best")]).rows()
            #expect(
                rows.map { $0.rows("best")?.map { $0["votes"] } } == [[.int(7)], [.int(5)], []]
            )
        }
    }

    @Test(
        "Names that do not exist are errors before a statement is sent",
        arguments: TestBackend.available,
        ["nope", "question__nope", "votes__nope", "votes\" = 1 OR \"1"]
    )
    func unknownNames(_ backend: TestBackend, name: String) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) {
            await #expect(throws: FieldError.self) {
                try await DynamicQuery(Choice.self).filter(.condition(name, 1)).rows()
            }
            await #expect(throws: FieldError.self) {
                try await DynamicQuery(Choice.self).order(by: name).rows()
            }
        }
        #expect(statements.isEmpty)
    }

    @Test(
        "Names of annotations cannot hold SQL",
        arguments: TestBackend.available,
        ["a\"b", "a b", "a;b", "a--b", "a/*b", "x' OR 1=1"]
    )
    func injection(_ backend: TestBackend, name: String) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) {
            await #expect(throws: UsageError.self) {
                try await DynamicQuery(Choice.self).annotate(name, .value(.int(1))).rows()
            }
        }
        #expect(statements.isEmpty)
    }
}

@Suite("Rows by names")
struct DynamicRowTests {
    @Test(
        "A new row has defaults, gets its key, and is updated from then on",
        arguments: TestBackend.available
    )
    func saving(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            var row = try DynamicRow(
                new: "ballots.choice",
                [("choice_text", "New"), ("question_id", 3)]
            )
            #expect(row["votes"] == .int(0))
            try await row.save()
            #expect(row["pk"] == .int(6))
            try row.assign("votes", .combined(.field("votes"), .add, 4))
            try await row.save()
            #expect(row["votes"] == .int(4))
            #expect(try await DynamicQuery(Choice.self).count() == 6)
            _ = try await row.delete()
            #expect(try await DynamicQuery(Choice.self).count() == 5)
        }
    }

    @Test(
        "What is not a field cannot be set, and rows of other models cannot be referred to",
        arguments: TestBackend.available
    )
    func wrongValues(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            #expect(throws: UsageError.self) {
                try DynamicRow(new: "ballots.choice", [("nope", 1)])
            }
            let author = try await DynamicQuery(Author.self).order(by: "pk").row(at: 0)
            #expect(throws: UsageError.self) {
                try DynamicRow(new: "ballots.choice", [("question", .row(author))])
            }
        }
    }

    @Test(
        "Rows are updated in bulk with one statement, and inserted with one",
        arguments: TestBackend.available
    )
    func bulk(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        let statements = try await sql(database) {
            var rows = try await DynamicQuery(Choice.self).order(by: "pk").rows()
            for index in rows.indices { rows[index].set("votes", to: .int(index)) }
            #expect(try await DynamicQuery(Choice.self).bulkUpdate(rows, ["votes"]) == 5)
            let new = try ["a", "b"].map {
                try DynamicRow(
                    new: "ballots.choice",
                    [("choice_text", .value(.text($0))), ("question_id", 1)]
                )
            }
            let made = try await DynamicQuery(Choice.self).bulkCreate(new)
            #expect(made.map { $0["pk"] } == [.int(6), .int(7)])
        }
        #expect(statements.count == 3)
    }

    @Test("A check of a row names each field with what is wrong", arguments: TestBackend.available)
    func fullClean(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            var row = try DynamicRow(
                new: "ballots.choice",
                [("choice_text", ""), ("question_id", 99), ("votes", "many")]
            )
            let error = await #expect(throws: ValidationError.self) { try await row.fullClean() }
            let found = (error?.items ?? []).map { "\($0.field ?? ""): \($0.code)" }.sorted()
            #expect(found == ["choice_text: blank", "question: invalid", "votes: invalid"])
        }
    }
}
