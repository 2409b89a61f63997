import NuagesCore
import NuagesHTTP
import NuagesServer
import NuagesTLS
import ServerTestSupport

/// A running server with TLS, as a test sees it.
struct SecureServer: Sendable {
    let server: RunningServer
    let security: TransportSecurity
    let certificate: TestCertificate

    var port: Int { server.port }
    var clock: ManualClock { server.clock }
    var trigger: @Sendable () async -> Void { server.trigger }

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
    body: @escaping @Sendable (SecureServer) async throws -> Void
) async throws {
    try await withServer(configure, handler: ClosureHandler(respond: respond), body: body)
}

/// Runs `body` against a server that has its answers from `handler`.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    handler: any RequestHandler,
    body: @escaping @Sendable (SecureServer) async throws -> Void
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
    try await withRunningServer(configuration, handler: handler) { server in
        try await body(
            SecureServer(server: server, security: security, certificate: certificate)
        )
    }
}

/// Runs `body` with a client of HTTP/2 that is connected to a server with TLS.
func withH2Client(
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    settings: [UInt8] = [],
    respond: @escaping @Sendable (Request) async -> Response,
    body: @escaping @Sendable (H2Client, SecureServer) async throws -> Void
) async throws {
    try await withServer(configure, respond: respond) { server in
        let client = try await H2Client.connect(server, settings: settings)
        try await body(client, server)
        await client.close()
    }
}
