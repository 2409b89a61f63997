import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

/// A tag on a row of any model.
@Model(app: "zoo", ordering: ["id"])
struct Tag {
    @Field(maxLength: 20) var name = ""
    @ForeignKey(onDelete: .cascade) var contentType: ContentType.Reference
    var objectID: Int
    @GenericForeignKey(\Tag.contentType, \Tag.objectID) var object: GenericObject<Tag>
}

extension Tag {
    init(_ name: String) {
        self.init(name: name, contentType: ContentType.Reference(0), objectID: 0)
    }
}

/// A remark on a row of any model, whose key it holds as text, or on none.
@Model(app: "zoo", ordering: ["id"])
struct Remark {
    var text = ""
    @ForeignKey(onDelete: .cascade) var kind: ContentType.Reference?
    @Field(maxLength: 40) var key: String?

    static let subject = GenericForeignKey(\Remark.kind, \Remark.key)
}

/// What was seen of any model, or of none.
@Model(app: "zoo", ordering: ["id"])
struct Sighting {
    @ForeignKey(onDelete: .cascade) var kind: ContentType.Reference?
    @Field(maxLength: 40) var key: String?
    @GenericForeignKey(\Sighting.kind, \Sighting.key) var subject: GenericObject<Sighting>
}

@Model(app: "zoo", ordering: ["name"])
struct Animal {
    @Field(maxLength: 20) var name = ""
}

@Model(app: "zoo", key: UUID.self)
struct Mineral {
    @Field(maxLength: 20) var name = ""
}

extension Animal: GenericRelationOwner {
    static let tags = GenericRelation<Animal, Tag>(Tag.object)
    static let remarks = GenericRelation<Animal, Remark>(Remark.subject)
    static var genericRelations: [any GenericRelationLink] { [tags, remarks] }
}

/// Rows that refer to rows of any model.
@Suite(.timeLimit(.minutes(2)))
struct GenericRelationTests {
    private static func database(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        ModelRegistry.register([
            ContentType.self, Tag.self, Remark.self, Sighting.self, Animal.self, Mineral.self,
        ])
        let state = MigrationState([
            ContentType.schema, Tag.schema, Remark.schema, Sighting.schema, Animal.schema,
            Mineral.schema,
        ])
        var editor = try SchemaEditor(database)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        return database
    }

    @Test(arguments: TestBackend.available)
    func keepsAContentTypeForEachModel(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let animal = try await ContentType.of(Animal.self)
            #expect(animal.modelLabel == "zoo.animal")
            #expect(animal.modelType == Animal.self)
            let (again, log) = try await Database.capturingQueries {
                try await ContentType.of(Animal.self)
            }
            #expect(again.id == animal.id)
            #expect(log.count == 0)
            #expect(try await ContentType.of(Mineral.self).id != animal.id)
            #expect(try await ContentType.objects.count() == 2)
            try ContentType.forgetKnown()
            #expect(try await ContentType.of(Animal.self).id == animal.id)
            #expect(ContentType(appLabel: "zoo", model: "gone").modelType == nil)
            // What a transaction takes back is not remembered.
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                try await Database.current.atomic {
                    _ = try await ContentType.of(Tag.self)
                    throw Stop()
                }
            }
            let tag = try await ContentType.of(Tag.self)
            #expect(try await ContentType.objects.filter { $0.id == tag.id }.count() == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func followsReferences(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let animals = try await Animal.objects.bulkCreate([
                Animal(name: "lion"), Animal(name: "platypus"),
            ])
            let quartz = try await Mineral.objects.bulkCreate([Mineral(name: "quartz")])[0]
            var tag = Tag("furry")
            try await Tag.object.point(&tag, to: animals[0])
            try await tag.save()
            #expect(try await Tag.object.object(of: tag, as: Animal.self)?.name == "lion")
            #expect(try await Tag.object.object(of: tag, as: Mineral.self) == nil)
            var remarks = [
                Remark(text: "a"), Remark(text: "b"), Remark(text: "c"), Remark(text: "d"),
            ]
            try await Remark.subject.point(&remarks[0], to: animals[1])
            try await Remark.subject.point(&remarks[1], to: quartz)
            try await Remark.subject.point(&remarks[2], to: animals[0])
            #expect(remarks[1].key == quartz.id.value?.uuidString.lowercased())
            for index in remarks.indices { try await remarks[index].save() }
            let all = try await Remark.objects.all()
            let (rows, log) = try await Database.capturingQueries {
                try await Remark.subject.objects(of: all)
            }
            // The animals, the minerals; the content types are known.
            #expect(log.count == 2)
            #expect((rows[0] as? Animal)?.name == "platypus")
            #expect((rows[1] as? Mineral)?.name == "quartz")
            #expect((rows[2] as? Animal)?.name == "lion")
            #expect(rows[3] == nil)
            let some = try await Remark.subject.objects(
                of: all,
                from: [GenericRows(Animal.objects.filter { $0.name == "lion" })]
            )
            #expect(some.map { $0 == nil } == [true, false, false, true])
            try await Remark.subject.point(&remarks[0], to: nil)
            #expect(remarks[0].kind == nil && remarks[0].key == nil)
        }
    }

    /// A lion, a quartz, a tag of the lion, a platypus, nothing, and what is gone.
    private static func sightings() async throws {
        let animals = try await Animal.objects.bulkCreate([
            Animal(name: "lion"), Animal(name: "platypus"), Animal(name: "dodo"),
        ])
        let quartz = try await Mineral.objects.bulkCreate([Mineral(name: "quartz")])[0]
        let tag = try await Animal.tags.add(Tag("furry"), to: animals[0])[0]
        let seen: [(any Model)?] = [animals[0], quartz, tag, animals[1], nil, animals[2]]
        for object in seen {
            var sighting = Sighting()
            try await Sighting.subject.point(&sighting, to: object)
            try await sighting.save()
        }
        try await Animal.objects.filter { $0.name == "dodo" }.delete()
    }

    private static func name(_ row: (any Model)?) -> String? {
        (row as? Animal)?.name ?? (row as? Mineral)?.name ?? (row as? Tag)?.name
    }

    @Test(arguments: TestBackend.installed)
    func prefetchesWithOneQueryForEachModel(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            try await Self.sightings()
            let (rows, log) = try await Database.capturingQueries {
                try await Sighting.objects.prefetch(\.subject).all()
            }
            // The sightings, the animals, the minerals, the tags.
            #expect(log.count == 4)
            #expect(
                rows.map { Self.name($0.subject.loaded) } == [
                    "lion", "quartz", "furry", "platypus", nil, nil,
                ]
            )
            #expect(rows.map(\.subject.isLoaded) == [true, true, true, true, true, true])
            let (lion, later) = try await Database.capturingQueries {
                _ = try await rows[5].subject.find()
                return try await rows[0].subject.find(as: Animal.self)
            }
            #expect(later.count == 0)
            #expect(lion?.name == "lion")
            // Content types that are not known take one query in all.
            try ContentType.forgetKnown()
            let (_, cold) = try await Database.capturingQueries {
                try await Sighting.objects.prefetch(\.subject).all()
            }
            #expect(cold.count == 5)
            // None for rows that refer to nothing, or where there are none.
            let (_, few) = try await Database.capturingQueries {
                _ = try await Sighting.objects.filter { $0.kind.isNull }.prefetch(\.subject).all()
                _ = try await Sighting.objects.filter { $0.key == "x" }.prefetch(\.subject).all()
            }
            #expect(few.count == 2)
        }
    }

    @Test(arguments: TestBackend.installed)
    func prefetchesWhatQuerySetsFind(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            try await Self.sightings()
            let animals = Animal.objects.filter { $0.name == "platypus" }
            let tags = Tag.objects.prefetch(\.object)
            let (rows, log) = try await Database.capturingQueries {
                try await Sighting.objects
                    .prefetch(\.subject, GenericRows(animals), GenericRows(tags)).all()
            }
            // The sightings, the animals, the minerals, the tags, and what these are of.
            #expect(log.count == 5)
            #expect(
                rows.map { Self.name($0.subject.loaded) } == [
                    nil, "quartz", "furry", "platypus", nil, nil,
                ]
            )
            let tag = rows[2].subject.loaded as? Tag
            #expect(Self.name(tag?.object.loaded) == "lion")
            // Beside annotations, in parts, and for rows that are there already.
            let numbered = try await Sighting.objects.prefetch(\.subject).annotate { $0.key.length }
                .all()
            #expect(numbered.map { Self.name($0.0.subject.loaded) }[1] == "quartz")
            var names: [String?] = []
            for try await row in try Sighting.objects.prefetch(\.subject).iterator(chunkSize: 2) {
                names.append(Self.name(row.subject.loaded))
            }
            #expect(names == ["lion", "quartz", "furry", "platypus", nil, nil])
            var plain = try await Sighting.objects.all()
            #expect(plain.allSatisfy { !$0.subject.isLoaded })
            try await plain.prefetch { $0.prefetch(\.subject) }
            #expect(Self.name(plain[0].subject.loaded) == "lion")
        }
    }

    @Test func forgetsRowsThatAreNoLongerReferredTo() async throws {
        try await Self.database(.sqlite).use {
            try await Self.sightings()
            let rows = try await Sighting.objects.prefetch(\.subject).all()
            var row = rows[0]
            row.key = rows[3].key
            #expect(!row.subject.isLoaded)
            #expect(Self.name(try await row.subject.find()) == "platypus")
            // A row that one was pointed at is kept, also before either is saved again.
            try await Sighting.subject.point(&row, to: rows[1].subject.loaded)
            #expect(Self.name(row.subject.loaded) == "quartz")
            guard case .object(let object) = row.subject.contextValue else {
                Issue.record("Templates see the row")
                return
            }
            #expect((object as? Mineral)?.name == "quartz")
            try await Sighting.subject.point(&row, to: nil)
            #expect(row.subject.isLoaded && row.subject.loaded == nil)
            #expect(row.contextMember("subject") != nil)
        }
    }

    @Test(arguments: TestBackend.available)
    func findsTheWayBack(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let animals = try await Animal.objects.bulkCreate([
                Animal(name: "lion"), Animal(name: "platypus"), Animal(name: "snail"),
            ])
            try await Animal.tags.add(Tag("furry"), Tag("fat"), to: animals[0])
            try await Animal.tags.add(Tag("furry"), to: animals[1])
            try await Animal.remarks.add(Remark(text: "roars"), to: animals[0])
            let (names, log) = try await Database.capturingQueries {
                try await Animal.tags.of(animals[0]).all().map(\.name)
            }
            #expect(names == ["furry", "fat"])
            #expect(doubleQuoted(log.texts[0]).contains(#""content_type_id" = "#))
            #expect(try await Animal.tags.of(animals[0]).filter { $0.name == "fat" }.count() == 1)
            let each = try await Animal.tags.prefetch(animals)
            #expect(each.map { $0.map(\.name) } == [["furry", "fat"], ["furry"], []])
            let remarks = try await Animal.remarks.prefetch(animals)
            #expect(remarks.map(\.count) == [1, 0, 0])
            let furry = try await Animal.objects.filter { _ in
                Animal.tags.contains { $0.name == "furry" }
            }.all()
            #expect(furry.map(\.name) == ["lion", "platypus"])
            let loud = try await Animal.objects.filter { _ in
                Animal.remarks.contains { $0.text == "roars" }
            }.all()
            #expect(loud.map(\.name) == ["lion"])
            let fat = try await Animal.tags.of(animals[0]).filter { $0.name == "fat" }.get()
            try await Animal.tags.remove([fat], from: animals[1])
            #expect(try await Animal.tags.of(animals[0]).count() == 2)
            try await Animal.tags.set([fat, Tag("tall")], of: animals[0])
            #expect(try await Animal.tags.of(animals[0]).all().map(\.name) == ["fat", "tall"])
            try await Animal.tags.clear(animals[0])
            #expect(try await Tag.objects.count() == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func deletesRowsThatReferToDeletedOnes(_ backend: TestBackend) async throws {
        try await Self.database(backend).use {
            let animals = try await Animal.objects.bulkCreate([
                Animal(name: "lion"), Animal(name: "platypus"),
            ])
            let quartz = try await Mineral.objects.bulkCreate([Mineral(name: "quartz")])[0]
            try await Animal.tags.add(Tag("furry"), Tag("fat"), to: animals[0])
            try await Animal.tags.add(Tag("furry"), to: animals[1])
            try await Animal.remarks.add(Remark(text: "roars"), to: animals[0])
            var remark = Remark(text: "shines")
            try await Remark.subject.point(&remark, to: quartz)
            try await remark.save()
            let deletion = try await Animal.objects.filter { $0.name == "lion" }.delete()
            #expect(deletion.counts == ["zoo.Animal": 1, "zoo.Tag": 2, "zoo.Remark": 1])
            #expect(try await Tag.objects.count() == 1)
            #expect(try await Remark.objects.count() == 1)
        }
    }

    @Test func refusesRowsThatWereNotSaved() async throws {
        try await Self.database(.sqlite).use {
            var tag = Tag("x")
            await #expect(throws: FieldError.self) {
                try await Tag.object.point(&tag, to: Animal(name: "new"))
            }
            await #expect(throws: FieldError.self) { try await Animal.tags.of(Animal(name: "new")) }
            // A key that the field cannot hold.
            let quartz = try await Mineral.objects.bulkCreate([Mineral(name: "quartz")])[0]
            await #expect(throws: FieldError.self) { try await Tag.object.point(&tag, to: quartz) }
        }
    }

    @Test func migratesAsDjangoDoes() async throws {
        let app = ContentTypesApp()
        #expect(app.migrations.map(\.name) == ["0001_initial", "0002_remove_content_type_name"])
        var state = MigrationState()
        for migration in app.migrations { try migration.mutate(&state) }
        #expect(
            try state.model("contenttypes.contenttype")
                == MigrationState([ContentType.schema]).model("contenttypes.contenttype")
        )
    }
}
