import NuagesHTTP
import Synchronization
import Testing

private struct Boom: Error {}

/// Notes what it sees, and answers where it is told to.
private final class Watcher: ExceptionMiddleware {
    private let notes = Mutex<[String]>([])
    let name: String
    let answer: String?
    let shared: Watcher?

    init(_ name: String, answer: String? = nil, shared: Watcher? = nil) {
        self.name = name
        self.answer = answer
        self.shared = shared
    }

    var seen: [String] { notes.withLock { $0 } }

    func processException(_ error: any Error, for request: Request) async throws -> Response? {
        let note = "\(name) \(type(of: error))"
        if let shared {
            shared.notes.withLock { $0.append(note) }
        } else {
            notes.withLock { $0.append(note) }
        }
        if answer == "throws" { throw HTTPError.forbidden("instead") }
        return answer.map { .text($0) }
    }
}

private struct Failing: Middleware {
    func respond(to request: Request, next: any Responder) async throws -> Response { throw Boom() }
}

@Suite struct ExceptionMiddlewareTests {
    private static func boom(_ request: Request) async throws -> Response { throw Boom() }
    private static func lost(_ request: Request) async throws -> Response {
        throw HTTPError.notFound("x")
    }

    private static func site(_ layers: [any Middleware]) -> Application {
        application(middleware: MiddlewareStack(layers)) {
            #path("boom/", boom)
            #path("layered/", boom).neverCache()
            #path("lost/", lost)
            #path("layer/", RouteLayerTests.page).middleware(Failing())
        }
    }

    @Test func theInnermostIsAskedFirst() async {
        let outer = Watcher("outer")
        let site = Self.site([outer, Watcher("inner", shared: outer)])
        #expect(await site.get("/boom/").status == .internalServerError)
        #expect(await site.get("/lost/").status == .notFound)
        #expect(
            outer.seen == ["inner Boom", "outer Boom", "inner HTTPError", "outer HTTPError"]
        )
    }

    @Test(arguments: ["/boom/", "/layered/"])
    func theFirstAnswerIsTheResponse(_ target: String) async {
        let outer = Watcher("outer")
        let site = Self.site([outer, Watcher("inner", answer: "mended", shared: outer)])
        let response = await site.get(target)
        #expect(response.text == "mended")
        #expect(response.status == .ok)
        #expect(outer.seen == ["inner Boom"])
        #expect((response.headers["Expires"] != nil) == (target == "/layered/"))
    }

    @Test func mayThrowAnotherError() async {
        let site = Self.site([Watcher("w", answer: "throws")])
        #expect(await site.get("/boom/").status == .forbidden)
    }

    @Test func seesViewsOnly() async {
        let watcher = Watcher("w", answer: "mended")
        let site = Self.site([watcher])
        #expect(await site.get("/layer/").status == .internalServerError)
        #expect(await site.get("/nowhere/").status == .notFound)
        #expect(watcher.seen.isEmpty)
    }
}
