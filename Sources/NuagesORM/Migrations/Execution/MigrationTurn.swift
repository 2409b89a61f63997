/// How a process that migrates waits until no other one does.
package enum MigrationTurn {
    /// How long another process may take.
    private static let patience = Duration.seconds(600)
    private static let pause = Duration.milliseconds(200)

    /// Asks again and again until it is this process's turn.
    ///
    /// - Parameters:
    ///   - database: the database, for the error.
    ///   - attempt: whether it is; it may do at once what it waited for.
    /// - Throws: what `attempt` throws, and ``DatabaseError`` after ten minutes.
    package static func wait(
        _ database: Database,
        _ attempt: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + patience
        while try await !attempt() {
            guard ContinuousClock.now < deadline else {
                throw DatabaseError.operational(
                    """
                    Another process has been migrating '\(database.name)' for ten minutes. \
                    Migrate again when it is done.
                    """,
                    statement: nil
                )
            }
            try await Task.sleep(for: pause)
        }
    }

    /// Does what must be done though the task is cancelled: takes a lock, so that it is known
    /// whether it is held, or gives back what others wait for.
    ///
    /// - Parameter work: what is done, on the connection that the task holds.
    /// - Returns: what `work` returns.
    /// - Throws: what `work` throws.
    package static func uncancelled<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await Task { try await work() }.value
    }
}
