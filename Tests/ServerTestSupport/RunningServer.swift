package import Logging
package import NuagesHTTP
package import NuagesServer
import ServiceLifecycle

/// A running server, as a test sees it.
package struct RunningServer: Sendable {
    package let port: Int
    package let clock: ManualClock
    package let trigger: @Sendable () async -> Void
}

/// Runs `body` against a server whose clock stands still, and then ends it.
package func withRunningServer(
    _ configuration: ServerConfiguration,
    handler: any RequestHandler,
    logger: Logger = .silent,
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    let clock = ManualClock()
    let started = AsyncStream.makeStream(of: ServerAddress.self)
    let server = Server(
        handler,
        configuration: configuration,
        logger: logger,
        clock: clock
    ) { started.continuation.yield($0) }
    let group = ServiceGroup(services: [server], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var addresses = started.stream.makeAsyncIterator()
        guard let address = await addresses.next() else { return }
        try await body(
            RunningServer(port: address.port, clock: clock) {
                await group.triggerGracefulShutdown()
            }
        )
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

extension Logger {
    /// Writes nothing.
    package static var silent: Logger {
        Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    }
}
