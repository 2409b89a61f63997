import Foundation
import NuagesORM
import Synchronization
import Testing

/// An actor on a thread of its own, whose turn can be borrowed.
private actor Counter {
    let executor: ThreadExecutor
    private(set) var total = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init() throws { executor = try ThreadExecutor() }

    deinit { executor.stop() }

    /// Not one step, so that two callers at once would lose some.
    func add() {
        let old = total
        for _ in 0..<20 { _ = ContinuousClock.now }
        total = old + 1
    }

    func number(_ body: @Sendable () -> Int?) -> Int? { body() }

    nonisolated func addAtOnce(fromOtherThreads: Bool = true) -> Int? {
        executor.borrowing(fromOtherThreads: fromOtherThreads) { _ in
            assumeIsolated { counter in
                counter.add()
                return counter.total
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ThreadExecutorTests {
    @Test func anIdleActorRunsOnTheCallersThread() throws {
        let counter = try Counter()
        #expect(counter.addAtOnce() == 1)
        #expect(counter.addAtOnce() == 2)
        #expect(counter.addAtOnce(fromOtherThreads: false) == nil)
    }

    @Test func anActorAtWorkLendsNoTurn() async throws {
        let counter = try Counter()
        // The job of the actor that asks is still running: it does not get a second turn.
        #expect(await counter.number { counter.addAtOnce() } == nil)
        #expect(await counter.total == 0)
    }

    @Test func nobodyRunsBesideAnother() async throws {
        let counter = try Counter()
        let calls = 500
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<calls where counter.addAtOnce() == nil { await counter.add() }
                }
            }
        }
        #expect(await counter.total == 4 * calls)
    }

    @Test func aCallerThatNeverWaitsIsRefusedInTheEnd() async throws {
        let counter = try Counter()
        var count = 0
        while counter.addAtOnce() != nil { count += 1 }
        #expect(count > 0)
        // A job on the thread makes it lend again, as soon as it is idle: whoever waits for the job
        // may go on before the thread has put it away.
        await counter.add()
        var total = counter.addAtOnce()
        while total == nil {
            await Task.yield()
            total = counter.addAtOnce()
        }
        #expect(total == count + 2)
    }

    @Test func tasksOnTheThreadHaveTheTurn() async throws {
        let counter = try Counter()
        await withTaskExecutorPreference(counter.executor.taskExecutor) {
            for number in 1...3 {
                #expect(counter.addAtOnce(fromOtherThreads: false) == number)
            }
        }
        #expect(await counter.total == 3)
    }
}
