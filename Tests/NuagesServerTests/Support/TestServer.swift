import Logging
import NuagesCore
import NuagesHTTP
import NuagesServer
import ServerTestSupport

extension RunningServer {
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
    logger: Logger = .silent,
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
    logger: Logger = .silent,
    handler: any RequestHandler,
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    var configuration = ServerConfiguration(port: 0)
    configuration.limits.threads = 2
    configure(&configuration)
    try await withRunningServer(configuration, handler: handler, logger: logger, body: body)
}

extension Request {
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
