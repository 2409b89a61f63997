public import NuagesCore
public import NuagesHTTP

/// Where a server listens, and what it lets a client do.
///
///     var configuration = ServerConfiguration(port: 8080)
///     configuration.limits.maxBodySize = 100_000_000
public struct ServerConfiguration: Sendable {
    /// Where to listen: `127.0.0.1:8000` as in Django.
    public var address = ListenAddress.standard
    /// Whether other processes may listen on the same port (`SO_REUSEPORT`): the kernel then
    /// spreads new connections over all of them.
    public var sharesPort = false
    /// Who may connect to a Unix domain socket, as the mode of its file: `0o660`, the user and the
    /// group of the process.
    public var unixSocketMode: UInt16 = 0o660
    /// What clients may send and how long they may take, and how many threads answer them.
    public var limits = ServerLimits()
    /// How connections are encrypted; nil is not at all, behind a proxy that does.
    public var security: TransportSecurity?

    /// Whether each request is logged, at level info: true.
    public var isAccessLogEnabled = true
    /// The header fields of the answers that the server gives itself, such as 400 and 431.
    ///
    /// Nil takes those of `RequestHandler.rejection(_:isTLS:)`, which for an `Application` are what its
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
        self.init(address: .tcp(host: host, port: port), limits: limits)
    }

    /// A server at any kind of address.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - limits: what clients may send and how long they may take.
    public init(address: ListenAddress, limits: ServerLimits = ServerLimits()) {
        self.address = address
        self.limits = limits
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
