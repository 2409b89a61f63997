import NuagesSQLite
import Testing

@testable import NuagesORM

/// Squashing, optimizing, updating and merging, and what the loader makes of squashed migrations.
@Suite struct MigrationRewritingTests {
    private static let title = FieldSchema("title", .charField, maxLength: 50)

    private static let initial = Migration(app: "polls", name: "0001_initial", isInitial: true) {
        CreateModel("Question", fields: Polls.question.fields)
    }
    private static let author = Migration(
        app: "polls",
        name: "0002_author",
        dependencies: [initial.key]
    ) {
        AddField(
            "question",
            FieldSchema("author", .charField, maxLength: 50, defaultValue: .value(.text("?")))
        )
        RunSwift("sign") { data in
            try await data.execute("UPDATE polls_question SET author = 'me'")
        } backwards: { _ in
        }
    }
    private static let rename = Migration(
        app: "polls",
        name: "0003_rename",
        dependencies: [author.key, MigrationKey("blog", "0001_initial")]
    ) {
        AddField("question", title)
        RenameField("question", from: "title", to: "heading")
    }
    private static let blog = Migration(app: "blog", name: "0001_initial", isInitial: true) {
        CreateModel("Post", fields: [Polls.id])
    }
    private static let all = [initial, author, rename, blog]

    private func keys(_ names: String...) -> [MigrationKey] {
        names.map { MigrationKey("polls", $0) }
    }

    @Test func squashesAnAppUpToAMigration() throws {
        let squashed = try MigrationLoader(Self.all).squashing("polls", to: "0003")
        let migration = squashed.migration
        #expect(migration.name == "0001_squashed_0003_rename")
        #expect(migration.isInitial == true)
        #expect(migration.replaces == keys("0001_initial", "0002_author", "0003_rename"))
        #expect(migration.dependencies == [MigrationKey("blog", "0001_initial")])
        #expect(squashed.operationCount == 5)
        #expect(
            migration.operations.map { $0.describe() } == [
                "Create model Question", "Swift operation: sign", "Add field heading to question",
            ]
        )
        #expect(squashed.borrowsCode)
        let text = MigrationWriter().file(migration).text
        #expect(text.contains("PollsMigrations.m0002Author.operations[1]"))
    }

    @Test func squashesFromAMigrationWithoutOptimizing() throws {
        let loader = try MigrationLoader(Self.all)
        let part = try loader.squashing("polls", from: "0002", to: "0003", optimizes: false)
        #expect(part.migration.name == "0002_author_squashed_0003_rename")
        #expect(part.migration.isInitial == nil)
        #expect(part.migration.dependencies == [blogKey, Self.initial.key])
        #expect(part.migration.operations.count == 4)
        let named = try loader.squashing("polls", from: "0002", to: "0003", name: "all")
        #expect(named.migration.name == "0002_all")
        let error = #expect(throws: MigrationError.self) {
            try loader.squashing("polls", from: "0003", to: "0002")
        }
        #expect(
            error?.description
                == "polls.0003_rename does not come before polls.0002_author. "
                + "See `showmigrations polls` for their order."
        )
    }

    private var blogKey: MigrationKey { Self.blog.key }

    /// What a squashed migration does is what the ones that it replaces do.
    @Test func aSquashedMigrationMakesTheSameTablesAndRecords() async throws {
        let squashed = try MigrationLoader(Self.all).squashing("polls", to: "0003").migration
        let (plain, short) = (try Polls.database(), try Polls.database())
        try await MigrationExecutor(plain, migrations: Self.all).migrate()
        try await MigrationExecutor(short, migrations: Self.all + [squashed]).migrate()
        #expect(
            try await short.schema.table("polls_question", in: short)?.columns
                == plain.schema.table("polls_question", in: plain)?.columns
        )
        let recorded = try await MigrationRecorder(short).applied()
        #expect(recorded == Set(Self.all.map(\.key) + [squashed.key]))
        // Where all replaced ones are applied, the squashed one is recorded by the next 'migrate'.
        let late = try await MigrationExecutor(plain, migrations: Self.all + [squashed])
        #expect(try late.loader.plan().isEmpty)
        #expect(!late.loader.recorded.contains(squashed.key))
        try await late.migrate()
        #expect(try await MigrationRecorder(plain).applied().contains(squashed.key))
        // Without the old files, and back to nothing.
        let clean = try await MigrationExecutor(plain, migrations: [Self.blog, squashed])
        #expect(try clean.loader.plan().isEmpty)
        try await clean.migrate(to: [.zero(app: "polls")])
        #expect(try await MigrationRecorder(plain).applied() == [Self.blog.key])
    }

    /// A migration of another app that stands between two of them would wait for itself.
    @Test func refusesASquashThatClosesACircle() throws {
        let first = Migration(app: "a", name: "0001_first") {}
        let between = Migration(app: "b", name: "0001_between", dependencies: [first.key]) {}
        let last = Migration(app: "a", name: "0002_last", dependencies: [first.key, between.key]) {}
        let all = [first, between, last]
        let name = MigrationKey("a", "0001_squashed_0002_last")
        let circle = MigrationError.circularDependency([name, between.key])
        #expect(throws: circle) { try MigrationLoader(all).squashing("a", to: "0002") }
        let squashed = Migration(
            app: "a",
            name: name.name,
            dependencies: [between.key],
            replaces: [first.key, last.key]
        ) {}
        #expect(throws: circle) { try MigrationLoader(all + [squashed]) }
        // Where only some are applied, the old ones stay.
        #expect(
            try MigrationLoader(all + [squashed], applied: [first.key]).plan()
                .map(\.migration.key) == [between.key, last.key]
        )
        var graph = try MigrationGraph(all + [squashed])
        graph.replace([first.key, last.key], by: name)
        #expect(throws: circle) { try graph.forwardsPlan(to: name) }
        #expect(throws: circle) { try graph.backwardsPlan(to: name) }
    }

    @Test func refusesMigrationsThatReplaceEachOther() {
        let (one, other) = (MigrationKey("a", "0001_one"), MigrationKey("a", "0001_other"))
        let circle = MigrationError.circularDependency([one, other])
        #expect(throws: circle) {
            try MigrationLoader([
                Migration(app: "a", name: one.name, replaces: [other]) {},
                Migration(app: "a", name: other.name, replaces: [one]) {},
            ])
        }
        #expect(throws: MigrationError.circularDependency([one])) {
            try MigrationLoader([Migration(app: "a", name: one.name, replaces: [one]) {}])
        }
    }

    @Test func squashesSquashedMigrationsAgain() async throws {
        let once = try MigrationLoader(Self.all).squashing("polls", to: "0002").migration
        let twice = try MigrationLoader(Self.all + [once]).squashing("polls", to: "0003").migration
        #expect(twice.replaces == [once.key, Self.rename.key])
        let everything = Self.all + [once, twice]
        let fresh = try MigrationLoader(everything)
        #expect(fresh.graph.leafNodes(of: "polls") == [twice.key])
        let done = try MigrationLoader(everything, applied: Set(Self.all.map(\.key)))
        #expect(try done.plan().isEmpty)
        #expect(done.unrecordedReplacements == [once.key, twice.key].sorted())
        let half = try MigrationLoader(everything, applied: [Self.initial.key, Self.author.key])
        #expect(try half.plan().map(\.migration.key).contains(Self.rename.key))
        #expect(half.graph.migrations[twice.key] == nil)
        // What comes after a squashed one that is left out comes after the last that it replaces.
        let after = Migration(app: "shop", name: "0001_initial", dependencies: [twice.key]) {}
        let part = try MigrationLoader(everything + [after], applied: [Self.initial.key])
        #expect(part.graph.parents(of: after.key) == [Self.rename.key])
        let database = try Polls.database()
        try await MigrationExecutor(database, migrations: everything).migrate()
        #expect(
            try await MigrationRecorder(database).applied() == Set(everything.map(\.key))
        )
        #expect(try await MigrationExecutor(database, migrations: everything).loader.plan().isEmpty)
    }

    /// The database records what was squashed first, and neither of the squashed ones.
    @Test func undoesWhatWasSquashedTwice() async throws {
        let once = try MigrationLoader(Self.all).squashing("polls", to: "0002").migration
        let twice = try MigrationLoader(Self.all + [once]).squashing("polls", to: "0003").migration
        let database = try Polls.database()
        try await MigrationExecutor(database, migrations: Self.all).migrate()
        let short = try await MigrationExecutor(database, migrations: [Self.blog, once, twice])
        try await short.migrate(to: [.zero(app: "polls")])
        #expect(try await MigrationRecorder(database).applied() == [Self.blog.key])
        #expect(try await database.schema.table("polls_question", in: database) == nil)
    }

    @Test func dependenciesOnDeletedMigrationsLeadToTheSquashedOne() throws {
        var squashed = try MigrationLoader(Self.all).squashing("polls", to: "0003").migration
        squashed.dependencies = []
        let user = Migration(app: "shop", name: "0001_initial", dependencies: [Self.author.key]) {}
        let loader = try MigrationLoader([squashed, user])
        #expect(loader.graph.parents(of: user.key) == [squashed.key])
        for remaining in [[], [Self.author]] {
            #expect(throws: MigrationError.halfSquashed(squashed.key, missing: Self.initial.key)) {
                try MigrationLoader(
                    [squashed, user, Self.blog] + remaining,
                    applied: [Self.initial.key]
                )
            }
        }
    }

    @Test func optimizesInPlaceOrBesideCode() throws {
        let loader = try MigrationLoader(Self.all)
        let plain = try loader.optimizing(Self.rename.key)
        #expect(plain.migration.key == Self.rename.key)
        #expect(plain.operationCount == 2)
        #expect(
            plain.migration.operations.map { $0.describe() } == ["Add field heading to question"]
        )
        var mixed = Self.rename
        mixed.operations += [RunSwift("x") { _ in }]
        let beside = try MigrationLoader([Self.initial, Self.author, mixed, Self.blog])
            .optimizing(mixed.key)
        #expect(beside.migration.name == "0003_rename_optimized")
        #expect(beside.migration.replaces == [mixed.key])
    }

    @Test func updatesTheLastMigration() throws {
        let more = Migration(app: "polls", name: "auto_1", dependencies: [Self.rename.key]) {
            RemoveField("question", "heading")
        }
        let loader = try MigrationLoader(Self.all)
        let updated = try loader.updating("polls", with: [more])
        #expect(updated.migration.operations.isEmpty)
        #expect(updated.migration.dependencies == Self.rename.dependencies)
        let named = try loader.updating("polls", with: [more], name: "rename")
        #expect(named.migration.name == "0003_rename_updated")
        let applied = try MigrationLoader(Self.all, applied: Set(Self.all.map(\.key)))
        #expect(
            throws: MigrationError.cannotUpdate(Self.rename.key, reason: "It is applied.")
        ) { try applied.updating("polls", with: [more]) }
        #expect(
            throws: MigrationError.cannotUpdate(
                Self.blog.key,
                reason: "polls.0003_rename depend on it."
            )
        ) { try loader.updating("blog", with: []) }
    }

    /// A name that goes is said by nothing that stays.
    @Test func updatesNothingThatOthersName() throws {
        var before = Migration(app: "news", name: "0001_initial") {}
        before.runBefore = [Self.rename.key]
        var squashed = try MigrationLoader(Self.all).squashing("polls", to: "0003").migration
        squashed.replaces = [Self.initial.key, Self.author.key, Self.rename.key]
        let cases: [(Migration, Set<MigrationKey>)] = [
            (before, []), (squashed, [Self.initial.key, Self.blog.key]),
        ]
        for (other, recorded) in cases {
            let loader = try MigrationLoader(Self.all + [other], applied: recorded)
            #expect(
                throws: MigrationError.cannotUpdate(
                    Self.rename.key,
                    reason: "\(other.key) depend on it."
                )
            ) { try loader.updating("polls", with: []) }
        }
    }

    @Test func updatesMigrationsThatComeAfterEachOther() throws {
        let first = Migration(app: "polls", name: "0001_initial", isInitial: true) {
            CreateModel("Question", fields: Polls.question.fields)
        }
        let other = Migration(app: "blog", name: "0001_initial", isInitial: true) {
            CreateModel("Post", fields: [Polls.id])
        }
        let tag = Migration(app: "polls", name: "0002_tag", dependencies: [first.key]) {
            CreateModel("Tag", fields: [Polls.id])
        }
        let reference = FieldSchema(
            "tag",
            .foreignKey,
            isNullable: true,
            relation: Relation(to: "polls.tag", onDelete: .setNull)
        )
        let tagged = Migration(
            app: "blog",
            name: "0002_post_tag",
            dependencies: [other.key, tag.key]
        ) { AddField("post", reference) }
        let loader = try MigrationLoader([first, other])
        let updated = try loader.updating([("blog", [tagged]), ("polls", [tag])])
        #expect(updated.map(\.migration.name) == ["0001_initial_updated", "0001_initial_updated"])
        #expect(
            updated.map(\.migration.dependencies)
                == [[MigrationKey("polls", "0001_initial_updated")], []]
        )
        #expect(try MigrationLoader(updated.map(\.migration)).plan().count == 2)
        let back = Migration(
            app: "polls",
            name: "0002_tag",
            dependencies: [first.key, MigrationKey("blog", "0002_post_tag")]
        ) {}
        #expect(throws: MigrationError.self) {
            try loader.updating([("blog", [tagged]), ("polls", [back])])
        }
    }

    @Test func mergesBranches() throws {
        let other = Migration(app: "polls", name: "0003_other", dependencies: [Self.author.key]) {
            AddField("question", FieldSchema("note", .textField, isNullable: true))
        }
        let loader = try MigrationLoader(Self.all + [other])
        #expect(loader.conflicts == ["polls": ["0003_other", "0003_rename"]])
        let (migration, branches) = try loader.merging("polls")
        #expect(migration.name == "0004_merge_0003_other_0003_rename")
        #expect(migration.dependencies == [other.key, Self.rename.key])
        #expect(
            branches.map { $0.operations.map { $0.describe() } } == [
                ["Add field note to question"],
                ["Add field title to question", "Rename field title on question to heading"],
            ]
        )
        #expect(try MigrationLoader(Self.all + [other, migration]).conflicts.isEmpty)
        let stray = Migration(app: "polls", name: "0001_stray") {}
        let apart = try MigrationLoader(Self.all + [stray])
        #expect(throws: MigrationError.noCommonAncestor([stray.key, Self.rename.key])) {
            try apart.merging("polls")
        }
    }

    @Test func prunesRecordsOfMigrationsThatAreGone() async throws {
        let database = try Polls.database()
        try await MigrationExecutor(database, migrations: Self.all).migrate()
        let gone = MigrationKey("polls", "0000_gone")
        let recorder = MigrationRecorder(database)
        try await recorder.recordApplied(gone)
        try await recorder.recordApplied(MigrationKey("other", "0001_initial"))
        let executor = try await MigrationExecutor(database, migrations: Self.all)
        #expect(try await executor.prune("polls") == [gone])
        await #expect(throws: MigrationError.unknownApp("other", choices: ["blog", "polls"])) {
            try await executor.prune("other")
        }
        let elsewhere = Migration(app: "polls", name: "0001_elsewhere") {}
        let wrong = try await MigrationExecutor(database, migrations: [elsewhere, Self.blog])
        await #expect(throws: MigrationError.cannotPruneAll(app: "polls")) {
            try await wrong.prune("polls")
        }
        #expect(try await recorder.applied().contains(MigrationKey("other", "0001_initial")))
        let squashed = try MigrationLoader(Self.all).squashing("polls", to: "0003").migration
        let short = try await MigrationExecutor(database, migrations: [Self.blog, squashed])
        await #expect(throws: MigrationError.cannotPrune([squashed.key])) {
            try await short.prune("polls")
        }
    }

    @Test func makesTheTablesOfAppsWithoutMigrations() async throws {
        let database = try Polls.database()
        let executor = try await MigrationExecutor(database, migrations: [])
        try await executor.makeTables(of: ["polls"], in: Polls.state)
        try await executor.makeTables(of: ["polls"], in: Polls.state)
        let names = try await database.schema.tableNames(in: database)
        #expect(
            names.filter { $0.hasPrefix("polls_") }.sorted() == ["polls_choice", "polls_question"]
        )
    }
}
