#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A serial executor that is one operating-system thread.
///
/// An actor that runs on it may call a blocking C library: only this thread waits.
///
/// Its turn can be borrowed: while the thread has nothing to do, another thread may run what is
/// short on the actor at once, which spares both the changes of thread. And tasks may run on the
/// thread itself (``taskExecutor``), from where every call of the actor is a plain call.
public final class ThreadExecutor: SerialExecutor {
    /// How the caller of `borrowing` came to run on the actor.
    public enum Turn: Sendable {
        /// It is on the executor's thread and may wait as long as it likes.
        case own
        /// It is on another thread, which has other things to do as well.
        case borrowed
    }

    private enum Job {
        case isolated(UnownedJob)
        case task(UnownedJob, UnownedTaskExecutor)
    }

    /// So much time in all is lent between two jobs of the thread: a task that never waits would
    /// keep its own thread from everything else.
    private static let lending = Duration.milliseconds(5)
    /// No more of one turn is counted: the thread may have been kept waiting in the middle of it.
    private static let longestTurn = Duration.microseconds(500)

    private var queue: [Job] = []
    private var thread: pthread_t?
    /// The thread that runs on the actor, besides the one that runs its jobs.
    private var borrower: pthread_t?
    private var lentTime = Duration.zero
    private var isRunning = false
    /// Whether the job that runs is one of the actor; looked at by its own thread only.
    private var isIsolated = false
    private var isWaiting = false
    private var isStopped = false
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// Starts the thread.
    ///
    /// - Throws: ``DatabaseError/operational(_:statement:)`` if the system has no thread to give.
    public init() throws(DatabaseError) {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        guard startThread(Unmanaged.passRetained(self)) else {
            Unmanaged.passUnretained(self).release()
            throw .operational(
                "The system gave no thread for a database connection.",
                statement: nil
            )
        }
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Adds a job of the actor behind those that wait.
    ///
    /// - Parameter job: what to run on the thread.
    public func enqueue(_ job: consuming ExecutorJob) { enqueue(.isolated(UnownedJob(job))) }

    /// An executor that runs tasks on the thread, between the jobs of the actor.
    public var taskExecutor: any TaskExecutor { ThreadTaskExecutor(self) }

    /// Ends the thread after the jobs that are queued.
    public func stop() {
        locked {
            isStopped = true
            isWaiting = false
        }
        pthread_cond_signal(condition)
    }

    /// Runs `body` on the actor at once, without a change of thread.
    ///
    /// Inside of `body` the actor's `assumeIsolated` holds.
    ///
    /// - Parameters:
    ///   - fromOtherThreads: whether the turn may be lent to a thread that is not the executor's.
    ///   - isCounted: whether the time counts for how long the turn may be lent; not for work that
    ///     a task waits for in any case.
    ///   - body: what to run.
    /// - Returns: what `body` returns; nil if it was not run, because the actor is at work, has
    ///   jobs waiting, or has lent its turn for long enough.
    /// - Throws: what `body` throws.
    public func borrowing<Result>(
        fromOtherThreads: Bool,
        isCounted: Bool = true,
        _ body: (Turn) throws -> Result
    ) rethrows -> Result? {
        switch borrow(fromOtherThreads, isCounted) {
        case nil: return nil
        case .own?:
            defer { locked { borrower = nil } }
            return try body(.own)
        case .borrowed?:
            let start = ContinuousClock.now
            defer { giveBack(after: isCounted ? ContinuousClock.now - start : .zero) }
            return try body(.borrowed)
        }
    }

    /// Stops the program unless the caller runs on the actor.
    public func checkIsolated() {
        precondition(isIsolatingCaller, "The caller does not have the turn of this executor.")
    }

    /// Whether the caller runs on the actor.
    ///
    /// - Returns: true if it does.
    public func isIsolatingCurrentContext() -> Bool? { isIsolatingCaller }

    private var isIsolatingCaller: Bool {
        let caller = pthread_self()
        return locked { isCaller(borrower, caller) || isCaller(thread, caller) && isIsolated }
    }

    private func borrow(_ fromOtherThreads: Bool, _ isCounted: Bool) -> Turn? {
        let caller = pthread_self()
        return locked {
            guard borrower == nil else { return nil }
            if isCaller(thread, caller) {
                // A job of the actor is in the middle of something.
                guard !isIsolated else { return nil }
                borrower = caller
                return .own
            }
            guard fromOtherThreads, !isRunning, queue.isEmpty, !isStopped,
                !isCounted || lentTime < Self.lending
            else { return nil }
            borrower = caller
            return .borrowed
        }
    }

    private func giveBack(after time: Duration) {
        let mustWake = locked {
            borrower = nil
            lentTime += min(time, Self.longestTurn)
            guard !queue.isEmpty || isStopped, isWaiting else { return false }
            isWaiting = false
            return true
        }
        if mustWake { pthread_cond_signal(condition) }
    }

    private func enqueue(_ job: Job) {
        let mustWake = locked {
            queue.append(job)
            // Whoever has borrowed the turn wakes the thread when it is given back.
            guard isWaiting, borrower == nil else { return false }
            isWaiting = false
            return true
        }
        // A thread that is awake looks at the queue before it sleeps: no system call for it.
        if mustWake { pthread_cond_signal(condition) }
    }

    fileprivate func enqueueTask(_ job: UnownedJob, _ executor: UnownedTaskExecutor) {
        enqueue(.task(job, executor))
    }

    fileprivate func runUntilStopped() {
        locked { thread = pthread_self() }
        var jobs: [Job] = []
        while true {
            pthread_mutex_lock(mutex)
            isRunning = false
            while borrower != nil || (queue.isEmpty && !isStopped) {
                isWaiting = true
                pthread_cond_wait(condition, mutex)
            }
            isWaiting = false
            isRunning = true
            lentTime = .zero
            swap(&jobs, &queue)
            pthread_mutex_unlock(mutex)
            if jobs.isEmpty { return }
            for job in jobs { run(job) }
            jobs.removeAll(keepingCapacity: true)
        }
    }

    private func run(_ job: Job) {
        switch job {
        case .isolated(let job):
            isIsolated = true
            job.runSynchronously(on: asUnownedSerialExecutor())
            isIsolated = false
        case .task(let job, let executor): job.runSynchronously(on: executor)
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

// `isIsolated` is written by the executor's thread only, and read by others only beside a
// comparison that has told them apart from it.
// @unchecked: all else that varies is touched only while `mutex` is held.
extension ThreadExecutor: @unchecked Sendable {}

/// Runs tasks on the thread of an actor.
private final class ThreadTaskExecutor: TaskExecutor {
    private let thread: ThreadExecutor

    init(_ thread: ThreadExecutor) { self.thread = thread }

    func enqueue(_ job: consuming ExecutorJob) {
        thread.enqueueTask(UnownedJob(job), asUnownedTaskExecutor())
    }
}

private func isCaller(_ thread: pthread_t?, _ caller: pthread_t) -> Bool {
    thread.map { pthread_equal($0, caller) != 0 } ?? false
}

/// Starts a detached thread that owns `executor` until it ends.
private func startThread(_ executor: Unmanaged<ThreadExecutor>) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
    var thread: pthread_t?
    let status = pthread_create(&thread, &attributes, { runThread($0) }, executor.toOpaque())
    #else
    var thread = pthread_t()
    let status = pthread_create(
        &thread,
        &attributes,
        { argument in argument.flatMap { runThread($0) } },
        executor.toOpaque()
    )
    #endif
    return status == 0
}

private func runThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<ThreadExecutor>.fromOpaque(argument).takeRetainedValue().runUntilStopped()
    return nil
}
