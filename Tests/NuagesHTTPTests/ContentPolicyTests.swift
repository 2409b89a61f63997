import NuagesCore
import Testing

@testable import NuagesHTTP

@Suite struct ContentPolicyTests {
    static func page(_ request: Request) async throws -> Response { .text("page") }
    static func script(_ request: Request) async throws -> Response { .text(request.cspNonce) }

    static let loose: ContentSecurityPolicy = {
        var policy = ContentSecurityPolicy()
        policy["default-src"] = [.self, .init("https://cdn.example.net")]
        return policy
    }()

    static func site(_ security: SecurityMiddleware.Options) -> Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        return application(middleware: .standard(settings: settings, security: security)) {
            #path("page/", Self.page)
            #path("script/", Self.script)
            #path("loose/", Self.page).csp(Self.loose)
            #path("none/", Self.page).csp(nil)
            #path("trial/", Self.page).cspReportOnly(Self.loose)
            #path("silent/", Self.page).cspReportOnly(nil)
            #path("loose/framed/", Self.page).csp(Self.loose).framing(.sameOrigin)
            #path(
                "inside/",
                include: Routes {
                    #path("", Self.page)
                    #path("own/", Self.page).csp(.strict)
                }
            ).csp(Self.loose)
            CSPReports.route("csp-report/")
        }
    }

    @Test(arguments: [
        ("/loose/", "default-src 'self' https://cdn.example.net; upgrade-insecure-requests"),
        ("/none/", nil),
        ("/inside/", "default-src 'self' https://cdn.example.net; upgrade-insecure-requests"),
        (
            "/loose/framed/",
            "default-src 'self' https://cdn.example.net; frame-ancestors 'self'; "
                + "upgrade-insecure-requests"
        ),
    ])
    func routesHaveTheirOwn(_ target: String, policy: String?) async {
        let response = await Self.site(.init()).get(target)
        #expect(response.headers["Content-Security-Policy"] == policy)
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test func anInnerRouteWins() async {
        let response = await Self.site(.init()).get("/inside/own/")
        #expect(
            response.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true
        )
    }

    /// The route that sites get for reports leaves one of their own in its place.
    @Test(arguments: [([HTTPMethod.post], 1), ([.get], 2)])
    func aRouteOfTheSiteForReportsStands(_ methods: [HTTPMethod], _ count: Int) {
        let routes = Routes { #path("csp-report/", Self.page, methods: methods) }
        #expect(routes.takingReports(at: "csp-report/").routes.count == count)
        #expect(routes.takingReports(at: "others/").routes.count == 2)
    }

    @Test func reportOnlyIsARoutesChoiceToo() async {
        var security = SecurityMiddleware.Options()
        security.reportOnlyPolicy = .strict
        let name = "Content-Security-Policy-Report-Only"
        let site = Self.site(security)
        #expect(await site.get("/page/").headers[name]?.hasPrefix("default-src 'none'") == true)
        #expect(
            await site.get("/trial/").headers[name]
                == "default-src 'self' https://cdn.example.net"
        )
        #expect(await site.get("/silent/").headers[name] == nil)
        // The nonce of the page is in both.
        let script = await site.get("/script/")
        let nonce = "'nonce-\(script.text ?? "")'"
        #expect(script.headers[name]?.contains(nonce) == true)
        #expect(script.headers["Content-Security-Policy"]?.contains(nonce) == true)
    }

    @Test func namesTheReportPath() async {
        var security = SecurityMiddleware.Options()
        security.reportPath = "/csp-report/"
        for target in ["/page/", "/script/", "/loose/", "/nothing/"] {
            let response = await Self.site(security).get(target)
            #expect(response.headers["Reporting-Endpoints"] == "csp=\"/csp-report/\"")
            let policy = response.headers["Content-Security-Policy"] ?? ""
            #expect(policy.contains("; report-uri /csp-report/; report-to csp; upgrade-"))
        }
    }

    @Test func whatCouldEndADirectiveIsLeftOut() {
        var policy = ContentSecurityPolicy()
        policy["img-src"] = [.self, .init("a; script-src *"), .init("b, default-src *")]
        policy["script-src"] = [.init("x\r\nSet-Cookie: a=b")]
        policy["a; script-src *"] = [.self]
        #expect(policy.text(nonce: nil) == "img-src 'self'; script-src 'none'")
        var options = SecurityMiddleware.Options()
        options.contentSecurityPolicy = policy
        let ids = SecurityMiddleware(options: options).check(forDeployment: false).map(\.id)
        #expect(ids == Array(repeating: "middleware.E006", count: 4))
    }

    @Test func checksTheValuesOfHeaders() {
        var options = SecurityMiddleware.Options()
        options.referrerPolicy = "same-origin, nowhere"
        options.crossOriginOpenerPolicy = "mine"
        options.reportPath = "https://other.example"
        let broken = SecurityMiddleware(options: options).check(forDeployment: false)
        #expect(broken.map(\.id) == ["security.E023", "security.E024", "middleware.E007"])
        #expect(broken.first?.message == "'nowhere' is no value of Referrer-Policy.")
        options = SecurityMiddleware.Options()
        #expect(SecurityMiddleware(options: options).check(forDeployment: true).isEmpty)
        options.hstsIncludesSubdomains = false
        options.isNoSniff = false
        options.referrerPolicy = ""
        options.contentSecurityPolicy = nil
        #expect(
            SecurityMiddleware(options: options).check(forDeployment: true).map(\.id) == [
                "security.W005", "security.W006", "security.W022", "security.W102",
            ]
        )
    }
}

@Suite struct CSPReportTests {
    static func send(_ body: String, type: String = "application/csp-report") async -> Response {
        await ContentPolicyTests.site(.init()).get(
            "/csp-report/",
            .post,
            headers: ["Content-Type": type],
            body: body,
            // Each call has a bucket of its own.
            address: "10.\(Int.random(in: 0..<256)).\(Int.random(in: 0..<256)).9"
        )
    }

    @Test(arguments: [
        (#"{"csp-report": {"document-uri": "https://example.com/", "line-number": 3}}"#, 204),
        (#"{"csp-report": 5}"#, 204), (#"{}"#, 400), ("", 400), ("{", 400), ("[]", 204),
        (String(repeating: "[", count: 1000), 400), ("\u{FFFD}", 400),
    ])
    func takesReports(_ body: String, status: Int) async {
        #expect(await Self.send(body).status.code == status)
    }

    @Test func refusesOtherTypesAndMethods() async {
        #expect(await Self.send("{}", type: "text/plain").status.code == 415)
        #expect(await ContentPolicyTests.site(.init()).get("/csp-report/").status.code == 405)
    }

    @Test func refusesLargeBodies() async {
        let large = "{\"csp-report\": {\"a\": \"" + String(repeating: "x", count: 70_000) + "\"}}"
        #expect(await Self.send(large).status == .contentTooLarge)
    }

    @Test func readsBothForms() async throws {
        func reports(_ body: String, _ type: String) async throws -> [CSPReports.Report] {
            try await CSPReports.reports(
                of: Request(
                    method: .post,
                    target: "/",
                    headers: ["Content-Type": type],
                    body: RequestBody(Array(body.utf8))
                )
            )
        }
        let expected = CSPReports.Report(
            document: "https://example.com/a",
            directive: "script-src-elem",
            blocked: "inline",
            source: "https://example.com/a",
            line: 7,
            disposition: "enforce"
        )
        let old = try await reports(
            """
            {"csp-report": {"document-uri": "https://example.com/a", "blocked-uri": "inline",
             "violated-directive": "script-src-elem", "source-file": "https://example.com/a",
             "line-number": 7, "disposition": "enforce"}}
            """,
            "application/csp-report"
        )
        #expect(old == [expected])
        let item = """
            {"type": "csp-violation", "url": "https://example.com/a", "body": {"documentURL":
             "https://example.com/a", "blockedURL": "inline", "effectiveDirective":
             "script-src-elem", "sourceFile": "https://example.com/a", "lineNumber": 7,
             "disposition": "enforce"}}
            """
        let new = try await reports(
            "[{\"type\": \"deprecation\", \"body\": {}}, \(item)]",
            "application/reports+json"
        )
        #expect(new == [expected])
        let many = Array(repeating: item, count: 100).joined(separator: ",")
        #expect(try await reports("[\(many)]", "application/reports+json").count == 20)
    }

    @Test func isBoundedByAddress() async {
        let site = ContentPolicyTests.site(.init())
        var statuses: Set<Int> = []
        for _ in 0..<61 {
            let response = await site.get(
                "/csp-report/",
                .post,
                headers: ["Content-Type": "application/csp-report"],
                body: "{\"csp-report\": {}}",
                address: "198.18.0.1"
            )
            statuses.insert(response.status.code)
        }
        #expect(statuses == [204, 429])
    }
}
