import Synchronization

extension Database {
    private static let registry = Mutex(DatabaseGroup())

    /// Makes `database` the one that query sets use.
    ///
    /// - Parameter database: the database that is called `default`.
    public static func configure(default database: Database) {
        configure(database, name: DatabaseGroup.mainName)
    }

    /// Adds a database that ``named(_:)`` and `using` reach.
    ///
    /// - Parameters:
    ///   - database: the database.
    ///   - name: the name in the program.
    public static func configure(_ database: Database, name: String) {
        registry.withLock { $0.databases[name] = database }
    }

    /// Makes these the databases of the process, and what chooses among them.
    ///
    /// - Parameter group: the databases by their names, and the routers.
    public static func configure(_ group: DatabaseGroup) { registry.withLock { $0 = group } }

    /// The databases of the task, or those of the process.
    static var group: DatabaseGroup {
        if let group = DatabaseScope.current.group { return group.value }
        return registry.withLock { $0 }
    }

    /// The database that was configured as `name`.
    ///
    /// - Parameter name: `default`, or the name that was given to ``configure(_:name:)``.
    /// - Returns: the database.
    /// - Throws: ``DatabaseError/notConfigured(name:)`` where there is none.
    public static func named(_ name: String) throws(DatabaseError) -> Database {
        try group.named(name)
    }

    /// The database of the task: that of ``use(_:)`` around it, or the default one.
    ///
    /// - Throws: ``DatabaseError/notConfigured(name:)`` where there is none.
    public static var current: Database {
        get throws(DatabaseError) {
            if let database = DatabaseScope.current.database { return database }
            return try named(DatabaseGroup.mainName)
        }
    }

    /// The database that a model's rows are read from, or written to: that of ``use(_:)`` around
    /// the task, else what the routers say, else the default one.
    static func routed(
        _ mode: TransactionMode,
        _ model: ModelInfo
    ) throws(DatabaseError) -> Database {
        if model.isSwapped { throw .swapped(model.schema) }
        if let database = DatabaseScope.current.database { return database }
        return try group.routed(mode, model.schema)
    }

    /// Runs `body` with this database as the task's ``current`` one; no router is asked.
    ///
    ///     try await database.use { try await Question.objects.all() }
    ///
    /// - Parameter body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func use<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        var scope = DatabaseScope.current
        scope.database = self
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }
}

extension Database {
    /// Runs `body` outside of the transactions of the task, on connections of its own.
    ///
    /// It is for what must be seen by others at once, whatever becomes of the transaction. What the
    /// transaction has written and locked is in its way.
    ///
    /// - Parameter body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package static func outsideOfTransactions<Result>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        var scope = DatabaseScope.current
        scope.sessions = []
        scope.blockIDs = [:]
        scope.logs = []
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }
}

extension DatabaseError {
    fileprivate static func swapped(_ schema: ModelSchema) -> Self {
        .notSupported(
            """
            Rows of \(schema.fullName) cannot be asked for: \(schema.swappable ?? "") puts \
            '\(schema.swapped ?? "")' in its place.
            """
        )
    }
}

/// What the queries of a task share; one task-local value, so that a query looks it up once.
struct DatabaseScope: Sendable {
    @TaskLocal static var current = DatabaseScope()

    /// The database in place of the default one and of what routers say.
    var database: Database?
    /// The databases in place of those of the process.
    var group: DatabaseGroup.Box?
    /// The connections that blocks around the task hold, one per database.
    var sessions: [Session] = []
    /// The innermost `atomic` block of each session, by the session's identity.
    var blockIDs: [ObjectIdentifier: Int] = [:]
    /// Where queries are recorded, the innermost first.
    var logs: [QueryLog] = []
    /// What changes the statements of the task.
    var wrapper: StatementWrapper?
    /// What the task has written to, where it may read from replicas.
    var replicas: ReplicaScope?

    /// Notes a statement before it runs.
    func record(_ statement: SQLStatement) { for log in logs { log.record(statement) } }

    func session(for core: Database.Core) -> Session? {
        for session in sessions where session.core === core { return session }
        return nil
    }
}
