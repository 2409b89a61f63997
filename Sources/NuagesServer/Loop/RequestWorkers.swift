internal import NIOCore
package import NuagesHTTP

/// A connection or a stream whose requests are answered by tasks of its event loop.
package protocol RequestSource: AnyObject, Sendable {
    /// Sends a response if that can be done at once; called on the loop.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - number: the number that the source gave to the request.
    ///   - work: the work that comes to its end with it.
    /// - Returns: whether it was sent.
    func send(_ response: Response, number: UInt64, of work: RequestWork) -> Bool

    /// Sends a response that takes time; called on the loop, where it was not sent at once.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - number: the number that the source gave to the request.
    ///   - work: the work that comes to its end with it.
    nonisolated func answer(with response: Response, number: UInt64, of work: RequestWork) async
}

/// A request that a task works on, and that can be cancelled while it does.
package struct RequestWork: Sendable {
    fileprivate let worker: RequestWorker
    /// The number of the assignment; others of the same worker have others.
    fileprivate let serial: UInt64

    /// Cancels the request; called on the loop.
    ///
    /// Does nothing once its answer has been sent, as the task is then on another one.
    package func cancel() { worker.cancel(serial) }
}

/// A request that is to be answered.
private struct Assignment: Sendable {
    let source: any RequestSource
    let request: Request
    let number: UInt64
    let serial: UInt64
}

/// The tasks of one event loop that answer requests.
///
/// A task answers one request after the other: making one for each request would cost about as much
/// as answering a short request itself. There are as many as there are requests under way at one
/// time, and a few that wait for the next.
// @unchecked: every variable is touched on the loop only.
package final class RequestWorkers: @unchecked Sendable {
    /// How many tasks wait for requests at most; others end.
    private static let mostIdle = 64

    fileprivate let executor: LoopExecutor
    fileprivate let handler: any RequestHandler
    /// How many requests are being answered.
    @exclusivity(unchecked) package fileprivate(set) var running = 0
    @exclusivity(unchecked) private var idle: [RequestWorker] = []
    @exclusivity(unchecked) private var lastSerial: UInt64 = 0
    @exclusivity(unchecked) private var isEnded = false

    init(executor: LoopExecutor, handler: any RequestHandler) {
        self.executor = executor
        self.handler = handler
    }

    /// Has a request answered; it often is when this returns.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - source: where it came from.
    ///   - number: the number that the source gave it.
    ///   - before: work whose answer has just been sent; its task may go on with this request.
    /// - Returns: the work on it.
    package func start(
        _ request: Request,
        from source: any RequestSource,
        number: UInt64 = 0,
        after before: RequestWork? = nil
    ) -> RequestWork {
        running += 1
        lastSerial += 1
        let next = Assignment(
            source: source,
            request: request,
            number: number,
            serial: lastSerial
        )
        if let before, before.worker.takeNext(next, after: before.serial) {
            return RequestWork(worker: before.worker, serial: next.serial)
        }
        let worker = idle.popLast() ?? RequestWorker(workers: self)
        worker.take(next)
        return RequestWork(worker: worker, serial: next.serial)
    }

    /// Keeps a worker for the next request, if it is to be kept.
    fileprivate func keep(_ worker: RequestWorker) -> Bool {
        guard !isEnded, idle.count < Self.mostIdle else { return false }
        idle.append(worker)
        return true
    }

    /// Lets the tasks end: those that wait at once, others with their request.
    func end() {
        isEnded = true
        var ending: [RequestWorker] = []
        swap(&ending, &idle)
        for worker in ending { worker.end() }
    }
}

/// A task that answers requests one after the other.
// @unchecked: every variable is touched on the event loop only.
private final class RequestWorker: @unchecked Sendable {
    private let workers: RequestWorkers
    @exclusivity(unchecked) private var task: Task<Void, Never>?
    /// What comes next.
    @exclusivity(unchecked) private var assignment: Assignment?
    /// The number of the assignment that is being worked on; 0 for none.
    @exclusivity(unchecked) private var current: UInt64 = 0
    /// Set while the task waits for a request.
    @exclusivity(unchecked) private var waiter: UnsafeContinuation<Void, Never>?
    @exclusivity(unchecked) private var isCancelled = false

    init(workers: RequestWorkers) { self.workers = workers }

    /// Cancels an assignment that is worked on or comes next; the worker takes no other then.
    func cancel(_ serial: UInt64) {
        guard current == serial || assignment?.serial == serial else { return }
        isCancelled = true
        task?.cancel()
    }

    /// Takes an assignment where the worker has sent the answer to another one, but has not come to
    /// rest yet.
    func takeNext(_ next: Assignment, after serial: UInt64) -> Bool {
        guard current == serial, !isCancelled, assignment == nil else { return false }
        assignment = next
        return true
    }

    /// Starts on an assignment.
    func take(_ first: Assignment) {
        assignment = first
        workers.executor.run {
            if let waiter {
                self.waiter = nil
                waiter.resume()
            } else {
                task = Task(executorPreference: workers.executor) { [self] in await work() }
            }
        }
    }

    func end() {
        guard let waiter else { return }
        self.waiter = nil
        waiter.resume()
    }

    private nonisolated func work() async {
        let executor = workers.executor
        let handler = workers.handler
        while let next = await nextAssignment() {
            current = next.serial
            let work = RequestWork(worker: self, serial: next.serial)
            let response = await handler.handle(next.request)
            if !executor.loop.inEventLoop { await executor.returnToLoop() }
            if !next.source.send(response, number: next.number, of: work) {
                await next.source.answer(with: response, number: next.number, of: work)
                if !executor.loop.inEventLoop { await executor.returnToLoop() }
            }
            workers.running -= 1
            current = 0
        }
    }

    private nonisolated func nextAssignment() async -> Assignment? {
        if assignment == nil {
            guard !isCancelled, workers.keep(self) else { return nil }
            await withUnsafeContinuation { waiter = $0 }
        }
        defer { assignment = nil }
        return assignment
    }
}
