import ArgumentParser
import NuagesORM
import NuagesViews

/// Prints the SQL of a migration.
struct SQLMigrate: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "sqlmigrate",
        abstract: "Prints the SQL of a migration; runs nothing."
    )

    @Argument(help: "The label of the app.")
    var app: String

    @Argument(help: "The name of the migration or its beginning, such as 0001.")
    var migration: String

    @Flag(help: "Prints the way back.")
    var backwards = false

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func run() async throws {
        let executor = try await site.migrationExecutor(database: database)
        let key = try executor.loader.migration(startingWith: migration, in: app)
        print(try await executor.sqlText(of: key, isBackwards: backwards))
    }
}
