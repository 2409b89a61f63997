import NuagesCore
import NuagesHTTP
import Testing

/// Requests that never leave the machine of a site with the settings of production.
@Suite struct LocalRequestTests {
    private static func answer(
        host: String = "127.0.0.1:8000",
        address: String = "127.0.0.1",
        fields: [String: String] = [:],
        isTLS: Bool = false,
        set: (inout HTTPSettings) -> Void = { _ in }
    ) async -> Response {
        var site = Site()
        site.settings.allowedHosts = ["127.0.0.1", "[::1]", "localhost", "example.com"]
        set(&site.settings)
        var headers: Headers = ["Host": host]
        for (name, value) in fields { headers[name] = value }
        return await site.application.handle(
            Request(target: "/form/", headers: headers, remoteAddress: address, isTLS: isTLS)
        )
    }

    @Test(arguments: [
        ("127.0.0.1:8000", "127.0.0.1"), ("localhost", "127.0.0.1"), ("[::1]:8000", "::1"),
        ("localhost:8000", "::ffff:127.0.0.1"),
    ])
    func areAnsweredWithoutTLS(_ host: String, _ address: String) async {
        let response = await Self.answer(host: host, address: address)
        #expect(response.status == .ok)
        let cookie = response.headers["Set-Cookie"] ?? ""
        #expect(cookie.utf8.starts(with: "csrftoken=".utf8))
        #expect(!cookie.contains("Secure"))
        #expect(cookie.contains("HttpOnly"))
        #expect(response.headers["Strict-Transport-Security"] == nil)
    }

    @Test(
        arguments: [
            ("example.com", "127.0.0.1", [:]), ("127.0.0.1", "192.0.2.1", [:]),
            ("127.0.0.1", "", [:]), ("localhost", "127.0.0.1", ["X-Forwarded-For": "192.0.2.1"]),
            ("localhost", "127.0.0.1", ["X-Forwarded-Proto": "http"]),
            ("localhost", "127.0.0.1", ["x-forwarded-anything": ""]),
            ("localhost", "127.0.0.1", ["Forwarded": "for=192.0.2.1"]),
            ("localhost", "127.0.0.1", ["Via": "1.1 proxy"]),
            ("localhost", "127.0.0.1", ["X-Real-IP": "192.0.2.1"]),
        ] as [(String, String, [String: String])]
    )
    func othersAreSentToHTTPS(_ host: String, _ address: String, _ fields: [String: String]) async {
        let response = await Self.answer(host: host, address: address, fields: fields)
        #expect(response.status.code == 308)
        #expect(response.headers["Location"]?.utf8.starts(with: "https://".utf8) == true)
    }

    @Test func aTrustedProxyOnThisMachineIsNoClient() async {
        let response = await Self.answer { $0.trustedProxies = ["127.0.0.1"] }
        #expect(response.status.code == 308)
    }

    @Test func byTLSTheCookieIsBoundToTheHost() async {
        let response = await Self.answer(isTLS: true)
        let cookie = response.headers["Set-Cookie"] ?? ""
        #expect(cookie.utf8.starts(with: "__Host-csrftoken=".utf8))
        #expect(cookie.contains("; Secure"))
    }
}
