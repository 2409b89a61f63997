import DatabaseTestSupport
import NuagesORM
import NuagesSQLite
import Testing

/// Sends everything of an app to a database of its own.
private struct AppRouter: DatabaseRouter {
    func dbForRead(_ model: ModelSchema) -> String? { model.app == "signs" ? "other" : nil }
    func dbForWrite(_ model: ModelSchema) -> String? { dbForRead(model) }
    func allowMigrate(_ database: String, app: String, model: String?) -> Bool? {
        app == "signs" ? database == "other" : nil
    }
}

/// Keeps one model of an app elsewhere.
private struct ModelRouter: DatabaseRouter {
    func allowMigrate(_ database: String, app: String, model: String?) -> Bool? {
        model == "elsewhere" ? database == "other" : nil
    }
}

/// An answer that counts before another router's.
private struct RelationRouter: DatabaseRouter {
    func allowRelation(_ first: ModelSchema, _ second: ModelSchema) -> Bool? {
        first.app == "ops" ? true : nil
    }
}

/// Which database queries go to.
@Suite struct RouterTests {
    private static func group(
        _ backend: TestBackend,
        _ routers: [any DatabaseRouter],
        _ names: [String],
        _ body: (DatabaseGroup) async throws -> Void
    ) async throws {
        var group = DatabaseGroup(routers: routers)
        for name in names {
            let database = try await backend.open().configured(name: name)
            try await Tables.make(in: database)
            group.databases[name] = database
        }
        let made = group
        try await made.use { try await body(made) }
        for database in group.databases.values { await database.close() }
    }

    @Test(arguments: TestBackend.installed)
    func routesModelsToDatabases(_ backend: TestBackend) async throws {
        try await Self.group(backend, [AppRouter()], ["default", "other"]) {
            (group: DatabaseGroup) async throws in
            let (main, other) = (try group.named("default"), try group.named("other"))
            try await Writer(name: "w").saved()
            var sign = try await Sign.objects.create(Sign(name: "s", slug: "s"))
            sign.name = "t"
            try await sign.save()
            try await Sign.objects.bulkCreate([Sign(name: "u", slug: "u")])
            _ = try await Sign.objects.filter { $0.slug == "v" }
                .getOrCreate(Sign(name: "v", slug: "v"))
            let row = try await DynamicQuery(Sign.self).create([("name", "d"), ("slug", "d")])
            #expect(row["name"] == .text("d"))
            #expect(try await Sign.objects.count() == 4)
            #expect(try await Sign.objects.using(main).count() == 0)
            #expect(try await Sign.objects.using(other).count() == 4)
            #expect(try await Writer.objects.using(main).count() == 1)
            #expect(try await Writer.objects.using(other).count() == 0)
            #expect(try await main.use { try await Sign.objects.count() } == 0)
            try await sign.refresh()
            #expect(sign.name == "t")
            #expect(try await Sign.objects.update { $0.name = "n" } == 4)
            #expect(try await Sign.objects.delete().total == 4)
            #expect(group.name(of: other) == "other")
        }
    }

    @Test(arguments: TestBackend.installed)
    func migratesOnlyWhatRoutersAllow(_ backend: TestBackend) async throws {
        let migration = Migration(app: "signs", name: "0001_initial") {
            CreateModel("Thing", fields: [FieldSchema("id", .bigAutoField, isPrimaryKey: true)])
            RunSQL("CREATE TABLE by_hand (id integer)")
        }
        for (name, isThere) in [("default", false), ("other", true)] {
            let database = try await backend.open()
            let group = DatabaseGroup([name: database], routers: [AppRouter()])
            try await group.use {
                let executor = try await MigrationExecutor(database, migrations: [migration])
                try await executor.migrate()
                let tables = try await database.schema.tableNames(in: database)
                #expect(tables.contains("signs_thing") == isThere)
                #expect(tables.contains("by_hand") == isThere)
                let loader = try await MigrationExecutor(database, migrations: [migration]).loader
                #expect(loader.applied == [migration.key])
            }
            await database.close()
        }
    }

    /// The tables of models that belong elsewhere are not looked for.
    @Test(arguments: TestBackend.installed)
    func takesOverTablesOfTheModelsThatRoutersAllow(_ backend: TestBackend) async throws {
        let id = FieldSchema("id", .bigAutoField, isPrimaryKey: true)
        let migration = Migration(app: "signs", name: "0001_initial", isInitial: true) {
            CreateModel("Thing", fields: [id])
            CreateModel("Elsewhere", fields: [id])
            AddField("elsewhere", FieldSchema("note", .textField, isNullable: true))
            AddField("thing", FieldSchema("note", .textField, isNullable: true))
        }
        for (name, isFaked) in [("default", true), ("other", false)] {
            let database = try await backend.open()
            try await database.execute("CREATE TABLE signs_thing (id integer, note integer)")
            let group = DatabaseGroup([name: database], routers: [ModelRouter()])
            try await group.use {
                let executor = try await MigrationExecutor(database, migrations: [migration])
                let options = MigrationOptions(fakesInitial: true)
                if isFaked {
                    try await executor.migrate(options: options)
                } else {
                    await #expect(throws: DatabaseError.self) {
                        try await executor.migrate(options: options)
                    }
                }
                let applied = try await MigrationRecorder(database).applied()
                #expect(applied == (isFaked ? [migration.key] : []))
            }
            await database.close()
        }
    }

    @Test func asksForRelationsBetweenDatabases() async throws {
        let (main, other) = (
            try SQLiteDatabase.open(path: ":memory:"), try SQLiteDatabase.open(path: ":memory:")
        )
        let databases = ["default": main, "other": other]
        let apart = DatabaseGroup(databases, routers: [AppRouter()])
        #expect(try apart.allowsRelation(Note.schema, Writer.schema))
        #expect(try !apart.allowsRelation(Note.schema, Sign.schema))
        let free = DatabaseGroup(databases, routers: [RelationRouter(), AppRouter()])
        #expect(try free.allowsRelation(Note.schema, Sign.schema))
        #expect(try !free.allowsRelation(Sign.schema, Note.schema))
    }

    @Test func saysWhichDatabaseARouterMeant() async throws {
        let group = DatabaseGroup(
            ["default": try SQLiteDatabase.open(path: ":memory:")],
            routers: [AppRouter()]
        )
        await group.use {
            await #expect(throws: DatabaseError.notConfigured(name: "other")) {
                try await Sign.objects.count()
            }
        }
    }

    // MARK: Replicas

    /// Two databases with different rows, as a replica is that lags behind.
    private static func replicated(
        _ backend: TestBackend,
        _ body: (DatabaseGroup) async throws -> Void
    ) async throws {
        let router = ReplicaRouter(replicas: ["replica"])
        try await group(backend, [router], ["default", "replica"]) { group in
            try await Writer.objects.using(group.named("replica")).create(Writer(name: "old"))
            try await Writer.objects.using(group.named("default")).bulkCreate([
                Writer(name: "old"), Writer(name: "new"),
            ])
            try await body(group)
        }
    }

    @Test(arguments: TestBackend.installed)
    func readsFromReplicasUntilTheFirstWrite(_ backend: TestBackend) async throws {
        try await Self.replicated(backend) { (group: DatabaseGroup) async throws in
            // A script reads what it has written.
            #expect(try await Writer.objects.count() == 2)
            try await Database.readingFromReplicas { () async throws in
                #expect(try await Writer.objects.count() == 1)
                #expect(try await DynamicQuery(Writer.self).rows().count == 1)
                #expect(try await Writer.objects.using(group.named("default")).count() == 2)
                try await Writer(name: "newest").saved()
                #expect(try await Writer.objects.count() == 3)
                #expect(try await Note.objects.count() == 0)
                try await Database.readingFromReplicas { () async throws in
                    #expect(try await Writer.objects.count() == 3)
                }
            }
            try await Database.readingFromReplicas { () async throws in
                #expect(try await Writer.objects.count() == 1)
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func readsTheirOwnDatabaseInTransactions(_ backend: TestBackend) async throws {
        try await Self.replicated(backend) { (group: DatabaseGroup) async throws in
            let main = try group.named("default")
            try await Database.readingFromReplicas { () async throws in
                try await main.atomic(mode: .read) { () async throws in
                    #expect(try await Writer.objects.count() == 2)
                }
                #expect(try await Writer.objects.count() == 1)
                // What reads to change belongs to the database that is written to.
                let (_, isNew) = try await Writer.objects.filter { $0.name == "new" }
                    .getOrCreate(Writer(name: "new"))
                #expect(!isNew)
            }
            #expect(!group.allowsMigrating("replica", app: "ops", model: "writer"))
            #expect(group.allowsMigrating("default", app: "ops", model: "writer"))
        }
    }

    @Test func tasksSideBySideStayWithTheirOwnWrites() async throws {
        try await Self.replicated(.sqlite) { _ in
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for number in 0..<8 {
                    tasks.addTask {
                        try await Database.readingFromReplicas { () async throws in
                            if number.isMultiple(of: 2) {
                                try await Writer.objects.filter { $0.name == "?" }.delete()
                            }
                            return try await Writer.objects.count()
                        }
                    }
                }
                let counts = try await tasks.reduce(into: []) { $0.append($1) }
                #expect(counts.sorted() == [1, 1, 1, 1, 2, 2, 2, 2])
            }
        }
    }
}

extension Model {
    /// Saves a copy.
    @discardableResult
    func saved() async throws -> Self {
        var copy = self
        try await copy.save()
        return copy
    }
}
