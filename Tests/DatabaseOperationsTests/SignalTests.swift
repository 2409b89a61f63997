import DatabaseTestSupport
import NuagesORM
import Synchronization
import Testing

/// Receivers belong to the process, and so these tests run one after the other.
@Suite(.serialized) struct SignalTests {
    private struct Stop: Error {}

    /// What receivers were told, in order.
    private final class Events: Sendable {
        private let list = Mutex<[String]>([])
        private let connections = Mutex<[SignalConnection]>([])
        var all: [String] { list.withLock { $0 } }
        func note(_ text: String) { list.withLock { $0.append(text) } }
        func clear() { list.withLock { $0 = [] } }
        func keep(_ connection: SignalConnection) { connections.withLock { $0.append(connection) } }
        deinit { for connection in connections.withLock({ $0 }) { connection.disconnect() } }
    }

    private static func listening() -> Events {
        let events = Events()
        events.keep(
            Sign.preSave.connect { [weak events] sign, save in
                events?.note("pre_save \(sign.name) \(sign.id.isSaved) \(save.isNew)")
                if sign.slug.isEmpty { sign.slug = "slug-\(sign.name)" }
            }
        )
        events.keep(
            Sign.postSave.connect { [weak events] sign, save in
                events?.note("post_save \(sign.slug) \(sign.id.isSaved) \(save.isNew)")
            }
        )
        events.keep(
            Sign.preDelete.connect { [weak events] sign, deletion in
                events?.note("pre_delete \(sign.name) of \(deletion.origin)")
            }
        )
        events.keep(
            Sign.postDelete.connect { [weak events] sign, deletion in
                events?.note("post_delete \(sign.name) \(deletion.database.isInTransaction)")
            }
        )
        return events
    }

    @Test(arguments: TestBackend.installed)
    func tellsOfSavedRows(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let events = Self.listening()
                var sign = Sign(name: "a")
                try await sign.save()
                #expect(sign.slug == "slug-a")
                sign.name = "b"
                try await sign.save()
                #expect(try await Sign.objects.create(Sign(name: "c")).slug == "slug-c")
                #expect(
                    events.all == [
                        "pre_save a false false", "post_save slug-a true true",
                        "pre_save b true false", "post_save slug-a true false",
                        "pre_save c false false", "post_save slug-c true true",
                    ]
                )
                #expect(try await Sign.objects.valuesList(\.slug) == ["slug-a", "slug-c"])
                events.clear()
                // As in Django, what goes round single rows tells nobody.
                try await Sign.objects.bulkCreate([Sign(name: "d", slug: "d")])
                try await Sign.objects.update { $0.name = "x" }
                #expect(events.all.isEmpty)
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func tellsOfRowsThatAreKnownByNames(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let events = Self.listening()
                var row = try await DynamicQuery(Sign.self).create([("name", "n")])
                #expect(row["slug"] == .text("slug-n"))
                try row.assign("name", "m")
                try await row.save(DynamicRow.SaveOptions(fields: ["name"]))
                _ = try await row.delete()
                #expect(
                    events.all == [
                        "pre_save n false false", "post_save slug-n true true",
                        "pre_save m true false", "post_save slug-n true false",
                        "pre_delete m of signs.sign", "post_delete m true",
                    ]
                )
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func tellsOfEachDeletedRow(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let signs = try await Sign.objects.bulkCreate(
                    ["a", "b", "c"].map { Sign(name: $0, slug: $0) }
                )
                for sign in signs {
                    try await SignPart(sign: sign.asReference, text: "of \(sign.name)").saved()
                }
                // Nobody listens: the parts go with one statement that fetches nothing.
                let (_, quick) = try await Database.capturingQueries { try await signs[2].delete() }
                #expect(quick.texts.allSatisfy { !$0.hasPrefix("SELECT") })
                let events = Self.listening()
                events.keep(
                    SignPart.postDelete.connect { [weak events] part, deletion in
                        events?.note("part \(part.text) of \(deletion.origin)")
                    }
                )
                let deletion = try await Sign.objects.delete()
                #expect(deletion.counts == ["signs.Sign": 2, "signs.SignPart": 2])
                #expect(
                    events.all == [
                        "pre_delete a of signs.sign", "pre_delete b of signs.sign",
                        "part of b of signs.sign", "part of a of signs.sign",
                        "post_delete b true", "post_delete a true",
                    ]
                )
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func anErrorOfAReceiverLeavesTheCall(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let events = Events()
                let sign = try await Sign(name: "a", slug: "a").saved()
                events.keep(
                    Sign.preSave.connect { sign, _ in if sign.name == "bad" { throw Stop() } }
                )
                events.keep(Sign.preSave.connect { [weak events] _, _ in events?.note("second") })
                events.keep(Sign.postDelete.connect { _, _ in throw Stop() })
                await #expect(throws: Stop.self) { try await Sign(name: "bad", slug: "x").saved() }
                #expect(events.all.isEmpty)
                await #expect(throws: Stop.self) { try await sign.delete() }
                // The deletion is rolled back with its transaction.
                #expect(try await Sign.objects.count() == 1)
                try await Sign(name: "good", slug: "y").saved()
                #expect(events.all == ["second"])
            }
        }
    }

    @Test func connectsByNameOnceAndEnds() async throws {
        try await TestBackend.sqlite.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let events = Events()
                let connections = (0..<2).map { number in
                    Sign.postSave.connect(name: "only") { _, _ in events.note("\(number)") }
                }
                #expect(Sign.postSave.hasReceivers)
                try await Sign(name: "a", slug: "a").saved()
                #expect(events.all == ["0"])
                for connection in connections { connection.disconnect() }
                #expect(!Sign.postSave.hasReceivers)
                try await Sign(name: "b", slug: "b").saved()
                #expect(events.all == ["0"])
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func tellsOfRelatedRows(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let events = Events()
                events.keep(
                    SignTag.manyToManyChanged(\.signs).connect { [weak events] change in
                        let keys =
                            change.keys.map { $0.map { "\($0)" }.joined(separator: " ") } ?? "all"
                        events?.note(
                            "\(change.action.rawValue) \(keys) \(change.model) \(change.isReverse)"
                        )
                    }
                )
                let one = try await Sign(name: "a", slug: "a").saved()
                let two = try await Sign(name: "b", slug: "b").saved()
                _ = try await SignTag(name: "t").saved()
                let tag = try await DynamicQuery(SignTag.self).get()
                let (first, second) = (
                    SQLValue.int(try one.id.saved()), SQLValue.int(try two.id.saved())
                )
                try await tag.relation("signs").add([.key(first)])
                try await tag.relation("signs").add([.key(first), .key(second)])
                try await tag.relation("signs").remove([.key(second)])
                let sign = try await DynamicQuery(Sign.self).filter(.condition("name", "b")).get()
                let key = tag.key[0]
                try await sign.relation("signtag_set").add([.key(key)])
                try await tag.relation("signs").clear()
                #expect(
                    events.all == [
                        "pre_add \(first) signs.sign false",
                        "post_add \(first) signs.sign false",
                        "pre_add \(second) signs.sign false",
                        "post_add \(second) signs.sign false",
                        "pre_remove \(second) signs.sign false",
                        "post_remove \(second) signs.sign false",
                        "pre_add \(key) signs.signtag true",
                        "post_add \(key) signs.signtag true",
                        "pre_clear all signs.sign false", "post_clear all signs.sign false",
                    ]
                )
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func tellsOfMigrations(_ backend: TestBackend) async throws {
        let database = try await backend.open().configured(name: "told-\(backend)")
        let events = Events()
        func note(_ moment: String) -> @Sendable (MigrationEvent) async throws -> Void {
            { event in
                guard event.database.name == database.name, event.app.hasPrefix("told") else {
                    return
                }
                let tables = try await event.database.schema.tableNames(in: event.database)
                let made = tables.contains("told_later") ? " with tables" : ""
                events.note("\(moment) \(event.app) \(event.plan.count)\(made)")
            }
        }
        let connections = [
            MigrationSignals.preMigrate.connect(note("pre")),
            MigrationSignals.postMigrate.connect(note("post")),
        ]
        let migration = Migration(app: "told", name: "0001_initial") {
            RunSQL("CREATE TABLE told (id integer)")
        }
        for _ in 0..<2 {
            try await MigrationExecutor(
                database,
                migrations: [migration],
                unmigratedApps: ["told_later"]
            ).migrate()
        }
        // As `migrate --run-syncdb` does.
        try await MigrationExecutor(database, migrations: [], unmigratedApps: ["told_later"])
            .migrate(
                to: nil,
                options: MigrationOptions(),
                preparing: { try await database.execute("CREATE TABLE told_later (id integer)") },
                report: { _ in }
            )
        for connection in connections { connection.disconnect() }
        #expect(
            events.all == [
                "pre told 1", "pre told_later 1", "post told 1", "post told_later 1",
                "pre told 0", "pre told_later 0", "post told 0", "post told_later 0",
                "pre told_later 0", "post told_later 0 with tables",
            ]
        )
        await database.close()
    }
}
