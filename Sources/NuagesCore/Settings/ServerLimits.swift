/// What a server lets its clients do, and how many threads answer them.
///
///     settings.server.maxBodySize = 100_000_000
///     settings.server.idleTimeout = .seconds(60)
///
/// Django leaves these to the server in front of it.
public struct ServerLimits: Sendable, Hashable {
    // MARK: - Capacity

    /// How many event loops answer requests (`SERVER_THREADS`); 0 means one per core.
    public var threads = 0
    /// How many new connections wait in the kernel for the server to accept them
    /// (`SERVER_BACKLOG`): 4096.
    public var backlog = 4_096
    /// The most connections at once (`SERVER_MAX_CONNECTIONS`): 16,384; one more is answered 503
    /// and closed.
    ///
    /// Fewer are used where the process may not open as many files.
    public var maxConnections = 16_384
    /// The most requests on one connection (`SERVER_MAX_REQUESTS_PER_CONNECTION`), after which it
    /// is closed: 10,000.
    public var maxRequestsPerConnection = 10_000

    // MARK: - Sizes

    /// The longest request line in bytes (`SERVER_MAX_REQUEST_LINE_SIZE`): 8,192; a longer one is
    /// answered 414.
    public var maxRequestLineSize = 8_192
    /// The largest head in bytes, request line and header fields (`SERVER_MAX_HEAD_SIZE`): 32,768;
    /// else 431.
    public var maxHeadSize = 32_768
    /// The most header fields (`SERVER_MAX_FIELD_COUNT`): 100; more are answered 431.
    public var maxFieldCount = 100
    /// The largest request body in bytes (`SERVER_MAX_BODY_SIZE`): 32 MiB; a larger one is answered
    /// 413 before it is read.
    public var maxBodySize = 33_554_432

    // MARK: - Time

    /// How long a request's head may take from its first byte on (`SERVER_HEAD_TIMEOUT`):
    /// 10 seconds, else 408.
    public var headTimeout = Duration.seconds(10)
    /// How long a connection may stay open between requests (`SERVER_IDLE_TIMEOUT`): 15 seconds.
    public var idleTimeout = Duration.seconds(15)
    /// The lowest rate of a request body, and of a client reading a response, in bytes per
    /// second (`SERVER_MINIMUM_RATE`): 240.
    public var minimumRate = 240
    /// How long a body may fall behind that rate at first (`SERVER_BODY_GRACE_PERIOD`):
    /// 5 seconds, else 408.
    public var bodyGracePeriod = Duration.seconds(5)
    /// How long a body that was fast may pause (`SERVER_BODY_STALL_TIMEOUT`): 15 seconds, else 408.
    public var bodyStallTimeout = Duration.seconds(15)
    /// How long a client may leave a response unread (`SERVER_WRITE_TIMEOUT`): 30 seconds, then it
    /// is disconnected.
    public var writeTimeout = Duration.seconds(30)
    /// How long a view may go on for a client that has closed its side of the connection
    /// (`SERVER_HALF_CLOSED_TIMEOUT`): 3 seconds, then the view's task is cancelled.
    ///
    /// Most clients that close their side are gone; some have only finished sending.
    public var halfClosedTimeout = Duration.seconds(3)
    /// How long requests in flight may take when the server shuts down
    /// (`SERVER_SHUTDOWN_TIMEOUT`): 20 seconds.
    public var shutdownTimeout = Duration.seconds(20)

    /// The defaults.
    public init() {}
}
