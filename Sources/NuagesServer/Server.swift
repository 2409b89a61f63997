public import Logging
public import NuagesHTTP
public import ServiceLifecycle
internal import UnixSignals

/// An HTTP server on SwiftNIO: HTTP/1.1 and, with the module `NuagesTLS`, TLS and HTTP/2.
///
///     let server = Server(application, configuration: ServerConfiguration(port: 8000))
///     try await server.runUntilSignal()
///
/// As a `Service` it takes its place in a `ServiceGroup`: on graceful shutdown it stops accepting,
/// closes idle connections, and lets the requests in flight finish.
public struct Server: Service {
    private let handler: any RequestHandler
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let clock: any ServerClock
    private let onStart: @Sendable (ServerAddress) async -> Void

    /// A server; it listens once it runs.
    ///
    /// - Parameters:
    ///   - handler: answers the requests.
    ///   - configuration: where to listen, and what to let clients do.
    ///   - logger: takes the access log and the server's own messages.
    ///   - onStart: told where the server listens, as soon as it does.
    public init(
        _ handler: any RequestHandler,
        configuration: ServerConfiguration = ServerConfiguration(),
        logger: Logger = Logger(label: "nuages.server"),
        onStart: @escaping @Sendable (ServerAddress) async -> Void = { _ in }
    ) {
        self.init(
            handler,
            configuration: configuration,
            logger: logger,
            clock: SystemClock(),
            onStart: onStart
        )
    }

    package init(
        _ handler: any RequestHandler,
        configuration: ServerConfiguration,
        logger: Logger,
        clock: any ServerClock,
        onStart: @escaping @Sendable (ServerAddress) async -> Void
    ) {
        self.handler = handler
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
        self.onStart = onStart
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Throws: ``ServerError/cannotListen(_:reason:hint:)``.
    public func run() async throws {
        // Before anybody knows that the process is there: until then, the signal would end it.
        let hangups =
            configuration.security == nil ? nil : await UnixSignalsSequence(trapping: .sighup)
        let listener = try await Listener.start(
            handler,
            configuration: configuration,
            logger: logger,
            clock: clock
        )
        await onStart(listener.address)
        await reloading(on: hangups) {
            // Cancellation means that there is no time left for the requests in flight.
            let isGraceful = (try? await gracefulShutdown()) != nil
            await listener.stop(gracefully: isGraceful)
        }
    }

    /// Reads the certificate again at each SIGHUP while `body` runs; connections stay open.
    private func reloading(
        on hangups: UnixSignalsSequence?,
        _ body: @Sendable () async -> Void
    ) async {
        guard let security = configuration.security, let hangups else { return await body() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in hangups {
                    do {
                        let text = try security.reload()
                        logger.notice("\(text)")
                    } catch {
                        logger.error("The certificate stays as it was: \(error)")
                    }
                }
            }
            await body()
            group.cancelAll()
        }
    }

    /// Serves until the process is asked to end by SIGTERM or SIGINT, and then shuts down
    /// gracefully.
    ///
    /// - Throws: ``ServerError/cannotListen(_:reason:hint:)``.
    public func runUntilSignal() async throws {
        let group = ServiceGroup(
            services: [self],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await group.run()
    }
}
