import ArgumentParser
import NuagesORM
import NuagesViews

/// Makes the operations of a migration fewer.
struct OptimizeMigration: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizemigration",
        abstract: "Replaces the operations of a migration by fewer that come to the same."
    )

    @Argument(help: "The label of the app.")
    var app: String

    @Argument(help: "The name of the migration or its beginning, such as 0001.")
    var migration: String

    @Flag(help: "Ends with status 1 where there could be fewer, and writes nothing.")
    var check = false

    func run() async throws {
        let site = try site
        let files = MigrationFiles(site: site, hasHeader: true)
        try files.requireBuilt(app, "optimizemigration")
        let loader = try site.migrationLoader()
        let key = try loader.migration(startingWith: migration, in: app)
        let optimized = try loader.optimizing(key)
        let count = optimized.migration.operations.count
        guard count < optimized.operationCount else { return print("No optimizations possible.") }
        print("Optimizing from \(optimized.operationCount) operations to \(count) operations.")
        if check { throw ExitCode(1) }
        let isNew = optimized.migration.key != key
        try files.save(optimized.migration, mayReplace: !isNew)
        if isNew {
            try files.saveIndex(of: app, names: files.built(app) + [optimized.migration.name])
            print(
                """
                Swift code to be moved by hand
                  The new migration names code of the old one (operations[…]). Move it there before
                  you delete its file.
                """
            )
        }
        let path = files.shown(try files.path(of: optimized.migration.key))
        print("Optimized migration \(path)")
    }
}
