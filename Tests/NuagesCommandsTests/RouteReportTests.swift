import Nuages
import NuagesSQLite
import Testing

@testable import NuagesCommands

private struct About: GetHandler {
    func get(_ request: Request) async throws -> Response { .text("about") }
}

private func page(_ request: Request) async throws -> Response { .text("page") }
private func item(_ request: Request, id: Int) async throws -> Response { .text("item") }

private let shop = Routes(namespace: "shop") {
    #path("<int:id>/", item, name: "item", methods: [.get])
    #path("buy/<int:id>/", item, methods: [.post]).csrfExempt()
}

private struct ListedSite: Site {
    var settings = Settings(secretKey: .random())
    var switchesOff = false
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var middleware: [any Middleware] {
        var stack = MiddlewareStack(standardMiddleware)
        if switchesOff { stack.switchOff(.csrf, because: "No cookies.") }
        return stack.layers
    }
    var urls: Routes {
        #path("", page, name: "index")
        #path("about/", About())
        #path("login/", page, name: "login").rateLimited(.perMinute(5))
        #path("shop/", include: shop).allowing(addresses: ["10.0.0.0/8"])
        #path("own/", page).csrfExempt().csrfProtected().neverCache()
    }
}

private struct CountingSite: Site {
    var settings = Settings(secretKey: .random())
    var hasApp = false
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { hasApp ? [RateLimitApp(), UploadProgressApp()] : [] }
    var uploadProgressStore: any UploadProgressStore { DatabaseUploadProgressStore() }
    var urls: Routes {
        #path("", page).rateLimited(.perMinute(5), store: DatabaseRateLimitStore())
    }
}

@Suite struct RouteReportTests {
    private func report(
        switchesOff: Bool = false,
        cspReportPath: String = ""
    ) throws -> RouteReport {
        var site = ListedSite()
        site.switchesOff = switchesOff
        site.settings.cspReportPath = cspReportPath
        site.settings.databaseURL = "sqlite::memory:"
        return RouteReport(try site.makeContext())
    }

    @Test func listsAllRoutes() throws {
        #expect(
            try report().list == """
                Pattern              Name       View     Methods   Layers
                /                    index      page     GET POST  -
                /about/              -          About()  GET       -
                /login/              login      page     GET POST  limit 5 in 60 s
                /shop/<int:id>/      shop:item  item     GET       addresses 10.0.0.0/8
                /shop/buy/<int:id>/  -          item     POST      csrfExempt, addresses 10.0.0.0/8
                /own/                -          page     GET POST  csrfExempt, csrfProtected, neverCache
                """
        )
    }

    @Test func listsTheRouteOfReportsFirst() throws {
        let lines = try report(cspReportPath: "/reports/").list.split(separator: "\n")
        #expect(
            lines[1].split(separator: " ").joined(separator: " ")
                == "/reports/ - CSPReports.view POST csrfExempt, limit 60 in 60 s"
        )
    }

    @Test func auditsThem() throws {
        #expect(
            try report(cspReportPath: "/csp-report/").audit == """
                Pattern              Name   Lacks
                /                    index  access control, rate limit
                /about/              -      access control
                /login/              login  access control
                /shop/buy/<int:id>/  -      CSRF check, rate limit
                /own/                -      access control, rate limit

                5 of 6 route(s) lack a protection.
                """
        )
    }

    @Test(arguments: [(false, ["files.E004", "ratelimits.E001"]), (true, [])])
    func aStoreNeedsItsApp(_ hasApp: Bool, ids: [String]) async throws {
        var site = CountingSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.hasApp = hasApp
        let messages = try await site.makeContext().check(forDeployment: false)
        let found = messages.map(\.id).filter { $0.hasPrefix("ratelimits") || $0 == "files.E004" }
        #expect(found == ids)
    }

    @Test func seesThatTheSiteChecksNothing() throws {
        let lines = try report(switchesOff: true).audit.split(separator: "\n")
        #expect(lines.filter { $0.contains("CSRF check") }.count == 3)
    }
}
