/// One connection to a database: an actor whose executor is usually a ``ThreadExecutor``.
///
/// A driver implements it; programs use ``Database``.
public protocol DatabaseConnection: Actor {
    /// Runs one statement to its end.
    ///
    /// - Parameters:
    ///   - statement: the text with its values.
    ///   - eachRow: called for each row of the result; an error it throws ends the statement.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``DatabaseError``, or what `eachRow` threw.
    func run(_ statement: SQLStatement, eachRow: (inout Row) throws -> Void) throws -> Int

    /// Runs one statement to its end, and tells the names of its columns before its first row, also
    /// where it has no rows.
    ///
    /// - Parameters:
    ///   - statement: the text with its values.
    ///   - columns: called once with the names; with none for a statement that returns nothing.
    ///   - eachRow: called for each row of the result; an error it throws ends the statement.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``DatabaseError``, or what `eachRow` threw.
    func run(
        _ statement: SQLStatement,
        columns: ([String]) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int

    /// Inserts one row whose key the database counts up.
    ///
    /// A driver that knows the key without asking for it runs the statement that returns nothing.
    ///
    /// - Parameters:
    ///   - statement: the text with its values, which returns the key.
    ///   - key: what it returns.
    /// - Returns: the key.
    /// - Throws: ``DatabaseError``.
    func insert(_ statement: SQLStatement, counting key: CountedKey) throws -> Int64?

    /// Inserts many rows whose keys the database counts up, by running one statement for each of
    /// them; nil where the driver would rather have one statement for all.
    ///
    /// - Parameters:
    ///   - rows: the values of the statement's placeholders for each row.
    ///   - key: the key, with the statement.
    /// - Returns: the keys.
    /// - Throws: ``DatabaseError``; the rows before the one that fails are inserted.
    func insertEach(_ rows: [[SQLValue]], counting key: CountedKey) throws -> [Int64]?

    /// Runs statements that do not need each other's results, without waiting between them where
    /// the database can take several at once.
    ///
    /// After one that fails the rest do not run. Outside of a transaction it depends on the
    /// database whether those before it are kept.
    ///
    /// - Parameters:
    ///   - statements: the texts with their values.
    ///   - eachRow: called for each row with the position of its statement; an error it throws ends
    ///     the statements.
    /// - Returns: the numbers of rows that were changed.
    /// - Throws: ``DatabaseError``, or what `eachRow` threw.
    func runMany(
        _ statements: [SQLStatement],
        eachRow: (Int, inout Row) throws -> Void
    ) throws -> [Int]

    /// Starts a statement whose rows are fetched in pieces, and leaves it standing between them.
    ///
    /// - Parameter statement: the text with its values.
    /// - Returns: a number that ``fetch(_:from:eachRow:)`` knows; no other cursor ever has it.
    /// - Throws: ``DatabaseError``.
    func openCursor(_ statement: SQLStatement) throws -> Int

    /// Reads the next rows of a cursor, which is closed after the last one or an error.
    ///
    /// - Parameters:
    ///   - maxCount: the most rows.
    ///   - cursor: what ``openCursor(_:)`` returned.
    ///   - eachRow: called for each row; an error it throws ends the statement.
    /// - Returns: whether there may be more rows.
    /// - Throws: ``DatabaseError``, also for a cursor that was closed, or what `eachRow` threw.
    func fetch(
        _ maxCount: Int,
        from cursor: Int,
        eachRow: (inout Row) throws -> Void
    ) throws -> Bool

    /// Ends a cursor; nothing where it has ended.
    ///
    /// - Parameter cursor: what ``openCursor(_:)`` returned; nil for all.
    func closeCursor(_ cursor: Int?)

    /// Starts a transaction.
    ///
    /// - Parameter mode: what it is for.
    /// - Throws: ``DatabaseError``.
    func begin(_ mode: TransactionMode) throws

    /// Starts a transaction that is kept from others as far as is asked.
    ///
    /// - Parameters:
    ///   - mode: what it is for.
    ///   - isolation: how far it is kept apart at least; nil for what is usual.
    /// - Throws: ``DatabaseError``.
    func begin(_ mode: TransactionMode, isolation: IsolationLevel?) throws

    /// Runs a statement that ends a transaction or concerns a savepoint, even for a task that
    /// was cancelled.
    ///
    /// - Parameter text: the statement.
    /// - Throws: ``DatabaseError``.
    func control(_ text: String) throws

    /// Whether a transaction is open; false after the database ended it on its own.
    var isInTransaction: Bool { get }

    /// Whether the connection still reaches the database.
    var isUsable: Bool { get }

    /// Brings settings that a borrower may have changed back to their defaults.
    func reset() throws

    /// Ends the connection.
    func close()

    /// Makes the statement that runs now fail, from any thread.
    nonisolated func interrupt()

    /// Runs `work` at once on the caller's thread, if that thread cannot be kept waiting by it.
    ///
    /// The thread that belongs to the connection may wait; another one may not: there the driver
    /// refuses what writes, what waits for a lock, and what has taken too long, after a part of
    /// it has run. `work` is then run again from its start, as any other work.
    ///
    /// - Parameters:
    ///   - fromOtherThreads: whether a thread may do it that does not belong to the connection.
    ///   - work: what to run.
    /// - Returns: what `work` returns; nil where it was refused.
    /// - Throws: what `work` throws.
    nonisolated func performAtOnce<Result: Sendable>(
        fromOtherThreads: Bool,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) throws -> Result?

    /// Runs tasks on the thread that belongs to the connection; nil where there is none.
    nonisolated var taskExecutor: (any TaskExecutor)? { get }

    /// Whether the database has ended the connection while nobody used it.
    ///
    /// Asked of idle connections before they are lent, so it must neither wait nor change threads.
    nonisolated var hasEnded: Bool { get }
}

extension DatabaseConnection {
    /// Runs the statement, and tells the names that the first row has; none where there is no row.
    ///
    /// - Parameters:
    ///   - statement: the text with its values.
    ///   - columns: called once with the names.
    ///   - eachRow: called for each row of the result.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``DatabaseError``, or what `eachRow` threw.
    public func run(
        _ statement: SQLStatement,
        columns: ([String]) -> Void,
        eachRow: (inout Row) throws -> Void
    ) throws -> Int {
        var isTold = false
        let count = try run(statement) { row in
            if !isTold { columns(row.source.columnNames) }
            isTold = true
            try eachRow(&row)
        }
        if !isTold { columns([]) }
        return count
    }

    /// Runs the statement, and reads the key that it returns.
    ///
    /// - Parameters:
    ///   - statement: the text with its values, which returns the key.
    ///   - key: what it returns.
    /// - Returns: the key.
    /// - Throws: ``DatabaseError``.
    public func insert(_ statement: SQLStatement, counting key: CountedKey) throws -> Int64? {
        var found: Int?
        _ = try run(statement) { row in found = try row.read() }
        return found.map(Int64.init)
    }

    /// Nil: one statement for all rows.
    ///
    /// - Parameters:
    ///   - rows: the values of the statement's placeholders for each row.
    ///   - key: the key, with the statement.
    /// - Returns: nil.
    /// - Throws: nothing.
    public func insertEach(_ rows: [[SQLValue]], counting key: CountedKey) throws -> [Int64]? {
        nil
    }

    /// Runs one after the other.
    ///
    /// - Parameters:
    ///   - statements: the texts with their values.
    ///   - eachRow: called for each row with the position of its statement.
    /// - Returns: the numbers of rows that were changed.
    /// - Throws: ``DatabaseError``, or what `eachRow` threw.
    public func runMany(
        _ statements: [SQLStatement],
        eachRow: (Int, inout Row) throws -> Void
    ) throws -> [Int] {
        var counts: [Int] = []
        for (index, statement) in statements.enumerated() {
            counts.append(try run(statement) { row in try eachRow(index, &row) })
        }
        return counts
    }

    /// Refuses any level, where one is asked.
    ///
    /// - Parameters:
    ///   - mode: what the transaction is for.
    ///   - isolation: how far it is kept apart at least; nil for what is usual.
    /// - Throws: ``DatabaseError/notSupported(_:)``, ``DatabaseError``.
    public func begin(_ mode: TransactionMode, isolation: IsolationLevel?) throws {
        guard isolation == nil else {
            throw DatabaseError.notSupported(
                "The driver of this database cannot choose the isolation of a transaction."
            )
        }
        try begin(mode)
    }

    /// Nil: all work takes its turn on the executor.
    ///
    /// - Parameters:
    ///   - fromOtherThreads: whether a thread may do it that does not belong to the connection.
    ///   - work: what to run.
    /// - Returns: nil.
    /// - Throws: nothing.
    public nonisolated func performAtOnce<Result: Sendable>(
        fromOtherThreads: Bool,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) throws -> Result? { nil }

    /// Nil: the connection has no thread of its own.
    public nonisolated var taskExecutor: (any TaskExecutor)? { nil }

    /// False: the database is a file.
    public nonisolated var hasEnded: Bool { false }
}

/// How far a transaction is kept from what others do at the same time.
///
/// A database may keep them further apart than is asked: SQLite's transactions are always
/// serializable, and PostgreSQL reads nothing that is not committed.
public enum IsolationLevel: String, Sendable, Hashable, CaseIterable {
    /// A statement may see what is not committed yet.
    case readUncommitted = "READ UNCOMMITTED"
    /// A statement sees what was committed before it began.
    case readCommitted = "READ COMMITTED"
    /// A transaction sees what was committed before its first statement.
    case repeatableRead = "REPEATABLE READ"
    /// Transactions have the effect of running one after the other; some have to be repeated.
    case serializable = "SERIALIZABLE"
}

/// What a transaction is for.
public enum TransactionMode: Sendable, Hashable {
    /// Reads only; on SQLite a deferred transaction on a reader's connection.
    case read
    /// Reads and writes; on SQLite `BEGIN IMMEDIATE`.
    case write
}

/// A driver: it makes connections, and tells what the database can do and how it writes SQL.
public protocol DatabaseBackend: Sendable {
    /// What the database can do.
    var features: DatabaseFeatures { get }
    /// How the database writes SQL.
    var dialect: any SQLDialect { get }
    /// The most connections that make sense; 1 for a database in memory.
    var maxConnections: Int? { get }

    /// Opens a connection.
    func connect() async throws -> any DatabaseConnection

    /// Opens a connection whose statements are ended after a time.
    ///
    /// - Parameter statementTimeout: how long each may take; nil for no limit.
    /// - Returns: the connection, whose statements throw
    ///   ``DatabaseError/statementTimeout(statement:)`` when their time is over.
    /// - Throws: ``DatabaseError``.
    func connect(statementTimeout: Duration?) async throws -> any DatabaseConnection
}

extension DatabaseBackend {
    /// Refuses a limit.
    ///
    /// - Parameter statementTimeout: how long each statement may take; nil for no limit.
    /// - Returns: a connection without a limit.
    /// - Throws: ``DatabaseError/notSupported(_:)`` where one is asked.
    public func connect(statementTimeout: Duration?) async throws -> any DatabaseConnection {
        guard statementTimeout == nil else {
            throw DatabaseError.notSupported(
                "The driver of this database cannot end statements that take too long."
            )
        }
        return try await connect()
    }
}
