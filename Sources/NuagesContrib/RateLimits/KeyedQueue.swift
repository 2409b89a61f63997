import NuagesCore
import Synchronization

/// Lets one task of each key go on at a time; the others wait in order.
final class KeyedQueue: Sendable {
    private let waiting = Mutex<[ByteKey: Waiters]>([:])

    /// Those who wait for one key, the first of them at `next`.
    private struct Waiters {
        var continuations: [CheckedContinuation<Void, Never>] = []
        var next = 0

        mutating func takeFirst() -> CheckedContinuation<Void, Never>? {
            guard next < continuations.count else { return nil }
            defer { next += 1 }
            return continuations[next]
        }
    }

    /// Runs `body` while no other task of this process does so with the key.
    func exclusively<Result>(
        _ key: ByteKey,
        _ body: () async throws -> Result
    ) async throws -> Result {
        await withCheckedContinuation { continuation in
            let goesOn = waiting.withLock { waiting in
                guard waiting[key] != nil else {
                    waiting[key] = Waiters()
                    return true
                }
                waiting[key]?.continuations.append(continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
        defer { next(key)?.resume() }
        // Who has gone meanwhile asks for nothing any more.
        try Task.checkCancellation()
        return try await body()
    }

    /// Who has waited for longest; nil where nobody does, and the key is free.
    private func next(_ key: ByteKey) -> CheckedContinuation<Void, Never>? {
        waiting.withLock { waiting in
            if let first = waiting[key]?.takeFirst() { return first }
            waiting[key] = nil
            return nil
        }
    }
}
