package import NIOCore
import NuagesCore
package import NuagesServer
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: ServerClock {
    private struct State {
        var now: UInt64 = 1_000_000_000_000
        var ticks: [(loop: any EventLoop, tick: @Sendable () -> Void)] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func now() -> UInt64 { state.withLock { $0.now } }

    package func tick(
        every interval: Int64,
        on loop: any EventLoop,
        _ tick: @escaping @Sendable () -> Void
    ) {
        state.withLock { $0.ticks.append((loop, tick)) }
    }

    /// Moves on in steps of at most the server's interval, as the real clock would tick.
    package func advance(by duration: Duration) async {
        var rest = UInt64(duration.clampedNanoseconds)
        while rest > 0 {
            let step = min(rest, UInt64(Timeouts.tick))
            rest -= step
            let ticks = state.withLock { state in
                state.now += step
                return state.ticks
            }
            for (loop, tick) in ticks {
                // A loop that has ended with its server fails this rather than ignoring it.
                let task = loop.scheduleTask(in: .zero) { tick() }
                try? await task.futureResult.get()
            }
        }
    }
}
