internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NuagesCore
internal import NuagesHTTP
internal import Synchronization

/// A listening socket, its event loops, and all that they share.
struct Listener: Sendable {
    private let binding: Binding
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopContext]
    private let state: ServerState

    var address: ServerAddress { binding.address }

    /// Binds and starts to accept.
    static func start(
        _ handler: any RequestHandler,
        configuration: ServerConfiguration,
        logger: Logger,
        clock: any ServerClock
    ) async throws -> Listener {
        var configuration = configuration
        configuration.limits.maxConnections = min(
            max(1, configuration.limits.maxConnections),
            FileLimit.raised() ?? Int.max
        )
        let state = ServerState(
            handler: handler,
            configuration: configuration,
            logger: logger,
            clock: clock
        )
        let limits = configuration.limits
        let threads = limits.threads > 0 ? min(limits.threads, 1_024) : System.coreCount
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: threads,
            metricsDelegate: RoundCounter()
        )
        let loops = group.makeIterator().map { LoopContext(loop: $0, shared: state) }
        let contexts = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.loop), $0) }
        )
        do {
            let binding = try await Binding.open(configuration, on: group, logger) { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = contexts[ObjectIdentifier(channel.eventLoop)] else { return }
                    if let security = loop.shared.configuration.security {
                        return try security.start(channel, loop)
                    }
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop: loop))
                }
            }
            for loop in loops { loop.start() }
            return Listener(binding: binding, group: group, loops: loops, state: state)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Stops accepting, then ends all connections.
    ///
    /// - Parameter gracefully: whether requests in flight may finish within the configured time.
    func stop(gracefully: Bool) async {
        await binding.close()
        let timeout = UInt64(state.configuration.limits.shutdownTimeout.clampedNanoseconds)
        let deadline = gracefully ? state.clock.now() + timeout : 0
        // All of them first: no idle connection may wait for another loop's requests.
        let drained = loops.map { loop in
            loop.loop.flatSubmit { loop.shutDown(deadline: deadline) }
        }
        for future in drained { try? await future.get() }
        var unfinished = 0
        for loop in loops {
            let atWork = loop.loop.submit {
                loop.workers.end()
                return loop.openConversations + loop.workers.running
            }
            unfinished += (try? await atWork.get()) ?? 0
        }
        guard unfinished == 0 else {
            // Their tasks need the loops to run on, if they ever end.
            state.logger.warning("Shut down while \(unfinished) requests were still at work.")
            return
        }
        try? await group.shutdownGracefully()
    }
}
