public import Metrics
public import NuagesORM
import Synchronization

/// Times what databases do by swift-metrics.
///
///     Database.observe(with: DatabaseMetrics())
///
/// | metric | kind | dimensions |
/// | --- | --- | --- |
/// | `db.client.operation.duration` | timer | system, database |
/// | `db.client.operation.errors` | counter | system, database |
/// | `db.client.connection.wait_time` | timer | database |
/// | `db.client.connection.timeouts` | counter | database |
///
/// The names are those of OpenTelemetry's conventions where it has one. The times of statements are
/// without the wait for a connection.
public final class DatabaseMetrics: DatabaseObserver {
    private struct Operations: Sendable {
        let duration: Timer
        let errors: Counter
    }

    private struct Waits: Sendable {
        let duration: Timer
        let timeouts: Counter
    }

    private let factory: (any MetricsFactory)?
    private let operations = Mutex<[String: Operations]>([:])
    private let waits = Mutex<[String: Waits]>([:])

    /// Metrics of databases.
    ///
    /// - Parameter factory: where the metrics go; nil is the factory that `MetricsSystem` was given.
    public init(factory: (any MetricsFactory)? = nil) { self.factory = factory }

    private var target: any MetricsFactory { factory ?? MetricsSystem.factory }

    /// Times a statement.
    ///
    /// - Parameter query: the statement.
    public func ended(_ query: ObservedQuery) {
        let found = operations.withLock { known in
            if let found = known[query.database] { return found }
            let dimensions = [("system", query.vendor), ("database", query.database)]
            let made = Operations(
                duration: Timer(
                    label: "db.client.operation.duration",
                    dimensions: dimensions,
                    factory: target
                ),
                errors: Counter(
                    label: "db.client.operation.errors",
                    dimensions: dimensions,
                    factory: target
                )
            )
            known[query.database] = made
            return made
        }
        found.duration.recordNanoseconds(query.duration.nanoseconds)
        if query.hasFailed { found.errors.increment() }
    }

    /// Times a wait for a connection.
    ///
    /// - Parameter wait: the wait.
    public func waited(_ wait: ObservedWait) {
        let found = waits.withLock { known in
            if let found = known[wait.database] { return found }
            let dimensions = [("database", wait.database)]
            let made = Waits(
                duration: Timer(
                    label: "db.client.connection.wait_time",
                    dimensions: dimensions,
                    factory: target
                ),
                timeouts: Counter(
                    label: "db.client.connection.timeouts",
                    dimensions: dimensions,
                    factory: target
                )
            )
            known[wait.database] = made
            return made
        }
        found.duration.recordNanoseconds(wait.duration.nanoseconds)
        if wait.hasTimedOut { found.timeouts.increment() }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
