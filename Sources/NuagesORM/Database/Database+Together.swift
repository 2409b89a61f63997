import NuagesCore

extension Database {
    /// The most statements that are sent at once.
    private static let maxTogether = 200
    /// The most that share a transaction: the rows that one has changed are locked until the last
    /// has run.
    private static let maxInTransaction = 8

    /// Runs statements together with those of other tasks that the thread serves in this round.
    ///
    /// To wait for an answer costs more than most statements do, for the thread and for the server
    /// as well; so all that a round asks is asked at its end, and waited for once. The driver has to
    /// be able to do so (``DatabaseFeatures/supportsSharedReads``), the statements have to be quick
    /// (``QuickStatements``), and the task must be outside of transactions.
    ///
    /// - Parameters:
    ///   - statements: statements of the query language, which change nothing.
    ///   - value: what there is before the first row.
    ///   - eachRow: adds a row, with the position of its statement.
    /// - Returns: the value with all rows; nil where they have to be run otherwise.
    /// - Throws: what `eachRow` throws, and ``DatabaseError``.
    func readTogether<Value: Sendable>(
        _ statements: [SQLStatement],
        into value: Value,
        _ eachRow: @escaping @Sendable (inout Value, Int, inout Row) throws -> Void
    ) async throws -> Value? {
        guard features.supportsSharedReads, EventRound.current != nil else { return nil }
        let scope = DatabaseScope.current
        let name = statements.nameTogether
        guard scope.wrapper == nil, scope.session(for: core) == nil,
            core.quickStatements.contains(name)
        else {
            return nil
        }
        if Task.isCancelled { throw CancellationError() }
        let read = ValueRead(statements, name, value, eachRow)
        return try await observing(statements, scope) {
            try await read.wait { collect(read) }
            return (read.value, .zero)
        }
    }

    /// Runs a statement that writes together with those of other tasks that the thread serves in
    /// this round, in one transaction.
    ///
    /// Waiting for the end of a transaction costs more than most statements do. Nobody waits long
    /// for another's: only short statements come together, few of them, and where one has to wait
    /// for a lock or fails nothing is kept, and each is run by itself. The task must be outside of
    /// transactions.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - value: what there is before the first row.
    ///   - eachRow: adds a row that the statement returns.
    /// - Returns: the value with all rows, and the number of rows that were changed; nil where the
    ///   statement has to be run otherwise.
    /// - Throws: what `eachRow` throws, and ``DatabaseError``.
    func writeTogether<Value: Sendable>(
        _ statement: SQLStatement,
        into value: Value,
        _ eachRow: @escaping @Sendable (inout Value, inout Row) throws -> Void
    ) async throws -> (value: Value, count: Int)? {
        guard features.supportsSharedReads, EventRound.current != nil,
            core.shortWrites.contains(statement.text)
        else { return nil }
        if Task.isCancelled { throw CancellationError() }
        let write = ValueRead([statement], statement.text, value, writes: true) {
            try eachRow(&$0, &$2)
        }
        try await write.wait { collect(write) }
        return write.changeCount.map { (write.value, $0) }
    }

    /// The rows of a statement of the query language, as a value; together with other tasks' where
    /// that is possible.
    ///
    /// - Parameters:
    ///   - statement: the statement, which changes nothing.
    ///   - value: what there is before the first row.
    ///   - eachRow: adds a row.
    /// - Returns: the value with all rows.
    /// - Throws: what `eachRow` throws, and ``DatabaseError``.
    @inline(__always)
    func read<Value: Sendable>(
        _ statement: SQLStatement,
        into value: Value,
        _ eachRow: @escaping @Sendable (inout Value, inout Row) throws -> Void
    ) async throws -> Value {
        if features.supportsSharedReads,
            let result = try await readTogether(
                [statement],
                into: value,
                { try eachRow(&$0, &$2) }
            )
        {
            return result
        }
        return try await perform(statement, mode: .read) { connection in
            var value = value
            _ = try connection.run(statement) { row in try eachRow(&value, &row) }
            return value
        }
    }

    /// The rows of statements of the query language, as a value; together with other tasks' where
    /// that is possible.
    ///
    /// - Parameters:
    ///   - statements: the statements, which change nothing.
    ///   - value: what there is before the first row.
    ///   - eachRow: adds a row, with the position of its statement.
    /// - Returns: the value with all rows.
    /// - Throws: what `eachRow` throws, and ``DatabaseError``.
    func read<Value: Sendable>(
        _ statements: [SQLStatement],
        into value: Value,
        _ eachRow: @escaping @Sendable (inout Value, Int, inout Row) throws -> Void
    ) async throws -> Value {
        if let result = try await readTogether(statements, into: value, eachRow) { return result }
        return try await performMany(statements, mode: .read) { connection, statements in
            var value = value
            _ = try connection.runMany(statements) { try eachRow(&value, $0, &$1) }
            return value
        }
    }

    private func collect(_ read: SharedRead) {
        // Nobody has changed threads since the round was looked for; but if it were so, there is
        // still a way.
        guard let round = EventRound.current else { return runElsewhere([read]) }
        let owner = ObjectIdentifier(core)
        if let batch = round.collected[owner] as? ReadBatch { return batch.add(read) }
        let batch = ReadBatch()
        batch.add(read)
        round.collected[owner] = batch
        round.whenOver { [self] in
            round.collected[owner] = nil
            for part in batch.parts(maxRead: Self.maxTogether, maxWritten: Self.maxInTransaction) {
                run(part)
            }
        }
    }

    /// Notes how long statements have taken; one that has failed is run by itself next time.
    private func note(_ reads: some Sequence<SharedRead>, took time: Duration) {
        for read in reads {
            let statements = read.writes ? core.shortWrites : core.quickStatements
            if read.hasFailed {
                statements.forget(read.name)
            } else {
                statements.note(read.name, took: time)
            }
        }
    }

    private func pool(of reads: [SharedRead]) -> ConnectionPool {
        core.pool(for: reads.first?.writes == true ? .write : .read)
    }

    /// Runs reads at once, or on a connection's thread.
    private func run(_ reads: [SharedRead]) {
        let pool = pool(of: reads)
        guard let connection = pool.takeIdle() else { return runElsewhere(reads) }
        let start = ContinuousClock.now
        do {
            guard let sharing = connection as? any SharingConnection,
                let isIdle = try sharing.runAtOnce(reads)
            else { return runElsewhere(reads, on: connection, since: start) }
            pool.release(connection, isReusable: isIdle)
            // Slow again and again is only what is not quick in between.
            note(reads.prefix(1), took: .zero)
            note(reads.dropFirst().filter(\.hasFailed), took: .zero)
        } catch {
            pool.release(connection, isReusable: false)
            for read in reads { read.end(throwing: error) }
        }
    }

    /// Runs reads on the thread of the connection that has begun with them, or of the next that is
    /// free.
    private func runElsewhere(
        _ reads: [SharedRead],
        on begun: (any DatabaseConnection)? = nil,
        since start: ContinuousClock.Instant = .now
    ) {
        if let begun {
            Task { await finish(reads, on: begun, since: start) }
        } else if core.waitingReads.add(reads) {
            askForConnection(writes: reads.first?.writes == true)
        }
    }

    /// Waits for a connection for those that need one, of which more may come meanwhile.
    private func askForConnection(writes: Bool) {
        let asking = core.waitingReads.waiting(writes: writes)
        Task {
            let pool = core.pool(for: writes ? .write : .read)
            do {
                let connection = try await pool.acquire()
                let (part, hasMore) = core.waitingReads.take(
                    writes: writes,
                    maxCount: writes ? Self.maxInTransaction : Self.maxTogether
                )
                if hasMore { askForConnection(writes: writes) }
                if part.isEmpty {
                    pool.release(connection)
                } else {
                    await finish(part, on: connection, since: .now)
                }
            } catch {
                // Those that have come since have their own time to wait.
                let hasMore = core.waitingReads.remove(asking, writes: writes)
                for read in asking { read.end(throwing: error) }
                if hasMore { askForConnection(writes: writes) }
            }
        }
    }

    private func finish(
        _ reads: [SharedRead],
        on connection: any DatabaseConnection,
        since start: ContinuousClock.Instant
    ) async {
        let pool = pool(of: reads)
        // What may have been kept is not interrupted.
        let running = reads.contains(where: \.writes) ? nil : RunningReads(reads, on: connection)
        do {
            let isIdle = try await Self.finish(reads, on: connection)
            running?.end()
            pool.release(connection, isReusable: isIdle)
            // What the first thread has waited counts as well.
            let time = reads.reduce(ContinuousClock.now - start) { $0 - $1.timeAmongOthers }
            note(reads[...], took: time)
        } catch {
            running?.end()
            pool.release(connection, isReusable: false)
            for read in reads { read.end(throwing: error) }
        }
    }

    private static func finish(
        _ reads: [SharedRead],
        on connection: isolated any DatabaseConnection
    ) throws -> Bool {
        try run(reads, on: connection)
        return connection.isUsableAndIdle
    }

    private static func run(
        _ reads: [SharedRead],
        on connection: isolated any DatabaseConnection
    ) throws {
        if let sharing = connection as? any SharingConnection {
            return try sharing.assumeIsolated { try $0.run(reads) }
        }
        for read in reads {
            do {
                _ = try connection.runMany(read.statements) { try read.take(&$1, of: $0) }
                read.end()
            } catch {
                read.end(throwing: error)
            }
        }
    }
}

extension [SQLStatement] {
    /// What statements that are sent together are known by; one alone by its text.
    var nameTogether: String {
        guard count > 1, let text = first?.text else { return first?.text ?? "" }
        if allSatisfy({ $0.text.equalsBytes(text) }) { return "\(count) × \(text)" }
        return map(\.text).joined(separator: "\n")
    }
}
