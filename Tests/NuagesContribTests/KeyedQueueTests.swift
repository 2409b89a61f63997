import NuagesCore
import Synchronization
import Testing

@testable import NuagesContrib

@Suite struct KeyedQueueTests {
    private struct Stop: Error {}

    private final class Counts: Sendable {
        private let state = Mutex((inside: 0, most: 0, all: 0))

        var most: Int { state.withLock { $0.most } }
        var all: Int { state.withLock { $0.all } }

        func enter() {
            state.withLock { state in
                state.inside += 1
                state.all += 1
                state.most = max(state.most, state.inside)
            }
        }

        func leave() { state.withLock { $0.inside -= 1 } }
    }

    private final class Flag: Sendable {
        private let flag = Mutex(false)

        var isSet: Bool { flag.withLock { $0 } }
        func set() { flag.withLock { $0 = true } }
    }

    private let queue = KeyedQueue()

    @Test func letsOneTaskOfAKeyGoOnAtATime() async throws {
        let (queue, counts) = (queue, Counts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await queue.exclusively(ByteKey("a")) {
                        counts.enter()
                        await Task.yield()
                        counts.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counts.most == 1)
        #expect(counts.all == 50)
    }

    @Test func keysDoNotWaitForOneAnother() async throws {
        let result = try await queue.exclusively(ByteKey("a")) {
            try await queue.exclusively(ByteKey("b")) { "both" }
        }
        #expect(result == "both")
    }

    @Test func isFreeAgainAfterAnError() async throws {
        await #expect(throws: Stop.self) {
            try await queue.exclusively(ByteKey("a")) { throw Stop() }
        }
        #expect(try await queue.exclusively(ByteKey("a")) { 1 } == 1)
    }

    @Test func whoWasCancelledMeanwhileDoesNothing() async throws {
        let (queue, hasRun) = (queue, Flag())
        let waiting = try await queue.exclusively(ByteKey("a")) { () async throws in
            let task = Task { try await queue.exclusively(ByteKey("a")) { hasRun.set() } }
            task.cancel()
            return task
        }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(!hasRun.isSet)
        #expect(try await queue.exclusively(ByteKey("a")) { 1 } == 1)
    }
}
