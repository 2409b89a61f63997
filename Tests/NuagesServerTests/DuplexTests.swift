import NIOCore
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

/// Bodies that are read while, or after, the answer is written.
@Suite(.timeLimit(.minutes(5))) struct DuplexTests {
    /// Streams the request's body back as it comes.
    static func echo(_ request: Request) -> Response {
        Response(
            body: .stream(length: nil) { writer in
                guard case .source(let source) = request.body.content else {
                    return try await writer.write(try await request.readAll())
                }
                while let chunk = try await source.nextChunk() { try await writer.write(chunk) }
            }
        )
    }

    static let chunked = "HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test func answersEachPieceBeforeTheNextIsSent() async throws {
        try await withServer { request in
            request.method == .get ? text("second") : Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / \(Self.chunked)")
            for piece in ["one", "two", "six"] {
                try await client.send("3\r\n\(piece)\r\n")
                _ = try await client.read(until: "3\r\n\(piece)\r\n")
            }
            try await client.send("0\r\n\r\nGET / HTTP/1.0\r\n\r\n")
            let answer = try await client.readToEnd()
            #expect(answer.contains("3\r\nsix\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("second"))
            try await client.close()
        }
    }

    @Test func keepsTheStartOfABodyThatTheAnswerReads() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / \(Self.chunked)5\r\nHello\r\n7\r\n wor")
            _ = try await client.read(until: "Hello wor")
            try await client.send("ld!\r\n0\r\n\r\n")
            let answer = try await client.read(until: "0\r\n\r\n")
            #expect(body(answer) == "9\r\nHello wor\r\n3\r\nld!\r\n0\r\n\r\n")
            try await client.close()
        }
    }

    @Test func readsOnlyAsFastAsTheAnswerIsRead() async throws {
        let size = 60_000_000
        try await withServer {
            $0.limits.maxBodySize = size
        } respond: {
            Self.echo($0)
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send("POST / HTTP/1.0\r\nContent-Length: \(size)\r\n\r\n")
            let channel = client.channel
            let sent = channel.eventLoop.makePromise(of: Void.self)
            channel.writeAndFlush(ByteBuffer(repeating: 0x61, count: size), promise: sent)
            for _ in 0..<50 { try await server.settle() }
            let waiting = try await channel.getOption(.bufferedWritableBytes).get()
            #expect(waiting > size / 2)
            try await channel.setOption(.autoRead, value: true).get()
            try await sent.futureResult.get()
            let received = try await client.read { _ in false }
            #expect(received.filter { $0 == 0x61 }.count >= size)
            try await client.close()
        }
    }

    @Test(arguments: [(length: 100_000, closes: false), (length: 3_000_000, closes: true)])
    func dropsTheRestOrClosesAtTheEnd(length: Int, closes: Bool) async throws {
        try await withServer { request in
            guard case .source(let source) = request.body.content else { return text("last") }
            return Response(
                body: .stream(length: nil) { writer in
                    guard let chunk = try await source.nextChunk() else { return }
                    try await writer.write(Array(chunk.prefix(3)))
                }
            )
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n"
            )
            try await client.send("abc")
            _ = try await client.read(until: "abc\r\n0\r\n\r\n")
            var rest = length - 3
            while rest > 0 {
                let count = min(rest, 100_000)
                try? await client.send([UInt8](repeating: 0x61, count: count))
                rest -= count
            }
            try? await client.send("GET /2 HTTP/1.0\r\n\r\n")
            let answer = try await client.readToEnd()
            #expect(answer.hasSuffix(closes ? "abc\r\n0\r\n\r\n" : "\r\n\r\nlast"))
            try? await client.close()
        }
    }

    @Test func aReaderThatOutlivesItsRequestSeesNothingOfTheNext() async throws {
        let ends = AsyncStream.makeStream(of: String.self)
        let hasStarted = Gate()
        try await withServer { request in
            guard request.target == "/1", case .source(let source) = request.body.content else {
                return text("<\((try? await request.readAll().count) ?? -1)>")
            }
            Task {
                do {
                    var count = 0
                    hasStarted.open()
                    while let chunk = try await source.nextChunk() { count += chunk.count }
                    ends.continuation.yield("read \(count)")
                } catch {
                    ends.continuation.yield("\(error)")
                }
            }
            try? await hasStarted.wait()
            return text("first")
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
            _ = try await client.read(until: "first")
            try await client.send([UInt8](repeating: 0x61, count: 50_000))
            try await client.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n")
            try await client.send([UInt8](repeating: 0x62, count: 40_000))
            #expect(try await client.read(until: ">").hasSuffix("<40000>"))
            var iterator = ends.stream.makeAsyncIterator()
            #expect(await iterator.next() == "\(HTTPError.requestIsOver)")
            try await client.close()
        }
    }

    @Test func aReaderOfAClosedConnectionIsTold() async throws {
        let ends = AsyncStream.makeStream(of: String.self)
        let gate = Gate()
        try await withServer { request in
            guard case .source(let source) = request.body.content else { return text("?") }
            ends.continuation.yield("started")
            try? await gate.wait()
            do { _ = try await source.nextChunk() } catch { ends.continuation.yield("\(error)") }
            // The task is cancelled with its connection; another one is not.
            let late = Task { try await source.nextChunk() }
            do { _ = try await late.value } catch { ends.continuation.yield("\(error)") }
            return text("late")
        } body: { server in
            var iterator = ends.stream.makeAsyncIterator()
            let client = try await server.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
            #expect(await iterator.next() == "started")
            try await client.reset()
            #expect(await iterator.next() == "\(CancellationError())")
            #expect(await iterator.next() == "\(HTTPError.clientDisconnected)")
        }
    }

    @Test func asksForTheBodyBeforeTheAnswerBegins() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("Hello")
            let answer = try await client.read(until: "0\r\n\r\n")
            #expect(answer.contains("5\r\nHello\r\n") && !answer.contains("Connection: close"))
            try await client.close()
        }
    }

    @Test func asksForNothingInsideAnAnswer() async throws {
        try await withServer { request in
            Response(
                body: .stream(length: nil) { writer in
                    try await writer.write(Array("begun ".utf8))
                    try await writer.write(try await request.readAll())
                }
            )
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            )
            let begun = try await client.read(until: "begun")
            #expect(begun.contains("\r\nConnection: close\r\n"))
            // A client that was answered may send its body all the same.
            try await client.send("Hello")
            let answer = try await client.readToEnd()
            #expect(!answer.contains("100 Continue"))
            #expect(answer.hasSuffix("5\r\nHello\r\n0\r\n\r\n"))
            try? await client.close()
        }
    }

    @Test func refusesAMalformedBodyWhereNothingWasWritten() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / \(Self.chunked)")
            try await server.settle()
            try await client.send("zz\r\n")
            #expect(status(try await client.readToEnd()) == 400)
            try await client.close()
        }
    }

    @Test func leavesOutTheEndAfterAMalformedBody() async throws {
        try await withServer { request in
            Self.echo(request)
        } body: { server in
            let client = try await server.connect()
            try await client.send("POST / \(Self.chunked)3\r\nabc\r\n")
            _ = try await client.read(until: "abc\r\n")
            try await client.send("zz\r\n")
            let answer = try await client.readToEnd()
            #expect(body(answer) == "3\r\nabc\r\n")
            try await client.close()
        }
    }
}
