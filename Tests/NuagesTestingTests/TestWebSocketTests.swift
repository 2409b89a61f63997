import NuagesHTTP
import NuagesTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct TestWebSocketTests {
    private static func client(
        _ converse: @escaping @Sendable (WebSocket) async throws -> Void
    ) -> TestClient {
        var settings = HTTPSettings()
        settings.allowedHosts = [TestClient.host]
        let routes = Routes {
            Route(
                "ws/",
                (),
                view: {
                    try .webSocket($0, options: WebSocketOptions(subprotocols: ["v1"]), converse)
                }
            )
        }
        return TestClient(Application(settings: settings, routes: routes))
    }

    @Test func talksToAView() async throws {
        let client = Self.client { socket in
            for try await message in socket.messages { try await socket.send(message) }
        }
        try await client.webSocket("/ws/", subprotocols: ["v2", "v1"]) { socket in
            #expect(socket.subprotocol == "v1")
            socket.send("Hello")
            socket.send([1, 2])
            let messages = [try await socket.receive(), try await socket.receive()]
            #expect(messages == [.text("Hello"), .binary([1, 2])])
            socket.close()
            let last = try await socket.receive()
            #expect(last == nil)
            #expect(socket.closing?.code == .normal)
        }
    }

    @Test func seesHowTheViewCloses() async throws {
        let client = Self.client { try await $0.close(.policyViolation, reason: "no") }
        try await client.webSocket("/ws/") { socket in
            let message = try await socket.receive()
            #expect(message == nil)
            #expect(socket.closing == WebSocketClosing(.policyViolation, reason: "no"))
        }
    }

    @Test func endsTheViewWhenTheTestIsDone() async throws {
        let client = Self.client { socket in
            while true { try await socket.send("tick") }
        }
        try await client.webSocket("/ws/") { socket in
            let message = try await socket.receive()
            #expect(message == .text("tick"))
        }
    }

    @Test func saysThatTheSiteRefused() async throws {
        let client = Self.client { _ in }
        await #expect(throws: TestClient.Failure.self) {
            try await client.webSocket("/ws/", headers: ["Origin": "https://evil.example"]) { _ in }
        }
        await #expect(throws: TestClient.Failure.self) {
            try await client.webSocket("/other/") { _ in }
        }
    }
}
