import CSQLite
public import NuagesORM

/// Opens SQLite databases.
///
///     let database = try SQLiteDatabase.open(path: "db.sqlite3")
///     Database.configure(default: database)
public enum SQLiteDatabase {
    /// Opens a database file, which is made if it does not exist.
    ///
    /// The file is in WAL mode: readers do not wait for the writer. Writers of this process wait
    /// for each other in a fair queue, those of other processes up to `busyTimeout`.
    ///
    /// - Parameters:
    ///   - path: the file; `:memory:` for a database that lives as long as its one connection.
    ///   - name: the name that errors and logs give the database.
    ///   - pool: how many connections there are and how long a query waits for one.
    ///   - busyTimeout: how long a statement waits for the lock of another process.
    ///   - synchronous: when data is forced to the disk.
    /// - Returns: the database; its connections open when they are needed.
    /// - Throws: `DatabaseError.operational` for a path that cannot be one.
    public static func open(
        path: String,
        name: String = "default",
        pool: PoolOptions = PoolOptions(),
        busyTimeout: Duration = .seconds(5),
        synchronous: SQLiteSynchronous = .normal
    ) throws(DatabaseError) -> Database {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .operational("'\(path)' is not the path of a database.", statement: nil)
        }
        let backend = SQLiteBackend(
            path: path,
            busyTimeout: busyTimeout,
            synchronous: synchronous
        )
        return Database(backend, name: name, options: pool)
    }
}

/// When SQLite forces data to the disk (`PRAGMA synchronous`).
public enum SQLiteSynchronous: String, Sendable, Hashable {
    /// At checkpoints: a crash of the program loses nothing; one of the machine may lose the
    /// last transactions, and never corrupts the file.
    case normal = "NORMAL"
    /// At each commit.
    case full = "FULL"
}

/// The driver of SQLite.
struct SQLiteBackend: DatabaseBackend {
    let path: String
    let busyTimeout: Duration
    let synchronous: SQLiteSynchronous

    var isInMemory: Bool { path.utf8.elementsEqual(":memory:".utf8) }

    /// A second connection to `:memory:` would be another database.
    var maxConnections: Int? { isInMemory ? 1 : nil }

    var dialect: any SQLDialect { SQLiteDialect() }

    var features: DatabaseFeatures {
        var features = DatabaseFeatures()
        features.supportsAlteringColumns = false
        features.supportsAddingForeignKeys = false
        features.maxBindings = SQLiteLimits.maxBindings
        features.hasSingleWriter = true
        features.insertsRowsOneByOne = true
        features.supportsSharedReaders = true
        features.supportsAnyValue = true
        features.supportsAggregateOrdering = sqlite3_libversion_number() >= 3_044_000
        features.supportsOrderedParts = false
        features.supportsParenthesesInCompound = false
        features.nullsAreSmall = true
        features.hasBooleans = false
        features.hasExactDecimals = false
        features.hasJSONType = false
        features.supportsJSONContains = false
        features.hasRowLocks = false
        return features
    }

    func connect() async throws -> any DatabaseConnection {
        try await connect(statementTimeout: nil)
    }

    func connect(statementTimeout: Duration?) async throws -> any DatabaseConnection {
        let connection = try SQLiteConnection(
            path: path,
            busyTimeout: busyTimeout,
            statementTimeout: statementTimeout
        )
        try await connection.configure(synchronous: synchronous, usesWAL: !isInMemory)
        return connection
    }
}

/// What the SQLite library was built to take.
enum SQLiteLimits {
    /// The most values that a statement can bind: 32,766 unless the library was built otherwise.
    static let maxBindings: Int = {
        var pointer: OpaquePointer?
        defer { sqlite3_close_v2(pointer) }
        guard sqlite3_open(":memory:", &pointer) == SQLITE_OK else { return 999 }
        return Int(sqlite3_limit(pointer, SQLITE_LIMIT_VARIABLE_NUMBER, -1))
    }()
}
