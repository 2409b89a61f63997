import NIOCore
import NuagesHTTP
import ServerTestSupport
import Synchronization
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct WebSocketTests {
    private static func socket(
        _ request: Request,
        _ options: WebSocketOptions = WebSocketOptions(),
        _ converse: @escaping @Sendable (WebSocket) async throws -> Void
    ) -> Response {
        do {
            return try .webSocket(request, options: options, converse)
        } catch {
            return Response(status: (error as? any ResponseConvertibleError)?.status ?? .ok)
        }
    }

    private static func echo(_ request: Request) -> Response {
        socket(request) { socket in
            for try await message in socket.messages { try await socket.send(message) }
        }
    }

    /// A client after its handshake.
    private static func open(
        _ server: RunningServer,
        reads: Bool = true
    ) async throws -> RawClient {
        let client = try await server.connect(reads: true)
        try await client.send(ClientFrame.handshake)
        try await client.forgetHead()
        if !reads { try await client.channel.setOption(.autoRead, value: false).get() }
        return client
    }

    private static func read(_ client: RawClient, _ frames: [UInt8]...) async throws -> [UInt8] {
        let expected = frames.flatMap { $0 }
        return try await client.read { $0.count >= expected.count }
    }

    @Test func answersTheHandshake() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            try await client.send(ClientFrame.handshake)
            let answer = try await client.read(until: "\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(answer.contains("\r\nUpgrade: websocket\r\n"))
            #expect(answer.contains("\r\nConnection: Upgrade\r\n"))
            // The example of RFC 6455, section 1.3.
            #expect(answer.contains("Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(!answer.contains("Content-Length"))
            try await client.close()
        }
    }

    @Test(arguments: [
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
        ("Upgrade: websocket", "Upgrade: h2c", 426),
        ("Connection: keep-alive, Upgrade", "Connection: keep-alive", 426),
        ("Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: dGhlIHNhbXBsZSBub25jZQ=", 400),
        ("GET", "POST", 400), ("HTTP/1.1", "HTTP/1.0", 505),
        ("Host: a", "Host: a\r\nContent-Length: 3", 400),
    ])
    func refusesOtherHandshakes(_ part: String, _ other: String, code: Int) async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let parts = ClientFrame.handshake.split(separator: part, maxSplits: 1)
            let request =
                parts.count == 2 ? "\(parts[0])\(other)\(parts[1])" : "\(other)\(parts[0])"
            let client = try await server.connect()
            try await client.send(request + (other.contains("Content-Length") ? "abc" : ""))
            #expect(status(try await client.read(until: "\r\n\r\n")) == code)
            try await client.close()
        }
    }

    @Test func echoesMessagesAlsoThoseSentWithTheHandshake() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            let large = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            try await client.send(
                Array(ClientFrame.handshake.utf8) + ClientFrame.text("Hello")
                    + ClientFrame.bytes(0x1, Array("Gr".utf8), isFinal: false)
                    + ClientFrame.bytes(0x9, [7]) + ClientFrame.bytes(0x0, Array("uß".utf8))
                    + ClientFrame.bytes(0x2, large) + ClientFrame.close(1000)
            )
            let answer = try await client.read { _ in false }
            let end = answer.indices.first { answer[$0...].starts(with: [13, 10, 13, 10]) } ?? 0
            let frames = Array(answer[(end + 4)...])
            // The pong overtakes messages that the view has not echoed yet.
            let pong = ClientFrame.answer(0xA, [7])
            #expect(frames.occurrences(of: pong) == 1)
            #expect(frames.occurrences(of: ClientFrame.answer(0x1, Array("Hello".utf8))) == 1)
            #expect(frames.occurrences(of: ClientFrame.answer(0x1, Array("Gruß".utf8))) == 1)
            try await client.close()
        }
    }

    @Test func answersACloseByACloseOfTheSameCode() async throws {
        let seen = AsyncStream.makeStream(of: WebSocketClosing?.self)
        try await withServer { request in
            Self.socket(request) { socket in
                for try await _ in socket.messages {}
                seen.continuation.yield(await socket.closing)
                await #expect(throws: WebSocketError.closed) { try await socket.send("late") }
            }
        } body: { server in
            let client = try await Self.open(server)
            try await client.send(ClientFrame.close(4000, "done"))
            #expect(try await client.read { _ in false } == ClientFrame.closeAnswer(4000))
            var closings = seen.stream.makeAsyncIterator()
            let closing = await closings.next()
            #expect(closing == WebSocketClosing(WebSocketCloseCode(4000), reason: "done"))
            try await client.close()
        }
    }

    @Test(
        arguments: [
            (ClientFrame.bytes(0x1, [0x41], isMasked: false), 1002),
            (ClientFrame.bytes(0x1, [0xFF]), 1007),
            (ClientFrame.bytes(0x2, [UInt8](repeating: 0, count: 2_000)), 1009),
        ] as [([UInt8], UInt16)]
    )
    func endsAConversationThatBreaksTheRules(_ frame: [UInt8], code: UInt16) async throws {
        let seen = AsyncStream.makeStream(of: String.self)
        try await withServer { request in
            var options = WebSocketOptions()
            options.maxMessageSize = 1_000
            return Self.socket(request, options) { socket in
                do {
                    while try await socket.receive() != nil {}
                } catch {
                    seen.continuation.yield("\(error)")
                    throw error
                }
            }
        } body: { server in
            let client = try await Self.open(server)
            try await client.send(frame)
            #expect(try await client.read { _ in false } == ClientFrame.closeAnswer(code))
            var errors = seen.stream.makeAsyncIterator()
            #expect(await errors.next() == "\(WebSocketError.failed(WebSocketCloseCode(code)))")
            try await client.close()
        }
    }

    @Test(arguments: [(false, 1000), (true, 1011)] as [(Bool, UInt16)])
    func closesWhenTheViewEnds(fails: Bool, code: UInt16) async throws {
        struct Failure: Error {}
        try await withServer { request in
            Self.socket(request) { _ in if fails { throw Failure() } }
        } body: { server in
            let client = try await Self.open(server)
            let close = try await client.read { $0.count >= 4 }
            #expect(close == ClientFrame.closeAnswer(code))
            // The server waits for the client's close, and then ends the connection.
            try await client.send(ClientFrame.close(code))
            #expect(try await client.read { _ in false } == close)
            try await client.close()
        }
    }

    @Test func closesWithTheCodeOfTheView() async throws {
        try await withServer { request in
            Self.socket(request) { socket in
                await #expect(throws: WebSocketError.self) { try await socket.close(.abnormal) }
                try await socket.close(.policyViolation, reason: "no")
                #expect(try await socket.receive() == nil)
            }
        } body: { server in
            let client = try await Self.open(server)
            let close = ClientFrame.answer(0x8, [0x03, 0xF0] + Array("no".utf8))
            #expect(try await Self.read(client, close) == close)
            try await server.settle()
            await server.clock.advance(by: .seconds(6))
            #expect(try await client.read { _ in false } == close)
            try await client.close()
        }
    }

    @Test func cancelsTheViewOfAClientThatIsGone() async throws {
        let events = AsyncStream.makeStream(of: String.self)
        try await withServer { request in
            Self.socket(request) { _ in
                events.continuation.yield("started")
                do {
                    try await Gate().wait()
                } catch {
                    events.continuation.yield(Task.isCancelled ? "cancelled" : "\(error)")
                }
            }
        } body: { server in
            let client = try await Self.open(server)
            var iterator = events.stream.makeAsyncIterator()
            #expect(await iterator.next() == "started")
            try await client.reset()
            #expect(await iterator.next() == "cancelled")
        }
    }

    @Test func cancelsTheViewThatGoesOnAfterAClose() async throws {
        let events = AsyncStream.makeStream(of: Bool.self)
        try await withServer { request in
            Self.socket(request) { socket in
                let message = try await socket.receive()
                #expect(message == nil)
                events.continuation.yield(Task.isCancelled)
                try? await Gate().wait()
                events.continuation.yield(Task.isCancelled)
            }
        } body: { server in
            let client = try await Self.open(server)
            try await client.send(ClientFrame.close(1000))
            try await client.waitForEnd()
            var iterator = events.stream.makeAsyncIterator()
            #expect(await iterator.next() == false)
            try await server.settle()
            await server.clock.advance(by: .seconds(4))
            #expect(await iterator.next() == true)
            try await client.close()
        }
    }

    @Test func asksASilentClientAndLeavesOneThatDoesNotAnswer() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await Self.open(server)
            try await server.settle()
            await server.clock.advance(by: .seconds(21))
            let ping = ClientFrame.answer(0x9, [])
            #expect(try await Self.read(client, ping) == ping)
            try await client.send(ClientFrame.bytes(0xA))
            try await server.settle()
            await server.clock.advance(by: .seconds(21))
            #expect(try await Self.read(client, ping, ping) == ping + ping)
            await server.clock.advance(by: .seconds(21))
            #expect(try await client.read { _ in false } == ping + ping)
            try await client.close()
        }
    }

    @Test func readsNoFurtherThanTheViewAsks() async throws {
        let gate = Gate()
        let counts = AsyncStream.makeStream(of: Int.self)
        try await withServer { request in
            Self.socket(request) { socket in
                try await gate.wait()
                var count = 0
                for try await message in socket.messages { count += message.bytes.count }
                counts.continuation.yield(count)
            }
        } body: { server in
            let client = try await Self.open(server)
            let message = ClientFrame.bytes(0x2, [UInt8](repeating: 1, count: 100_000))
            let total = 300
            let sending = Task {
                for _ in 0..<total { try await client.send(message) }
                try await client.send(ClientFrame.close(1000))
            }
            // It is more than all buffers hold: the client has to wait.
            while try await client.unsentBytes() == 0 { try await server.settle() }
            gate.open()
            var iterator = counts.stream.makeAsyncIterator()
            #expect(await iterator.next() == total * 100_000)
            try await sending.value
            try await client.close()
        }
    }

    @Test func leavesAClientThatDoesNotRead() async throws {
        let ended = AsyncStream.makeStream(of: Int.self)
        try await withServer { request in
            Self.socket(request) { socket in
                var count = 0
                let piece = [UInt8](repeating: 1, count: 100_000)
                defer { ended.continuation.yield(count) }
                // Until then the client reads, and there is no bound to what it takes.
                _ = try await socket.receive()
                while count < 10_000 {
                    try await socket.send(piece)
                    count += 1
                }
            }
        } body: { server in
            let client = try await Self.open(server, reads: false)
            try await client.send(ClientFrame.text("I read no more"))
            try await server.settle()
            for _ in 0..<40 {
                try await server.settle()
                await server.clock.advance(by: .seconds(1))
            }
            var iterator = ended.stream.makeAsyncIterator()
            let count = await iterator.next() ?? 10_000
            #expect(count < 1_000)
            try await client.close()
        }
    }

    @Test func saysGoodbyeWhenTheServerStops() async throws {
        let ended = AsyncStream.makeStream(of: Bool.self)
        try await withServer { request in
            Self.socket(request) { socket in
                for try await _ in socket.messages {}
                ended.continuation.yield(Task.isCancelled)
            }
        } body: { server in
            let client = try await Self.open(server)
            try await server.settle()
            await server.trigger()
            let close = ClientFrame.closeAnswer(1001)
            #expect(try await Self.read(client, close) == close)
            var iterator = ended.stream.makeAsyncIterator()
            #expect(await iterator.next() == false)
            try await client.send(ClientFrame.close(1001))
            #expect(try await client.read { _ in false } == close)
            try await client.close()
        }
    }
}
