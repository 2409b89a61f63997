public import NuagesHTTP

/// Where a server listens, and what it lets a client do.
///
///     var configuration = ServerConfiguration()
///     configuration.port = 8080
///     configuration.maxBodySize = 100_000_000
public struct ServerConfiguration: Sendable {
    // MARK: - Listening

    /// Where to listen: `127.0.0.1:8000` as in Django.
    public var address = ListenAddress.standard
    /// Whether other processes may listen on the same port (`SO_REUSEPORT`): the kernel then
    /// spreads new connections over all of them.
    public var sharesPort = false
    /// Who may connect to a Unix domain socket, as the mode of its file: `0o660`, the user and the
    /// group of the process.
    public var unixSocketMode: UInt16 = 0o660
    /// How many event loops answer requests; 0 means one for each core.
    public var threads = 0
    /// How many new connections wait in the kernel for the server to accept them: 4096.
    public var backlog = 4_096

    /// How connections are encrypted; nil is not at all, behind a proxy that does.
    public var security: TransportSecurity?

    // MARK: - Limits

    /// The most connections at once: 16,384; one more is answered 503 and closed.
    ///
    /// Fewer are used where the process may not open as many files.
    public var maxConnections = 16_384
    /// The most requests on one connection, after which it is closed: 10,000.
    public var maxRequestsPerConnection = 10_000
    /// The longest request line in bytes: 8,192; a longer one is answered 414.
    public var maxRequestLineSize = 8_192
    /// The largest head in bytes, request line and header fields: 32,768; else 431.
    public var maxHeadSize = 32_768
    /// The most header fields: 100; more are answered 431.
    public var maxFieldCount = 100
    /// The largest request body in bytes: 32 MiB; a larger one is answered 413 before it is read.
    public var maxBodySize = 33_554_432

    // MARK: - Timeouts

    /// How long a request's head may take from its first byte on: 10 seconds, else 408.
    public var headTimeout = Duration.seconds(10)
    /// How long a connection may stay open between requests: 15 seconds.
    public var idleTimeout = Duration.seconds(15)
    /// The lowest rate of a request body, and of a client reading a response, in bytes per
    /// second: 240.
    public var minimumRate = 240
    /// How long a body may fall behind that rate at first: 5 seconds, else 408.
    public var bodyGracePeriod = Duration.seconds(5)
    /// How long a body that was fast may pause: 15 seconds, else 408.
    public var bodyStallTimeout = Duration.seconds(15)
    /// How long a client may leave a response unread: 30 seconds, then it is disconnected.
    public var writeTimeout = Duration.seconds(30)
    /// How long a view may go on for a client that has closed its side of the connection:
    /// 3 seconds, then the view's task is cancelled.
    ///
    /// Most clients that close their side are gone; some have only finished sending.
    public var halfClosedTimeout = Duration.seconds(3)
    /// How long requests in flight may take when the server shuts down: 20 seconds.
    public var shutdownTimeout = Duration.seconds(20)

    // MARK: - Answers

    /// Whether each request is logged, at level info: true.
    public var isAccessLogEnabled = true
    /// The header fields of the answers that the server gives itself, such as 400 and 431.
    ///
    /// Set these to what the site's security middleware sends.
    public var errorHeaders: Headers = [
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    ]

    /// The defaults.
    ///
    /// - Parameters:
    ///   - host: the address or name to listen on.
    ///   - port: the port; 0 lets the system choose a free one.
    public init(host: String = "127.0.0.1", port: Int = 8_000) {
        address = .tcp(host: host, port: port)
    }

    /// The address or name of a TCP ``address``; empty where it is none.
    public var host: String {
        get { if case .tcp(let host, _) = address { host } else { "" } }
        set { address = .tcp(host: newValue, port: port) }
    }

    /// The port of a TCP ``address``; 0 lets the system choose a free one.
    public var port: Int {
        get { if case .tcp(_, let port) = address { port } else { 0 } }
        set { address = .tcp(host: host.isEmpty ? "127.0.0.1" : host, port: newValue) }
    }
}
