public import NuagesORM
import Synchronization

/// Opens PostgreSQL databases.
///
///     let database = try PostgreSQLDatabase.open("postgresql://polls@db.example/polls")
///     Database.configure(default: database)
public enum PostgreSQLDatabase {
    /// Opens a database of a server.
    ///
    /// The URL is libpq's: several hosts, `target_session_attrs`, `sslmode`, `service` and all else
    /// that libpq knows may stand in it, and what it leaves out is taken from the environment
    /// (`PGHOST`, `PGPASSFILE`, …). A host that starts with `/` is the folder of a Unix socket.
    ///
    ///     postgresql:///polls?host=/run/postgresql
    ///     postgresql://polls@a.example,b.example/polls?target_session_attrs=read-write
    ///
    /// To another machine connections are encrypted, and the server has to show a certificate for
    /// its name (`sslmode=verify-full`), unless the URL or `PGSSLMODE` names another `sslmode`.
    ///
    /// What libpq does not know may stand in the query of a URL too:
    ///
    /// - `statement_timeout`: the seconds that a statement may take, such as `2.5`; 0 for no limit;
    /// - `isolation_level`: how far transactions are kept apart, such as `repeatable-read`;
    /// - `assume_role`: the role that sessions have in place of the user's own.
    ///
    /// Sessions are in UTC. A connection that the server has ended while it lay idle is replaced
    /// before anything is sent over it.
    ///
    /// - Parameters:
    ///   - url: where the database is.
    ///   - name: the name that errors and logs give the database.
    ///   - pool: how many connections there are and how long a query waits for one.
    ///   - isolation: how far transactions are kept apart; nil for the server's own choice.
    ///   - assumeRole: the role that sessions have in place of the user's own (`SET ROLE`).
    /// - Returns: the database; its connections open when they are needed.
    /// - Throws: `DatabaseError.operational` for a URL that libpq cannot read.
    public static func open(
        _ url: String,
        name: String = "default",
        pool: PoolOptions = PoolOptions(),
        isolation: PostgreSQLIsolation? = nil,
        assumeRole: String? = nil
    ) throws(DatabaseError) -> Database {
        PostgreSQLFields.install()
        let parameters = PostgreSQLParameters(url: url)
        if url.utf8.contains(0) || parameters.mistake != nil {
            throw .operational(
                parameters.mistake ?? "The database's URL has a NUL character.",
                statement: nil
            )
        }
        let backend = PostgreSQLBackend(
            parameters: parameters,
            settings: try parameters.settings(isolation: isolation, role: assumeRole)
        )
        var pool = pool
        if let timeout = try parameters.statementTimeout() { pool.statementTimeout = timeout }
        return Database(backend, name: name, options: pool)
    }
}

/// The driver of PostgreSQL.
struct PostgreSQLBackend: DatabaseBackend {
    let parameters: PostgreSQLParameters
    let settings: SessionSettings
    private let server = ServerVersion()

    var maxConnections: Int? { nil }
    var dialect: any SQLDialect { PostgreSQLDialect() }
    var features: DatabaseFeatures {
        server.number >= 160_000 ? .postgreSQL16 : .postgreSQL
    }

    func connect() async throws -> any DatabaseConnection {
        try await connect(statementTimeout: nil)
    }

    func connect(statementTimeout: Duration?) async throws -> any DatabaseConnection {
        var settings = settings
        settings.statementTimeout = statementTimeout
        let connection = try await PostgreSQLConnection.open(parameters, settings: settings)
        server.number = await connection.serverVersion
        return connection
    }
}

/// The version of the server, known since the first connection.
private final class ServerVersion: Sendable {
    private let value = Atomic(0)

    /// As libpq counts: 150020 is 15.20; 0 before the first connection.
    var number: Int {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}

extension DatabaseFeatures {
    /// What PostgreSQL can do since version 16.
    static let postgreSQL16: DatabaseFeatures = {
        var features = postgreSQL
        features.supportsAnyValue = true
        return features
    }()

    /// What every PostgreSQL since version 15 can do.
    static let postgreSQL: DatabaseFeatures = {
        var features = DatabaseFeatures()
        features.supportsComments = true
        features.supportsSharedReads = true
        features.supportsDeferrableUnique = true
        features.checksReferencesAtCommit = true
        features.supportsNullsDistinct = true
        features.supportsIncludedColumns = true
        features.supportsOperatorClasses = true
        features.supportsTablespaces = true
        features.supportsIndexMethods = true
        features.supportsExclusionConstraints = true
        features.supportsRenamingIndexes = true
        features.maxBindings = 65_535
        features.supportsDistinctOn = true
        features.groupsByPrimaryKey = true
        features.rangeFramesAreUnbounded = true
        return features
    }()
}
