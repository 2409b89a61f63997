internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NuagesCore

/// The channels that accept connections, and the file to remove when they are closed.
struct Binding: Sendable {
    let address: ServerAddress
    let channels: [any Channel]
    private let file: ListeningSocket.SocketFile?

    /// Listens as the configuration says.
    ///
    /// - Parameters:
    ///   - configuration: where, and how.
    ///   - group: the event loops.
    ///   - logger: is told of connections that cannot be accepted.
    ///   - initialize: prepares a new connection.
    /// - Returns: what accepts connections.
    /// - Throws: ``ServerError``.
    static func open(
        _ configuration: ServerConfiguration,
        on group: MultiThreadedEventLoopGroup,
        _ logger: Logger,
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws(ServerError) -> Binding {
        let opener = Opener(
            configuration: configuration,
            group: group,
            logger: logger,
            initialize: initialize
        )
        do {
            return try await opener.open()
        } catch {
            let failure =
                switch error {
                case let error as ListeningSocket.Failure: error
                case let error as IOError: ListeningSocket.failure(error.errnoCode)
                case is SocketAddressError.UnknownHost:
                    ListeningSocket.Failure(
                        reason: "no address is known for that name",
                        hint: "Name an address of this machine."
                    )
                default:
                    ListeningSocket.Failure(reason: "\(error)", hint: "Choose another address.")
                }
            throw .cannotListen(
                configuration.address,
                reason: failure.reason,
                hint: failure.hint
            )
        }
    }

    fileprivate init(
        _ address: ServerAddress,
        _ channels: [any Channel],
        file: ListeningSocket.SocketFile? = nil
    ) {
        self.address = address
        self.channels = channels
        self.file = file
    }

    /// Stops accepting.
    func close() async {
        for channel in channels { try? await channel.close().get() }
        file?.remove()
    }
}

private struct Opener {
    let configuration: ServerConfiguration
    let group: MultiThreadedEventLoopGroup
    let logger: Logger
    let initialize: @Sendable (any Channel) -> EventLoopFuture<Void>

    func open() async throws -> Binding {
        switch configuration.address {
        case .tcp(let host, let port):
            let channel = try await bootstrap(isUnix: false).bind(host: host, port: port).get()
            let local = channel.localAddress
            return Binding(
                ServerAddress(host: local?.ipAddress ?? host, port: local?.port ?? port),
                [channel]
            )
        case .unix(let path):
            let descriptor = try ListeningSocket.bindUnix(
                path: path,
                mode: configuration.unixSocketMode
            )
            let file = ListeningSocket.SocketFile(path: path)
            return Binding(
                ServerAddress(path: path),
                [try await channel(descriptor)],
                file: file
            )
        case .inherited(let descriptor):
            return try await inherited(descriptor)
        }
    }

    private func inherited(_ descriptor: Int32?) async throws -> Binding {
        let descriptors =
            if let descriptor { [try ListeningSocket.adopt(descriptor)] } else {
                try ListeningSocket.inherited()
            }
        var channels: [any Channel] = []
        for descriptor in descriptors { channels.append(try await channel(descriptor)) }
        let local = channels[0].localAddress
        let address =
            if let host = local?.ipAddress {
                ServerAddress(host: host, port: local?.port ?? 0)
            } else {
                ServerAddress(path: local?.pathname ?? "")
            }
        return Binding(address, channels)
    }

    private func channel(_ descriptor: Int32) async throws -> any Channel {
        let isUnix = ListeningSocket.isUnix(descriptor)
        let channel = try await bootstrap(isUnix: isUnix).withBoundSocket(descriptor).get()
        ListeningSocket.setBacklog(configuration.limits.backlog, descriptor)
        return channel
    }

    private func bootstrap(isUnix: Bool) -> ServerBootstrap {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(
                .backlog,
                value: Int32(clamping: max(1, configuration.limits.backlog))
            )
            .serverChannelInitializer { [logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer(initialize)
        guard !isUnix else { return bootstrap }
        bootstrap =
            bootstrap
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        if configuration.sharesPort {
            bootstrap = bootstrap.serverChannelOption(
                .socketOption(ListeningSocket.sharedPort),
                value: 1
            )
        }
        return bootstrap
    }
}
