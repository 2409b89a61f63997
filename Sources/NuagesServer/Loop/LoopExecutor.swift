package import NIOCore
import NuagesCore
import Synchronization

/// What has something to do when a job of its loop has come to rest.
protocol JobObserver: AnyObject {
    /// The job has come to rest; called on the loop.
    func jobEnded()
}

/// Runs the tasks of requests on one event loop, so that a view that does not wait never leaves
/// the thread that read its request.
///
/// A job that is enqueued while another one runs waits until that one is done: running it at once
/// would run it inside whatever resumed it, perhaps with a lock held, and without a bound on the
/// depth of the stack.
// @unchecked: `isRunning` and `jobs` are touched on `loop` only.
package final class LoopExecutor: TaskExecutor, @unchecked Sendable {
    /// How many jobs run in a row before the loop sees to its sockets again.
    private static let batch = 128
    /// How long what goes on and on waits, so that the loop looks at its sockets.
    static let pause = TimeAmount.microseconds(20)

    let loop: any EventLoop
    /// Says when the loop has looked at its sockets.
    let rounds: SocketRounds
    /// What tasks of a round do together at its end.
    private let round: EventRound
    /// Whether a job is running.
    @exclusivity(unchecked) private(set) var isRunning = false
    /// Until when nobody's answer should wait for others' jobs, since one of them took long.
    @exclusivity(unchecked) private var hasteEnd = NIODeadline.uptimeNanoseconds(0)
    /// Until when jobs are looked at more closely: one has taken long, perhaps since its thread had no
    /// core.
    @exclusivity(unchecked) private var watchEnd = NIODeadline.uptimeNanoseconds(0)
    /// Called before what is left for the end of a round.
    @exclusivity(unchecked) var beforeEndOfRound: () -> Void = {}
    /// A job that takes longer, which one whose thread is kept waiting for a core does not, lets
    /// others wait.
    private static let longJob = TimeAmount.milliseconds(10)
    @exclusivity(unchecked) private var jobs: [UnownedJob] = []
    /// What other threads have enqueued since the loop last looked.
    private let sent = Mutex<[UnownedJob]>([])
    /// Who has something to do when the job that is running has come to rest.
    @exclusivity(unchecked) private var waiting: [any JobObserver] = []
    /// The list that ``waiting`` becomes next, kept for its memory.
    @exclusivity(unchecked) private var settling: [any JobObserver] = []

    init(loop: any EventLoop) {
        self.loop = loop
        rounds = SocketRounds(loop: loop)
        round = EventRound()
        round.whenOver = { [unowned self] body in
            self.loop.assumeIsolatedUnsafeUnchecked().execute {
                self.beforeEndOfRound()
                self.run(body, isTimed: false)
            }
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if loop.inEventLoop, isRunning { return jobs.append(job) }
        // The loop is woken once for all that come until it looks: a thread that has written for
        // many tasks lets all of them go on.
        let isFirst = sent.withLock { sent in
            sent.append(job)
            return sent.count == 1
        }
        if isFirst { loop.execute { [self] in run(takeSent) } }
    }

    private func takeSent() {
        let taken = sent.withLock { sent in
            defer { sent.removeAll() }
            return sent
        }
        if jobs.isEmpty { jobs = taken } else { jobs += taken }
    }

    /// Goes on on the loop.
    nonisolated func returnToLoop() async {
        await withUnsafeContinuation { continuation in
            loop.execute { continuation.resume() }
        }
    }

    /// Runs `body` and then the jobs that it enqueued; called on the loop.
    ///
    /// - Parameter body: what to run; inside another call its jobs run when that one ends.
    package func run(_ body: () -> Void) { run(body, isTimed: true) }

    private func run(_ body: () -> Void, isTimed: Bool) {
        guard !isRunning else { return body() }
        isRunning = true
        round.begin()
        var start = NIODeadline.now()
        let isWatched = start < watchEnd
        var work = isWatched ? ThreadTime.now() : 0
        body()
        if !isTimed {
            // What waits for a database at the end of a round waits for a moment.
            start = .now()
            if isWatched { work = ThreadTime.now() }
        }
        while !waiting.isEmpty { settle() }
        if !jobs.isEmpty { runJobs() }
        round.end()
        isRunning = false
        let end = NIODeadline.now()
        guard end - start > Self.longJob else { return }
        if isWatched, ThreadTime.now() - work > Self.longJob.nanoseconds {
            hasteEnd = end + .seconds(1)
        }
        watchEnd = end + .seconds(1)
    }

    /// Whether jobs have been short for a while, so that an answer can wait for some of them.
    var hasShortJobs: Bool { NIODeadline.now() > hasteEnd }

    /// Calls ``JobObserver/jobEnded()`` when the job that is running has come to rest.
    func whenJobEnds(_ observer: any JobObserver) { waiting.append(observer) }

    private func settle() {
        swap(&settling, &waiting)
        for observer in settling { observer.jobEnded() }
        settling.removeAll(keepingCapacity: true)
    }

    private func runJobs() {
        let executor = asUnownedTaskExecutor()
        var next = 0
        while next < jobs.count, next < Self.batch {
            jobs[next].runSynchronously(on: executor)
            next += 1
            while !waiting.isEmpty { settle() }
        }
        guard next < jobs.count else { return jobs.removeAll(keepingCapacity: true) }
        // The rest keeps its order.
        jobs.removeFirst(next)
        rounds.afterNext { [self] in run {} }
    }
}
