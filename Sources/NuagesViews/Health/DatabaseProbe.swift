import Logging
import NuagesCore
import NuagesORM

/// Asks the database for a constant, and gives up after a while.
struct DatabaseProbe {
    let deadline: Duration
    var ask: @Sendable () async throws -> Void = { _ = try await Database.current.rows("SELECT 1") }

    /// Whether the database answers in time.
    func isReady() async -> Bool {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await ask() }
                group.addTask {
                    try await Task.sleep(for: deadline)
                    throw Late()
                }
                defer { group.cancelAll() }
                _ = try await group.next()
            }
            return true
        } catch {
            Logger(label: "nuages.health").error(
                "The database is not ready: \(LogText.escape("\(error)"))"
            )
            return false
        }
    }

    private struct Late: Error, CustomStringConvertible {
        let description = "it did not answer in time"
    }
}
