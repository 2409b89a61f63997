import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

/// A model whose rows are marked and not deleted.
protocol SoftDeleting: CustomDeleting {
    var isDeleted: Bool { get set }
}

extension SoftDeleting {
    static var objects: QuerySet<Self> { QuerySet().filter(lookups: ["is_deleted": false]) }

    func delete(_ options: DeleteOptions) async throws -> Deletion {
        var row = self
        row.isDeleted = true
        try await row.saveBase(SaveOptions(fields: ["is_deleted"], using: options.database))
        return Deletion()
    }
}

@Model(app: "managers", ordering: ["id"])
struct Drawer {
    @Field(maxLength: 20) var name: String
    var isHidden = false
    @Reverse(\Memo.drawer) var notes: RelatedSet<Memo>
    @Reverse(\Cover.drawer) var cover: RelatedOne<Cover>

    static var objects: QuerySet<Drawer> { everything.filter { !$0.isHidden } }
    static var everything: QuerySet<Drawer> { QuerySet() }
}

@Model(app: "managers", ordering: ["id"])
struct Memo: SoftDeleting {
    @ForeignKey(onDelete: .cascade) var drawer: Drawer.Reference
    @Field(maxLength: 20, unique: true) var text: String
    var isDeleted = false
    @ManyToMany var labels: RelatedSet<MemoLabel>
}

@Model(app: "managers", ordering: ["id"], defaultManagerName: "shown_labels")
struct MemoLabel {
    @Field(maxLength: 20) var name: String
    var isShown = true
    @Reverse(\Memo.labels) var notes: RelatedSet<Memo>

    static var shownLabels: QuerySet<MemoLabel> { objects.filter { $0.isShown } }
}

@Model(app: "managers")
struct Cover: SoftDeleting {
    @OneToOne(onDelete: .cascade) var drawer: Drawer.Reference
    var isDeleted = false
}

@Model(app: "managers")
struct Archive {
    @Parent var drawer: Drawer
    var year = 2026
}

@Model(app: "managers", proxy: true)
struct OpenDrawer {
    @Parent var drawer: Drawer
}

@Model(app: "managers", baseManagerName: "unlocked")
struct Vault {
    var isLocked = false

    static var unlocked: QuerySet<Vault> { QuerySet().filter { !$0.isLocked } }
}

@Model(app: "managers")
struct Key {
    @ForeignKey(onDelete: .cascade) var vault: Vault.Reference
}

@Model(app: "managers", ordering: ["id"])
struct Sticker: SoftDeleting {
    @ForeignKey(onDelete: .cascade) var kind: ContentType.Reference
    var key: Int
    var isDeleted = false
    @GenericForeignKey(\Sticker.kind, \Sticker.key) var object: GenericObject<Sticker>
}

@Suite("Managers of a model", .timeLimit(.minutes(3)))
struct ManagerTests {
    /// Two drawers, of which one is hidden, each with a note and a deleted one.
    private func filled(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(
            Drawer.self,
            Memo.self,
            MemoLabel.self,
            Cover.self,
            Archive.self,
            OpenDrawer.self,
            Vault.self,
            Key.self
        )
        try await database.use { () async throws in
            for (name, isHidden) in [("open", false), ("hidden", true)] {
                let drawer = try await Drawer.objects.create(
                    Drawer(name: name, isHidden: isHidden)
                )
                try await Cover.objects.create(Cover(drawer: drawer, isDeleted: true))
                for isDeleted in [false, true] {
                    let note = Memo(
                        drawer: drawer,
                        text: "\(name) \(isDeleted)",
                        isDeleted: isDeleted
                    )
                    try await Memo.objects.create(note)
                }
            }
        }
        return database
    }

    @Test("A model shows its rows by its own 'objects'", arguments: TestBackend.installed)
    func objects(_ backend: TestBackend) async throws {
        let database = try await filled(backend)
        let statements = try await sql(database) { () async throws in
            #expect(try await Drawer.objects.all().map(\.name) == ["open"])
            #expect(try await Drawer.everything.count() == 2)
            #expect(try await Memo.objects.filter { $0.drawer.name == "hidden" }.count() == 1)
        }
        guard backend == .sqlite else { return }
        #expect(
            statements == [
                """
                SELECT "managers_drawer"."id", "managers_drawer"."name", \
                "managers_drawer"."is_hidden" FROM "managers_drawer" WHERE NOT \
                "managers_drawer"."is_hidden" ORDER BY "managers_drawer"."id" ASC
                """,
                #"SELECT COUNT(*) AS "__count" FROM "managers_drawer""#,
                """
                SELECT COUNT(*) AS "__count" FROM "managers_memo" INNER JOIN "managers_drawer" ON \
                ("managers_memo"."drawer_id" = "managers_drawer"."id") WHERE (NOT \
                "managers_memo"."is_deleted" AND "managers_drawer"."name" = ?)
                """,
            ]
        )
    }

    @Test(
        "Related sets show the default manager's rows, references lead to all",
        arguments: TestBackend.installed
    )
    func relations(_ backend: TestBackend) async throws {
        let database = try await filled(backend)
        try await database.use { () async throws in
            let hidden = try await Drawer.everything.get(2)
            #expect(try await hidden.notes.all().map(\.text) == ["hidden false"])
            #expect(try await hidden.cover.find()?.isDeleted == true)
            var note = try await hidden.notes.objects.get()
            #expect(try await note.drawer.get().name == "hidden")
            try await note.delete()
            try await note.refresh()
            #expect(note.isDeleted)
            #expect(try await hidden.notes.count() == 0)

            let prefetched = try await Drawer.everything.prefetch(\.notes).prefetch(\.cover).all()
            #expect(prefetched.map { $0.notes.loaded?.map(\.text) } == [["open false"], []])
            #expect(prefetched.allSatisfy { $0.cover.loaded?.count == 1 })
            let notes = try await QuerySet<Memo>().prefetch(\.drawer).all()
            #expect(notes.map { $0.drawer.loaded?.name } == ["open", "open", "hidden", "hidden"])
            let all = try await Drawer.everything.prefetch(\.notes, QuerySet()).all()
            #expect(all.map { $0.notes.loaded?.count } == [2, 2])
            for mode in [FetchMode.one, .peers] {
                let note = try await QuerySet<Memo>().fetchMode(mode).get(4)
                #expect(try await note.drawer.get().name == "hidden")
                let partial = try await QuerySet<Memo>().fetchMode(mode).only { $0.text }.all()[3]
                #expect(try await partial.isDeleted.get())
            }
        }
    }

    @Test("Queries by names begin with the same rows", arguments: TestBackend.installed)
    func namedQueries(_ backend: TestBackend) async throws {
        let database = try await filled(backend)
        try await database.use { () async throws in
            #expect(
                try await DynamicQuery(Drawer.self).rows().map { $0["name"] } == [.text("open")]
            )
            #expect(try await DynamicQuery(named: "managers.drawer").count() == 1)
            let all = try DynamicQuery(named: "managers.drawer", manager: .base)
            let hidden = try await all.filter(.condition("name", "hidden")).get()
            #expect(try await hidden.related("memo_set")?.rows().map { $0["id"] } == [.int(3)])
            #expect(try await hidden.fetched("cover")?["is_deleted"] == .bool(true))
            var note = try #require(try await hidden.related("memo_set")?.first())
            #expect(try await note.fetched("drawer")?["name"] == .text("hidden"))
            let deletion = try await note.delete()
            #expect(deletion.total == 0 && note["id"] == .int(3))
            try await note.refresh()
            #expect(note["is_deleted"] == .bool(true))
            #expect(try await hidden.relation("memo_set").query.count() == 0)
            let loaded = try await all.order(by: "id")
                .prefetch([DynamicPrefetch("memo_set"), DynamicPrefetch("cover")]).rows()
            #expect(loaded.map { $0.rows("memo_set")?.count } == [1, 0])
            #expect(loaded.allSatisfy { ($0.row("cover") ?? nil) != nil })
        }
    }

    @Test("The name of the default manager names a property of the model")
    func defaultManagerName() async throws {
        let database = try await filled(.sqlite)
        try await database.use { () async throws in
            let note = try await Memo.objects.get(1)
            let shown = try await MemoLabel.objects.create(MemoLabel(name: "a"))
            let other = try await MemoLabel.objects.create(MemoLabel(name: "b", isShown: false))
            try await note.labels.add(shown, other)
            #expect(try await MemoLabel.objects.count() == 2)
            #expect(try await note.labels.all().map(\.name) == ["a"])
            #expect(try await DynamicQuery(MemoLabel.self).count() == 1)
            try await note.delete()
            #expect(try await other.notes.count() == 0)
            #expect(try await QuerySet<Memo>().prefetch(\.labels).get(1).labels.loaded?.count == 1)
        }
        #expect(MemoLabel.schema.defaultManagerName == "shown_labels")
    }

    @Test("The base manager is what references are followed by")
    func baseManager() async throws {
        let database = try await filled(.sqlite)
        try await database.use { () async throws in
            var vault = try await Vault.objects.create(Vault(isLocked: true))
            let new = try await Key.objects.create(Key(vault: vault))
            let key = try await Key.objects.get(new.id)
            #expect(try await Vault.objects.count() == 1)
            let missing = ModelError.doesNotExist(model: "Vault")
            await #expect(throws: missing) { try await vault.refresh() }
            await #expect(throws: missing) { try await key.vault.get() }
            // Rows are saved and deleted by their keys all the same.
            vault.isLocked = false
            try await vault.save()
            try await vault.refresh()
            vault.isLocked = true
            try await vault.save()
            #expect(try await vault.delete().total == 2)
        }
    }

    @Test("Children and proxies show what the parent shows")
    func inheritance() async throws {
        let database = try await filled(.sqlite)
        let statements = try await sql(database) { () async throws in
            #expect(try await OpenDrawer.objects.all().map(\.drawer.name) == ["open"])
            for isHidden in [false, true] {
                let drawer = Drawer(name: "\(isHidden)", isHidden: isHidden)
                try await Archive.objects.create(Archive(drawer: drawer))
            }
            #expect(try await Archive.objects.all().map(\.drawer.name) == ["false"])
            #expect(try await Archive.baseManager.count() == 2)
            #expect(try await DynamicQuery(Archive.self).count() == 1)
        }
        #expect(
            statements[0] == """
                SELECT "managers_drawer"."id", "managers_drawer"."name", \
                "managers_drawer"."is_hidden" FROM "managers_drawer" WHERE NOT \
                "managers_drawer"."is_hidden"
                """
        )
    }

    @Test("Unique values are looked for among the default manager's rows, targets among all")
    func validation() async throws {
        let database = try await filled(.sqlite)
        try await database.use { () async throws in
            let hidden = try await Drawer.everything.get(2)
            var note = Memo(drawer: hidden, text: "hidden true")
            try await note.fullClean()
            note.text = "hidden false"
            await #expect(throws: ValidationError.self) { try await note.fullClean() }
            var missing = Memo(drawer: Drawer.ID(9), text: "x")
            await #expect(throws: ValidationError.self) { try await missing.cleanFields() }
        }
    }

    @Test("References to rows of any model lead to all, and their sets show some")
    func genericRelations() async throws {
        let database = try await filled(.sqlite)
        ModelRegistry.register([ContentType.self, Drawer.self, Sticker.self])
        try await database.makeTables(ContentType.self, Sticker.self)
        let stickers = GenericRelation<Drawer, Sticker>(Sticker.object)
        try await database.use { () async throws in
            let hidden = try await Drawer.everything.get(2)
            for isDeleted in [false, true] {
                var sticker = Sticker(kind: ContentType.ID(0), key: 0, isDeleted: isDeleted)
                try await Sticker.object.point(&sticker, to: hidden)
                try await sticker.save()
            }
            #expect(try await stickers.of(hidden).all().map(\.isDeleted) == [false])
            #expect(try await stickers.prefetch([hidden]).map(\.count) == [1])
            let sticker = try await stickers.of(hidden).get()
            #expect((try await sticker.object.find() as? Drawer)?.name == "hidden")
        }
    }
}
