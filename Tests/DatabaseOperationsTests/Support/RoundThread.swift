import Foundation
import NuagesCore
import NuagesORM

/// A thread whose tasks run in rounds, as those of an event loop.
// @unchecked: `late` is touched on the thread only, and the rest while `condition` is held.
final class RoundThread: TaskExecutor, @unchecked Sendable {
    private let round = EventRound()
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var late: [() -> Void] = []
    private var neededCount = 0
    /// What the end of the first round waits for.
    private let hold: DispatchSemaphore?

    init(holding hold: DispatchSemaphore? = nil) {
        self.hold = hold
        round.whenOver = { [unowned self] in late.append($0) }
    }

    /// Begins when so many jobs wait for the thread, and goes on for as long as the process.
    func start(whenQueued count: Int) {
        condition.withLock { neededCount = count }
        Thread.detachNewThread { [self] in
            while true {
                let jobs = nextJobs()
                round.begin()
                for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
                if let hold {
                    hold.wait()
                    hold.signal()
                }
                while !late.isEmpty {
                    let bodies = late
                    late = []
                    for body in bodies { body() }
                }
                round.end()
            }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    private func nextJobs() -> [UnownedJob] {
        condition.withLock {
            while jobs.count < max(1, neededCount) { condition.wait() }
            neededCount = 0
            defer { jobs = [] }
            return jobs
        }
    }
}

extension RoundThread {
    /// Runs `body` for several numbers in one round of a thread, after it was quick for the number
    /// `first`.
    static func together<Value: Sendable>(
        _ database: Database,
        _ numbers: [Int],
        first: Int = 1,
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Result<Value, any Error>] {
        for _ in 0..<20 { _ = try await database.use { try await body(first) } }
        let tasks = start(database, numbers, body)
        var results: [Result<Value, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    /// Begins to run `body` for several numbers in one round of a thread.
    static func start<Value: Sendable>(
        _ database: Database,
        _ numbers: [Int],
        holding hold: DispatchSemaphore? = nil,
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) -> [Task<Value, any Error>] {
        let thread = RoundThread(holding: hold)
        let tasks = numbers.map { number in
            Task(executorPreference: thread) { try await database.use { try await body(number) } }
        }
        thread.start(whenQueued: numbers.count)
        return tasks
    }
}
