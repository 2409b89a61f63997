public import NuagesORM

extension Database {
    /// Runs `body` while nobody else on this PostgreSQL database has the lock of a number.
    ///
    ///     try await database.withAdvisoryLock(42) {
    ///         try await importPrices()
    ///     }
    ///     // SELECT pg_advisory_lock(42)
    ///     // SELECT pg_advisory_unlock(42)
    ///
    /// It locks no row and no table: only those wait that ask for the same number, in any process.
    /// Inside of a transaction the lock is the transaction's, and held until that has ended:
    /// another one then sees all that was written under it. Outside, `body` has a connection to
    /// itself, as in `withConnection`. The limit of time for statements is one for the wait too.
    ///
    /// - Parameters:
    ///   - key: the number.
    ///   - shared: whether others may have it at the same time who share it as well.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and `DatabaseError`; `notSupported` for other databases.
    public func withAdvisoryLock<Result>(
        _ key: Int64,
        shared: Bool = false,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try checkAdvisoryLocks()
        let kind: SQL = shared ? "_shared" : ""
        if isInTransaction {
            try await execute("SELECT pg_advisory_xact_lock\(sql: kind)(\(Int(key)))")
            return try await body()
        }
        return try await withConnection {
            try await execute("SELECT pg_advisory_lock\(sql: kind)(\(Int(key)))")
            do {
                let result = try await body()
                try await execute("SELECT pg_advisory_unlock\(sql: kind)(\(Int(key)))")
                return result
            } catch {
                // The end of the session unlocks it too, where that is this block's.
                _ = try? await execute("SELECT pg_advisory_unlock\(sql: kind)(\(Int(key)))")
                throw error
            }
        }
    }

    /// Takes the lock of a number for the rest of the transaction, if nobody else has it.
    ///
    ///     try await database.atomic {
    ///         guard try await database.tryAdvisoryLock(42) else { return }
    ///         try await sendNewsletter()
    ///     }
    ///     // SELECT pg_try_advisory_xact_lock(42)
    ///
    /// - Parameters:
    ///   - key: the number.
    ///   - shared: whether others may have it at the same time who share it as well.
    /// - Returns: whether the transaction has it now.
    /// - Throws: `DatabaseError`; `transactionMisused` outside of a transaction, and `notSupported`
    ///   for other databases.
    public func tryAdvisoryLock(_ key: Int64, shared: Bool = false) async throws -> Bool {
        try checkAdvisoryLocks()
        guard isInTransaction else {
            throw DatabaseError.transactionMisused(
                "'tryAdvisoryLock' takes a lock of a transaction: call it inside of 'atomic'."
            )
        }
        let kind: SQL = shared ? "_shared" : ""
        let rows = try await rows("SELECT pg_try_advisory_xact_lock\(sql: kind)(\(Int(key)))")
        return rows == [[.bool(true)]]
    }

    private func checkAdvisoryLocks() throws(DatabaseError) {
        guard dialect.vendor == "postgresql" else {
            throw .notSupported("Advisory locks are PostgreSQL's; '\(name)' is another database.")
        }
    }
}
