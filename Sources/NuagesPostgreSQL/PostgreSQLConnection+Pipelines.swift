import CLibPQ
import NuagesORM

extension PostgreSQLConnection {
    /// Sends one statement, behind the one that begins its transaction, and reads its result.
    ///
    /// - Parameters:
    ///   - statement: what is sent, where another thread may do so; see ``unanswered``.
    ///   - send: sends it.
    /// - Returns: its result, which may be an error of the server's.
    /// - Throws: ``DatabaseError`` of the connection, ``PostgreSQLRefusal``, ``CancellationError``.
    func exchange(
        _ statement: SQLStatement? = nil,
        _ send: () throws(DatabaseError) -> Void
    ) throws -> PostgreSQLResult {
        if let begin = pendingBegin {
            let results = try pipeline { () throws(DatabaseError) in
                try self.send(begin, nil)
                try send()
            }
            pendingBegin = nil
            guard results.count == 2, results[0].isSuccess else {
                throw results.first.map { failure($0, begin) }
                    ?? PostgreSQLError.lost(handle.connection)
            }
            return results[1]
        }
        if isHurried, statement == nil { throw PostgreSQLRefusal() }
        let isSent = try !unanswered.isEmpty && takeUnanswered(statement.map { [$0] } ?? [])
        do {
            if !isSent { try send() }
            try handle.flush()
            return try handle.onlyResult()
        } catch {
            throw interrupted(error, statement.map { [$0] } ?? [])
        }
    }

    /// Sends several statements at once and reads what each of them results in.
    ///
    /// After one that fails the rest are passed over.
    ///
    /// - Parameters:
    ///   - statements: what is sent, where another thread may do so; see ``unanswered``. Nil where
    ///     none may.
    ///   - send: sends them.
    /// - Returns: the results up to the first that is an error of the server's.
    /// - Throws: as ``exchange(_:_:)``.
    func pipeline(
        _ statements: (() -> [SQLStatement])? = nil,
        _ send: () throws(DatabaseError) -> Void
    ) throws -> [PostgreSQLResult] {
        if isHurried, statements == nil { throw PostgreSQLRefusal() }
        let isSent = try !unanswered.isEmpty && takeUnanswered(statements?() ?? [])
        guard isSent || PQenterPipelineMode(handle.connection) == 1 else {
            throw PostgreSQLError.lost(handle.connection)
        }
        do {
            if !isSent {
                try send()
                guard PQpipelineSync(handle.connection) == 1 else {
                    throw PostgreSQLError.lost(handle.connection)
                }
            }
            try handle.flush()
            let results = try handle.resultsOfPipeline()
            PQexitPipelineMode(handle.connection)
            return results
        } catch {
            throw interrupted(error, statements?() ?? [])
        }
    }

    /// Whether statements were sent already and wait for their answer; that of others is passed
    /// over.
    private func takeUnanswered(_ statements: [SQLStatement]) throws -> Bool {
        guard !unanswered.isEmpty else { return false }
        defer { unanswered = [] }
        if unanswered == statements { return true }
        try passOverUnanswered()
        return false
    }

    /// Reads the answer to what was sent on another thread and is not run again.
    func passOverUnanswered() throws {
        guard !unanswered.isEmpty else { return }
        unanswered = []
        try handle.flush()
        if PQpipelineStatus(handle.connection) == PQ_PIPELINE_OFF {
            _ = try handle.onlyResult()
        } else {
            _ = try handle.resultsOfPipeline()
            PQexitPipelineMode(handle.connection)
        }
    }

    /// What to throw for an error in the middle of an exchange with the server.
    private func interrupted(_ error: any Error, _ statements: [SQLStatement]) -> any Error {
        if error is PostgreSQLRefusal {
            unanswered = statements
            return error
        }
        isDamaged = true
        return isGivenUp ? CancellationError() : error
    }
}
