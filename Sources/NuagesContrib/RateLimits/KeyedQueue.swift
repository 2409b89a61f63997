import NuagesCore
import Synchronization

/// Lets one task of each key go on at a time; the others wait in order.
final class KeyedQueue: Sendable {
    private let waiting = Mutex<[ByteKey: [CheckedContinuation<Void, Never>]]>([:])

    /// Runs `body` while no other task of this process does so with the key.
    func exclusively<Result>(
        _ key: ByteKey,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        await withCheckedContinuation { continuation in
            let goesOn = waiting.withLock { waiting in
                guard waiting[key] != nil else {
                    waiting[key] = []
                    return true
                }
                waiting[key]?.append(continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
        defer { next(key)?.resume() }
        return try await body()
    }

    /// Who has waited for longest; nil where nobody does, and the key is free.
    private func next(_ key: ByteKey) -> CheckedContinuation<Void, Never>? {
        waiting.withLock { waiting in
            guard var queue = waiting[key], !queue.isEmpty else {
                waiting[key] = nil
                return nil
            }
            let first = queue.removeFirst()
            waiting[key] = queue
            return first
        }
    }
}
