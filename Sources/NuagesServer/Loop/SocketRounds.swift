internal import NIOCore
internal import NIOPosix

/// Has what goes on and on wait until its loop has looked at its sockets.
///
/// A loop runs all tasks that are due before it looks at its sockets again. What is scheduled for
/// soon may be due by then, as where the thread was stopped for a moment, and would then run again
/// and again before anybody else. So it is put off for longer until a round has passed.
// @unchecked: every variable is touched on `loop` only.
final class SocketRounds: @unchecked Sendable {
    /// The rounds of the loop whose thread this is.
    fileprivate static let ofThisThread = ThreadSpecificVariable<SocketRounds>()

    private let loop: any EventLoop
    /// How often the loop has gone on from its tasks to its sockets.
    fileprivate(set) var count: UInt64 = 0
    /// Whether anybody counts; nobody does on loops that a test drives.
    private(set) var isCounted = false

    init(loop: any EventLoop) { self.loop = loop }

    /// Counts from now on, where the loop's group has a ``RoundCounter``.
    func start() {
        loop.execute { [self] in
            Self.ofThisThread.currentValue = self
            isCounted = true
        }
    }

    /// Runs `body` when the loop has looked at its sockets; called on the loop.
    ///
    /// - Parameter body: what goes on.
    func afterNext(_ body: @escaping @Sendable () -> Void) {
        schedule(in: LoopExecutor.pause, body)
    }

    private func schedule(in pause: TimeAmount, _ body: @escaping @Sendable () -> Void) {
        let before = count
        loop.scheduleTask(in: pause) { [self] in
            if isCounted, count == before { schedule(in: pause * 2, body) } else { body() }
        }
    }
}

/// Counts the rounds of all loops of a group.
struct RoundCounter: NIOEventLoopMetricsDelegate {
    /// Called by a loop, on its thread, when it has run its tasks.
    func processedTick(info: NIOEventLoopTickInfo) {
        SocketRounds.ofThisThread.currentValue?.count &+= 1
    }
}
