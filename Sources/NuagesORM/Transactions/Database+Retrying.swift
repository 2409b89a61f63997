extension Database {
    /// Runs `body` in a transaction, and again from its start where it stood in the way of another
    /// one: a deadlock, or a serialization failure.
    ///
    ///     try await database.retrying(isolation: .serializable) {
    ///         var account = try await Account.objects.get(id)
    ///         account.balance -= amount
    ///         try await account.save()
    ///     }
    ///
    /// Only what is inside of the database is undone before the next attempt, so `body` should do
    /// nothing else; ``onCommit(robust:_:)`` is for the rest, and its hooks run once, after the
    /// attempt that succeeded. Between two attempts it waits, each time up to twice as long and for
    /// a random part of it, so that two transactions do not meet again.
    ///
    /// - Parameters:
    ///   - attempts: how often `body` runs at most.
    ///   - backoff: the longest wait before the second attempt; no wait is longer than a second.
    ///   - isolation: how far the transaction is kept from others, at least.
    ///   - body: what to run.
    /// - Returns: what `body` returns.
    /// - Throws: ``DatabaseError/transactionMisused(_:)`` inside of a transaction, where only the
    ///   outermost block could run again; the ``DatabaseError/serialization(_:statement:)`` of the
    ///   last attempt; what `body` throws otherwise.
    @discardableResult
    public func retrying<Result>(
        attempts: Int = 3,
        backoff: Duration = .milliseconds(20),
        isolation: IsolationLevel? = nil,
        _ body: () async throws -> Result
    ) async throws -> Result {
        guard !isInTransaction else {
            throw DatabaseError.transactionMisused(
                """
                'retrying' is inside of an 'atomic' block, of which it could repeat only a part. \
                Call it around the outermost block.
                """
            )
        }
        var longestWait = backoff
        var left = max(1, attempts)
        while true {
            left -= 1
            do {
                let (result, hooks) = try await transaction(
                    BlockOptions(isDurable: true, isolation: isolation),
                    body
                )
                try await Self.afterCommit { try await run(hooks) }
                return result
            } catch DatabaseError.serialization where left > 0 {
                let nanoseconds = Self.nanoseconds(min(longestWait, .seconds(1)))
                try await Task.sleep(for: .nanoseconds(Int64.random(in: 0...nanoseconds)))
                longestWait = min(longestWait, .seconds(1)) * 2
            } catch let failure as AfterCommit {
                throw failure.error
            }
        }
    }

    /// Runs `body`, which does nothing outside of the database, in a transaction: as a part of the
    /// one that is there, or in one of its own, and then again after a deadlock.
    ///
    /// MariaDB's transactions that lock a row which another is about to insert wait for each other
    /// in a circle, and all but one of them are ended.
    func repeatable<Result>(_ body: () async throws -> Result) async throws -> Result {
        isInTransaction ? try await atomic(body) : try await retrying(attempts: 10, body)
    }

    /// An error of a hook, which is no reason to run again what is committed.
    private struct AfterCommit: Error { let error: any Error }

    private static func afterCommit(_ body: () async throws -> Void) async throws {
        do { try await body() } catch { throw AfterCommit(error: error) }
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
