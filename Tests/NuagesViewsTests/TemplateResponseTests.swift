import Nuages
import NuagesSQLite
import NuagesTesting
import Testing

/// Adds to the context of a page, and notes that it was asked.
private struct Adding: TemplateResponseMiddleware {
    let name: String

    func processTemplateResponse(_ response: inout Response, for request: Request) async throws {
        let before = response.template?.context["added"]?.plainText ?? ""
        response.template?.context["added"] = .string(before + name)
    }
}

/// A layer of a route that takes another template.
private struct Mobile: Middleware {
    func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        response.headers["X-Rendered"] = "\(response.isRendered)"
        response.template?.templates.insert("mobile.html", at: 0)
        return response
    }
}

/// A layer of a route that answers with another body.
private struct Closed: Middleware {
    func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        response.text = "closed"
        return response
    }
}

/// A layer of a route that answers for the view that fails.
private struct Caught: ExceptionMiddleware {
    func processException(_ error: any Error, for request: Request) async -> Response? {
        .template("page.html", ["word": "caught"])
    }
}

/// A layer of the site that answers for views whose template is missing.
private struct Apology: ExceptionMiddleware {
    func processException(_ error: any Error, for request: Request) async -> Response? {
        var response = Response.text("sorry: \(type(of: error))", status: .serviceUnavailable)
        response.headers["X-Asked"] = (response.headers["X-Asked"] ?? "") + "once"
        return response
    }
}

/// A view that has a page of its own for a template that is missing.
private func careful(_ request: Request) async throws -> Response {
    var response = Response.template("none.html")
    do {
        try await response.render(for: request)
    } catch {
        return .text("nothing there")
    }
    return response
}

private struct ApologeticSite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var middleware: [any Middleware] { standardMiddleware + [Apology()] }
    var urls: Routes {
        #path("late/", missing)
        #path("zipped/", missing).gzipPage()
        #path("conditional/", missing).conditionalPage()
        #path("checked/", missing).csrfProtected()
        #path("limited/", missing).rateLimited(.perMinute(5))
        #path("careful/", careful).gzipPage()
    }
}

private struct PageView: TemplateView {
    let templateName: String? = "page.html"
}

private func page(_ request: Request) async throws -> Response {
    .template("page.html", ["word": "<b>"], status: HTTPStatus(202))
}
private func called(_ request: Request) async throws -> Response {
    var response = Response.template("page.html", ["word": "late"])
    try await response.addPostRenderCallback { response in
        response.headers["X-Length"] = "\(response.bytes?.count ?? -1)"
    }
    return response
}
private func plain(_ request: Request) async throws -> Response {
    var response = Response.text("plain")
    try await response.addPostRenderCallback { $0.headers["X-Called"] = "at once" }
    return response
}
private func missing(_ request: Request) async throws -> Response { .template("none.html") }
private func failing(_ request: Request) async throws -> Response {
    throw HTTPError.notFound("gone")
}

@Suite struct TemplateResponseTests {
    private static let templates = [
        "page.html": "page {{ word }} {{ added }}{% csrf_token %}",
        "mobile.html": "mobile {{ word }}",
    ]
    private static let routes = Routes {
        #path("page/", page)
        #path("mobile/", page).middleware(Mobile())
        #path("both/", page).middleware(Mobile(), ConditionalGetMiddleware())
        #path("called/", called)
        #path("plain/", plain)
        #path("missing/", missing)
        #path("view/", PageView()).middleware(Mobile())
        #path("closed/", page).middleware(Closed())
        #path("added/", page).middleware(Adding(name: "by the route"))
        #path("failing/", failing).middleware(Caught())
    }

    private func get(_ path: String) async throws -> TestResponse {
        var result: TestResponse?
        try await withNewsSite(templates: Self.templates, routes: Self.routes) { client in
            result = try await client.get(path)
        }
        return try #require(result)
    }

    @Test func isRenderedBehindTheLayersOfTheRoute() async throws {
        let response = try await get("/page/")
        #expect(response.status == 202)
        #expect(response.text.hasPrefix("page &lt;b&gt; <input"))
        #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(response.headers["Set-Cookie"]?.contains("csrftoken") == true)
        let mobile = try await get("/mobile/")
        #expect(mobile.text == "mobile &lt;b&gt;")
        #expect(mobile.headers["X-Rendered"] == "false")
        #expect(try await get("/view/").text == "mobile ")
    }

    @Test func layersThatNeedTheBytesRenderIt() async throws {
        let both = try await get("/both/")
        #expect(both.headers["ETag"] != nil)
        #expect(both.headers["X-Rendered"] == "true")
        #expect(both.text.hasPrefix("page &lt;b&gt;"))
    }

    @Test func callsBackWithThePage() async throws {
        let response = try await get("/called/")
        #expect(response.headers["X-Length"] == "\(response.text.utf8.count)")
        #expect(try await get("/plain/").headers["X-Called"] == "at once")
    }

    @Test func aTemplateThatIsMissingIsAnError() async throws {
        #expect(try await get("/missing/").status == 500)
    }

    /// Wherever a page is rendered, an error of its template is one of the view.
    @Test(arguments: ["late", "zipped", "conditional", "checked", "limited"])
    func layersOfTheSiteSeeErrorsOfTemplates(_ name: String) async throws {
        try await withTestSite(ApologeticSite.self) { client in
            let response = try await client.get("/\(name)/")
            #expect(response.status == 503)
            #expect(response.text == "sorry: TemplateError")
            #expect(response.headers.values(of: "X-Asked") == ["once"])
        }
    }

    @Test func aViewCatchesErrorsOfItsTemplateFirst() async throws {
        try await withTestSite(ApologeticSite.self) { client in
            let response = try await client.get("/careful/")
            #expect(response.status == 200)
            #expect(response.text == "nothing there")
        }
    }

    @Test func thoseOfTheApplicationSeeThePageAndNoOthers() async throws {
        struct LayeredSite: Site {
            var settings = Settings(secretKey: .random())
            var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
            var apps: [any App] { [] }
            var middleware: [any Middleware] { [Adding(name: "of the site")] }
            var urls: Routes { #path("page/", page) }
        }
        try await withTemplates(Self.templates) { folder in
            try await withTestSite(
                LayeredSite.self,
                configure: { $0.templateDirectories = [folder] }
            ) { _ in
                let site = try SiteContext.current
                let request = { Request(target: "/page/", headers: ["Host": "testserver"]) }
                let given = await site.makeApplication(middleware: [Adding(name: "given")])
                    .handle(request())
                #expect(given.text?.hasPrefix("page &lt;b&gt; given<") == true)
                let own = await site.makeApplication().handle(request())
                #expect(own.text?.hasPrefix("page &lt;b&gt; of the site<") == true)
            }
        }
    }

    @Test func whoSetsABodyReplacesThePage() async throws {
        #expect(try await get("/closed/").text == "closed")
    }

    @Test func aLayerOfARouteChangesThePageAndAnswersForItsView() async throws {
        #expect(try await get("/added/").text.hasPrefix("page &lt;b&gt; by the route"))
        let caught = try await get("/failing/")
        #expect(caught.text.hasPrefix("page caught"))
        #expect(caught.headers["Set-Cookie"]?.contains("csrftoken") == true)
    }

    @Test func aCheckOfTheRouteAloneSendsItsCookieWithALatePage() async throws {
        struct OpenSite: Site {
            var settings = Settings(secretKey: .random())
            var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
            var apps: [any App] { [] }
            var middleware: [any Middleware] { [] }
            var urls: Routes { #path("page/", page).csrfProtected() }
        }
        try await withTemplates(Self.templates) { folder in
            try await withTestSite(
                OpenSite.self,
                configure: { $0.templateDirectories = [folder] }
            ) { client in
                let response = try await client.get("/page/")
                #expect(response.text.contains("csrfmiddlewaretoken"))
                #expect(response.headers["Set-Cookie"]?.contains("csrftoken") == true)
            }
        }
    }

    @Test func viewsOfErrorsRenderTheirPagesOrArePassedOver() async throws {
        struct LostSite: Site {
            var settings = Settings(secretKey: .random())
            var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
            var apps: [any App] { [] }
            var urls: Routes { #path("page/", page) }
            var errorHandlers: ErrorHandlers {
                ErrorHandlers(
                    badRequest: { _, _ in
                        .template("page.html", ["word": "bad"], status: .badRequest)
                    },
                    notFound: { _, _ in .template("none.html", status: .notFound) }
                )
            }
        }
        try await withTemplates(Self.templates) { folder in
            try await withTestSite(
                LostSite.self,
                configure: { $0.templateDirectories = [folder] }
            ) { client in
                let bad = try await client.get("/page/", headers: ["Host": "evil.example"])
                #expect(bad.status == 400)
                #expect(bad.text.hasPrefix("page bad"))
                let lost = try await client.get("/nowhere/")
                #expect(lost.status == 404)
                #expect(lost.text.contains("Not Found"))
            }
        }
    }

    @Test func layersOfTheSiteSeeThePageFirst() async throws {
        struct LayeredSite: Site {
            var settings = Settings(secretKey: .random())
            var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
            var apps: [any App] { [] }
            var middleware: [any Middleware] {
                [Adding(name: "outer")] + standardMiddleware + [Adding(name: "inner,")]
            }
            var urls: Routes { #path("page/", page) }
        }
        try await withTemplates(Self.templates) { folder in
            try await withTestSite(
                LayeredSite.self,
                configure: { $0.templateDirectories = [folder] }
            ) { client in
                let page = try await client.get("/page/")
                #expect(page.text.hasPrefix("page &lt;b&gt; inner,outer"))
            }
        }
    }
}
