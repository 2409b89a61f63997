import NuagesORM

extension PostgreSQLSchemaDialect {
    /// What the statistics say; a table that was never looked at is counted up to a bound.
    func estimatedRows(of table: String, in database: Database) async throws -> Int? {
        let rows = try await database.rows(
            """
            SELECT c.reltuples::bigint FROM pg_class c
            WHERE c.relname = \(table) AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)
            """
        )
        guard case .int(let count)?? = rows.first?.first else { return nil }
        if count > 0 { return count }
        let counted = try await database.rows(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM \(identifier: table) LIMIT 1000000) AS "few"
            """
        )
        guard case .int(let few)?? = counted.first?.first else { return nil }
        return few
    }

    func withLockTimeout(
        _ timeout: Duration?,
        in database: Database,
        _ body: () async throws -> Void
    ) async throws {
        let before = try await lockTimeout(in: database)
        try await setLockTimeout(Self.text(timeout), isLocal: false, in: database)
        do {
            try await body()
        } catch {
            try? await MigrationTurn.uncancelled {
                try await setLockTimeout(before, isLocal: false, in: database)
            }
            throw error
        }
        try await MigrationTurn.uncancelled {
            try await setLockTimeout(before, isLocal: false, in: database)
        }
    }

    /// Runs changes in a transaction, whose end undoes the setting; where it is a part of another
    /// one, that one gets back what it had.
    func withLockTimeoutOfTransaction(
        _ timeout: Duration?,
        isPart: Bool,
        in database: Database,
        _ body: () async throws -> Void
    ) async throws {
        let before = isPart ? try await lockTimeout(in: database) : nil
        try await setLockTimeout(Self.text(timeout), isLocal: true, in: database)
        try await body()
        if let before { try await setLockTimeout(before, isLocal: true, in: database) }
    }

    private static func text(_ timeout: Duration?) -> String {
        "\(timeout.map { max(1, $0.inMilliseconds) } ?? 0)"
    }

    private func lockTimeout(in database: Database) async throws -> String {
        let rows = try await database.rows("SELECT pg_catalog.current_setting('lock_timeout')")
        guard case .text(let value)?? = rows.first?.first else { return "0" }
        return value
    }

    private func setLockTimeout(
        _ value: String,
        isLocal: Bool,
        in database: Database
    ) async throws {
        _ = try await database.rows(
            "SELECT pg_catalog.set_config('lock_timeout', \(value), \(isLocal))"
        )
    }

    func isLockTimeout(_ error: DatabaseError) -> Bool {
        guard case .operational(let message, _) = error else { return false }
        return message.hasPrefix(PostgreSQLError.lockTimeout)
    }

    func hazards(
        of statement: StatementWords,
        changing change: ColumnTypeChange?
    ) -> [MigrationHazard] {
        if let hazard = indexHazard(statement) { return [hazard] }
        guard let table = statement.name(after: "ALTER", "TABLE") else {
            return tableHazards(statement)
        }
        return constraintHazards(statement, table) + columnHazards(statement, table, change)
    }

    private func indexHazard(_ statement: StatementWords) -> MigrationHazard? {
        let isUnique = statement.starts(with: "CREATE", "UNIQUE", "INDEX")
        guard isUnique || statement.starts(with: "CREATE", "INDEX"),
            !statement.contains("CONCURRENTLY"), let table = statement.name(after: "ON")
        else { return nil }
        return MigrationHazard(
            .locksTable,
            table: table,
            "CREATE INDEX keeps others from writing until it has read the whole table.",
            advice: isUnique
                ? "CREATE UNIQUE INDEX CONCURRENTLY by RunSQL, with the operation in its "
                    + "stateOperations, in a migration of its own with isAtomic: false."
                : "AddIndexConcurrently(…) of NuagesPostgreSQL, in a migration of its own with "
                    + "isAtomic: false; for the index of a field, an index of the model in its place."
        )
    }

    private func constraintHazards(
        _ statement: StatementWords,
        _ table: String
    ) -> [MigrationHazard] {
        guard statement.contains("ADD", "CONSTRAINT") || statement.contains("ADD", "UNIQUE"),
            !statement.contains("NOT", "VALID"), !statement.contains("USING", "INDEX")
        else { return [] }
        let (reason, advice): (String, String)
        if statement.contains("FOREIGN", "KEY") {
            reason = "Nobody writes to both tables until all references were looked at."
            advice =
                "ADD CONSTRAINT … FOREIGN KEY … NOT VALID by RunSQL, then VALIDATE CONSTRAINT in a "
                + "later migration; the field's isEnforced: false in the state until then."
        } else if statement.contains("UNIQUE") {
            reason = "Nobody reads or writes the table until its unique index is built."
            advice =
                "CREATE UNIQUE INDEX CONCURRENTLY in a migration with isAtomic: false, then "
                + "ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX … by RunSQL, with the operation "
                + "in its stateOperations."
        } else if statement.contains("EXCLUDE") {
            reason = "Nobody reads or writes the table until its index is built."
            advice = "Do it while few people use the site; there is no way without the lock."
        } else {
            reason = "Nobody reads or writes the table until all rows were looked at."
            advice =
                "AddConstraintNotValid(…) of NuagesPostgreSQL, then ValidateConstraint(…) in a "
                + "later migration, which lets others write."
        }
        return [MigrationHazard(.locksTable, table: table, reason, advice: advice)]
    }

    private func columnHazards(
        _ statement: StatementWords,
        _ table: String,
        _ change: ColumnTypeChange?
    ) -> [MigrationHazard] {
        var hazards: [MigrationHazard] = []
        if statement.contains("SET", "NOT", "NULL") {
            hazards.append(
                MigrationHazard(
                    .locksTable,
                    table: table,
                    "Nobody reads or writes the table until all rows were looked at for nulls.",
                    advice: "A check 'column IS NOT NULL' by AddConstraintNotValid(…), then "
                        + "ValidateConstraint(…), then this change, which then needs no look at the "
                        + "rows, then remove the check."
                )
            )
        }
        let isTyped = statement.contains("TYPE") && statement.contains("ALTER", "COLUMN")
        let isFree = change.map(Self.isFree) ?? false
        let isCounting =
            statement.contains("ADD", "COLUMN")
            && (statement.contains("IDENTITY") || statement.contains("STORED"))
        if isTyped && !isFree || isCounting {
            hazards.append(
                MigrationHazard(
                    .rewritesTable,
                    table: table,
                    "Nobody reads or writes the table until all rows and indexes are written anew.",
                    advice:
                        "Add a second column, write both, copy by batches in a RunSwift, deploy a "
                        + "version that reads the new one, and drop the old one."
                )
            )
        }
        if statement.contains("ADD", "COLUMN"), statement.contains("DEFAULT"),
            statement.mentions(anyOf: Self.volatileFunctions)
        {
            hazards.append(
                MigrationHazard(
                    .rewritesTable,
                    table: table,
                    "Nobody reads or writes the table until all rows are written anew, each with a "
                        + "default of its own.",
                    advice:
                        "Add the field with null and without the default, give it the default by an "
                        + "AlterField, and fill the rows by batches in a RunSwift(isAtomic: false)."
                )
            )
        }
        if statement.contains("ADD", "COLUMN"), statement.contains("UNIQUE") {
            hazards.append(
                MigrationHazard(
                    .locksTable,
                    table: table,
                    "Nobody reads or writes the table until its unique index is built.",
                    advice: "Add the column without 'unique', then the index CONCURRENTLY."
                )
            )
        }
        return hazards
    }

    /// Functions that give each row another value.
    private static let volatileFunctions: Set<String> = [
        "CLOCK_TIMESTAMP", "GEN_RANDOM_UUID", "NEXTVAL", "RANDOM", "RANDOM_NORMAL", "TIMEOFDAY",
        "UUID_GENERATE_V1", "UUID_GENERATE_V4", "UUIDV4", "UUIDV7",
    ]

    /// Whether PostgreSQL changes the type without looking at the rows.
    private static func isFree(_ change: ColumnTypeChange) -> Bool {
        guard change.from != change.to else { return true }
        guard change.from.hasPrefix("varchar") else { return false }
        if change.to == "text" || change.to == "varchar" { return true }
        guard change.to.hasPrefix("varchar"),
            let before = length(change.from), let after = length(change.to)
        else { return false }
        return after >= before
    }

    private static func length(_ type: String) -> Int? {
        Int(String(decoding: type.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self))
    }

    private func tableHazards(_ statement: StatementWords) -> [MigrationHazard] {
        let isWhole = statement.starts(with: "UPDATE") && !statement.contains("WHERE")
        if isWhole, let table = statement.name(after: "UPDATE") {
            return [
                MigrationHazard(
                    .rewritesTable,
                    table: table,
                    "All rows are written anew in one transaction, and locked until its end.",
                    advice: "Change them by batches in a RunSwift(isAtomic: false)."
                )
            ]
        }
        guard
            let table = statement.name(after: "VACUUM", "FULL")
                ?? (statement.starts(with: "CLUSTER") ? statement.name(after: "CLUSTER") : nil)
        else { return [] }
        return [
            MigrationHazard(
                .rewritesTable,
                table: table,
                "Nobody reads or writes the table until it is written anew.",
                advice: "Leave it to the site's quiet hours, outside of migrations."
            )
        ]
    }
}

extension Duration {
    /// The whole milliseconds.
    var inMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
