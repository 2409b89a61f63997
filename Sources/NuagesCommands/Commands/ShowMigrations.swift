import ArgumentParser
import NuagesORM
import NuagesViews

/// Lists the migrations and which of them the database has had.
struct ShowMigrations: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "showmigrations",
        abstract: "Lists all migrations, with a cross at those that are applied."
    )

    /// How migrations are listed.
    enum Format: String, EnumerableFlag {
        case list
        case plan

        static func name(for value: Self) -> NameSpecification { [.short, .long] }

        static func help(for value: Self) -> ArgumentHelp? {
            value == .list
                ? "Lists them by app; those that are applied have a cross."
                : "Lists them in the order in which they are applied, of apps with what these need."
        }
    }

    @Argument(help: "The labels of apps; all where there are none.")
    var apps: [String] = []

    @Flag(exclusivity: .chooseLast)
    var format = Format.list

    @Option(name: [.short, .long], help: "2 also shows what each migration of a plan comes after.")
    var verbosity = 1

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func run() async throws {
        let loader = try await site.migrationExecutor(database: database).loader
        for app in apps where !loader.graph.apps.contains(app) {
            throw MigrationError.unknownApp(app, choices: loader.graph.apps)
        }
        switch format {
        case .list: try showList(loader)
        case .plan: try showPlan(loader)
        }
    }

    private func showList(_ loader: MigrationLoader) throws {
        for (app, migrations) in try loader.overview(of: apps) {
            print(app)
            if migrations.isEmpty { print(" (no migrations)") }
            for (name, isApplied) in migrations {
                let key = MigrationKey(app, name)
                let count = loader.graph.migrations[key]?.replaces.count ?? 0
                let title = name + (count > 0 ? " (\(count) squashed migrations)" : "")
                if !isApplied {
                    print(" [ ] \(title)")
                } else if loader.recorded.contains(key) {
                    print(" [X] \(title)")
                } else {
                    print(" [-] \(title) Run 'migrate' to finish recording.")
                }
            }
        }
    }

    private func showPlan(_ loader: MigrationLoader) throws {
        var seen: Set<MigrationKey> = []
        for leaf in loader.graph.leafNodes() where apps.isEmpty || apps.contains(leaf.app) {
            for key in try loader.graph.forwardsPlan(to: leaf) where seen.insert(key).inserted {
                let parents = loader.graph.parents(of: key)
                let links =
                    verbosity < 2 || parents.isEmpty
                    ? "" : " ... (\(parents.map(\.description).joined(separator: ", ")))"
                print("[\(loader.applied.contains(key) ? "X" : " ")]  \(key)\(links)")
            }
        }
        if seen.isEmpty { print("(no migrations)") }
    }
}
