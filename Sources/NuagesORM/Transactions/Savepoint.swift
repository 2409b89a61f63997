/// A point of a transaction to which it can be taken back.
///
///     try await database.atomic {
///         let savepoint = try await database.savepoint()
///         …
///         try await database.rollBack(to: savepoint)
///     }
///
/// Nested `atomic` blocks are the simpler way. Django: `transaction.savepoint`.
public struct Savepoint: Sendable, Hashable {
    let name: String
    /// The block that it was set in, and how many hooks and files to be taken back that had.
    let block: Int
    let hooks: Int
    let undoings: Int
}

extension Database {
    /// Sets a savepoint in the transaction of the task.
    ///
    /// - Returns: the savepoint.
    /// - Throws: ``DatabaseError/transactionMisused(_:)`` outside of `atomic`, ``DatabaseError``.
    public func savepoint() async throws -> Savepoint {
        try await session().savepoint()
    }

    /// Takes back all that happened since a savepoint, hooks for the commit and files of rows included.
    ///
    /// - Parameter savepoint: the savepoint.
    /// - Throws: ``DatabaseError``.
    public func rollBack(to savepoint: Savepoint) async throws {
        try await session().rollBack(to: savepoint)
    }

    /// Forgets a savepoint; what happened since it stays.
    ///
    /// - Parameter savepoint: the savepoint.
    /// - Throws: ``DatabaseError``.
    public func release(_ savepoint: Savepoint) async throws {
        try await session().release(savepoint: savepoint.name)
    }

    /// Lets the transaction of the task be rolled back at its end, without an error.
    ///
    /// Django: `set_rollback(True)`.
    ///
    /// - Throws: ``DatabaseError/transactionMisused(_:)`` outside of `atomic`.
    public func rollBackAtEnd() throws { try setRollback(true) }

    /// Whether the transaction of the task is going to be rolled back at its end.
    ///
    /// Django: `get_rollback`.
    ///
    /// - Throws: ``DatabaseError/transactionMisused(_:)`` outside of `atomic`.
    public var isMarkedForRollback: Bool { get throws { try session().isMarkedForRollback } }

    /// Lets the transaction of the task be rolled back at its end, or be committed after all.
    ///
    /// `false` is for a program that has seen an error of an inner block without a savepoint and
    /// has gone back to a savepoint of its own, so that what is left is whole.
    ///
    /// Django: `set_rollback`.
    ///
    /// - Parameter rollback: whether it is rolled back.
    /// - Throws: ``DatabaseError/transactionMisused(_:)`` outside of `atomic`.
    public func setRollback(_ rollback: Bool) throws { try session().markForRollback(rollback) }

    private func session() throws(DatabaseError) -> Session {
        guard let session = DatabaseScope.current.session(for: core), session.isInTransaction else {
            throw .transactionMisused("There is no transaction: this belongs inside 'atomic'.")
        }
        return session
    }
}
