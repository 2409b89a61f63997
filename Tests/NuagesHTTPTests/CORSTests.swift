import NuagesCore
import NuagesHTTP
import Testing

@Suite struct CORSTests {
    private static func page(_ request: Request) async throws -> Response { .text("page") }
    private static func lost(_ request: Request) async throws -> Response {
        throw HTTPError.notFound("")
    }
    private static func special(_ request: Request) async throws -> Response {
        var response = Response.text("page")
        response.headers["Access-Control-Allow-Origin"] = "https://special.example"
        return response
    }

    private static func site(
        _ origins: [String],
        credentials: Bool = false,
        headers: [String] = ["X-Token"]
    ) -> Application {
        var options = CORSMiddleware.Options()
        options.allowedOrigins = origins
        options.allowedMethods = [.get, .put]
        options.allowedHeaders = headers
        options.exposedHeaders = ["Link"]
        options.allowsCredentials = credentials
        return application {
            #path("open/", page, methods: [.get, .put])
                .middleware(CORSMiddleware(options)).csrfExempt()
            #path("lost/", lost).middleware(CORSMiddleware(options))
            #path("special/", special).middleware(CORSMiddleware(options))
            #path("closed/", page)
        }
    }

    /// What is allowed, who asks, and what `Access-Control-Allow-Origin` says.
    static let origins: [(allowed: [String], origin: String, answer: String?)] = [
        (["https://a.example"], "https://a.example", "https://a.example"),
        (["https://b.example", "https://a.example"], "https://a.example", "https://a.example"),
        (["https://a.example:8443"], "https://a.example:8443", "https://a.example:8443"),
        (["https://a.example"], "http://a.example", nil),
        (["https://a.example"], "https://a.example:8443", nil),
        (["https://a.example"], "https://a.example.evil.example", nil),
        (["https://a.example"], "https://evila.example", nil),
        (["https://a.example"], "https://A.example", nil),
        (["https://a.example"], "https://a.example/", nil),
        (["https://a.example"], "https://a.example\u{0301}", nil),
        (["https://*.a.example"], "https://x.a.example", "https://x.a.example"),
        (["https://*.a.example"], "https://y.x.a.example", "https://y.x.a.example"),
        (["https://*.a.example"], "https://a.example", "https://a.example"),
        (["https://*.a.example"], "http://x.a.example", nil),
        (["https://*.a.example"], "https://xa.example", nil),
        (["https://*.a.example"], "https://evil.example/.a.example", nil),
        (["https://*.a.example"], "https://evil.example#.a.example", nil),
        (["https://*.a.example"], "https://evil.example@x.a.example", nil),
        (["https://*.a.example"], " https://x.a.example", nil),
        (["https://*.a.example"], "null", nil), (["null"], "null", nil), (["*"], "null", "*"),
        (["*"], "https://a.example", "*"), ([], "https://a.example", nil),
        // What is no origin opens nothing.
        (["https://*"], "https://a.example", nil), (["https://*example"], "https://a.example", nil),
        (["a.example"], "https://a.example", nil), (["https://a.*"], "https://a.example", nil),
    ]

    @Test(arguments: origins.indices)
    func answersTheOriginsThatAreAllowed(_ index: Int) async {
        let (allowed, origin, answer) = Self.origins[index]
        let response = await Self.site(allowed).get("/open/", headers: ["Origin": origin])
        #expect(response.status.code == 200)
        #expect(
            response.headers.values(of: "Access-Control-Allow-Origin")
                == [answer].compactMap(\.self)
        )
        #expect(response.headers["Access-Control-Allow-Credentials"] == nil)
        #expect(response.headers["Access-Control-Expose-Headers"] == answer.map { _ in "Link" })
        #expect(Self.variesOnOrigin(response) == !allowed.contains("*"))
    }

    private static func variesOnOrigin(_ response: Response) -> Bool {
        response.headers["Vary"]?.split(separator: ",").contains { $0.contains("Origin") } == true
    }

    /// A cache that keeps an answer to somebody without an origin must not give it to a script.
    @Test func variesWithoutAnOriginToo() async {
        let response = await Self.site(["https://a.example"]).get("/open/")
        #expect(Self.variesOnOrigin(response))
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
        #expect(await Self.site(["*"]).get("/open/").headers["Access-Control-Allow-Origin"] == "*")
    }

    @Test func severalOriginsAreNone() async {
        var headers: Headers = [:]
        headers.append("Origin", "https://a.example")
        headers.append("Origin", "https://b.example")
        let site = Self.site(["https://a.example", "https://b.example"])
        let response = await site.get("/open/", headers: headers)
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test func credentialsNeverGoWithAStar() async {
        let headers: Headers = ["Origin": "https://a.example"]
        let open = await Self.site(["*"], credentials: true).get("/open/", headers: headers)
        #expect(open.headers["Access-Control-Allow-Origin"] == nil)
        #expect(open.headers["Access-Control-Allow-Credentials"] == nil)
        let mixed = Self.site(["*", "https://a.example"], credentials: true)
        let second = await mixed.get("/open/", headers: headers)
        #expect(second.headers["Access-Control-Allow-Origin"] == nil)
        let named = await Self.site(
            ["https://a.example"],
            credentials: true,
            headers: ["*", "X-A"]
        )
        .get("/open/", .options, headers: Self.asking("PUT"))
        #expect(named.headers["Access-Control-Allow-Origin"] == "https://a.example")
        #expect(named.headers["Access-Control-Allow-Credentials"] == "true")
        #expect(named.headers["Access-Control-Allow-Headers"] == "X-A")
    }

    private static func asking(_ method: String, origin: String = "https://a.example") -> Headers {
        [
            "Origin": origin, "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "x-token",
        ]
    }

    @Test func answersPreflights() async {
        let response = await Self.site(["https://a.example"])
            .get("/open/", .options, headers: Self.asking("PUT"))
        #expect(response.status.code == 204)
        #expect(response.headers["Access-Control-Allow-Origin"] == "https://a.example")
        #expect(response.headers["Access-Control-Allow-Methods"] == "GET, PUT")
        #expect(response.headers["Access-Control-Allow-Headers"] == "X-Token")
        #expect(response.headers["Access-Control-Max-Age"] == "600")
        #expect(response.headers["Access-Control-Expose-Headers"] == nil)
        #expect(Self.variesOnOrigin(response))
    }

    @Test func preflightsOfOthersLearnNothing() async {
        let response = await Self.site(["https://a.example"])
            .get("/open/", .options, headers: Self.asking("PUT", origin: "https://evil.example"))
        #expect(response.status.code == 204)
        let names = ["Origin", "Methods", "Headers", "Credentials"]
        for name in names { #expect(response.headers["Access-Control-Allow-" + name] == nil) }
        #expect(response.headers["Access-Control-Max-Age"] == nil)
    }

    @Test func otherOptionsAreTheViews() async {
        let response = await Self.site(["https://a.example"])
            .get("/open/", .options, headers: ["Origin": "https://a.example"])
        #expect(response.headers["Allow"]?.contains("PUT") == true)
        #expect(response.headers["Access-Control-Allow-Methods"] == nil)
    }

    @Test func errorsCanBeReadAndOtherRoutesStayClosed() async {
        let site = Self.site(["https://a.example"])
        let headers: Headers = ["Origin": "https://a.example"]
        let lost = await site.get("/lost/", headers: headers)
        #expect(lost.status == .notFound)
        #expect(lost.headers["Access-Control-Allow-Origin"] == "https://a.example")
        let closed = await site.get("/closed/", headers: headers)
        #expect(closed.headers["Access-Control-Allow-Origin"] == nil)
        let special = await site.get("/special/", headers: headers)
        #expect(special.headers["Access-Control-Allow-Origin"] == "https://special.example")
    }

    @Test func aLayerOfTheSiteHoldsForEveryAnswer() async {
        var options = CORSMiddleware.Options()
        options.allowedOrigins = ["https://a.example"]
        options.maxAge = nil
        var layers: MiddlewareStack = .standard(settings: HTTPSettings())
        layers.insert(CORSMiddleware(options))
        #expect(layers.check().isEmpty)
        let site = application(middleware: layers) { #path("page/", Self.page) }
        for path in ["/page/", "/nowhere/"] {
            let response = await site.get(path, headers: ["Origin": "https://a.example"])
            #expect(response.headers["Access-Control-Allow-Origin"] == "https://a.example")
        }
        let preflight = await site.get("/page/", .options, headers: Self.asking("POST"))
        #expect(preflight.status.code == 204)
        #expect(preflight.headers["Access-Control-Max-Age"] == nil)
    }

    static let mistakes:
        [(change: @Sendable (inout CORSMiddleware.Options) -> Void, ids: [String])] =
            [
                ({ $0.allowedOrigins = ["https://a.example", "https://*.b.example", "*"] }, []),
                ({ $0.allowedOrigins = ["a.example"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["https://a.example/"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["https://a.example/x"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["https://A.example"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["https://*"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["https://*.*.example"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["https://a.*"] }, ["middleware.E008"]),
                ({ $0.allowedOrigins = ["null"] }, ["middleware.E008"]),
                (
                    {
                        $0.allowedOrigins = ["*"]
                        $0.allowsCredentials = true
                    }, ["middleware.E009"]
                ),
                (
                    {
                        $0.allowedHeaders = ["*"]
                        $0.allowsCredentials = true
                    }, ["middleware.E009"]
                ),
                ({ $0.allowedHeaders = ["*"] }, []),
                ({ $0.allowedHeaders = ["A, B"] }, ["middleware.E010"]),
                ({ $0.exposedHeaders = [""] }, ["middleware.E010"]),
                (
                    {
                        $0.allowedOrigins = ["http://a.example"]
                        $0.allowsCredentials = true
                    },
                    ["security.W103"]
                ),
            ]

    @Test(arguments: mistakes.indices)
    func reportsWhatCannotWork(_ index: Int) {
        var options = CORSMiddleware.Options()
        Self.mistakes[index].change(&options)
        let messages = CORSMiddleware(options).check(forDeployment: true)
        #expect(messages.map(\.id) == Self.mistakes[index].ids)
    }

    /// A layer of a route speaks alone: the one of the site opens nothing that it keeps shut, and
    /// answers no preflight in its place.
    @Test func theLayerOfARouteOverrulesThatOfTheSite() async {
        func layer(_ origins: [String], _ methods: [HTTPMethod]) -> CORSMiddleware {
            var options = CORSMiddleware.Options()
            options.allowedOrigins = origins
            options.allowedMethods = methods
            options.allowsCredentials = true
            return CORSMiddleware(options)
        }
        var layers: MiddlewareStack = .standard(settings: HTTPSettings())
        layers.insert(layer(["https://a.example", "https://b.example"], [.get]))
        let site = application(middleware: layers) {
            #path("strict/", Self.page, methods: [.get, .put])
                .middleware(layer(["https://a.example"], [.put])).csrfExempt()
            #path("open/", Self.page)
        }
        for (path, origin, isAllowed) in [
            ("/strict/", "https://a.example", true), ("/strict/", "https://b.example", false),
            ("/open/", "https://b.example", true),
        ] {
            let response = await site.get(path, headers: ["Origin": origin])
            let allowed = response.headers["Access-Control-Allow-Origin"]
            #expect(allowed == (isAllowed ? origin : nil), "\(path) \(origin)")
        }
        let preflight = await site.get(
            "/strict/",
            .options,
            headers: ["Origin": "https://a.example", "Access-Control-Request-Method": "PUT"]
        )
        #expect(preflight.headers["Access-Control-Allow-Methods"] == "PUT")
    }
}
