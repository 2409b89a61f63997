import NuagesCore
import NuagesHTTP
import Testing

/// A site with the standard layers.
struct Site {
    var settings = HTTPSettings()
    var csrf = CSRFMiddleware.Options()
    var security = SecurityMiddleware.Options()

    init(isDebug: Bool = false) {
        settings.isDebug = isDebug
        settings.allowedHosts = ["example.com", "www.example.com"]
    }

    static func page(_ request: Request) async throws -> Response { .html("page") }
    static func boom(_ request: Request) async throws -> Response { throw Boom() }
    static func form(_ request: Request) async throws -> Response {
        .text(request.csrfToken())
    }
    static func script(_ request: Request) async throws -> Response { .text(request.cspNonce) }
    static func own(_ request: Request) async throws -> Response {
        var response = Response.text("own")
        response.headers["x-frame-options"] = "SAMEORIGIN"
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        return response
    }
    static func path(_ request: Request, _ path: String) async throws -> Response { .text(path) }

    struct Boom: Error {}

    var application: Application {
        Application(
            settings: settings,
            middleware: .standard(settings: settings, security: security, csrf: csrf),
            routes: Routes {
                #path("page/", Self.page)
                #path("boom/", Self.boom)
                #path("form/", Self.form, methods: [.get, .post, .put])
                #path("script/", Self.script)
                #path("own/", Self.own)
                #path("hook/", Self.page).csrfExempt()
                #path("widget/", Self.page).framing(.sameOrigin)
                #path("open/", Self.page).framing(.allow)
                #path("no-slash/", Self.page).withoutAppendSlash()
                #path("<path:any>/deep/", Self.path)
            }
        )
    }

    func send(
        _ target: String,
        _ method: HTTPMethod = .get,
        headers: Headers = [:],
        body: String = "",
        isTLS: Bool = true
    ) async -> Response {
        var headers = headers
        headers.setDefault("Host", "example.com")
        if !body.isEmpty {
            headers.setDefault("Content-Type", "application/x-www-form-urlencoded")
        }
        return await application.handle(
            Request(
                method: method,
                target: target,
                headers: headers,
                body: RequestBody(Array(body.utf8)),
                isTLS: isTLS
            )
        )
    }
}

@Suite struct SecurityHeaderTests {
    static let expected = [
        "Strict-Transport-Security: max-age=63072000; includeSubDomains",
        "X-Content-Type-Options: nosniff", "Referrer-Policy: same-origin",
        "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
        "Origin-Agent-Cluster: ?1", "X-Permitted-Cross-Domain-Policies: none",
        "X-XSS-Protection: 0", "X-Frame-Options: DENY",
        "Content-Security-Policy: default-src 'none'; script-src 'none'; style-src 'self'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
            + "require-trusted-types-for 'script'; upgrade-insecure-requests",
    ]

    static func lines(_ response: Response) -> [String] {
        response.headers.fields.map { "\($0.name): \($0.value)" }
    }

    @Test(arguments: [
        ("/page/", 200), ("/nothing/", 404), ("/boom/", 500), ("/%ff", 400), ("/page/?a=%00", 400),
        ("/page", 301),
    ])
    func areOnEveryResponse(_ target: String, status: Int) async {
        let response = await Site().send(target)
        #expect(response.status.code == status)
        let lines = Self.lines(response)
        for line in Self.expected { #expect(lines.contains(line)) }
        #expect(lines.contains { $0.hasPrefix("Permissions-Policy: accelerometer=()") })
        #expect(Set(response.headers.fields.map(\.name)).count == lines.count)
    }

    @Test func areOnRejections() async {
        let foreign = await Site().send("/page/", headers: ["Host": "evil.example"])
        #expect(foreign.status == .badRequest)
        for response in [foreign, Site().application.rejection(HTTPStatus(431), isTLS: false)] {
            let lines = Self.lines(response)
            for line in Self.expected.dropFirst() {
                #expect(
                    lines.contains(line) || lines.contains { line.hasPrefix($0) }
                )
            }
        }
    }

    @Test func tellBrowsersToStayWithHTTPSWhereARejectionIsEncrypted() {
        let application = Site().application
        let name = "Strict-Transport-Security"
        #expect(application.rejection(HTTPStatus(431), isTLS: false).headers[name] == nil)
        #expect(
            application.rejection(HTTPStatus(431), isTLS: true).headers[name]
                == "max-age=63072000; includeSubDomains"
        )
    }

    @Test func areAsTheViewSetsThem() async {
        let response = await Site().send("/own/")
        #expect(response.headers.values(of: "X-Frame-Options") == ["SAMEORIGIN"])
        #expect(response.headers.values(of: "Content-Security-Policy") == ["default-src 'self'"])
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
    }

    /// It stops images of other sites, so a site asks for it.
    @Test func theEmbedderPolicyIsTheSitesChoice() async {
        let name = "Cross-Origin-Embedder-Policy"
        #expect(await Site().send("/page/").headers[name] == nil)
        var site = Site()
        site.security.crossOriginEmbedderPolicy = "require-corp"
        for target in ["/page/", "/script/", "/nowhere/", "/boom/"] {
            #expect(await site.send(target).headers.values(of: name) == ["require-corp"])
        }
    }

    @Test func theNonceIsNewEachTime() async {
        let site = Site()
        let first = await site.send("/script/")
        let second = await site.send("/script/")
        #expect(first.text != second.text)
        #expect(first.text?.utf8.count == 24)
        for response in [first, second] {
            let policy = response.headers["Content-Security-Policy"] ?? ""
            let nonce = "'nonce-\(response.text ?? "")'"
            #expect(
                policy.contains("script-src \(nonce) 'strict-dynamic'; style-src 'self' \(nonce);")
            )
        }
    }

    @Test func framesAreARoutesChoice() async {
        let widget = await Site().send("/widget/")
        #expect(widget.headers["X-Frame-Options"] == "SAMEORIGIN")
        #expect(
            widget.headers["Content-Security-Policy"]?.contains("frame-ancestors 'self'") == true
        )
        let open = await Site().send("/open/")
        #expect(open.headers["X-Frame-Options"] == nil)
        #expect(open.headers["Content-Security-Policy"]?.contains("frame-ancestors") == false)
    }

    @Test func plainHTTPIsRedirectedOutsideDebug() async {
        let get = await Site().send("/page/?a=1", isTLS: false)
        #expect(get.status.code == 308)
        #expect(get.headers["Location"] == "https://example.com/page/?a=1")
        #expect(await Site().send("/page/", .head, isTLS: false).status.code == 308)
        let foreign = await Site().send("/page/", headers: ["Host": "evil.example"], isTLS: false)
        #expect(foreign.status.code == 400)
        var exempt = Site()
        exempt.security.redirectExemptPrefixes = ["page/"]
        #expect(await exempt.send("/page/", isTLS: false).status == .ok)
        let debug = await Site(isDebug: true).send("/page/", isTLS: false)
        #expect(debug.status == .ok)
        #expect(debug.headers["Strict-Transport-Security"] == nil)
        #expect(debug.headers["Content-Security-Policy"]?.contains("upgrade") == false)
    }

    @Test(arguments: [
        ("POST", "", 403), ("PUT", "", 403), ("OPTIONS", "", 403), ("GET", "", 308),
        ("GET", "Authorization: Bearer x", 403), ("GET", "Accept: application/json", 403),
        ("GET", "Accept: */*", 308), ("HEAD", "Accept: text/html,*/*;q=0.1", 308),
    ])
    func onlyPagesAreRedirected(_ method: String, _ field: String, status: Int) async {
        var headers = Headers()
        let parts = field.split(separator: ": ").map(String.init)
        if parts.count == 2 { headers[parts[0]] = parts[1] }
        let response = await Site().send(
            "/hook/",
            HTTPMethod(method),
            headers: headers,
            isTLS: false
        )
        #expect(response.status.code == status)
        #expect(response.headers["X-Frame-Options"] == "DENY")
        #expect((response.headers["Location"] == nil) == (status == 403))
    }

    @Test func theHostOfTheRedirectIsChecked() async {
        var site = Site()
        site.security.httpsHost = "secure.example.com"
        let response = await site.send("//evil.example/x", isTLS: false)
        #expect(response.headers["Location"] == "https://secure.example.com//evil.example/x")
        let forged: Headers = ["Host": "example.com", "X-Forwarded-Host": "evil.example"]
        let plain = await Site().send("/page/", headers: forged, isTLS: false)
        #expect(plain.headers["Location"] == "https://example.com/page/")
    }

    @Test func debugChecksTheHostToo() async {
        // CVE-2016-9014: a name that an attacker lets point to this machine (DNS rebinding).
        var site = Site(isDebug: true)
        site.settings.allowedHosts = []
        for (host, status) in [
            ("evil.example", 400), ("localhost", 200), ("127.0.0.1:8000", 200), ("[::1]", 200),
            ("localhost.evil.example", 400), ("127.0.0.1.evil.example", 400),
        ] {
            let response = await site.send("/page/", headers: ["Host": host], isTLS: false)
            #expect(response.status.code == status)
        }
    }

    @Test func whatIsNotFoundIsNotRepeated() async {
        // CVE-2019-3498: the page for 404 must not show a text of an attacker.
        let response = await Site().send("/Site%20moved%20to%20evil.example%2C%20click")
        #expect(response.status == .notFound)
        #expect(response.text?.contains("moved") == false)
        #expect(response.text?.contains("evil") == false)
    }

    @Test func underscoresAreNoHyphens() async {
        // CVE-2026-3902, CVE-2015-0219: a proxy that drops one form may hand on the other.
        var site = Site()
        site.settings.secureProxyTLSHeader = ("X-Forwarded-Proto", "https")
        site.settings.trustedProxies = ["127.0.0.1"]
        let forged: Headers = ["X_Forwarded_Proto": "https"]
        #expect(await site.send("/page/", headers: forged, isTLS: false).status.code == 308)
    }

    @Test func onlyATrustedProxySaysThatItIsTLS() async {
        var site = Site()
        site.settings.secureProxyTLSHeader = ("X-Forwarded-Proto", "https")
        let headers: Headers = ["X-Forwarded-Proto": "https"]
        #expect(await site.send("/page/", headers: headers, isTLS: false).status.code == 308)
        site.settings.trustedProxies = ["127.0.0.1"]
        #expect(await site.send("/page/", headers: headers, isTLS: false).status == .ok)
        let plain: Headers = ["X-Forwarded-Proto": "http"]
        #expect(await site.send("/page/", headers: plain, isTLS: true).status.code == 308)
    }
}

@Suite struct CommonMiddlewareTests {
    @Test(arguments: [
        ("/page?a=1", "/page/?a=1"), ("//evil.example/x/deep", "/%2Fevil.example/x/deep/"),
        ("/a%0db/deep", "/a%0Db/deep/"), ("///evil.example/deep", "/%2F/evil.example/deep/"),
        ("/%2fevil.example/deep", "/%2Fevil.example/deep/"),
        ("/%5c%5cevil.example/deep", "/%5C%5Cevil.example/deep/"),
    ])
    func appendsASlash(_ target: String, location: String) async {
        let response = await Site().send(target)
        #expect(response.status.code == 301)
        #expect(response.headers["Location"] == location)
    }

    @Test func leavesOtherMethodsAlone() async {
        for method in [HTTPMethod.post, .put, .delete] {
            #expect(await Site().send("/page", method).status == .notFound)
        }
        #expect(await Site().send("/page", .head).status.code == 301)
        #expect(await Site().send("/no-slash").status == .notFound)
        #expect(await Site().send("/nothing").status == .notFound)
        var site = Site()
        site.settings.appendsSlash = false
        #expect(await site.send("/page").status == .notFound)
    }

    @Test func prependsWWW() async {
        var site = Site()
        site.settings.prependsWWW = true
        let response = await site.send("/page?x=1")
        #expect(response.headers["Location"] == "https://www.example.com/page/?x=1")
        #expect(await site.send("/page/", headers: ["Host": "www.example.com"]).status == .ok)
    }

    @Test func refusesUserAgents() async {
        var site = Site()
        site.settings.disallowedUserAgents = ["BadBot"]
        #expect(
            await site.send("/page/", headers: ["User-Agent": "x BadBot/1"]).status == .forbidden
        )
        #expect(await site.send("/page/", headers: ["User-Agent": "Good"]).status == .ok)
    }
}

@Suite struct MiddlewareStackTests {
    @Test func theStandardStackIsSound() {
        #expect(MiddlewareStack.standard(settings: HTTPSettings()).check().isEmpty)
    }

    @Test func reportsAWrongOrder() {
        let settings = HTTPSettings()
        let messages = MiddlewareStack([
            CommonMiddleware(), CSRFMiddleware(settings: settings), SecurityMiddleware(),
            ClickjackingMiddleware(),
        ]).check()
        #expect(messages.map(\.id) == ["middleware.E001"])
        #expect(
            messages.first?.message
                == "SecurityMiddleware stands behind CommonMiddleware, where it does not work."
        )
        #expect(
            messages.first?.hint
                == "Move SecurityMiddleware in front of CommonMiddleware in the middleware."
        )
    }

    @Test func reportsMissingLayers() {
        let messages = MiddlewareStack([]).check()
        #expect(messages.map(\.id) == Array(repeating: "middleware.E002", count: 3))
        #expect(messages.map(\.level) == Array(repeating: .error, count: 3))
        #expect(
            messages.map(\.object) == [
                "SecurityMiddleware", "CSRFMiddleware", "ClickjackingMiddleware",
            ]
        )
        #expect(messages[1].hint?.contains("switchOff(.csrf, because: \"…\")") == true)
    }

    @Test func aLayerIsSwitchedOffWithAReasonOnly() async {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        var stack = MiddlewareStack.standard(settings: settings)
        stack.switchOff(.csrf, because: "Only signed API calls;\nno cookies.")
        #expect(stack.check().isEmpty)
        #expect(
            stack.check(forDeployment: true).map(\.description) == [
                "CSRFMiddleware: (security.I003) CSRFMiddleware is switched off: "
                    + "Only signed API calls;\\nno cookies."
            ]
        )
        let site = Application(
            settings: settings,
            middleware: stack,
            routes: Routes { #path("form/", Site.form) }
        )
        let response = await site.get("/form/", .post)
        #expect(response.status == .ok)
        #expect(response.headers["X-Frame-Options"] == "DENY")
        stack.switchOff(.security, because: " ")
        #expect(stack.check().map(\.id) == ["middleware.E005"])
    }

    @Test func theLayersCheckTheirOptions() {
        var options = CSRFMiddleware.Options()
        options.trustedOrigins = ["partner.example", "https://*.example.net"]
        options.cookieName = "__Host-x"
        options.isCookieSecure = false
        let stack = MiddlewareStack.standard(settings: HTTPSettings(), csrf: options)
        #expect(stack.check().map(\.id) == ["4_0.E001", "middleware.E004"])
        #expect(stack.check(forDeployment: true).last?.id == "security.W016")
    }

    @Test func insertsByRank() {
        struct Session: Middleware {
            var rank: MiddlewareRank? { .session }
            func respond(to request: Request, next: any Responder) async throws -> Response {
                try await next.respond(to: request)
            }
        }
        var stack = MiddlewareStack.standard(settings: HTTPSettings())
        stack.insert(Session())
        #expect(String(describing: type(of: stack.layers[1])) == "Session")
        #expect(stack.check().isEmpty)
    }

    @Test func errorsOfLayersBecomeResponsesToo() async {
        struct Broken: Middleware {
            func respond(to request: Request, next: any Responder) async throws -> Response {
                throw HTTPError.forbidden("no")
            }
        }
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        let application = Application(
            settings: settings,
            middleware: [ClickjackingMiddleware(), Broken()],
            routes: Routes([])
        )
        let response = await application.handle(Request(target: "/", headers: ["Host": "a"]))
        #expect(response.status == .forbidden)
        #expect(response.headers["X-Frame-Options"] == "DENY")
        #expect(response.text?.contains("no") == false)
    }
}

/// Layers that are only called where they have something to do.
@Suite struct SelectiveMiddlewareTests {
    /// Notes its calls, and marks the answers that went through it.
    private struct Marking: SelectiveMiddleware {
        let name: String
        let path: String

        func concerns(_ request: Request) throws -> Bool {
            if request.path == "/refused/" { throw HTTPError.forbidden("Not here.") }
            return request.path.hasPrefix(path)
        }

        func respond(to request: Request, next: any Responder) async throws -> Response {
            var response = try await next.respond(to: request)
            response.headers.append("X-Layers", name)
            return response
        }
    }

    /// Marks every answer.
    private struct Always: Middleware {
        func respond(to request: Request, next: any Responder) async throws -> Response {
            var response = try await next.respond(to: request)
            response.headers.append("X-Layers", "always")
            return response
        }
    }

    @Test(arguments: [
        ("/a/b/", 200, ["inner a/b", "a/b", "always", "a"]),
        ("/a/", 200, ["always", "a"]),
        ("/", 200, ["always"]),
        ("/none/", 404, ["always"]),
        ("/refused/", 403, []),
    ])
    func areCalledWhereTheyAreConcerned(_ path: String, _ status: Int, _ layers: [String]) async {
        let site = application(middleware: [
            Marking(name: "a", path: "/a/"), Always(), Marking(name: "a/b", path: "/a/b/"),
            Marking(name: "inner a/b", path: "/a/b/"),
        ]) {
            #path("", RouteLayerTests.page)
            #path("a/", RouteLayerTests.page)
            #path("a/b/", RouteLayerTests.page)
        }
        let response = await site.get(path)
        #expect(response.status.code == status)
        #expect(response.headers.values(of: "X-Layers") == layers)
    }

    @Test func areAskedOnRoutesAsWell() async {
        let site = application(middleware: []) {
            #path("a/", RouteLayerTests.page).middleware(Marking(name: "a", path: "/a/"))
            #path("b/", RouteLayerTests.page).middleware(Marking(name: "a", path: "/a/"))
        }
        #expect(await site.get("/a/").headers.values(of: "X-Layers") == ["a"])
        #expect(await site.get("/b/").headers.values(of: "X-Layers") == [])
    }

    /// What a layer throws while it is asked is answered where the layer stands.
    @Test func refusalsPassTheLayersFurtherOut() async {
        let site = application(middleware: [Always(), Marking(name: "inner", path: "/a/")]) {
            #path("refused/", RouteLayerTests.page)
        }
        let response = await site.get("/refused/")
        #expect(response.status == .forbidden)
        #expect(response.headers.values(of: "X-Layers") == ["always"])
    }
}
