import CLibMariaDB
import NuagesORM

/// A connection to MariaDB on a thread of its own.
actor MySQLConnection: DatabaseConnection {
    private let executor: ThreadExecutor
    let handle: MySQLHandle
    private let settings: MySQLSettings
    private var statements = PreparedStatements<MySQLStatement>()
    var cursors: [Int: Cursor] = [:]
    var cursorCount = 0
    /// The statement that begins a transaction, sent before the first one in it.
    private var pendingBegin: String?
    /// How far that transaction is kept from others, where it was asked.
    private var pendingIsolation: IsolationLevel?
    private(set) var isOpen = true
    /// Whether the thread that runs on the connection has other things to do.
    private var isHurried = false

    struct Cursor {
        let statement: MySQLStatement
        let text: String
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(_ handle: MySQLHandle, _ executor: ThreadExecutor, _ settings: MySQLSettings) {
        self.handle = handle
        self.executor = executor
        self.settings = settings
    }

    deinit { executor.stop() }

    /// Connects and brings the session into the state that values are read and written in.
    static func open(
        _ parameters: MySQLParameters,
        settings: MySQLSettings
    ) async throws -> MySQLConnection {
        let executor = try ThreadExecutor()
        let handle: MySQLHandle
        do {
            handle = try await Connector(executor).connect(parameters)
        } catch {
            executor.stop()
            throw error
        }
        let connection = MySQLConnection(handle, executor, settings)
        try await connection.configure()
        return connection
    }

    /// Connects on the thread that the connection is going to have.
    private actor Connector {
        private let executor: ThreadExecutor

        nonisolated var unownedExecutor: UnownedSerialExecutor {
            executor.asUnownedSerialExecutor()
        }

        init(_ executor: ThreadExecutor) { self.executor = executor }

        func connect(_ parameters: MySQLParameters) throws(DatabaseError) -> MySQLHandle {
            try MySQLHandle(parameters)
        }
    }

    var isInTransaction: Bool { isOpen && (pendingBegin != nil || handle.isInTransaction) }
    var isUsable: Bool { isOpen && !handle.isBroken }
    nonisolated var hasEnded: Bool { handle.hasEnded }
    nonisolated var taskExecutor: (any TaskExecutor)? { executor.taskExecutor }
    nonisolated func interrupt() { handle.interrupt() }

    /// A statement waits for the server, and only the connection's own thread has time for that;
    /// another one begins a transaction, which sends nothing yet, or ends one that sent nothing.
    nonisolated func performAtOnce<Result: Sendable>(
        fromOtherThreads: Bool,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) throws -> Result? {
        do {
            return try executor.borrowing(fromOtherThreads: fromOtherThreads) { turn in
                try assumeIsolated { connection in
                    if case .borrowed = turn { try connection.startHurrying() }
                    defer { connection.isHurried = false }
                    return try work(connection)
                }
            }
        } catch is MySQLRefusal {
            return nil
        }
    }

    private func startHurrying() throws {
        // To close cursors is to send something.
        guard cursors.isEmpty, !handle.isCancelling else { throw MySQLRefusal() }
        isHurried = true
    }

    private func configure() throws {
        handle.endsWithTask = false
        guard handle.isMariaDB, handle.versionNumber >= MySQLSettings.oldestVersion else {
            throw DatabaseError.notSupported(
                "The server is \(handle.serverVersion); MariaDB 10.11 or later is needed."
            )
        }
        for text in settings.statements { try handle.query(text) }
    }

    func reset() throws {
        handle.clearInterrupt()
        handle.endsWithTask = false
        if isHurried { throw MySQLRefusal() }
        closeStatements()
        try handle.reset()
        for text in settings.statements { try handle.query(text) }
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        // The server rolls back what is open.
        handle.finish()
        closeStatements()
        for cursor in cursors.values { cursor.statement.close() }
        cursors = [:]
    }

    private func closeStatements() {
        for statement in statements.forgetAll() { statement.close() }
    }

    private func forget(_ statement: MySQLStatement, _ text: String) {
        statements.forget(statement, text)
        statement.close()
    }

    // MARK: Statements

    func run(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int {
        try run(statement, started: { _ in }, eachRow: eachRow)
    }

    func run(
        _ statement: SQLStatement,
        columns: ([String]) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        try run(statement, started: { columns($0?.columnNames ?? []) }, eachRow: eachRow)
    }

    private func run(
        _ statement: SQLStatement,
        started: (MySQLRows?) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        try startForTask()
        let bindings = try MySQLBindings(statement.bindings, text: statement.text)
        return try telling {
            try begin()
            let (prepared, isKept) = try execute(statement.text, bindings)
            defer { if !isKept { prepared.close() } }
            guard mysql_stmt_field_count(prepared.pointer) > 0 else {
                started(nil)
                return changeCount(prepared)
            }
            do {
                try handle.store(prepared.pointer, statement.text)
            } catch {
                // libmariadb would wait for the rest of its rows when it runs again.
                if isKept { forget(prepared, statement.text) }
                throw error
            }
            defer { mysql_stmt_free_result(prepared.pointer) }
            let rows = MySQLRows(prepared.pointer)
            started(rows)
            try rows.read(eachRow)
            return MySQLSettings.isReading(statement.text)
                ? 0 : Int(clamping: mysql_stmt_num_rows(prepared.pointer))
        }
    }

    private func changeCount(_ statement: MySQLStatement) -> Int {
        let count = mysql_stmt_affected_rows(statement.pointer)
        return count == .max ? 0 : Int(clamping: count)
    }

    func begin(_ mode: TransactionMode) throws {
        if Task.isCancelled { throw CancellationError() }
        try checkOpen()
        pendingBegin = MySQLSettings.begin(mode)
        pendingIsolation = nil
    }

    func begin(_ mode: TransactionMode, isolation: IsolationLevel?) throws {
        try begin(mode)
        pendingIsolation = isolation
    }

    /// Begins the transaction that waits for its first statement.
    func begin() throws(DatabaseError) {
        guard let text = pendingBegin else { return }
        // It holds for the next transaction only.
        if let level = pendingIsolation {
            try handle.query("SET TRANSACTION ISOLATION LEVEL \(level.rawValue)")
        }
        pendingIsolation = nil
        try handle.query(text)
        pendingBegin = nil
    }

    func control(_ text: String) throws {
        try checkOpen()
        handle.clearInterrupt()
        handle.endsWithTask = false
        let isEnd = text.hasPrefix("COMMIT") || text.utf8.elementsEqual("ROLLBACK".utf8)
        if pendingBegin != nil, isEnd {
            pendingBegin = nil
            return
        }
        if isHurried { throw MySQLRefusal() }
        try begin()
        try handle.query(text)
    }

    func startForTask() throws {
        try checkOpen()
        if isHurried { throw MySQLRefusal() }
        handle.clearInterrupt()
        // A cancellation from here on sets the mark again; one before it is seen here.
        if Task.isCancelled { throw CancellationError() }
        handle.endsWithTask = true
    }

    private func checkOpen() throws(DatabaseError) {
        guard isOpen else { throw .operational("The connection is closed.", statement: nil) }
    }

    /// Runs `body`; an end that the task's own cancellation brought about is that cancellation.
    func telling<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            if Task.isCancelled, handle.endsWithTask,
                handle.hasGivenUp || MySQLError.isInterruption(handle.lastErrorNumber)
            {
                throw CancellationError()
            }
            throw error
        }
    }

    /// Executes a statement; whether it is kept for the next time.
    private func execute(
        _ text: String,
        _ bindings: MySQLBindings
    ) throws(DatabaseError) -> (statement: MySQLStatement, isKept: Bool) {
        guard MySQLSettings.isPrepared(text), PreparedStatements<MySQLStatement>.keeps(text) else {
            let statement = MySQLStatement(try handle.prepare(text))
            do throws(DatabaseError) {
                try handle.execute(statement.pointer, bindings, text)
            } catch {
                statement.close()
                throw error
            }
            return (statement, false)
        }
        let statement = try prepare(text)
        do throws(DatabaseError) {
            try handle.execute(statement.pointer, bindings, text)
        } catch {
            // What the server does not know any more has not run.
            guard MySQLError.isOutdated(handle.lastErrorNumber) else { throw error }
            forget(statement, text)
            let again = try prepare(text)
            try handle.execute(again.pointer, bindings, text)
            return (again, true)
        }
        return (statement, true)
    }

    private func prepare(_ text: String) throws(DatabaseError) -> MySQLStatement {
        if let known = statements.find(text) { return known }
        let statement = MySQLStatement(try handle.prepare(text))
        for old in statements.keep(statement, text) { old.close() }
        return statement
    }
}

/// Work that has to run on its connection's thread.
private struct MySQLRefusal: Error {}
