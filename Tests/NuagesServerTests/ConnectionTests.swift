import NIOCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    @Test func answersClientThatHasClosedItsSide() async throws {
        let gate = Gate()
        try await withServer { request in
            if request.target == "/slow" { try? await gate.wait() }
            return text("<\(request.target)>")
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            try await client.finishSending()
            _ = try await client.read(until: "</1>")
            try await server.settle()
            gate.open()
            let answer = try await client.readToEnd()
            #expect(answer.contains("</slow>"))
            #expect(answer.hasSuffix("</2>"))
            try? await client.close()
        }
    }

    @Test(arguments: [
        "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ])
    func refusesRequestThatIsCutOff(input: String) async throws {
        try await withServer { request in
            _ = try? await request.readAll()
            return text("served")
        } body: { server in
            let client = try await server.connect()
            try await client.send(input)
            try await client.finishSending()
            let answer = try await client.readToEnd()
            #expect(status(answer) == 400)
            #expect(!answer.contains("served"))
            try? await client.close()
        }
    }

    @Test func closesWithoutAWordWhereNothingWasAsked() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            let client = try await server.connect()
            try await client.finishSending()
            #expect(try await client.readToEnd() == "")
            try? await client.close()
        }
    }

    /// A view that waits, and tells when it starts and how it ends.
    static func waiting(
        _ events: AsyncStream<String>.Continuation
    ) -> @Sendable (Request) async -> Response {
        let gate = Gate()
        return { _ in
            events.yield("started")
            do {
                try await gate.wait()
            } catch {
                events.yield("cancelled")
            }
            return text("late")
        }
    }

    @Test func cancelsViewOfClientThatIsGone() async throws {
        let events = AsyncStream.makeStream(of: String.self)
        try await withServer(respond: Self.waiting(events.continuation)) { server in
            var iterator = events.stream.makeAsyncIterator()
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await iterator.next() == "started")
            try await client.reset()
            #expect(await iterator.next() == "cancelled")
        }
    }

    @Test func cancelsViewOfClientThatClosedItsSideAfterAWhile() async throws {
        let events = AsyncStream.makeStream(of: String.self)
        try await withServer(respond: Self.waiting(events.continuation)) { server in
            var iterator = events.stream.makeAsyncIterator()
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await iterator.next() == "started")
            try await client.finishSending()
            try await server.settle()
            await server.clock.advance(by: .seconds(4))
            #expect(await iterator.next() == "cancelled")
            #expect(try await client.readToEnd().hasSuffix("late"))
            try? await client.close()
        }
    }

    @Test func holdsManyIdleConnections() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            let clients = try await withThrowingTaskGroup(of: RawClient.self) { group in
                for _ in 0..<1_000 { group.addTask { try await server.connect() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for number in 0..<50 {
                try await clients[number * 20].send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET")
                _ = try await clients[number * 20].read(until: "served")
            }
            // All are closed in their time, and new ones are served as before.
            try await server.settle()
            await server.clock.advance(by: .seconds(16))
            for client in clients {
                try await client.waitForEnd()
                try? await client.close()
            }
            #expect(body(try await server.exchange("GET / HTTP/1.0\r\n\r\n")) == "served")
        }
    }

    @Test func servesWhileOthersNeverFinishTheirHead() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            var slow: [RawClient] = []
            for _ in 0..<60 {
                let client = try await server.connect()
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
                slow.append(client)
            }
            #expect(body(try await server.exchange("GET / HTTP/1.0\r\n\r\n")) == "served")
            for client in slow { try await client.close() }
        }
    }
}
