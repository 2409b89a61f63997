package import Logging
package import NuagesHTTP
package import Synchronization

/// What all event loops of one server share.
package final class ServerState: Sendable {
    package let handler: any RequestHandler
    package let configuration: ServerConfiguration
    package let limits: RequestLimits
    package let timeouts: Timeouts
    package let clock: any ServerClock
    package let logger: Logger
    /// Whether each request is logged; decided once, so a level that is off costs nothing.
    package let logsRequests: Bool
    let errorResponses: ErrorResponses
    /// The fields of the answers that the server gives itself, but for those of their content.
    package var refusalHeaders: Headers { errorResponses.headers }
    package let connectionCount = Atomic<Int>(0)

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
                ?? ErrorResponses.headers(
                    of: handler.rejection(.badRequest, isTLS: configuration.security != nil)
                ),
            bodyLimit: limits.body
        )
    }
}
