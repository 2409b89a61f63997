import CSQLite
import NuagesORM
import Synchronization

/// An open SQLite database.
// All calls but `sqlite3_interrupt`, which SQLite allows from any thread, are made on the executor
// of the connection, one at a time; only there is anything else touched. The handle outlives both.
// @unchecked: `pointer` never changes, and the rest is kept to one thread at a time as said above.
final class SQLiteHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Set from any thread; looked at by the progress handler, because an interrupt that comes
    /// just before a statement starts is lost in SQLite.
    let isInterrupted = Atomic(false)
    /// Whether the statement that runs ends when the task that runs it is cancelled.
    var endsWithTask = false
    /// When the statement that runs is taken off a thread that it was only lent.
    ///
    /// It waits for no lock either then. Nil on the connection's own thread.
    var deadline: ContinuousClock.Instant?
    private let busyTimeout: Duration
    /// How long a task that migrates waits for others who write; nil for ``busyTimeout``.
    var patience: Duration?
    /// How long a statement of a task may take; nil for no limit.
    private let statementTimeout: Duration?
    /// When the time of the statement that runs is over; nil until it has run for a while, so that
    /// quick statements ask for no time.
    private var statementEnd: ContinuousClock.Instant?

    init(
        path: String,
        busyTimeout: Duration,
        statementTimeout: Duration? = nil
    ) throws(DatabaseError) {
        var pointer: OpaquePointer?
        self.busyTimeout = busyTimeout
        self.statementTimeout = statementTimeout
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &pointer, flags, nil)
        guard let pointer else {
            throw .operational("There is no memory for a database connection.", statement: nil)
        }
        guard status == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(pointer))
            sqlite3_close_v2(pointer)
            throw .operational(
                "The database file '\(path)' cannot be opened: \(message)."
                    + SQLiteFile.hint(path),
                statement: nil
            )
        }
        self.pointer = pointer
        sqlite3_extended_result_codes(pointer, 1)
        installBusyHandler()
        installProgressHandler()
        try SQLiteFunctions.install(in: pointer)
    }

    deinit { sqlite3_close_v2(pointer) }

    func interrupt() {
        isInterrupted.store(true, ordering: .sequentiallyConsistent)
        sqlite3_interrupt(pointer)
    }

    /// Whether the statement that runs was ended because its time is over.
    var isOverdue: Bool { statementEnd.map { $0 < .now } ?? false }

    /// Gives the next statement its time.
    func startClock() { statementEnd = nil }

    private func isOutOfTime() -> Bool {
        guard endsWithTask, let statementTimeout else { return false }
        guard let statementEnd else {
            statementEnd = .now + statementTimeout
            return false
        }
        return statementEnd < .now
    }

    /// Whether the statement that runs has to end: it was interrupted, its task was cancelled, its
    /// time is over, or the thread that it is on wants its time back.
    private var mustEnd: Bool {
        if isInterrupted.load(ordering: .relaxed) { return true }
        if let deadline, deadline < .now { return true }
        if isOutOfTime() { return true }
        // Called on the thread that runs the task's statement, so this is its own task.
        return endsWithTask && Task.isCancelled
    }

    private func installProgressHandler() {
        sqlite3_progress_handler(
            pointer,
            1000,
            { context in
                guard let context else { return 0 }
                let handle = Unmanaged<SQLiteHandle>.fromOpaque(context).takeUnretainedValue()
                return handle.mustEnd ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Waits for the lock of another process as `sqlite3_busy_timeout` does, but not on a thread
    /// that has other things to do, and not longer than the task lives.
    func installBusyHandler() {
        sqlite3_busy_handler(
            pointer,
            { context, count in
                guard let context else { return 0 }
                let handle = Unmanaged<SQLiteHandle>.fromOpaque(context).takeUnretainedValue()
                return handle.waitsForLock(attempt: Int(count)) ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func waitsForLock(attempt: Int) -> Bool {
        if deadline != nil || mustEnd || patience != nil && Task.isCancelled { return false }
        let delays = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]
        let waited = delays.prefix(attempt).reduce(0, +) + max(0, attempt - delays.count) * 100
        let left = (patience ?? busyTimeout) - .milliseconds(waited)
        guard left > .zero else { return false }
        let delay = min(.milliseconds(delays[min(attempt, delays.count - 1)]), left)
        sqlite3_sleep(Int32(delay / .milliseconds(1)))
        return true
    }

    /// Whether the key of a table is another name of SQLite's number of the row: `INTEGER` as the
    /// only column of the primary key, and no other type.
    func numbersRows(_ key: CountedKey) -> Bool {
        var type: UnsafePointer<CChar>?
        var isPrimary: Int32 = 0
        let status = sqlite3_table_column_metadata(
            pointer,
            nil,
            key.table,
            key.column,
            &type,
            nil,
            nil,
            &isPrimary,
            nil
        )
        guard status == SQLITE_OK, isPrimary != 0, let type else { return false }
        return String(cString: type).utf8.elementsEqual("INTEGER".utf8) { $0 & 0xDF == $1 }
    }
}
