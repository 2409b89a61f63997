import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct EventStreamServingTests {
    private static let request = "GET /news HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 6\r\n\r\n"

    @Test func sendsEachEventAtOnce() async throws {
        let gate = Gate()
        try await withServer { request in
            .events { stream in
                try await stream.send("one\ntwo", event: "news", id: request.lastEventID)
                try await gate.wait()
                try await stream.send("three")
            }
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request)
            let first = try await client.read(until: "data: two\n\n")
            #expect(first.contains("\r\nContent-Type: text/event-stream\r\n"))
            #expect(first.contains("event: news\nid: 6\ndata: one\ndata: two\n\n"))
            #expect(!first.contains("three"))
            gate.open()
            #expect(try await client.read(until: "0\r\n\r\n").contains("data: three\n\n"))
            try await client.close()
        }
    }

    /// The view of the guide, whatever a client says that it has seen last.
    @Test(arguments: [
        ("9223372036854775807", "1"), ("4294967295", "0"), ("4294967296", "1"), ("7", "8"),
        ("-1", "1"), ("", "1"), ("x", "1"),
    ])
    func countsOnFromAnyID(_ last: String, _ next: String) async throws {
        try await withServer { request in
            .events { stream in
                var number = request.lastEventID.flatMap { UInt32($0) } ?? 0
                number &+= 1
                try await stream.send("tick", id: "\(number)")
            }
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: \(last)\r\n\r\n"
            )
            #expect(try await client.read(until: "data: tick\n\n").contains("id: \(next)\n"))
            try await client.close()
        }
    }

    @Test func cancelsTheViewOfAPageThatIsGone() async throws {
        let events = AsyncStream.makeStream(of: Bool.self)
        try await withServer { _ in
            .events { _ in
                try? await Gate().wait()
                events.continuation.yield(Task.isCancelled)
            }
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request)
            _ = try await client.read(until: ":\n\n")
            try await client.reset()
            var iterator = events.stream.makeAsyncIterator()
            #expect(await iterator.next() == true)
        }
    }

    @Test func endsInGoodOrderWhenTheServerStops() async throws {
        try await withServer { _ in
            .events { stream in
                try await stream.send("one")
                try await Gate().wait()
            }
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request)
            _ = try await client.read(until: "data: one\n\n")
            await server.trigger()
            #expect(try await client.readToEnd().hasSuffix("\r\n0\r\n\r\n"))
            try await client.close()
        }
    }

    @Test func keepsTheConnectionAliveByComments() async throws {
        try await withServer { _ in
            .events(keepAlive: .milliseconds(1)) { _ in try await Gate().wait() }
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request)
            _ = try await client.read(until: ":\n\n", count: 3)
            try await client.close()
        }
    }
}
