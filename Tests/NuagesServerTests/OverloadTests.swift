import Logging
import NIOCore
import NIOEmbedded
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

/// Clients that ask for as much as they can, and the others beside them.
@Suite(.timeLimit(.minutes(5))) struct OverloadTests {
    private static func requests(_ count: Int, _ target: String = "/") -> String {
        String(repeating: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n", count: count)
    }

    @Test func answersNoMoreRequestsThanTheClientReads() async throws {
        let begun = RunCount(0)
        let size = 100_000
        try await withServer { _ in
            begun.increment()
            return Response(body: .bytes([UInt8](repeating: 0x61, count: size)))
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send(Self.requests(500))
            for _ in 0..<50 { try await server.settle() }
            #expect(begun.value > 0)
            #expect(begun.value < 250)
            try await client.channel.setOption(.autoRead, value: true).get()
            _ = try await client.read { $0.count > 500 * size }
            #expect(begun.value == 500)
            try await client.close()
        }
    }

    @Test func leavesAClientThatAsksAndDoesNotRead() async throws {
        try await withServer { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 100_000)))
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send(Self.requests(500))
            try await server.settle()
            for _ in 0..<40 {
                try await server.settle()
                await server.clock.advance(by: .seconds(1))
            }
            try await client.channel.setOption(.autoRead, value: true).get()
            #expect(try await client.read { _ in false }.count < 250 * 100_000)
            try await client.close()
        }
    }

    @Test func servesOthersWhileSomeSendRequestsWithoutEnd() async throws {
        let flood = 5_000
        try await withServer {
            $0.limits.threads = 1
        } respond: { request in
            text("<\(request.target)>")
        } body: { server in
            var floods: [RawClient] = []
            for _ in 0..<4 {
                floods.append(try await server.connect())
                let last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                try await floods.last?.send(Self.requests(flood, "/flood") + last)
            }
            let idle = try await server.connect(reads: false)
            try await idle.send(Self.requests(flood, "/unread"))
            let normal = try await server.connect()
            for number in 1...100 {
                try await normal.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await normal.read(until: "</\(number)>")
                try await normal.forget()
                let answer = try await server.exchange("GET /new HTTP/1.0\r\n\r\n")
                #expect(body(answer) == "</new>")
            }
            for client in floods {
                let answers = Array(try await client.readToEnd().utf8)
                #expect(answers.occurrences(of: Array("</flood>".utf8)) == flood)
                try? await client.close()
            }
            try await normal.close()
            try await idle.close()
        }
    }

    /// A connection without a socket, whose loop the test drives, and how many requests were begun.
    private struct Driven {
        let begun = RunCount(0)
        let loop = EmbeddedEventLoop()
        let channel: EmbeddedChannel
        let context: LoopContext

        func context(on loop: EmbeddedEventLoop) -> LoopContext {
            LoopContext(loop: loop, shared: context.shared)
        }

        init() throws {
            let state = ServerState(
                handler: ClosureHandler { [begun] _ in
                    begun.increment()
                    return text("fine")
                },
                configuration: ServerConfiguration(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                clock: ManualClock()
            )
            channel = EmbeddedChannel(loop: loop)
            context = LoopContext(loop: loop, shared: state)
            try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop: context))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }
    }

    /// Who had a turn, each of whom wants another.
    private final class Order {
        private(set) var numbers: [Int] = []

        func note(_ number: Int, again context: LoopContext) {
            numbers.append(number)
            context.afterOthers { [self] in note(number, again: context) }
        }
    }

    /// However many requests have arrived, a connection answers some, and then lets the loop see to
    /// the other sockets.
    @Test func takesTurnsWithOtherConnections() throws {
        let driven = try Driven()
        try driven.channel.writeInbound(ByteBuffer(string: Self.requests(150)))
        #expect(driven.begun.value == 16)
        driven.loop.run()
        #expect(driven.begun.value == 16)
        for turn in 2...9 {
            driven.loop.advanceTime(by: LoopExecutor.pause)
            #expect(driven.begun.value == turn * 16)
        }
        driven.loop.advanceTime(by: LoopExecutor.pause)
        #expect(driven.begun.value == 150)
        _ = try driven.channel.finish()
    }

    /// However many have sent too much, only some of them have their turn between two looks at the
    /// sockets, and all have it alike.
    @Test func boundsWhatIsDoneBetweenTwoLooksAtTheSockets() throws {
        let loop = EmbeddedEventLoop()
        let context = try Driven().context(on: loop)
        let order = Order()
        for number in 0..<20 {
            context.afterOthers { order.note(number, again: context) }
        }
        for round in 0..<5 {
            #expect(order.numbers == (0..<(round * 8)).map { $0 % 20 })
            loop.advanceTime(by: LoopExecutor.pause)
        }
    }

    @Test func answersOneMoreWhereTheServerStopsMeanwhile() throws {
        let driven = try Driven()
        try driven.channel.writeInbound(ByteBuffer(string: Self.requests(150)))
        _ = driven.context.shutDown(deadline: .max)
        driven.loop.advanceTime(by: LoopExecutor.pause)
        #expect(driven.begun.value == 17)
        var answers: [String] = []
        while let bytes = try driven.channel.readOutbound(as: ByteBuffer.self) {
            answers.append(String(buffer: bytes))
        }
        #expect(answers.last?.hasSuffix("Connection: close\r\n\r\nfine") == true)
        #expect(!driven.channel.isActive)
    }
}
