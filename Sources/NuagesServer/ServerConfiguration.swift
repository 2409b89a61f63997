public import NuagesCore
public import NuagesHTTP

/// Where a server listens, and what it lets a client do.
///
///     var configuration = ServerConfiguration(port: 8080)
///     configuration.limits.maxBodySize = 100_000_000
public struct ServerConfiguration: Sendable {
    /// The address or name to listen on: `127.0.0.1`.
    public var host = "127.0.0.1"
    /// The port, 8000 as in Django; 0 lets the system choose a free one.
    public var port = 8_000
    /// What clients may send and how long they may take, and how many threads answer them.
    public var limits = ServerLimits()

    /// Whether each request is logged, at level info: true.
    public var isAccessLogEnabled = true
    /// The header fields of the answers that the server gives itself, such as 400 and 431.
    ///
    /// Nil takes those of `RequestHandler.rejection(_:)`, which for an `Application` are what its
    /// security middleware sends, and adds strong ones where they are missing. `Content-Type`,
    /// `Content-Length` and `Date` are always the server's own.
    public var errorHeaders: Headers?

    /// The defaults.
    ///
    /// - Parameters:
    ///   - host: the address or name to listen on.
    ///   - port: the port; 0 lets the system choose a free one.
    ///   - limits: what clients may send and how long they may take.
    public init(
        host: String = "127.0.0.1",
        port: Int = 8_000,
        limits: ServerLimits = ServerLimits()
    ) {
        self.host = host
        self.port = port
        self.limits = limits
    }
}
