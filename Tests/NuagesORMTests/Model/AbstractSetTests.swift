import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Model(app: "sets")
struct Topic {
    @Field(maxLength: 20, unique: true) var name: String
    @Reverse(\Essay.topics) var essays: RelatedSet<Essay>
}

@AbstractModel
struct Linked {
    @ManyToMany(relatedName: "linked_%(class)s") var links: InheritedSet<Topic>
}

@AbstractModel @dynamicMemberLookup
struct Themed {
    @Inherited var linked: Linked
    var note = ""
    @ManyToMany(relatedName: "%(class)s_set") var topics: InheritedSet<Topic>
}

@Model(app: "sets") @dynamicMemberLookup
struct Essay {
    @Inherited var themed: Themed
    @Field(maxLength: 20) var title: String
}

@Model(app: "sets") @dynamicMemberLookup
struct Ballad {
    var seconds: Int
    @Inherited var themed: Themed
}

@AbstractModel(orderWithRespectTo: "topic")
struct Sequential {
    @ForeignKey(onDelete: .cascade, relatedName: "%(class)s_set") var topic: Topic.Reference
}

@Model(app: "sets") @dynamicMemberLookup
struct Chapter {
    @Inherited var sequential: Sequential
    @Field(maxLength: 20) var title: String
}

@AbstractModel(
    baseManagerName: "reachable",
    defaultManagerName: "shown"
)
struct Hideable {
    var isHidden = false
    var isLost = false

    static func shown<M: Model>(_ rows: QuerySet<M>) -> QuerySet<M> {
        rows.exclude(Hideable.self) { $0.isHidden }
    }

    static func reachable<M: Model>(_ rows: QuerySet<M>) -> QuerySet<M> {
        rows.filter(Hideable.self) { !$0.isLost }
    }
}

@Model(app: "sets") @dynamicMemberLookup
struct Shelf {
    @Inherited var hideable: Hideable
    @Field(maxLength: 20) var name: String
    @Reverse(\Scroll.shelf) var scrolls: RelatedSet<Scroll>
}

@Model(app: "sets") @dynamicMemberLookup
struct Scroll {
    @Inherited var hideable: Hideable
    @ForeignKey(onDelete: .cascade) var shelf: Shelf.Reference
}

@Suite("Relations, orders and managers of abstract models")
struct AbstractSetTests {
    @Test("Each model has a table in between of its own")
    func tables() {
        let essay = Essay.schema.fields.filter { $0.type == .manyToManyField }
        #expect(essay.map(\.name) == ["links", "topics"])
        #expect(essay.map { $0.relation?.relatedName } == ["linked_%(class)s", "%(class)s_set"])
        #expect(Essay.schema.fields.map(\.name) == ["id", "note", "title", "links", "topics"])
        #expect(Ballad.schema.fields.map(\.name) == ["id", "seconds", "note", "links", "topics"])
    }

    @Test("The sets are those of the model's rows", arguments: TestBackend.available)
    func sets(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(Topic.self, Essay.self, Ballad.self)
        try await database.use { () async throws in
            let (sea, sky) = (
                try await Topic.objects.create(Topic(name: "sea")),
                try await Topic.objects.create(Topic(name: "sky"))
            )
            let essay = try await Essay.objects.create(
                Essay(themed: Themed(linked: Linked()), title: "E")
            )
            let other = try await Essay.objects.create(
                Essay(themed: Themed(linked: Linked()), title: "F")
            )
            let ballad = try await Ballad.objects.create(
                Ballad(seconds: 3, themed: Themed(linked: Linked()))
            )
            try await essay.topics.add(sea, sky)
            try await other.topics.add(sky)
            try await ballad.topics.set([sky])
            try await ballad.links.add(sea)
            #expect(
                try await essay.topics.objects.order(by: "id").all().map(\.name) == ["sea", "sky"]
            )
            #expect(try await ballad.topics.all().map(\.name) == ["sky"])
            #expect(try await ballad.links.all().map(\.name) == ["sea"])
            #expect(try await essay.links.count() == 0)
            #expect(
                try await Essay.objects.filter { $0.topics.name == "sea" }.all().map(\.title) == [
                    "E"
                ]
            )
            #expect(try await Ballad.objects.filter { $0.links.name == "sea" }.count() == 1)
            #expect(
                try await Topic.objects.filter(lookups: ["linked_ballad__seconds": 3]).count() == 1
            )
            #expect(try await sky.essays.objects.order(by: "id").all().map(\.title) == ["E", "F"])
            try await essay.topics.remove(sea)
            #expect(try await sea.essays.count() == 0)
        }
    }

    @Test("They are prefetched by the name that a program writes", arguments: TestBackend.available)
    func prefetches(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(Topic.self, Essay.self, Ballad.self)
        try await database.use { () async throws in
            let topic = try await Topic.objects.create(Topic(name: "sea"))
            for title in ["E", "F"] {
                let essay = try await Essay.objects.create(
                    Essay(themed: Themed(linked: Linked()), title: title)
                )
                try await essay.topics.add(topic)
                try await essay.links.add(topic)
            }
            let (_, fetched) = try await Database.capturingQueries {
                let essays = try await Essay.objects.prefetch(\.topics).prefetch(\.links)
                    .order(by: "id").all()
                for essay in essays {
                    #expect(try await essay.topics.all().map(\.name) == ["sea"])
                    #expect(try await essay.links.all().map(\.name) == ["sea"])
                }
                #expect(essays.count == 2)
            }
            #expect(fetched.count == 3)
            let (_, back) = try await Database.capturingQueries {
                let topics = try await Topic.objects.prefetch(\.essays).all()
                #expect(try await topics[0].essays.all().map(\.title).sorted() == ["E", "F"])
            }
            #expect(back.count == 2)
            let row = try await Essay.objects.prefetch(\.topics).first()
            guard case .object(let set)? = try #require(row).contextMember("topics") else {
                Issue.record("A template does not see the set.")
                return
            }
            guard case .array(let items)? = set.contextMember("all") else {
                Issue.record("A template does not see the rows.")
                return
            }
            #expect(items.count == 1)
        }
    }

    @Test(
        "Rows have an order within the foreign key of an abstract model",
        arguments: TestBackend.available
    )
    func ordersRows(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(Topic.self, Chapter.self)
        #expect(Chapter.schema.orderWithRespectTo == "topic")
        try await database.use { () async throws in
            let topic = try await Topic.objects.create(Topic(name: "sea"))
            for title in ["a", "b", "c"] {
                try await Chapter.objects.create(
                    Chapter(sequential: Sequential(topic: topic), title: title)
                )
            }
            var chapters = try await Chapter.objects.all()
            #expect(chapters.map(\.title) == ["a", "b", "c"])
            #expect(chapters.map(\._order) == [0, 1, 2])
            #expect(try await chapters[0].nextInOrder().title == "b")
            chapters[0].title = "x"
            try await chapters[0].save()
            #expect(try await Chapter.objects.filter { $0._order > 0 }.count() == 2)
            #expect(try await Chapter.objects.order { $0._order.descending }.first()?.title == "c")
            let joined = try await Chapter.objects.selectRelated { $0.topic }.get(2)
            #expect(joined._order == 1 && joined.topic.loaded?.name == "sea")
        }
    }

    @Test("An abstract model names the managers of its models")
    func managers() async throws {
        let database = try await TestBackend.sqlite.open()
        try await database.makeTables(Shelf.self, Scroll.self)
        try await database.use { () async throws in
            let shelf = try await Shelf.objects.create(
                Shelf(hideable: Hideable(isHidden: true), name: "A")
            )
            let lost = try await Shelf.objects.create(
                Shelf(hideable: Hideable(isLost: true), name: "B")
            )
            for isHidden in [true, false] {
                try await Scroll.objects.create(
                    Scroll(hideable: Hideable(isHidden: isHidden), shelf: shelf)
                )
            }
            try await Scroll.objects.create(Scroll(hideable: Hideable(), shelf: lost))
            #expect(try await shelf.scrolls.count() == 1)
            #expect(try await Scroll.objects.count() == 3)
            #expect(try await Shelf.defaultManager.all().map(\.name) == ["B"])
            #expect(try await Shelf.baseManager.all().map(\.name) == ["A"])
            #expect(Shelf.schema.defaultManagerName == "shown")
            var unreachable = lost
            await #expect(throws: ModelError.self) { try await unreachable.refresh() }
        }
    }
}
