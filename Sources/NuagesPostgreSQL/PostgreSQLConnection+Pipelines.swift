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

extension PostgreSQLConnection {
    /// More are sent one by one: none that is prepared for them may be forgotten before it is sent.
    private static let maxInFlight = 100

    /// A statement on its way.
    private struct Sent {
        /// Nil where it is not prepared.
        let prepared: PostgreSQLStatement?
        let bindings: PostgreSQLBindings
    }

    func runMany(
        _ list: [SQLStatement],
        eachRow: (Int, inout Row) throws -> Void
    ) throws -> [Int] {
        if isHurried, list.count > 1, !list.allSatisfy(isReadied) { throw PostgreSQLRefusal() }
        let isSimple = list.contains { !SessionSettings.isPrepared($0.text) }
        if isSimple || list.count > Self.maxInFlight || list.count < 2 {
            // Those before one that is refused would run again.
            if isHurried, list.count > 1 { throw PostgreSQLRefusal() }
            return try list.enumerated().map { index, statement in
                try run(statement) { row in try eachRow(index, &row) }
            }
        }
        try startForTask()
        let sent = try list.map { try readied($0) }
        // `prepare` has sent a waiting BEGIN, unless all were prepared before.
        let begin = pendingBegin
        var results = try pipeline(begin == nil ? { list } : nil) { () throws(DatabaseError) in
            if let begin { try send(begin, nil) }
            for (statement, sent) in zip(list, sent) {
                if let prepared = sent.prepared {
                    try send(prepared, sent.bindings)
                } else {
                    try send(statement.text, sent.bindings)
                }
            }
        }
        if begin != nil {
            pendingBegin = nil
            if results.first?.isSuccess == true { results.removeFirst() }
        }
        if let failed = results.firstIndex(where: { !$0.isSuccess }) {
            let index = min(failed, list.count - 1)
            let text = list[index].text
            if results[failed].isOutdatedPlan, let name = sent[index].prepared?.name {
                forget(name, text, isKnown: !results[failed].isUnknownStatement)
            }
            throw failure(results[failed], text)
        }
        guard results.count == list.count else { throw PostgreSQLError.lost(handle.connection) }
        for (index, result) in results.enumerated() {
            let columns = sent[index].prepared?.columns ?? ColumnKinds(asText: result)
            try PostgreSQLRows(result, columns).read { row in try eachRow(index, &row) }
        }
        return results.map(\.changeCount)
    }

    /// Whether a statement is prepared before it runs.
    private func isReadied(_ statement: SQLStatement) -> Bool {
        isKept(statement.text) && statement.bindings.count <= Self.maxDescribed
    }

    /// Prepares a statement, unless it is too long to be kept or to be described.
    private func readied(_ statement: SQLStatement) throws -> Sent {
        let bindings = try PostgreSQLBindings(statement.bindings, text: statement.text)
        guard isReadied(statement) else {
            try check(statement.text)
            return Sent(prepared: nil, bindings: bindings)
        }
        let known = try prepare(statement.text, bindings)
        return Sent(prepared: known, bindings: bindings)
    }
}
