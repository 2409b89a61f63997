import NuagesCore
import NuagesHTTP
import Testing

@Suite struct ApplicationTests {
    static func index(_ request: Request) async throws -> Response { .text("index") }

    static func detail(_ request: Request, questionID: Int) async throws -> Response {
        guard questionID < 100 else { throw HTTPError.notFound("no such question") }
        return .text("question \(questionID)")
    }

    static func results(_ request: Request, year: Int, slug: String) async throws -> Response {
        .text("\(year) \(slug)")
    }

    static func vote(_ request: Request, questionID: Int) async throws -> Response {
        .text("voted \(try await request.form().fields["choice"] ?? "nothing")")
    }

    static let polls = Routes(namespace: "polls") {
        #path("", index, name: "index")
        #path("<int:questionID>/", detail, name: "detail")
        #path("<int:year>/<slug:slug>/", results, name: "results")
        #path("<int:questionID>/vote", vote, name: "vote", methods: [.post])
    }

    static let application: Application = {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        return Application(
            settings: settings,
            routes: Routes {
                #path("polls/", include: polls)
                #path("boom/", { (_: Request) async throws -> Response in throw Boom() })
            }
        )
    }()

    struct Boom: Error {}

    static func send(
        _ target: String,
        _ method: HTTPMethod = .get,
        headers: Headers = [:],
        body: String = ""
    ) async -> Response {
        var headers = headers
        headers.setDefault("Host", "example.com")
        return await application.handle(
            Request(
                method: method,
                target: target,
                headers: headers,
                body: RequestBody(Array(body.utf8))
            )
        )
    }

    @Test(arguments: [
        ("/polls/", 200, "index"),
        ("/polls/5/", 200, "question 5"),
        ("/polls/2024/a-b/", 200, "2024 a-b"),
        ("/polls/?x=1", 200, "index"),
    ])
    func callsTheView(_ target: String, status: Int, text: String) async {
        let response = await Self.send(target)
        #expect(response.status.code == status)
        #expect(response.text == text)
    }

    @Test(arguments: [
        ("/polls", 404), ("/polls/x/", 404), ("/polls/100/", 404), ("/boom/", 500),
        ("/%zz", 400), ("/%00", 400), ("/%ff%fe", 400), ("polls/", 400), ("/%c0%ae", 400),
        ("/%ed%a0%80", 400), ("/polls/?a=%ff", 400), ("/polls/?a=%00", 400), ("/%252e", 404),
        ("/polls/99999999999999999999/", 404),
    ])
    func answersErrors(_ target: String, status: Int) async {
        let response = await Self.send(target)
        #expect(response.status.code == status)
        #expect(response.text?.contains("zz") == false)
    }

    @Test func refusesForeignHosts() async {
        let response = await Self.send("/polls/", headers: ["Host": "evil.example"])
        #expect(response.status == .badRequest)
    }

    @Test func answersMethods() async {
        let get = await Self.send("/polls/5/vote")
        #expect(get.status == .methodNotAllowed)
        #expect(get.headers["Allow"] == "POST, OPTIONS")
        let post = await Self.send(
            "/polls/5/vote",
            .post,
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: "choice=3&x=%C3%BC"
        )
        #expect(post.text == "voted 3")
        let head = await Self.send("/polls/", .head)
        #expect(head.status == .ok)
        #expect(head.body.length == 0)
        #expect(head.headers["Content-Length"] == "5")
        let options = await Self.send("/polls/", .options)
        #expect(options.status == .noContent)
        #expect(options.headers["Allow"] == "GET, POST, HEAD, OPTIONS")
        #expect(await Self.send("/polls/", .trace).status == .methodNotAllowed)
        #expect(await Self.send("/polls/", HTTPMethod("get")).status == .methodNotAllowed)
    }

    @Test func reverses() throws {
        let router = Self.application.router
        #expect(try router.reverse("polls:index") == "/polls/")
        #expect(try router.reverse("polls:detail", 5) == "/polls/5/")
        #expect(
            try router.reverse(
                "polls:results",
                positional: [],
                named: [("slug", .string("a")), ("year", .int(1))]
            ) == "/polls/1/a/"
        )
        #expect(throws: ReverseError.self) { try router.reverse("polls:detail", "x") }
        #expect(throws: ReverseError.self) { try router.reverse("polls:nothing") }
        #expect(throws: ReverseError.self) { try router.reverse("blog:index") }
    }
}
