import NuagesCore
import NuagesHTTP
import Testing

struct FourDigitYear: PathConverter {
    static let characters = PathCharacters.digits.count(4...4)
    static func value(from text: String) -> Int? { text == "9999" ? nil : Int(text) }
    static func text(from value: Int) -> String? {
        (1000...9999).contains(value) ? String(value) : nil
    }
}

@Suite struct RouterTests {
    static func view(_ request: Request) async throws -> Response { .empty() }
    static func number(_ request: Request, _ number: Int) async throws -> Response { .empty() }
    static func text(_ request: Request, _ text: String) async throws -> Response { .empty() }
    static func texts(_ request: Request, _ a: String, _ b: String) async throws -> Response {
        .text("\(a)|\(b)")
    }

    static let router = Router(
        Routes {
            #path("", view, name: "home")
            #path("articles/2003/", view, name: "special")
            #path("articles/<FourDigitYear:year>/", number, name: "year")
            #path("articles/<int:id>/", number, name: "article")
            #path("articles/<slug:slug>/", text, name: "slug")
            #path("range/<str:a>-<str:b>/", texts, name: "range")
            #path("files/<path:file>", text, name: "file")
            #path("split/<path:a>/at/<path:b>/", texts, name: "split")
        }
    )

    @Test(arguments: [
        ("/", "home", ""),
        ("/articles/2003/", "special", ""),
        ("/articles/2024/", "year", "year=2024"),
        ("/articles/9999/", "article", "id=9999"),
        ("/articles/20240/", "article", "id=20240"),
        ("/articles/99999999999999999999/", "slug", "slug=99999999999999999999"),
        ("/articles/a-b_C/", "slug", "slug=a-b_C"),
        ("/range/a-b-c/", "range", "a=a-b,b=c"),
        ("/range/ü-é/", "range", "a=ü,b=é"),
        ("/files/a/b c/d.txt", "file", "file=a/b c/d.txt"),
        ("/split/x/at/y/at/z/", "split", "a=x/at/y,b=z"),
    ])
    func matchesTheFirstRoute(_ path: String, name: String, arguments: String) {
        let match = Self.router.resolve(path)
        #expect(match?.urlName == name)
        let found = match?.keywordArguments.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        #expect(found == arguments)
    }

    @Test(arguments: [
        "", "articles/2003/", "//", "/articles", "/articles/2003", "/articles/2003//",
        "/articles/2003/\n", "/articles/x y/", "/articles/é/", "/range/ab/", "/range/-/",
        "/files/", "/articles/\u{0661}/", "/./", "/articles/+5/", "/Articles/2003/",
    ])
    func refusesOtherPaths(_ path: String) {
        #expect(Self.router.resolve(path) == nil)
    }

    @Test func aSlugTakesWhatIntRefusesBecauseItIsTooLarge() {
        let match = Self.router.resolve("/articles/18446744073709551616/")
        #expect(match?.urlName == "slug")
    }

    @Test func anIncludeNeverMatchesLess() {
        // Django: the pattern of an include is matched greedily and is not tried again.
        let router = Router(
            Routes {
                #path("<path:prefix>", include: Routes { #path("end", Self.view) })
            }
        )
        #expect(router.resolve("/a/end") == nil)
    }

    /// A matcher that goes back over all choices would not come to an end.
    @Test(.timeLimit(.minutes(1))) func longPathsOfManyChoicesAreAnswered() {
        let router = Router(
            Routes { #path("<path:a>/<path:b>/<path:c>!", Self.three) }
        )
        let path = "/" + String(repeating: "a/", count: 4_000)
        #expect(router.resolve(path) == nil)
        #expect(router.resolve(path + "b!")?.route == "<path:a>/<path:b>/<path:c>!")
    }

    static func three(
        _ request: Request,
        _ a: String,
        _ b: String,
        _ c: String
    ) async throws -> Response { .empty() }

    @Test func keepsExtraArguments() {
        let router = Router(
            Routes {
                #path(
                    "blog/",
                    include: Routes { #path("x/", Self.view).extra(["b": 2, "a": 3]) }
                ).extra(["a": 1, "c": 4])
            }
        )
        let extra = router.resolve("/blog/x/")?.extra.entries.map {
            "\($0.key)=\($0.value.pathArgument)"
        }
        #expect(extra == ["a=3", "c=4", "b=2"])
    }

    @Test func routesOfOnePatternShareItByMethod() async {
        let routes = Routes {
            #path(
                "item/",
                { (_: Request) async throws -> Response in .text("read") },
                methods: [.get]
            )
            #path(
                "item/",
                { (_: Request) async throws -> Response in .text("written") },
                methods: [.put]
            )
        }
        var settings = HTTPSettings()
        settings.allowedHosts = ["*"]
        let application = Application(settings: settings, routes: routes)
        func send(_ method: HTTPMethod) async -> Response {
            await application.handle(
                Request(method: method, target: "/item/", headers: ["Host": "a"])
            )
        }
        #expect(await send(.get).text == "read")
        #expect(await send(.put).text == "written")
        #expect(await send(.delete).headers["Allow"] == "GET, HEAD, OPTIONS, PUT")
    }
}

@Suite struct ReverseTests {
    static func view(_ request: Request) async throws -> Response { .empty() }
    static func number(_ request: Request, _ number: Int) async throws -> Response { .empty() }
    static func text(_ request: Request, _ text: String) async throws -> Response { .empty() }

    static let app = Routes(namespace: "app") {
        #path("", view, name: "home")
        #path("leaf/<str:x>/", text, name: "leaf")
    }

    static let router = Router(
        Routes {
            #path("", text0, name: "root")
            #path("<path:rest>", text, name: "rest")
            #path("year/<FourDigitYear:year>/", number, name: "year")
            #path("one/", include: app, namespace: "one")
            #path("two/", include: app, namespace: "two")
            #path("same/", view, name: "same")
            #path("same/<int:id>/", number, name: "same")
            #path("(a)/$1 &ü/", view, name: "odd")
        }
    )

    static func text0(_ request: Request) async throws -> Response { .empty() }

    @Test(arguments: [
        ("/evil.example", "/%2Fevil.example"),
        ("//evil.example", "/%2F/evil.example"),
        ("../../etc", "/../../etc"),
        ("a?b#c", "/a%3Fb%23c"),
        ("a\r\nb", nil),
        ("ü é", "/%C3%BC%20%C3%A9"),
        ("%2e", "/%252e"),
    ])
    func escapesWhatCouldLeaveThePath(_ argument: String, expected: String?) throws {
        guard let expected else {
            #expect(throws: ReverseError.self) { try Self.router.reverse("rest", argument) }
            return
        }
        let path = try Self.router.reverse("rest", argument)
        #expect(path == expected)
        #expect(!path.hasPrefix("//"))
    }

    @Test func takesTheRouteThatTheArgumentsFit() throws {
        #expect(try Self.router.reverse("same") == "/same/")
        #expect(try Self.router.reverse("same", 7) == "/same/7/")
        #expect(try Self.router.reverse("odd") == "/(a)/$1%20&%C3%BC/")
        #expect(try Self.router.reverse("year", 2024) == "/year/2024/")
        #expect(throws: ReverseError.self) { try Self.router.reverse("year", 24) }
        #expect(throws: ReverseError.self) { try Self.router.reverse("same", -7) }
    }

    @Test func findsInstancesOfAnApplication() throws {
        // Django: without a default instance the last one that was deployed.
        #expect(try Self.router.reverse("app:home") == "/two/")
        #expect(try Self.router.reverse("two:leaf", "x") == "/two/leaf/x/")
        #expect(
            try Self.router.reverse("app:home", positional: [], currentApp: "one") == "/one/"
        )
    }

    @Test func saysWhatThereIs() {
        #expect(throws: ReverseError.self) { try Self.router.reverse("app:nothing") }
        do {
            _ = try Self.router.reverse("nowhere:home")
            Issue.record("reversed an unknown namespace")
        } catch {
            #expect(error.description == "'nowhere' is not a registered namespace.")
        }
        do {
            _ = try Self.router.reverse("same", "x")
            Issue.record("reversed with a wrong argument")
        } catch {
            #expect(
                error.description
                    == "The route 'same' does not take the arguments (x). Its patterns are: same/, "
                    + "same/<int:id>/."
            )
        }
    }
}

@Suite struct RouteCheckTests {
    static func view(_ request: Request) async throws -> Response { .empty() }
    static func text(_ request: Request, _ text: String) async throws -> Response { .empty() }
    static func number(_ request: Request, _ number: Int) async throws -> Response { .empty() }

    @Test func reportsMistakes() {
        let inner = Routes(namespace: "app") { #path("", Self.view, name: "home") }
        let router = Router(
            Routes {
                Route("/slash/", (), view: Self.view)
                #path("colon/", Self.view, name: "a:b")
                #path("^regex/$", Self.view)
                #path("<str:any>/", Self.text, name: "any")
                #path("new/", Self.view, name: "new")
                #path("<int:id>/", Self.number, name: "number")
                #path("more/a/", Self.view, name: "twice")
                #path("more/b/", Self.view, name: "twice")
                #path("x/y/", include: inner)
                #path("x/z/", include: inner)
            }
        )
        let messages = router.check()
        #expect(
            messages.map(\.id) == [
                "urls.W002", "urls.W003", "2_0.W001", "urls.W005", "urls.W102", "urls.W102",
                "urls.W101", "urls.W101",
            ]
        )
        #expect(
            messages.last?.message
                == "No path reaches the URL pattern '<int:id>/': '<str:any>/' stands in front of it "
                + "and matches the same paths."
        )
    }

    /// What `#path` refuses at compile time is an error where a pattern is put together.
    @Test(arguments: [
        ("<int:id", "urls.W010", "'<' bracket"), ("int:id>", "urls.W010", "'>' bracket"),
        ("<int: id>/", "urls.E004", "cannot contain whitespace in '<int: id>'"),
        ("<int:1d>/", "urls.E004", "parameter name '1d' which is no name"),
        ("<int:id>/<int:id>/", "urls.E004", "uses the name 'id' twice"),
        ("<nonexistent:id>/", "urls.E004", "invalid converter 'nonexistent'"),
    ])
    func reportsPatternsThatCannotBeRead(_ pattern: String, id: String, text: String) throws {
        let messages = Router(Routes([Route(pattern, (), view: Self.view)])).check()
        let message = try #require(
            messages.first { $0.id == id && $0.message.contains(text) },
            "\(messages)"
        )
        #expect(message.level == (id == "urls.W010" ? .warning : .error))
        #expect(message.hint != nil)
        #expect(message.object == pattern)
    }

    @Test func reportsMistakesInRegularExpressions() {
        let inner = Routes { #path("x/", Self.view) }
        let router = Router(
            Routes([
                Route(regex: "^include/$", include: inner),
                Route(regex: "^escaped\\$", include: inner),
                Route(regex: "^/slash/$", (), view: Self.view),
                Route(regex: "^(a", (), view: Self.view),
                Route(regex: "^(a)$", (), view: Self.view),
                Route(regex: "^(?:a|b)$", (), view: Self.view, name: "alternatives"),
                Route(regex: "^(?i:a)$", (), view: Self.view, name: "caseless"),
            ])
        )
        let messages = router.check()
        #expect(
            messages.map(\.id) == [
                "urls.W001", "urls.W002", "urls.E102", "urls.E102", "urls.W103",
            ]
        )
        #expect(messages.allSatisfy { $0.hint != nil })
        #expect(
            messages.last?.message
                == "No URL can be made for 'caseless': '(?i:a)$' cannot be reversed because of '(?i'. "
                + "Give the route no name, or write that part in another way."
        )
        #expect(
            messages[3].message
                == "The URL pattern '^(a)$' matches nothing: it has 1 values for its view, which takes "
                + "0."
        )
    }

    @Test func acceptsSoundRoutes() {
        #expect(ReverseTests.router.check().filter { $0.id != "urls.W101" }.isEmpty)
        #expect(RouterTests.router.check().isEmpty)
    }
}
