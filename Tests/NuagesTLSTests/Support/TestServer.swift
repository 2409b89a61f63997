import Logging
import NIOCore
import NuagesCore
import NuagesHTTP
import NuagesTLS
import ServiceLifecycle
import Synchronization

@testable import NuagesServer

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
                try? await loop.scheduleTask(in: .zero) { tick() }.futureResult.get()
            }
        }
    }
}

/// Something that tasks wait for until a test lets it happen, or they are cancelled.
struct Gate: Sendable {
    private let stream = AsyncStream.makeStream(of: Never.self)

    func open() { stream.continuation.finish() }

    func wait() async { for await _ in stream.stream {} }
}

struct RunningServer: Sendable {
    let port: Int
    let clock: ManualClock
    let security: TransportSecurity
    let certificate: TestCertificate
    let trigger: @Sendable () async -> Void

    /// Arguments for curl: what it trusts, and where the server is.
    func curl(
        _ arguments: [String],
        path: String = "/",
        input: [UInt8] = []
    ) async throws
        -> (status: Int32, output: String)
    {
        try await runAside(
            "curl",
            ["-sS", "--max-time", "50", "--cacert", certificate.certificate] + arguments
                + ["https://localhost:\(port)\(path)", "--resolve", "localhost:\(port):127.0.0.1"],
            input: input
        )
    }
}

/// Runs `body` against a server with TLS on a free port, whose clock stands still.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    respond: @escaping @Sendable (Request) async -> Response,
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    try await withServer(configure, handler: ClosureHandler(respond: respond), body: body)
}

/// Runs `body` against a server that has its answers from `handler`.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    handler: any RequestHandler,
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    let certificate = try await TestCertificate()
    let security = try TransportSecurity.tls(
        certificateChain: certificate.certificate,
        privateKey: certificate.key
    )
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.threads = 1
    configuration.security = security
    configure(&configuration)
    let clock = ManualClock()
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
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
            RunningServer(
                port: address.port,
                clock: clock,
                security: security,
                certificate: certificate
            ) { await group.triggerGracefulShutdown() }
        )
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

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
}
