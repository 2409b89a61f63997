// URLs, views, middleware, settings and a command: what the guides quote.
import Nuages

struct FourDigitYear: PathConverter {
    static let characters = PathCharacters.digits.count(4...4)

    static func value(from text: String) -> Int? { Int(text) }

    static func text(from value: Int) -> String? {
        (1000...9999).contains(value) ? String(value) : nil
    }
}

let articles = Routes(namespace: "articles") {
    #path("", latest, name: "latest")
    #path("<FourDigitYear:year>/", year, name: "year")
    #path("<FourDigitYear:year>/<slug:slug>/", article, name: "article")
    #path("feed/", feed, name: "feed")
    #path("hook/", hook, name: "hook", methods: [.post]).csrfExempt()
}

func latest(_ request: Request) async throws -> Response {
    try redirect(to: "articles:year", 2026)
}

func year(_ request: Request, year: Int) async throws -> Response {
    try await render(request, "articles/year.html", ["year": year])
}

func article(_ request: Request, year: Int, slug: String) async throws -> Response {
    guard slug != "draft" else { throw HTTPError.notFound("No article matches.") }
    return try await render(request, "articles/article.html", ["slug": slug])
}

func feed(_ request: Request) async throws -> Response {
    let limit = request.query["limit"].flatMap { Int($0) } ?? 10
    return .text("The latest \(limit) articles.")
}

func hook(_ request: Request) async throws -> Response {
    guard request.headers["X-Signature"] == "…" else { throw HTTPError.forbidden("Bad signature.") }
    return .empty()
}

struct ServerTiming: Middleware {
    func respond(to request: Request, next: any Responder) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next.respond(to: request)
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        response.headers["Server-Timing"] = "app;dur=\(milliseconds)"
        return response
    }
}

struct ShowURLs: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "showurls",
        abstract: "Lists all URLs of the site."
    )

    func run() async throws {
        for (pattern, name) in try site.router.patterns {
            print("/\(pattern)\t\(name ?? "-")")
        }
    }
}

@main
struct Magazine: Site {
    var settings = behindProxy()
    var databaseDrivers: [any DatabaseDriver] { [] }
    var apps: [any App] { [] }
    var middleware: [any Middleware] {
        standardMiddleware { security, csrf in
            security.hstsPreload = true
            security.crossOriginEmbedderPolicy = "require-corp"
            csrf.cookieSameSite = .strict
        } + [ServerTiming()]
    }
    static var commands: [any ManagementCommand.Type] { [ShowURLs.self] }

    var urls: Routes {
        #path("articles/", include: articles)
    }

    static func behindProxy() -> Settings {
        var settings = Settings()
        settings.trustedProxies = ["10.0.0.5"]
        settings.proxySSLHeader = ("X-Forwarded-Proto", "https")
        return settings
    }
}
