import Foundation
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite

/// What a process of a site does to a database while tests end it or run two of it side by side.
///
///     database-fault-program URL write 100 name     # 100 transactions that read and insert
///     database-fault-program URL hang               # one transaction that never ends
///     database-fault-program URL migrate 17         # a migration that ends at a statement
///     database-fault-program URL migrate-for 1700   # a migration that ends after microseconds
@main
struct DatabaseFaultProgram {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 2 else { return }
        let database = try Database.open(
            arguments[1],
            drivers: [SQLiteDriver(), PostgreSQLDriver(), MySQLDriver()]
        )
        switch arguments[2] {
        case "write":
            let count = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
            for _ in 0..<count {
                try await database.retrying(attempts: 50) {
                    let rows = try await database.rows("SELECT COUNT(*) FROM faults")
                    guard case .int(let number)?? = rows.first?.first else { return }
                    try await database.execute("INSERT INTO faults (number) VALUES (\(number))")
                }
            }
            await database.close()
        case "migrate":
            let end = arguments.count > 3 ? Int(arguments[3]) : nil
            try await InterruptedMigration.run(database, endingAt: end)
            await database.close()
        case "migrate-for":
            let time = arguments.count > 3 ? UInt32(arguments[3]) : nil
            try await InterruptedMigration.run(database, endingAfter: time)
            await database.close()
        default:
            try await database.atomic {
                try await database.execute("INSERT INTO faults (number) VALUES (-1)")
                print("ready")
                fflush(nil)
                // The answer never comes: the test ends the process.
                _ = readLine()
            }
        }
    }
}
