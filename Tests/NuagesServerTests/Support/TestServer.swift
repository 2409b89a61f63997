import Logging
import NIOCore
import NuagesCore
import NuagesHTTP
import ServiceLifecycle
import Synchronization

@testable import NuagesServer

/// A handler made of a closure.
struct ClosureHandler: RequestHandler {
    let respond: @Sendable (Request) async -> Response

    func handle(_ request: Request) async -> Response { await respond(request) }
}

/// A clock that stands still until a test moves it.
final class ManualClock: ServerClock {
    private struct State {
        var now: UInt64 = 1_000_000_000_000
        var ticks: [(loop: any EventLoop, tick: @Sendable () -> Void)] = []
    }

    private let state = Mutex(State())

    func now() -> UInt64 { state.withLock { $0.now } }

    func tick(
        every interval: Int64,
        on loop: any EventLoop,
        _ tick: @escaping @Sendable () -> Void
    ) {
        state.withLock { $0.ticks.append((loop, tick)) }
    }

    /// Moves on in steps of at most the server's interval, as the real clock would tick.
    func advance(by duration: Duration) async {
        var rest = UInt64(duration.clampedNanoseconds)
        while rest > 0 {
            let step = min(rest, UInt64(Timeouts.tick))
            rest -= step
            let ticks = state.withLock { state in
                state.now += step
                return state.ticks
            }
            for (loop, tick) in ticks {
                // A loop that has ended with its server fails this rather than ignoring it.
                let task = loop.scheduleTask(in: .zero) { tick() }
                try? await task.futureResult.get()
            }
        }
    }
}

/// A running server, as a test sees it.
struct RunningServer: Sendable {
    let port: Int
    let clock: ManualClock
    let trigger: @Sendable () async -> Void

    func connect(reads: Bool = true) async throws -> RawClient {
        try await RawClient.connect(port: port, reads: reads)
    }

    /// Lets every event loop see what was sent to it so far.
    ///
    /// Connections go to the loops in turn, so an answer on each loop shows that earlier
    /// connections are registered and that their bytes have been read.
    func settle() async throws {
        for _ in 0..<4 {
            _ = try await exchange("GET /settle HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        }
    }

    /// Sends `request` on a connection of its own and reads until the server closes it.
    func exchange(_ request: String) async throws -> String {
        let client = try await connect()
        try await client.send(request)
        let answer = try await client.readToEnd()
        try? await client.close()
        return answer
    }
}

/// Runs `body` against a server on a free port, whose clock stands still, and then ends it.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    respond: @escaping @Sendable (Request) async -> Response,
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    let handler = ClosureHandler {
        $0.target == "/settle" ? Response() : await respond($0)
    }
    try await withServer(configure, logger: logger, handler: handler, body: body)
}

/// Runs `body` against a server that has its answers from `handler`.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    handler: any RequestHandler,
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.threads = 2
    configure(&configuration)
    let clock = ManualClock()
    let started = AsyncStream.makeStream(of: ServerAddress.self)
    let server = Server(
        handler,
        configuration: configuration,
        logger: logger,
        clock: clock
    ) { started.continuation.yield($0) }
    let group = ServiceGroup(services: [server], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var addresses = started.stream.makeAsyncIterator()
        guard let address = await addresses.next() else { return }
        try await body(
            RunningServer(port: address.port, clock: clock) {
                await group.triggerGracefulShutdown()
            }
        )
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// A response of plain text.
func text(_ text: String) -> Response { Response(body: .bytes(Array(text.utf8))) }

extension Request {
    /// The whole body.
    func readAll() async throws -> [UInt8] {
        switch body.content {
        case .bytes(let bytes): return bytes
        case .source(let source):
            var bytes: [UInt8] = []
            while let chunk = try await source.nextChunk() { bytes += chunk }
            return bytes
        }
    }

    /// Whether the body came in memory.
    var isCollected: Bool { if case .bytes = body.content { true } else { false } }
}

/// The status line's code of an answer.
func status(_ answer: String) -> Int? {
    let parts = answer.split(separator: " ", maxSplits: 2)
    guard parts.count > 1, parts[0] == "HTTP/1.1" else { return nil }
    return Int(parts[1])
}

/// What stands after the first empty line of an answer.
func body(_ answer: String) -> String {
    let bytes = Array(answer.utf8)
    let end = bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }
    return end.map { String(decoding: bytes[($0 + 4)...], as: UTF8.self) } ?? ""
}
