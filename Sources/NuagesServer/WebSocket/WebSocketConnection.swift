internal import Logging
internal import NIOCore
internal import NuagesHTTP
internal import Synchronization

/// A connection that has become a WebSocket (RFC 6455).
///
/// `+Input` reads frames, `+Output` writes them, `+Ending` closes, and watches the time. The view
/// converses in a task of its own, which ends with the connection.
// @unchecked: every variable is touched on the channel's event loop only.
final class WebSocketConnection: ChannelDuplexHandler, LoopConnection, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Messages go both ways.
        case open
        /// A close was sent, and the peer's is awaited.
        case closing
        /// Both have closed, or the connection failed: the last bytes are being written.
        case ended
        /// They are written; what still arrives is dropped until the client closes.
        case lingering
        /// The connection is gone; the view may still be at work.
        case gone
    }

    /// How many bytes of messages are read ahead of the view.
    static let readAhead = 65_536
    /// What a message costs besides its bytes, so that empty ones are bounded as well.
    static let messageCost = 64

    let loop: LoopContext
    let offer: WebSocketOffer
    let target: String
    var context: ChannelHandlerContext?
    var index = 0

    var phase = Phase.open
    var input: ByteBuffer
    var isReadHeld = false
    var reader: FrameReader
    var messages = CircularBuffer<WebSocketMessage>()
    var queuedSize = 0
    var receiver: CheckedContinuation<WebSocketMessage?, any Error>?
    /// How the messages ended; nil while they go on.
    var end: Result<Void, WebSocketError>?
    var peerClose: WebSocketClosing?

    var writeWaiters = WriteWaiters()
    var watch = WriteWatch()
    /// The last ping that could not be answered because the client does not read.
    var owedPong: [UInt8]?

    var task: Task<Void, Never>?
    var isTaskDone = false
    var lastHeard: UInt64
    var pingDeadline: UInt64?
    /// When to stop waiting: for the peer's close, or for it to close the connection.
    var deadline = UInt64.max
    /// When the view's task is cancelled, after the messages have ended.
    var cancelTime = UInt64.max

    init(loop: LoopContext, offer: WebSocketOffer, input: ByteBuffer, target: String) {
        self.loop = loop
        self.offer = offer
        self.input = input
        self.target = target
        reader = FrameReader(offer.options)
        lastHeard = loop.now
    }

    /// Starts the conversation; called on the loop, once the handshake was answered.
    func start() {
        loop.openConversations += 1
        let socket = WebSocket(self, subprotocol: offer.subprotocol)
        task = Task(executorPreference: loop.executor) { [self] in
            var failure: (any Error)?
            do { try await offer.converse(socket) } catch { failure = error }
            let text = failure.map { "\($0)" }
            let isOrdinary = failure is CancellationError || failure is WebSocketError
            await loop.onLoop { self.viewEnded(failure: text, isOrdinary: isOrdinary) }
        }
        readFrames()
        context?.read()
    }

    // MARK: - Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        loop.shared.connectionCount.add(1, ordering: .relaxed)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        lastHeard = loop.now
        pingDeadline = nil
        guard phase == .open || phase == .closing else { return }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeBuffer(&bytes)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { readFrames() }

    /// Lets the channel read only while there is room for what it reads.
    func read(context: ChannelHandlerContext) {
        if wantsInput {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A WebSocket has no half-closed state: who sends no more is gone.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { closeChannel() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        if let pong = owedPong {
            owedPong = nil
            write(.pong, pong)
        }
        resumeWriters(nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { disconnected() }

    func handlerRemoved(context: ChannelHandlerContext) {
        disconnected()
        self.context = nil
    }
}
