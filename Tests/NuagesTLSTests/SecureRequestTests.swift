import NIOCore
import NuagesCore
import NuagesHTTP
import NuagesServer
import ServerTestSupport
import Testing

private func describe(_ request: Request) async throws -> Response {
    .text("\(request.scheme) \(request.isSecure) \(try request.buildAbsoluteURI("/a"))")
}

private func converse(_ request: Request) async throws -> Response {
    try .webSocket(request) { socket in
        for try await message in socket.messages { try await socket.send(message) }
    }
}

/// What a site makes of requests that came encrypted.
@Suite(.timeLimit(.minutes(2))) struct SecureRequestTests {
    private static var application: Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["localhost"]
        return Application(
            settings: settings,
            middleware: .standard(settings: settings),
            routes: Routes {
                #path("", describe)
                #path("ws/", converse)
            }
        )
    }

    private static let policy = "strict-transport-security: max-age=63072000; includesubdomains"

    @Test(arguments: ["--http2", "--http1.1"])
    func knowsThatTheyAreSecure(_ version: String) async throws {
        try await withServer(handler: Self.application) { server in
            let answer = try await server.curl([version, "-i"])
            #expect(answer.output.hasSuffix("https true https://localhost:\(server.port)/a"))
            #expect(answer.output.lowercased().contains(Self.policy))
        }
    }

    @Test func hasThePolicyInTheServersOwnAnswers() async throws {
        try await withServer(handler: Self.application) { server in
            let client = try await H2Client.open(server, protocols: ["http/1.1"])
            try await client.send("GET\r\n\r\n")
            let answer = try await client.read(until: "400 Bad Request\n").lowercased()
            #expect(answer.hasPrefix("http/1.1 400 "))
            #expect(answer.contains(Self.policy))
            await client.close()
            let other = try await server.curl(["--http2", "-i", "-H", "Expect: teapot"])
            #expect(other.output.lowercased().hasPrefix("http/2 417"))
            #expect(other.output.lowercased().contains(Self.policy))
        }
    }

    @Test func conversesByWebSocket() async throws {
        try await withServer(handler: Self.application) { server in
            let client = try await H2Client.open(server, protocols: ["http/1.1"])
            try await client.send(
                "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nOrigin: https://localhost\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            let head = try await client.read(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            // "Hello", masked, as RFC 6455 has it in section 5.7.
            let frame: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
            try await client.channel.writeAndFlush(ByteBuffer(bytes: frame))
            #expect(try await client.read(until: "Hello").hasSuffix("\u{5}Hello"))
            await client.close()
        }
    }

    @Test func refusesPagesOfHTTPToConverse() async throws {
        try await withServer(handler: Self.application) { server in
            let answer = try await server.curl(
                [
                    "--http1.1", "-w", "%{http_code}", "-o", "/dev/null", "-H",
                    "Upgrade: websocket", "-H", "Connection: Upgrade", "-H",
                    "Origin: http://localhost:\(server.port)", "-H", "Sec-WebSocket-Version: 13",
                    "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                ],
                path: "/ws/"
            )
            #expect(answer.output == "403")
        }
    }

    @Test func cancelsTheViewOfAClientThatIsGone() async throws {
        let view = EndlessView()
        try await withServer { request in
            await view.respond(request)
        } body: { server in
            let client = try await H2Client.open(server, protocols: ["http/1.1"])
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await view.next() == "started")
            await client.close()
            await server.clock.advance(by: .seconds(4))
            #expect(await view.next() == "cancelled")
        }
    }

    @Test func countsAConnectionOnce() async throws {
        try await withServer {
            $0.limits.maxConnections = 2
        } respond: { _ in
            text("served")
        } body: { server in
            let first = try await H2Client.open(server)
            let second = try await H2Client.open(server)
            for client in [first, second] {
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.read(until: "served").hasPrefix("HTTP/1.1 200 "))
            }
            let third = try await H2Client.open(server)
            let answer = try await third.read(until: "never")
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("\r\nRetry-After: 1\r\n"))
            let fourth = try await H2Client.connect(server)
            try await fourth.send(.request(1))
            let frames = try await fourth.read(stream: 1)
            #expect(frames.body(1) == "503 Service Unavailable\n", "\(frames)")
            await fourth.close()
            await first.close()
            await second.close()
        }
    }
}
