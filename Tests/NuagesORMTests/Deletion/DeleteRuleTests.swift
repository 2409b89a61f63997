import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Model(app: "rules", ordering: ["id"])
struct Owner {
    @Field(maxLength: 20) var name: String
}

@Model(app: "rules")
struct CascadingPet {
    @ForeignKey(onDelete: .cascade) var owner: Owner.Reference?
}

@Model(app: "rules")
struct ProtectingPet {
    @ForeignKey(onDelete: .protect) var owner: Owner.Reference?
}

@Model(app: "rules")
struct RestrictingPet {
    @ForeignKey(onDelete: .restrict) var owner: Owner.Reference?
}

@Model(app: "rules")
struct NullPet {
    @ForeignKey(onDelete: .setNull) var owner: Owner.Reference?
}

@Model(app: "rules")
struct DefaultPet {
    @ForeignKey(onDelete: .setDefault, default: .int(1)) var owner: Owner.Reference?
}

@Model(app: "rules")
struct ValuePet {
    @ForeignKey(onDelete: .setValue, deleteValue: .int(1)) var owner: Owner.Reference?
}

@Model(app: "rules")
struct LoosePet {
    @ForeignKey(onDelete: .doNothing, isEnforced: false) var owner: Owner.Reference?
}

@Model(app: "rules")
struct TiedPet {
    @ForeignKey(onDelete: .doNothing) var owner: Owner.Reference?
}

@Model(app: "rules")
struct DatabaseCascadingPet {
    @ForeignKey(onDelete: .databaseCascade) var owner: Owner.Reference?
}

@Model(app: "rules")
struct DatabaseNullPet {
    @ForeignKey(onDelete: .databaseSetNull) var owner: Owner.Reference?
}

@Model(app: "rules")
struct Keeper {
    @Field(maxLength: 20) var name: String
}

@Model(app: "rules")
struct DatabaseDefaultPet {
    @ForeignKey(onDelete: .databaseSetDefault, databaseDefault: .int(1))
    var keeper: Keeper.Reference
}

@Model(app: "rules")
struct Album {
    @ForeignKey(onDelete: .cascade) var owner: Owner.Reference
}

@Model(app: "rules")
struct Song {
    @ForeignKey(onDelete: .cascade) var owner: Owner.Reference
    @ForeignKey(onDelete: .restrict) var album: Album.Reference
}

/// What becomes of a row whose owner is deleted.
enum Fate: Sendable {
    /// It goes too.
    case goes
    /// Its reference is this.
    case refers(SQLValue)
    /// The deletion is refused.
    case refused(ModelError)
    /// The database refuses the deletion.
    case violates

    var isRefusal: Bool {
        switch self {
        case .refused, .violates: true
        case .goes, .refers: false
        }
    }
}

@Suite("What happens to rows when what they refer to is deleted", .timeLimit(.minutes(3)))
struct DeleteRuleTests {
    static let rules: [(any Model.Type, Fate)] = [
        (CascadingPet.self, .goes),
        (ProtectingPet.self, .refused(.protected(model: "Owner", by: ["ProtectingPet.owner"]))),
        (RestrictingPet.self, .refused(.restricted(model: "Owner", by: ["RestrictingPet.owner"]))),
        (NullPet.self, .refers(.null)), (DefaultPet.self, .refers(.int(1))),
        (ValuePet.self, .refers(.int(1))), (LoosePet.self, .refers(.int(2))),
        (TiedPet.self, .violates), (DatabaseCascadingPet.self, .goes),
        (DatabaseNullPet.self, .refers(.null)),
    ]

    private func empty(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(
            Owner.self,
            CascadingPet.self,
            ProtectingPet.self,
            RestrictingPet.self,
            NullPet.self,
            DefaultPet.self,
            ValuePet.self,
            LoosePet.self,
            TiedPet.self,
            DatabaseCascadingPet.self,
            DatabaseNullPet.self,
            Album.self,
            Song.self
        )
        try await database.use { () async throws in
            for (id, name) in [(1, "Nobody"), (2, "Ann"), (3, "Bob")] {
                var owner = Owner(id: PrimaryKey(id), name: name)
                try await owner.save(forcing: .insert)
            }
        }
        return database
    }

    @Test(arguments: TestBackend.installed, rules.indices)
    func followsTheRule(_ backend: TestBackend, _ index: Int) async throws {
        let (pet, fate) = Self.rules[index]
        let database = try await empty(backend)
        try await database.use { () async throws in
            let label = pet.schema.label
            for owner in [2, 3] {
                var row = try DynamicRow(new: label, [("owner_id", .value(.int(owner)))])
                try await row.save()
            }
            let owner = try await Owner.objects.get(2)
            switch fate {
            case .refused(let error):
                await #expect(throws: error, "\(label)") { try await owner.delete() }
            case .violates:
                await #expect(throws: DatabaseError.self, "\(label)") {
                    try await owner.delete()
                }
            case .goes, .refers: try await owner.delete()
            }
            let found = try await DynamicQuery(pet).order(by: "id").rows().map { $0["owner_id"] }
            switch fate {
            case .goes: #expect(found == [.int(3)], "\(label)")
            case .refers(let value): #expect(found == [value, .int(3)], "\(label)")
            case .refused, .violates: #expect(found == [.int(2), .int(3)], "\(label)")
            }
            #expect(try await Owner.objects.count() == (fate.isRefusal ? 3 : 2), "\(label)")
        }
        await database.close()
    }

    @Test(
        "The database sets references to their default, where it can",
        arguments: TestBackend.installed
    )
    func databaseDefault(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        defer { Task { await database.close() } }
        #expect(database.features.supportsSetDefaultOnDelete == (backend != .mysql))
        guard database.features.supportsSetDefaultOnDelete else { return }
        try await database.makeTables(Keeper.self, DatabaseDefaultPet.self)
        try await database.use { () async throws in
            for (id, name) in [(1, "Nobody"), (2, "Ann")] {
                var keeper = Keeper(id: PrimaryKey(id), name: name)
                try await keeper.save(forcing: .insert)
            }
            var row = try DynamicRow(
                new: "rules.databasedefaultpet",
                [("keeper_id", .value(.int(2)))]
            )
            try await row.save()
            try await Keeper.objects.get(2).delete()
            let found = try await DynamicQuery(DatabaseDefaultPet.self).get()
            #expect(found["keeper_id"] == .int(1))
        }
    }

    @Test(
        "A restricted row may go where it goes for another reason",
        arguments: TestBackend.installed
    )
    func restrictedRowsMayGo(_ backend: TestBackend) async throws {
        let database = try await empty(backend)
        try await database.use { () async throws in
            let owner = try await Owner.objects.get(2)
            let album = try await Album.objects.create(Album(owner: owner))
            try await Song.objects.create(Song(owner: owner, album: album))
            await #expect(throws: ModelError.restricted(model: "Album", by: ["Song.album"])) {
                try await album.delete()
            }
            #expect(try await owner.delete().total == 3)
            #expect(try await Song.objects.count() == 0)
        }
        await database.close()
    }
}
