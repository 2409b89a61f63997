import NuagesHTTP
import Testing

@Suite struct WebSocketHandshakeTests {
    private static func answer(
        origin: String?,
        site: String? = nil,
        protocols: String? = nil,
        isTLS: Bool = true,
        trusted: [String] = [],
        options: WebSocketOptions = WebSocketOptions()
    ) async -> Response {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        settings.trustedOrigins = trusted
        var headers: Headers = [
            "Host": "example.com", "Upgrade": "WebSocket", "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        headers["Origin"] = origin
        headers["Sec-Fetch-Site"] = site
        headers["Sec-WebSocket-Protocol"] = protocols
        let application = Application(
            settings: settings,
            routes: Routes {
                Route("ws/", (), view: { try .webSocket($0, options: options) { _ in } })
            }
        )
        return await application.handle(Request(target: "/ws/", headers: headers, isTLS: isTLS))
    }

    @Test(
        arguments: [
            (nil, nil, 101), ("https://example.com", nil, 101),
            ("https://example.com", "same-origin", 101), ("https://evil.example", nil, 403),
            ("http://example.com", nil, 403), ("https://example.com:8443", nil, 403),
            ("https://example.com.evil.example", nil, 403), ("null", nil, 403),
            ("https://example.com", "cross-site", 403), (nil, "cross-site", 403),
            (nil, "same-site", 403),
        ] as [(String?, String?, Int)]
    )
    func takesPagesOfTheSiteOnly(_ origin: String?, _ site: String?, code: Int) async {
        #expect(await Self.answer(origin: origin, site: site).status.code == code)
    }

    @Test func takesTrustedOrigins() async {
        let trusted = ["https://*.example.org"]
        for (origin, code) in [("https://app.example.org", 101), ("https://example.net", 403)] {
            #expect(await Self.answer(origin: origin, trusted: trusted).status.code == code)
        }
        var options = WebSocketOptions()
        options.allowedOrigins = ["https://example.net"]
        #expect(
            await Self.answer(origin: "https://example.net", options: options).status.code == 101
        )
        options.allowedOrigins = ["*"]
        #expect(await Self.answer(origin: "https://a.example", options: options).status.code == 101)
    }

    @Test(
        arguments: [
            (nil, nil), ("v1", "v1"), ("v3, v2, v1", "v2"), ("v3", nil), ("V1", nil), ("", nil),
        ] as [(String?, String?)]
    )
    func choosesTheFirstKnownSubprotocol(_ offered: String?, _ chosen: String?) async {
        let answer = await Self.answer(
            origin: nil,
            protocols: offered,
            options: WebSocketOptions(subprotocols: ["v1", "v2"])
        )
        #expect(answer.headers["Sec-WebSocket-Protocol"] == chosen)
        // No extension is agreed on.
        #expect(answer.headers["Sec-WebSocket-Extensions"] == nil)
    }
}
