import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

/// Rows of models that statements of one's own find.
@Suite struct RawModelTests {
    @Test(arguments: TestBackend.available)
    func findsColumnsByTheirNames(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use {
            for name in ["Django", "Stéphane"] {
                try await Author.objects.create(Author(name: name))
            }
            let (authors, log) = try await Database.capturingQueries {
                try await Author.raw(
                    "SELECT name, 7 AS luck, id FROM polls_author WHERE name = \("Stéphane")"
                ).all()
            }
            #expect(authors.map(\.name) == ["Stéphane"])
            let saved = try await Author.objects.filter { $0.name == "Stéphane" }.get()
            #expect(authors.map(\.id) == [saved.id])
            #expect(log.count == 1)
            #expect(log.statements.first?.bindings == [.text("Stéphane")])
            #expect(log.texts.first?.contains("Stéphane") == false)
        }
    }

    @Test(arguments: TestBackend.available)
    func bindsWhatLooksLikeSQL(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use {
            try await Author.objects.create(Author(name: "Django"))
            let attack = "x' OR '1' = '1"
            let found = try await Author.raw(
                "SELECT * FROM polls_author WHERE name = \(attack)"
            ).all()
            #expect(found.isEmpty)
            #expect(try await Author.objects.count() == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func returnsOtherColumnsBesides(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use {
            try await Author.objects.create(Author(name: "Django"))
            let rows = try await Author.raw("SELECT a.*, 6 * 7 AS answer FROM polls_author a")
                .annotated()
            #expect(rows.map(\.0.name) == ["Django"])
            #expect(rows.map(\.1) == [["answer": .int(42)]])
        }
    }

    @Test(arguments: TestBackend.available)
    func readsColumnsByOtherNames(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use {
            let authors = try await Author.raw(
                "SELECT 5 AS number, 'Reinhardt' AS surname",
                translations: ["number": "id", "surname": "name"]
            ).all()
            #expect(authors.map(\.name) == ["Reinhardt"])
            #expect(authors.map(\.id) == [5])
        }
    }

    @Test(arguments: TestBackend.available)
    func saysWhichColumnsAreMissing(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use {
            let error = await #expect(throws: FieldError.self) {
                _ = try await Author.raw("SELECT 1 AS id, 2 AS nam").all()
            }
            #expect(
                error?.description == """
                    raw() of Author lacks 'name'; the statement returns 'id', 'nam'. Select the \
                    columns, or name them in 'translations'.
                    """
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func readsRowsOneAfterTheOther(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.use {
            for number in 0..<5 { try await Author.objects.create(Author(name: "\(number)")) }
            var names: [String] = []
            let rows = Author.raw("SELECT name, id FROM polls_author ORDER BY id")
            for try await author in try rows.iterator(chunkSize: 2) { names.append(author.name) }
            #expect(names == ["0", "1", "2", "3", "4"])
            #expect(throws: FieldError.self) { try rows.iterator(chunkSize: 0) }
        }
    }

    @Test func readsTheRowOfAParentToo() async throws {
        let database = try await PlacesDatabase.empty()
        try await database.use {
            let place = Place(name: "Chez Django", address: "1 rue de Liberchies")
            try await Restaurant.objects.create(Restaurant(place: place, servesPizza: true))
            let found = try await Restaurant.raw(
                """
                SELECT r.*, p.* FROM my_restaurant r \
                JOIN places_place p ON p.id = r.place_ptr_id
                """
            ).all()
            #expect(found.map(\.place.name) == ["Chez Django"])
            #expect(found.map(\.servesPizza) == [true])
        }
    }
}
