import NuagesCore
import NuagesORM

extension MySQLSchemaDialect {
    /// What the statistics say.
    func estimatedRows(of table: String, in database: Database) async throws -> Int? {
        let rows = try await database.rows(
            """
            SELECT table_rows FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_name = \(table)
            """
        )
        guard case .int(let count)?? = rows.first?.first else { return nil }
        return count
    }

    /// The most seconds that MariaDB takes: a year.
    private static let forever = 31_536_000

    /// Runs changes whose statements wait for others who use a table for a time of their own.
    func withLockTimeout(
        _ timeout: Duration?,
        in database: Database,
        _ body: () async throws -> Void
    ) async throws {
        let rows = try await database.rows("SELECT @@SESSION.lock_wait_timeout")
        guard case .int(let before)?? = rows.first?.first else { return try await body() }
        let seconds = timeout.map { min(max(1, Int($0.components.seconds)), Self.forever) }
        try await setLockTimeout(seconds ?? Self.forever, in: database)
        do {
            try await body()
        } catch {
            try? await MigrationTurn.uncancelled {
                try await setLockTimeout(Int(before), in: database)
            }
            throw error
        }
        try await MigrationTurn.uncancelled {
            try await setLockTimeout(Int(before), in: database)
        }
    }

    private func setLockTimeout(_ seconds: Int, in database: Database) async throws {
        try await database.execute(SQL(unsafe: "SET SESSION lock_wait_timeout = \(seconds)"))
    }

    func isLockTimeout(_ error: DatabaseError) -> Bool {
        guard case .operational(let message, _) = error else { return false }
        return message.containsBytes("Lock wait timeout")
    }

    func hazards(
        of statement: StatementWords,
        changing change: ColumnTypeChange?
    ) -> [MigrationHazard] {
        guard let table = statement.name(after: "ALTER", "TABLE") else {
            guard statement.starts(with: "UPDATE"), !statement.contains("WHERE"),
                let table = statement.name(after: "UPDATE")
            else { return [] }
            return [
                MigrationHazard(
                    .rewritesTable,
                    table: table,
                    "All rows are written anew in one transaction, and locked until its end.",
                    advice: "Change them by batches in a RunSwift(isAtomic: false)."
                )
            ]
        }
        if statement.contains("MODIFY"), let change, Self.isFree(change) { return [] }
        let copies =
            statement.contains("MODIFY") || statement.contains("CHECK")
            || statement.contains("FOREIGN", "KEY") && !statement.contains("DROP")
            || statement.contains("STORED") || statement.contains("PERSISTENT")
            || statement.contains("ADD", "COLUMN") && statement.contains("DEFAULT")
                && statement.mentions(anyOf: Self.volatileFunctions)
        guard copies else { return [] }
        return [
            MigrationHazard(
                .rewritesTable,
                table: table,
                "MariaDB copies the table, and nobody writes to it meanwhile.",
                advice:
                    "Do it while few people use the site; or let a tool such as gh-ost copy the "
                    + "table, and record the migration with migrate --fake."
            )
        ]
    }

    /// Functions that give each row another value.
    private static let volatileFunctions: Set<String> = [
        "RANDOM_BYTES", "SYSDATE", "SYS_GUID", "UUID", "UUID_SHORT",
    ]

    /// Whether MariaDB changes the type without copying rows: a longer text whose length still has
    /// one byte.
    private static func isFree(_ change: ColumnTypeChange) -> Bool {
        guard change.from.hasPrefix("varchar"), change.to.hasPrefix("varchar"),
            let before = length(change.from), let after = length(change.to)
        else { return false }
        return after > before && after < 64
    }

    private static func length(_ type: String) -> Int? {
        Int(String(decoding: type.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self))
    }
}
