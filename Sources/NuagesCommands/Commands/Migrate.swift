import ArgumentParser
import NuagesORM
import NuagesViews

/// Brings the database up to date with the migrations.
struct Migrate: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Applies migrations to the database, or undoes them.",
        discussion: """
            Without arguments all migrations of all apps are applied. With an app, only its own; \
            with a migration's name (its number is enough), the app is brought to that one, which \
            undoes the later ones; 'zero' undoes all of an app.
            """
    )

    @Argument(help: "The label of an app.")
    var app: String?

    @Argument(help: "The name of a migration or its beginning, such as 0002; or 'zero'.")
    var migration: String?

    @Flag(help: "Records the migrations as applied or undone without touching the tables.")
    var fake = false

    @Flag(help: "Records first migrations whose tables are there already as applied.")
    var fakeInitial = false

    @Flag(help: "Shows what would be done, and does nothing.")
    var plan = false

    @Flag(help: "Ends with status 1 where migrations are to be applied, and does nothing.")
    var check = false

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func run() async throws {
        let executor = try await site.migrationExecutor(database: database)
        let targets = try self.targets(executor.loader)
        let steps = try executor.loader.plan(to: targets)
        if plan { return show(steps) }
        if check {
            guard steps.isEmpty else {
                show(steps)
                throw ExitCode(1)
            }
            return
        }
        print("Operations to perform:\n  \(summary(targets, executor.loader))")
        print("Running migrations:")
        if steps.isEmpty {
            print("  No migrations to apply.")
            // Receivers of its signals are told all the same.
            try await executor.migrate(to: targets)
            try await warnOfChanges()
            return
        }
        try await executor.migrate(
            to: targets,
            options: MigrationOptions(isFake: fake, fakesInitial: fakeInitial)
        ) { progress in Self.report(progress) }
    }

    /// Says where models differ from what the migrations make, as people forget `makemigrations`.
    private func warnOfChanges() async throws {
        let changed = try ModelChanges(site: site).changedApps()
        guard !changed.isEmpty else { return }
        print(
            "  Your models in app(s) \(changed.joined(separator: ", ")) have changes that no "
                + "migration has yet.\n  Run 'makemigrations', build, and run 'migrate' again."
        )
    }

    private func targets(_ loader: MigrationLoader) throws -> [MigrationTarget]? {
        guard let app else { return nil }
        guard loader.graph.apps.contains(app) else {
            throw MigrationError.unknownApp(app, choices: loader.graph.apps)
        }
        guard let migration else {
            return loader.graph.leafNodes(of: app).map { .migration($0) }
        }
        if migration == "zero" { return [.zero(app: app)] }
        return [.migration(try loader.migration(startingWith: migration, in: app))]
    }

    private func summary(_ targets: [MigrationTarget]?, _ loader: MigrationLoader) -> String {
        switch targets?.first {
        case nil: "Apply all migrations: \(loader.graph.apps.joined(separator: ", "))"
        case .zero(let app): "Unapply all migrations: \(app)"
        case .migration(let key):
            migration == nil
                ? "Apply all migrations: \(key.app)"
                : "Target specific migration: \(key.name), from \(key.app)"
        }
    }

    private func show(_ steps: [MigrationPlanStep]) {
        print("Planned operations:")
        if steps.isEmpty { print("  No planned migration operations.") }
        for step in steps {
            print("\(step.migration.key)\(step.isBackwards ? " (undone)" : "")")
            for operation in step.migration.operations {
                print("    \(step.isBackwards ? "Undo " : "")\(operation.describe())")
            }
        }
    }

    private static func report(_ progress: MigrationProgress) {
        switch progress {
        case .started(let key, let isBackwards):
            printNow("  \(isBackwards ? "Unapplying" : "Applying") \(key)...", terminator: "")
        case .operation: break
        case .finished(_, _, let isFaked): printNow(isFaked ? " FAKED" : " OK")
        }
    }
}
