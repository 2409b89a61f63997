import CLibPQ
import NuagesORM

extension PostgreSQLConnection: SharingConnection {
    /// How long the thread of an event loop waits for a statement that writes, of several; most have
    /// run by then, and the others are waited for on the connection's own.
    private static let timeForWrite = Duration.microseconds(250)

    nonisolated func runAtOnce(_ reads: [SharedRead]) throws -> Bool? {
        try performAtOnce(fromOtherThreads: true, isCounted: false) { connection in
            if let deadline = connection.handle.deadline {
                connection.handle.deadline = reads.reduce(deadline) {
                    $0 + ($1.writes ? Self.timeForWrite : $1.timeAmongOthers)
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
            guard !waiting.isEmpty else { return try abandonUnanswered() }
            let alone = waiting.filter(\.isAlone)
            var bindings = PostgreSQLBindings()
            guard alone.isEmpty, let requests = requests(of: waiting, &bindings) else {
                if isHurried { throw PostgreSQLRefusal() }
                try runEach(alone.isEmpty ? waiting.filter { !$0.isEnded } : alone)
                continue
            }
            try startForTask()
            // An interrupt that came before is forgotten now.
            if waiting.allSatisfy(\.isEnded) { continue }
            try run(requests, bindings)
        }
    }

    /// Ends what was sent, though nobody waits for it any more.
    private func abandonUnanswered() throws {
        guard !unanswered.isEmpty, !isHurried else { return }
        handle.endsWithTask = true
        handle.interrupt()
        defer { handle.clearInterrupt() }
        do {
            try passOverUnanswered()
        } catch {
            isDamaged = true
            throw error
        }
    }

    /// A statement of a read, with what it is prepared as.
    struct Request {
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
    func requests(
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
