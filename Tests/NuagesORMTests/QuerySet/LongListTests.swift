import DatabaseTestSupport
import NuagesORM
import Testing

@testable import NuagesSQLite

/// SQLite with a library that binds few values, and no other way to pass a list.
private struct SmallBackend: DatabaseBackend {
    let backend = SQLiteBackend(path: ":memory:", busyTimeout: .zero, synchronous: .normal)
    var maxConnections: Int? { 1 }
    var dialect: any SQLDialect { backend.dialect }
    var features: DatabaseFeatures {
        var features = backend.features
        features.maxBindings = 2
        return features
    }

    func connect() async throws -> any DatabaseConnection { try await backend.connect() }
}

@Suite struct LongListTests {
    private func filled(_ database: Database) async throws {
        try await TestDatabase.makeTables(database)
        try await database.use { () async throws in
            for name in ["a", "b", "c", "d", "e"] {
                let author = try await Author.objects.create(Author(name: name))
                for number in 0..<2 {
                    try await Book.objects.create(
                        Book(title: "\(name)\(number)", author: author.asReference)
                    )
                }
            }
        }
    }

    @Test func aPrefetchBindsNoMoreThanTheDatabaseTakes() async throws {
        let database = Database(SmallBackend())
        try await filled(database)
        let statements = try await sql(database) { () async throws in
            let authors = try await Author.objects.prefetch(\.books).all()
            #expect(
                authors.map { $0.books.loaded?.map(\.title) } == [
                    ["a1", "a0"], ["b1", "b0"], ["c1", "c0"], ["d1", "d0"], ["e1", "e0"],
                ]
            )
        }
        let books =
            #"SELECT … FROM "polls_book" WHERE "polls_book"."author_id" IN (?, ?) ORDER BY "#
            + #""polls_book"."title" DESC"#
        #expect(
            statements == [
                #"SELECT … FROM "polls_author" ORDER BY "polls_author"."name" ASC"#, books, books,
                #"SELECT … FROM "polls_book" WHERE "polls_book"."author_id" IN (?) ORDER BY "#
                    + #""polls_book"."title" DESC"#,
            ]
        )
    }

    @Test func rowsAreDeletedInParts() async throws {
        let database = Database(SmallBackend())
        try await filled(database)
        try await database.use { () async throws in
            #expect(
                try await Author.objects.delete().counts == ["polls.Author": 5, "polls.Book": 10]
            )
        }
    }

    @Test func rowsAreInsertedInParts() async throws {
        let database = Database(SmallBackend())
        try await TestDatabase.makeTables(database)
        let statements = try await sql(database) { () async throws in
            let authors = try await Author.objects.bulkCreate(["a", "b"].map { Author(name: $0) })
            #expect(authors.map(\.id) == [1, 2])
        }
        let insert =
            #"INSERT INTO "polls_author" ("name") VALUES (?) RETURNING "polls_author"."id""#
        #expect(statements == [insert, insert])
    }

    @Test(arguments: TestBackend.available)
    func aLongListIsOneValue(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await filled(database)
        let statements = try await sql(database) { () async throws in
            let keys = (3...100_000).map { Author.ID($0) }
            let found = try await Author.objects.filter { $0.id.isIn(keys) }.all()
            #expect(found.map(\.name) == ["c", "d", "e"])
            let names =
                (0..<2000).map { "author \($0)" } + [
                    "a", "o'b\(backend == .sqlite ? "\u{0}" : "")",
                ]
            #expect(try await Author.objects.exclude { $0.name.isIn(names) }.count() == 4)
            let titles = (0..<2000).map { "é\"\($0)\\" } + ["b1"]
            #expect(
                try await Book.objects.filter { $0.title.isIn(titles) }.valuesList(\.title)
                    == ["b1"]
            )
        }
        let condition = backend.choose(
            sqlite: "IN (SELECT value FROM json_each(?))",
            postgresql: "= ANY((?)::bigint[])",
            mysql: """
                IN (SELECT value FROM JSON_TABLE(?, '$[*]' COLUMNS (value bigint PATH '$')) list)
                """
        )
        #expect(
            statements.first == """
                SELECT … FROM "polls_author" WHERE "polls_author"."id" \(condition) ORDER BY \
                "polls_author"."name" ASC
                """
        )
    }

    @Test(arguments: TestBackend.available) func everyKindOfValueIsFoundInALongList(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let days = (0..<1500).map { TestDatabase.day($0 + 1) }
            #expect(try await Question.objects.filter { $0.pubDate.isIn(days) }.count() == 2)
            let flags = (0..<1500).map { _ in false }
            #expect(try await Book.objects.filter { $0.inPrint.isIn(flags) }.count() == 1)
            #expect(
                try await Book.objects.filter(lookups: [
                    "price__in": LookupOperand(["12.50"] + manyPrices)
                ])
                .count() == 1
            )
        }
    }

    private var manyPrices: [String] { (100..<1600).map { "\($0).25" } }
}
