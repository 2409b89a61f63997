import CLibPQ
import NuagesORM

extension PostgreSQLConnection {
    /// How long the statements of a transaction wait for a lock: a transaction that is another's as
    /// well must not be what that one waits for, or stand in a circle with it.
    private static let lockTimeout = SQLStatement(
        "SELECT pg_catalog.set_config('lock_timeout', '5ms', true)"
    )

    /// Sends statements that write in one pipeline, which the server runs as one transaction.
    ///
    /// Where one of them fails nothing is kept; each ends then without a number of rows.
    func runTogether(_ writes: [SharedRead]) throws {
        // What was sent on another thread is not sent again, whoever has been cancelled meanwhile.
        let writes = writes.filter { $0.isSent || !$0.isEnded }
        guard let first = writes.first else { return }
        // What was sent and has no answer to wait for may have been run.
        if first.isSent, unanswered.isEmpty { throw PostgreSQLError.lost(handle.connection) }
        try startForTask()
        handle.endsWithTask = false
        var bindings = PostgreSQLBindings()
        guard let (limit, requests) = try transaction(of: writes, &bindings) else {
            for write in writes { write.end() }
            return
        }
        for write in writes { write.isSent = true }
        let sent = { [Self.lockTimeout] + requests.map(\.statement) }
        let results = try pipeline(sent) { () throws(DatabaseError) in
            try send(limit, bindings, 0..<0)
            for request in requests { try send(request.prepared, bindings, request.values) }
        }
        guard results.count == requests.count + 1, results.allSatisfy(\.isSuccess) else {
            let state = try stateOfFailure(results)
            // Those before the one that failed have a result each, behind that of the timeout. One
            // that only found a row locked is none to be wary of.
            let failed = results.count - 2
            if requests.indices.contains(failed), state != "55P03" {
                requests[failed].read.hasFailed = true
            }
            for write in writes { write.end() }
            return
        }
        // Told together, so that what their tasks do next comes together too.
        var done: [SharedRead] = []
        let rows = PostgreSQLRows(results[0], limit.columns)
        for (request, result) in zip(requests, results.dropFirst()) {
            do {
                rows.take(result, request.prepared.columns)
                try rows.read { row in try request.read.take(&row, of: request.index) }
                request.read.changeCount = result.changeCount
                done.append(request.read)
            } catch {
                request.read.end(throwing: error)
            }
        }
        for read in done { read.end() }
    }

    /// Throws unless the server has said that it took a transaction back: what else ends one, such as
    /// a lost connection, may have come after it was kept.
    ///
    /// - Returns: the server's code for why.
    private func stateOfFailure(_ results: [PostgreSQLResult]) throws -> String {
        let state = results.last { !$0.isSuccess }?.error(PostgreSQLError.Field.state) ?? ""
        let isUnsure = state.isEmpty || state.hasPrefix("08") || state.hasPrefix("57P")
        guard isUsable, !isUnsure, state != "40003" else {
            isDamaged = true
            throw PostgreSQLError.lost(handle.connection)
        }
        return state
    }

    /// What to send for statements that write, prepared where they are not yet; nil where one of
    /// them cannot be sent.
    private func transaction(
        of writes: [SharedRead],
        _ bindings: inout PostgreSQLBindings
    ) throws -> (limit: PostgreSQLStatement, requests: [Request])? {
        for isRepeated in [false, true] {
            let requests = requests(of: writes, &bindings)
            let limit = statements.find(Self.lockTimeout.text, where: { _ in true })
            if let requests, let limit {
                return requests.count == writes.count ? (limit, requests) : nil
            }
            if isRepeated { return nil }
            if isHurried { throw PostgreSQLRefusal() }
            bindings = PostgreSQLBindings()
            do {
                for statement in [Self.lockTimeout] + writes.flatMap(\.statements) {
                    let values = try PostgreSQLBindings(statement.bindings, text: statement.text)
                    _ = try prepare(statement.text, values)
                }
            } catch {
                guard isUsable else { throw error }
                // Whose statement it is will be told so.
                return nil
            }
        }
        return nil
    }
}
