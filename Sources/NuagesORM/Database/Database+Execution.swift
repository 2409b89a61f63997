extension Database {
    /// Runs a statement.
    ///
    ///     try await database.execute("DELETE FROM polls_choice WHERE votes < \(3)")
    ///
    /// - Parameter sql: the statement with its values.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``DatabaseError``.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        let statement = sql.statement(dialect)
        return try await perform(statement, mode: .write) { connection in
            try connection.run(statement) { _ in }
        }
    }

    /// Runs a statement and returns its rows, each value by the kind that the database gives it.
    ///
    ///     try await database.rows("SELECT id, votes FROM polls_choice WHERE votes > \(3)")
    ///     // [[.int(1), .int(7)], …]
    ///
    /// - Parameter sql: the statement with its values.
    /// - Returns: the rows.
    /// - Throws: ``DatabaseError``.
    public func rows(_ sql: SQL) async throws -> [[SQLValue]] {
        let statement = sql.statement(dialect)
        // It may call a function that writes. Beside other tasks of a transaction it could be begun,
        // passed over for one of theirs, and begun again.
        let isUnshared = DatabaseScope.current.session(for: core) == nil
        return try await perform(
            statement,
            mode: sql.looksReadOnly ? .read : .write,
            mayHurry: isUnshared
        ) { connection in
            var rows: [[SQLValue]] = []
            _ = try connection.run(statement) { row in rows.append(row.values) }
            return rows
        }
    }

    /// Runs a statement and returns its rows with the names of its columns.
    ///
    ///     let found = try await database.namedRows("SELECT id, votes FROM polls_choice")
    ///     found.columns              // ["id", "votes"], also where there are no rows
    ///     found[0]["votes"]          // .int(7)
    ///
    /// Django: `cursor.description`.
    ///
    /// - Parameter sql: the statement with its values.
    /// - Returns: the rows.
    /// - Throws: ``DatabaseError``.
    public func namedRows(_ sql: SQL) async throws -> NamedRows {
        let statement = sql.statement(dialect)
        return try await perform(statement, mode: sql.looksReadOnly ? .read : .write) {
            connection in
            var names: [String] = []
            var rows: [[SQLValue]] = []
            _ = try connection.run(statement, columns: { names = $0 }) { row in
                rows.append(row.values)
            }
            return NamedRows(columns: names, rows: rows)
        }
    }

    /// Runs statements that do not need each other's results, and returns the rows of each.
    ///
    /// They are sent to PostgreSQL all at once, so that waiting for its answers costs once, and
    /// outside of a transaction all of them are kept there or none.
    ///
    ///     let answers = try await database.rows(of: ["SELECT \(1)", "SELECT \(2)"])
    ///     // [[[.int(1)]], [[.int(2)]]]
    ///
    /// - Parameter list: the statements with their values.
    /// - Returns: the rows of each statement.
    /// - Throws: ``DatabaseError``; the statements behind one that fails do not run.
    public func rows(of list: [SQL]) async throws -> [[[SQLValue]]] {
        let statements = list.map { $0.statement(dialect) }
        let mode: TransactionMode = list.allSatisfy(\.looksReadOnly) ? .read : .write
        return try await performMany(statements, mode: mode) { connection, statements in
            var rows = [[[SQLValue]]](repeating: [], count: statements.count)
            _ = try connection.runMany(statements) { index, row in rows[index].append(row.values) }
            return rows
        }
    }

    /// Holds one connection for `body`, outside of a transaction.
    ///
    /// For settings that belong to a connection, such as `PRAGMA foreign_keys`; they are reset
    /// when the connection goes back.
    ///
    /// - Parameter body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and ``DatabaseError``.
    public func withConnection<Result>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        if DatabaseScope.current.session(for: core) != nil { return try await body() }
        let connection = try await core.writers.acquire()
        let session = Session(core: core, connection: connection, pool: core.writers)
        var scope = DatabaseScope.current
        scope.replicas?.noteWrite(to: core)
        scope.sessions.append(session)
        do {
            let result = try await DatabaseScope.$current.withValue(scope, operation: body)
            await session.finish(resetting: true)
            return result
        } catch {
            await session.finish(resetting: true)
            throw error
        }
    }

    /// Runs what only one driver can do on a connection of it, for a task that writes.
    ///
    /// - Parameters:
    ///   - statement: what logs show.
    ///   - work: what to run.
    /// - Returns: what `work` returns.
    /// - Throws: what `work` throws, and ``DatabaseError``.
    package func performWriting<Result: Sendable>(
        _ statement: SQLStatement,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        // Work of a driver needs its own connection: a wrapper can refuse it, and change nothing.
        _ = try wrapped(statement, mode: .write)
        return try await withoutWrapper { try await perform(statement, mode: .write, work) }
    }

    /// Runs `work` on a connection's thread: the session's of the task, or one of the pool.
    ///
    /// This is the only way to a connection; on the hot path nobody changes threads.
    ///
    /// - Parameters:
    ///   - statement: the statement, for logs.
    ///   - mode: whether it writes.
    ///   - isAlone: whether `work` runs this statement and no other, so that it may be begun on one
    ///     thread and waited for on another, though it writes.
    ///   - mayHurry: whether it may be begun on another thread than the connection's at all.
    ///   - work: runs it.
    /// - Returns: what `work` returns.
    /// - Throws: what `work` throws, and ``DatabaseError``.
    func perform<Result: Sendable>(
        _ statement: SQLStatement,
        mode: TransactionMode,
        isAlone: Bool = false,
        mayHurry: Bool = true,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        let scope = DatabaseScope.current
        if let wrapper = scope.wrapper {
            return try await perform(statement, mode: mode, wrappedBy: wrapper, work)
        }
        if mode == .write, let replicas = scope.replicas { replicas.noteWrite(to: core) }
        let mayHurry = mayHurry && (mode == .read || isAlone && features.supportsSharedReads)
        let isTimed = mayHurry || isAlone
        if scope.logs.isEmpty, !DatabaseObservers.isActive {
            return try await run(statement.text, mode, mayHurry, isTimed, scope, work).result
        }
        return try await observing([statement], scope) {
            try await run(statement.text, mode, mayHurry, isTimed, scope, work)
        }
    }

    /// Runs a statement that writes, all of a transaction where the task has none.
    ///
    /// - Parameter statement: the statement.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``DatabaseError``.
    func write(_ statement: SQLStatement) async throws -> Int {
        try await write(statement, into: ()) { _, _ in }.count
    }

    /// Runs a statement that writes and returns rows, all of a transaction where the task has none.
    ///
    /// It may share its transaction with those of other tasks (``GroupedWrites``,
    /// ``writeTogether(_:into:_:)``), of which each is kept, or not, by itself.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - value: what there is before the first row.
    ///   - eachRow: adds a row; begins anew where the transaction did not hold.
    /// - Returns: the value with all rows, and the number of rows that were changed.
    /// - Throws: what `eachRow` throws, and ``DatabaseError``.
    func write<Value: Sendable>(
        _ statement: SQLStatement,
        into value: Value,
        _ eachRow: @escaping @Sendable (inout Value, inout Row) throws -> Void
    ) async throws -> (value: Value, count: Int) {
        try await performAlone(
            statement,
            together: { try await writeTogether(statement, into: value, eachRow) },
            { connection in
                var value = value
                let count = try connection.run(statement) { row in try eachRow(&value, &row) }
                return (value, count)
            }
        )
    }

    /// Inserts a row, and returns the key that the database gave it.
    ///
    /// - Parameters:
    ///   - statement: the statement, which returns the key.
    ///   - key: what it returns.
    /// - Returns: the key; nil where it was not told.
    /// - Throws: ``DatabaseError``.
    func insert(_ statement: SQLStatement, counting key: CountedKey) async throws -> Int64? {
        try await performAlone(
            statement,
            together: {
                try await writeTogether(statement, into: nil) { (found: inout Int64?, row) in
                    found = try row.read(Int?.self).map(Int64.init)
                }.map(\.value)
            },
            { connection in try connection.insert(statement, counting: key) }
        )
    }

    private func performAlone<Result: Sendable>(
        _ statement: SQLStatement,
        together: () async throws -> Result?,
        _ work: @escaping @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        let scope = DatabaseScope.current
        guard scope.wrapper == nil, scope.session(for: core) == nil else {
            return try await perform(statement, mode: .write, isAlone: true, work)
        }
        if let replicas = scope.replicas { replicas.noteWrite(to: core) }
        if let writes = core.groupedWrites, scope.logs.isEmpty, !DatabaseObservers.isActive,
            core.shortWrites.contains(statement.text)
        {
            return try await writes.perform(statement.text, work).result
        }
        return try await observing([statement], scope) {
            if let result = try await together() { return (result, .zero) }
            if let writes = core.groupedWrites, core.shortWrites.contains(statement.text) {
                return try await writes.perform(statement.text, work)
            }
            let mayHurry = features.supportsSharedReads
            return try await run(statement.text, .write, mayHurry, true, scope, work)
        }
    }

    /// Runs `work`, which sends several statements at once, as ``perform(_:mode:_:)`` runs one.
    ///
    /// Logs and observers are told of each statement; all have the time that they took together.
    func performMany<Result: Sendable>(
        _ statements: [SQLStatement],
        mode: TransactionMode,
        _ work: @Sendable (isolated any DatabaseConnection, [SQLStatement]) throws -> Result
    ) async throws -> Result {
        let scope = DatabaseScope.current
        if scope.wrapper != nil {
            let changed = try statements.map { try wrapped($0, mode: mode) }
            return try await withoutWrapper { try await performMany(changed, mode: mode, work) }
        }
        if mode == .write, let replicas = scope.replicas { replicas.noteWrite(to: core) }
        let name = statements.nameTogether
        return try await observing(statements, scope) {
            try await run(name, mode, mode == .read, mode == .read, scope) {
                try work($0, statements)
            }
        }
    }

    /// Tells logs and observers of the statements that `body` runs.
    func observing<Result: Sendable>(
        _ statements: [SQLStatement],
        _ scope: DatabaseScope,
        _ body: () async throws -> (result: Result, waited: Duration)
    ) async throws -> Result {
        if scope.logs.isEmpty, !DatabaseObservers.isActive { return try await body().result }
        await resumed()
        let positions = statements.flatMap { statement in
            scope.logs.map { ($0, $0.record(statement)) }
        }
        let start = ContinuousClock.now
        defer {
            for (log, position) in positions where log.keepsTimes {
                log.ended(position, after: ContinuousClock.now - start)
            }
        }
        do {
            let (result, waited) = try await body()
            let time = ContinuousClock.now - start - waited
            for statement in statements { tell(statement, time, hasFailed: false) }
            return result
        } catch {
            let time = ContinuousClock.now - start
            for statement in statements { tell(statement, time, hasFailed: true) }
            throw error
        }
    }

    /// Makes what follows a function that was resumed: on Linux, traces find the callers of such
    /// functions only, and logs ask who makes a query.
    @inline(never) private func resumed() async {}

    func tell(_ statement: SQLStatement, _ duration: Duration, hasFailed: Bool) {
        DatabaseObservers.tell { observer in
            observer.ended(
                ObservedQuery(
                    database: name,
                    vendor: dialect.vendor,
                    text: statement.text,
                    duration: duration,
                    hasFailed: hasFailed
                )
            )
        }
    }

    private func run<Result: Sendable>(
        _ text: String,
        _ mode: TransactionMode,
        _ mayHurry: Bool,
        _ isTimed: Bool,
        _ scope: DatabaseScope,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> (result: Result, waited: Duration) {
        if let session = scope.session(for: core) {
            return (try await session.perform(text, mode: mode, mayHurry: mayHurry, work), .zero)
        }
        let shared = mode == .read ? core.sharedReaders : nil
        if let shared, let result = try await shared.perform(text, work) {
            return (result, .zero)
        }
        let pool = core.pool(for: mode)
        let (connection, waited) = try await pool.borrow()
        let start = ContinuousClock.now
        do {
            let isQuick = mayHurry && core.quickStatements.contains(text)
            if isQuick,
                let (result, isIdle) = try connection.performAtOnce(
                    fromOtherThreads: true,
                    { (try work($0), $0.isUsableAndIdle) }
                )
            {
                pool.release(connection, isReusable: isIdle)
                return (result, waited)
            }
            let (result, time, isIdle) = try await Self.cancellable(connection) { connection in
                let (result, time) = try SharedConnections.timed(connection, work)
                return (result, time, connection.isUsableAndIdle)
            }
            // A statement such as BEGIN would let the next borrower write into its transaction.
            pool.release(connection, isReusable: isIdle)
            // What was begun at once has been waited for already.
            let whole = isQuick ? ContinuousClock.now - start : time
            if isTimed { core.quickStatements.note(text, took: whole) }
            if isTimed, mode == .write { core.shortWrites.note(text, took: whole) }
            return (result, waited)
        } catch {
            let isReusable = await connection.isUsableAndIdle
            pool.release(connection, isReusable: isReusable)
            throw error
        }
    }

    /// Runs `work` on the connection's thread; a cancellation of the task interrupts it.
    static func cancellable<Result: Sendable>(
        _ connection: any DatabaseConnection,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler {
            try await work(connection)
        } onCancel: {
            connection.interrupt()
        }
    }
}

extension DatabaseConnection {
    /// Whether another borrower can have the connection.
    package var isUsableAndIdle: Bool { isUsable && !isInTransaction }
}
