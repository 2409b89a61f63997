import ArgumentParser
import NuagesORM
import NuagesViews

/// Lists the migrations and which of them the database has had.
struct ShowMigrations: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "showmigrations",
        abstract: "Lists all migrations, with a cross at those that are applied."
    )

    @Argument(help: "The labels of apps; all where there are none.")
    var apps: [String] = []

    @Flag(name: [.short, .long], help: "Lists them in the order in which they are applied.")
    var plan = false

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func run() async throws {
        let loader = try await site.migrationExecutor(database: database).loader
        if plan {
            for key in loader.graph.fullPlan where apps.isEmpty || apps.contains(key.app) {
                print("[\(loader.applied.contains(key) ? "X" : " ")]  \(key)")
            }
            return
        }
        for (app, migrations) in try loader.overview(of: apps) {
            print(app)
            if migrations.isEmpty { print(" (no migrations)") }
            for migration in migrations {
                print(" [\(migration.isApplied ? "X" : " ")] \(migration.name)")
            }
        }
    }
}
