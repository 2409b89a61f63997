internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import NuagesHTTP
internal import NuagesServer

/// One request and its response on an HTTP/2 connection.
///
/// `+Body` reads the request's body, `+Answer` and `+Output` write the response.
// @unchecked: every variable is touched on the channel's event loop only.
final class HTTP2Stream: ChannelDuplexHandler, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    enum Phase {
        /// Before the head of the request.
        case waiting
        /// A task works on the request.
        case running
        /// The response is written, as far as the client's window lets it.
        case answered
        case closed
    }

    /// How much of a body is read ahead of the view.
    static let readAhead = 16_384
    /// The largest piece that is copied at once; of a larger body only as much is buffered as
    /// the client is ready to take.
    static let pieceSize = 16_384

    let connection: HTTP2Connection
    let loop: LoopContext
    var context: ChannelHandlerContext?
    var phase = Phase.waiting
    var isReadHeld = false

    // The request.
    var method = HTTPMethod.get
    var target = ""
    var work: RequestWork?
    var startTime: UInt64 = 0

    // Its body.
    var collected: [UInt8] = []
    var receivedBytes = 0
    var isBodyComplete = false
    var bodyError: HTTPError?
    var bodyWaiter: CheckedContinuation<[UInt8]?, any Error>?
    var owesContinue = false
    var bodyCredit = TimeCredit(0)

    // The response.
    var response: Response?
    var declaredLength: Int?
    var isHeadSent = false
    var sentBytes = 0
    var waitingWrites = 0
    var writeCredit = TimeCredit(0)
    var writeWaiters = WriteWaiters()

    init(connection: HTTP2Connection) {
        self.connection = connection
        loop = connection.loop
    }

    // MARK: - Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.add(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let payload):
            if phase == .waiting {
                begin(payload.headers, endsStream: payload.endStream)
            } else if payload.endStream {
                // Trailers are read and dropped.
                bodyEnded()
            }
        case .data(let payload):
            if case .byteBuffer(let buffer) = payload.data { receive(buffer) }
            if payload.endStream { bodyEnded() }
        default: break
        }
    }

    /// Lets the channel read only while there is room; it then widens the client's window.
    func read(context: ChannelHandlerContext) {
        if wantsInput {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { resumeWriters(nil) }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { ended() }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended()
        self.context = nil
    }

    /// The stream is over, or the client has reset it: whoever works for it is told.
    private func ended() {
        guard phase != .closed else { return }
        if phase == .running { work?.cancel() }
        phase = .closed
        work = nil
        response = nil
        failBody(.clientDisconnected)
        resumeWriters(HTTPError.clientDisconnected)
        collected = []
        connection.remove(self)
    }

    /// Gives the stream up: the client is told by RST_STREAM.
    func abort() { context?.close(promise: nil) }

    func reset(_ code: HTTP2ErrorCode) {
        guard let context, phase != .closed else { return }
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }

    /// Refuses what is left of a body that nobody reads, once the response is written: before, it
    /// would be cut off (RFC 9113, section 8.1).
    func refuseRest() {
        if phase == .answered, waitingWrites == 0, !isBodyComplete { reset(.noError) }
    }

    // MARK: - Starting the request

    private func begin(_ headers: HPACKHeaders, endsStream: Bool) {
        isBodyComplete = endsStream
        do {
            let fields = try RequestFields(headers, limits: loop.shared.limits)
            method = fields.method
            target = fields.target
            if connection.isRefused { refuse(503) } else { start(fields) }
        } catch .malformed {
            connection.logRefusal("malformedField")
            reset(.protocolError)
        } catch .refused(let status) {
            refuse(status)
        } catch {
            abort()
        }
    }

    private func start(_ fields: RequestFields) {
        phase = .running
        owesContinue = fields.expectsContinue && !isBodyComplete
        bodyCredit = TimeCredit(loop.shared.timeouts.bodyGrace)
        let body =
            isBodyComplete
            ? RequestBody()
            : RequestBody(source: HTTP2Body(stream: self), declaredLength: fields.contentLength)
        let request = Request(
            method: method,
            target: target,
            headers: Headers(validated: fields.fields),
            body: body,
            remoteAddress: connection.remoteAddress,
            isTLS: true
        )
        if loop.shared.logsRequests { startTime = loop.shared.clock.now() }
        connection.start { [self] in
            guard phase == .running else { return }
            let work = loop.workers.start(request, from: self)
            if phase == .running { self.work = work }
        }
    }

    // MARK: - Time

    /// Looks at the deadlines; called at each tick of the loop.
    ///
    /// - Parameter elapsed: nanoseconds since the last tick.
    func tick(elapsed: UInt64) {
        if waitingWrites > 0 {
            writeCredit.spend(elapsed)
            if writeCredit.isSpent { return abort() }
        }
        if phase == .running, bodyWaiter != nil {
            bodyCredit.spend(elapsed)
            if bodyCredit.isSpent { failBody(.requestTimeout) }
        }
    }

    /// Ends a response that has no end of its own.
    func serverStops() {
        if let response, case .endless = response.connectionUse { work?.cancel() }
    }
}
