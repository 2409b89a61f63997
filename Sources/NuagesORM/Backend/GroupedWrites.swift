import NuagesCore
import Synchronization

/// Statements of several tasks that write, run in one transaction where only one can write at a time.
///
/// Each is all of its task's transaction, and short (``QuickStatements``); so those that wait for
/// the writer can as well wait together, for one commit. What was written is kept, or not, for each
/// by itself: where the transaction does not hold, its statements are run again one by one.
final class GroupedWrites: Sendable {
    private enum Phase {
        case idle
        /// Run at the end of a round of an event loop, by the number of the time.
        case collecting(ObjectIdentifier, Int)
        case running
    }

    private struct State {
        var waiting: [GroupedWrite] = []
        var phase = Phase.idle
        var number = 0
        /// The one that is run without others, which a cancellation interrupts.
        var alone: (write: GroupedWrite, connection: any DatabaseConnection)?
    }

    /// The most statements of a transaction.
    private static let maxTogether = 64
    /// How long a transaction takes in more statements.
    private static let maxTime = Duration.milliseconds(10)

    private let state = Mutex(State())
    private let pool: ConnectionPool
    private let shortWrites: QuickStatements

    init(_ pool: ConnectionPool, _ shortWrites: QuickStatements) {
        self.pool = pool
        self.shortWrites = shortWrites
    }

    /// How many tasks wait for the writer.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs `work` when the writer comes to it.
    ///
    /// - Parameters:
    ///   - text: the only statement that `work` runs.
    ///   - work: runs it; more than once where it has to.
    /// - Returns: what `work` returns, and how long it has waited for its turn.
    /// - Throws: what `work` throws, and ``DatabaseError``.
    func perform<Result: Sendable>(
        _ text: String,
        _ work: @escaping @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> (result: Result, waited: Duration) {
        let write = ValueWrite(text, work)
        do {
            try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { continuation in
                    add(write, continuation)
                }
            } onCancel: {
                cancel(write)
            }
        } catch DatabaseError.operational where Task.isCancelled {
            // What was interrupted does not know why.
            throw CancellationError()
        }
        guard let result = write.result else { throw CancellationError() }
        return (result, write.waited)
    }

    private func add(_ write: GroupedWrite, _ continuation: UnsafeContinuation<Void, any Error>) {
        enum Next {
            case nothing
            case end
            case start
            case startAfterRound(Int)
        }
        let current = EventRound.current
        let round = current.map { ObjectIdentifier($0) }
        let next = state.withLock { state -> Next in
            guard !write.isCancelled else { return .end }
            write.continuation = continuation
            state.waiting.append(write)
            switch (state.phase, round) {
            case (.running, _): return .nothing
            case (.idle, let round?):
                state.number &+= 1
                state.phase = .collecting(round, state.number)
                return .startAfterRound(state.number)
            case (.collecting(let other, _), let round?) where other == round: return .nothing
            default:
                // Nobody waits for the round of another thread.
                state.phase = .running
                return .start
            }
        }
        switch next {
        case .nothing: break
        case .end: continuation.resume(throwing: CancellationError())
        case .start: start()
        // What the rest of the round writes comes along.
        case .startAfterRound(let number): current?.whenOver { self.startCollected(number) }
        }
    }

    private func startCollected(_ number: Int) {
        let starts = state.withLock { state in
            guard case .collecting(_, number) = state.phase else { return false }
            state.phase = .running
            return true
        }
        if starts { start() }
    }

    /// Takes a statement back that has not begun.
    private func cancel(_ write: GroupedWrite) {
        let isWaiting = state.withLock { state in
            write.isCancelled = true
            if let alone = state.alone, alone.write === write { alone.connection.interrupt() }
            guard let index = state.waiting.firstIndex(where: { $0 === write }) else {
                return false
            }
            state.waiting.remove(at: index)
            return true
        }
        if isWaiting { write.end(throwing: CancellationError()) }
    }

    /// Begins to run what waits; without a change of thread but the one to the writer's.
    private func start() {
        let connection = pool.takeIdle()
        Task.detached(executorPreference: connection?.taskExecutor) { [self] in
            await run(startingOn: connection)
            // Its thread runs this task.
            withExtendedLifetime(connection) {}
        }
    }

    private func run(startingOn connection: (any DatabaseConnection)?) async {
        var connection = connection
        while true {
            // Their time to wait for the writer begins with that of the first of them.
            let asking = state.withLock { $0.waiting }
            do {
                let borrowed: any DatabaseConnection
                if let connection {
                    borrowed = connection
                } else {
                    borrowed = try await pool.acquire()
                }
                let group = takeGroup(on: borrowed)
                let (isReusable, rest) = await Self.run(group, on: borrowed, shortWrites)
                putBack(rest)
                pool.release(borrowed, isReusable: isReusable)
            } catch {
                for write in take(asking) { write.end(throwing: error) }
            }
            let isDone = state.withLock { state in
                if state.waiting.isEmpty { state.phase = .idle }
                return state.waiting.isEmpty
            }
            if isDone { return }
            // Transactions that wait for the writer have it before the next group.
            connection = pool.takeIdle()
        }
    }

    /// The next statements; those that have waited for too long fail.
    private func takeGroup(on connection: any DatabaseConnection) -> [GroupedWrite] {
        let end = ContinuousClock.now - pool.timeout
        let (late, group) = state.withLock { state in
            let late = Array(state.waiting.prefix { $0.start < end })
            let group = Array(state.waiting.dropFirst(late.count).prefix(Self.maxTogether))
            state.waiting.removeFirst(late.count + group.count)
            if group.count == 1 { state.alone = (group[0], connection) }
            return (late, group)
        }
        for write in late { write.end(throwing: pool.timeoutError) }
        return group
    }

    /// Lets statements wait again, but for those that were cancelled meanwhile.
    private func putBack(_ rest: ArraySlice<GroupedWrite>) {
        let cancelled = state.withLock { state in
            state.alone = nil
            state.waiting.insert(contentsOf: rest.filter { !$0.isCancelled }, at: 0)
            return rest.filter(\.isCancelled)
        }
        for write in cancelled { write.end(throwing: CancellationError()) }
    }

    /// Those of some statements that still wait, which do so no longer.
    private func take(_ writes: [GroupedWrite]) -> [GroupedWrite] {
        let leaving = Set(writes.map { ObjectIdentifier($0) })
        return state.withLock { state in
            let taken = state.waiting.filter { leaving.contains(ObjectIdentifier($0)) }
            state.waiting.removeAll { leaving.contains(ObjectIdentifier($0)) }
            return taken
        }
    }

    // MARK: - On the writer's thread

    /// Runs statements until each has its outcome.
    ///
    /// - Returns: whether others can have the connection, and what there was no time for.
    private static func run(
        _ writes: [GroupedWrite],
        on connection: isolated any DatabaseConnection,
        _ shortWrites: QuickStatements
    ) -> (isReusable: Bool, rest: ArraySlice<GroupedWrite>) {
        let start = ContinuousClock.now
        for write in writes { write.waited = start - write.start }
        var rest: ArraySlice<GroupedWrite> = []
        var writes = writes
        if writes.count < 2 {
            for write in writes { write.outcome = outcome(of: write, on: connection) }
        } else if let count = runTogether(writes, on: connection) {
            rest = writes[count...]
            writes.removeLast(rest.count)
        } else {
            for write in writes { write.outcome = outcome(of: write, on: connection) }
        }
        let time = (ContinuousClock.now - start) / max(1, writes.count)
        for write in writes {
            shortWrites.note(write.text, took: time)
            write.end()
        }
        return (connection.isUsableAndIdle, rest)
    }

    private static func outcome(
        of write: GroupedWrite,
        on connection: isolated any DatabaseConnection
    ) -> Swift.Result<Void, any Error> {
        do {
            try write.run(on: connection)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Runs statements in one transaction.
    ///
    /// - Returns: how many of them have their outcome; nil where nothing is kept of what they wrote.
    private static func runTogether(
        _ writes: [GroupedWrite],
        on connection: isolated any DatabaseConnection
    ) -> Int? {
        do {
            try connection.begin(.write)
        } catch {
            // Another process does not let go of the file; it would not for any one of them.
            for write in writes { write.outcome = .failure(error) }
            return writes.count
        }
        let end = ContinuousClock.now + maxTime
        var count = 0
        for write in writes where count == 0 || ContinuousClock.now < end {
            write.outcome = outcome(of: write, on: connection)
            count += 1
            // Some failures end the transaction, such as those of a full disk.
            guard connection.isInTransaction else { return nil }
        }
        do {
            try connection.control("COMMIT")
            return count
        } catch {
            if connection.isInTransaction { try? connection.control("ROLLBACK") }
            // A constraint that is checked at the end does not hold for one of them.
            if case DatabaseError.integrity = error, !connection.isInTransaction { return nil }
            for write in writes.prefix(count) { write.outcome = .failure(error) }
            return count
        }
    }
}

/// A statement of one task that writes.
///
/// It belongs to one thread at a time: that of the task, which waits meanwhile, and that of the
/// writer.
// @unchecked: the group's lock and the continuation stand between its threads.
private class GroupedWrite: @unchecked Sendable {
    let text: String
    let start = ContinuousClock.now
    var waited = Duration.zero
    /// Guarded by the group's lock.
    var isCancelled = false
    var outcome: Swift.Result<Void, any Error> = .success(())
    /// The task that waits.
    var continuation: UnsafeContinuation<Void, any Error>?

    init(_ text: String) { self.text = text }

    func run(on connection: isolated any DatabaseConnection) throws {}

    /// Tells the task how its statement ended.
    func end() {
        continuation?.resume(with: outcome)
        continuation = nil
    }

    func end(throwing error: any Error) {
        outcome = .failure(error)
        end()
    }
}

/// A statement that results in a value.
// @unchecked: as for its superclass.
private final class ValueWrite<Result: Sendable>: GroupedWrite, @unchecked Sendable {
    var result: Result?
    private let work: @Sendable (isolated any DatabaseConnection) throws -> Result

    init(
        _ text: String,
        _ work: @escaping @Sendable (isolated any DatabaseConnection) throws -> Result
    ) {
        self.work = work
        super.init(text)
    }

    override func run(on connection: isolated any DatabaseConnection) throws {
        result = try work(connection)
    }
}
