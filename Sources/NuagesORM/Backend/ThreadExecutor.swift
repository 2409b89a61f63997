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
public final class ThreadExecutor: SerialExecutor {
    private var queue: [UnownedJob] = []
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

    /// Adds a job behind those that wait.
    ///
    /// - Parameter job: what to run on the thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        queue.append(job)
        let mustWake = isWaiting
        isWaiting = false
        pthread_mutex_unlock(mutex)
        // A thread that is awake looks at the queue before it sleeps: no system call for it.
        if mustWake { pthread_cond_signal(condition) }
    }

    /// Ends the thread after the jobs that are queued.
    public func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        isWaiting = false
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(condition)
    }

    fileprivate func runUntilStopped() {
        var jobs: [UnownedJob] = []
        while true {
            pthread_mutex_lock(mutex)
            while queue.isEmpty && !isStopped {
                isWaiting = true
                pthread_cond_wait(condition, mutex)
            }
            isWaiting = false
            swap(&jobs, &queue)
            pthread_mutex_unlock(mutex)
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            jobs.removeAll(keepingCapacity: true)
        }
    }
}

// @unchecked: `queue`, `isWaiting` and `isStopped` are touched only while `mutex` is held.
extension ThreadExecutor: @unchecked Sendable {}

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
