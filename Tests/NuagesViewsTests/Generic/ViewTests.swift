import Nuages
import NuagesTesting
import Testing

private struct Echo: GetHandler, PostHandler, PutHandler {
    var prefix = ""
    private var word = ""

    init(prefix: String = "") { self.prefix = prefix }

    mutating func setup(_ request: Request) async throws { word = request.query["word"] ?? "none" }
    func get(_ request: Request) async throws -> Response { .text("\(prefix)get \(word)") }
    func post(_ request: Request) async throws -> Response { .text("\(prefix)post \(word)") }
    func put(_ request: Request) async throws -> Response { .text("\(prefix)put \(word)") }
}

private struct ReadOnly: GetHandler, PostHandler {
    static var httpMethodNames: [HTTPMethod] { [.get] }
    func get(_ request: Request) async throws -> Response { .text("get") }
    func post(_ request: Request) async throws -> Response { .text("post") }
}

private struct Year: GetHandler {
    let year: Int
    let name: String
    func get(_ request: Request) async throws -> Response { .text("\(name) of \(year + 1)") }
}

private struct About: TemplateView {
    let templateName: String? = "about.html"
    var title = "About"
    func extraContext(_ request: Request) async throws -> ContextDictionary { ["title": title] }
}

private struct Nameless: TemplateView {}

private struct OldArticle: RedirectView {
    let patternName: String? = "detail"
    var isPermanent = false
    var queryString = false
    var preservesRequest = false
}

private struct Elsewhere: RedirectView {
    var url: String?
}

private struct Opinion: FormView {
    typealias FormClass = OpinionForm
    let templateName: String? = "opinion.html"
    var successURL: String? = "/thanks/"
    var prefix: String?

    func form(_ request: Request) async throws -> FormDefinition<OpinionForm> {
        OpinionForm.form.initial(\.subject, "Hello")
    }
}

private struct Thankful: FormView {
    let templateName: String? = "opinion.html"
    func formValid(_ form: OpinionForm, _ request: Request) async throws -> Response {
        .text("Thank you for \(form.subject)")
    }
}

private func detail(_ request: Request, pk: Int) async throws -> Response { .text("detail \(pk)") }

@Suite struct ViewTests {
    private func withViews(_ body: (TestClient) async throws -> Void) async throws {
        try await withNewsSite(
            templates: [
                "about.html": "{{ title }} {{ chapter }}",
                "opinion.html": "<form method=\"post\">{% csrf_token %}{{ form }}</form>",
            ],
            routes: Routes {
                #path("echo/", Echo(prefix: "> "))
                #path("reading/", ReadOnly())
                #path("year/<int:year>/<slug:name>/", Year.init(year:name:))
                #path("about/<slug:chapter>/", About())
                #path("nameless/", Nameless())
                #path("detail/<int:pk>/", detail, name: "detail")
                #path("old/<int:pk>/", OldArticle())
                #path("moved/<int:pk>/", OldArticle(isPermanent: true, queryString: true))
                #path("kept/<int:pk>/", OldArticle(preservesRequest: true))
                #path("out/<path:rest>/", Elsewhere(url: "https://example.org/%(rest)s?a=100%%"))
                #path("in/<path:rest>/", Elsewhere(url: "/%(rest)s"))
                #path("gone/", Elsewhere())
                #path("opinion/", Opinion())
                #path("prefixed/", Opinion(prefix: "a"))
                #path("thankful/", Thankful())
            },
            body
        )
    }

    @Test func hasOneCopyForEachRequest() async throws {
        try await withViews { client in
            let found6 = try await client.get("/echo/?word=a").text
            #expect(found6 == "> get a")
            let found7 = try await client.get("/echo/").text
            #expect(found7 == "> get none")
            let found8 = try await client.send(.head, "/echo/").status
            #expect(found8 == 200)
        }
    }

    @Test func answersTheMethodsThatItHandles() async throws {
        #expect(Echo.allowedMethods == [.get, .post, .put, .head])
        #expect(ReadOnly.allowedMethods == [.get])
        try await withViews { client in
            let options = try await client.send(.options, "/echo/")
            #expect(options.headers["Allow"] == "GET, POST, PUT, HEAD, OPTIONS")
        }
    }

    @Test func refusesOtherMethods() async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await ReadOnly().answer(Request(method: .post, target: "/"))
        }
        #expect(error?.status == .methodNotAllowed)
        #expect(error?.responseHeaders["Allow"] == "GET")
    }

    @Test func isMadeOfTypedValuesOfTheURL() async throws {
        try await withViews { client in
            let found = try await client.get("/year/2026/spring/").text
            #expect(found == "spring of 2027")
        }
    }

    @Test func showsATemplateWithTheValuesOfTheURL() async throws {
        try await withViews { client in
            let found9 = try await client.get("/about/us/").text
            #expect(found9 == "About us")
            let found10 = try await client.get("/nameless/").status
            #expect(found10 == 500)
        }
    }

    @Test(arguments: [
        ("/old/5/?a=b", 302, "/detail/5/"), ("/moved/5/?a=b", 301, "/detail/5/?a=b"),
        ("/kept/5/", 307, "/detail/5/"),
        ("/out/x%20y/z/", 302, "https://example.org/x%20y/z?a=100%"),
        ("/in/x/", 302, "/x"), ("/in//evil.example/", 400, nil),
        ("/in/%5Cevil.example/", 302, "/%5Cevil.example"),
        ("/gone/", 410, nil),
    ])
    func redirects(_ path: String, status: Int, location: String?) async throws {
        try await withViews { client in
            let answer = try await client.get(path)
            #expect(answer.status == status)
            #expect(answer.location == location)
        }
    }

    @Test func showsAFormAndDoesNothingWhileItIsWrong() async throws {
        try await withViews { client in
            let page = try await client.get("/opinion/")
            #expect(page.text.contains("value=\"Hello\""))
            let again = try await client.submit(page, ["subject": "This is far too long a subject"])
            #expect(again.status == 200)
            #expect(again.text.contains("errorlist"))
            let done = try await client.submit(page, ["subject": "Short"])
            #expect(done.status == 302 && done.location == "/thanks/")
        }
    }

    @Test func prefixesTheNamesOfControls() async throws {
        try await withViews { client in
            let page = try await client.get("/prefixed/")
            #expect(page.text.contains("name=\"a-subject\""))
            let found11 = try await client.submit(page, ["a-subject": "Short"]).status
            #expect(found11 == 302)
        }
    }

    @Test func handsTypedValuesToTheView() async throws {
        try await withViews { client in
            let page = try await client.get("/thankful/")
            let answer = try await client.submit(page, ["subject": "all"])
            #expect(answer.text == "Thank you for all")
        }
    }
}
