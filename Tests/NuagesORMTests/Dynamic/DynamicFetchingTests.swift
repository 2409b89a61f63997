import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Suite("Queries by names: row by row, explained, and with a rule for what is not loaded")
struct DynamicFetchingTests {
    @Test("Rows come in chunks, with what is prefetched for each", arguments: TestBackend.available)
    func iterates(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let set = DynamicQuery(Question.self).order(by: "id")
            let whole = try await set.prefetch([DynamicPrefetch("choice_set")]).rows()
            for size in [1, 2, 3, 100] {
                var found: [DynamicRow] = []
                let rows = set.prefetch([DynamicPrefetch("choice_set")])
                for try await row in try rows.iterator(chunkSize: size) { found.append(row) }
                #expect(found == whole)
                #expect(found.map { $0.rows("choice_set")?.count } == [3, 2, 0])
            }
            var texts: [SQLValue?] = []
            for try await row in try set.values(.field("question_text")).iterator() {
                texts.append(row["question_text"])
            }
            #expect(texts == whole.map { $0["question_text"] })
            for try await _ in try set.none().iterator() { Issue.record("There is none") }
            #expect(throws: FieldError.self) { try set.iterator(chunkSize: 0) }
            #expect(throws: FieldError.self) { try set.order(by: "nothing").iterator() }
        }
    }

    @Test("The database says how it goes about a query", arguments: TestBackend.available)
    func explains(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let set = DynamicQuery(Book.self).filter(.condition("pk", 1))
            #expect(try await set.explain() == Book.objects.filter { $0.id == 1 }.explain())
            #expect(try await set.explain().contains("polls_book"))
            #expect(try await set.none().explain() == "")
            await #expect(throws: UsageError.self) {
                try await set.explain(options: ["analyze; DROP TABLE x": "true"])
            }
        }
    }

    @Test("What is not loaded is fetched for all rows at once, or not at all")
    func fetchModes() async throws {
        let database = try await TestDatabase.filled()
        let set = DynamicQuery(Choice.self).order(by: "id")
        let peers = try await sql(database) { () async throws in
            for choice in try await set.fetchMode(.peers).rows() {
                let question = try await choice.fetched("question")
                #expect(question?["pk"] == choice["question_id"])
            }
        }
        #expect(peers.count == 2)
        let partial = try await sql(database) { () async throws in
            let rows = try await set.deferring(["votes"]).fetchMode(.peers).rows()
            var votes: [SQLValue] = []
            for row in rows { votes.append(try await row.fetchedValue("votes")) }
            #expect(votes == [.int(3), .int(7), .int(0), .int(1), .int(5)])
        }
        #expect(partial.count == 2)
        let one = try await sql(database) { () async throws in
            let rows = try await set.deferring(["votes"]).rows()
            #expect(try await rows[1].fetched("question")?["pk"] == .int(1))
            #expect(try await rows[1].fetchedValue("votes") == .int(7))
            #expect(try await rows[1].fetchedValue("choice_text") == .text("The sky"))
        }
        #expect(one.count == 3)
        try await database.use { () async throws in
            let rows = try await set.deferring(["votes"]).fetchMode(.raises).rows()
            await #expect(throws: ModelError.fetchBlocked(model: "Question")) {
                try await rows[0].fetched("question")
            }
            await #expect(throws: ModelError.fetchBlocked(model: "Choice")) {
                try await rows[0].fetchedValue("votes")
            }
            let joined = try await set.selectRelated(["question"]).fetchMode(.raises).rows()
            #expect(try await joined[0].fetched("question")?["pk"] == .int(1))
            let books = try await DynamicQuery(Book.self).order(by: "id").fetchMode(.peers).rows()
            #expect(try await books[1].fetched("editor")?["name"] == .text("Stéphane"))
            #expect(try await books[2].fetched("editor") == nil)
            await #expect(throws: FieldError.self) { try await books[0].fetchedValue("nothing") }
            let question = try await DynamicQuery(Question.self).fetchMode(.peers).rows()[0]
            await #expect(throws: UsageError.self) { try await question.fetched("choice_set") }
        }
    }
}
