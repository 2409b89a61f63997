import NuagesCore
import NuagesHTTP
import Testing

/// Writes its name into a header, so that the order of layers shows.
private struct Mark: Middleware {
    let name: String

    func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        response.headers["X-Marks"] = (response.headers["X-Marks"] ?? "") + name
        return response
    }
}

private struct Refusal: Middleware {
    func respond(to request: Request, next: any Responder) async throws -> Response {
        throw HTTPError.forbidden("no")
    }
}

/// Shared by the suites of layers that belong to routes.
func application(
    isDebug: Bool = false,
    middleware: MiddlewareStack? = nil,
    trustedProxies: [String] = [],
    @RoutesBuilder routes: () -> Routes
) -> Application {
    var settings = HTTPSettings()
    settings.isDebug = isDebug
    settings.allowedHosts = ["example.com"]
    settings.trustedProxies = trustedProxies
    return Application(
        settings: settings,
        middleware: middleware ?? .standard(settings: settings),
        routes: routes()
    )
}

extension Application {
    func get(
        _ target: String,
        _ method: HTTPMethod = .get,
        headers: Headers = [:],
        body: String = "",
        address: String = "127.0.0.1"
    ) async -> Response {
        var headers = headers
        headers.setDefault("Host", "example.com")
        return await handle(
            Request(
                method: method,
                target: target,
                headers: headers,
                body: RequestBody(Array(body.utf8)),
                remoteAddress: address,
                isTLS: true
            )
        )
    }
}

@Suite struct RouteLayerTests {
    static func page(_ request: Request) async throws -> Response { .text("page") }
    static func mark(_ name: String) -> some Middleware { Mark(name: name) }
    static func broken(_ request: Request) async throws -> Response { throw HTTPError.notFound("") }

    static let site = application {
        #path("plain/", Self.page)
        #path("marked/", Self.page).middleware(Mark(name: "a"), Mark(name: "b"))
        #path("broken/", Self.broken).middleware(Mark(name: "a"))
        #path("refused/", Self.page).middleware(Mark(name: "a"), Refusal())
        #path("framed/", Self.page).middleware(ClickjackingMiddleware(.sameOrigin))
        #path(
            "inside/",
            include: Routes {
                #path("", Self.page)
                #path("own/", Self.page).middleware(Mark(name: "i"))
            }
        ).middleware(Mark(name: "o"))
    }

    @Test(arguments: [
        ("/plain/", 200, nil), ("/marked/", 200, "ba"), ("/inside/", 200, "o"),
        ("/inside/own/", 200, "io"), ("/broken/", 404, "a"), ("/refused/", 403, "a"),
        ("/inside/none/", 404, nil),
    ])
    func standAroundTheirViews(_ target: String, status: Int, marks: String?) async {
        let response = await Self.site.get(target)
        #expect(response.status.code == status)
        #expect(response.headers["X-Marks"] == marks)
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test func seeMethodsThatTheViewDoesNotAnswer() async {
        let wrong = await Self.site.get("/marked/", .delete)
        #expect(wrong.status.code == 403)  // the CSRF check of the site stands outside
        let options = await Self.site.get("/marked/", .options)
        #expect(options.status == .noContent)
        #expect(options.headers["X-Marks"] == "ba")
    }

    @Test func decorateResponses() async {
        let response = await Self.site.get("/framed/")
        #expect(response.headers.values(of: "X-Frame-Options") == ["SAMEORIGIN"])
    }

    @Test func areChecked() {
        let router = Router(
            Routes {
                #path("a/", Self.page).allowing(addresses: ["10.0.0.1/8", "010.0.0.1", "::1"])
                #path("b/", Self.page).allowing(addresses: ["10.0.0.1/8"])
            }
        )
        let messages = router.checkLayers(forDeployment: false)
        #expect(messages.map(\.id) == ["middleware.E003", "middleware.E003"])
        #expect(messages.first?.message == "'10.0.0.1/8' is no IP address and no range.")
    }
}

@Suite struct AddressFilterTests {
    static let site = application(trustedProxies: ["192.0.2.1"]) {
        #path("office/", RouteLayerTests.page)
            .allowing(addresses: ["10.0.0.0/8", "2001:db8::/32", "203.0.113.7"])
        #path("hidden/", RouteLayerTests.page).allowing(addresses: ["10.0.0.0/8"], hidesRoute: true)
        #path("nobody/", RouteLayerTests.page).allowing(addresses: [])
        #path("typo/", RouteLayerTests.page).allowing(addresses: ["0.0.0.0/00"])
    }

    @Test(arguments: [
        ("10.1.2.3", 200), ("::ffff:10.1.2.3", 200), ("2001:db8:1::5", 200), ("203.0.113.7", 200),
        ("11.0.0.1", 403), ("203.0.113.8", 403), ("2001:db9::1", 403), ("", 403), ("::1", 403),
        ("010.1.2.3", 403), ("10.1.2", 403), ("167772161", 403),
    ])
    func answersSomeAddressesOnly(_ address: String, status: Int) async {
        #expect(await Self.site.get("/office/", address: address).status.code == status)
    }

    @Test func believesTrustedProxiesOnly() async {
        let forged: Headers = ["X-Forwarded-For": "10.0.0.1"]
        #expect(
            await Self.site.get("/office/", headers: forged, address: "198.51.100.1").status
                == .forbidden
        )
        #expect(
            await Self.site.get("/office/", headers: forged, address: "192.0.2.1").status == .ok
        )
        // What the client wrote stands in front of what the proxy added.
        let mixed: Headers = ["X-Forwarded-For": "10.0.0.1, 198.51.100.1"]
        #expect(
            await Self.site.get("/office/", headers: mixed, address: "192.0.2.1").status
                == .forbidden
        )
        let underscored: Headers = ["X_Forwarded_For": "10.0.0.1"]
        #expect(
            await Self.site.get("/office/", headers: underscored, address: "192.0.2.1").status
                == .forbidden
        )
    }

    /// A redirect to a hidden route, or the CSRF check in front of it, would tell that it exists.
    @Test(arguments: [HTTPMethod.get, .head, .post, .put, .options, .delete])
    func nothingTellsOfAHiddenRoute(_ method: HTTPMethod) async {
        for target in ["/hidden/", "/hidden", "/nowhere/"] {
            let stranger = await Self.site.get(target, method, address: "11.0.0.1")
            #expect(stranger.status == .notFound)
            #expect(stranger.headers["Location"] == nil && stranger.headers["Allow"] == nil)
        }
        #expect(await Self.site.get("/hidden", address: "10.0.0.1").status.code == 301)
    }

    /// What stands around a hidden route, and what it says of itself, would tell it from a path
    /// without a view.
    @Test(arguments: [HTTPMethod.get, .head, .post, .put, .options, .delete])
    func aHiddenRouteAnswersAsAnUnknownPath(_ method: HTTPMethod) async {
        var own = ContentSecurityPolicy()
        own["default-src"] = [.none]
        let hidden = Routes {
            #path("marked/", RouteLayerTests.page).middleware(RouteLayerTests.mark("a"))
            #path("framed/", RouteLayerTests.page).framing(.sameOrigin)
            #path("policy/", RouteLayerTests.page).csp(own).cspReportOnly(own)
            #path("limited/", RouteLayerTests.page).rateLimited(.perMinute(1))
            #path("exempt/", RouteLayerTests.page).csrfExempt()
            #path("zipped/", RouteLayerTests.page).gzipPage().conditionalPage()
            #path("cached/", RouteLayerTests.page).neverCache().varyOnHeaders("Accept")
        }
        let sites = [
            application {
                #path("admin/", include: hidden).rateLimited(.perMinute(2)).framing(.allow)
                    .allowing(addresses: ["10.0.0.0/8"], hidesRoute: true)
            },
            application(middleware: [
                LocaleMiddleware(["en"], standard: "en"), GZipMiddleware(), CommonMiddleware(),
            ]) {
                #path("admin/", include: hidden)
                    .allowing(addresses: ["10.0.0.0/8"], hidesRoute: true)
            },
        ]
        let names = ["marked", "framed", "policy", "limited", "exempt", "zipped", "cached"]
        for site in sites {
            let unknown = await site.get("/admin/nowhere/", method, address: "11.0.0.1")
            #expect(unknown.status == .notFound)
            for name in names {
                let stranger = await site.get("/admin/\(name)/", method, address: "11.0.0.1")
                #expect(stranger.status == .notFound)
                #expect(Self.described(stranger) == Self.described(unknown), "\(name)")
                let colleague = await site.get("/admin/\(name)/", address: "10.0.0.1")
                #expect(colleague.status != .notFound)
            }
        }
    }

    /// All that a client sees of a response but its status, without what is random in each.
    private static func described(_ response: Response) -> [String] {
        let fields = response.headers.fields.map { field in
            let value = field.value.split(separator: " ").map { word in
                word.hasPrefix("'nonce-") ? "'nonce'" : String(word)
            }
            return "\(field.name): \(value.joined(separator: " "))"
        }
        return fields + [response.bytes.map { String(decoding: $0, as: UTF8.self) } ?? "none"]
    }

    @Test func languagesDoNotTellEither() async {
        let site = application(middleware: [
            LocaleMiddleware(["en"], standard: "en", readsPath: true), CommonMiddleware(),
        ]) {
            i18nPatterns(defaultLanguage: "en") {
                #path("hidden/", RouteLayerTests.page)
                    .allowing(addresses: ["10.0.0.0/8"], hidesRoute: true)
            }
        }
        #expect(await site.get("/hidden/", address: "11.0.0.1").status == .notFound)
        #expect(
            await site.get("/hidden/", address: "10.0.0.1").headers["Location"] == "/en/hidden/"
        )
    }

    @Test func hidesRoutesAndFailsClosed() async {
        #expect(await Self.site.get("/hidden/", address: "11.0.0.1").status == .notFound)
        #expect(await Self.site.get("/nobody/", address: "10.0.0.1").status == .forbidden)
        #expect(await Self.site.get("/typo/", address: "10.0.0.1").status == .forbidden)
    }
}
