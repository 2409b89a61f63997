import ArgumentParser
import NuagesCore
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

    @Flag(
        help: """
            Shows what locks or rewrites big tables, loses data or breaks the version that still \
            runs, and does nothing; ends with status 1 where there is such a thing.
            """
    )
    var checkSafety = false

    @Flag(help: "Forgets the records of an app's migrations that do not exist any more.")
    var prune = false

    @Flag(name: [.customLong("run-syncdb")], help: "Makes the tables of apps without migrations.")
    var runSyncDB = false

    @Flag(
        name: [.customLong("noinput"), .customLong("no-input")],
        help: "Asks no questions; there are none."
    )
    var noInput = false

    @Flag(help: "Does not look for mistakes in the site's set-up first.")
    var skipChecks = false

    @Option(
        help: """
            How many seconds a change waits for others who use a table, or who write to a database \
            of SQLite; 0 for ever.
            """
    )
    var lockTimeout = 10

    @Option(name: [.short, .long], help: "0 prints nothing, 1 each operation, 2 their times too.")
    var verbosity = 1

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func validate() throws {
        if prune, app == nil { throw ValidationError("Name the app that is pruned.") }
        guard lockTimeout >= 0 else {
            throw ValidationError("--lock-timeout is 0 or more seconds.")
        }
    }

    func run() async throws {
        let site = try site
        if !skipChecks { try await checkSite(site) }
        let executor = try await site.migrationExecutor(database: database)
        try executor.loader.checkHistory()
        try executor.loader.checkConflicts()
        if prune { return try await pruneRecords(executor) }
        let targets = try self.targets(executor.loader, site)
        let steps = try executor.loader.plan(to: targets)
        if checkSafety { return try await showDangers(executor, steps) }
        if plan { show(steps) }
        if check, !steps.isEmpty {
            if !plan { show(steps) }
            throw ExitCode(1)
        }
        if plan || check { return }
        let plainApps = self.plainApps(site)
        say("Operations to perform:")
        if !plainApps.isEmpty {
            say("  Synchronize unmigrated apps: \(plainApps.sorted().joined(separator: ", "))")
        }
        say("  \(summary(targets, executor.loader))")
        let reporter = MigrationReporter(verbosity: verbosity)
        try await executor.migrate(
            to: targets,
            options: MigrationOptions(
                isFake: fake,
                fakesInitial: fakeInitial,
                lockTimeout: timeout
            ),
            preparing: {
                try await synchronize(plainApps, executor, site)
                say("Running migrations:")
                if steps.isEmpty { say("  No migrations to apply.") }
            },
            report: { reporter.report($0) }
        )
        if steps.isEmpty { try await warnOfChanges() }
    }

    private var timeout: Duration? { lockTimeout == 0 ? nil : .seconds(lockTimeout) }

    private func say(_ text: String) { if verbosity > 0 { printNow(text) } }

    private func checkSite(_ site: SiteContext) async throws {
        let messages = try await site.check(forDeployment: false).filter { $0.level >= .error }
        guard !messages.isEmpty else { return }
        throw CommandFailure(
            "\(CheckReport(messages: messages).text)\nMend this first, or migrate with --skip-checks."
        )
    }

    /// Says where models differ from what the migrations make, as people forget `makemigrations`.
    private func warnOfChanges() async throws {
        guard verbosity > 0 else { return }
        let changed = try ModelChanges(site: site).changedApps()
        guard !changed.isEmpty else { return }
        print(
            "  Your models in app(s) \(changed.joined(separator: ", ")) have changes that no "
                + "migration has yet.\n  Run 'makemigrations', build, and run 'migrate' again."
        )
    }

    private func pruneRecords(_ executor: MigrationExecutor) async throws {
        guard let app else { return }
        say("Pruning migrations:")
        let pruned = try await executor.prune(app, lockTimeout: timeout)
        for key in pruned { say("  Pruning \(key) OK") }
        if pruned.isEmpty { say("  No migrations to prune.") }
    }

    /// The apps without migrations whose tables are made.
    private func plainApps(_ site: SiteContext) -> Set<String> {
        runSyncDB ? site.unmigratedApps.filter { app == nil || app == $0 } : []
    }

    private func synchronize(
        _ apps: Set<String>,
        _ executor: MigrationExecutor,
        _ site: SiteContext
    ) async throws {
        if apps.isEmpty { return }
        say("Synchronizing apps without migrations:\n  Creating tables...")
        let isQuiet = verbosity == 0
        try await executor.makeTables(
            of: apps,
            in: site.declaredState,
            lockTimeout: timeout
        ) { table in
            if !isQuiet { printNow("    Creating table \(table)") }
        }
    }

    private func targets(
        _ loader: MigrationLoader,
        _ site: SiteContext
    ) throws -> [MigrationTarget]? {
        guard let app else { return nil }
        if runSyncDB, site.unmigratedApps.contains(app) { return [] }
        guard loader.graph.apps.contains(app) else {
            throw MigrationError.unknownApp(app, choices: loader.graph.apps)
        }
        if runSyncDB {
            throw CommandFailure("The app '\(app)' has migrations: leave --run-syncdb out.")
        }
        guard let migration else {
            return loader.graph.leafNodes(of: app).map { .migration($0) }
        }
        if migration == "zero" { return [.zero(app: app)] }
        return [.migration(try loader.migration(startingWith: migration, in: app))]
    }

    private func summary(_ targets: [MigrationTarget]?, _ loader: MigrationLoader) -> String {
        switch targets?.first {
        case nil:
            "Apply all migrations: "
                + (targets == nil && !loader.graph.apps.isEmpty
                    ? loader.graph.apps.joined(separator: ", ") : "(none)")
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
                let isStuck = step.isBackwards && !operation.isReversible
                print(
                    "    \(step.isBackwards ? "Undo " : "")\(operation.describe())"
                        + (isStuck ? " (IRREVERSIBLE)" : "")
                )
            }
        }
    }

    private func showDangers(
        _ executor: MigrationExecutor,
        _ steps: [MigrationPlanStep]
    ) async throws {
        let warnings = try await executor.safetyWarnings(of: steps)
        guard !warnings.isEmpty else {
            return print(
                steps.isEmpty
                    ? "No migrations to apply." : "Nothing dangerous in \(steps.count) migrations."
            )
        }
        for warning in warnings { print("[\(warning.hazard.kind.title)] \(warning)\n") }
        throw ExitCode(1)
    }
}

extension MigrationHazard.Kind {
    /// The kind in words.
    var title: String {
        switch self {
        case .locksTable: "locks a table"
        case .rewritesTable: "rewrites a table"
        case .losesData: "loses data"
        case .breaksRunningVersion: "breaks the version that runs"
        }
    }
}
