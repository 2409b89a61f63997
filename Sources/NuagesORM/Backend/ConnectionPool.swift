import Synchronization

/// Connections that are lent to one borrower at a time, in the order of asking.
///
/// All waiters wait equally long, so their order in the queue is also that of their deadlines
/// and one timer serves them all.
final class ConnectionPool: Sendable {
    private enum Grant {
        /// A connection, and since when nobody has used it.
        case connection(any DatabaseConnection, idleSince: ContinuousClock.Instant?)
        /// The right to open one more connection.
        case opening
    }

    private struct Waiter {
        let id: Int
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Grant, any Error>
    }

    private struct Idle {
        let connection: any DatabaseConnection
        let since: ContinuousClock.Instant
        /// The thread that gave it back.
        let thread = ThreadNumber.current

        var grant: Grant { .connection(connection, idleSince: since) }
    }

    private struct State {
        var idle: [Idle] = []
        var openCount = 0
        /// When each connection has reached its age, where there is a limit.
        var ends: [ObjectIdentifier: ContinuousClock.Instant] = [:]
        var waiters = WaiterQueue<Waiter>()
        var nextID = 0
        var cancelledIDs: Set<Int> = []
        var timerRuns = false
        var isClosed = false

        /// The connection that the calling thread used last, or else the last one that any did.
        ///
        /// A server's process on this machine then stays on the core of the thread that it works
        /// for; to wake it on another one costs both of them more than a short statement does.
        mutating func takeIdle() -> Idle? {
            let thread = ThreadNumber.current
            guard let index = idle.lastIndex(where: { $0.thread == thread }) else {
                return idle.popLast()
            }
            return idle.remove(at: index)
        }
    }

    private let state = Mutex(State())
    private let options: PoolOptions
    private let database: String
    private let connect: @Sendable () async throws -> any DatabaseConnection

    init(
        _ options: PoolOptions,
        database: String,
        connect: @escaping @Sendable () async throws -> any DatabaseConnection
    ) {
        var options = options
        options.maxConnections = max(1, options.maxConnections)
        self.options = options
        self.database = database
        self.connect = connect
    }

    /// The most connections.
    var maxCount: Int { options.maxConnections }

    /// How long a borrower waits.
    var timeout: Duration { options.timeout }

    /// What those are told who have waited for that long.
    var timeoutError: DatabaseError { .poolTimeout(after: options.timeout, size: maxCount) }

    /// What the connections are doing.
    var status: PoolStatus {
        state.withLock { state in
            PoolStatus(
                open: state.openCount,
                idle: state.idle.count,
                waiting: state.waiters.count,
                maxConnections: maxCount
            )
        }
    }

    /// A connection for the caller alone, until ``release(_:isReusable:)``.
    func acquire() async throws -> any DatabaseConnection { try await borrow().connection }

    /// A connection, and how long the caller has waited for one to become free.
    func borrow() async throws -> (connection: any DatabaseConnection, waited: Duration) {
        if let grant = takeOrReserve() { return (try await connection(of: grant), .zero) }
        let start = ContinuousClock.now
        do {
            let grant = try await wait()
            let duration = ContinuousClock.now - start
            tell(duration, hasTimedOut: false)
            return (try await connection(of: grant), duration)
        } catch let error as DatabaseError {
            if case .poolTimeout = error {
                tell(ContinuousClock.now - start, hasTimedOut: true)
            }
            throw error
        }
    }

    private func tell(_ duration: Duration, hasTimedOut: Bool) {
        DatabaseObservers.tell {
            $0.waited(
                ObservedWait(database: database, duration: duration, hasTimedOut: hasTimedOut)
            )
        }
    }

    private func connection(of grant: Grant) async throws -> any DatabaseConnection {
        guard case .connection(let connection, let idleSince) = grant else {
            return try await open()
        }
        guard let idleSince, let limit = options.healthCheckAfter,
            ContinuousClock.now - idleSince > limit
        else { return connection }
        // A task that is cancelled asks nothing, and is told so by its own statement.
        if Task.isCancelled { return connection }
        if await answersInTime(connection) || Task.isCancelled { return connection }
        // The place of the one that is gone stays with the caller.
        forget(connection)
        return try await open()
    }

    /// Whether an idle connection still answers; over a network that drops what is sent none would
    /// come for many minutes.
    private func answersInTime(_ connection: any DatabaseConnection) async -> Bool {
        let limit = options.timeout
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await Self.answers(connection) }
            group.addTask {
                // Both have ended before the connection is lent.
                if (try? await Task.sleep(for: limit)) != nil { connection.interrupt() }
                return nil
            }
            var answer = false
            for await found in group {
                guard let found else { continue }
                answer = found
                group.cancelAll()
            }
            return answer
        }
    }

    private static func answers(_ connection: isolated any DatabaseConnection) -> Bool {
        (try? connection.run(SQLStatement("SELECT 1")) { _ in }) != nil
            && connection.isUsableAndIdle
    }

    /// Closes a connection, whose place another takes.
    private func forget(_ connection: any DatabaseConnection) {
        state.withLock { $0.ends[ObjectIdentifier(connection)] = nil }
        Task { await connection.close() }
    }

    /// Takes a connection back; one that is not reusable, or old enough, is closed.
    func release(_ connection: any DatabaseConnection, isReusable: Bool = true) {
        let now = ContinuousClock.now
        let isReusable = isReusable && !hasReachedItsAge(connection, now)
        guard isReusable else {
            forget(connection)
            return giveUpSlot()
        }
        let (waiter, mustClose) = state.withLock { state -> (Waiter?, Bool) in
            if let waiter = state.waiters.popFirst() { return (waiter, false) }
            if state.isClosed {
                state.openCount -= 1
                return (nil, true)
            }
            state.idle.append(Idle(connection: connection, since: now))
            return (nil, false)
        }
        waiter?.continuation.resume(returning: .connection(connection, idleSince: nil))
        if mustClose { forget(connection) }
    }

    private func hasReachedItsAge(
        _ connection: any DatabaseConnection,
        _ now: ContinuousClock.Instant
    ) -> Bool {
        guard options.maxAge != nil else { return false }
        let end = state.withLock { $0.ends[ObjectIdentifier(connection)] }
        return end.map { $0 <= now } ?? false
    }

    /// Closes the idle connections, and the others as they come back.
    func close() async {
        let idle = state.withLock { state in
            state.isClosed = true
            let idle = state.idle
            state.idle = []
            state.openCount -= idle.count
            return idle
        }
        for idle in idle {
            state.withLock { $0.ends[ObjectIdentifier(idle.connection)] = nil }
            await idle.connection.close()
        }
    }

    /// A connection that nobody uses, and that has been used a moment ago; nil if there is none.
    func takeIdle() -> (any DatabaseConnection)? {
        let limit = options.healthCheckAfter
        let now = ContinuousClock.now
        let idle = state.withLock { state -> Idle? in
            guard let idle = state.takeIdle() else { return nil }
            if let limit, now - idle.since > limit {
                state.idle.append(idle)
                return nil
            }
            return idle
        }
        guard let idle else { return nil }
        guard !idle.connection.hasEnded, !hasReachedItsAge(idle.connection, now) else {
            release(idle.connection, isReusable: false)
            return nil
        }
        return idle.connection
    }

    private func takeOrReserve() -> Grant? {
        while true {
            let grant = state.withLock { state -> Grant? in
                if let idle = state.takeIdle() { return idle.grant }
                guard state.openCount < maxCount else { return nil }
                state.openCount += 1
                return .opening
            }
            // A server that was restarted has ended those that lay idle.
            guard case .connection(let connection, _)? = grant,
                connection.hasEnded || hasReachedItsAge(connection, .now)
            else { return grant }
            release(connection, isReusable: false)
        }
    }

    private func open() async throws -> any DatabaseConnection {
        do {
            let connection = try await connect()
            if let age = options.maxAge {
                let end = ContinuousClock.now + age
                state.withLock { $0.ends[ObjectIdentifier(connection)] = end }
            }
            return connection
        } catch {
            giveUpSlot()
            throw error
        }
    }

    /// Lets the first waiter open a connection in place of one that is gone.
    private func giveUpSlot() {
        let waiter = state.withLock { state -> Waiter? in
            if let waiter = state.waiters.popFirst() { return waiter }
            state.openCount -= 1
            return nil
        }
        waiter?.continuation.resume(returning: .opening)
    }

    private func wait() async throws -> Grant {
        let id = state.withLock { state in
            state.nextID &+= 1
            return state.nextID
        }
        // A cancellation that came after the grant left its mark behind.
        defer { state.withLock { _ = $0.cancelledIDs.remove(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(id, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func enqueue(_ id: Int, _ continuation: CheckedContinuation<Grant, any Error>) {
        enum Outcome {
            case granted(Grant)
            case cancelled
            case waiting(startsTimer: Bool)
        }
        let deadline = ContinuousClock.now + options.timeout
        let outcome = state.withLock { state -> Outcome in
            if state.cancelledIDs.remove(id) != nil { return .cancelled }
            // A connection may have come back since the caller looked.
            if let idle = state.takeIdle() { return .granted(idle.grant) }
            if state.openCount < maxCount {
                state.openCount += 1
                return .granted(.opening)
            }
            state.waiters.append(Waiter(id: id, deadline: deadline, continuation: continuation))
            let startsTimer = !state.timerRuns
            state.timerRuns = true
            return .waiting(startsTimer: startsTimer)
        }
        switch outcome {
        case .granted(let grant): continuation.resume(returning: grant)
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .waiting(let startsTimer): if startsTimer { startTimer(deadline) }
        }
    }

    private func cancel(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            if let waiter = state.waiters.removeFirst(where: { $0.id == id }) { return waiter }
            state.cancelledIDs.insert(id)
            return nil
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    private func startTimer(_ firstDeadline: ContinuousClock.Instant) {
        Task.detached { [weak self] in
            var deadline: ContinuousClock.Instant? = firstDeadline
            while let next = deadline {
                try? await ContinuousClock().sleep(until: next)
                guard let self else { return }
                deadline = self.expire()
            }
        }
    }

    /// Fails the waiters whose time is up; the next deadline, or nil if nobody waits.
    private func expire() -> ContinuousClock.Instant? {
        let now = ContinuousClock.now
        let (expired, next) = state.withLock { state in
            var expired: [Waiter] = []
            while let first = state.waiters.first, first.deadline <= now {
                if let waiter = state.waiters.popFirst() { expired.append(waiter) }
            }
            state.timerRuns = state.waiters.first != nil
            return (expired, state.waiters.first?.deadline)
        }
        for waiter in expired { waiter.continuation.resume(throwing: timeoutError) }
        return next
    }
}
