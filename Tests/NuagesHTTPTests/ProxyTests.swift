import NuagesCore
import Testing

@testable import NuagesHTTP

@Suite struct ProxyTests {
    static func request(
        peer: String = "10.0.0.1",
        trusted: [String] = ["10.0.0.0/8", "fd00::/8"],
        usesForwarded: Bool = false,
        headers: Headers
    ) -> Request {
        var headers = headers
        headers.setDefault("Host", "example.com")
        let request = Request(target: "/", headers: headers, remoteAddress: peer)
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com", "outer.example"]
        settings.trustedProxies = trusted
        settings.usesForwarded = usesForwarded
        settings.secureProxyTLSHeader = ("X-Forwarded-Proto", "https")
        request.prepare(for: settings)
        return request
    }

    static let chains: [(String?, String)] = [
        (nil, "10.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        // The client wrote what stands further out.
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.7, fd00::1", "203.0.113.9"),
        ("10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("203.0.113.9,", "10.0.0.1"),
        ("unknown", "10.0.0.1"),
        ("evil, 10.0.0.8", "10.0.0.8"),
        ("010.0.0.1", "10.0.0.1"),
        ("203.0.113.9:x", "10.0.0.1"),
        ("<script>", "10.0.0.1"),
    ]

    @Test(arguments: chains.indices)
    func findsTheClientBehindTrustedProxies(_ index: Int) {
        let (header, address) = Self.chains[index]
        var headers = Headers()
        headers["X-Forwarded-For"] = header
        #expect(Self.request(headers: headers).clientAddress == address)
    }

    @Test func severalFieldsAreOneChain() {
        var headers: Headers = ["X-Forwarded-For": "6.6.6.6"]
        headers.append("X-Forwarded-For", "203.0.113.9")
        #expect(Self.request(headers: headers).clientAddress == "203.0.113.9")
    }

    /// ADM4: an address that an untrusted peer writes is not believed.
    @Test(arguments: [
        ("203.0.113.1", ["10.0.0.0/8"]), ("10.0.0.1", []), ("11.0.0.1", ["10.0.0.0/8"]),
        ("", ["10.0.0.0/8"]), ("10.0.0.1", ["10.0.0.1/8", "x", ""]),
        ("::ffff:11.0.0.1", ["10.0.0.0/8"]),
    ])
    func believesNobodyElse(_ peer: String, trusted: [String]) {
        let request = Self.request(
            peer: peer,
            trusted: trusted,
            headers: ["X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"]
        )
        #expect(request.clientAddress != "127.0.0.1")
        #expect(!request.isSecure)
        #expect(!request.isFromTrustedProxy)
    }

    @Test(arguments: [
        ("::ffff:10.0.0.1", ["10.0.0.0/8"]), ("10.0.0.1", ["*"]), ("", ["unix"]),
        ("fd00::5%eth0", ["fd00::/8"]),
    ])
    func knowsAProxyInEveryForm(_ peer: String, trusted: [String]) {
        let request = Self.request(
            peer: peer,
            trusted: trusted,
            headers: ["X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"]
        )
        #expect(request.isFromTrustedProxy)
        #expect(request.isSecure)
        #expect(trusted == ["*"] || request.clientAddress == "203.0.113.9")
    }

    /// CVE-2026-3902, CVE-2015-0219: `_` is no `-`.
    @Test func underscoresAreAnotherField() {
        let request = Self.request(headers: [
            "X_Forwarded_Proto": "https", "X_Forwarded_For": "127.0.0.1",
        ])
        #expect(!request.isSecure)
        #expect(request.clientAddress == "10.0.0.1")
    }

    // MARK: Forwarded

    static let forwarded: [(String, address: String, scheme: String, host: String)] = [
        ("for=203.0.113.9;proto=https;host=outer.example", "203.0.113.9", "https", "outer.example"),
        ("For=\"[2001:db8::1]:80\"; Proto=HTTPS", "2001:db8::1", "https", "example.com"),
        ("for=\"\\2\\0\\3.0.113.9\"", "203.0.113.9", "http", "example.com"),
        (
            "for=6.6.6.6;proto=https, for=203.0.113.9;proto=http", "203.0.113.9", "http",
            "example.com"
        ),
        (
            "for=203.0.113.9;proto=https;host=outer.example, for=10.0.0.2;proto=http",
            "203.0.113.9", "https", "outer.example"
        ),
        ("for=_hidden;proto=https", "10.0.0.1", "https", "example.com"),
        ("for=unknown", "10.0.0.1", "http", "example.com"),
        ("for=\"203.0.113.9, for=127.0.0.1\"", "10.0.0.1", "http", "example.com"),
        ("nonsense", "10.0.0.1", "http", "example.com"),
        ("", "10.0.0.1", "http", "example.com"),
    ]

    @Test(arguments: forwarded.indices)
    func readsForwarded(_ index: Int) throws {
        let (header, address, scheme, host) = Self.forwarded[index]
        let request = Self.request(usesForwarded: true, headers: ["Forwarded": header])
        #expect(request.clientAddress == address)
        #expect(request.scheme == scheme)
        #expect(try request.host() == host)
    }

    /// A proxy that writes one of the two hands on the other as the client sent it.
    @Test func onlyOneOfTheTwoIsRead() {
        let headers: Headers = [
            "Forwarded": "for=203.0.113.1;proto=https", "X-Forwarded-For": "203.0.113.2",
            "X-Forwarded-Proto": "https",
        ]
        #expect(Self.request(headers: headers).clientAddress == "203.0.113.2")
        let request = Self.request(usesForwarded: true, headers: headers)
        #expect(request.clientAddress == "203.0.113.1")
        var plain = headers
        plain["Forwarded"] = "for=203.0.113.1"
        #expect(!Self.request(usesForwarded: true, headers: plain).isSecure)
    }

    @Test func aForwardedHostIsCheckedAsWell() {
        let request = Self.request(
            usesForwarded: true,
            headers: ["Forwarded": "for=203.0.113.9;host=evil.example"]
        )
        #expect(throws: HTTPError.self) { try request.host() }
    }

    @Test func longChainsAreBounded() {
        let chain = String(repeating: "10.0.0.2,", count: 10_000) + "10.0.0.3"
        #expect(Self.request(headers: ["X-Forwarded-For": chain]).clientAddress == "10.0.0.2")
    }

    @Test func checksTheSettings() {
        var settings = HTTPSettings()
        #expect(settings.proxyProblems.isEmpty)
        settings.usesXForwardedHost = true
        #expect(settings.proxyProblems.map(\.id) == ["http.W001"])
        settings.trustedProxies = ["10.0.0.1/8", "unix", "*", "::1", "proxy.local"]
        #expect(settings.proxyProblems.map(\.id) == ["http.E001", "http.E001"])
        #expect(
            settings.proxyProblems.first?.message
                == "TRUSTED_PROXIES has '10.0.0.1/8', which is no address."
        )
    }
}
