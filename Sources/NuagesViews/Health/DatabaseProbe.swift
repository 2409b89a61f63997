import Logging
import NuagesCore
import NuagesORM

/// Asks the database for a constant, and gives up after a while.
struct DatabaseProbe {
    let deadline: Duration
    var ask: @Sendable () async throws -> Void = { _ = try await Database.current.rows("SELECT 1") }

    /// Whether the database answers in time.
    func isReady() async -> Bool {
        let (answers, answer) = AsyncStream<(any Error)?>.makeStream()
        let question = Task {
            do {
                try await ask()
                answer.yield(nil)
            } catch {
                answer.yield(error)
            }
        }
        let clock = Task {
            try await Task.sleep(for: deadline)
            answer.yield(Late())
        }
        // Nobody waits for a question that is given up: over a network that drops what is sent, it
        // may take a while to end.
        defer {
            question.cancel()
            clock.cancel()
        }
        for await error in answers {
            guard let error else { return true }
            Logger(label: "nuages.health").error(
                "The database is not ready: \(LogText.escape("\(error)"))"
            )
            return false
        }
        return false
    }

    private struct Late: Error, CustomStringConvertible {
        let description = "it did not answer in time"
    }
}
