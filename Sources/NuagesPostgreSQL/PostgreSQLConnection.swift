import CLibPQ
import NuagesORM

/// A connection to PostgreSQL on a thread of its own.
actor PostgreSQLConnection: DatabaseConnection {
    private let executor: ThreadExecutor
    let handle: PostgreSQLHandle
    private let settings: SessionSettings
    var statements = PreparedStatements<PostgreSQLStatement>()
    private var statementCount = 0
    /// The names of statements that the server should forget.
    private var forgotten: [String] = []
    var cursors: [Int: Cursor] = [:]
    var cursorCount = 0
    /// The savepoints that are open, each with the number of the last cursor before it.
    var savepoints: [(name: String, lastCursor: Int)] = []
    /// The statement that begins a transaction, sent together with the first one in it.
    var pendingBegin: String?
    var isOpen = true
    /// Statements that were sent on a thread that had no time to wait for their answer: when they
    /// are run again, on the connection's own, only the answer is waited for.
    var unanswered: [SQLStatement] = []
    /// Whether something went wrong in the middle of an exchange with the server.
    var isDamaged = false

    struct Cursor {
        let name: String
        let columns: ColumnKinds
        let text: String
        /// Whether it outlives transactions, because it was opened outside of one.
        let isHeld: Bool
    }

    /// How long a thread waits that has other things to do.
    private static let patience = Duration.milliseconds(1)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(
        _ handle: PostgreSQLHandle,
        _ executor: ThreadExecutor,
        _ settings: SessionSettings
    ) {
        self.handle = handle
        self.executor = executor
        self.settings = settings
    }

    deinit { executor.stop() }

    /// Connects and brings the session into the state that values are read and written in.
    static func open(
        _ parameters: PostgreSQLParameters,
        settings: SessionSettings
    ) async throws -> PostgreSQLConnection {
        let executor = try ThreadExecutor()
        let handle: PostgreSQLHandle
        do {
            handle = try await Connector(executor).connect(parameters)
        } catch {
            executor.stop()
            throw error
        }
        let connection = PostgreSQLConnection(handle, executor, settings)
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

        func connect(
            _ parameters: PostgreSQLParameters
        ) throws(DatabaseError) -> PostgreSQLHandle { try PostgreSQLHandle(parameters) }
    }

    /// How many statements are kept prepared.
    var preparedCount: Int { statements.count }

    /// The version of the server as libpq counts: 150020 is 15.20.
    var serverVersion: Int { Int(PQserverVersion(handle.connection)) }

    var isInTransaction: Bool { isOpen && (pendingBegin != nil || handle.isInTransaction) }
    var isUsable: Bool { isOpen && !isDamaged && handle.isAlive }
    nonisolated var hasEnded: Bool { handle.hasEnded }
    nonisolated var taskExecutor: (any TaskExecutor)? { executor.taskExecutor }
    nonisolated func interrupt() { handle.interrupt() }

    /// Lends the connection to another thread than its own, for what takes no time.
    ///
    /// Such a thread begins a transaction, which sends nothing yet, or ends one that sent nothing;
    /// and where the server is on this machine it may wait a moment for statements that have run
    /// before. The server needs a core while they run, and the thread that waits leaves it one; over
    /// a network it would only be kept from its other tasks.
    nonisolated func performAtOnce<Result: Sendable>(
        fromOtherThreads: Bool,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) throws -> Result? {
        try performAtOnce(fromOtherThreads: fromOtherThreads, isCounted: true) { try work($0) }
    }

    nonisolated func performAtOnce<Result: Sendable>(
        fromOtherThreads: Bool,
        isCounted: Bool,
        _ work: @Sendable (isolated PostgreSQLConnection) throws -> Result
    ) throws -> Result? {
        do {
            return try executor.borrowing(
                fromOtherThreads: fromOtherThreads,
                isCounted: isCounted
            ) { turn in
                try assumeIsolated { connection in
                    if case .borrowed = turn { try connection.startHurrying() }
                    defer { connection.handle.deadline = nil }
                    return try work(connection)
                }
            }
        } catch is PostgreSQLRefusal {
            return nil
        }
    }

    private func startHurrying() throws {
        // To close cursors is to send something.
        guard cursors.isEmpty, !handle.isCancelling, unanswered.isEmpty else {
            throw PostgreSQLRefusal()
        }
        handle.deadline = .now + Self.patience
    }

    /// Whether the thread that runs on the connection has other things to do.
    var isHurried: Bool { handle.deadline != nil }

    private func configure() throws {
        handle.endsWithTask = false
        let version = PQserverVersion(handle.connection)
        guard version >= SessionSettings.oldestVersion else {
            throw DatabaseError.notSupported(
                """
                The server is PostgreSQL \(version / 10_000); \
                \(SessionSettings.oldestVersion / 10_000) or later is needed.
                """
            )
        }
        for text in settings.statements(for: handle) { _ = try simple(text) }
    }

    func reset() throws {
        handle.clearInterrupt()
        handle.endsWithTask = false
        let results = try pipeline { () throws(DatabaseError) in
            for text in SessionSettings.resetting { try send(text, nil) }
        }
        if let failed = results.first(where: { !$0.isSuccess }) {
            throw failure(failed, failed.command)
        }
        for text in settings.statements(for: handle) { _ = try simple(text) }
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        statements.forgetAll()
        cursors = [:]
        // The server rolls back what is open.
        handle.finish()
    }

    // MARK: Statements

    func run(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int {
        try startForTask()
        let (result, columns) = try perform(statement)
        try PostgreSQLRows(result, columns).read(eachRow)
        return result.changeCount
    }

    func run(
        _ statement: SQLStatement,
        columns: ([String]) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        try startForTask()
        let (result, kinds) = try perform(statement)
        let rows = PostgreSQLRows(result, kinds)
        columns(rows.columnNames)
        try rows.read(eachRow)
        return result.changeCount
    }

    /// Of more placeholders the server's description is a message of over 30,000 bytes, which some
    /// releases of libpq (15.18 for one) take for nonsense; such statements are not prepared.
    static let maxDescribed = 7_000

    func begin(_ mode: TransactionMode) throws { try begin(mode, isolation: nil) }

    func begin(_ mode: TransactionMode, isolation: IsolationLevel?) throws {
        if Task.isCancelled { throw CancellationError() }
        try checkOpen()
        pendingBegin = settings.begin(mode, isolation)
        savepoints = []
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
        let result = try simple(text)
        note(control: text)
        // A transaction that has failed can be committed only in name.
        if isEnd, text.hasPrefix("COMMIT"), result.command.hasPrefix("ROLLBACK") {
            throw DatabaseError.transactionAborted
        }
    }

    /// Keeps account of the savepoints, since a cursor ends with the one it was opened behind.
    private func note(control text: String) {
        let name =
            text.utf8.split(separator: UInt8(ascii: "\"")).dropFirst().first
            .map { String(Substring($0)) } ?? ""
        if text.hasPrefix("SAVEPOINT") {
            savepoints.append((name, cursorCount))
        } else if text.hasPrefix("ROLLBACK TO") {
            guard let last = savepoints.last(where: { $0.name == name }) else { return }
            cursors = cursors.filter { $0.value.isHeld || $0.key <= last.lastCursor }
        } else if text.hasPrefix("RELEASE") {
            if let index = savepoints.lastIndex(where: { $0.name == name }) {
                savepoints.removeSubrange(index...)
            }
        }
        forgetEndedCursors()
    }

    func startForTask() throws {
        try checkOpen()
        if isHurried, !handle.isLocal { throw PostgreSQLRefusal() }
        handle.clearInterrupt()
        // A cancellation from here on sets the mark again; one before it is seen here.
        if Task.isCancelled { throw CancellationError() }
        handle.endsWithTask = true
    }

    private func checkOpen() throws(DatabaseError) {
        guard isOpen else {
            throw .operational("The connection is closed.", statement: nil)
        }
    }

    private func perform(
        _ statement: SQLStatement
    ) throws -> (PostgreSQLResult, ColumnKinds) {
        let bindings = try PostgreSQLBindings(statement.bindings, text: statement.text)
        guard SessionSettings.isPrepared(statement.text), bindings.count <= Self.maxDescribed else {
            let result = try simple(statement.text, bindings)
            forgetEndedCursors()
            return (result, ColumnKinds(asText: result))
        }
        for isRepeated in [false, true] {
            let prepared = try prepare(statement.text, bindings)
            let result = try exchange(statement) { () throws(DatabaseError) in
                try send(prepared, bindings)
            }
            if result.isSuccess { return (result, prepared.columns) }
            // A statement whose plan is out of date was not run at all.
            let isOutdated = result.isOutdatedPlan
            if isOutdated {
                forget(prepared.name, statement.text, isKnown: !result.isUnknownStatement)
            }
            if isRepeated || !isOutdated || handle.isInTransaction {
                throw failure(result, statement.text)
            }
        }
        throw DatabaseError.operational("The statement could not be prepared.", statement: nil)
    }

    func isKept(_ text: String) -> Bool {
        SessionSettings.isPrepared(text) && PreparedStatements<PostgreSQLStatement>.keeps(text)
    }

    /// Forgets a statement; the server does as soon as another is prepared, if it knows it.
    func forget(_ name: String, _ text: String, isKnown: Bool) {
        guard let statement = statements.find(text, where: { $0.name == name }) else { return }
        statements.forget(statement, text)
        if isKnown { forgotten.append(name) }
    }

    func send(
        _ statement: PostgreSQLStatement,
        _ bindings: PostgreSQLBindings,
        _ range: Range<Int>? = nil
    ) throws(DatabaseError) {
        let isSent = bindings.withPointers(range) { values, lengths, formats in
            PQsendQueryPrepared(
                handle.connection,
                statement.nameInC,
                Int32(range?.count ?? bindings.count),
                values,
                lengths,
                formats,
                statement.columns.isBinary ? 1 : 0
            )
        }
        guard isSent == 1 else { throw PostgreSQLError.lost(handle.connection) }
    }

    /// Refuses what C would read only in part.
    func check(_ text: String) throws(DatabaseError) {
        guard !text.utf8.contains(0) else {
            throw .programming("The statement has a NUL character.", statement: nil)
        }
    }

    func send(_ text: String, _ bindings: PostgreSQLBindings?) throws(DatabaseError) {
        let isSent: Int32
        if let bindings, bindings.count > 0 {
            isSent = bindings.withPointers { values, lengths, formats in
                PQsendQueryParams(
                    handle.connection,
                    text,
                    Int32(bindings.count),
                    bindings.types,
                    values,
                    lengths,
                    formats,
                    0
                )
            }
        } else {
            isSent = PQsendQueryParams(handle.connection, text, 0, nil, nil, nil, nil, 0)
        }
        guard isSent == 1 else { throw PostgreSQLError.lost(handle.connection) }
    }

    /// Runs a statement without preparing it.
    @discardableResult
    func simple(
        _ text: String,
        _ bindings: PostgreSQLBindings? = nil
    ) throws -> PostgreSQLResult {
        try check(text)
        if !SessionSettings.isPipelined(text) { try beginNow() }
        let result = try exchange { () throws(DatabaseError) in try send(text, bindings) }
        guard result.isSuccess else { throw failure(result, text) }
        return result
    }

    /// Begins the transaction that waits for its first statement, where that cannot be sent behind.
    func beginNow() throws {
        guard let begin = pendingBegin else { return }
        pendingBegin = nil
        let result = try exchange { () throws(DatabaseError) in try send(begin, nil) }
        guard result.isSuccess else { throw failure(result, begin) }
    }

    func prepare(
        _ text: String,
        _ bindings: PostgreSQLBindings
    ) throws -> PostgreSQLStatement {
        if let known = statements.find(text, where: { $0.takes(bindings) }) { return known }
        try check(text)
        let isKept = isKept(text)
        // A statement without a name lives until the next without one.
        if isKept { statementCount &+= 1 }
        let name = isKept ? "s\(statementCount)" : ""
        let begin = pendingBegin
        var results = try pipeline { () throws(DatabaseError) in
            if let begin { try send(begin, nil) }
            try sendPreparation(name, text, bindings)
        }
        if let begin {
            pendingBegin = nil
            guard let first = results.first, first.isSuccess else {
                throw results.first.map { failure($0, begin) }
                    ?? PostgreSQLError.lost(handle.connection)
            }
            results.removeFirst()
        }
        guard results.count == 2, results[0].isSuccess, results[1].isSuccess else {
            throw results.first { !$0.isSuccess }.map { failure($0, text) }
                ?? PostgreSQLError.lost(handle.connection)
        }
        let statement = PostgreSQLStatement(
            name: name,
            types: bindings.types,
            columns: ColumnKinds(results[1])
        )
        if isKept { forgotten += statements.keep(statement, text).map(\.name) }
        // To send that is to lose a statement without a name.
        if isKept, !forgotten.isEmpty { try deallocateForgotten() }
        return statement
    }

    private func sendPreparation(
        _ name: String,
        _ text: String,
        _ bindings: PostgreSQLBindings
    ) throws(DatabaseError) {
        let count = Int32(bindings.count)
        guard PQsendPrepare(handle.connection, name, text, count, bindings.types) == 1,
            PQsendDescribePrepared(handle.connection, name) == 1
        else { throw PostgreSQLError.lost(handle.connection) }
    }

    private func deallocateForgotten() throws {
        let names = forgotten
        forgotten = []
        _ = try pipeline { () throws(DatabaseError) in
            for name in names { try send("DEALLOCATE \(name)", nil) }
        }
    }

    /// Whether the server did not answer after the task was cancelled.
    var isGivenUp: Bool { handle.hasGivenUp && handle.endsWithTask && Task.isCancelled }

    func failure(_ result: PostgreSQLResult, _ statement: String) -> any Error {
        if Task.isCancelled, handle.endsWithTask,
            result.error(PostgreSQLError.Field.state) == "57014"
        {
            return CancellationError()
        }
        if isGivenUp { return CancellationError() }
        if result.isUnknownStatement { statements.forgetAll() }
        return PostgreSQLError.of(
            result,
            statement: statement,
            isLimited: settings.statementTimeout != nil
        )
    }
}

extension PostgreSQLResult {
    /// Whether the statement ran well.
    var isSuccess: Bool {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: true
        default: false
        }
    }

    /// Whether the table has changed under a prepared statement, or the server has lost it.
    var isOutdatedPlan: Bool {
        isUnknownStatement
            || error(PostgreSQLError.Field.state) == "0A000"
                && error(PostgreSQLError.Field.function) == "RevalidateCachedQuery"
    }

    /// Whether the statement stood in the way of another transaction.
    var isSerializationFailure: Bool {
        ["40001", "40P01"].contains(error(PostgreSQLError.Field.state))
    }

    /// Whether the server does not know the prepared statement, as after `DISCARD ALL`.
    var isUnknownStatement: Bool { error(PostgreSQLError.Field.state) == "26000" }
}
