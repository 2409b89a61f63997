import NuagesCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A request to a server to end what a connection runs, made on a thread of its own: it takes a
/// connection of its own, and a network that drops what is sent lets that wait for minutes.
package final class CancelRequest: Sendable {
    private let done = Atomic(false)
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Starts a request.
    ///
    /// - Parameter body: makes the request, and comes back when the server has obeyed.
    /// - Returns: the request.
    package static func start(_ body: @escaping @Sendable () -> Void) -> CancelRequest {
        let request = CancelRequest(body)
        if !startThread(Unmanaged.passRetained(request)) { request.run() }
        return request
    }

    /// Whether it is done, whatever came of it.
    package var isDone: Bool { done.load(ordering: .acquiring) }

    /// Keeps the thread until it is done: a request that is late would end the next statement.
    ///
    /// - Parameter limit: how long at most.
    /// - Returns: whether it is done.
    package func wait(_ limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while !isDone {
            if ContinuousClock.now >= end { return false }
            usleep(500)
        }
        return true
    }

    fileprivate func run() {
        body()
        done.store(true, ordering: .releasing)
    }
}

private func startThread(_ request: Unmanaged<CancelRequest>) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
    var thread: pthread_t?
    let status = pthread_create(&thread, &attributes, { runThread($0) }, request.toOpaque())
    #else
    var thread = pthread_t()
    let status = pthread_create(
        &thread,
        &attributes,
        { argument in argument.flatMap { runThread($0) } },
        request.toOpaque()
    )
    #endif
    if status != 0 { request.release() }
    return status == 0
}

private func runThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<CancelRequest>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
