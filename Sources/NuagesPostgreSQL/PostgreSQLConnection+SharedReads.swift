import CLibPQ
import NuagesORM

extension PostgreSQLConnection: SharingConnection {
    nonisolated func runAtOnce(_ reads: [SharedRead]) throws -> Bool? {
        try performAtOnce(fromOtherThreads: true, isCounted: false) { connection in
            if let deadline = connection.handle.deadline {
                // The ends of transactions are waited for elsewhere.
                connection.handle.deadline = reads.reduce(deadline) {
                    $0 + ($1.writes ? .microseconds(250) : $1.timeAmongOthers)
                }
            }
            try connection.run(reads)
            return connection.isUsableAndIdle
        }
    }

    /// Sends the statements of all reads in one pipeline; those behind one that fails are sent again.
    func run(_ reads: [SharedRead]) throws {
        if reads.first?.writes == true { return try runTogether(reads) }
        while true {
            let waiting = reads.filter { !$0.isEnded }
            guard !waiting.isEmpty else { return }
            let alone = waiting.filter(\.isAlone)
            var bindings = PostgreSQLBindings()
            guard alone.isEmpty, let requests = requests(of: waiting, &bindings) else {
                if isHurried { throw PostgreSQLRefusal() }
                try runEach(alone.isEmpty ? waiting.filter { !$0.isEnded } : alone)
                continue
            }
            try startForTask()
            // No task of them is the one that runs this.
            handle.endsWithTask = false
            try run(requests, bindings)
        }
    }

    /// How long the statements of a transaction wait for a lock: a transaction that is another's as
    /// well must not be what that one waits for, or stand in a circle with it.
    private static let lockTimeout = SQLStatement(
        "SELECT pg_catalog.set_config('lock_timeout', '5ms', true)"
    )

    /// Sends statements that write in one pipeline, which the server runs as one transaction.
    ///
    /// Where one of them fails nothing is kept; each ends then without a number of rows.
    private func runTogether(_ writes: [SharedRead]) throws {
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

    /// A statement of a read, with what it is prepared as.
    private struct Request {
        let read: SharedRead
        let index: Int
        let prepared: PostgreSQLStatement
        /// The positions of its values among those of all.
        let values: Range<Int>

        var statement: SQLStatement { read.statements[index] }
    }

    /// What to send for the reads; nil where a statement is not prepared yet.
    ///
    /// A read whose values cannot be sent is ended.
    ///
    /// - Parameters:
    ///   - reads: the reads.
    ///   - bindings: takes their values.
    /// - Returns: the statements.
    private func requests(
        of reads: [SharedRead],
        _ bindings: inout PostgreSQLBindings
    ) -> [Request]? {
        var requests: [Request] = []
        requests.reserveCapacity(reads.reduce(0) { $0 + $1.statements.count })
        for read in reads {
            let start = requests.count
            do {
                for (index, statement) in read.statements.enumerated() {
                    let values = try bindings.add(statement.bindings, text: statement.text)
                    guard
                        let prepared = statements.find(
                            statement.text,
                            where: { $0.takes(bindings, values) }
                        )
                    else { return nil }
                    requests.append(
                        Request(read: read, index: index, prepared: prepared, values: values)
                    )
                }
            } catch {
                read.end(throwing: error)
                requests.removeSubrange(start...)
            }
        }
        return requests
    }

    private func runEach(_ reads: [SharedRead]) throws {
        for read in reads {
            do {
                _ = try runMany(read.statements) { index, row in try read.take(&row, of: index) }
                read.end()
            } catch {
                read.end(throwing: error)
                guard isUsable else { throw error }
            }
        }
    }

    /// Sends statements, and hands their reads the results, as far as there are any.
    private func run(_ requests: [Request], _ bindings: PostgreSQLBindings) throws {
        guard !requests.isEmpty else { return }
        let sent = { requests.map(\.statement) }
        let results = try pipeline(sent) { () throws(DatabaseError) in
            for request in requests { try send(request.prepared, bindings, request.values) }
        }
        guard !results.isEmpty else { throw PostgreSQLError.lost(handle.connection) }
        var done: [SharedRead] = []
        defer { for read in done { read.end() } }
        let rows = PostgreSQLRows(results[0], requests[0].prepared.columns)
        var start = 0
        while start < requests.count {
            let read = requests[start].read
            let range = start..<(start + read.statements.count)
            start = range.upperBound
            // Rows are taken when all are there: what is sent again gives them again.
            for index in range {
                // What stands behind one that failed has not run.
                guard index < results.count else { return }
                if !results[index].isSuccess { return note(results[index], requests[index]) }
            }
            do {
                for index in range {
                    rows.take(results[index], requests[index].prepared.columns)
                    try rows.read { row in try read.take(&row, of: requests[index].index) }
                }
                done.append(read)
            } catch {
                read.end(throwing: error)
            }
        }
    }

    /// Ends the read of a statement that failed, or lets it be sent again.
    private func note(_ result: PostgreSQLResult, _ request: Request) {
        let text = request.statement.text
        if result.isOutdatedPlan {
            return forget(request.prepared.name, text, isKnown: !result.isUnknownStatement)
        }
        // Several reads have locks until the end of their pipeline, and only so stand in a circle.
        if result.isSerializationFailure, !request.read.isAlone {
            request.read.isAlone = true
            return
        }
        request.read.end(throwing: failure(result, text))
    }
}
