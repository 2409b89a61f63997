package import NIOCore
internal import NuagesCore
internal import NuagesHTTP
internal import Synchronization

/// One client connection: reads requests, has them answered one after the other, and writes the
/// answers of all requests that arrived together at once.
///
/// The stages of a connection and what moves it on are in ``Phase``; `ConnectionHandler+Input`
/// reads, `+Requests` starts and ends requests, `+Output` and `+Streaming` write, `+Time` sees to
/// deadlines and closing.
///
/// The variables are not checked for exclusive access at run time, which cost a twentieth of a
/// short request; no access here lasts while something else is called that could come back.
// @unchecked: every variable is touched on the channel's event loop only.
package final class ConnectionHandler: ChannelDuplexHandler, @unchecked Sendable {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between requests, or inside a head.
        case head
        /// A small body is read before its request is started.
        case collecting
        /// A task works on the request.
        case running
        /// The request is answered; the rest of its body is read and dropped.
        case draining
        /// The last answer is being written.
        case closing
        /// The last answer is written; what still arrives is dropped until the client closes.
        case lingering
        case closed
    }

    /// How much is read ahead while a request is answered.
    static let readAhead = 65_536
    /// The largest body that is read before its request is started.
    static let collectedBody = 16_384
    /// The largest rest of a body that is read only to keep the connection.
    static let drainedBody = 262_144
    /// How much of a refused request is dropped while the client reads the answer.
    static let lingeredBytes = 33_554_432
    /// The largest body that is copied into the output at once; of a larger one only as much
    /// is copied as the client is ready to read, so many slow readers can share one array.
    static let largestWholeBody = 131_072
    /// How many connections over the limit are told so; more are closed without a word.
    package static let politelyRefused = 128
    /// The size at which collected answers are written though more requests wait.
    static let outputBatch = 65_536
    /// How many requests that arrived together are begun before others have their turn.
    package static let requestsPerTurn = 16

    let loop: LoopContext
    let isTLS: Bool
    @exclusivity(unchecked) var context: ChannelHandlerContext?
    /// The place in the loop's list of connections.
    @exclusivity(unchecked) package var index = 0
    @exclusivity(unchecked) var remoteAddress = ""

    @exclusivity(unchecked) var phase = Phase.head
    @exclusivity(unchecked) var isAdvancing = false
    /// Whether answers are written when the job that is running has come to rest.
    @exclusivity(unchecked) var isWaitingForJob = false
    /// The number of the last request before this turn of the loop.
    @exclusivity(unchecked) var firstOfTurn: UInt64 = 0
    /// Whether others have their turn; requests that have arrived wait in `input`.
    @exclusivity(unchecked) var isYielding = false
    @exclusivity(unchecked) var input = ByteBuffer()
    @exclusivity(unchecked) var isInputClosed = false
    @exclusivity(unchecked) var isReadHeld = false
    @exclusivity(unchecked) var parser: RequestParser

    // The request that is being read or answered.
    @exclusivity(unchecked) var requestNumber: UInt64 = 0
    /// Whether the answer to the latest request is complete.
    @exclusivity(unchecked) var isAnswered = true
    @exclusivity(unchecked) var head = RequestHead()
    /// Whether the request is HEAD, whose answer has no body.
    @exclusivity(unchecked) var isHead = false
    @exclusivity(unchecked) var decoder: BodyDecoder?
    @exclusivity(unchecked) var collected: [UInt8] = []
    @exclusivity(unchecked) var owesContinue = false
    @exclusivity(unchecked) var keepsAlive = true
    @exclusivity(unchecked) var bodyError: RequestError?
    @exclusivity(unchecked) var bodyWaiter: BodyWaiter?
    @exclusivity(unchecked) var work: RequestWork?
    /// The work that has just ended; its task may go on with the next request.
    @exclusivity(unchecked) var finishedWork: RequestWork?
    @exclusivity(unchecked) var startTime: UInt64 = 0

    // What is being written.
    @exclusivity(unchecked) var output = ByteBuffer()
    @exclusivity(unchecked) var stream: OutgoingStream?
    @exclusivity(unchecked) var writeWaiters = WriteWaiters()
    @exclusivity(unchecked) var watch = WriteWatch()
    @exclusivity(unchecked) var lingersAfterWriting = false

    // Time.
    @exclusivity(unchecked) var deadline: UInt64
    @exclusivity(unchecked) var isHeadStarted = false
    @exclusivity(unchecked) var bodyCredit = TimeCredit(0)
    @exclusivity(unchecked) var lingered = 0

    /// A handler for a new connection.
    ///
    /// - Parameters:
    ///   - loop: the event loop of the channel.
    ///   - isTLS: whether the connection is encrypted.
    package init(loop: LoopContext, isTLS: Bool = false) {
        self.loop = loop
        self.isTLS = isTLS
        parser = RequestParser(limits: loop.shared.limits)
        deadline = loop.now + loop.shared.timeouts.idle
    }

    // MARK: - Events of the channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        loop.shared.connectionCount.add(1, ordering: .relaxed)
        // Behind TLS it is added only when the handshake is done.
        if context.channel.isActive { channelActive(context: context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        remoteAddress = Self.text(of: context.remoteAddress)
        let open = loop.shared.connectionCount.load(ordering: .relaxed)
        let excess = open - loop.shared.configuration.limits.maxConnections
        if excess > Self.politelyRefused {
            context.close(promise: nil)
        } else if excess > 0 {
            refuse(.tooManyConnections)
        } else if loop.isShuttingDown {
            context.close(promise: nil)
        }
    }

    /// The IP address as text; that of an IPv4 client of an IPv6 socket as it is written in IPv4,
    /// so that it is found among trusted proxies.
    package static func text(of address: SocketAddress?) -> String {
        let text = address?.ipAddress ?? ""
        guard text.utf8.starts(with: "::ffff:".utf8), text.utf8.contains(UInt8(ascii: ".")) else {
            return text
        }
        return String(Substring(text.utf8.dropFirst(7)))
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch phase {
        case .closing, .closed: break
        case .lingering:
            lingered += bytes.readableBytes
            if lingered > Self.lingeredBytes { closeNow() }
        default:
            if decoder != nil { earnBodyTime(bytes.readableBytes) }
            if input.readableBytes == 0 {
                input = bytes
            } else {
                input.writeBuffer(&bytes)
            }
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) { advance() }

    /// Lets the channel read only while there is room for what it reads.
    package func read(context: ChannelHandlerContext) {
        if wantsInput {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { inputClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        resumeWriters(nil)
        if !isAdvancing { goOn() }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer or the like: nothing can be said to this client any more.
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) { disconnected() }

    package func handlerRemoved(context: ChannelHandlerContext) {
        disconnected()
        self.context = nil
    }
}
