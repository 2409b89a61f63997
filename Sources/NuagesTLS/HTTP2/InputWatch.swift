internal import NIOCore

/// Counts the frames that cost the client next to nothing and that swift-nio-http2 takes without
/// end: WINDOW_UPDATE, and those of types that nobody knows.
///
/// A client that reads answers widens its windows as data comes, so what is too much depends on
/// what it was sent and on what it asked for. The rest of the frames have limits of their own:
/// PRIORITY, PING and SETTINGS in their rate, CONTINUATION and empty DATA in a row.
// @unchecked: every variable is touched on the channel's event loop only.
final class InputWatch: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What a client says in front of its first frame (RFC 9113, section 3.4).
    private static let prefaceSize = 24
    /// How many frames of the kind are taken besides those that there is a reason for.
    static let allowance = 100
    /// How many there is a reason for with each request, and with each DATA frame of an answer:
    /// one of the stream and one of the connection, and some for windows that open in small steps.
    private static let perRequest = 2, perDataFrame = 10

    private let output: OutputWatch
    private let onFlood: () -> Void
    private var heads = FrameHeads(skipping: prefaceSize)
    private var cheapFrames = 0
    private var requests = 0
    private var isFlooded = false

    /// - Parameters:
    ///   - output: counts what the client is sent.
    ///   - onFlood: called once, when there are too many frames.
    init(output: OutputWatch, onFlood: @escaping () -> Void) {
        self.output = output
        self.onFlood = onFlood
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isFlooded else { return }
        var bytes = unwrapInboundIn(data)
        while let type = heads.next(in: &bytes) {
            switch type {
            case FrameHeads.headers: requests += 1
            case FrameHeads.goAway, FrameHeads.windowUpdate, (FrameHeads.continuation + 1)...:
                cheapFrames += 1
            default: break
            }
        }
        guard cheapFrames <= limit else {
            isFlooded = true
            return onFlood()
        }
        context.fireChannelRead(data)
    }

    private var limit: Int {
        Self.allowance + Self.perRequest * requests + Self.perDataFrame * output.dataFrames
    }
}
