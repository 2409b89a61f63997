import Logging
import NuagesHTTP
import ServerTestSupport
import ServiceLifecycle
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct ShutdownTests {
    @Test func finishesRequestsInFlight() async throws {
        let gate = Gate()
        let started = AsyncStream.makeStream(of: Bool.self)
        try await withServer { _ in
            started.continuation.yield(true)
            try? await gate.wait()
            return text("finished")
        } body: { server in
            let idle = try await server.connect()
            let busy = try await server.connect()
            try await server.settle()
            try await busy.send(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            var events = started.stream.makeAsyncIterator()
            _ = await events.next()
            await server.trigger()
            // Idle connections end at once, and no new one is accepted.
            #expect(try await idle.readToEnd() == "")
            await #expect(throws: (any Error).self) { try await server.connect() }
            gate.open()
            let answer = try await busy.readToEnd()
            #expect(answer.hasSuffix("Connection: close\r\n\r\nfinished"))
            #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 1)
            try? await idle.close()
            try? await busy.close()
        }
    }

    @Test func closesRequestsThatTakeTooLong() async throws {
        let events = AsyncStream.makeStream(of: String.self)
        let log = RecordingLog()
        try await withServer(
            logger: log.logger,
            respond: ConnectionTests.waiting(events.continuation)
        ) { server in
            let client = try await server.connect()
            try await client.send("GET /films/?token=secret HTTP/1.1\r\nHost: a\r\n\r\n")
            var iterator = events.stream.makeAsyncIterator()
            #expect(await iterator.next() == "started")
            let idle = try await server.connect()
            try await server.settle()
            await server.trigger()
            // Shutdown has reached the loops once the idle connection is gone.
            try await idle.waitForEnd()
            // The loops may be gone before the last tick, so nothing waits for it.
            Task { await server.clock.advance(by: .seconds(21)) }
            #expect(await iterator.next() == "cancelled")
            #expect(try await client.readToEnd() == "")
            let text = "Requests that were cut off by the end of the server: 1: GET /films/"
            #expect(log.lines.contains { $0.level == .warning && $0.message == text })
            try? await client.close()
            try? await idle.close()
        }
    }

    @Test func endsAtOnceWhenCancelled() async throws {
        let events = AsyncStream.makeStream(of: String.self)
        let addresses = AsyncStream.makeStream(of: ServerAddress.self)
        var configuration = ServerConfiguration(port: 0)
        configuration.isAccessLogEnabled = false
        let server = Server(
            ClosureHandler(respond: ConnectionTests.waiting(events.continuation)),
            configuration: configuration
        ) { addresses.continuation.yield($0) }
        let run = Task { try await server.run() }
        var iterator = addresses.stream.makeAsyncIterator()
        let address = await iterator.next()!
        #expect(address.host == "127.0.0.1" && address.port > 0)
        let client = try await RawClient.connect(port: address.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        var seen = events.stream.makeAsyncIterator()
        #expect(await seen.next() == "started")
        run.cancel()
        #expect(await seen.next() == "cancelled")
        try await run.value
        try? await client.close()
    }

    @Test func saysWhyItCannotListen() async throws {
        try await withServer { _ in
            text("x")
        } body: { server in
            let second = Server(
                ClosureHandler { _ in text("y") },
                configuration: ServerConfiguration(port: server.port)
            )
            let error = await #expect(throws: ServerError.self) { try await second.run() }
            #expect(
                error?.description
                    == "Cannot listen on 127.0.0.1:\(server.port): the address is already in use. "
                    + "Stop the program that uses it ('ss -lptn' names it), or choose another "
                    + "address."
            )
        }
    }

    @Test(arguments: [
        (ServerAddress(host: "127.0.0.1", port: 80), "127.0.0.1:80"),
        (ServerAddress(host: "::1", port: 8_000), "[::1]:8000"),
    ])
    func writesAddresses(address: ServerAddress, text: String) {
        #expect(address.description == text)
    }
}
