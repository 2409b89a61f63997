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
    let name: String
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
    /// Those that are run together with it, while a connection's thread does so.
    private let company = Mutex<RunningReads?>(nil)

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
    func wait(_ begin: () -> Void) async throws {
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
            company.withLock(\.self)?.interruptIfEnded()
        }
    }

    /// Runs it in company from now on, or no longer.
    fileprivate func join(_ running: RunningReads?) { company.withLock { $0 = running } }
}

/// Reads that a connection's thread runs, which ends when nobody waits for any of them.
final class RunningReads: Sendable {
    private struct State {
        let reads: [SharedRead]
        let connection: any DatabaseConnection
    }

    private let state: Mutex<State?>

    /// Begins to run reads.
    init(_ reads: [SharedRead], on connection: any DatabaseConnection) {
        state = Mutex(State(reads: reads, connection: connection))
        for read in reads { read.join(self) }
    }

    /// Interrupts the connection where all tasks have been cancelled.
    fileprivate func interruptIfEnded() {
        state.withLock { state in
            guard let state, state.reads.allSatisfy(\.isEnded) else { return }
            state.connection.interrupt()
        }
    }

    /// The connection belongs to others from now on.
    func end() {
        let reads = state.withLock { state in
            defer { state = nil }
            return state?.reads ?? []
        }
        for read in reads { read.join(nil) }
    }
}

/// Statements whose rows become a value.
// @unchecked: as for its superclass.
final class ValueRead<Value: Sendable>: SharedRead, @unchecked Sendable {
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

extension Collection<SharedRead> {
    /// The first ones, at least one, with no more statements than that.
    func first(withStatements maxCount: Int) -> [SharedRead] {
        var count = 0
        let fitting = prefix { read in
            count += read.statements.count
            return count <= maxCount
        }
        return Array(prefix(Swift.max(1, fitting.count)))
    }
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
