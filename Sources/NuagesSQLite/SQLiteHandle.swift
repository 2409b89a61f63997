import CSQLite
import NuagesORM
import Synchronization

/// An open SQLite database.
// @unchecked: `pointer` never changes, and all calls but `sqlite3_interrupt`, which SQLite allows
// from any thread, are made on the thread of the connection's executor; only that thread touches
// `endsWithTask`. The handle outlives both.
final class SQLiteHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Set from any thread; looked at by the progress handler, because an interrupt that comes
    /// just before a statement starts is lost in SQLite.
    let isInterrupted = Atomic(false)
    /// Whether the statement that runs ends when the task that runs it is cancelled.
    var endsWithTask = false

    init(path: String, busyTimeout: Duration) throws(DatabaseError) {
        var pointer: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &pointer, flags, nil)
        guard let pointer else {
            throw .operational("There is no memory for a database connection.", statement: nil)
        }
        guard status == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(pointer))
            sqlite3_close_v2(pointer)
            throw .operational(
                "The database file '\(path)' cannot be opened: \(message).",
                statement: nil
            )
        }
        self.pointer = pointer
        sqlite3_extended_result_codes(pointer, 1)
        let (seconds, attoseconds) = busyTimeout.components
        let milliseconds = min(max(seconds, 0), 86_400) * 1000 + attoseconds / 1_000_000_000_000_000
        sqlite3_busy_timeout(pointer, Int32(truncatingIfNeeded: milliseconds))
        installProgressHandler()
    }

    deinit { sqlite3_close_v2(pointer) }

    func interrupt() {
        isInterrupted.store(true, ordering: .sequentiallyConsistent)
        sqlite3_interrupt(pointer)
    }

    private func installProgressHandler() {
        sqlite3_progress_handler(
            pointer,
            10_000,
            { context in
                guard let context else { return 0 }
                let handle = Unmanaged<SQLiteHandle>.fromOpaque(context).takeUnretainedValue()
                if handle.isInterrupted.load(ordering: .relaxed) { return 1 }
                // Called on the thread that runs the task's statement, so this is its own task.
                return handle.endsWithTask && Task.isCancelled ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
