import NuagesCore
import NuagesHTTP
import Synchronization
import Testing

/// Answers with the routes of a tenant.
private struct Tenants: Middleware {
    let router: Router

    func respond(to request: Request, next: any Responder) async throws -> Response {
        request.use(router)
        return try await next.respond(to: request)
    }
}

/// Counts what has come to it.
private final class Spy: RequestGuard {
    private let calls = Mutex(0)
    var count: Int { calls.withLock { $0 } }

    func respond(to request: Request, next: any Responder) async throws -> Response {
        calls.withLock { $0 += 1 }
        return try await next.respond(to: request)
    }
}

/// What becomes of forged forms where a layer chooses the router, in front of the check and
/// behind it.
@Suite struct CSRFRouterTests {
    fileprivate static let spy = Spy()

    fileprivate static let tenant = Router(
        Routes {
            for path in ["unknown/", "exempt/", "checked/"] {
                Route(path, (), view: RouteLayerTests.page)
                Route("layered/" + path, (), view: RouteLayerTests.page).neverCache()
                Route("guarded/" + path, (), view: RouteLayerTests.page)
                    .middleware(CSRFRouterTests.spy).neverCache()
                Route("hook/" + path, (), view: RouteLayerTests.page).csrfExempt()
            }
        }
    )

    static func site(inside: Bool) -> Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        var layers = MiddlewareStack.standard(settings: settings).layers
        let tenants = Tenants(router: tenant)
        layers.insert(tenants, at: inside ? layers.endIndex : 1)
        return application(middleware: MiddlewareStack(layers)) {
            for prefix in ["", "layered/", "guarded/", "hook/"] {
                Route(prefix + "exempt/", (), view: RouteLayerTests.page).csrfExempt()
                Route(prefix + "checked/", (), view: RouteLayerTests.page)
            }
        }
    }

    @Test(arguments: [false, true], ["unknown/", "exempt/", "checked/"])
    func aForgedFormIsRefused(inside: Bool, path: String) async {
        let site = Self.site(inside: inside)
        for prefix in ["/", "/layered/", "/guarded/"] {
            let target = prefix + path
            let forged = await site.get(target, .post)
            #expect(forged.status == .forbidden, "\(target)")
            #expect(forged.headers["X-Frame-Options"] == "DENY")
            let foreign = await site.get(
                target,
                .post,
                headers: CSRFRouteTests.good.with("Origin", "https://evil.example")
            )
            #expect(foreign.status == .forbidden, "\(target)")
            let own = await site.get(target, .post, headers: CSRFRouteTests.good)
            #expect(own.status == .ok, "\(target)")
            #expect(await site.get(target).status == .ok, "\(target)")
        }
    }

    /// Behind the check both routers have to say that a route needs none.
    @Test(arguments: [
        (false, "unknown/", 200), (false, "exempt/", 200), (false, "checked/", 200),
        (true, "unknown/", 200), (true, "exempt/", 200), (true, "checked/", 403),
    ])
    func anExemptRouteOfTheOtherRouter(inside: Bool, path: String, status: Int) async {
        let response = await Self.site(inside: inside).get("/hook/" + path, .post)
        #expect(response.status.code == status)
    }

    @Test func theGuardsOfTheOtherRouteStandInFrontOfTheCheck() async {
        let spy = Spy()
        let router = Router(
            Routes { #path("a/", RouteLayerTests.page).middleware(spy) }
        )
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        let layers = MiddlewareStack.standard(settings: settings).layers
        let site = application(middleware: MiddlewareStack(layers + [Tenants(router: router)])) {
            #path("b/", RouteLayerTests.page)
        }
        #expect(await site.get("/a/", .post).status == .forbidden)
        #expect(spy.count == 1)
        #expect(await site.get("/a/", .post, headers: CSRFRouteTests.good).status == .ok)
        #expect(spy.count == 2)
        let lost = await site.get("/b/", .post, headers: CSRFRouteTests.good)
        #expect(lost.status == .notFound)
    }
}

extension Headers {
    fileprivate func with(_ name: String, _ value: String) -> Headers {
        var copy = self
        copy[name] = value
        return copy
    }
}
