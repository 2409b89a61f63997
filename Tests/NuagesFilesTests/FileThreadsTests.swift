import Dispatch
import Testing

@testable import NuagesFiles

@Suite struct FileThreadsTests {
    private final class Held: Sendable {}

    private final class Weak: @unchecked Sendable {
        // @unchecked: it is read only after it was set.
        weak var held: Held?
    }

    /// What work holds, such as a piece of a file, goes with the work, also where more waits.
    @Test func holdsNoWorkThatIsDone() async throws {
        let threads = FileThreads(count: 1)
        let weak = Weak()
        let (begun, go) = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        threads.submit { gate.wait() }
        do {
            let held = Held()
            weak.held = held
            threads.submit { withExtendedLifetime(held) {} }
        }
        // The queue is never empty while this waits.
        threads.submit {
            go.yield()
            gate.wait()
        }
        for _ in 0..<200 { threads.submit {} }
        #expect(weak.held != nil)
        gate.signal()
        for await _ in begun { break }
        #expect(weak.held == nil)
        gate.signal()
        await withCheckedContinuation { done in threads.submit { done.resume() } }
    }

    @Test func runsAllInOrder() async throws {
        let threads = FileThreads(count: 1)
        let (numbers, next) = AsyncStream<Int>.makeStream()
        for number in 0..<1000 { threads.submit { next.yield(number) } }
        threads.submit { next.finish() }
        var seen: [Int] = []
        for await number in numbers { seen.append(number) }
        #expect(seen == Array(0..<1000))
    }
}
