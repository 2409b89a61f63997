import ArgumentParser
import NuagesORM
import NuagesViews

/// Makes one migration of several.
struct SquashMigrations: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "squashmigrations",
        abstract: "Makes one migration of several of an app.",
        discussion: """
            The new one stands for the old ones in new databases, and where all of them are applied. \
            Leave the old files in place until every database has had them; then delete them, and \
            the new one's 'replaces'.
            """
    )

    @Argument(help: "The label of the app.")
    var app: String

    @Argument(help: "The first migration, where it is not the app's first, and the last one.")
    var migrations: [String]

    @Flag(help: "Keeps all operations as they are.")
    var noOptimize = false

    @Flag(name: [.customLong("noinput"), .customLong("no-input")], help: "Asks no questions.")
    var noInput = false

    @Option(help: "What the name of the migration is after its number.")
    var squashedName: String?

    @Flag(help: "Leaves out the line that says who wrote the file.")
    var noHeader = false

    func validate() throws {
        guard (1...2).contains(migrations.count) else {
            throw ValidationError("Name the last migration, or the first and the last one.")
        }
        if let squashedName, !MakeMigrations.isName(squashedName) {
            throw ValidationError(
                "'\(squashedName)' is no name for a migration: use letters, digits and _."
            )
        }
    }

    func run() async throws {
        let site = try site
        let files = MigrationFiles(site: site, hasHeader: !noHeader)
        try files.requireBuilt(app, "squashmigrations")
        let squashed = try site.migrationLoader().squashing(
            app,
            from: migrations.count == 2 ? migrations[0] : nil,
            to: migrations[migrations.count - 1],
            name: squashedName,
            optimizes: !noOptimize
        )
        print("Will squash the following migrations:")
        for key in squashed.sources { print(" - \(key.name)") }
        if !noInput, try !TerminalQuestioner().confirms("Do you wish to proceed?") { return }
        report(squashed)
        try files.save(squashed.migration)
        try files.saveIndex(of: app, names: files.built(app) + [squashed.migration.name])
        let path = files.shown(try files.path(of: squashed.migration.key))
        print(
            """
            Created new squashed migration \(path)
              Commit it and leave the old ones in place; new databases use the new one. Once all
              databases have had the old ones, delete them, and take 'replaces' from the new one.
            """
        )
        guard squashed.borrowsCode else { return }
        print(
            """
            Swift code to be moved by hand
              The new migration names code of the old ones (operations[…]). Move it there before you
              delete their files.
            """
        )
    }

    private func report(_ squashed: RewrittenMigration) {
        if noOptimize { return print("(Skipping optimization.)") }
        let count = squashed.migration.operations.count
        print("Optimizing...")
        print(
            count == squashed.operationCount
                ? "  No optimizations possible."
                : "  Optimized from \(squashed.operationCount) operations to \(count) operations."
        )
    }
}
