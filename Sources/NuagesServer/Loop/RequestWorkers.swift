internal import NIOCore
package import NuagesHTTP

/// A connection or a stream whose requests are answered by tasks of its event loop.
package protocol RequestSource: AnyObject, Sendable {
    /// Sends a response if that can be done at once; called on the loop.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - number: the number that the source gave to the request.
    ///   - worker: what answered, and may go on with the next request.
    /// - Returns: whether it was sent.
    func send(_ response: Response, number: UInt64, by worker: RequestWorker) -> Bool

    /// Sends a response that takes time; called where it was not sent at once.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - number: the number that the source gave to the request.
    nonisolated func answer(with response: Response, number: UInt64) async
}

/// A request that is to be answered.
package struct Assignment: Sendable {
    let source: any RequestSource
    let request: Request
    let number: UInt64
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
    ///   - worker: a worker that has just sent an answer and may go on with this request.
    /// - Returns: the worker that answers.
    package func start(
        _ request: Request,
        from source: any RequestSource,
        number: UInt64 = 0,
        on worker: RequestWorker? = nil
    ) -> RequestWorker {
        running += 1
        let assignment = Assignment(source: source, request: request, number: number)
        if let worker, worker.takeNext(assignment) { return worker }
        let worker = idle.popLast() ?? RequestWorker(workers: self)
        worker.take(assignment)
        return worker
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
package final class RequestWorker: @unchecked Sendable {
    private let workers: RequestWorkers
    @exclusivity(unchecked) private var task: Task<Void, Never>?
    private var assignment: Assignment?
    /// Set while the task waits for a request.
    private var waiter: UnsafeContinuation<Void, Never>?
    private var isCancelled = false
    @exclusivity(unchecked) private var isAnswering = false

    fileprivate init(workers: RequestWorkers) { self.workers = workers }

    /// Cancels the request that is being answered; the worker answers no other.
    package func cancel() {
        isCancelled = true
        task?.cancel()
    }

    /// Takes a request where the worker has sent its answer, but not come to rest yet.
    fileprivate func takeNext(_ next: Assignment) -> Bool {
        guard isAnswering, !isCancelled, assignment == nil else { return false }
        assignment = next
        return true
    }

    /// Starts on a request.
    fileprivate func take(_ first: Assignment) {
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

    fileprivate func end() {
        guard let waiter else { return }
        self.waiter = nil
        waiter.resume()
    }

    private nonisolated func work() async {
        let executor = workers.executor
        let handler = workers.handler
        while let next = await nextAssignment() {
            isAnswering = true
            let response = await handler.handle(next.request)
            if !executor.loop.inEventLoop { await executor.returnToLoop() }
            if !next.source.send(response, number: next.number, by: self) {
                await next.source.answer(with: response, number: next.number)
                if !executor.loop.inEventLoop { await executor.returnToLoop() }
            }
            workers.running -= 1
            isAnswering = false
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
