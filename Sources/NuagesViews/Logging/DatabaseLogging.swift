import Logging
import NuagesCore
import NuagesORM
import Synchronization

/// Logs what databases do: slow statements, pools without a free connection, hooks that fail.
struct DatabaseLogging: DatabaseObserver {
    /// How long a statement takes that is logged; nil for none.
    let threshold: Duration?

    private static let installed = Mutex<DatabaseObservation?>(nil)

    /// Makes this the log of the process, in place of another one.
    func install() {
        let observation = Database.observe(with: self)
        Self.installed.withLock { installed in
            installed?.cancel()
            installed = observation
        }
    }

    func ended(_ query: ObservedQuery) {
        guard let threshold, query.duration >= threshold else { return }
        let milliseconds = query.duration.wholeMilliseconds
        Logger(label: "nuages.db.slow").warning(
            "A statement took \(milliseconds) ms: \(LogText.escape(query.text))",
            metadata: ["database": "\(query.database)", "milliseconds": "\(milliseconds)"]
        )
    }

    func waited(_ wait: ObservedWait) {
        guard wait.hasTimedOut else { return }
        let milliseconds = wait.duration.wholeMilliseconds
        Logger(label: "nuages.db.pool").error(
            "No connection became free within \(milliseconds) ms.",
            metadata: ["database": "\(wait.database)"]
        )
    }

    func hookFailed(_ error: any Error, database: String) {
        Logger(label: "nuages.db").error(
            "A hook failed after its transaction was committed: \(LogText.escape("\(error)"))",
            metadata: ["database": "\(database)"]
        )
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
