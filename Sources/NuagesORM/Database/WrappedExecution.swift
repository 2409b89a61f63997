/// A statement on its way to a database, which a wrapper may change or refuse.
public struct PendingStatement: Sendable {
    /// The name of the database.
    public let database: String
    /// The kind of the database, such as `sqlite`.
    public let vendor: String
    /// Whether the connection is one for statements that write.
    public let mode: TransactionMode
    /// The text with placeholders.
    public var text: String
    /// The values in the order of their placeholders.
    public var bindings: [SQLValue]
}

extension Database {
    /// Runs `body` with a wrapper around all statements of its task, on whatever database.
    ///
    ///     try await Database.wrappingExecution { statement in
    ///         guard statement.mode == .read else { throw ReadOnly() }
    ///         statement.text += " /* page: polls */"
    ///     } around: {
    ///         try await Question.objects.all()
    ///     }
    ///     // SELECT … FROM "polls_question" /* page: polls */
    ///
    /// The wrapper is called once for each statement, before a connection is asked for: what it
    /// throws leaves the query, and the statement does not run. Logs show the statement as it was
    /// changed. Of wrappers inside of each other the inner one is the first. Child tasks have it
    /// too, detached ones do not. The statements that begin and end transactions and savepoints
    /// are not wrapped, and the rows of a `COPY` can be refused but not changed. ``observe(with:)``
    /// is for what only looks on.
    ///
    /// Django: `connection.execute_wrapper`.
    ///
    /// - Parameters:
    ///   - wrapper: changes the statement, or throws.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public static func wrappingExecution<Result>(
        _ wrapper: @escaping @Sendable (inout PendingStatement) throws -> Void,
        around body: () async throws -> Result
    ) async rethrows -> Result {
        var scope = DatabaseScope.current
        scope.wrapper = StatementWrapper(wrapper, outer: scope.wrapper)
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }

    /// The statement as the wrappers of the task leave it.
    func wrapped(_ statement: SQLStatement, mode: TransactionMode) throws -> SQLStatement {
        guard let wrapper = DatabaseScope.current.wrapper else { return statement }
        return try wrapper.changed(statement, mode, self)
    }

    /// Runs `work` on a connection that changes each of its statements.
    func perform<Result: Sendable>(
        _ statement: SQLStatement,
        mode: TransactionMode,
        wrappedBy wrapper: StatementWrapper,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        let change = StatementChange(
            original: statement,
            changed: try wrapper.changed(statement, mode, self)
        ) { other in try wrapper.changed(other, mode, self) }
        return try await withoutWrapper {
            try await perform(change.changed, mode: mode) { connection in
                try WrappedConnection.run(work, on: connection, change)
            }
        }
    }

    /// Runs `body` with statements that were wrapped before.
    func withoutWrapper<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        var scope = DatabaseScope.current
        scope.wrapper = nil
        return try await DatabaseScope.$current.withValue(scope, operation: body)
    }
}

/// The wrappers of a task, from the innermost on.
final class StatementWrapper: Sendable {
    private let body: @Sendable (inout PendingStatement) throws -> Void
    private let outer: StatementWrapper?

    init(
        _ body: @escaping @Sendable (inout PendingStatement) throws -> Void,
        outer: StatementWrapper?
    ) {
        self.body = body
        self.outer = outer
    }

    func changed(
        _ statement: SQLStatement,
        _ mode: TransactionMode,
        _ database: Database
    ) throws -> SQLStatement {
        var pending = PendingStatement(
            database: database.name,
            vendor: database.dialect.vendor,
            mode: mode,
            text: statement.text,
            bindings: statement.bindings
        )
        var wrapper: StatementWrapper? = self
        while let current = wrapper {
            try current.body(&pending)
            wrapper = current.outer
        }
        return SQLStatement(pending.text, pending.bindings)
    }
}

/// What becomes of the statements of a piece of work.
struct StatementChange: Sendable {
    /// The statement that the work is known to run.
    let original: SQLStatement
    let changed: SQLStatement
    /// Changes the others.
    let change: @Sendable (SQLStatement) throws -> SQLStatement

    func callAsFunction(_ statement: SQLStatement) throws -> SQLStatement {
        statement == original ? changed : try change(statement)
    }
}

/// What a connection hands to the one that it stands for.
// @unchecked: both have one executor, so that no thread sees it but the one that called.
private struct SameThread<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}

/// A connection whose statements are changed on their way; it takes its turns with the one that it
/// stands for, on the same executor.
actor WrappedConnection: DatabaseConnection {
    private let connection: any DatabaseConnection
    private let change: StatementChange

    nonisolated var unownedExecutor: UnownedSerialExecutor { connection.unownedExecutor }

    private init(_ connection: any DatabaseConnection, _ change: StatementChange) {
        self.connection = connection
        self.change = change
    }

    /// Runs `work` with a connection that stands for another.
    static func run<Result: Sendable>(
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result,
        on connection: isolated any DatabaseConnection,
        _ change: StatementChange
    ) throws -> Result {
        let wrapped = WrappedConnection(connection, change)
        return try wrapped.assumeIsolated { wrapped in try work(wrapped) }
    }

    func run(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int {
        let statement = try change(statement)
        return try withoutActuallyEscaping(eachRow) { eachRow in
            let body = SameThread(eachRow)
            return try connection.assumeIsolated { try $0.run(statement, eachRow: body.value) }
        }
    }

    func run(
        _ statement: SQLStatement,
        columns: ([String]) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        let statement = try change(statement)
        return try withoutActuallyEscaping(columns) { columns in
            try withoutActuallyEscaping(eachRow) { eachRow in
                let bodies = SameThread((columns, eachRow))
                return try connection.assumeIsolated {
                    try $0.run(statement, columns: bodies.value.0, eachRow: bodies.value.1)
                }
            }
        }
    }

    func insert(_ statement: SQLStatement, counting key: CountedKey) throws -> Int64? {
        let changed = try change(statement)
        guard changed == statement else {
            var found: Int?
            _ = try connection.assumeIsolated {
                try $0.run(changed) { row in found = try row.read() }
            }
            return found.map(Int64.init)
        }
        return try connection.assumeIsolated { try $0.insert(statement, counting: key) }
    }

    func insertEach(_ rows: [[SQLValue]], counting key: CountedKey) throws -> [Int64]? { nil }

    func runMany(
        _ statements: [SQLStatement],
        eachRow: (Int, inout Row) throws -> Void
    ) throws -> [Int] {
        let statements = try statements.map { try change($0) }
        return try withoutActuallyEscaping(eachRow) { eachRow in
            let body = SameThread(eachRow)
            return try connection.assumeIsolated {
                try $0.runMany(statements, eachRow: body.value)
            }
        }
    }

    func openCursor(_ statement: SQLStatement) throws -> Int {
        let statement = try change(statement)
        return try connection.assumeIsolated { try $0.openCursor(statement) }
    }

    func fetch(
        _ maxCount: Int,
        from cursor: Int,
        eachRow: (inout Row) throws -> Void
    ) throws -> Bool {
        try withoutActuallyEscaping(eachRow) { eachRow in
            let body = SameThread(eachRow)
            return try connection.assumeIsolated {
                try $0.fetch(maxCount, from: cursor, eachRow: body.value)
            }
        }
    }

    func closeCursor(_ cursor: Int?) { connection.assumeIsolated { $0.closeCursor(cursor) } }

    func begin(_ mode: TransactionMode) throws {
        try connection.assumeIsolated { try $0.begin(mode) }
    }

    func begin(_ mode: TransactionMode, isolation: IsolationLevel?) throws {
        try connection.assumeIsolated { try $0.begin(mode, isolation: isolation) }
    }

    func control(_ text: String) throws { try connection.assumeIsolated { try $0.control(text) } }

    var isInTransaction: Bool { connection.assumeIsolated { $0.isInTransaction } }
    var isUsable: Bool { connection.assumeIsolated { $0.isUsable } }
    func reset() throws { try connection.assumeIsolated { try $0.reset() } }
    func close() { connection.assumeIsolated { $0.close() } }
    nonisolated func interrupt() { connection.interrupt() }
}
