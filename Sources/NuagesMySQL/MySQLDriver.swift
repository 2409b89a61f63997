public import NuagesORM

/// Opens MariaDB databases by URL: `mysql://user:password@host:port/name?option=value`.
///
/// What may stand in it is told at ``MySQLDatabase/open(_:name:pool:isolation:)``.
public struct MySQLDriver: DatabaseDriver {
    private let pool: PoolOptions
    private let isolation: MySQLIsolation?

    /// A driver.
    ///
    /// - Parameters:
    ///   - pool: how many connections there may be, and how long one is waited for.
    ///   - isolation: how far transactions are kept apart; nil for the server's own choice.
    public init(pool: PoolOptions = PoolOptions(), isolation: MySQLIsolation? = .readCommitted) {
        self.pool = pool
        self.isolation = isolation
    }

    /// The schemes `mysql` and `mariadb`.
    public var schemes: [String] { ["mysql", "mariadb"] }

    /// Opens the database.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the database; connections are made when they are needed.
    /// - Throws: `DatabaseError` for a URL that is none of a MariaDB.
    public func open(_ url: String) throws -> Database {
        try MySQLDatabase.open(url, pool: pool, isolation: isolation)
    }

    /// `mariadb` and where the database is, without the password.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the program and its arguments.
    public func shellCommand(_ url: String) -> [String] {
        guard let parameters = try? MySQLParameters(url: url) else { return ["mariadb"] }
        return ["mariadb"] + parameters.shellArguments
    }

    /// The password of the URL as `MYSQL_PWD`.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the variable, where the URL has a password.
    public func shellEnvironment(_ url: String) -> [String: String] {
        (try? MySQLParameters(url: url))?.password.map { ["MYSQL_PWD": $0] } ?? [:]
    }
}
