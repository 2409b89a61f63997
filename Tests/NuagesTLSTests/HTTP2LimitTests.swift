import NuagesCore
import NuagesHTTP
import NuagesServer
import ServerTestSupport
import Synchronization
import Testing

/// The limits that a connection of HTTP/1.1 has, on one of HTTP/2.
@Suite(.timeLimit(.minutes(2))) struct HTTP2LimitTests {
    @Test func endsAConnectionWhoseHeadNeverComesToItsEnd() async throws {
        let pieces: [Frame] = [
            // Without its end: no more of it comes.
            Frame(type: Frame.headers, stream: 1, payload: Frame.block(Frame.get)),
            Frame(type: Frame.settings),
        ]
        try await withServer { _ in
            text("fine")
        } body: { server in
            for piece in pieces {
                let client = try await H2Client.connect(server)
                _ = try await client.read { frames, _ in
                    frames.contains { $0.type == Frame.settings }
                }
                try await client.send(piece)
                await server.clock.advance(by: .seconds(16))
                await server.clock.advance(by: .seconds(6))
                #expect(try await client.readToEnd().body(1) == "")
            }
        }
    }

    @Test func cutsOffWhatTakesTooLongWhenTheServerStops() async throws {
        let view = EndlessView()
        try await withH2Client { request in
            await view.respond(request)
        } body: { client, server in
            try await client.send(.request(1))
            #expect(await view.next() == "started")
            await server.trigger()
            _ = try await client.read { frames, isEnded in isEnded || frames.goAway != nil }
            // The loops may be gone before the last tick, so nothing waits for it.
            Task { await server.clock.advance(by: .seconds(21)) }
            #expect(await view.next() == "cancelled")
            #expect(try await client.readToEnd().body(1) == "")
        }
    }

    /// CVE-2025-8671: the client makes mistakes for which the server resets its streams.
    @Test func endsAConnectionThatHasItsStreamsReset() async throws {
        let count = Mutex(0)
        try await withH2Client { _ in
            count.withLock { $0 += 1 }
            try? await Gate().wait()
            return text("late")
        } body: { client, _ in
            for number in 0..<UInt32(2_000) {
                let stream = number * 2 + 1
                try await client.send(
                    .request(stream),
                    Frame(type: Frame.windowUpdate, stream: stream, payload: Frame.number(0))
                )
            }
            let frames = try await client.readToEnd()
            #expect(frames.goAway ?? 11 == 11)
            #expect(count.withLock { $0 } <= 202)
        }
    }
}
