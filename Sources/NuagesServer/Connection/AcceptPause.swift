internal import Logging
internal import NIOCore

/// Stops accepting for a moment when a connection cannot be accepted, as where the process has no
/// file descriptor left.
///
/// The connection that could not be accepted stays in the kernel's queue and makes the socket
/// readable again at once, so the loop would do nothing but try.
// @unchecked: `isPaused` is touched on the channel's event loop only.
final class AcceptPause: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = any Channel

    /// Long enough for other connections to end, short enough for nobody to notice.
    static let duration = TimeAmount.milliseconds(250)

    private let logger: Logger
    private var isPaused = false

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError, !isPaused, let options = context.channel.syncOptions else { return }
        isPaused = true
        logger.error("Cannot accept a connection, and will try again: \(error)")
        try? options.setOption(.autoRead, value: false)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.duration) { [self] in
            isPaused = false
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}
