import NuagesCore
import Synchronization
import Testing

@testable import NuagesHTTP

/// A clock that stands until it is told to go.
private final class TestClock: Sendable {
    private let nanoseconds = Mutex(1_800_000_000_000_000_000)

    var now: Int { nanoseconds.withLock { $0 } }
    func advance(seconds: Double) {
        nanoseconds.withLock { $0 += Int(seconds * 1_000_000_000) }
    }
}

@Suite struct RateLimitTests {
    static let start = 1_800_000_000_000_000_000

    @Test func aBucketFillsUpSteadily() {
        let limit = RateLimit(3, perSeconds: 30)
        var mark: Int?
        func take(_ seconds: Double) -> RateLimitDecision {
            let (decision, kept) = limit.decide(
                mark: mark,
                now: Self.start + Int(seconds * 1_000_000_000)
            )
            mark = kept
            return decision
        }
        #expect(take(0).remaining == 2)
        #expect(take(0).remaining == 1)
        let last = take(0)
        #expect(last.isAllowed)
        #expect((last.remaining, last.resetAfter) == (0, 30))
        let refused = take(0)
        #expect(!refused.isAllowed)
        #expect((refused.retryAfter, refused.resetAfter) == (10, 30))
        #expect(!take(9.5).isAllowed)
        #expect(take(9.5).retryAfter == 1)
        #expect(take(10).isAllowed)
        #expect(!take(10).isAllowed)
        // Whoever waits for long has no more than a full bucket.
        #expect(take(1000).remaining == 2)
    }

    @Test func aClockThatIsSetBackLocksNobodyOut() {
        let limit = RateLimit.perMinute(2)
        let far = Self.start + 1_000_000_000_000_000
        let decision = limit.decide(mark: far, now: Self.start).decision
        #expect(decision.retryAfter <= 60)
    }

    @Test(arguments: [(Int.min, Int.min), (Int.max, Int.max), (0, 0), (1, Int.max), (Int.max, 1)])
    func anyNumbersMakeALimit(_ count: Int, seconds: Int) {
        let limit = RateLimit(count, perSeconds: seconds)
        #expect(limit.decide(mark: nil, now: Self.start).decision.isAllowed)
    }

    @Test func theStoreIsBounded() async {
        let store = MemoryRateLimitStore(capacity: 1000)
        for index in 0..<20_000 {
            _ = await store.take("client \(index)", limit: .perHour(1), now: Self.start)
        }
        #expect(store.count <= 1000)
        // What was used just now is still known.
        let again = await store.take("client 19999", limit: .perHour(1), now: Self.start)
        #expect(!again.isAllowed)
        // What has filled up again is forgotten.
        let later = Self.start + 2 * 3600 * 1_000_000_000
        for index in 0..<600 {
            _ = await store.take("new \(index)", limit: .perSecond(1), now: later)
        }
        #expect(store.count <= 1000)
    }

    @Test func longKeysTakeNoRoom() async {
        let store = MemoryRateLimitStore(capacity: 10)
        let key = String(repeating: "x", count: 100_000)
        #expect(await store.take(key, limit: .perHour(1), now: Self.start).isAllowed)
        #expect(await !store.take(key, limit: .perHour(1), now: Self.start).isAllowed)
        #expect(await store.take(key + "y", limit: .perHour(1), now: Self.start).isAllowed)
    }

    @Test func tokensAreNotTakenTwice() async {
        let store = MemoryRateLimitStore()
        let allowed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    await store.take("all", limit: .perHour(50), now: Self.start).isAllowed
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(allowed == 50)
    }

    // MARK: The layer

    private func site(_ clock: TestClock) -> Application {
        let store = MemoryRateLimitStore()
        func limit(
            _ limit: RateLimit,
            by key: RateLimitMiddleware.Key = .address,
            scope: RateLimitMiddleware.Scope = .route,
            methods: [HTTPMethod]? = nil
        ) -> RateLimitMiddleware {
            RateLimitMiddleware(limit, by: key, scope: scope, methods: methods, store: store) {
                clock.now
            }
        }
        return application(trustedProxies: ["192.0.2.1"]) {
            #path("a/", RouteLayerTests.page).middleware(limit(.perMinute(2)))
            #path("b/", RouteLayerTests.page).middleware(limit(.perMinute(2)))
            #path("c/", RouteLayerTests.page)
                .middleware(limit(.perMinute(2), scope: .named("shared")))
            #path("d/", RouteLayerTests.page)
                .middleware(limit(.perMinute(2), scope: .named("shared")))
            #path("key/", RouteLayerTests.page)
                .middleware(limit(.perMinute(1), by: .header("X-API-Key")))
            #path("all/", RouteLayerTests.page).middleware(limit(.perMinute(1), by: .everybody))
            #path("post/", RouteLayerTests.page, methods: [.get, .post]).csrfExempt()
                .middleware(limit(.perMinute(1), methods: [.post]))
        }
    }

    /// Keys that clients make up push no address out of the memory.
    @Test func madeUpKeysHaveAMemoryOfTheirOwn() async {
        let site = application {
            #path("address/", RouteLayerTests.page).rateLimited(.perDay(1), scope: .named("own"))
            #path("key/", RouteLayerTests.page)
                .rateLimited(.perDay(1), by: .header("X-API-Key"), scope: .named("own"))
        }
        let address = "2001:db8:\(String(UInt16.random(in: 1 ... .max), radix: 16)):1::1"
        for number in 0..<5 {
            let key: Headers = ["X-API-Key": "\(address)-\(number)"]
            #expect(await site.get("/key/", headers: key, address: address).status == .ok)
            let again = await site.get("/key/", headers: key, address: address)
            #expect(again.status == .tooManyRequests)
        }
        // Without a key the address counts, in the bucket of all limits of this name.
        #expect(await site.get("/key/", address: address).status == .ok)
        #expect(await site.get("/address/", address: address).status == .tooManyRequests)
    }

    /// What the guide says: a limit by address beside one by a header.
    @Test func aLimitByAddressBesideOneByAHeader() async {
        let store = MemoryRateLimitStore()
        let site = application {
            #path("api/", RouteLayerTests.page)
                .rateLimited(.perHour(5), store: store)
                .rateLimited(.perHour(2), by: .header("X-API-Key"), store: store)
        }
        var statuses: [Int] = []
        for number in 0..<7 {
            let key: Headers = ["X-API-Key": "made-up-\(number)"]
            statuses.append(await site.get("/api/", headers: key).status.code)
        }
        #expect(statuses == [200, 200, 200, 200, 200, 429, 429])
        var own: [Int] = []
        for _ in 0..<3 {
            let key: Headers = ["X-API-Key": "one"]
            own.append(await site.get("/api/", headers: key, address: "192.0.2.9").status.code)
        }
        #expect(own == [200, 200, 429])
    }

    @Test func refusesWith429AndSaysWhenToComeBack() async {
        let clock = TestClock()
        let site = site(clock)
        let first = await site.get("/a/")
        #expect(first.status == .ok)
        #expect(first.headers["RateLimit-Limit"] == "2")
        #expect(first.headers["RateLimit-Remaining"] == "1")
        #expect(first.headers["RateLimit-Reset"] == "30")
        #expect(first.headers["RateLimit-Policy"] == "2;w=60")
        #expect(first.headers["Retry-After"] == nil)
        _ = await site.get("/a/")
        let refused = await site.get("/a/")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["Retry-After"] == "30")
        #expect(refused.headers["RateLimit-Remaining"] == "0")
        #expect(refused.headers["X-Content-Type-Options"] == "nosniff")
        #expect(refused.text?.contains("Too many requests.") == true)
        clock.advance(seconds: 30)
        #expect(await site.get("/a/").status == .ok)
    }

    @Test func countsEachRouteAndClientByItself() async {
        let site = site(TestClock())
        for target in ["/a/", "/b/"] {
            for address in ["10.0.0.1", "10.0.0.2"] {
                #expect(await site.get(target, address: address).status == .ok)
                #expect(await site.get(target, address: address).status == .ok)
                #expect(await site.get(target, address: address).status == .tooManyRequests)
            }
        }
        #expect(await site.get("/c/").status == .ok)
        #expect(await site.get("/d/").status == .ok)
        #expect(await site.get("/c/").status == .tooManyRequests)
    }

    @Test func oneClientHasAllAddressesOfItsNetwork() async {
        let site = site(TestClock())
        #expect(await site.get("/a/", address: "2001:db8::1").status == .ok)
        #expect(await site.get("/a/", address: "2001:db8::2").status == .ok)
        #expect(await site.get("/a/", address: "2001:db8:0:0:ffff::3").status == .tooManyRequests)
        #expect(await site.get("/a/", address: "2001:db8:0:1::1").status == .ok)
        // The same address in two forms.
        _ = await site.get("/b/", address: "10.0.0.9")
        _ = await site.get("/b/", address: "::ffff:10.0.0.9")
        #expect(await site.get("/b/", address: "10.0.0.9").status == .tooManyRequests)
    }

    @Test func aForgedAddressIsNoOtherClient() async {
        let site = site(TestClock())
        var statuses: [Int] = []
        for index in 0..<3 {
            let headers: Headers = ["X-Forwarded-For": "10.0.0.\(index)"]
            statuses.append(
                await site.get("/a/", headers: headers, address: "198.51.100.9").status.code
            )
        }
        #expect(statuses == [200, 200, 429])
    }

    @Test func countsByKeysAndMethods() async {
        let site = site(TestClock())
        for key in ["one", "two"] {
            let headers: Headers = ["X-API-Key": key]
            #expect(await site.get("/key/", headers: headers).status == .ok)
            #expect(await site.get("/key/", headers: headers).status == .tooManyRequests)
        }
        // Without a key the address counts, and no key can be mistaken for an address.
        #expect(await site.get("/key/", address: "10.0.0.3").status == .ok)
        #expect(await site.get("/key/", address: "10.0.0.3").status == .tooManyRequests)
        let posing: Headers = ["X-API-Key": "10.0.0.4"]
        #expect(await site.get("/key/", headers: posing).status == .ok)
        #expect(await site.get("/key/", address: "10.0.0.4").status == .ok)
        #expect(await site.get("/all/", address: "10.0.0.5").status == .ok)
        #expect(await site.get("/all/", address: "10.0.0.6").status == .tooManyRequests)
        for _ in 0..<3 { #expect(await site.get("/post/").status == .ok) }
        #expect(await site.get("/post/", .post).status == .ok)
        #expect(await site.get("/post/", .post).status == .tooManyRequests)
    }

    @Test func aStoreThatFailsRefuses() async {
        struct Broken: RateLimitStore {
            struct Failure: Error {}
            func take(_ key: String, limit: RateLimit, now: Int) async throws -> RateLimitDecision {
                throw Failure()
            }
        }
        let site = application {
            #path("a/", RouteLayerTests.page).rateLimited(.perMinute(1), store: Broken())
        }
        #expect(await site.get("/a/").status == .internalServerError)
    }
}
