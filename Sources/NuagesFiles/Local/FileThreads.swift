#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Threads for calls of the system that wait for a disk: neither an event loop nor a thread of
/// Swift's own pool may be the one that waits.
package final class FileThreads: Sendable {
    package static let shared = FileThreads(count: 8)

    private let queue = WorkQueue()
    private let count: Int

    init(count: Int) { self.count = count }

    /// Runs `body` on one of the threads, and waits for it without holding a thread up.
    package static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            shared.submit { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    func submit(_ work: @escaping @Sendable () -> Void) {
        // Where the system gives no thread at all, it is better to wait than to lose the work.
        if queue.add(work, maxThreads: count), !startThread(queue) { queue.runWithoutThread() }
    }
}

/// Work that waits for a thread.
private final class WorkQueue {
    /// Nil where the work was taken: it holds what it works on, and must not outlive its end.
    private var work: [(@Sendable () -> Void)?] = []
    private var first = 0
    private var threads = 0
    private var idle = 0
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Adds work; whether one more thread is to be started for it.
    func add(_ item: @escaping @Sendable () -> Void, maxThreads: Int) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        work.append(item)
        if idle >= work.count - first || threads >= maxThreads {
            pthread_cond_signal(condition)
            return false
        }
        threads += 1
        return true
    }

    /// Runs what waits on the calling thread, where no other is there to do it.
    func runWithoutThread() {
        pthread_mutex_lock(mutex)
        threads -= 1
        let isAlone = threads == 0
        let item = isAlone ? next() : nil
        pthread_mutex_unlock(mutex)
        item?()
    }

    func runForever() {
        while true {
            pthread_mutex_lock(mutex)
            var item = next()
            while item == nil {
                idle += 1
                pthread_cond_wait(condition, mutex)
                idle -= 1
                item = next()
            }
            pthread_mutex_unlock(mutex)
            item?()
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        guard first < work.count else { return nil }
        let item = work[first]
        work[first] = nil
        first += 1
        if first == work.count {
            work.removeAll(keepingCapacity: true)
            first = 0
        } else if first > 64, first > work.count / 2 {
            work.removeFirst(first)
            first = 0
        }
        return item
    }
}

// @unchecked: all that varies is touched only while `mutex` is held.
extension WorkQueue: @unchecked Sendable {}

private func startThread(_ queue: WorkQueue) -> Bool {
    let argument = Unmanaged.passRetained(queue)
    #if canImport(Darwin)
    var thread: pthread_t?
    let status = pthread_create(&thread, nil, { runThread($0) }, argument.toOpaque())
    if status == 0, let thread { pthread_detach(thread) }
    #else
    var thread = pthread_self()
    let status = pthread_create(
        &thread,
        nil,
        { argument in argument.flatMap { runThread($0) } },
        argument.toOpaque()
    )
    if status == 0 { pthread_detach(thread) }
    #endif
    if status != 0 { argument.release() }
    return status == 0
}

private func runThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<WorkQueue>.fromOpaque(argument).takeRetainedValue().runForever()
    return nil
}
