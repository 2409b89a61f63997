import NuagesCore
import NuagesHTTP
import Synchronization
import Testing

/// Counts what has passed it.
private final class Gate: RequestGuard {
    private let passes = Mutex(0)
    let isOpen: Bool

    init(isOpen: Bool = true) { self.isOpen = isOpen }

    var count: Int { passes.withLock { $0 } }

    func respond(to request: Request, next: any Responder) async throws -> Response {
        passes.withLock { $0 += 1 }
        guard isOpen else { throw HTTPError.status(.tooManyRequests, "closed") }
        return try await next.respond(to: request)
    }
}

/// Reads nothing, and says so where somebody asks.
private actor Untouched: RequestBody.Source {
    private(set) var isTouched = false

    func nextChunk() async throws -> [UInt8]? {
        isTouched = true
        return nil
    }
}

@Suite struct RequestGuardTests {
    @Test func aFloodWithoutTokensMeetsTheLimit() async {
        let store = MemoryRateLimitStore()
        let site = application {
            #path("login/", RouteLayerTests.page).rateLimited(.perHour(3), store: store)
        }
        var statuses: [Int] = []
        for _ in 0..<5 { statuses.append(await site.get("/login/", .post).status.code) }
        #expect(statuses == [403, 403, 403, 429, 429])
        // GET counts with them.
        #expect(await site.get("/login/").status == .tooManyRequests)
    }

    @Test func theAddressComesBeforeTheBody() async {
        let site = application {
            #path("office/", RouteLayerTests.page).allowing(addresses: ["10.0.0.0/8"])
            #path("hidden/", RouteLayerTests.page)
                .allowing(addresses: ["10.0.0.0/8"], hidesRoute: true)
        }
        for (target, status) in [("/office/", 403), ("/hidden/", 404)] {
            let body = Untouched()
            let request = Request(
                method: .post,
                target: target,
                headers: [
                    "Host": "example.com", "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": "__Host-csrftoken=\(String(repeating: "a", count: 32))",
                    "Origin": "https://example.com",
                ],
                body: RequestBody(source: body, declaredLength: nil),
                remoteAddress: "203.0.113.1",
                isTLS: true
            )
            #expect(await site.handle(request).status.code == status)
            #expect(await !body.isTouched)
        }
        // Whoever may ask still needs a token.
        #expect(await site.get("/office/", .post, address: "10.0.0.1").status == .forbidden)
        #expect(await site.get("/office/", address: "10.0.0.1").status == .ok)
    }

    @Test func theyAreAskedOnceOnEachWay() async {
        let gate = Gate()
        let plain = application(middleware: []) { #path("", RouteLayerTests.page).middleware(gate) }
        #expect(await plain.get("/").status == .ok)
        #expect(gate.count == 1)
        let site = application {
            #path("", RouteLayerTests.page).middleware(gate)
            #path("exempt/", RouteLayerTests.page).csrfExempt().middleware(gate)
            #path("all/", include: Routes { #path("", RouteLayerTests.page) }).middleware(gate)
        }
        for (index, target) in ["/", "/exempt/", "/all/"].enumerated() {
            #expect(await site.get(target).status == .ok)
            #expect(gate.count == index + 2)
        }
        #expect(await site.get("/exempt/", .post).status == .ok)
        #expect(gate.count == 5)
    }

    @Test func theyStandInFrontOfTheOtherLayersOfTheRoute() async {
        let open = Gate()
        let closed = Gate(isOpen: false)
        let site = application(middleware: []) {
            #path("a/", RouteLayerTests.page).middleware(RouteLayerTests.mark("a"), open, closed)
            #path("b/", RouteLayerTests.page).middleware(RouteLayerTests.mark("b"), open)
        }
        let refused = await site.get("/a/")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["X-Marks"] == nil)
        #expect(open.count == 1 && closed.count == 1)
        #expect(await site.get("/b/").headers["X-Marks"] == "b")
    }

    /// A limit that needs to know the user stands where users are known.
    @Test func aLimitByAKeyOfTheSiteStandsAmongTheLayers() async {
        let site = application {
            #path("a/", RouteLayerTests.page)
                .rateLimited(
                    .perHour(1),
                    by: .custom { $0.headers["X-User"] },
                    store: MemoryRateLimitStore()
                )
        }
        for _ in 0..<3 { #expect(await site.get("/a/", .post).status == .forbidden) }
        #expect(await site.get("/a/").status == .ok)
        #expect(await site.get("/a/").status == .tooManyRequests)
    }

    @Test func routesOfAnotherRouterAreGuardedToo() async {
        struct Switch: Middleware {
            let router: Router
            func respond(to request: Request, next: any Responder) async throws -> Response {
                request.use(router)
                return try await next.respond(to: request)
            }
        }
        let gate = Gate(isOpen: false)
        let router = Router(Routes { #path("", RouteLayerTests.page).middleware(gate) })
        for inside in [false, true] {
            var settings = HTTPSettings()
            settings.allowedHosts = ["example.com"]
            let csrf = CSRFMiddleware(settings: settings)
            let layers: [any Middleware] =
                inside ? [csrf, Switch(router: router)] : [Switch(router: router), csrf]
            let site = application(middleware: MiddlewareStack(layers)) {
                #path("", RouteLayerTests.page)
            }
            #expect(await site.get("/").status == .tooManyRequests)
        }
        #expect(gate.count == 2)
    }
}
