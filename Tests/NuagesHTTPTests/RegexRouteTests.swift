import NuagesCore
import NuagesHTTP
import Testing

struct Month: PathTextConvertible, Equatable {
    let number: Int
    init?(pathText: String) {
        guard let number = Int(pathText), (1...12).contains(number) else { return nil }
        self.number = number
    }
    var pathArgument: PathArgument { .string(number < 10 ? "0\(number)" : "\(number)") }
}

@Suite struct RegexRouteTests {
    static func view(_ request: Request) async throws -> Response { .text("view") }
    static func texts(_ request: Request, _ a: String, _ b: String) async throws -> Response {
        .text("\(a)|\(b)")
    }
    static func year(_ request: Request, _ year: Int, _ page: Int?) async throws -> Response {
        .text("\(year)|\(page.map { "\($0)" } ?? "none")")
    }
    static func month(_ request: Request, _ year: Int, _ month: Month) async throws -> Response {
        .text("\(year)|\(month.number)")
    }
    static func text(_ request: Request, _ text: String) async throws -> Response { .text(text) }

    static let inner = Routes {
        #path("", view, name: "inner")
        #rePath("^page/([0-9]+)/$", text, name: "page")
        #path("<slug:slug>/", text, name: "slug")
    }

    static let router = Router(
        Routes {
            #path("first/", view, name: "first")
            #rePath(#"^archive/(\d{4})/(\d{2})/$"#, month, name: "month")
            #rePath(#"^archive/(?P<year>\d{4})/(?:page-(?P<page>\d+)/)?$"#, year, name: "year")
            #rePath("^(?!admin)([a-z]+)-([a-z]+)/$", texts, name: "pair")
            #path("<slug:slug>/", text, name: "slug")
            #rePath("^outer/(?P<outer>[0-9]+)/", include: inner)
            #rePath("^plain/([a-z]+)/", include: inner)
            #path("path/<int:id>/", include: inner)
            #rePath("^open/", view, name: "open")
            #rePath("free", view, name: "free")
            #path("<path:rest>", text, name: "rest")
        }
    )

    @Test(arguments: [
        ("/first/", "first", "", ""),
        ("/archive/2026/05/", "month", "2026,05", ""),
        ("/archive/2026/13/", "rest", "", "rest=archive/2026/13/"),
        ("/archive/2026/", "year", "", "year=2026"),
        ("/archive/2026/page-3/", "year", "", "year=2026,page=3"),
        ("/archive/2026/page-99999999999999999999/", "rest", "", nil),
        ("/ab-cd/", "pair", "ab,cd", ""),
        ("/admin-cd/", "slug", "", "slug=admin-cd"),
        ("/outer/7/", "inner", "", "outer=7"),
        ("/outer/7/page/2/", "page", "2", "outer=7"),
        ("/outer/7/x-y/", "slug", "", "outer=7,slug=x-y"),
        ("/plain/abc/page/2/", "page", "abc,2", ""),
        ("/plain/abc/x-y/", "slug", "", "slug=x-y"),
        ("/path/5/page/2/", "page", "2", "id=5"),
        ("/open/and/more", "open", "", ""),
        ("/x/free/y", "free", "", ""),
    ])
    func matchesInOrder(_ path: String, name: String, positional: String, named: String?) {
        let match = Self.router.resolve(path)
        #expect(match?.urlName == name)
        let found = match?.positionalArguments.map { $0?.description ?? "-" }
        if name != "page" || !named!.isEmpty || positional.contains(",") {
            #expect(found?.joined(separator: ",") == positional)
        }
        if let named {
            let found = match?.keywordArguments.map { "\($0.name)=\($0.value)" }
            #expect(found?.joined(separator: ",") == named)
        }
    }

    /// Django matches a pattern with `$` to the very end, so that no line feed slips through.
    @Test(arguments: [
        "/archive/2026/05/\n", "/ab-cd/\n", "/outer/7/page/2/\n", "/outer/7/\n",
    ])
    func aLineFeedAtTheEndDoesNotMatch(_ path: String) {
        #expect(Self.router.resolve(path) == nil)
    }

    @Test(arguments: [
        ("/archive/2026/05/", "2026|5"), ("/archive/2026/", "2026|none"),
        ("/archive/2026/page-3/", "2026|3"), ("/ab-cd/", "ab|cd"), ("/outer/7/page/12/", "12"),
    ])
    func viewsGetTheirTypes(_ path: String, _ body: String) async {
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        let routes = Routes {
            #rePath(#"^archive/(\d{4})/(\d{2})/$"#, Self.month)
            #rePath(#"^archive/(?P<year>\d{4})/(?:page-(?P<page>\d+)/)?$"#, Self.year)
            #rePath("^([a-z]+)-([a-z]+)/$", Self.texts)
            #rePath("^outer/(?P<outer>[0-9]+)/", include: Self.inner)
        }
        let application = Application(settings: settings, routes: routes)
        let response = await application.handle(Request(target: path, headers: ["Host": "a"]))
        #expect(response.text == body)
    }

    /// A path is decoded once, and `/admin%0A` is not `/admin`.
    @Test(arguments: [
        ("/admin", 200), ("/admin%0A", 404), ("/%61dmin", 200), ("/%2561dmin", 404),
        ("/admin%00", 400), ("/x/%2e%2e/admin", 404), ("/admin%2F", 404),
    ])
    func decodesOnce(_ target: String, status: Int) async {
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        let application = Application(
            settings: settings,
            routes: Routes { #rePath("^admin$", Self.view) }
        )
        let response = await application.handle(Request(target: target, headers: ["Host": "a"]))
        #expect(response.status.code == status)
    }

    @Test func reversesThem() throws {
        let router = Self.router
        #expect(try router.reverse("month", 2026, "05") == "/archive/2026/05/")
        #expect(
            try router.reverse("month", positional: [.int(2026), .int(12)])
                == "/archive/2026/12/"
        )
        #expect(try router.reverse("year", 2026) == "/archive/2026/")
        #expect(
            try router.reverse(
                "year",
                positional: [],
                named: [("year", .int(2026)), ("page", .int(3))]
            ) == "/archive/2026/page-3/"
        )
        #expect(try router.reverse("pair", "ab", "cd") == "/ab-cd/")
        #expect(throws: ReverseError.self) { try router.reverse("pair", "admin", "cd") }
        #expect(throws: ReverseError.self) { try router.reverse("month", 2026, 5) }
        #expect(throws: ReverseError.self) { try router.reverse("pair", "ab", "cd/\r\nx") }
        #expect(try router.reverse("open") == "/open/")
    }

    @Test func addsQueryAndFragment() throws {
        let router = Self.router
        #expect(
            try router.reverse("first", query: ["q": ["é x", "2"], "a": ["&"]], fragment: "top")
                == "/first/?q=%C3%A9+x&q=2&a=%26#top"
        )
        #expect(try router.reverse("first", query: [:]) == "/first/")
        #expect(try router.reverse("first", fragment: "a\r\nb") == "/first/#a%0D%0Ab")
    }

    @Test func listsWhatWasTried() {
        #expect(
            Self.router.tried("/outer/7/x-y/") == [
                ["first/"], [#"^archive/(\d{4})/(\d{2})/$"#],
                [#"^archive/(?P<year>\d{4})/(?:page-(?P<page>\d+)/)?$"#],
                ["^(?!admin)([a-z]+)-([a-z]+)/$"], ["<slug:slug>/"],
                ["^outer/(?P<outer>[0-9]+)/", ""],
                ["^outer/(?P<outer>[0-9]+)/", "^page/([0-9]+)/$"],
            ]
        )
    }

    @Test func joinsPatterns() {
        #expect(
            Self.router.resolve("/outer/7/page/2/")?.route
                == "^outer/(?P<outer>[0-9]+)/page/([0-9]+)/$"
        )
    }

    /// URL3: a matcher that goes back would not come to an end; `RoutingBench` measures ours.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [("^(a+)+$", ""), ("^(a|a)*b", "b"), ("^(.*)*x$", "x")]
    )
    func hostilePatternsAreAnswered(_ pattern: String, end: String) {
        let router = Router(Routes([Route(regex: pattern, (.optional()), view: Self.maybe)]))
        let path = "/" + String(repeating: "a", count: 100_000)
        #expect(router.resolve(path + "!") == nil)
        #expect(router.resolve(path + end)?.route == pattern)
    }

    static func maybe(_ request: Request, _ text: String?) async throws -> Response { .empty() }

    @Test(.timeLimit(.minutes(1))) func thousandsOfSegmentsAreAnswered() {
        let path = "/" + String(repeating: "outer/7/", count: 20_000) + "\n"
        #expect(Self.router.resolve(path) == nil)
    }
}

@Suite struct RegexFormTests {
    /// What Django's `normalize` gives.
    @Test(arguments: [
        ("", [""]),
        (#"^(\d+)/$"#, ["%(_0)s/"]),
        ("a?b*c+", ["c"]),
        ("a{2,4}", ["aa"]),
        ("(?:x(?P<n>a))?y", ["y", "x%(n)sy"]),
        ("(?:(?P<a>x)|b)/c", [""]),
        (#"\w\d\s\W\."#, ["x0 !."]),
        ("[abc]x", ["ax"]),
        ("(?!no)(?<=b)x", ["x"]),
        ("(a(b))(c)", ["%(_0)s%(_1)s"]),
    ])
    func writesPatternsOut(_ pattern: String, _ forms: [String]) throws {
        #expect(try RegexForm.all(of: pattern).map(\.format) == forms)
    }

    @Test func refusesWhatHasNoForm() {
        let error = #expect(throws: RegexFormError.self) { try RegexForm.all(of: "(?i)x") }
        #expect(
            error?.description
                == "'(?i)x' cannot be reversed because of '(?i'. Give the route no name, or write "
                + "that part in another way."
        )
        #expect(throws: RegexFormError.self) {
            try RegexForm.all(of: String(repeating: "(?:(a))?", count: 40))
        }
        #expect(throws: RegexFormError.self) { try RegexForm.all(of: "a{999999999}") }
    }

    /// Nested repetitions multiply: forty of two would be a million millions of pieces.
    @Test(arguments: ["a{2,}", "(a){2,}", "(?:){2,}", "(?:(a))*{2,}"])
    func refusesNestedRepetitionsAtOnce(_ innermost: String) {
        let pattern =
            String(repeating: "(?:", count: 40) + innermost + String(repeating: "){2,}", count: 40)
        #expect(throws: RegexFormError.tooManyForms(pattern: pattern)) {
            try RegexForm.all(of: pattern)
        }
    }

    @Test func aGroupWithoutValueIsLeftOutHoweverDeepItIsNested() throws {
        let nested =
            String(repeating: "(?:", count: 40) + "a" + String(repeating: "){2,}", count: 40)
        #expect(try RegexForm.all(of: "x(?:\(nested))*y").map(\.format) == ["xy"])
    }
}

@Suite struct LanguagePrefixTests {
    static func view(_ request: Request) async throws -> Response { .empty() }

    private static func router(prefixesDefault: Bool) -> Router {
        Router(
            Routes {
                #path("plain/", view, name: "plain")
                i18nPatterns(defaultLanguage: "en", prefixDefaultLanguage: prefixesDefault) {
                    #path("about/", view, name: "about")
                    #rePath("^item/(?P<id>[0-9]+)/$", text, name: "item")
                }
            }
        )
    }

    static func text(_ request: Request, _ text: String) async throws -> Response { .empty() }

    @Test func prefixesWithTheActiveLanguage() throws {
        let router = Self.router(prefixesDefault: true)
        #expect(try router.reverse("about") == "/en/about/")
        try ActiveLanguage.$current.withValue("nl") { () throws in
            #expect(try router.reverse("about") == "/nl/about/")
            #expect(try router.reverse("item", 5) == "/nl/item/5/")
            #expect(try router.reverse("plain") == "/plain/")
            #expect(router.resolve("/nl/item/5/")?.route == "nl/^item/(?P<id>[0-9]+)/$")
            #expect(router.resolve("/en/about/") == nil)
        }
    }

    @Test func leavesTheDefaultLanguageOut() throws {
        let router = Self.router(prefixesDefault: false)
        #expect(try router.reverse("about") == "/about/")
        #expect(router.resolve("/about/")?.urlName == "about")
        #expect(router.translate("/about/", to: "nl") == "/nl/about/")
        #expect(router.translate("/item/7/", to: "nl") == "/nl/item/7/")
        #expect(router.translate("/nowhere/", to: "nl") == "/nowhere/")
    }
}

@Suite struct RouteNameTests {
    enum URLs {
        static let index = PlainRouteName("index", in: "polls")
        static let detail = RouteName<Int>("detail", in: "polls")
        static let month = RouteName<Int, String>("month", in: "polls")
        static let wrong = RouteName<Int>("wrong", in: "other")
    }

    static func view(_ request: Request) async throws -> Response { .empty() }
    static func number(_ request: Request, _ number: Int) async throws -> Response { .empty() }
    static func month(_ request: Request, _ year: Int, _ month: String) async throws -> Response {
        .empty()
    }

    static let polls = Routes(namespace: "polls") {
        #path("", view, name: URLs.index)
        #path("<int:id>/", number, name: URLs.detail)
        #rePath("^([0-9]{4})/([0-9]{2})/$", month, name: URLs.month)
    }

    @Test func reversesByTypes() throws {
        let router = Router(Routes { #path("polls/", include: Self.polls) })
        #expect(try router.reverse(URLs.index) == "/polls/")
        #expect(try router.reverse(URLs.detail, 5) == "/polls/5/")
        #expect(try router.reverse(URLs.month, 2026, "05") == "/polls/2026/05/")
        #expect(try router.reverse("polls:detail", 5) == "/polls/5/")
        #expect(throws: ReverseError.self) { try router.reverse(URLs.detail, -5) }
        #expect(router.check().isEmpty)
    }

    static func links(_ request: Request) async throws -> Response {
        .text(
            [
                try URLs.index(in: request), try URLs.detail(5, in: request),
                try URLs.month(2026, "05", in: request, query: ["a": ["1"]], fragment: "x"),
            ].joined(separator: " ")
        )
    }

    /// A name is the reverse function of its route, in the instance and below the prefix of the
    /// request.
    @Test(arguments: [
        ("/shop/one/links/", "/shop/one/ /shop/one/5/ /shop/one/2026/05/?a=1#x"),
        ("/shop/two/links/", "/shop/two/ /shop/two/5/ /shop/two/2026/05/?a=1#x"),
    ])
    func areCalledWithTheirValues(_ path: String, _ links: String) async {
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        settings.forceScriptName = "/shop"
        let polls = Routes(namespace: "polls") {
            #path("", Self.view, name: URLs.index)
            #path("<int:id>/", Self.number, name: URLs.detail)
            #rePath("^([0-9]{4})/([0-9]{2})/$", Self.month, name: URLs.month)
            #path("links/", Self.links)
        }
        let site = Application(
            settings: settings,
            routes: Routes {
                #path("one/", include: polls, namespace: "first")
                #path("two/", include: polls, namespace: "second")
            }
        )
        let response = await site.handle(Request(target: path, headers: ["Host": "a"]))
        #expect(response.text == links)
    }

    @Test func checksTheirNamespace() {
        let router = Router(
            Routes {
                #path("polls/<int:x>/", include: Self.polls)
                #path("wrong/<int:id>/", Self.number, name: URLs.wrong)
            }
        )
        let messages = router.check().filter { $0.id == "urls.E103" }
        #expect(messages.count == 4)
        #expect(
            messages.last?.message
                == "The URL pattern 'wrong/<int:id>/' cannot be reversed by its typed name "
                + "'other:wrong': it stands in no namespace."
        )
        #expect(
            messages.first?.message
                == "The URL pattern '' cannot be reversed by its typed name 'polls:index': an include "
                + "in front of it has values of its own."
        )
    }
}

@Suite struct PublicIDTests {
    static func page(_ request: Request, _ id: PublicID) async throws -> Response { .empty() }

    @Test func hasOneTextEach() {
        let id = PublicID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(PublicID(id.description) == id)
        #expect(id.description.utf8.count == 26)
        #expect(PublicID(high: .max, low: .max).description == "7zzzzzzzzzzzzzzzzzzzzzzzzz")
        #expect(PublicID("8zzzzzzzzzzzzzzzzzzzzzzzzz") == nil)
        #expect(PublicID("00000000000000000000000000") == PublicID(high: 0, low: 0))
        #expect(PublicID(id.description.uppercased()) == nil)
        #expect(PublicID("0000000000000000000000000i") == nil)
        #expect(PublicID("0") == nil)
        #expect(PublicID() != PublicID())
    }

    @Test func standsInPaths() throws {
        let router = Router(Routes { #path("n/<publicid:id>/", Self.page, name: "note") })
        let id = PublicID()
        #expect(try router.reverse("note", id) == "/n/\(id)/")
        #expect(router.resolve("/n/\(id)/")?.argument("id")?.description == id.description)
        #expect(router.resolve("/n/8zzzzzzzzzzzzzzzzzzzzzzzzz/") == nil)
        #expect(router.resolve("/n/\(id.description.uppercased())/") == nil)
    }
}

@Suite struct SitePrefixTests {
    private static let other = Router(
        Routes {
            #path("x/", { (_: Request) async throws -> Response in .text("tenant") }, name: "x")
        }
    )

    private struct Tenants: Middleware {
        func respond(to request: Request, next: any Responder) async throws -> Response {
            if request.headers["Host"] == "tenant" { request.use(SitePrefixTests.other) }
            return try await next.respond(to: request)
        }
    }

    private static func application(prefix: String?) -> Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        settings.forceScriptName = prefix
        return Application(
            settings: settings,
            middleware: MiddlewareStack([Tenants()]),
            routes: Routes {
                #path(
                    "x/",
                    { (request: Request) async throws -> Response in
                        .text(try request.reverse("x") + " " + request.pathInfo)
                    },
                    name: "x"
                )
            }
        )
    }

    @Test(arguments: [
        (nil, "/x/", "/x/ /x/"), ("/shop", "/shop/x/", "/shop/x/ /x/"),
        ("shop/", "/x/", "/shop/x/ /x/"), ("/", "/x/", "/x/ /x/"),
    ])
    func standsInFrontOfURLs(_ prefix: String?, _ target: String, _ body: String) async {
        let response = await Self.application(prefix: prefix).handle(
            Request(target: target, headers: ["Host": "a"])
        )
        #expect(response.text == body)
    }

    @Test func aRequestMayHaveItsOwnRoutes() async {
        let response = await Self.application(prefix: nil).handle(
            Request(target: "/x/", headers: ["Host": "tenant"])
        )
        #expect(response.text == "tenant")
    }
}
