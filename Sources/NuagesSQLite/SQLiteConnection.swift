import CSQLite
import NuagesORM
import Synchronization

/// A connection to SQLite on a thread of its own.
actor SQLiteConnection: DatabaseConnection {
    private let executor: ThreadExecutor
    private let handle: SQLiteHandle
    private var statements: [String: SQLiteStatement] = [:]
    private var useCount = 0
    private var isOpen = true
    private var isDamaged = false

    /// More texts than a site has; query shapes that a visitor can vary must not fill the memory.
    private static let maxStatements = 400

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(path: String, busyTimeout: Duration) throws(DatabaseError) {
        handle = try SQLiteHandle(path: path, busyTimeout: busyTimeout)
        executor = try ThreadExecutor()
    }

    deinit { executor.stop() }

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
    }

    func run(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int {
        handle.isInterrupted.store(false, ordering: .sequentiallyConsistent)
        // A cancellation from here on sets the mark again; one before it is seen here.
        if Task.isCancelled { throw CancellationError() }
        handle.endsWithTask = true
        return try step(statement, eachRow: eachRow)
    }

    func begin(_ mode: TransactionMode) throws {
        if Task.isCancelled { throw CancellationError() }
        try control(mode == .write ? "BEGIN IMMEDIATE" : "BEGIN")
    }

    func control(_ text: String) throws {
        handle.isInterrupted.store(false, ordering: .sequentiallyConsistent)
        handle.endsWithTask = false
        _ = try step(SQLStatement(text)) { _ in }
    }

    func close() {
        // A task that outlives its block may keep the handle; it must not keep the write lock.
        if isOpen, isInTransaction { try? control("ROLLBACK") }
        isOpen = false
        statements = [:]
    }

    nonisolated func interrupt() { handle.interrupt() }

    private func step(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int
    {
        let prepared = try prepare(statement.text)
        prepared.isBusy = true
        defer {
            sqlite3_reset(prepared.pointer)
            prepared.isBusy = false
        }
        if !statement.bindings.isEmpty || sqlite3_bind_parameter_count(prepared.pointer) > 0 {
            try prepared.bind(statement.bindings, text: statement.text)
        }
        while true {
            switch sqlite3_step(prepared.pointer) {
            case SQLITE_ROW:
                var row = Row(prepared)
                try eachRow(&row)
            case SQLITE_DONE:
                return sqlite3_stmt_readonly(prepared.pointer) == 0
                    ? Int(sqlite3_changes(handle.pointer)) : 0
            case let code: throw failure(code, statement: statement.text)
            }
        }
    }

    private func failure(_ code: Int32, statement: String) -> any Error {
        let primary = code & 0xFF
        if primary == SQLITE_INTERRUPT && Task.isCancelled { return CancellationError() }
        if [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_MISUSE].contains(primary) { isDamaged = true }
        return SQLiteError.current(handle, code: code, statement: statement)
    }

    private func prepare(_ text: String) throws(DatabaseError) -> SQLiteStatement {
        useCount &+= 1
        if let statement = statements[text], !statement.isBusy {
            statement.lastUse = useCount
            return statement
        }
        guard isOpen else { throw .operational("The connection is closed.", statement: text) }
        let statement = try SQLiteStatement(text, handle: handle)
        statement.lastUse = useCount
        if statements[text] == nil {
            if statements.count >= Self.maxStatements { forgetOldStatements() }
            statements[text] = statement
        }
        return statement
    }

    /// Forgets the half that was not used for longest.
    private func forgetOldStatements() {
        let uses = statements.values.map(\.lastUse).sorted()
        let middle = uses[uses.count / 2]
        statements = statements.filter { $0.value.lastUse > middle || $0.value.isBusy }
    }
}
