import Synchronization

/// Connections that run single statements for many tasks, each in its turn.
///
/// A statement outside of a transaction needs a connection only while it runs. Where a connection
/// has nothing to do the statement runs at once, on the thread that asks; else it joins the queue
/// of a connection's thread instead of borrowing the connection: under load the thread goes from
/// one statement to the next without sleeping, which costs more than most statements do.
///
/// Only statements that have been seen to be quick are run so (``QuickStatements``).
final class SharedConnections: Sendable {
    private struct Member {
        let connection: any DatabaseConnection
        /// Statements that joined and are not done.
        var waiting = 0
        /// When a statement was done last, or found the connection idle.
        var lastProgress: ContinuousClock.Instant
        /// The thread that asked last; what it reads again is still in its core's memory.
        var thread = ThreadNumber.current
    }

    private struct State {
        var members: [Member] = []
        var openingCount = 0
        var isClosed = false
    }

    private enum Place {
        case behind(any DatabaseConnection)
        /// The right to open one more connection.
        case opening
        /// Borrowing a connection is better.
        case none
    }

    /// A connection that has not finished a statement for so long works on a slow one, which
    /// nobody should wait behind.
    private static let patience = Duration.milliseconds(5)

    private let state = Mutex(State())
    private let maxCount: Int
    private let quickStatements: QuickStatements
    private let connect: @Sendable () async throws -> any DatabaseConnection

    init(
        maxCount: Int,
        quickStatements: QuickStatements,
        connect: @escaping @Sendable () async throws -> any DatabaseConnection
    ) {
        self.maxCount = maxCount
        self.quickStatements = quickStatements
        self.connect = connect
    }

    /// Runs `work` on one of the connections; nil where it should borrow one instead.
    func perform<Result: Sendable>(
        _ text: String,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result? {
        guard quickStatements.contains(text), let connection = try await join() else { return nil }
        do {
            if let result = try connection.performAtOnce(fromOtherThreads: true, work) {
                leave(connection, isReusable: true)
                return result
            }
            let (result, time) = try await Self.timed(connection, work)
            leave(connection, isReusable: true)
            quickStatements.note(text, took: time)
            return result
        } catch {
            leave(connection, isReusable: await connection.isUsableAndIdle)
            throw error
        }
    }

    /// Runs `work` and tells how long it kept the connection's thread.
    static func timed<Result: Sendable>(
        _ connection: isolated any DatabaseConnection,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) throws -> (Result, Duration) {
        let start = ContinuousClock.now
        let result = try work(connection)
        return (result, ContinuousClock.now - start)
    }

    /// Closes the connections after the statements that joined them.
    func close() async {
        let members = state.withLock { state in
            state.isClosed = true
            let members = state.members
            state.members = []
            return members
        }
        for member in members { await member.connection.close() }
    }

    private func join() async throws -> (any DatabaseConnection)? {
        switch place() {
        case .behind(let connection): return connection
        case .none: return nil
        case .opening: break
        }
        do {
            let connection = try await connect()
            let isWanted = state.withLock { state in
                state.openingCount -= 1
                guard !state.isClosed else { return false }
                state.members.append(
                    Member(connection: connection, waiting: 1, lastProgress: .now)
                )
                return true
            }
            if isWanted { return connection }
            await connection.close()
            return nil
        } catch {
            state.withLock { $0.openingCount -= 1 }
            throw error
        }
    }

    private func place() -> Place {
        let now = ContinuousClock.now
        let thread = ThreadNumber.current
        return state.withLock { state in
            guard !state.isClosed else { return .none }
            var best: Int?
            for index in state.members.indices {
                let member = state.members[index]
                if member.waiting > 0, now - member.lastProgress > Self.patience { continue }
                guard let other = best.map({ state.members[$0] }) else {
                    best = index
                    continue
                }
                if member.waiting < other.waiting
                    || member.waiting == other.waiting && member.thread == thread
                        && other.thread != thread
                {
                    best = index
                }
            }
            let canOpen = state.members.count + state.openingCount < maxCount
            guard let best, state.members[best].waiting == 0 || !canOpen else {
                guard canOpen else { return .none }
                state.openingCount += 1
                return .opening
            }
            if state.members[best].waiting == 0 { state.members[best].lastProgress = now }
            state.members[best].thread = thread
            state.members[best].waiting += 1
            return .behind(state.members[best].connection)
        }
    }

    private func leave(_ connection: any DatabaseConnection, isReusable: Bool) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard let index = state.members.firstIndex(where: { $0.connection === connection })
            else { return }
            state.members[index].waiting -= 1
            state.members[index].lastProgress = now
            if !isReusable { state.members.remove(at: index) }
        }
    }
}
