internal import NIOCore
internal import NuagesServer

/// Watches what is written: whether the client takes it, and whether an error ends the connection.
///
/// swift-nio-http2 reports what is wrong with a stream and what is wrong with the whole connection
/// alike; the GOAWAY that it writes for the second tells them apart.
// @unchecked: every variable is touched on the channel's event loop only.
final class OutputWatch: ChannelOutboundHandler, @unchecked Sendable {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let timeouts: Timeouts
    private var watch = WriteWatch()
    /// Whether the client was told of an error.
    private(set) var hasFailed = false
    /// How many frames of bodies were written.
    private(set) var dataFrames = 0
    private var heads = FrameHeads()

    init(timeouts: Timeouts) { self.timeouts = timeouts }

    /// Whether the client leaves unread what waits for it.
    ///
    /// - Parameters:
    ///   - channel: where the bytes wait.
    ///   - elapsed: nanoseconds since this was last asked.
    /// - Returns: true where it is to be left.
    func isStalled(_ channel: (any Channel)?, elapsed: UInt64) -> Bool {
        watch.isStalled(channel, elapsed: elapsed, timeouts)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        watch.note(bytes.readableBytes, timeouts)
        if !hasFailed { look(at: bytes) }
        context.write(data, promise: promise)
    }

    private func look(at bytes: ByteBuffer) {
        var bytes = bytes
        while let type = heads.next(in: &bytes) {
            if type == FrameHeads.data {
                dataFrames += 1
            } else if type == FrameHeads.goAway {
                // The last stream, and then the error.
                let code = bytes.getInteger(at: bytes.readerIndex + 4, as: UInt32.self)
                if code != 0 { hasFailed = true }
            }
        }
    }
}
