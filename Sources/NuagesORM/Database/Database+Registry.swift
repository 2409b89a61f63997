import Synchronization

extension Database {
    private struct Registry {
        var main: Database?
        var others: [String: Database] = [:]
    }

    private static let registry = Mutex(Registry())

    /// Makes `database` the one that query sets use.
    ///
    /// - Parameter database: the database that is called `default`.
    public static func configure(default database: Database) {
        registry.withLock { $0.main = database }
    }

    /// Adds a database that ``named(_:)`` and `using` reach.
    ///
    /// - Parameters:
    ///   - database: the database.
    ///   - name: the name in the program.
    public static func configure(_ database: Database, name: String) {
        registry.withLock {
            if name == "default" { $0.main = database } else { $0.others[name] = database }
        }
    }

    /// The database that was configured as `name`.
    ///
    /// - Parameter name: `default`, or the name that was given to ``configure(_:name:)``.
    /// - Returns: the database.
    /// - Throws: ``DatabaseError/notConfigured(name:)`` where there is none.
    public static func named(_ name: String) throws(DatabaseError) -> Database {
        let found = registry.withLock { name == "default" ? $0.main : $0.others[name] }
        guard let found else { throw .notConfigured(name: name) }
        return found
    }

    /// The database of the task: that of ``use(_:)`` around it, or the default one.
    ///
    /// - Throws: ``DatabaseError/notConfigured(name:)`` where there is none.
    public static var current: Database {
        get throws(DatabaseError) {
            if let database = DatabaseScope.current.database { return database }
            return try named("default")
        }
    }

    /// Runs `body` with this database as the task's ``current`` one.
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

/// What the queries of a task share; one task-local value, so that a query looks it up once.
struct DatabaseScope: Sendable {
    @TaskLocal static var current = DatabaseScope()

    /// The database in place of the default one.
    var database: Database?
    /// The connections that blocks around the task hold, one per database.
    var sessions: [Session] = []
    /// The innermost `atomic` block of each session, by the session's identity.
    var blockIDs: [ObjectIdentifier: Int] = [:]
    /// Where queries are recorded.
    var log: QueryLog?

    func session(for core: Database.Core) -> Session? {
        for session in sessions where session.core === core { return session }
        return nil
    }
}
