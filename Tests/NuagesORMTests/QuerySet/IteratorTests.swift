import DatabaseTestSupport
import NuagesORM
import NuagesSQLite
import Testing

@Suite struct IteratorTests {
    private let folder = TemporaryFolder()

    private func database(
        _ backend: TestBackend,
        connections: Int = 4
    ) async throws -> Database {
        let pool = PoolOptions(maxConnections: connections)
        let database =
            switch backend {
            // In memory there is one connection only.
            case .sqlite: try SQLiteDatabase.open(path: folder.path("rows.sqlite3"), pool: pool)
            case .postgresql, .mysql: try await backend.open(pool: pool)
            }
        try await TestDatabase.makeTables(database)
        try await database.use {
            _ = try await Author.objects.bulkCreate((1...25).map { Author(name: "a\($0 + 100)") })
        }
        return database
    }

    @Test(arguments: TestBackend.available, [1, 7, 25, 26, 2000])
    func walksOverAllRowsWithOneStatement(_ backend: TestBackend, chunkSize: Int) async throws {
        let database = try await database(backend)
        var names: [String] = []
        let texts = try await sql(database) {
            for try await author in try Author.objects.iterator(chunkSize: chunkSize) {
                names.append(author.name)
            }
        }
        #expect(names == (101...125).map { "a\($0)" })
        #expect(texts == [#"SELECT … FROM "polls_author" ORDER BY "polls_author"."name" ASC"#])
    }

    @Test(arguments: TestBackend.available) func walksOverValues(
        _ backend: TestBackend
    ) async throws {
        let database = try await database(backend)
        try await database.use { () async throws in
            var found: [String] = []
            let rows = try Author.objects.filter { $0.name < "a104" }
                .valuesIterator(chunkSize: 2) { ($0.name, $0.id) }
            for try await (name, id) in rows { found.append("\(name) \(id)") }
            #expect(found == ["a101 1", "a102 2", "a103 3"])
        }
    }

    @Test(arguments: TestBackend.available) func givesItsConnectionBackWhenTheLoopIsLeft(
        _ backend: TestBackend
    ) async throws {
        let database = try await database(backend, connections: 1)
        try await database.use { () async throws in
            for _ in 1...3 {
                for try await author in try Author.objects.iterator(chunkSize: 2) {
                    #expect(author.name == "a101")
                    break
                }
            }
            #expect(try await Author.objects.count() == 25)
        }
    }

    @Test(arguments: TestBackend.available) func readsWhatItsTransactionWrote(
        _ backend: TestBackend
    ) async throws {
        let database = try await database(backend)
        try await database.use { () async throws in
            try await atomic { () async throws in
                try await Author.objects.filter { $0.name > "a103" }.delete()
                var names: [String] = []
                for try await author in try Author.objects.iterator(chunkSize: 1) {
                    #expect(try await Author.objects.count() == 3)
                    names.append(author.name)
                }
                #expect(names == ["a101", "a102", "a103"])
            }
        }
    }

    @Test(arguments: TestBackend.available) func aCursorDoesNotOutliveItsTransaction(
        _ backend: TestBackend
    ) async throws {
        let database = try await database(backend)
        try await database.use { () async throws in
            var iterator = try await atomic {
                var iterator = try Author.objects.iterator(chunkSize: 1).makeAsyncIterator()
                #expect(try await iterator.next()?.name == "a101")
                return iterator
            }
            await #expect(throws: DatabaseError.self) { try await iterator.next() }
            try await Author.objects.filter { $0.name == "a101" }.delete()
            // The writer's connection, lent again, sees what is there now.
            #expect(try await atomic { try await Author.objects.count() } == 24)
        }
    }

    @Test(arguments: TestBackend.available) func loadsRelatedRowsForEachChunk(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            var votes: [[Int]] = []
            let set = Question.objects.prefetch(\.choices).order { $0.id.ascending }
            for try await question in try set.iterator(chunkSize: 2) {
                votes.append(question.choices.loaded?.map(\.votes) ?? [-1])
            }
            #expect(votes == [[3, 7, 0], [1, 5], []])
            var texts: [String] = []
            let choices = Choice.objects.selectRelated(\.question).order { $0.id.ascending }
            for try await choice in try choices.iterator(chunkSize: 4) {
                texts.append(choice.question.loaded?.questionText ?? "-")
            }
            #expect(
                texts == [
                    "What's new?", "What's new?", "What's new?", "100% <sure>", "100% <sure>",
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available) func aChunkHasAtLeastOneRow(
        _ backend: TestBackend
    ) async throws {
        let database = try await database(backend)
        try await database.use { () async throws in
            #expect(throws: FieldError.self) { try Author.objects.iterator(chunkSize: 0) }
            for try await _ in try Author.objects.none().iterator() { Issue.record("a row") }
        }
    }
}
