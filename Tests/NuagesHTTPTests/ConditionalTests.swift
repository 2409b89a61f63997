import NuagesCore
import NuagesHTTP
import Testing

@Suite struct ConditionalTests {
    static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    static let time = 784_111_777

    static func request(_ method: HTTPMethod, _ headers: Headers) -> Request {
        Request(method: method, target: "/", headers: headers)
    }

    /// The statuses are those of Django's `get_conditional_response` for a resource whose tag is
    /// `"a"` and which was changed at `date`; 0 is no answer.
    static let strong: [(HTTPMethod, Headers, Int)] = [
        (.get, [:], 0),
        (.get, ["If-None-Match": "\"a\""], 304),
        (.head, ["If-None-Match": "\"b\", W/\"a\""], 304),
        (.get, ["If-None-Match": "\"b\""], 0),
        (.get, ["If-None-Match": "*"], 304),
        (.put, ["If-None-Match": "*"], 412),
        (.post, ["If-None-Match": "\"a\""], 412),
        (.get, ["If-None-Match": "a"], 0),
        (.put, ["If-Match": "\"a\""], 0),
        (.put, ["If-Match": "\"b\", \"c\""], 412),
        (.put, ["If-Match": "W/\"a\""], 412),
        (.put, ["If-Match": "*"], 0),
        (.get, ["If-Modified-Since": date], 304),
        (.get, ["If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], 0),
        (.get, ["If-Modified-Since": "garbage"], 0),
        (.post, ["If-Modified-Since": date], 0),
        (.put, ["If-Unmodified-Since": date], 0),
        (.put, ["If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], 412),
        (.put, ["If-Unmodified-Since": "garbage"], 0),
        // A tag decides where there is one, whatever the date says.
        (.get, ["If-None-Match": "\"b\"", "If-Modified-Since": date], 0),
        (.put, ["If-Match": "\"a\"", "If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], 0),
        // Fields that stand twice are one list.
        (.get, ["If-None-Match": "\"x\"", "if-none-match": "\"a\""], 304),
    ]

    @Test(arguments: strong.indices)
    func evaluates(_ index: Int) {
        let (method, headers, status) = Self.strong[index]
        let answer = Self.request(method, headers)
            .conditionalResponse(entityTag: "\"a\"", lastModified: Self.time)
        #expect(answer?.status.code ?? 0 == status)
    }

    @Test func aWeakTagMatchesNoStrongOne() {
        for (header, status) in [("If-Match", 412), ("If-None-Match", 304)] {
            let answer = Self.request(.get, [header: "W/\"a\""])
                .conditionalResponse(entityTag: "W/\"a\"")
            #expect(answer?.status.code == status)
        }
    }

    @Test func whatDoesNotExistMatchesNothing() {
        #expect(Self.request(.put, ["If-Match": "*"]).conditionalResponse()?.status.code == 412)
        #expect(Self.request(.put, ["If-None-Match": "*"]).conditionalResponse() == nil)
    }

    @Test func aFailureIsNeverReplaced() {
        let request = Self.request(.get, ["If-None-Match": "\"a\""])
        for status in [301, 404, 500] {
            let failure = Response(status: HTTPStatus(status))
            #expect(request.conditionalResponse(entityTag: "a", replacing: failure) == nil)
        }
    }

    @Test func notModifiedKeepsWhatCachesNeed() throws {
        var page = Response.html("page")
        page.headers["ETag"] = "\"a\""
        page.headers["Cache-Control"] = "private"
        page.headers["X-Own"] = "1"
        page.vary(on: "Cookie")
        try page.setCookie(Cookie("c", "1"))
        let answer = try #require(
            Self.request(.get, ["If-None-Match": "\"a\""])
                .conditionalResponse(entityTag: "\"a\"", replacing: page)
        )
        #expect(answer.status == .notModified)
        #expect(answer.body.length == 0)
        for name in ["ETag", "Cache-Control", "Vary", "Set-Cookie"] {
            #expect(answer.headers.contains(name))
        }
        for name in ["Content-Type", "X-Own"] { #expect(!answer.headers.contains(name)) }
    }

    @Test func aPageIsOnlyMadeForWhoNeedsIt() async throws {
        var count = 0
        let first = try await Self.request(.get, [:])
            .conditional(entityTag: "v1", lastModified: Self.time) {
                count += 1
                return .html("page")
            }
        #expect(first.headers["ETag"] == "\"v1\"")
        #expect(first.headers["Last-Modified"] == Self.date)
        let again = try await Self.request(.get, ["If-None-Match": "\"v1\""])
            .conditional(entityTag: "v1") {
                count += 1
                return .html("page")
            }
        #expect(again.status == .notModified)
        #expect(again.headers["ETag"] == "\"v1\"")
        #expect(count == 1)
        let posted = try await Self.request(.post, [:])
            .conditional(entityTag: "v1") { .html("done") }
        #expect(!posted.headers.contains("ETag"))
    }

    @Test func tagsABodyInMemory() {
        var page = Response.html("hello")
        page.setEntityTag()
        #expect(page.headers["ETag"] == "\"5d41402abc4b2a76b9719d911017c592\"")
        page.text = "other"
        page.setEntityTag()
        #expect(page.headers["ETag"] == "\"795f3202b17cb6bc3d4b771d8c6c9eaf\"")
        var empty = Response()
        empty.setEntityTag()
        #expect(!empty.headers.contains("ETag"))
    }

    @Test func longListsOfTagsAreLinear() {
        let tags = String(repeating: "\"x\",", count: 50_000)
        let request = Self.request(.get, ["If-None-Match": tags])
        #expect(request.conditionalResponse(entityTag: "\"a\"") == nil)
    }
}

@Suite struct CachingTests {
    static let sets: [(String?, [CacheDirective], String)] = [
        (nil, [.maxAge(10)], "max-age=10"),
        (nil, [.noCache, .noStore, .maxAge(0)], "no-cache, no-store, max-age=0"),
        ("max-age=20, private", [.maxAge(10), .public], "max-age=10, public"),
        ("max-age=5", [.maxAge(10)], "max-age=5"),
        ("max-age=x", [.maxAge(10)], "max-age=10"),
        ("public, s-maxage=3", [.private], "s-maxage=3, private"),
        ("no-cache", [.noCache(field: "X")], "no-cache"),
        ("no-cache=X", [.noCache(field: "Y")], "no-cache=X, no-cache=Y"),
        ("no-cache=X", [.noCache], "no-cache"),
        ("MAX-AGE=7, No-Store", [.immutable], "max-age=7, no-store, immutable"),
    ]

    @Test(arguments: sets.indices)
    func addsDirectives(_ index: Int) {
        let (before, directives, after) = Self.sets[index]
        var response = Response()
        response.headers["Cache-Control"] = before
        response.setCacheControl(directives)
        #expect(response.headers["Cache-Control"] == after)
    }

    @Test(arguments: [
        ("max-age=5", 5), ("MAX-AGE=7", 7), ("max-age=5, max-age=6", 6), ("max-age=x", nil),
        ("max-age=\"5\"", nil), ("s-maxage=3", nil), (nil, nil),
        ("max-age=99999999999999999999", nil),
    ])
    func readsTheAge(_ header: String?, age: Int?) {
        var response = Response()
        response.headers["Cache-Control"] = header
        #expect(response.maxAge == age)
    }

    @Test func cachesForAWhile() {
        var response = Response()
        response.setCaching(seconds: 60, now: 784_111_777)
        #expect(response.headers["Expires"] == "Sun, 06 Nov 1994 08:50:37 GMT")
        #expect(response.headers["Cache-Control"] == "max-age=60")
    }

    @Test func neverCaches() {
        var response = Response()
        response.setNeverCached(now: 784_111_777)
        #expect(response.headers["Expires"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(
            response.headers["Cache-Control"]
                == "max-age=0, no-cache, no-store, must-revalidate, private"
        )
    }

    @Test(arguments: [
        ("Accept, Cookie", ["cookie"], "Accept, Cookie"), (nil, ["A", "B"], "A, B"),
        ("  a  ,b", ["c"], "a, b, c"), ("a", ["*"], "*"), ("*", ["a"], "*"), (" * , a", ["b"], "*"),
    ])
    func varies(_ before: String?, names: [String], after: String) {
        var response = Response()
        response.headers["Vary"] = before
        response.vary(on: names)
        #expect(response.headers["Vary"] == after)
    }
}
