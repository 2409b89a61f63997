extension Database {
    /// Runs `body` in a transaction: all of its changes are kept, or none.
    ///
    ///     try await database.atomic {
    ///         try await question.save()
    ///         try await database.atomic { … }      // a savepoint
    ///     }
    ///
    /// An error that leaves `body` rolls back. All queries of the task, and of child tasks, on
    /// this database belong to the transaction.
    ///
    /// Django: `transaction.atomic`.
    ///
    /// - Parameters:
    ///   - durable: whether the block must be the outermost one.
    ///   - savepoint: whether a block inside another can be rolled back on its own.
    ///   - mode: `.read` for a transaction that only reads and waits for no writer.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and ``DatabaseError``.
    public func atomic<Result>(
        durable: Bool = false,
        savepoint: Bool = true,
        mode: TransactionMode = .write,
        _ body: () async throws -> Result
    ) async throws -> Result {
        if let session = DatabaseScope.current.session(for: core) {
            if durable && session.isInTransaction {
                throw DatabaseError.transactionMisused(
                    "A durable 'atomic' block cannot be inside another 'atomic' block."
                )
            }
            let (result, hooks) = try await run(
                body,
                in: session,
                savepoint: savepoint,
                mode: mode,
                finishes: false
            )
            for hook in hooks { try await hook() }
            return result
        }
        let pool = core.pool(for: mode)
        let connection = try await pool.acquire()
        // What only reads runs on any thread; what writes would change threads for each statement.
        let executor = mode == .write && #isolation == nil ? connection.taskExecutor : nil
        let session = Session(
            core: core,
            connection: connection,
            pool: pool,
            usesThread: executor != nil
        )
        let outcome = await Self.onThread(of: executor) {
            try await run(body, in: session, savepoint: savepoint, mode: mode, finishes: true)
        }
        let (result, hooks) = try outcome.get()
        for hook in hooks { try await hook() }
        return result
    }

    /// Runs `body` on another thread, and comes back.
    private static func onThread<Value>(
        of executor: (any TaskExecutor)?,
        _ body: () async throws -> Value
    ) async -> Result<Value, any Error> {
        guard let executor else { return await attempt(body) }
        let outcome = await withTaskExecutorPreference(executor) { await attempt(body) }
        await leaveThread()
        return outcome
    }

    private static func attempt<Value>(
        _ body: () async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// Nothing; a task comes to it, and so back from it, on the executor that it prefers.
    @concurrent private static func leaveThread() async {}

    private func run<Value>(
        _ body: () async throws -> Value,
        in session: Session,
        savepoint: Bool,
        mode: TransactionMode,
        finishes: Bool
    ) async throws -> (Value, [Session.Hook]) {
        var scope = DatabaseScope.current
        let key = ObjectIdentifier(session)
        if finishes { scope.sessions.append(session) }
        let block: Int
        do {
            block = try await session.enter(
                from: scope.blockIDs[key],
                usesSavepoint: savepoint,
                mode: mode
            )
        } catch {
            if finishes { await session.finish(resetting: false) }
            throw error
        }
        scope.blockIDs[key] = block
        let result: Value
        do {
            result = try await DatabaseScope.$current.withValue(scope, operation: body)
        } catch {
            await session.rollBack(block)
            if finishes { await session.finish(resetting: false) }
            throw error
        }
        let hooks: [Session.Hook]
        do {
            hooks = try await session.commit(block)
        } catch {
            if finishes { await session.finish(resetting: false) }
            throw error
        }
        if finishes { await session.finish(resetting: false) }
        return (result, hooks)
    }

    /// Runs `hook` after the transaction of the task is committed; at once if there is none.
    ///
    /// A hook that was registered in a block that is rolled back does not run.
    ///
    /// Django: `transaction.on_commit`.
    ///
    /// - Parameter hook: what to run.
    /// - Throws: what `hook` throws, if it runs at once.
    public func onCommit(_ hook: @escaping @Sendable () async throws -> Void) async throws {
        if let session = DatabaseScope.current.session(for: core), session.onCommit(hook) { return }
        try await hook()
    }

    /// Whether the task is inside an `atomic` block of this database.
    public var isInTransaction: Bool {
        DatabaseScope.current.session(for: core)?.isInTransaction ?? false
    }
}

/// Runs `body` in a transaction of the current database.
///
///     try await atomic {
///         try await question.save()
///     }
///
/// - Parameters:
///   - durable: whether the block must be the outermost one.
///   - savepoint: whether a block inside another can be rolled back on its own.
///   - body: what to run.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, and ``DatabaseError``.
public func atomic<Result>(
    durable: Bool = false,
    savepoint: Bool = true,
    _ body: () async throws -> Result
) async throws -> Result {
    try await Database.current.atomic(durable: durable, savepoint: savepoint, body)
}
