import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import NuagesServer

/// What goes on and on, and takes longer than its pause.
@Suite(.timeLimit(.minutes(1))) struct SocketRoundsTests {
    private final class Work: Sendable {
        let rounds: SocketRounds
        let counts = Mutex<[UInt64]>([])
        let done: EventLoopPromise<Void>

        init(loop: any EventLoop) {
            rounds = SocketRounds(loop: loop)
            done = loop.makePromise()
        }

        func goOn() {
            let times = counts.withLock { counts in
                counts.append(rounds.count)
                return counts.count
            }
            guard times < 20 else { return done.succeed() }
            rounds.afterNext { [self] in goOn() }
            // By the end of this it is due.
            let end = NIODeadline.now() + LoopExecutor.pause * 10
            while NIODeadline.now() < end {}
        }
    }

    @Test func theLoopLooksAtItsSocketsInBetween() async throws {
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: 1,
            metricsDelegate: RoundCounter()
        )
        let loop = group.next()
        let work = Work(loop: loop)
        work.rounds.start()
        loop.execute { work.goOn() }
        try await work.done.futureResult.get()
        let counts = work.counts.withLock { $0 }
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 < $1 }, "\(counts)")
        try await group.shutdownGracefully()
    }
}
