/// How the connections of databases are kept; nil leaves what the driver says.
public struct DatabasePoolSettings: Sendable, Hashable {
    /// The most connections (`DATABASE_POOL_SIZE`).
    public var size: Int?
    /// How long a query waits for a connection (`DATABASE_POOL_TIMEOUT`).
    public var timeout: Duration?
    /// How old a connection gets (`CONN_MAX_AGE`).
    public var maxAge: Duration?
    /// Whether a connection that lay idle has to answer before it is used (`CONN_HEALTH_CHECKS`).
    public var checksHealth: Bool?
    /// How long a statement of a request may take (`DATABASE_STATEMENT_TIMEOUT`); zero for no limit,
    /// nil for 30 seconds.
    ///
    /// What the URL of a database says counts for more.
    public var statementTimeout: Duration?

    /// As the drivers say.
    public init() {}
}
