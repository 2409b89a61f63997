import Synchronization

/// A connection that a task holds, and the `atomic` blocks that are open on it.
final class Session: Sendable {
    /// What runs after the commit.
    struct Hook: Sendable {
        /// Whether the other hooks run even if it fails.
        let isRobust: Bool
        /// Whether it runs before the others, which may count on it: it brings a row's files.
        var isFirst = false
        let body: @Sendable () async throws -> Void
    }

    struct Block {
        let id: Int
        /// Nil for the outermost block, which is a transaction, and for blocks without savepoint.
        let savepoint: String?
        var hooks: [Hook] = []
        /// What runs where the block, or one around it, is rolled back.
        var undoings: [@Sendable () async -> Void] = []
    }

    private struct State {
        var blocks: [Block] = []
        var nextID = 0
        var isFinished = false
        /// The database has rolled back on its own.
        var isAborted = false
        /// An inner block without savepoint failed.
        var needsRollback = false
        /// Whether the connection may be left in a state that nobody should inherit.
        var isBroken = false
        /// What the transaction that was rolled back has done elsewhere.
        var undoings: [@Sendable () async -> Void] = []
    }

    let core: Database.Core
    let connection: any DatabaseConnection
    private let pool: ConnectionPool
    /// Whether the task that holds the connection runs on the connection's thread.
    private let usesThread: Bool
    private let state = Mutex(State())
    /// The statements of the tasks that share the connection, and the one that runs.
    private let turns = Mutex(Turns())

    private struct Turns {
        var last = 0
        var running: Int?
    }

    init(
        core: Database.Core,
        connection: any DatabaseConnection,
        pool: ConnectionPool,
        usesThread: Bool = false
    ) {
        self.core = core
        self.usesThread = usesThread
        self.connection = connection
        self.pool = pool
    }

    /// Whether an `atomic` block is open.
    var isInTransaction: Bool { state.withLock { !$0.blocks.isEmpty } }

    /// Runs `work` on the connection, for a statement of the task; a cancellation of the task
    /// interrupts it, and nothing that a sibling has running there.
    func perform<Result: Sendable>(
        _ text: String,
        mode: TransactionMode,
        mayHurry: Bool = true,
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        let isQuick =
            mayHurry && !usesThread && mode == .read && core.quickStatements.contains(text)
        let atOnce = try connection.performAtOnce(fromOtherThreads: isQuick) { connection in
            try self.checked(connection, work)
        }
        if let atOnce { return atOnce }
        let (result, time) = try await interruptible { connection in
            let start = ContinuousClock.now
            let result = try self.checked(connection, work)
            return (result, ContinuousClock.now - start)
        }
        if mode == .read { core.quickStatements.note(text, took: time) }
        return result
    }

    private func interruptible<Result: Sendable>(
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        let turn = turns.withLock { turns in
            turns.last &+= 1
            return turns.last
        }
        return try await withTaskCancellationHandler {
            try await run(work, turn, on: connection)
        } onCancel: {
            // A task whose turn has not come finds out on the connection that it was cancelled.
            turns.withLock { if $0.running == turn { connection.interrupt() } }
        }
    }

    private func run<Result: Sendable>(
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result,
        _ turn: Int,
        on connection: isolated any DatabaseConnection
    ) throws -> Result {
        turns.withLock { $0.running = turn }
        defer { turns.withLock { $0.running = nil } }
        return try work(connection)
    }

    private func checked<Result>(
        _ connection: isolated any DatabaseConnection,
        _ work: (isolated any DatabaseConnection) throws -> Result
    ) throws -> Result {
        // Checked on the connection, where COMMIT runs too: no task can slip in behind it.
        try checkUsable()
        do {
            return try work(connection)
        } catch {
            noteFailure(isInTransaction: connection.isInTransaction)
            throw error
        }
    }

    /// Runs what takes no time on the connection: settings, and the ends of what only read.
    private func control<Result: Sendable>(
        _ work: @Sendable (isolated any DatabaseConnection) throws -> Result
    ) async throws -> Result {
        if let result = try connection.performAtOnce(fromOtherThreads: true, work) { return result }
        return try await work(connection)
    }

    /// Runs a statement that ends a transaction or concerns a savepoint.
    private func execute(_ text: String) async throws { try await control { try $0.control(text) } }

    /// Opens a block: a transaction, or a savepoint in it.
    func enter(
        from parent: Int?,
        usesSavepoint: Bool,
        mode: TransactionMode,
        isolation: IsolationLevel?
    ) async throws -> Int {
        let (block, isOutermost) = try state.withLock { state throws(DatabaseError) in
            guard !state.isFinished else { throw Self.outlived }
            if let innermost = state.blocks.last, innermost.id != parent {
                throw .transactionMisused(
                    """
                    Another task has a block open inside this transaction. \
                    Child tasks of 'atomic' cannot open blocks side by side.
                    """
                )
            }
            if state.isAborted || state.needsRollback { throw .transactionAborted }
            state.nextID += 1
            let isOutermost = state.blocks.isEmpty
            guard isolation == nil || isOutermost else {
                throw .transactionMisused(
                    "The isolation is that of a whole transaction: ask it of the outermost 'atomic'."
                )
            }
            let savepoint = isOutermost || !usesSavepoint ? nil : "s\(state.nextID)"
            let block = Block(id: state.nextID, savepoint: savepoint)
            state.blocks.append(block)
            return (block, isOutermost)
        }
        do {
            try await open(block, isOutermost: isOutermost, mode: mode, isolation: isolation)
        } catch {
            state.withLock { $0.blocks.removeAll { $0.id == block.id } }
            throw error
        }
        return block.id
    }

    private func open(
        _ block: Block,
        isOutermost: Bool,
        mode: TransactionMode,
        isolation: IsolationLevel?
    ) async throws {
        if isOutermost {
            try await control { try $0.begin(mode, isolation: isolation) }
        } else if let savepoint = block.savepoint {
            try await execute("SAVEPOINT \(core.dialect.quote(savepoint))")
        }
    }

    /// Ends a block well.
    ///
    /// - Returns: what runs now that the transaction is committed; empty for an inner block.
    func commit(_ id: Int) async throws -> [Hook] {
        let (isAborted, needsRollback) = state.withLock { ($0.isAborted, $0.needsRollback) }
        let (block, isOutermost) = try take(id)
        if isAborted {
            await undo(block, isOutermost: isOutermost)
            throw DatabaseError.transactionAborted
        }
        if needsRollback {
            // The program was told by the error that left the inner block.
            await undo(block, isOutermost: isOutermost)
            return []
        }
        do {
            if isOutermost {
                try await control { connection in
                    guard connection.isInTransaction else { throw Self.endedByHand }
                    try connection.control("COMMIT")
                }
                return block.hooks
            }
            if let savepoint = block.savepoint {
                try await execute("RELEASE SAVEPOINT \(core.dialect.quote(savepoint))")
            }
            state.withLock { state in
                guard !state.blocks.isEmpty else { return }
                state.blocks[state.blocks.count - 1].hooks += block.hooks
                state.blocks[state.blocks.count - 1].undoings += block.undoings
            }
            return []
        } catch {
            let mayBeCommitted = isOutermost ? await isLost(error) : false
            await undo(block, isOutermost: isOutermost, mayBeCommitted: mayBeCommitted)
            throw error
        }
    }

    /// Whether nobody knows what became of a COMMIT: its answer was lost with the connection, or a
    /// statement of the program has ended the transaction.
    private func isLost(_ error: any Error) async -> Bool {
        if case DatabaseError.transactionMisused = error { return true }
        return (try? await control { !$0.isUsable }) ?? true
    }

    /// Ends a block by an error.
    func rollBack(_ id: Int) async {
        guard let (block, isOutermost) = try? take(id) else { return }
        await undo(block, isOutermost: isOutermost)
    }

    private func take(_ id: Int) throws(DatabaseError) -> (Block, isOutermost: Bool) {
        try state.withLock { state throws(DatabaseError) in
            guard let block = state.blocks.last, block.id == id else {
                state.isBroken = true
                throw .transactionMisused("A block inside this transaction is still open.")
            }
            state.blocks.removeLast()
            return (block, state.blocks.isEmpty)
        }
    }

    private func undo(_ block: Block, isOutermost: Bool, mayBeCommitted: Bool = false) async {
        await rollBack(block, isOutermost: isOutermost)
        // A file that no row has does less harm than a row whose file is gone.
        if mayBeCommitted { return }
        let isRolledBack = state.withLock { state in
            if isOutermost {
                state.undoings = block.undoings
                return false
            }
            // Without a savepoint the block around it decides what becomes of its rows.
            guard block.savepoint == nil, !state.blocks.isEmpty else { return true }
            state.blocks[state.blocks.count - 1].undoings += block.undoings
            return false
        }
        guard isRolledBack else { return }
        for undoing in block.undoings.reversed() { await undoing() }
    }

    /// Undoes what the transaction that was rolled back has done elsewhere: once others can have the
    /// connection, since a storage may be far away.
    func undoElsewhere() async {
        let undoings = state.withLock { state in
            defer { state.undoings = [] }
            return state.undoings
        }
        for undoing in undoings.reversed() { await undoing() }
    }

    private func rollBack(_ block: Block, isOutermost: Bool) async {
        let isAborted = state.withLock(\.isAborted)
        do {
            if isOutermost {
                try await control { if $0.isInTransaction { try $0.control("ROLLBACK") } }
                state.withLock {
                    $0.isAborted = false
                    $0.needsRollback = false
                }
            } else if let savepoint = block.savepoint, !isAborted {
                let name = core.dialect.quote(savepoint)
                try await execute("ROLLBACK TO SAVEPOINT \(name)")
                try await execute("RELEASE SAVEPOINT \(name)")
                state.withLock { $0.needsRollback = false }
            } else {
                state.withLock { $0.needsRollback = true }
            }
        } catch {
            // A connection that cannot even roll back is not used again.
            state.withLock {
                $0.isBroken = true
                $0.isAborted = true
            }
        }
    }

    /// Registers what runs after the outermost block is committed; false if none is open.
    func onCommit(_ hook: Hook) -> Bool {
        state.withLock { state in
            guard !state.blocks.isEmpty else { return false }
            state.blocks[state.blocks.count - 1].hooks.append(hook)
            return true
        }
    }

    /// Registers what runs where the innermost block is rolled back, or one around it.
    func onRollback(_ undoing: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.blocks.isEmpty else { return }
            state.blocks[state.blocks.count - 1].undoings.append(undoing)
        }
    }

    /// Gives the connection back.
    func finish(resetting: Bool) async {
        let isBroken = state.withLock { state in
            state.isFinished = true
            return state.isBroken || !state.blocks.isEmpty
        }
        let isClean = (try? await control { try $0.isClean(afterReset: resetting) }) ?? false
        pool.release(connection, isReusable: !isBroken && isClean)
    }

    private func checkUsable() throws(DatabaseError) {
        try state.withLock { state throws(DatabaseError) in
            if state.isFinished { throw Self.outlived }
            if state.isAborted || state.needsRollback { throw .transactionAborted }
        }
    }

    private func noteFailure(isInTransaction: Bool) {
        state.withLock { state in
            if !state.blocks.isEmpty && !isInTransaction { state.isAborted = true }
        }
    }

    private static var endedByHand: DatabaseError {
        .transactionMisused(
            """
            A statement of the 'atomic' block has ended its transaction, so not all of the block \
            is in one. Leave COMMIT and ROLLBACK to 'atomic', and throw an error to roll back.
            """
        )
    }

    private static var outlived: DatabaseError {
        .transactionMisused(
            """
            A task outlived the 'atomic' block it was started in. \
            Start it with onCommit, or with Task.detached.
            """
        )
    }
}

extension Session {
    /// Sets a savepoint.
    func savepoint() async throws -> Savepoint {
        try checkUsable()
        let savepoint = try state.withLock { state throws(DatabaseError) in
            guard let block = state.blocks.last else {
                throw .transactionMisused("A savepoint can only be set inside an 'atomic' block.")
            }
            state.nextID += 1
            return Savepoint(
                name: "x\(state.nextID)",
                block: block.id,
                hooks: block.hooks.count,
                undoings: block.undoings.count
            )
        }
        try await execute("SAVEPOINT \(core.dialect.quote(savepoint.name))")
        return savepoint
    }

    /// Takes back what happened since a savepoint.
    func rollBack(to savepoint: Savepoint) async throws {
        try await execute("ROLLBACK TO SAVEPOINT \(core.dialect.quote(savepoint.name))")
        let undoings = state.withLock { state in
            var undoings: [@Sendable () async -> Void] = []
            // Hooks of blocks inside of it are later than the savepoint. Those of a block that has
            // ended belong to the one around it, which has them behind its own.
            for index in state.blocks.indices where state.blocks[index].id >= savepoint.block {
                let isOwn = state.blocks[index].id == savepoint.block
                let (count, kept) = (state.blocks[index].hooks.count, isOwn ? savepoint.hooks : 0)
                if count > kept { state.blocks[index].hooks.removeLast(count - kept) }
                let done = state.blocks[index].undoings.dropFirst(isOwn ? savepoint.undoings : 0)
                undoings += done
                state.blocks[index].undoings.removeLast(done.count)
            }
            return undoings
        }
        for undoing in undoings.reversed() { await undoing() }
    }

    /// Forgets a savepoint.
    func release(savepoint name: String) async throws {
        try await execute("RELEASE SAVEPOINT \(core.dialect.quote(name))")
    }

    /// Whether the transaction is going to be rolled back at its end.
    var isMarkedForRollback: Bool { state.withLock { $0.needsRollback || $0.isAborted } }

    /// Lets the transaction be rolled back at its end, or be committed after all.
    func markForRollback(_ isMarked: Bool) { state.withLock { $0.needsRollback = isMarked } }
}

extension DatabaseConnection {
    /// Whether another borrower can have the connection, after its settings are reset.
    ///
    /// Throws what resetting throws: a driver's refusal to do it on a thread that it was lent must
    /// reach the driver, which then does it on the connection's own.
    fileprivate func isClean(afterReset: Bool) throws -> Bool {
        closeCursor(nil)
        guard isUsableAndIdle else { return false }
        if afterReset { try reset() }
        return true
    }
}
