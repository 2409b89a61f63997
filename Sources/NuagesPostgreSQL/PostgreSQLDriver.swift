public import NuagesORM

/// Opens PostgreSQL databases by URL: `postgresql://user:password@host:port/name?option=value`.
///
/// Everything that libpq takes in such a URL may stand in it, and what is told at
/// ``PostgreSQLDatabase/open(_:name:pool:isolation:assumeRole:)``.
public struct PostgreSQLDriver: DatabaseDriver {
    private let pool: PoolOptions
    private let isolation: PostgreSQLIsolation?
    private let assumeRole: String?

    /// A driver.
    ///
    /// - Parameters:
    ///   - pool: how many connections there may be, and how long one is waited for.
    ///   - isolation: how far transactions are kept apart; nil for the server's own choice.
    ///   - assumeRole: the role that sessions have in place of the user's own.
    public init(
        pool: PoolOptions = PoolOptions(),
        isolation: PostgreSQLIsolation? = nil,
        assumeRole: String? = nil
    ) {
        self.pool = pool
        self.isolation = isolation
        self.assumeRole = assumeRole
    }

    /// The schemes `postgresql` and `postgres`.
    public var schemes: [String] { ["postgresql", "postgres"] }

    /// Opens the database.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the database; connections are made when they are needed.
    /// - Throws: `DatabaseError` where libpq cannot read the URL.
    public func open(_ url: String) throws -> Database {
        try PostgreSQLDatabase.open(url, pool: pool, isolation: isolation, assumeRole: assumeRole)
    }

    /// `psql` and where the database is, without the password.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the program and its arguments.
    public func shellCommand(_ url: String) -> [String] {
        ["psql", PostgreSQLParameters(url: url).split.address]
    }

    /// The password of the URL as `PGPASSWORD`.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the variable, where the URL has a password.
    public func shellEnvironment(_ url: String) -> [String: String] {
        PostgreSQLParameters(url: url).split.password.map { ["PGPASSWORD": $0] } ?? [:]
    }
}
