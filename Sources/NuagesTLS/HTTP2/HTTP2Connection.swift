internal import NIOCore
internal import NIOHTTP2
internal import NuagesCore
internal import NuagesHTTP
internal import NuagesServer
internal import Synchronization

/// An HTTP/2 connection (RFC 9113): counts its streams, and sees to its end.
///
/// Frames, flow control, header compression, and the guards against floods of frames are
/// swift-nio-http2's; each stream has an ``HTTP2Stream``.
// @unchecked: every variable is touched on the channel's event loop only.
final class HTTP2Connection: ChannelInboundHandler, LoopConnection, @unchecked Sendable {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// How long a client may take to end a connection without streams after GOAWAY.
    private static let goodbye: UInt64 = 5_000_000_000
    /// How many requests a client may have open at once.
    private static let maxStreams = 100

    let loop: LoopContext
    var remoteAddress = ""
    var index = 0
    private var context: ChannelHandlerContext?
    private let output: OutputWatch
    private var streams: [ObjectIdentifier: HTTP2Stream] = [:]
    private var streamCount = 0
    private var startedInTurn = 0
    private var waiting: [() -> Void] = []
    private var isListed = false
    private(set) var isEnding = false
    /// When a connection without streams is idle for too long.
    private var deadline: UInt64
    /// The largest piece of a body that is one frame.
    ///
    /// Only whole frames show that a client reads, so the slowest client that is served takes
    /// one in half the time that it may take.
    let frameSize: Int
    /// How many streams wait for the client to read.
    var waitingStreams = 0
    /// Whether the connection is one too many: its first request is told so.
    private(set) var isRefused = false

    init(loop: LoopContext) {
        self.loop = loop
        let timeouts = loop.shared.timeouts
        deadline = loop.now + timeouts.idle
        output = OutputWatch(timeouts: timeouts)
        frameSize = min(max(1_024, Int(timeouts.write / timeouts.perByte / 2)), 16_384)
    }

    /// Has a channel speak HTTP/2.
    static func add(to channel: any Channel, loop: LoopContext) throws {
        let connection = HTTP2Connection(loop: loop)
        connection.remoteAddress = ConnectionHandler.text(of: channel.remoteAddress)
        let management = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            // The times are watched here, with those of all connections.
            configuration: .init(maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil)
        )
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(connection.output)
        let input = InputWatch(output: connection.output) { [weak connection] in
            connection?.endFlood()
        }
        try pipeline.addHandler(input)
        _ = try pipeline.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: connectionConfiguration(loop),
            streamConfiguration: streamConfiguration,
            streamDelegate: management.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2Stream(connection: connection))
            }
        }
        try pipeline.addHandler(management)
        try pipeline.addHandler(connection)
    }

    private static func connectionConfiguration(
        _ loop: LoopContext
    ) -> NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: maxStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: loop.shared.limits.head),
        ]
        configuration.maximumSequentialEmptyDataFrames = 8
        configuration.maximumBufferedControlFrames = 500
        configuration.targetWindowSize = 1_048_576
        return configuration
    }

    private static var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        // There can be a hundred streams, so each of them buffers less than a connection of
        // HTTP/1.1 does.
        configuration.outboundBufferSizeHighWatermark = 32_768
        configuration.outboundBufferSizeLowWatermark = 16_384
        return configuration
    }

    // MARK: - Streams

    func add(_ stream: HTTP2Stream) {
        streams[ObjectIdentifier(stream)] = stream
        streamCount += 1
        let most = loop.shared.configuration.limits.maxRequestsPerConnection
        let limit = isRefused ? 1 : max(1, most)
        if streamCount >= limit { sayGoodbye() }
        // What was under way when the client was told; one that goes on has not listened.
        if streamCount - limit > Self.maxStreams { closeNow() }
    }

    /// Starts a request; of many that have arrived together, some only when other connections have
    /// had their turn.
    func start(_ body: @escaping () -> Void) {
        guard waiting.isEmpty, startedInTurn < ConnectionHandler.requestsPerTurn else {
            waiting.append(body)
            if waiting.count == 1 { loop.afterOthers { [self] in nextTurn() } }
            return
        }
        startedInTurn += 1
        body()
    }

    private func nextTurn() {
        let bodies = waiting.prefix(ConnectionHandler.requestsPerTurn)
        waiting.removeFirst(bodies.count)
        startedInTurn = bodies.count
        for body in bodies { body() }
        if !waiting.isEmpty { loop.afterOthers { [self] in nextTurn() } }
    }

    func remove(_ stream: HTTP2Stream) {
        streams[ObjectIdentifier(stream)] = nil
        guard streams.isEmpty else { return }
        deadline = loop.now + (isEnding ? Self.goodbye : loop.shared.timeouts.idle)
    }

    // MARK: - Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isListed = true
        loop.add(self)
        loop.shared.connectionCount.add(1, ordering: .relaxed)
        let open = loop.shared.connectionCount.load(ordering: .relaxed)
        isRefused = open > loop.shared.configuration.limits.maxConnections
        if isRefused { deadline = loop.now + Self.goodbye }
        if loop.isShuttingDown { sayGoodbye() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Frames of the connection as a whole; they have been dealt with.
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        startedInTurn = 0
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // HTTP/2 has no half-closed connections: who sends no more is gone.
        if case .inputClosed? = event as? ChannelEvent { closeNow() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isOfHTTP2 = error is any NIOHTTP2Error
        if isOfHTTP2 || output.hasFailed { logRefusal("\(type(of: error))") }
        // What is wrong with one stream only has reset that stream, and the others go on.
        if !isOfHTTP2 || output.hasFailed { context.close(promise: nil) }
    }

    /// Logs that a client broke the protocol, without anything that it sent.
    func logRefusal(_ reason: String) {
        guard loop.shared.logsRequests else { return }
        AccessLog.recordRefusal(
            loop.shared.logger,
            reason: reason,
            status: 400,
            remoteAddress: remoteAddress
        )
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
        self.context = nil
    }

    private func leave() {
        guard isListed else { return }
        isListed = false
        loop.remove(self)
        loop.shared.connectionCount.subtract(1, ordering: .relaxed)
    }

    // MARK: - The loop

    /// The requests that are read or answered now.
    var requestsAtWork: [String] {
        streams.values.filter { $0.work != nil }.map { stream in
            AccessLog.escaped(stream.method.rawValue) + " " + AccessLog.path(of: stream.target)
        }
    }

    func tick(elapsed: UInt64) {
        if output.isStalled(context?.channel, elapsed: elapsed) { return closeNow() }
        for stream in streams.values { stream.tick(elapsed: elapsed) }
        guard streams.isEmpty, loop.now >= deadline else { return }
        if isEnding { closeNow() } else { sayGoodbye() }
    }

    func shutDown() {
        sayGoodbye()
        for stream in streams.values { stream.serverStops() }
    }

    /// Sends GOAWAY; the connection ends with its last stream.
    private func sayGoodbye() {
        guard !isEnding, let context else { return }
        isEnding = true
        deadline = loop.now + Self.goodbye
        context.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    /// Leaves a client that sends frames without need.
    private func endFlood() {
        logRefusal("tooManyFrames")
        guard let context else { return }
        let goodbye = HTTP2Frame.FramePayload.goAway(
            lastStreamID: .maxID,
            errorCode: .enhanceYourCalm,
            opaqueData: nil
        )
        context.writeAndFlush(
            wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: goodbye)),
            promise: nil
        )
        context.close(promise: nil)
    }

    func closeNow() { context?.close(promise: nil) }
}
