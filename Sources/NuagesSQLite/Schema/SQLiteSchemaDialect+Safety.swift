import NuagesORM

extension SQLiteSchemaDialect {
    /// The highest number of a row, which is found without counting.
    func estimatedRows(of table: String, in database: Database) async throws -> Int? {
        let found = try await database.rows(
            """
            SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(table)
                AND sql NOT LIKE '%WITHOUT ROWID%' AND sql NOT LIKE 'CREATE VIRTUAL%'
            """
        )
        if found.isEmpty { return nil }
        let rows = try await database.rows(
            "SELECT COALESCE(MAX(rowid), 0) FROM \(identifier: table)"
        )
        guard case .int(let count)?? = rows.first?.first else { return nil }
        return count
    }

    func isLockTimeout(_ error: DatabaseError) -> Bool {
        guard case .operational(let message, _) = error else { return false }
        return message == "database is locked" || message == "database schema is locked"
    }

    func hazards(
        of statement: StatementWords,
        changing change: ColumnTypeChange?
    ) -> [MigrationHazard] {
        if statement.starts(with: "CREATE", "TABLE"),
            let temporary = statement.name(after: "CREATE", "TABLE"),
            temporary.hasPrefix(SQLiteRebuild.prefix)
        {
            return [
                MigrationHazard(
                    .rewritesTable,
                    table: String(temporary.dropFirst(SQLiteRebuild.prefix.count)),
                    "The table is built anew and its rows are copied; nobody writes to the database "
                        + "meanwhile.",
                    advice: "A column that may be null and has no default is added without a copy; "
                        + "several changes of one table are best made in one quiet hour."
                )
            ]
        }
        let isIndex =
            statement.starts(with: "CREATE", "INDEX")
            || statement.starts(with: "CREATE", "UNIQUE", "INDEX")
        guard isIndex, let table = statement.name(after: "ON"),
            !table.hasPrefix(SQLiteRebuild.prefix)
        else { return [] }
        return [
            MigrationHazard(
                .locksTable,
                table: table,
                "CREATE INDEX reads the whole table, and nobody writes to the database meanwhile.",
                advice: "Do it while few people use the site."
            )
        ]
    }
}
