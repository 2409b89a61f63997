/// The databases of a program by their names, and what chooses among them.
///
///     Database.configure(
///         DatabaseGroup(
///             ["default": main, "replica": replica],
///             routers: [ReplicaRouter(replicas: ["replica"])]
///         )
///     )
///
/// A site makes it of its settings. Django: `DATABASES` and `DATABASE_ROUTERS`.
public struct DatabaseGroup: Sendable {
    /// The name of the database that is used where nothing says another: `default`.
    public static let mainName = "default"

    /// The databases by their names.
    public var databases: [String: Database]
    /// Asked in order; the first answer counts.
    public var routers: [any DatabaseRouter]

    /// Databases.
    ///
    /// - Parameters:
    ///   - databases: the databases by their names.
    ///   - routers: what chooses among them.
    public init(_ databases: [String: Database] = [:], routers: [any DatabaseRouter] = []) {
        self.databases = databases
        self.routers = routers
    }

    /// The group as a task carries it.
    final class Box: Sendable {
        let value: DatabaseGroup
        init(_ value: DatabaseGroup) { self.value = value }
    }

    /// The database of a name.
    ///
    /// - Parameter name: such as `default`.
    /// - Returns: the database.
    /// - Throws: ``DatabaseError/notConfigured(name:)`` where there is none.
    public func named(_ name: String) throws(DatabaseError) -> Database {
        guard let database = databases[name] else { throw .notConfigured(name: name) }
        return database
    }

    /// The name that a database has here; the one that it was opened with, where it has none.
    ///
    /// - Parameter database: the database.
    /// - Returns: the first of its names.
    public func name(of database: Database) -> String {
        let names = databases.filter { $0.value.core === database.core }.keys
        return names.contains(Self.mainName) ? Self.mainName : names.min() ?? database.name
    }

    /// Runs `body` with these databases in place of those of the process.
    ///
    /// - Parameter body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func use<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        var scope = DatabaseScope.current
        scope.database = nil
        scope.group = Box(self)
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }

    func routed(
        _ mode: TransactionMode,
        _ model: ModelSchema
    ) throws(DatabaseError) -> Database {
        for router in routers {
            let name = mode == .read ? router.dbForRead(model) : router.dbForWrite(model)
            if let name { return try named(name) }
        }
        return try named(Self.mainName)
    }

    /// Whether rows of two models may refer to each other: what the first router with an opinion
    /// says, else whether both are written to the same database.
    ///
    /// - Parameters:
    ///   - first: the model that refers.
    ///   - second: the model that is referred to.
    /// - Returns: true if they may.
    /// - Throws: ``DatabaseError/notConfigured(name:)`` for a name of a router that no database has.
    public func allowsRelation(
        _ first: ModelSchema,
        _ second: ModelSchema
    ) throws(DatabaseError) -> Bool {
        for router in routers {
            if let answer = router.allowRelation(first, second) { return answer }
        }
        return try routed(.write, first).core === routed(.write, second).core
    }

    /// Whether an operation of a migration runs on a database: what the first router with an
    /// opinion says, else yes.
    ///
    /// - Parameters:
    ///   - database: the name of the database.
    ///   - app: the label of the app.
    ///   - model: the model's name in lower case; nil for an operation on none.
    /// - Returns: true if it does.
    public func allowsMigrating(_ database: String, app: String, model: String?) -> Bool {
        for router in routers {
            if let answer = router.allowMigrate(database, app: app, model: model) { return answer }
        }
        return true
    }
}
