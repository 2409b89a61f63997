import CSQLite
import NuagesORM
import Synchronization

/// A connection to SQLite on a thread of its own.
actor SQLiteConnection: DatabaseConnection {
    private let executor: ThreadExecutor
    private let handle: SQLiteHandle
    private var statements = PreparedStatements<SQLiteStatement>()
    private var cursors: [Int: (statement: SQLiteStatement, text: String)] = [:]
    private var cursorCount = 0
    private var isOpen = true
    private var isDamaged = false

    /// How long a statement may keep a thread that is only lent.
    private static let patience = Duration.milliseconds(1)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        path: String,
        busyTimeout: Duration,
        statementTimeout: Duration? = nil
    ) throws(DatabaseError) {
        handle = try SQLiteHandle(
            path: path,
            busyTimeout: busyTimeout,
            statementTimeout: statementTimeout
        )
        executor = try ThreadExecutor()
    }

    deinit { executor.stop() }

    /// How many statements are kept prepared.
    var preparedCount: Int { statements.count }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle.pointer) == 0 }
    var isUsable: Bool { isOpen && !isDamaged }

    /// Settings that hold for the connection.
    func configure(synchronous: SQLiteSynchronous, usesWAL: Bool) throws {
        if usesWAL { try control("PRAGMA journal_mode = WAL") }
        try control("PRAGMA synchronous = \(synchronous.rawValue)")
        try control("PRAGMA temp_store = MEMORY")
        try reset()
    }

    func reset() throws {
        try control("PRAGMA foreign_keys = ON")
        try control("PRAGMA defer_foreign_keys = OFF")
        try control("PRAGMA legacy_alter_table = OFF")
        handle.patience = nil
        // A `PRAGMA busy_timeout` has put SQLite's own in its place.
        handle.installBusyHandler()
    }

    /// Sets how long statements wait for others who write; nil for what it was opened with.
    ///
    /// - Returns: what it was before.
    func setPatience(_ patience: Duration?) -> Duration? {
        defer { handle.patience = patience }
        return handle.patience
    }

    func run(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int {
        try startForTask()
        return try step(statement, eachRow: eachRow)
    }

    func run(
        _ statement: SQLStatement,
        columns: ([String]) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        try startForTask()
        return try step(statement, started: { columns($0.columnNames) }, eachRow: eachRow)
    }

    /// SQLite knows the number of the row that it inserted last; `RETURNING` would collect rows in a
    /// table of its own, which takes as long as inserting them.
    func insert(_ statement: SQLStatement, counting key: CountedKey) throws -> Int64? {
        try startForTask()
        guard try numbersRows(key) else {
            var found: Int?
            _ = try step(statement) { row in found = try row.read() }
            return found.map(Int64.init)
        }
        _ = try step(SQLStatement(key.insert, statement.bindings)) { _ in }
        return sqlite3_last_insert_rowid(handle.pointer)
    }

    /// A statement that is prepared once is run sooner for each row than a long one is read.
    func insertEach(_ rows: [[SQLValue]], counting key: CountedKey) throws -> [Int64]? {
        try startForTask()
        guard try numbersRows(key) else { return nil }
        var keys: [Int64] = []
        keys.reserveCapacity(rows.count)
        for row in rows {
            _ = try step(SQLStatement(key.insert, row)) { _ in }
            keys.append(sqlite3_last_insert_rowid(handle.pointer))
        }
        return keys
    }

    private func numbersRows(_ key: CountedKey) throws -> Bool {
        let prepared = try prepare(key.insert)
        if let known = prepared.numbersRows { return known }
        let numbersRows = handle.numbersRows(key)
        prepared.numbersRows = numbersRows
        return numbersRows
    }

    func openCursor(_ statement: SQLStatement) throws -> Int {
        try startForTask()
        let prepared = try prepare(statement.text)
        try prepared.bind(statement.bindings, text: statement.text)
        prepared.isBusy = true
        cursorCount += 1
        cursors[cursorCount] = (prepared, statement.text)
        return cursorCount
    }

    func fetch(
        _ maxCount: Int,
        from cursor: Int,
        eachRow: (inout Row) throws -> Void
    ) throws -> Bool {
        guard let (statement, text) = cursors[cursor] else {
            throw DatabaseError.operational("The rows are no longer open.", statement: nil)
        }
        do {
            try startForTask()
            for _ in 0..<maxCount {
                switch sqlite3_step(statement.pointer) {
                case SQLITE_ROW:
                    var row = Row(statement)
                    try eachRow(&row)
                case SQLITE_DONE:
                    closeCursor(cursor)
                    return false
                case let code: throw failure(code, statement: text)
                }
            }
            return true
        } catch {
            closeCursor(cursor)
            throw error
        }
    }

    func closeCursor(_ cursor: Int?) {
        for (number, (statement, _)) in cursors where cursor == nil || cursor == number {
            sqlite3_reset(statement.pointer)
            statement.isBusy = false
        }
        if let cursor { cursors[cursor] = nil } else { cursors = [:] }
    }

    private func startForTask() throws {
        handle.isInterrupted.store(false, ordering: .sequentiallyConsistent)
        // A cancellation from here on sets the mark again; one before it is seen here.
        if Task.isCancelled { throw CancellationError() }
        handle.endsWithTask = true
        handle.startClock()
    }

    /// Statements that only read are run in one transaction: they see the same rows, and the file is
    /// locked once for all of them.
    func runMany(
        _ statements: [SQLStatement],
        eachRow: (Int, inout Row) throws -> Void
    ) throws -> [Int] {
        let isAlone = statements.count < 2 || isInTransaction
        if isAlone || !statements.allSatisfy({ $0.text.utf8.starts(with: "SELECT ".utf8) }) {
            return try runEach(statements, eachRow)
        }
        try begin(.read)
        do {
            let counts = try runEach(statements, eachRow)
            _ = try step(SQLStatement("COMMIT")) { _ in }
            return counts
        } catch {
            // Also on a thread that may not prepare statements.
            sqlite3_exec(handle.pointer, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    private func runEach(
        _ statements: [SQLStatement],
        _ eachRow: (Int, inout Row) throws -> Void
    ) throws -> [Int] {
        var counts: [Int] = []
        counts.reserveCapacity(statements.count)
        for (index, statement) in statements.enumerated() {
            counts.append(try run(statement) { row in try eachRow(index, &row) })
        }
        return counts
    }

    func begin(_ mode: TransactionMode) throws {
        if Task.isCancelled { throw CancellationError() }
        try control(mode == .write ? "BEGIN IMMEDIATE" : "BEGIN")
    }

    /// Transactions of SQLite are serializable, whatever is asked.
    func begin(_ mode: TransactionMode, isolation: IsolationLevel?) throws { try begin(mode) }

    func control(_ text: String) throws {
        handle.isInterrupted.store(false, ordering: .sequentiallyConsistent)
        handle.endsWithTask = false
        _ = try step(SQLStatement(text)) { _ in }
    }

    func close() {
        // A task that outlives its block may keep the handle; it must not keep the write lock.
        if isOpen, isInTransaction { try? control("ROLLBACK") }
        isOpen = false
        closeCursor(nil)
        statements.forgetAll()
    }

    nonisolated func interrupt() { handle.interrupt() }

    nonisolated var taskExecutor: (any TaskExecutor)? { executor.taskExecutor }

    nonisolated func performAtOnce<Result: Sendable>(
        fromOtherThreads: Bool,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) throws -> Result? {
        do {
            return try executor.borrowing(fromOtherThreads: fromOtherThreads) { turn in
                try assumeIsolated { connection in
                    if case .borrowed = turn { connection.handle.deadline = .now + Self.patience }
                    defer { connection.handle.deadline = nil }
                    return try work(connection)
                }
            }
        } catch is SQLiteRefusal {
            return nil
        }
    }

    /// Whether the thread that runs the statement has other things to do.
    private var isHurried: Bool { handle.deadline != nil }

    private func step(
        _ statement: SQLStatement,
        started: (SQLiteStatement) -> Void = { _ in },
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        let prepared = try prepare(statement.text)
        if isHurried, mayWrite(prepared) { throw SQLiteRefusal() }
        prepared.isBusy = true
        defer {
            sqlite3_reset(prepared.pointer)
            prepared.isBusy = false
        }
        if !statement.bindings.isEmpty || sqlite3_bind_parameter_count(prepared.pointer) > 0 {
            try prepared.bind(statement.bindings, text: statement.text)
        }
        var code = sqlite3_step(prepared.pointer)
        // The first step reads the schema again where it has changed.
        started(prepared)
        while code == SQLITE_ROW {
            var row = Row(prepared)
            try eachRow(&row)
            code = sqlite3_step(prepared.pointer)
        }
        guard code == SQLITE_DONE else { throw failure(code, statement: statement.text) }
        return sqlite3_stmt_readonly(prepared.pointer) == 0
            ? Int(sqlite3_changes(handle.pointer)) : 0
    }

    /// Whether the statement may write to the file, as the end of a transaction that wrote does.
    private func mayWrite(_ statement: SQLiteStatement) -> Bool {
        sqlite3_stmt_readonly(statement.pointer) == 0
            || sqlite3_txn_state(handle.pointer, nil) == SQLITE_TXN_WRITE
    }

    private func failure(_ code: Int32, statement: String) -> any Error {
        let primary = code & 0xFF
        if isHurried, primary == SQLITE_BUSY || primary == SQLITE_INTERRUPT,
            !Task.isCancelled
        {
            return SQLiteRefusal()
        }
        if primary == SQLITE_INTERRUPT && Task.isCancelled { return CancellationError() }
        if primary == SQLITE_BUSY, handle.patience != nil, Task.isCancelled {
            return CancellationError()
        }
        if primary == SQLITE_BUSY || primary == SQLITE_INTERRUPT, handle.isOverdue {
            return DatabaseError.statementTimeout(statement: statement)
        }
        if [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_MISUSE].contains(primary) { isDamaged = true }
        return SQLiteError.current(handle, code: code, statement: statement)
    }

    private func prepare(_ text: String) throws -> SQLiteStatement {
        if let known = statements.find(text, where: { !$0.isBusy }) { return known }
        guard isOpen else {
            throw DatabaseError.operational("The connection is closed.", statement: text)
        }
        // Preparing may read the schema.
        if isHurried { throw SQLiteRefusal() }
        let statement = try SQLiteStatement(text, handle: handle)
        // Those that go for it are finalized when nobody reads their rows any more.
        if PreparedStatements<SQLiteStatement>.keeps(text) { _ = statements.keep(statement, text) }
        return statement
    }
}

/// A statement that has to run on its connection's thread.
private struct SQLiteRefusal: Error {}
