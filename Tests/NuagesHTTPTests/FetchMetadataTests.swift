import NuagesCore
import NuagesHTTP
import Testing

@Suite struct FetchMetadataTests {
    private static func page(_ request: Request) async throws -> Response { .text("page") }

    private static func site(allowsSameSite: Bool = true) -> Application {
        var layers: MiddlewareStack = .standard(settings: HTTPSettings())
        layers.insert(FetchMetadataMiddleware(allowsSameSite: allowsSameSite))
        return application(middleware: layers) {
            #path("page/", page)
            #path("widget/", page).framing(.allow)
            #path("own/", page).framing(.sameOrigin)
            #path("hook/", page, methods: [.get, .post]).csrfExempt()
            #path("shared/", page, methods: [.get, .post]).csrfExempt().sharedWithOtherSites()
            #path("api/", include: Routes { #path("all/", page) }).sharedWithOtherSites()
        }
    }

    /// What a browser says, and what is answered.
    static let requests: [(path: String, fields: String, status: Int)] = [
        // Browsers without the fields, and other clients.
        ("page/", "", 200), ("page/", "- navigate object", 200),
        ("page/", "same-origin no-cors image", 200), ("page/", "same-origin cors empty", 200),
        ("page/", "none navigate document", 200),
        // Values that are not known yet are left alone, as the standard asks.
        ("page/", "other-planet cors empty", 200), ("page/", "Cross-Site cors empty", 200),
        // Links.
        ("page/", "cross-site navigate document", 200), ("page/", "cross-site navigate", 200),
        ("page/", "same-site navigate document", 200),
        ("nowhere/", "cross-site navigate document", 404),
        // Resources.
        ("page/", "cross-site no-cors image", 403), ("page/", "cross-site no-cors script", 403),
        ("page/", "cross-site cors empty", 403), ("page/", "cross-site websocket websocket", 403),
        ("page/", "cross-site", 403), ("page/", "cross-site nested-navigate document", 403),
        ("nowhere/", "cross-site no-cors image", 403),
        // What shows a page inside another one.
        ("page/", "cross-site navigate object", 403), ("page/", "cross-site navigate embed", 403),
        ("page/", "cross-site navigate iframe", 403), ("page/", "cross-site navigate frame", 403),
        ("own/", "cross-site navigate iframe", 403),
        ("widget/", "cross-site navigate iframe", 200),
        ("widget/", "cross-site navigate fencedframe", 200),
        ("widget/", "cross-site navigate embed", 403), ("widget/", "cross-site cors empty", 403),
        // Routes that are made for other sites.
        ("shared/", "cross-site no-cors image", 200), ("api/all/", "cross-site cors empty", 200),
    ]

    private static func headers(_ fields: String) -> Headers {
        var headers: Headers = [:]
        let names = ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"]
        for (name, value) in zip(names, fields.split(separator: " ")) where value != "-" {
            headers[name] = String(value)
        }
        return headers
    }

    @Test(arguments: requests.indices)
    func onlyLinksComeFromOtherSites(_ index: Int) async {
        let (path, fields, status) = Self.requests[index]
        let response = await Self.site().get("/" + path, headers: Self.headers(fields))
        #expect(response.status.code == status, "\(path) \(fields)")
        if status == 403 {
            let vary = response.headers["Vary"] ?? ""
            #expect(vary.contains("Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest"))
            #expect(response.headers["Content-Security-Policy"] != nil)
        }
    }

    @Test(arguments: [
        ("hook/", "cross-site navigate document", 403), ("hook/", "cross-site cors empty", 403),
        ("hook/", "same-origin cors empty", 200), ("hook/", "", 200),
        ("shared/", "cross-site cors empty", 200),
    ])
    func formsOfOtherSitesAreNoLinks(_ path: String, _ fields: String, _ status: Int) async {
        let response = await Self.site().get("/" + path, .post, headers: Self.headers(fields))
        #expect(response.status.code == status)
    }

    @Test(arguments: [
        ("same-site no-cors image", true, 200), ("same-site no-cors image", false, 403),
        ("same-site cors empty", false, 403), ("same-site navigate document", false, 200),
        ("same-origin cors empty", false, 200),
    ])
    func subdomainsAreASetting(_ fields: String, _ allows: Bool, _ status: Int) async {
        let site = Self.site(allowsSameSite: allows)
        #expect(await site.get("/page/", headers: Self.headers(fields)).status.code == status)
    }

    /// What the layer lets through, browsers must be allowed to use.
    @Test(arguments: [
        ("/shared/", "cross-origin"), ("/api/all/", "cross-origin"), ("/page/", "same-origin"),
    ])
    func browsersMayUseWhatIsShared(_ path: String, _ policy: String) async {
        let response = await Self.site().get(path)
        #expect(response.headers["Cross-Origin-Resource-Policy"] == policy)
    }

    @Test func standsInFrontOfTheCSRFCheck() {
        var layers: MiddlewareStack = .standard(settings: HTTPSettings())
        layers.insert(FetchMetadataMiddleware())
        #expect(layers.check().isEmpty)
        layers.layers.reverse()
        #expect(layers.check().contains { $0.object == "FetchMetadataMiddleware" })
    }
}
