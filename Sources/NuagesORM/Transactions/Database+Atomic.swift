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
    ///   - isolation: how far an outermost block is kept from other transactions, at least; nil for
    ///     what is usual on the database.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, and ``DatabaseError``.
    @discardableResult
    public func atomic<Result>(
        durable: Bool = false,
        savepoint: Bool = true,
        mode: TransactionMode = .write,
        isolation: IsolationLevel? = nil,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let (result, hooks) = try await transaction(
            BlockOptions(
                isDurable: durable,
                usesSavepoint: savepoint,
                mode: mode,
                isolation: isolation
            ),
            body
        )
        try await run(hooks)
        return result
    }

    /// What a block is asked to be.
    struct BlockOptions {
        var isDurable = false
        var usesSavepoint = true
        var mode = TransactionMode.write
        var isolation: IsolationLevel?
    }

    /// Runs `body` in a block, and tells what has to run now that it is committed.
    func transaction<Result>(
        _ options: BlockOptions,
        _ body: () async throws -> Result
    ) async throws -> (Result, [Session.Hook]) {
        let scope = DatabaseScope.current
        if options.mode == .write { scope.replicas?.noteWrite(to: core) }
        if let session = scope.session(for: core) {
            if options.isDurable && session.isInTransaction {
                throw DatabaseError.transactionMisused(
                    "A durable 'atomic' block cannot be inside another 'atomic' block."
                )
            }
            return try await run(body, in: session, options, finishes: false)
        }
        let pool = core.pool(for: options.mode)
        let connection = try await pool.acquire()
        // What only reads runs on any thread; what writes would change threads for each statement.
        let executor =
            options.mode == .write && #isolation == nil ? connection.taskExecutor : nil
        let session = Session(
            core: core,
            connection: connection,
            pool: pool,
            usesThread: executor != nil
        )
        let outcome = await Self.onThread(of: executor) {
            try await run(body, in: session, options, finishes: true)
        }
        return try outcome.get()
    }

    /// Runs what waited for the commit; a robust hook that fails keeps nothing from the others.
    ///
    /// Those that bring files run first, and none of them keeps anything from the others.
    func run(_ hooks: [Session.Hook]) async throws {
        var failure: (any Error)?
        for hook in hooks where hook.isFirst {
            do { try await run(hook) } catch { failure = failure ?? error }
        }
        for hook in hooks where !hook.isFirst { try await run(hook) }
        if let failure { throw failure }
    }

    private func run(_ hook: Session.Hook) async throws {
        do {
            try await hook.body()
        } catch {
            guard hook.isRobust else { throw error }
            DatabaseObservers.tell { $0.hookFailed(error, database: name) }
        }
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
        _ options: BlockOptions,
        finishes: Bool
    ) async throws -> (Value, [Session.Hook]) {
        var scope = DatabaseScope.current
        let key = ObjectIdentifier(session)
        if finishes { scope.sessions.append(session) }
        let block: Int
        do {
            block = try await session.enter(
                from: scope.blockIDs[key],
                usesSavepoint: options.usesSavepoint,
                mode: options.mode,
                isolation: options.isolation
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
            await session.undoElsewhere()
            throw error
        }
        let hooks: [Session.Hook]
        do {
            hooks = try await session.commit(block)
        } catch {
            if finishes { await session.finish(resetting: false) }
            await session.undoElsewhere()
            throw error
        }
        if finishes { await session.finish(resetting: false) }
        await session.undoElsewhere()
        return (result, hooks)
    }

    /// Runs `hook` after the transaction of the task is committed; at once if there is none.
    ///
    /// A hook that was registered in a block that is rolled back does not run. What a hook throws
    /// leaves the outermost `atomic`, though all is committed, and later hooks do not run; the
    /// error of a robust hook is logged, and nothing else comes of it.
    ///
    /// Django: `transaction.on_commit`.
    ///
    /// - Parameters:
    ///   - robust: whether a failure of the hook is nobody's concern.
    ///   - hook: what to run.
    /// - Throws: what `hook` throws, if it runs at once and is not robust.
    public func onCommit(
        robust: Bool = false,
        _ hook: @escaping @Sendable () async throws -> Void
    ) async throws {
        let hook = Session.Hook(isRobust: robust, body: hook)
        if registerOnCommit(hook) { return }
        try await run([hook])
    }

    /// Lets `hook` run after the commit; false where the task has no transaction.
    func registerOnCommit(_ hook: Session.Hook) -> Bool {
        DatabaseScope.current.session(for: core)?.onCommit(hook) ?? false
    }

    /// Runs `undoing` where the transaction of the task is rolled back; never if there is none.
    func onRollback(_ undoing: @escaping @Sendable () async -> Void) {
        DatabaseScope.current.session(for: core)?.onRollback(undoing)
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
///   - isolation: how far an outermost block is kept from other transactions, at least.
///   - body: what to run.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, and ``DatabaseError``.
@discardableResult
public func atomic<Result>(
    durable: Bool = false,
    savepoint: Bool = true,
    isolation: IsolationLevel? = nil,
    _ body: () async throws -> Result
) async throws -> Result {
    try await Database.current.atomic(
        durable: durable,
        savepoint: savepoint,
        isolation: isolation,
        body
    )
}
