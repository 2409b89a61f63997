import Synchronization

/// Reads from replicas and writes to the database that they follow.
///
///     var databaseRouters: [any DatabaseRouter] {
///         [ReplicaRouter(replicas: ["replica1", "replica2"])]
///     }
///
/// Replicas lag behind, so nobody must miss there what they have just written. They are read only
/// inside ``Database/readingFromReplicas(_:)``, which a site opens around each request; there a
/// task stays with the primary database once it has written to it, and while it is in a transaction
/// of it. A visitor whose form was just taken reads from the primary one for some seconds more
/// (`DATABASE_REPLICA_LAG`). Elsewhere, as in commands, the primary one is read. All reads of a request are from the
/// same replica.
public struct ReplicaRouter: DatabaseRouter {
    private let primary: String
    private let replicas: [String]

    /// A router for all models.
    ///
    /// - Parameters:
    ///   - primary: the name of the database that is written to.
    ///   - replicas: the names of those that follow it.
    public init(primary: String = DatabaseGroup.mainName, replicas: [String]) {
        self.primary = primary
        self.replicas = replicas
    }

    /// A replica, or the primary database for those who might miss their own writes.
    ///
    /// - Parameter model: the model.
    /// - Returns: the name.
    public func dbForRead(_ model: ModelSchema) -> String? {
        let scope = DatabaseScope.current
        guard !replicas.isEmpty, let state = scope.replicas,
            let core = Database.group.databases[primary]?.core, !state.hasWritten(to: core),
            scope.session(for: core)?.isInTransaction != true
        else { return primary }
        return replicas[state.number % replicas.count]
    }

    /// The primary database.
    ///
    /// - Parameter model: the model.
    /// - Returns: the name.
    public func dbForWrite(_ model: ModelSchema) -> String? { primary }

    /// Yes: all of the databases hold the same rows.
    ///
    /// - Parameters:
    ///   - first: the model that refers.
    ///   - second: the model that is referred to.
    /// - Returns: true.
    public func allowRelation(_ first: ModelSchema, _ second: ModelSchema) -> Bool? { true }

    /// No for replicas, which get their tables from the primary database.
    ///
    /// - Parameters:
    ///   - database: the name of the database.
    ///   - app: the label of the app.
    ///   - model: the model's name.
    /// - Returns: false for a replica, else nil.
    public func allowMigrate(_ database: String, app: String, model: String?) -> Bool? {
        replicas.contains(database) ? false : nil
    }
}

/// What a request, or another piece of work, has written to.
final class ReplicaScope: Sendable {
    /// Chooses the replica.
    let number = Int.random(in: 0..<1_000_000)
    private let written = Mutex<Set<ObjectIdentifier>>([])
    /// Whether nothing is read from replicas, because of what was written before.
    let sticksToPrimary: Bool

    init(sticksToPrimary: Bool = false) { self.sticksToPrimary = sticksToPrimary }

    /// Whether something was written, to whatever database.
    var hasWritten: Bool { written.withLock { !$0.isEmpty } }

    func noteWrite(to core: Database.Core) {
        written.withLock { _ = $0.insert(ObjectIdentifier(core)) }
    }

    func hasWritten(to core: Database.Core) -> Bool {
        if sticksToPrimary { return true }
        return written.withLock { $0.contains(ObjectIdentifier(core)) }
    }
}

extension Database {
    /// Runs `body`, which reads from replicas as long as it has written nothing.
    ///
    /// Inside another one it is part of that. Without a ``ReplicaRouter`` it changes nothing.
    ///
    /// - Parameter body: a request, or another piece of work of its own.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public static func readingFromReplicas<Result>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        var scope = DatabaseScope.current
        guard scope.replicas == nil else { return try await body() }
        scope.replicas = ReplicaScope()
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }

    /// Runs a request, and tells whether it has written anything.
    ///
    /// - Parameters:
    ///   - sticks: whether it reads from no replica, since its visitor has just written.
    ///   - body: the request.
    /// - Returns: what `body` returns, and whether it has written.
    /// - Throws: what `body` throws.
    package static func readingFromReplicas<Result>(
        stickingToPrimary sticks: Bool,
        _ body: () async throws -> Result
    ) async rethrows -> (result: Result, hasWritten: Bool) {
        var scope = DatabaseScope.current
        let replicas = ReplicaScope(sticksToPrimary: sticks)
        scope.replicas = replicas
        let result = try await DatabaseScope.$current.withValue(scope, operation: body)
        return (result, replicas.hasWritten)
    }
}
