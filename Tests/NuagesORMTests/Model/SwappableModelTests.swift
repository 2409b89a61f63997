import DatabaseTestSupport
import Foundation
import NuagesCore
import Testing

@testable import NuagesORM

/// Of a package.
@Model(app: "swaps", swappable: "SWAPS_PERSON_MODEL")
struct Individual {
    var name = ""
}

@Model(app: "swaps", swappable: "SWAPS_PLACE_MODEL")
struct Spot {
    var name = ""
}

@Model(app: "swaps")
struct Entry {
    @ForeignKey(onDelete: .cascade) var person: Individual.SwappableReference
    @ForeignKey(onDelete: .setNull) var editor: SwappableReference<Individual>?
    @ForeignKey(onDelete: .cascade) var spot: Spot.SwappableReference
    var message = ""
}

/// Of a site.
@Model(app: "clubs", key: UUID.self)
struct Member {
    var email = ""
}

@Model(app: "clubs")
struct Badge {
    @ForeignKey(onDelete: .cascade) var person: Individual.Reference
}

@Suite("Models that a site puts in place of others", .serialized)
struct SwappableModelTests {
    /// Before the models are used.
    private static let isReady: Bool = {
        SwappableModels.add(["SWAPS_PERSON_MODEL": "clubs.Member"])
        ModelRegistry.register([Individual.self, Spot.self, Entry.self, Member.self, Badge.self])
        return true
    }()

    private func opened(_ backend: TestBackend) async throws -> Database {
        #expect(Self.isReady)
        let database = try await backend.open()
        try await database.makeTables(Member.self, Spot.self, Entry.self)
        return database
    }

    @Test("A reference leads to the model that is in place", arguments: TestBackend.available)
    func references(_ backend: TestBackend) async throws {
        let database = try await opened(backend)
        try await database.use { () async throws in
            let ada = try await Member.objects.create(
                Member(id: Member.ID(UUID()), email: "ada@example.org")
            )
            let bob = try await Member.objects.create(
                Member(id: Member.ID(UUID()), email: "bob@example.org")
            )
            let spot = try await Spot.objects.create(Spot(name: "hall"))
            var entry = try await Entry.objects.create(
                Entry(person: .init(ada), editor: .init(bob), spot: .init(spot.id), message: "x")
            )
            try await Entry.objects.create(Entry(person: .init(bob), spot: .init(spot)))
            entry = try await Entry.objects.get(entry.id)
            #expect(try await entry.person.get(Member.self).email == "ada@example.org")
            #expect(try await (entry.editor?.get() as? Member)?.id == bob.id)
            #expect(try await entry.spot.get(Spot.self).name == "hall")
            #expect(try entry.person.id(of: Member.self) == ada.id)
            let person = entry.person
            #expect(try await Entry.objects.filter { $0.person == person }.count() == 1)
            #expect(try await Entry.objects.filter { $0.editor == nil }.count() == 1)
            #expect(
                try await Entry.objects.filter(lookups: ["person__email__startswith": "bob"])
                    .count() == 1
            )
            let shown = entry.contextMember("person_id").map { "\($0)" }
            #expect(shown?.contains(try ada.id.saved().uuidString) == true)
            try await ada.delete()
            #expect(try await Entry.objects.count() == 1)
            try await bob.delete()
            #expect(try await Entry.objects.count() == 0)
        }
    }

    @Test("Rows of other models are refused, and those whose place is taken")
    func refuses() async throws {
        let database = try await opened(.sqlite)
        try await database.use { () async throws in
            let wrong = UsageError.wrongModel(found: "swaps.individual", expected: "clubs.member")
            #expect(throws: wrong) { try Individual.SwappableReference(Individual.ID(1)) }
            #expect(throws: ModelError.self) {
                try Individual.SwappableReference(Member(id: .unsaved))
            }
            let error = await #expect(throws: DatabaseError.self) {
                try await Individual.objects.count()
            }
            #expect(
                error
                    == .notSupported(
                        """
                        Rows of swaps.Individual cannot be asked for: SWAPS_PERSON_MODEL puts 'clubs.member' in its \
                        place.
                        """
                    )
            )
        }
    }

    @Test("Migrations make no table of a model whose place is taken, and wait for the other")
    func migrations() async throws {
        #expect(Self.isReady)
        #expect(Individual.schema.swapped == "clubs.member" && Spot.schema.swapped == nil)
        let relation = Entry.schema.fields.first { $0.name == "person" }?.relation
        #expect(
            relation?.target == "clubs.member" && relation?.swappableSetting == "SWAPS_PERSON_MODEL"
        )
        let written = Relation(
            to: "swaps.individual",
            onDelete: .cascade,
            swappableSetting: "SWAPS_PERSON_MODEL"
        )
        #expect(written.target == "clubs.member")
        let models: [any Model.Type] = [Individual.self, Spot.self, Entry.self, Member.self]
        let state = MigrationState(models.map { $0.schema })
        #expect(!(try TableModel("swaps.individual", in: state)).isMigrated)
        let changes = try MigrationAutodetector(from: MigrationState([]), to: state).changes(
            graph: try MigrationLoader([]).graph
        )
        let migration = try #require(changes["swaps"]?.last)
        #expect(
            changes["swaps"]?.flatMap(\.dependencies).contains(.swappable("SWAPS_PERSON_MODEL"))
                == true
        )
        #expect(migration.app == "swaps")
    }

    @Test("Checks tell of settings and references that lead nowhere")
    func checks() {
        #expect(Self.isReady)
        let found = ModelRegistry.check([Badge.self]).filter { $0.id == "fields.E301" }
        #expect(
            found.map(\.message) == [
                "It refers to swaps.Individual, in whose place SWAPS_PERSON_MODEL puts 'clubs.member'."
            ]
        )
        #expect(found.first?.hint == "Make it a Individual.SwappableReference.")
    }

    @Test(
        "Checks tell of settings that name no model",
        arguments: [
            ("nope", "models.E001"), ("clubs.Nobody", "models.E002"), ("clubs.Member", ""),
        ]
    )
    func settings(_ label: String, _ id: String) {
        #expect(Self.isReady)
        SwappableModels.add(["SWAPS_UNUSED_\(label)": label])
        var schema = ModelSchema(app: "swaps", name: "Unused", fields: [])
        schema.swappable = "SWAPS_UNUSED_\(label)"
        let messages = schema.swapMessages
        #expect(messages.map(\.id) == (id.isEmpty ? [] : [id]))
    }
}
