/// Where a database is to be brought.
public enum MigrationTarget: Sendable, Hashable {
    /// A migration, forwards or backwards.
    case migration(MigrationKey)
    /// Before an app's first migration.
    case zero(app: String)
}

/// A migration to apply or to undo.
public struct MigrationPlanStep: Sendable {
    /// The migration.
    public var migration: Migration
    /// Whether it is undone.
    public var isBackwards: Bool
}

/// What happens while a database is migrated.
public enum MigrationProgress: Sendable, Hashable {
    /// A migration starts.
    case started(MigrationKey, isBackwards: Bool)
    /// An operation of it starts.
    case operation(MigrationKey, description: String)
    /// The operation that has started reads or writes the whole of a big table, while others wait.
    case slowTable(MigrationKey, table: String, rows: Int)
    /// A migration is done; a faked one changed nothing but the record.
    case finished(MigrationKey, isBackwards: Bool, isFaked: Bool)
}

/// How a database is migrated.
public struct MigrationOptions: Sendable, Hashable {
    /// Whether migrations are recorded but not run (`--fake`).
    public var isFake: Bool
    /// Whether a first migration whose tables are all there is only recorded (`--fake-initial`).
    public var fakesInitial: Bool
    /// How long a change of a table waits for others who use it; nil for ever.
    ///
    /// Whoever comes later waits behind a change that waits, so that a site stands still when this
    /// is long.
    public var lockTimeout: Duration?

    /// Options.
    ///
    /// - Parameters:
    ///   - isFake: whether migrations are recorded but not run.
    ///   - fakesInitial: whether a first migration whose tables are all there is only recorded.
    ///   - lockTimeout: how long a change of a table waits for others who use it; nil for ever.
    public init(
        isFake: Bool = false,
        fakesInitial: Bool = false,
        lockTimeout: Duration? = .seconds(10)
    ) {
        self.isFake = isFake
        self.fakesInitial = fakesInitial
        self.lockTimeout = lockTimeout
    }
}

extension MigrationLoader {
    /// What has to be applied and undone to reach some targets.
    ///
    /// - Parameter targets: the targets; nil for the last migrations of all apps.
    /// - Returns: the steps in order.
    /// - Throws: ``MigrationError/nodeNotFound(_:dependencyOf:)``.
    public func plan(
        to targets: [MigrationTarget]? = nil
    ) throws(MigrationError) -> [MigrationPlanStep] {
        var plan: [MigrationPlanStep] = []
        var done = applied
        for target in targets ?? graph.leafNodes().map({ .migration($0) }) {
            switch target {
            case .zero(let app):
                for root in graph.rootNodes(of: app) { try undo(root, &plan, &done) }
            case .migration(let key) where done.contains(key):
                for next in graph.children(of: key) where next.app == key.app {
                    try undo(next, &plan, &done)
                }
            case .migration(let key):
                for step in try graph.forwardsPlan(to: key) where !done.contains(step) {
                    guard let migration = graph.migrations[step] else { continue }
                    plan.append(MigrationPlanStep(migration: migration, isBackwards: false))
                    done.insert(step)
                }
            }
        }
        return plan
    }

    private func undo(
        _ key: MigrationKey,
        _ plan: inout [MigrationPlanStep],
        _ done: inout Set<MigrationKey>
    ) throws(MigrationError) {
        for step in try graph.backwardsPlan(to: key) where done.contains(step) {
            guard let migration = graph.migrations[step] else { continue }
            plan.append(MigrationPlanStep(migration: migration, isBackwards: true))
            done.remove(step)
        }
    }
}
