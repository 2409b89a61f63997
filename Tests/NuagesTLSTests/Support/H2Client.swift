import NIOCore
import NIOPosix
import NIOSSL

/// A frame as it stands on the wire.
struct Frame: Equatable, CustomStringConvertible {
    static let data: UInt8 = 0, headers: UInt8 = 1, reset: UInt8 = 3, settings: UInt8 = 4
    static let priority: UInt8 = 2, ping: UInt8 = 6, goAway: UInt8 = 7, windowUpdate: UInt8 = 8,
        continuation: UInt8 = 9
    static let endStream: UInt8 = 1, endHeaders: UInt8 = 4

    var type: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    var bytes: [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
            + [type, flags] + Self.number(stream) + payload
    }

    /// The error code of RST_STREAM, or of GOAWAY.
    var code: UInt32? {
        switch type {
        case Self.reset where payload.count == 4: Self.number(payload[...])
        case Self.goAway where payload.count >= 8: Self.number(payload[4..<8])
        default: nil
        }
    }

    var description: String { "type \(type) stream \(stream) code \(code.map { "\($0)" } ?? "-")" }

    static func number(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 0xFF) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The frames in `bytes` that are complete.
    static func all(in bytes: [UInt8]) -> [Frame] {
        var frames: [Frame] = []
        var start = 0
        while start + 9 <= bytes.count {
            let count = bytes[start..<(start + 3)].reduce(0) { $0 << 8 | Int($1) }
            guard start + 9 + count <= bytes.count else { break }
            frames.append(
                Frame(
                    type: bytes[start + 3],
                    flags: bytes[start + 4],
                    stream: number(bytes[(start + 5)..<(start + 9)]),
                    payload: Array(bytes[(start + 9)..<(start + 9 + count)])
                )
            )
            start += 9 + count
        }
        return frames
    }

    /// A header block without compression: each field literally, its name too.
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + string($0.0) + string($0.1) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        return length + [UInt8(rest)] + bytes
    }

    static func request(
        _ stream: UInt32,
        _ fields: [(String, String)] = Frame.get,
        ends: Bool = true
    ) -> Frame {
        Frame(
            type: headers,
            flags: endHeaders | (ends ? endStream : 0),
            stream: stream,
            payload: block(fields)
        )
    }

    static let get: [(String, String)] = [
        (":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", "/"),
    ]
    static let post: [(String, String)] = [
        (":method", "POST"), (":scheme", "https"), (":authority", "localhost"), (":path", "/"),
    ]
}

/// A client that sends frames, or bytes, as they are over TLS.
// @unchecked: every variable is touched on the channel's event loop only.
final class H2Client: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias Condition = @Sendable (_ bytes: [UInt8], _ isEnded: Bool) -> Bool

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private var received: [UInt8] = []
    private var isEnded = false
    private var waiters: [(isDone: Condition, promise: EventLoopPromise<[UInt8]>)] = []
    let channel: any Channel

    private init(channel: any Channel) { self.channel = channel }

    /// Connects, and says what the client's settings are.
    static func connect(
        _ server: SecureServer,
        settings: [UInt8] = [],
        reads: Bool = true
    ) async throws -> H2Client {
        let client = try await open(server, protocols: ["h2"], reads: reads)
        let first = Frame(type: Frame.settings, payload: settings)
        try await client.channel.writeAndFlush(ByteBuffer(bytes: preface + first.bytes))
        return client
    }

    /// Connects, and leaves it to the test what is sent.
    static func open(
        _ server: SecureServer,
        protocols: [String] = [],
        reads: Bool = true
    ) async throws -> H2Client {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: configuration)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.minutes(1))
            // A small buffer, so that a client that stops reading is noticed soon.
            .channelOption(.socketOption(.so_rcvbuf), value: 262_144)
            .connect(host: "127.0.0.1", port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let client = H2Client(channel: channel)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil)
                    )
                    try pipeline.addHandler(client)
                    return client
                }
            }
    }

    func send(_ frames: Frame...) async throws { try await send(frames) }

    /// Sends frames; a server that has closed the connection is not an error here.
    func send(_ frames: [Frame]) async throws {
        try? await channel.writeAndFlush(ByteBuffer(bytes: frames.flatMap(\.bytes)))
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

    func close() async { try? await channel.close() }

    private func wait(_ isDone: @escaping Condition) async throws -> [UInt8] {
        try await channel.eventLoop.flatSubmit { [self] in
            let promise = channel.eventLoop.makePromise(of: [UInt8].self)
            waiters.append((isDone, promise))
            settle()
            return promise.futureResult
        }.get()
    }

    /// The frames that have come, once they are as wanted or the connection has ended.
    func read(
        _ isDone: @escaping @Sendable (_ frames: [Frame], _ isEnded: Bool) -> Bool
    ) async throws -> [Frame] {
        Frame.all(in: try await wait { isDone(Frame.all(in: $0), $1) })
    }

    /// All frames up to the end of the connection.
    func readToEnd() async throws -> [Frame] { Frame.all(in: try await wait { $1 }) }

    /// What has come, once `text` is at its end or the connection has ended.
    func read(until text: String) async throws -> String {
        let end = Array(text.utf8)
        let bytes = try await wait { $1 || $0.suffix(end.count).elementsEqual(end) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The frames up to the one that ends or resets a stream.
    func read(stream: UInt32) async throws -> [Frame] {
        try await read { frames, isEnded in
            isEnded
                || frames.contains {
                    $0.stream == stream
                        && ($0.type == Frame.reset
                            || ($0.type <= Frame.headers && $0.flags & Frame.endStream != 0))
                }
        }
    }

    private func settle() {
        waiters.removeAll { waiter in
            guard isEnded || waiter.isDone(received, isEnded) else { return false }
            waiter.promise.succeed(received)
            return true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(unwrapInboundIn(data).readableBytesView)
        settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEnded = true
        settle()
    }
}

extension [Frame] {
    /// The code that a stream was reset with.
    func reset(_ stream: UInt32) -> UInt32? {
        first { $0.type == Frame.reset && $0.stream == stream }?.code
    }

    /// The last code of a GOAWAY.
    var goAway: UInt32? { last { $0.type == Frame.goAway }?.code }

    /// The data of a stream.
    func body(_ stream: UInt32) -> String {
        let bytes = filter { $0.type == Frame.data && $0.stream == stream }.flatMap(\.payload)
        return String(decoding: bytes, as: UTF8.self)
    }
}
