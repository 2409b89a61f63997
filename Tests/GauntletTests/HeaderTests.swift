import Nuages
import NuagesTesting
import Testing

@testable import Gauntlet

@Suite struct HeaderTests {
    private static let expected: [(name: String, value: String)] = [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Origin-Agent-Cluster", "?1"),
        ("X-Permitted-Cross-Domain-Policies", "none"), ("X-XSS-Protection", "0"),
        ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
    ]

    @Test(arguments: [
        "/", "/search/", "/nowhere/", "/error/", "/static/gauntlet/app.css", "/static/nothing",
        "/search", "/item/1/", "/%ff", "/json/", "/download/?name=report.txt", "/hostecho/",
    ])
    func sendsTheSecurityHeadersOnce(_ path: String) async throws {
        try await withGauntlet { (client) async throws in
            let headers = try await client.get(path).headers
            for (name, value) in Self.expected {
                #expect(headers.values(of: name) == [value], "\(path) \(name)")
            }
            let policy = headers.values(of: "Content-Security-Policy")
            #expect(policy.count == 1)
            #expect(policy.first?.contains("default-src 'none'") == true)
            #expect(policy.first?.contains("frame-ancestors 'none'") == true)
            #expect(headers.values(of: "Permissions-Policy").count == 1)
            for name in ["Server", "X-Powered-By", "Access-Control-Allow-Origin"] {
                #expect(headers[name] == nil, "\(path) \(name)")
            }
        }
    }

    @Test(arguments: [
        "evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:80:80",
        "testserver:x", "[::1", "testserver/../x", "testserver\\x", "", ".testserver",
        "testserver..",
        "xtestserver", "127.0.0.1", "localhost", "testserver%00", "testserver#x", "testserver?x",
        "*", "test_server", "TESTSERVER.", "testserver,evil.example",
    ])
    func takesItsOwnHostOnly(_ host: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.get("/hostecho/", headers: ["Host": host])
            if host == "TESTSERVER." {
                #expect(answer.status == 200)
            } else {
                #expect(answer.status == 400, "\(answer.text)")
                #expect(host.isEmpty || host == "*" || !answer.text.contains(host))
            }
        }
    }

    @Test(arguments: [
        ["X-Forwarded-Host": "evil.example"], ["X-Forwarded-Proto": "http"],
        ["X_Forwarded_Host": "evil.example"], ["Forwarded": "host=evil.example;proto=http"],
        ["X-Original-URL": "/error/"], ["X-Rewrite-URL": "/error/"],
        ["X-HTTP-Method-Override": "POST"],
        ["X-Forwarded-Port": "1"],
    ])
    func believesNobodysForwardedFields(_ fields: [String: String]) async throws {
        try await withGauntlet { (client) async throws in
            var headers: Headers = [:]
            for (name, value) in fields { headers[name] = value }
            let answer = try await client.get("/hostecho/", headers: headers)
            #expect(answer.status == 200)
            #expect(answer.text == "https://testserver/hostecho/")
        }
    }

    @Test func hasNoBodyForHead() async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.send(.head, "/search/")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
        }
    }
}
