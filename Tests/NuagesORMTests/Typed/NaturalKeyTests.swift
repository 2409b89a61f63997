import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

@Model(app: "natural", ordering: ["id"], uniqueTogether: [["first_name", "last_name"]])
struct Novelist {
    @Field(maxLength: 40) var firstName: String
    @Field(maxLength: 40) var lastName: String
    var born: Int?
}

@Model(app: "natural", ordering: ["id"], uniqueTogether: [["name", "author", "editor"]])
struct Novel {
    @Field(maxLength: 40) var name: String
    @ForeignKey(onDelete: .cascade) var author: Novelist.Reference
    @ForeignKey(onDelete: .setNull, relatedName: "edited") var editor: Novelist.Reference?
}

@Model(app: "natural", key: UUID.self)
struct Edition {
    @OneToOne(onDelete: .cascade) var novel: Novel.Reference
    var printed: CalendarDate
}

/// Models whose keys are no keys.
@Model(app: "natural")
struct Folder {
    @Field(maxLength: 40) var name: String
    @ForeignKey(onDelete: .cascade) var parent: Folder.Reference?

    var length: Int { name.utf8.count }
}

@Model(app: "natural")
struct Leaf {
    @Field(maxLength: 40) var name: String

    var length: Int { name.utf8.count }
}

/// Its key holds the primary key of a row that has no natural one.
@Model(app: "natural")
struct Bookmark {
    @ForeignKey(onDelete: .cascade) var page: Page.Reference
}

@Model(app: "natural")
struct Page {
    var number: Int
}

extension Bookmark: NaturallyKeyed {
    static let naturalKey = NaturalKey { \Bookmark.page }
}

extension Novelist: NaturallyKeyed {
    static let naturalKey = NaturalKey {
        \Novelist.firstName
        \Novelist.lastName
    }
}

extension Novel: NaturallyKeyed {
    static let naturalKey = NaturalKey {
        \Novel.name
        \Novel.author
        \Novel.editor
    }
}

extension Edition: NaturallyKeyed {
    static let naturalKey = NaturalKey {
        \Edition.novel
        \Edition.printed
    }
}

extension Folder: NaturallyKeyed {
    static let naturalKey = NaturalKey {
        \Folder.name
        \Folder.parent
    }
}

extension Leaf: NaturallyKeyed {
    static let naturalKey = NaturalKey { \Leaf.length }
}

/// Rows that are found by what people know them by.
@Suite(.timeLimit(.minutes(2)))
struct NaturalKeyTests {
    private static func database(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        ModelRegistry.register([Novelist.self, Novel.self, Edition.self])
        try await database.makeTables(Novelist.self, Novel.self, Edition.self)
        try await database.use {
            let writers = try await Novelist.objects.bulkCreate([
                Novelist(firstName: "Douglas", lastName: "Adams", born: 1952),
                Novelist(firstName: "Jules", lastName: "Verne"),
                Novelist(firstName: "Eoin", lastName: "Colfer"),
            ])
            let novels = try await Novel.objects.bulkCreate([
                Novel(name: "Mostly Harmless", author: writers[0].asReference),
                Novel(
                    name: "And Another Thing",
                    author: writers[2].asReference,
                    editor: writers[0].asReference
                ),
                Novel(name: "Mostly Harmless", author: writers[1].asReference),
            ])
            let day = TestDatabase.calendarDay(7)
            try await Edition.objects.create(Edition(novel: novels[1].asReference, printed: day))
        }
        return database
    }

    @Test(arguments: TestBackend.installed)
    func findsRows(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let adams = try await Novelist.byNaturalKey("Douglas", "Adams")
            #expect(adams.born == 1952)
            await #expect(throws: ModelError.doesNotExist(model: "Novelist")) {
                try await Novelist.byNaturalKey("Adams", "Douglas")
            }
            let key = Novelist.naturalKey("Douglas", "Adams")
            let (novel, log) = try await Database.capturingQueries {
                try await Novel.byNaturalKey("Mostly Harmless", key, nil)
            }
            #expect(log.count == 1)
            #expect(novel.author.id == adams.id)
            let colfer = Novelist.naturalKey("Eoin", "Colfer")
            let other = Novel.naturalKey("And Another Thing", colfer, key)
            #expect(try await Novel.objects.get(other).editor?.id == adams.id)
            let edition = try await Edition.objects.byNaturalKey(other, TestDatabase.calendarDay(7))
            #expect(edition.id.isSaved)
            await #expect(throws: ModelError.doesNotExist(model: "Novelist")) {
                try await Novelist.objects.filter { $0.born == nil }.get(key)
            }
        }
    }

    @Test func asksOnce() async throws {
        let database = try await Self.database(.sqlite)
        let statements = try await sql(database) { () async throws in
            let key = Novelist.naturalKey("Douglas", "Adams")
            _ = try await Novelist.objects.get(key)
            _ = try await Novel.byNaturalKey("Mostly Harmless", key, nil)
        }
        #expect(
            statements == [
                """
                SELECT "natural_novelist"."id", "natural_novelist"."first_name", \
                "natural_novelist"."last_name", "natural_novelist"."born" FROM "natural_novelist" WHERE \
                ("natural_novelist"."first_name" = ? AND "natural_novelist"."last_name" = ?) LIMIT 21
                """,
                """
                SELECT "natural_novel"."id", "natural_novel"."name", "natural_novel"."author_id", \
                "natural_novel"."editor_id" FROM "natural_novel" INNER JOIN "natural_novelist" ON \
                ("natural_novel"."author_id" = "natural_novelist"."id") WHERE \
                ("natural_novel"."name" = ? AND "natural_novelist"."first_name" = ? AND \
                "natural_novelist"."last_name" = ? AND "natural_novel"."editor_id" IS NULL) LIMIT 21
                """,
            ]
        )
    }

    @Test(arguments: TestBackend.installed)
    func tellsTheKeysOfRows(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let edition = try await Edition.objects.get()
            let key = try await edition.naturalKey()
            #expect(
                key.values == [
                    .text("And Another Thing"), .text("Eoin"), .text("Colfer"), .text("Douglas"),
                    .text("Adams"), TestDatabase.calendarDay(7).sqlValue,
                ]
            )
            #expect(try await Edition.objects.get(key).id == edition.id)
            // All that the keys need comes with the rows.
            let (keys, log) = try await Database.capturingQueries {
                try await Novel.objects.naturalKeys()
            }
            #expect(log.count == 1)
            let expected: Set = [
                Novel.naturalKey("Mostly Harmless", Novelist.naturalKey("Douglas", "Adams"), nil),
                Novel.naturalKey("Mostly Harmless", Novelist.naturalKey("Jules", "Verne"), nil),
                Novel.naturalKey(
                    "And Another Thing",
                    Novelist.naturalKey("Eoin", "Colfer"),
                    Novelist.naturalKey("Douglas", "Adams")
                ),
            ]
            #expect(Set(keys.values) == expected)
        }
    }

    @Test(arguments: TestBackend.installed)
    func findsManyRowsAtOnce(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let verne = Novelist.naturalKey("Jules", "Verne")
            let nobody = Novelist.naturalKey("No", "Body")
            let (found, log) = try await Database.capturingQueries {
                try await Novelist.objects.inBulk([verne, nobody, verne])
            }
            #expect(log.count == 1)
            #expect(found.count == 1)
            #expect(found[verne]?.lastName == "Verne")
            let keys = [Novel.naturalKey("Mostly Harmless", verne, nil)]
            #expect(try await Novel.objects.inBulk(keys)[keys[0]]?.name == "Mostly Harmless")
            let many = (0..<450).map { Novelist.naturalKey("\($0)", "x") }
            let (none, batches) = try await Database.capturingQueries {
                try await Novelist.objects.inBulk(many)
            }
            #expect(none.isEmpty)
            #expect(batches.count == 3)
        }
    }

    /// As fixtures refer to rows.
    @Test(arguments: TestBackend.installed)
    func readsKeysOfFiles(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let texts: [SQLValue] = [
                .text("And Another Thing"), .text("Eoin"), .text("Colfer"), .text("Douglas"),
                .text("Adams"), .text("2026-01-07"),
            ]
            let key = try NaturalKeyValue<Edition>(texts)
            #expect(try await Edition.objects.get(key).id.isSaved)
            #expect(throws: FieldError.self) { try NaturalKeyValue<Edition>([.text("x")]) }
            #expect(throws: FieldError.invalidValue(field: "printed", expected: "DateField")) {
                try NaturalKeyValue<Edition>(texts.dropLast() + [.text("today")])
            }
            // Of a model that is known by its label only.
            let type = ModelRegistry.model(labelled: "natural.novelist")
            let keyed = try #require(type as? any NaturallyKeyed.Type)
            #expect(
                try await Self.name(keyed, [.text("Jules"), .text("Verne")]) == "natural.novelist 2"
            )
            #expect(
                Novel.naturalKeyDependencies.map { $0.label } == [
                    "natural.novelist", "natural.novelist",
                ]
            )
        }
    }

    private static func name<M: NaturallyKeyed>(
        _ type: M.Type,
        _ values: [SQLValue]
    ) async throws -> String? {
        try await M.objects.get(try NaturalKeyValue<M>(values)).contextIdentity
    }

    @Test(arguments: TestBackend.installed)
    func takesTheKeyOfTheSameRow(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            var verne = Novelist(firstName: "Jules", lastName: "Verne", born: 1828)
            #expect(try await verne.adoptKey())
            try await verne.save()
            #expect(try await Novelist.byNaturalKey("Jules", "Verne").born == 1828)
            #expect(try await Novelist.objects.count() == 3)
            var new = Novelist(firstName: "Mary", lastName: "Shelley")
            #expect(try await new.adoptKey() == false)
            #expect(!new.id.isSaved)
            #expect(try await verne.adoptKey() == false)
        }
    }

    @Test func refusesRowsThatWereNotSaved() async throws {
        try await Self.database(.sqlite).use {
            // A foreign key to a row with a natural key stands for that, saved or not.
            let adams = Novelist(firstName: "Douglas", lastName: "Adams")
            let novel = Novel(name: "Mostly Harmless", author: adams.asReference)
            let own = Novel.naturalKey(
                "Mostly Harmless",
                Novelist.naturalKey("Douglas", "Adams"),
                nil
            )
            let found = try await novel.naturalKey()
            #expect(found == own)
            let key = Bookmark.naturalKey(Page(number: 1).asReference)
            await #expect(throws: FieldError.unsavedValue(model: "natural.page")) {
                try await Bookmark.objects.get(key)
            }
        }
    }

    @Test func checksDeclarations() {
        let good = ModelRegistry.check([Novelist.self, Novel.self, Edition.self])
        #expect(good.filter { $0.id.hasSuffix("101") }.isEmpty)
        let vague = ModelRegistry.check([Bookmark.self]).filter { $0.id.hasSuffix("101") }
        #expect(
            vague.map(\.message) == ["Several rows may have the same natural key: page."]
        )
        #expect(vague.map(\.id) == ["models.W101"])
        let bad = ModelRegistry.check([Folder.self, Leaf.self]).filter { $0.id.hasSuffix("101") }
        #expect(bad.map(\.id) == ["models.E101", "models.E101"])
        #expect(
            bad.map(\.message) == [
                """
                The natural key of Folder leads back to itself; leave out the foreign key, or let \
                it lead to a model whose key does not.
                """,
                "The natural key of Leaf names a property that is no field.",
            ]
        )
    }
}
