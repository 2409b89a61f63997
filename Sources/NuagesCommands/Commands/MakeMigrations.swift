import ArgumentParser
import NuagesCore
import NuagesORM
import NuagesViews

/// Writes migrations for what has changed in the models.
struct MakeMigrations: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "makemigrations",
        abstract: "Writes migrations for what has changed in the models.",
        discussion: """
            The files are Swift and go to the folder 'Migrations' of each app; the next build \
            compiles them. Where the models do not tell enough, questions are asked on the \
            terminal, unless --rename, --no-rename and --default answer them; without a terminal \
            the command fails and lists them.
            """
    )

    @Argument(help: "The labels of apps; all where there are none.")
    var apps: [String] = []

    @Flag(help: "Shows what would be written, and writes nothing.")
    var dryRun = false

    @Flag(help: "Ends with status 1 where models have changed, and writes nothing.")
    var check = false

    @Flag(help: "Writes migrations that come after several last ones of an app.")
    var merge = false

    @Flag(help: "Adds the changes to the last migration of each app, which must not be applied.")
    var update = false

    @Flag(name: [.customLong("noinput"), .customLong("no-input")], help: "Asks no questions.")
    var noInput = false

    @Option(
        help: ArgumentHelp(
            """
            Says that a field or a model was renamed: question.text=title, Question=Poll; \
            with the app before it where several have such a model.
            """,
            valueName: "old=new"
        )
    )
    var rename: [String] = []

    @Option(
        help: ArgumentHelp(
            "Says that one goes and another one comes.",
            valueName: "old=new"
        )
    )
    var noRename: [String] = []

    @Option(
        name: [.customLong("default")],
        help: ArgumentHelp(
            """
            What rows get in a field that takes no null: question.votes=0, \
            'question.author="?"', now, leave.
            """,
            valueName: "model.field=value"
        )
    )
    var defaults: [String] = []

    @Flag(help: "Writes migrations without operations, to be filled by hand.")
    var empty = false

    @Option(
        help: ArgumentHelp(
            """
            Writes structs of these models as they are now into an empty migration, for its code: \
            Question,Choice,blog.Post.
            """,
            valueName: "model,…"
        )
    )
    var models: String?

    @Option(name: [.short, .long], help: "What the name of the migration is after its number.")
    var name: String?

    @Flag(help: "Leaves out the line that says who wrote the file.")
    var noHeader = false

    @Flag(help: "Prints the paths of files to standard output, and all else to standard error.")
    var scriptable = false

    func run() async throws {
        let site = try site
        var files = MigrationFiles(site: site, hasHeader: !noHeader)
        try validate(site)
        if merge { return try mergeBranches(site, files) }
        try await warnOfHistory(site)
        files.frozen = try frozenModels(site, files)
        let found = empty ? try emptyMigrations(site, files) : try changes(site)
        guard !found.isEmpty else {
            log(apps.isEmpty ? "No changes detected" : "No changes detected in \(appList)")
            return
        }
        if !empty { for (app, _) in found { try files.requireBuilt(app, "makemigrations") } }
        if update {
            // Files that are not built may name those that get another name.
            for app in site.modelApps { try files.requireBuilt(app.label, "makemigrations") }
        }
        let loader = update ? try await site.migrationExecutor().loader : nil
        // All are made before the first is written: one that cannot be leaves the others alone.
        let rewritten = try loader?.updating(found, name: name)
        for (index, (app, migrations)) in found.enumerated() {
            log("Migrations for '\(app)':")
            if let rewritten {
                try replace(rewritten[index], files)
            } else {
                try write(migrations, of: app, files)
            }
        }
        if check { throw ExitCode(1) }
    }

    private var appList: String { apps.map { "'\($0)'" }.joined(separator: ", ") }
    private var writesNothing: Bool { dryRun || check }

    /// Prints what is for people.
    private func log(_ text: String) {
        if scriptable { printError(text) } else { print(text) }
    }

    private func validate(_ site: SiteContext) throws {
        let known = site.modelApps.map(\.label)
        for app in apps where !known.contains(app) {
            throw MigrationError.unknownApp(app, choices: known.sorted())
        }
        if let name, !Self.isName(name) {
            throw ValidationError(
                "'\(name)' is no name for a migration: use letters, digits and _."
            )
        }
        if [empty, merge, update].filter({ $0 }).count > 1 {
            throw ValidationError("Only one of --empty, --merge and --update can be given.")
        }
        if models != nil, !empty || apps.count != 1 {
            throw ValidationError("--models goes with --empty and the label of one app.")
        }
        if empty || merge, !(rename + noRename + defaults).isEmpty {
            throw ValidationError(
                "Nothing is asked with --empty and --merge: leave --rename, --no-rename and --default out."
            )
        }
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
    }

    /// Migrations that are applied before those that they need are a mistake to be mended first; a
    /// database that cannot be asked is none.
    private func warnOfHistory(_ site: SiteContext) async throws {
        do {
            try await site.migrationExecutor().loader.checkHistory()
        } catch let error as DatabaseError {
            printError("The database was not asked for its migrations: \(error)")
        }
    }

    private func changes(_ site: SiteContext) throws -> [(app: String, migrations: [Migration])] {
        let people: any MigrationQuestioner =
            !noInput && !scriptable && isInteractive ? TerminalQuestioner() : PreparedAnswers()
        let answers = try OptionAnswers(
            renames: rename,
            notRenames: noRename,
            defaults: defaults,
            otherwise: people
        )
        do {
            let changes = try ModelChanges(site: site).migrations(
                apps: Set(apps),
                name: name,
                questioner: answers
            )
            try answers.checkAnswers()
            try answers.checkAllUsed()
            return changes
        } catch let error as MigrationError {
            // A wrong answer is why a question is open.
            try answers.checkAnswers()
            throw error
        }
    }

    private func emptyMigrations(
        _ site: SiteContext,
        _ files: MigrationFiles
    ) throws -> [(app: String, migrations: [Migration])] {
        guard !apps.isEmpty else {
            throw ValidationError("Name the app that gets an empty migration.")
        }
        let loader = try site.migrationLoader()
        // An empty one behind two branches would merge them unseen.
        try loader.checkConflicts()
        let graph = loader.graph
        return try apps.map { app in
            var leaves = graph.leafNodes(of: app)
            // A file that was not built yet follows the graph, and this one follows it.
            if let last = try files.unbuilt(app).last { leaves = [MigrationKey(app, last)] }
            let migration = Migration(
                app: app,
                name: MigrationNumbering.next(after: leaves.map(\.name), name ?? "custom"),
                dependencies: leaves
            ) {}
            return (app, [migration])
        }
    }

    /// The structs of the models that are named, as they are before the new migration.
    private func frozenModels(
        _ site: SiteContext,
        _ files: MigrationFiles
    ) throws -> FrozenModelSource? {
        guard let models, let app = apps.first else { return nil }
        // What a file says that was not built yet is not known.
        try files.requireBuilt(app, "makemigrations --models")
        let graph = try site.migrationLoader().graph
        let labels = models.split(separator: ",").map { name in
            let name = name.filter { $0 != " " }
            return name.contains(".") ? name : "\(app).\(name)"
        }
        return try FrozenModelSource(labels, in: graph.state())
    }

    // MARK: Merging

    private func mergeBranches(_ site: SiteContext, _ files: MigrationFiles) throws {
        let loader = try site.migrationLoader()
        let conflicts = loader.conflicts.keys.filter { apps.isEmpty || apps.contains($0) }
        if conflicts.isEmpty { return log("No conflicts detected to merge.") }
        for app in conflicts.sorted() {
            try files.requireBuilt(app, "makemigrations")
            let (migration, branches) = try loader.merging(app, name: name)
            log("Merging \(app)")
            for branch in branches {
                log("  Branch \(branch.leaf.name)")
                for operation in branch.operations {
                    log("    \(operation.symbol) \(operation.describe())")
                }
            }
            let isWanted =
                try noInput || writesNothing
                || TerminalQuestioner().confirms(
                    "Do the branches touch different things, so that their order does not matter?"
                )
            if isWanted { try write([migration], of: app, files) }
        }
        if check { throw ExitCode(1) }
    }

    // MARK: Files

    private func show(_ migration: Migration, _ files: MigrationFiles) throws {
        let path = files.shown(try files.path(of: migration.key))
        log("  \(path)")
        for operation in migration.operations {
            log("    \(operation.symbol) \(operation.describe())")
        }
        if scriptable { print(path) }
        if dryRun { log("\n\(files.text(of: migration))") }
    }

    private func write(
        _ migrations: [Migration],
        of app: String,
        _ files: MigrationFiles
    ) throws {
        let others = try files.unbuilt(app)
        for migration in migrations {
            try show(migration, files)
            if !writesNothing { try files.save(migration) }
        }
        if writesNothing { return }
        let built = files.built(app)
        let type = try files.saveIndex(of: app, names: built + others + migrations.map(\.name))
        if built.isEmpty {
            log("  Add this to the app, once:\n    let migrations = \(type).all")
        }
        log("  Build, and run 'migrate' to apply them.")
    }

    /// Writes a migration in place of the one that it was made of.
    private func replace(_ rewritten: RewrittenMigration, _ files: MigrationFiles) throws {
        let migration = rewritten.migration
        try show(migration, files)
        if writesNothing { return }
        try files.save(migration)
        var names = files.built(migration.app) + [migration.name]
        for source in rewritten.sources {
            let path = files.shown(try files.path(of: source))
            if rewritten.borrowsCode {
                log("  Move the Swift code of \(path) there, then delete that file.")
                continue
            }
            try files.delete(source)
            log("  Deleted \(path)")
        }
        // The old one goes from the list either way: both would do the same.
        names.removeAll { name in rewritten.sources.contains { $0.name == name } }
        try files.saveIndex(of: migration.app, names: names)
        log("  Build, and run 'migrate' to apply it.")
    }
}
