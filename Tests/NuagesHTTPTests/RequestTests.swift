import NuagesCore
import NuagesHTTP
import Testing

@Suite struct HostTests {
    static func host(
        _ value: String?,
        allowed: [String] = ["example.com", ".sub.example.com", "[::1]"],
        isDebug: Bool = false,
        headers extra: Headers = [:],
        configure: (inout HTTPSettings) -> Void = { _ in }
    ) -> String? {
        var headers = extra
        headers["Host"] = value
        let request = Request(target: "/", headers: headers)
        var settings = HTTPSettings()
        settings.allowedHosts = allowed
        settings.isDebug = isDebug
        configure(&settings)
        request.prepare(for: settings)
        return try? request.host()
    }

    @Test(arguments: [
        "example.com", "example.com:80", "EXAMPLE.com", "example.com.", "sub.example.com",
        "a.b.sub.example.com:8000", "[::1]", "[::1]:8000",
    ])
    func allows(_ host: String) { #expect(Self.host(host) == host) }

    @Test(arguments: [
        nil, "", "evil.example", "example.com@evil.example", "example.com:80@evil.example",
        "example.com/x", "example.com:x", "example.com:", "www.example.com", "subexample.com",
        "example.com:80:80", "example.com\\@x", "example.com#x", "example.com?x", " example.com",
        "example.com\u{0}", "[::1", "::1", "[::1]x", "éxample.com", "\u{212A}example.com", "a_b.c",
        "<script>", "example.com..", "[fe80::1%25eth0]",
    ])
    func refuses(_ host: String?) { #expect(Self.host(host) == nil) }

    @Test func anyNameMeansWellFormedNames() {
        #expect(Self.host("anything.example", allowed: ["*"]) == "anything.example")
        #expect(Self.host("bad host", allowed: ["*"]) == nil)
    }

    @Test(arguments: [
        ("localhost:8000", true), ("app.localhost", true), ("127.0.0.1", true), ("[::1]:1", true),
        ("evil.example", false), ("127.0.0.2", false), ("0.0.0.0", false),
    ])
    func debugAllowsThisMachineOnly(_ host: String, isAllowed: Bool) {
        #expect((Self.host(host, allowed: [], isDebug: true) != nil) == isAllowed)
        #expect(Self.host(host, allowed: []) == nil)
    }

    @Test func onlyATrustedProxyForwardsAHost() {
        let headers: Headers = ["X-Forwarded-Host": "example.com"]
        #expect(Self.host("inner.example", headers: headers) == nil)
        #expect(
            Self.host(
                "inner.example",
                headers: headers,
                configure: { $0.usesXForwardedHost = true }
            )
                == nil
        )
        let trusted = Self.host(
            "inner.example",
            headers: headers,
            configure: {
                $0.usesXForwardedHost = true
                $0.trustedProxies = ["127.0.0.1"]
            }
        )
        #expect(trusted == "example.com")
    }

    @Test func acceptedHostsAreNotConfusedWithOthers() async {
        let site = Site()
        let application = site.application
        func status(_ host: String) async -> Int {
            await application.handle(
                Request(target: "/page/", headers: ["Host": host], isTLS: true)
            ).status.code
        }
        #expect(await status("example.com") == 200)
        #expect(await status("example.com") == 200)
        #expect(await status("evil.example") == 400)
        #expect(await status("EXAMPLE.com") == 200)
    }
}

@Suite struct RequestTests {
    static func request(_ target: String, headers: Headers = ["Host": "example.com"]) -> Request {
        let request = Request(target: target, headers: headers, isTLS: true)
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        request.prepare(for: settings)
        return request
    }

    @Test(arguments: [
        ("/", "/", ""), ("/a%20b/?x=%20", "/a b/", "x=%20"), ("/?a?b", "/", "a?b"), ("/?", "/", ""),
        ("/%C3%BC", "/ü", ""), ("/a//b/../c/./", "/a//b/../c/./", ""), ("/%2e%2e/%2f", "/..//", ""),
        ("/%252e", "/%2e", ""), ("/;x=%3b", "/;x=;", ""), ("/+", "/+", ""),
    ])
    func decodesThePathOnce(_ target: String, path: String, query: String) {
        let request = Self.request(target)
        #expect(request.path == path)
        #expect(request.queryString == query)
    }

    @Test(arguments: [
        "", "*", "a", "/%", "/%z1", "/%0", "/%00", "/%ff%fe", "/%ed%a0%80", "http://x/",
    ])
    func hasNoPathForAMalformedTarget(_ target: String) {
        #expect(Self.request(target).path.isEmpty)
    }

    @Test(arguments: [
        (nil, "https://example.com/a%20b/?q=1"), ("/x/?y=ü", "https://example.com/x/?y=%C3%BC"),
        ("c/", "https://example.com/a%20b/c/"), ("../c/", "https://example.com/c/"),
        ("?z=1", "https://example.com/a%20b/?z=1"),
        ("https://other.example/é", "https://other.example/%C3%A9"),
        ("//other.example/x", "https://other.example/x"),
    ])
    func buildsAddresses(_ location: String?, expected: String) throws {
        let request = Self.request("/a%20b/?q=1")
        #expect(try request.buildAbsoluteURI(location) == expected)
    }

    @Test func aDoubleSlashInThePathIsNoHost() throws {
        let request = Self.request("//evil.example/x")
        #expect(try request.buildAbsoluteURI() == "https://example.com//evil.example/x")
    }

    /// As Python's `urljoin` resolves them.
    @Test(arguments: [
        ("../up", "https://example.com/up"), ("c", "https://example.com/x/c"),
        ("#f", "https://example.com//x/y#f"), ("../../../c", "https://example.com/c"),
    ])
    func relativeAddressesPassOverEmptySegments(_ location: String, expected: String) throws {
        #expect(try Self.request("//x/y").buildAbsoluteURI(location) == expected)
    }

    /// Nothing of the location may become part of the host.
    @Test func withoutAPathALocationStaysBehindTheHost() throws {
        let request = Self.request("/%zz")
        #expect(request.path.isEmpty)
        for location in ["evil", ".evil.example/", "@evil.example/", ":80/"] {
            let address = try request.buildAbsoluteURI(location)
            #expect(address.utf8.starts(with: "https://example.com/".utf8))
        }
    }

    @Test func copiesShareValues() {
        enum Tenant: RequestKey { typealias Value = String }
        enum Count: RequestKey { typealias Value = Int }
        let request = Self.request("/")
        let copy = request
        #expect(copy[Tenant.self] == nil)
        request[Tenant.self] = "a"
        request[Count.self] = 1
        #expect(copy[Tenant.self] == "a")
        copy[Tenant.self] = nil
        #expect(request[Tenant.self] == nil)
        #expect(request[Count.self] == 1)
    }

    @Test(arguments: [
        (nil, "application/json", true), ("text/html", "application/json", false),
        ("text/*;q=0.5, */*;q=0", "text/plain", true), ("text/html;q=0", "text/html", false),
        ("text/html;level=1", "text/html", false), ("text/html", "text/html;level=1", true),
    ])
    func negotiates(_ header: String?, type: String, isAccepted: Bool) {
        var headers: Headers = [:]
        headers["Accept"] = header
        #expect(Self.request("/", headers: headers).accepts(type) == isAccepted)
    }

    @Test func prefersWhatTheClientLikesBest() {
        let request = Self.request(
            "/",
            headers: ["Accept": "text/*;q=0.3, text/html;q=0.7, application/json;q=0.9"]
        )
        #expect(request.preferredType(["text/html", "application/json"]) == "application/json")
        #expect(request.preferredType(["text/plain", "text/html"]) == "text/html")
        #expect(request.preferredType(["image/png"]) == nil)
        #expect(request.acceptedTypes.map(\.description).first == "application/json; q=0.9")
    }

    @Test(arguments: ["0x1p3", "nan", "2", "-1", "+1", "inf", ""])
    func aStrangeQualityIsNone(_ quality: String) {
        #expect(MediaType("text/html;q=\(quality)").quality == 1)
    }

    @Test(.timeLimit(.minutes(1))) func blanksAndDelimitersInQuotesAreNone() {
        let value = "text/html;a=\"" + String(repeating: ";", count: 8000) + "\""
        let headers: Headers = ["Accept": Array(repeating: value, count: 20).joined(separator: ",")]
        let types = Self.request("/", headers: headers).acceptedTypes
        #expect(types.count == 20)
        #expect(types.allSatisfy { $0.description.utf8.count > 8_000 })
    }
}

@Suite struct ErrorResponseTests {
    struct Teapot: ResponseConvertibleError {
        var status: HTTPStatus { HTTPStatus(418) }
        var publicMessage: String? { "Short & stout" }
    }

    static func application(isDebug: Bool = false, pages: ErrorPages = ErrorPages()) -> Application
    {
        var settings = HTTPSettings()
        settings.isDebug = isDebug
        settings.allowedHosts = ["*"]
        return Application(
            settings: settings,
            routes: Routes {
                #path("teapot/", { (_: Request) async throws -> Response in throw Teapot() })
                #path(
                    "secret/",
                    { (_: Request) async throws -> Response in
                        throw HTTPError.notFound("the secret <b>")
                    }
                )
            },
            errorPages: pages
        )
    }

    static func get(_ target: String, _ application: Application) async -> Response {
        await application.handle(Request(target: target, headers: ["Host": "a"]))
    }

    @Test func sayNothingOfTheRequest() async {
        let response = await Self.get("/Site%20moved%20to%20evil.example", Self.application())
        #expect(response.status == .notFound)
        #expect(response.text?.contains("evil") == false)
        #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
        let secret = await Self.get("/secret/", Self.application())
        #expect(secret.text?.contains("secret") == false)
        #expect(
            await Self.get("/secret/", Self.application(isDebug: true)).text?
                .contains("the secret &lt;b&gt;") == true
        )
    }

    @Test func errorsKnowTheirStatus() async {
        let response = await Self.get("/teapot/", Self.application())
        #expect(response.status.code == 418)
        #expect(response.text?.contains("<p>Short &amp; stout</p>") == true)
        #expect(response.status.description == "418 I'm a Teapot")
    }

    @Test func pagesOfTheAppComeFirst() async {
        let pages = ErrorPages(
            page: { $0.status == .notFound ? .html("ours") : nil },
            debugPage: { context in
                .html("debug \(context.patterns.count)", status: context.status)
            }
        )
        #expect(await Self.get("/x/", Self.application(pages: pages)).text == "ours")
        #expect(await Self.get("/teapot/", Self.application(pages: pages)).status.code == 418)
        let debug = await Self.get("/x/", Self.application(isDebug: true, pages: pages))
        #expect(debug.text == "debug 2")
    }
}
