import NIOCore
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct RequestBodyTests {
    /// Answers with how the body came and what it was.
    static func echo(_ request: Request) async -> Response {
        do {
            let bytes = try await request.readAll()
            return text(
                "\(request.isCollected ? "collected" : "streamed") "
                    + "\(request.body.declaredLength.map(String.init) ?? "-") "
                    + (bytes.count > 100
                        ? "\(bytes.count)" : String(decoding: bytes, as: UTF8.self))
            )
        } catch {
            return text("failed: \(error)")
        }
    }

    @Test func collectsSmallBody() async throws {
        try await withServer(respond: Self.echo) { server in
            let answer = try await server.exchange(
                "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nHello"
            )
            #expect(body(answer) == "collected 5 Hello")
        }
    }

    @Test func collectsSmallBodyThatArrivesInPieces() async throws {
        try await withServer(respond: Self.echo) { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nHe")
            try await server.settle()
            try await client.send("ll")
            try await server.settle()
            try await client.send("o")
            #expect(body(try await client.readToEnd()) == "collected 5 Hello")
            try await client.close()
        }
    }

    @Test func collectsChunkedBodyThatIsThere() async throws {
        try await withServer(respond: Self.echo) { server in
            let answer = try await server.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nHel\r\n2;x=y\r\nlo\r\n0\r\nT: r\r\n\r\n"
            )
            #expect(body(answer) == "collected 5 Hello")
        }
    }

    @Test func streamsChunkedBodyThatIsStillComing() async throws {
        try await withServer(respond: Self.echo) { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nHel\r\n2"
            )
            try await server.settle()
            try await client.send("\r\nlo\r\n0\r\n\r\n")
            #expect(body(try await client.readToEnd()) == "streamed - Hello")
            try await client.close()
        }
    }

    @Test func streamsLargeBody() async throws {
        try await withServer(respond: Self.echo) { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.0\r\nContent-Length: 3000000\r\n\r\n")
            try await client.send([UInt8](repeating: 0x61, count: 3_000_000))
            #expect(body(try await client.readToEnd()) == "streamed 3000000 3000000")
            try await client.close()
        }
    }

    @Test func goesOnAfterABodyThatTheViewLeftUnread() async throws {
        try await withServer { request in
            text("<\(request.target)>")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            let answer = try await client.read(until: "</1>")
            #expect(!answer.contains("Connection: close"))
            try await client.send([UInt8](repeating: 0x61, count: 100_000))
            try await client.send("GET /2 HTTP/1.0\r\n\r\n")
            #expect(try await client.readToEnd().contains("</2>"))
            try await client.close()
        }
    }

    @Test func closesAfterALargeBodyThatTheViewLeftUnread() async throws {
        try await withServer { request in
            text("<\(request.target)>")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
            // The answer is readable though the client goes on sending for a while.
            for _ in 0..<30 { try? await client.send([UInt8](repeating: 0x61, count: 100_000)) }
            let answer = try await client.readToEnd()
            #expect(answer.contains("</1>") && answer.contains("\r\nConnection: close\r\n"))
            try await client.close()
        }
    }

    @Test func asksForBodyOnlyWhenTheViewWantsIt() async throws {
        try await withServer { request in
            request.target == "/no" ? text("refused") : await Self.echo(request)
        } body: { server in
            let head = "HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
            let client = try await server.connect()
            try await client.send("POST /yes \(head)")
            let interim = try await client.read(until: "\r\n\r\n")
            #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("Hello")
            let answer = try await client.read(until: "streamed 5 Hello")
            #expect(!answer.contains("Connection: close"))
            try await client.close()

            // Whether the client sends the body after a refusal is unknown, so it ends there.
            let refused = try await server.connect()
            try await refused.send("POST /no \(head)")
            let refusal = try await refused.readToEnd()
            #expect(!refusal.contains("100 Continue"))
            #expect(refusal.hasSuffix("Connection: close\r\n\r\nrefused"))
            try await refused.close()
        }
    }

    @Test func replacesTheAnswerToAMalformedBody() async throws {
        try await withServer(respond: Self.echo) { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nHel\r\n"
            )
            try await server.settle()
            try await client.send("zz\r\n")
            let answer = try await client.readToEnd()
            #expect(status(answer) == 400)
            #expect(!answer.contains("failed"))
            try await client.close()
        }
    }

    @Test func stopsChunkedBodyAtTheLimit() async throws {
        try await withServer {
            $0.limits.maxBodySize = 1_000
        } respond: {
            await Self.echo($0)
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3E8\r\n"
                    + String(repeating: "x", count: 1_000) + "\r\n"
            )
            try await server.settle()
            try await client.send("1\r\n")
            #expect(status(try await client.readToEnd()) == 413)
            try await client.close()
        }
    }

    @Test func tellsViewThatTheClientLeft() async throws {
        let seen = AsyncStream.makeStream(of: String.self)
        try await withServer { request in
            do {
                _ = try await request.readAll()
            } catch {
                seen.continuation.yield("\(error)")
            }
            return text("x")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\nabc")
            try await server.settle()
            try await client.finishSending()
            var errors = seen.stream.makeAsyncIterator()
            #expect(await errors.next() == "\(HTTPError.clientDisconnected)")
            #expect(status(try await client.readToEnd()) == 400)
            try? await client.close()
        }
    }

    @Test func refusesReadingTwiceAndTooLate() async throws {
        let late = AsyncStream.makeStream(of: RequestBody.self)
        try await withServer { request in
            guard case .source(let source) = request.body.content else { return text("?") }
            late.continuation.yield(request.body)
            async let first = source.nextChunk()
            async let second = source.nextChunk()
            var texts: [String] = []
            do { _ = try await first } catch { texts.append("\(error)") }
            do { _ = try await second } catch { texts.append("\(error)") }
            return text(texts.joined())
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
            try await server.settle()
            try await client.send("abc")
            let answer = try await client.read(until: "one task.")
            #expect(
                answer.contains("The request body is already being read. Read it from one task.")
            )
            var bodies = late.stream.makeAsyncIterator()
            let request = Request(target: "/", body: await bodies.next()!)
            await #expect(throws: HTTPError.self) { try await request.readAll() }
            try await client.close()
        }
    }

    @Test func readsOnlyAsFastAsTheView() async throws {
        let size = 100_000_000
        let gate = Gate()
        try await withServer {
            $0.limits.maxBodySize = size
        } respond: { request in
            guard case .source(let source) = request.body.content else { return text("?") }
            var count = 0
            var largest = 0
            do {
                while let chunk = try await source.nextChunk() {
                    if count == 0 { try await gate.wait() }
                    count += chunk.count
                    largest = max(largest, chunk.count)
                }
            } catch {
                return text("\(error)")
            }
            return text("read \(count) \(largest <= 400_000)")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.0\r\nContent-Length: \(size)\r\n\r\n")
            let channel = client.channel
            let sent = channel.eventLoop.makePromise(of: Void.self)
            channel.writeAndFlush(ByteBuffer(repeating: 0x61, count: size), promise: sent)
            for _ in 0..<50 { try await server.settle() }
            // The kernel's buffers are full, and the server takes no more than its read-ahead.
            let waiting = try await channel.getOption(.bufferedWritableBytes).get()
            #expect(waiting > size / 2)
            gate.open()
            try await sent.futureResult.get()
            #expect(body(try await client.readToEnd()) == "read \(size) true")
            try await client.close()
        }
    }
}
