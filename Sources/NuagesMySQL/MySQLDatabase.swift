public import NuagesORM

/// Opens databases of MariaDB.
///
///     let database = try MySQLDatabase.open("mysql://polls@db.example/polls")
///     Database.configure(default: database)
public enum MySQLDatabase {
    /// Opens a database of a MariaDB 10.11 or later.
    ///
    /// Without a host, or with the host `localhost`, the server's Unix socket is used. The options:
    ///
    /// - `socket`: the path of the Unix socket;
    /// - `ssl-mode`: `verify-identity`, which it is for other machines unless the URL says
    ///   otherwise: the server has to have a certificate for its name; `required`: the connection
    ///   is encrypted, and may be with anybody; `disabled`, which it is on this machine;
    /// - `ssl-ca`, `ssl-cert`, `ssl-key`: files with the certificates to trust, and with one's own;
    /// - `connect-timeout`: the seconds that the server has to answer, 10 as a rule;
    /// - `lock-timeout`: the seconds that a statement waits for a locked row, 10 as a rule;
    /// - `statement-timeout`: the seconds that a statement may take, such as `2.5`; 0 for no limit;
    /// - `isolation-level`: how far transactions are kept apart, such as `repeatable-read`.
    ///
    ///     mysql://polls:secret@db.example:3306/polls?ssl-ca=/etc/ssl/db.pem
    ///     mariadb:///polls?socket=/run/mysqld/mysqld.sock
    ///
    /// Sessions are strict, in UTC and in `utf8mb4`. A connection that the server has ended while
    /// it lay idle is replaced before anything is sent over it. The server cannot ask for files of
    /// this machine, nor for the password as it is.
    ///
    /// - Parameters:
    ///   - url: where the database is.
    ///   - name: the name that errors and logs give the database.
    ///   - pool: how many connections there are and how long a query waits for one.
    ///   - isolation: how far transactions are kept apart; nil for the server's own choice.
    /// - Returns: the database; its connections open when they are needed.
    /// - Throws: `DatabaseError.operational` for a URL that is none of a MariaDB.
    public static func open(
        _ url: String,
        name: String = "default",
        pool: PoolOptions = PoolOptions(),
        isolation: MySQLIsolation? = .readCommitted
    ) throws(DatabaseError) -> Database {
        let parameters = try MySQLParameters(url: url)
        var settings = MySQLSettings(isolation: parameters.isolation ?? isolation)
        if let seconds = parameters.lockTimeout { settings.lockTimeout = seconds }
        var pool = pool
        if let timeout = parameters.statementTimeout { pool.statementTimeout = timeout }
        return Database(
            MySQLBackend(parameters: parameters, settings: settings),
            name: name,
            options: pool
        )
    }
}

/// The driver of MariaDB.
struct MySQLBackend: DatabaseBackend {
    let parameters: MySQLParameters
    let settings: MySQLSettings

    var maxConnections: Int? { nil }
    var dialect: any SQLDialect { MySQLDialect() }
    var features: DatabaseFeatures { .mariaDB }

    func connect() async throws -> any DatabaseConnection {
        try await connect(statementTimeout: nil)
    }

    func connect(statementTimeout: Duration?) async throws -> any DatabaseConnection {
        var settings = settings
        settings.statementTimeout = statementTimeout
        return try await MySQLConnection.open(parameters, settings: settings)
    }
}

extension DatabaseFeatures {
    /// What every MariaDB since version 10.11 can do.
    static let mariaDB: DatabaseFeatures = {
        var features = DatabaseFeatures()
        features.supportsReturningFromUpdate = false
        features.ignoresMissingTargets = true
        features.supportsTransactionalDDL = false
        features.supportsDeferrableConstraints = false
        features.supportsUnlimitedCharacters = false
        features.supportsUnlimitedDecimals = false
        features.supportsSetDefaultOnDelete = false
        features.supportsRenamingIndexes = true
        features.supportsComments = true
        features.supportsInlineComments = true
        features.supportsPartialIndexes = false
        features.supportsExpressionIndexes = false
        features.supportsAggregateFilter = false
        features.supportsLimitedMembership = false
        features.maxBindings = 65_535
        features.groupsByPrimaryKey = true
        features.supportsNullsModifier = false
        features.nullsAreSmall = true
        features.supportsFrameExclusion = false
        return features
    }()
}
