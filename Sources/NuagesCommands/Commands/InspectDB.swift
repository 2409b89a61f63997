import ArgumentParser
import NuagesORM
import NuagesViews

/// Prints models for the tables that a database has.
struct InspectDB: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspectdb",
        abstract: "Prints models for the tables that the database has.",
        discussion: """
            Where a database was there before the site: write the output to a file of an app, and \
            look through it. Relations, keys, lengths and unique columns are taken over; migrations \
            leave the tables alone (isManaged: false) until you say otherwise.
            """
    )

    @Argument(help: "The names of tables; all where there are none.")
    var tables: [String] = []

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func run() async throws {
        let (inspection, missing) = try await ModelInspection.reading(
            tables,
            from: try site.database(named: database)
        )
        guard missing.isEmpty else {
            let names = try await site.database(named: database).schema
                .tableNames(in: site.database(named: database))
            throw CommandFailure(
                "The database has no table \(missing.map { "'\($0)'" }.joined(separator: ", ")). "
                    + "Its tables are: \(names.joined(separator: ", "))."
            )
        }
        print(inspection.text, terminator: "")
    }
}
