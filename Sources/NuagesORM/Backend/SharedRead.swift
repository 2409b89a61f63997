import NuagesCore
import Synchronization

/// Statements of one task that are sent together with those of other tasks: such that only read, or
/// one that writes and is all of its task's transaction.
///
/// What is not behind the lock belongs to one thread at a time: that of the task, which waits
/// meanwhile, and that of the connection.
// @unchecked: the locks of executors and continuations stand between its threads.
package class SharedRead: @unchecked Sendable {
    private enum Progress {
        case begun
        case waiting(UnsafeContinuation<Void, any Error>)
        /// The task has been told how it ended, or is told as soon as it waits.
        case ended(Result<Void, any Error>)
    }

    package let statements: [SQLStatement]
    /// Whether it writes.
    package let writes: Bool
    /// What they are known by where their time is noted.
    fileprivate let name: String
    /// Whether it has to be run without others.
    package var isAlone = false
    /// Whether it is why what was written together was not kept.
    package var hasFailed = false
    /// Whether it has been sent, and must not be sent again: it writes.
    package var isSent = false
    /// How many rows a statement that writes has changed; nil where it has to be run by itself,
    /// since what was written together with others was not kept.
    package var changeCount: Int?
    private let progress = Mutex(Progress.begun)

    fileprivate init(_ statements: [SQLStatement], _ name: String, writes: Bool) {
        self.statements = statements
        self.name = name
        self.writes = writes
    }

    /// Takes a row.
    ///
    /// - Parameters:
    ///   - row: the row.
    ///   - index: the position of its statement.
    /// - Throws: what is wrong with the row.
    package func take(_ row: inout Row, of index: Int) throws {}

    /// How long its statements may take where they are sent with others.
    package var timeAmongOthers: Duration {
        (writes ? .milliseconds(2) : .microseconds(25)) * statements.count
    }

    /// Whether it has ended.
    package var isEnded: Bool {
        progress.withLock { if case .ended = $0 { true } else { false } }
    }

    /// Tells the task that all rows are there.
    package func end() { end(.success(())) }

    /// Tells the task what went wrong; nothing where it has been told otherwise.
    ///
    /// - Parameter error: what went wrong.
    package func end(throwing error: any Error) { end(.failure(error)) }

    private func end(_ outcome: Result<Void, any Error>) {
        let continuation = progress.withLock { progress -> UnsafeContinuation<Void, any Error>? in
            switch progress {
            case .begun:
                progress = .ended(outcome)
                return nil
            case .waiting(let continuation):
                progress = .ended(outcome)
                return continuation
            case .ended: return nil
            }
        }
        continuation?.resume(with: outcome)
    }

    /// Waits for the end; a task that is cancelled does not, though what it has sent may still run.
    ///
    /// - Parameter begin: begins to run it.
    /// - Throws: what went wrong, and `CancellationError`.
    fileprivate func wait(_ begin: () -> Void) async throws {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation {
                (continuation: UnsafeContinuation<Void, any Error>) in
                let outcome = progress.withLock { progress -> Result<Void, any Error>? in
                    if case .ended(let outcome) = progress { return outcome }
                    progress = .waiting(continuation)
                    return nil
                }
                if let outcome { return continuation.resume(with: outcome) }
                begin()
            }
        } onCancel: {
            end(throwing: CancellationError())
        }
    }
}

/// Statements whose rows become a value.
// @unchecked: as for its superclass.
private final class ValueRead<Value: Sendable>: SharedRead, @unchecked Sendable {
    var value: Value
    private let eachRow: (inout Value, Int, inout Row) throws -> Void

    init(
        _ statements: [SQLStatement],
        _ name: String,
        _ value: Value,
        writes: Bool = false,
        _ eachRow: @escaping (inout Value, Int, inout Row) throws -> Void
    ) {
        self.value = value
        self.eachRow = eachRow
        super.init(statements, name, writes: writes)
    }

    override func take(_ row: inout Row, of index: Int) throws { try eachRow(&value, index, &row) }
}

/// A connection that can send the statements of several tasks at once.
package protocol SharingConnection: DatabaseConnection {
    /// Runs reads until all of them are ended, each with its own outcome.
    ///
    /// What has no outcome yet after an error can be run again.
    ///
    /// - Parameter reads: those that are not ended are run; all of them read, or all write.
    /// - Throws: what keeps all of them from being run, such as a lost connection.
    func run(_ reads: [SharedRead]) throws

    /// Runs reads at once on the caller's thread, which waits for them for a moment.
    ///
    /// - Parameter reads: those that are not ended are run.
    /// - Returns: whether another can have the connection afterwards; nil where the reads have to
    ///   go on on the connection's thread.
    /// - Throws: what keeps all of them from being run.
    nonisolated func runAtOnce(_ reads: [SharedRead]) throws -> Bool?
}

/// What is sent together of one round of an event loop.
private final class ReadBatch {
    var reads: [SharedRead] = []
    var writes: [SharedRead] = []
}

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
        do {
            let isIdle = try await Self.finish(reads, on: connection)
            pool.release(connection, isReusable: isIdle)
            // What the first thread has waited counts as well.
            let time = reads.reduce(ContinuousClock.now - start) { $0 - $1.timeAmongOthers }
            note(reads[...], took: time)
        } catch {
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

/// Statements of several tasks that wait for a connection.
final class WaitingReads: Sendable {
    private struct Queue {
        var reads: [SharedRead] = []
        /// Whether somebody asks for a connection for them.
        var isAsking = false
    }

    private let queues = Mutex((reading: Queue(), writing: Queue()))

    /// Adds statements, which read, or write.
    ///
    /// - Returns: whether the caller has to ask for a connection.
    func add(_ reads: [SharedRead]) -> Bool {
        change(reads.first?.writes == true) { queue in
            queue.reads += reads
            defer { queue.isAsking = true }
            return !queue.isAsking
        }
    }

    /// Takes those that can be sent at once.
    ///
    /// - Returns: them, and whether the caller has to ask for a connection for the others.
    func take(writes: Bool, maxCount: Int) -> (part: [SharedRead], hasMore: Bool) {
        change(writes) { queue in
            queue.reads.removeAll { $0.isEnded }
            var count = 0
            let fitting = queue.reads.prefix { read in
                count += read.statements.count
                return count <= maxCount
            }
            let part = Array(queue.reads.prefix(max(1, fitting.count)))
            queue.reads.removeFirst(part.count)
            queue.isAsking = !queue.reads.isEmpty
            return (part, queue.isAsking)
        }
    }

    /// Those that wait.
    func waiting(writes: Bool) -> [SharedRead] { change(writes) { $0.reads } }

    /// Removes some that wait no longer.
    ///
    /// - Returns: whether the caller has to ask for a connection for the others.
    func remove(_ reads: [SharedRead], writes: Bool) -> Bool {
        let removed = Set(reads.map { ObjectIdentifier($0) })
        return change(writes) { queue in
            queue.reads.removeAll { removed.contains(ObjectIdentifier($0)) }
            queue.isAsking = !queue.reads.isEmpty
            return queue.isAsking
        }
    }

    private func change<Result>(_ writes: Bool, _ body: (inout Queue) -> Result) -> Result {
        queues.withLock { queues in writes ? body(&queues.writing) : body(&queues.reading) }
    }
}

extension ReadBatch {
    func add(_ read: SharedRead) {
        if read.writes { writes.append(read) } else { reads.append(read) }
    }

    /// What is sent at once, with no more statements than that.
    func parts(maxRead: Int, maxWritten: Int) -> [[SharedRead]] {
        // By itself one is run as it would be without others: it can be cancelled then.
        if writes.count == 1 { writes.removeFirst().end() }
        var parts: [[SharedRead]] = []
        var rest = reads[...]
        while !rest.isEmpty {
            var count = 0
            let fitting = rest.prefix { read in
                count += read.statements.count
                return count <= maxRead
            }
            parts.append(Array(rest.prefix(max(1, fitting.count))))
            rest.removeFirst(max(1, fitting.count))
        }
        // Of sizes that are alike: none is left alone.
        let count = (writes.count + maxWritten - 1) / maxWritten
        for part in 0..<count {
            let bounds = (writes.count * part / count)..<(writes.count * (part + 1) / count)
            parts.append(Array(writes[bounds]))
        }
        return parts
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
