internal import Logging
package import NIOCore
internal import NuagesCore
internal import NuagesHTTP

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What all connections of one event loop share: the time, the cached `Date` field, the list of
/// connections that each tick visits, and a buffer to write into.
// @unchecked: every variable is touched on `loop` only.
package final class LoopContext: @unchecked Sendable {
    package let loop: any EventLoop
    package let executor: LoopExecutor
    /// The tasks that answer requests.
    package let workers: RequestWorkers
    package let shared: ServerState
    /// The time at the last tick: precise enough for deadlines, and no request asks the clock.
    @exclusivity(unchecked) package private(set) var now: UInt64
    /// `Date: …` with its line break.
    @exclusivity(unchecked) private(set) var dateLine: [UInt8] = []
    /// The value of `Date`.
    package var dateText: String {
        String(decoding: dateLine.dropFirst(6).dropLast(2), as: UTF8.self)
    }
    @exclusivity(unchecked) package private(set) var isShuttingDown = false
    /// How many WebSockets have a task that has not ended.
    @exclusivity(unchecked) package var openConversations = 0
    @exclusivity(unchecked) private var connections: [any LoopConnection] = []
    @exclusivity(unchecked) private var dateSeconds = -1
    @exclusivity(unchecked) private var spare: [ByteBuffer] = []
    /// Connections whose answers are written when the sockets of this round have been served.
    @exclusivity(unchecked) private var writing: [ConnectionHandler] = []
    @exclusivity(unchecked) private var drained: EventLoopPromise<Void>?
    @exclusivity(unchecked) private var shutdownDeadline = UInt64.max
    /// Whether it was said which requests it ends.
    @exclusivity(unchecked) private var hasCutOff = false
    @exclusivity(unchecked) private var waiting = CircularBuffer<() -> Void>()
    @exclusivity(unchecked) private var isInTurn = false

    init(loop: any EventLoop, shared: ServerState) {
        self.loop = loop
        self.shared = shared
        executor = LoopExecutor(loop: loop)
        workers = RequestWorkers(executor: executor, handler: shared.handler)
        now = shared.clock.now()
        refreshDate()
        executor.beforeEndOfRound = { [unowned self] in if !writing.isEmpty { writeAll() } }
    }

    /// Starts ticking.
    func start() {
        executor.rounds.start()
        shared.clock.tick(every: Timeouts.tick, on: loop) { [self] in tick() }
    }

    private func tick() {
        let time = shared.clock.now()
        let elapsed = time > now ? time - now : 0
        now = time
        refreshDate()
        // A connection that is closed leaves the list, so go through it from its end.
        var index = connections.count - 1
        while index >= 0 {
            if index < connections.count { connections[index].tick(elapsed: elapsed) }
            index -= 1
        }
        if time >= shutdownDeadline { cutOff() }
    }

    private func refreshDate() {
        let seconds = max(0, Int(Date().timeIntervalSince1970))
        guard seconds != dateSeconds else { return }
        dateSeconds = seconds
        dateLine = Array("Date: \(HTTPDate.text(seconds))\r\n".utf8)
    }

    // MARK: - Connections

    package func add(_ connection: any LoopConnection) {
        connection.index = connections.count
        connections.append(connection)
    }

    package func remove(_ connection: any LoopConnection) {
        let index = connection.index
        guard index < connections.count, connections[index] === connection else { return }
        let last = connections.removeLast()
        if last !== connection {
            connections[index] = last
            last.index = index
        }
        settleShutdown()
    }

    // MARK: - Output

    /// How many connections' answers wait for each other, at most.
    private static let writesTogether = 16

    /// Writes what a connection has collected, together with what others collect in this round.
    ///
    /// A client, or a proxy with many connections, that waits is woken by the first answer: by
    /// several answers in a row it is woken once.
    ///
    /// - Parameter connection: the connection.
    func writeSoon(_ connection: ConnectionHandler) {
        guard executor.rounds.isCounted, executor.hasShortJobs else { return connection.flush() }
        writing.append(connection)
        if writing.count == Self.writesTogether { return writeAll() }
        if writing.count == 1 {
            loop.assumeIsolatedUnsafeUnchecked().execute { [self] in writeAll() }
        }
    }

    private func writeAll() {
        var ready: [ConnectionHandler] = []
        swap(&ready, &writing)
        for connection in ready { connection.flush() }
        ready.removeAll(keepingCapacity: true)
        if writing.isEmpty { swap(&ready, &writing) }
    }

    /// A buffer with room for an ordinary response; returned by ``giveBack(_:)``.
    func takeBuffer() -> ByteBuffer {
        var buffer = spare.popLast() ?? ByteBuffer()
        // Allocates only where the last bytes written are still waiting for their socket.
        buffer.clear(minimumCapacity: 4_096)
        return buffer
    }

    /// Keeps a buffer for the next response, unless it has grown large.
    ///
    /// - Parameter buffer: a buffer that was handed to the channel.
    func giveBack(_ buffer: consuming ByteBuffer) {
        if buffer.capacity <= 65_536, spare.count < Self.writesTogether { spare.append(buffer) }
    }

    // MARK: - Shutdown

    /// Closes idle connections and lets the others finish their request.
    ///
    /// - Parameter deadline: when to close what is left; in the clock's time.
    /// - Returns: a future that succeeds when no connection is left.
    func shutDown(deadline: UInt64) -> EventLoopFuture<Void> {
        let promise = drained ?? loop.makePromise(of: Void.self)
        drained = promise
        isShuttingDown = true
        shutdownDeadline = deadline
        for connection in connections { connection.shutDown() }
        if deadline == 0 { cutOff() }
        settleShutdown()
        return promise.futureResult
    }

    func settleShutdown() {
        if isShuttingDown, connections.isEmpty { drained?.succeed(()) }
    }

    /// Ends the requests that are left, and says once which they are: the time for shutting down is
    /// over.
    private func cutOff() {
        if !hasCutOff { logCutOff() }
        hasCutOff = true
        closeAll()
    }

    private func logCutOff() {
        let requests = connections.flatMap(\.requestsAtWork)
        guard !requests.isEmpty else { return }
        let named = requests.prefix(10).joined(separator: ", ")
        let rest = requests.count > 10 ? ", …" : ""
        shared.logger.warning(
            "Requests that were cut off by the end of the server: \(requests.count): \(named)\(rest)"
        )
    }

    private func closeAll() {
        for connection in connections { connection.closeNow() }
    }

    // MARK: - Turns

    /// How many have their turn before the loop looks at its sockets, so that it soon does however
    /// many wait.
    static let turnsPerRound = 8

    /// Runs `body` when the loop has seen to its sockets and to those who wait already.
    ///
    /// - Parameter body: what goes on for so long that it gives way to others.
    package func afterOthers(_ body: @escaping () -> Void) {
        waiting.append(body)
        if waiting.count == 1, !isInTurn { scheduleTurn() }
    }

    private func scheduleTurn() {
        executor.rounds.afterNext { [self] in
            isInTurn = true
            // Those that are put off meanwhile wait for the next round.
            for _ in 0..<min(Self.turnsPerRound, waiting.count) { waiting.popFirst()?() }
            isInTurn = false
            if !waiting.isEmpty { scheduleTurn() }
        }
    }

    // MARK: - Threads

    /// Runs `body` on the loop, and at once where that is this thread.
    package func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    /// Runs `body` on the loop, at once where that is this thread, and waits for its result.
    package nonisolated func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable () -> Result
    ) async -> Result {
        if loop.inEventLoop { return body() }
        return await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body()) }
        }
    }
}
