import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A client that sends bytes as they are and waits for what comes back.
// @unchecked: every variable is touched on the channel's event loop only.
final class RawClient: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var received: [UInt8] = []
    private var isEnded = false
    private var waiters:
        [(isDone: @Sendable ([UInt8]) -> Bool, promise: EventLoopPromise<[UInt8]>)] = []
    let channel: any Channel

    private init(channel: any Channel) { self.channel = channel }

    static func connect(port: Int, reads: Bool = true) async throws -> RawClient {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.minutes(1))
            .channelOption(.autoRead, value: reads)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // A small buffer, so that a client that stops reading is noticed soon.
            .channelOption(.socketOption(.so_rcvbuf), value: 262_144)
            .connect(host: "127.0.0.1", port: port) { add(to: $0) }
    }

    static func connect(unix path: String) async throws -> RawClient {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.minutes(1))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(unixDomainSocketPath: path) { add(to: $0) }
    }

    private static func add(to channel: any Channel) -> EventLoopFuture<RawClient> {
        channel.eventLoop.makeCompletedFuture {
            let client = RawClient(channel: channel)
            try channel.pipeline.syncOperations.addHandler(client)
            return client
        }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// How much of what was sent waits because the server does not read.
    func unsentBytes() async throws -> Int {
        try await channel.getOption(.bufferedWritableBytes).get()
    }

    /// Closes the sending side only.
    func finishSending() async throws { try await channel.close(mode: .output) }

    func close() async throws { try await channel.close() }

    /// Closes by a reset, as a client that crashed.
    func reset() async throws {
        let options = channel as? any SocketOptionProvider
        try await options?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    /// All that comes until the server ends the connection.
    func readToEnd() async throws -> String {
        String(decoding: try await read { _ in false }, as: UTF8.self)
    }

    /// What has come once it contains `text`.
    func read(until text: String, count: Int = 1) async throws -> String {
        let needle = Array(text.utf8)
        return String(
            decoding: try await read { $0.occurrences(of: needle) >= count },
            as: UTF8.self
        )
    }

    func read(_ isDone: @escaping @Sendable ([UInt8]) -> Bool) async throws -> [UInt8] {
        try await channel.eventLoop.flatSubmit { [self] in
            let promise = channel.eventLoop.makePromise(of: [UInt8].self)
            waiters.append((isDone, promise))
            settle()
            return promise.futureResult
        }.get()
    }

    /// Waits for the connection to end.
    func waitForEnd() async throws { _ = try await readToEnd() }

    /// Forgets what has come so far.
    func forget() async throws { try await channel.eventLoop.submit { self.received = [] }.get() }

    /// Forgets the head of an answer, once it has come, and keeps what is behind it.
    func forgetHead() async throws {
        _ = try await read(until: "\r\n\r\n")
        try await channel.eventLoop.submit {
            let end = self.received.indices.first {
                self.received[$0...].starts(with: [13, 10, 13, 10])
            }
            if let end { self.received.removeFirst(end + 4) }
        }.get()
    }

    private func settle() {
        waiters.removeAll { waiter in
            guard isEnded || waiter.isDone(received) else { return false }
            waiter.promise.succeed(received)
            return true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(unwrapInboundIn(data).readableBytesView)
        settle()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        isEnded = true
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

extension [UInt8] {
    func occurrences(of needle: [UInt8]) -> Int {
        guard count >= needle.count else { return 0 }
        var found = 0
        var index = 0
        while index <= count - needle.count {
            if self[index..<(index + needle.count)].elementsEqual(needle) {
                found += 1
                index += needle.count
            } else {
                index += 1
            }
        }
        return found
    }
}
