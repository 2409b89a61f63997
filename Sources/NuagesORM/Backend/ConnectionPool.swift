import Synchronization

/// Connections that are lent to one borrower at a time, in the order of asking.
///
/// All waiters wait equally long, so their order in the queue is also that of their deadlines
/// and one timer serves them all.
final class ConnectionPool: Sendable {
    private enum Grant {
        case connection(any DatabaseConnection)
        /// The right to open one more connection.
        case opening
    }

    private struct Waiter {
        let id: Int
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Grant, any Error>
    }

    private struct State {
        var idle: [any DatabaseConnection] = []
        var openCount = 0
        var waiters = WaiterQueue<Waiter>()
        var nextID = 0
        var cancelledIDs: Set<Int> = []
        var timerRuns = false
        var isClosed = false
    }

    private let state = Mutex(State())
    let maxCount: Int
    private let timeout: Duration
    private let connect: @Sendable () async throws -> any DatabaseConnection

    init(
        maxCount: Int,
        timeout: Duration,
        connect: @escaping @Sendable () async throws -> any DatabaseConnection
    ) {
        self.maxCount = max(1, maxCount)
        self.timeout = timeout
        self.connect = connect
    }

    /// A connection for the caller alone, until ``release(_:isReusable:)``.
    func acquire() async throws -> any DatabaseConnection {
        switch takeOrReserve() {
        case .connection(let connection)?: return connection
        case .opening?: return try await open()
        case nil:
            switch try await wait() {
            case .connection(let connection): return connection
            case .opening: return try await open()
            }
        }
    }

    /// Takes a connection back; one that is not reusable is closed.
    func release(_ connection: any DatabaseConnection, isReusable: Bool = true) {
        guard isReusable else {
            Task { await connection.close() }
            return giveUpSlot()
        }
        let (waiter, mustClose) = state.withLock { state -> (Waiter?, Bool) in
            if let waiter = state.waiters.popFirst() { return (waiter, false) }
            if state.isClosed {
                state.openCount -= 1
                return (nil, true)
            }
            state.idle.append(connection)
            return (nil, false)
        }
        waiter?.continuation.resume(returning: .connection(connection))
        if mustClose { Task { await connection.close() } }
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
        for connection in idle { await connection.close() }
    }

    private func takeOrReserve() -> Grant? {
        while true {
            let grant = state.withLock { state -> Grant? in
                if let connection = state.idle.popLast() { return .connection(connection) }
                guard state.openCount < maxCount else { return nil }
                state.openCount += 1
                return .opening
            }
            // A server that was restarted has ended those that lay idle.
            guard case .connection(let connection)? = grant, connection.hasEnded else {
                return grant
            }
            release(connection, isReusable: false)
        }
    }

    private func open() async throws -> any DatabaseConnection {
        do {
            return try await connect()
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
        let deadline = ContinuousClock.now + timeout
        let outcome = state.withLock { state -> Outcome in
            if state.cancelledIDs.remove(id) != nil { return .cancelled }
            // A connection may have come back since the caller looked.
            if let connection = state.idle.popLast() { return .granted(.connection(connection)) }
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
        let error = DatabaseError.poolTimeout(after: timeout, size: maxCount)
        for waiter in expired { waiter.continuation.resume(throwing: error) }
        return next
    }
}
