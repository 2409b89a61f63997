internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NuagesCore
internal import NuagesHTTP
internal import Synchronization

/// A listening socket, its event loops, and all that they share.
struct Listener: Sendable {
    let address: ServerAddress
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopContext]
    private let state: ServerState

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
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let loops = group.makeIterator().map { LoopContext(loop: $0, shared: state) }
        do {
            let channel = try await bind(group, loops, configuration, logger)
            for loop in loops { loop.start() }
            let local = channel.localAddress
            let address = ServerAddress(
                host: local?.ipAddress ?? configuration.host,
                port: local?.port ?? configuration.port
            )
            return Listener(
                address: address,
                channel: channel,
                group: group,
                loops: loops,
                state: state
            )
        } catch {
            try? await group.shutdownGracefully()
            throw ServerError.cannotListen(
                host: configuration.host,
                port: configuration.port,
                reason: reason(error)
            )
        }
    }

    private static func bind(
        _ group: MultiThreadedEventLoopGroup,
        _ loops: [LoopContext],
        _ configuration: ServerConfiguration,
        _ logger: Logger
    ) async throws -> any Channel {
        let contexts = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.loop), $0) }
        )
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(
                .backlog,
                value: Int32(clamping: max(1, configuration.limits.backlog))
            )
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = contexts[ObjectIdentifier(channel.eventLoop)] else { return }
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop: loop))
                }
            }
        return try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        switch error.errnoCode {
        case Errno.addressInUse: return "the address is already in use"
        case Errno.accessDenied: return "permission denied"
        case Errno.addressNotAvailable: return "this machine does not have the address"
        default: return "\(error)"
        }
    }

    /// Stops accepting, then ends all connections.
    ///
    /// - Parameter gracefully: whether requests in flight may finish within the configured time.
    func stop(gracefully: Bool) async {
        try? await channel.close().get()
        let timeout = UInt64(state.configuration.limits.shutdownTimeout.clampedNanoseconds)
        let deadline = gracefully ? state.clock.now() + timeout : 0
        // All of them first: no idle connection may wait for another loop's requests.
        let drained = loops.map { loop in
            loop.loop.flatSubmit { loop.shutDown(deadline: deadline) }
        }
        for future in drained { try? await future.get() }
        var unfinished = 0
        for loop in loops {
            unfinished += (try? await loop.loop.submit { loop.runningTasks }.get()) ?? 0
        }
        guard unfinished == 0 else {
            // Their tasks need the loops to run on, if they ever end.
            state.logger.warning("Shut down while \(unfinished) requests were still at work.")
            return
        }
        try? await group.shutdownGracefully()
    }
}
