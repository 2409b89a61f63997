internal import Logging
internal import NuagesHTTP
internal import Synchronization

/// What all event loops of one server share.
final class ServerState: Sendable {
    let handler: any RequestHandler
    let configuration: ServerConfiguration
    let limits: RequestLimits
    let timeouts: Timeouts
    let clock: any ServerClock
    let logger: Logger
    /// Whether each request is logged; decided once, so a level that is off costs nothing.
    let logsRequests: Bool
    let errorResponses: ErrorResponses
    let connectionCount = Atomic<Int>(0)

    init(
        handler: any RequestHandler,
        configuration: ServerConfiguration,
        logger: Logger,
        clock: any ServerClock
    ) {
        self.handler = handler
        self.configuration = configuration
        self.logger = logger
        self.clock = clock
        limits = RequestLimits(configuration.limits)
        timeouts = Timeouts(configuration.limits)
        logsRequests = configuration.isAccessLogEnabled && logger.logLevel <= .info
        errorResponses = ErrorResponses(
            headers: configuration.errorHeaders
                ?? ErrorResponses.headers(of: handler.rejection(.badRequest))
        )
    }
}
