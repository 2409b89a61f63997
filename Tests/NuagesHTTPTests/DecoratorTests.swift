import Foundation
import NuagesCore
import NuagesHTTP
import Synchronization
import Testing

private let changed = Date(timeIntervalSince1970: 1_700_000_000.9)

private func page(_ request: Request, id: Int) async throws -> Response { .text("page \(id)") }
private func index(_ request: Request) async throws -> Response { .text("index") }
private func long(_ request: Request) async throws -> Response {
    .text(String(repeating: "x", count: 1000))
}
private func lost(_ request: Request) async throws -> Response { throw HTTPError.notFound("") }
private func version(_ request: Request, id: Int) async throws -> String? {
    id == 0 ? nil : "v\(id)"
}
private func date(_ request: Request, id: Int) async throws -> Date? { id == 0 ? nil : changed }

private func small(_ request: Request) async throws -> Response {
    var response = Response.text("small")
    response.setCacheControl(.maxAge(5))
    return response
}

@Suite struct DecoratorTests {
    private let application: Application = {
        var settings = HTTPSettings()
        settings.allowedHosts = ["testserver"]
        return Application(
            settings: settings,
            routes: Routes {
                #path("both/<int:id>/", condition(etag: version, lastModified: date, page))
                #path(
                    "any/<int:id>/",
                    condition(etag: version, lastModified: date, page),
                    methods: [.get, .post, .put]
                )
                #path("gzip/", long).gzipPage().conditionalPage()
                #path("lost/", lost).cacheControl(.public, .maxAge(60)).varyOnCookie()
                #path("tag/<int:id>/", etag(version, page))
                #path("date/<int:id>/", lastModified(date, page))
                #path("cached/", small).cacheControl(.public, .maxAge(60))
                #path("never/", index).neverCache()
                #path("vary/", index).varyOnHeaders("Accept-Language", "User-Agent").varyOnCookie()
                #path("page/", index).conditionalPage()
                #path("all/", include: Routes { #path("in/", index) }).neverCache()
            }
        )
    }()

    private func get(
        _ target: String,
        _ headers: Headers = [:],
        method: HTTPMethod = .get
    ) async -> Response {
        var fields = headers
        fields["Host"] = "testserver"
        return await application.handle(Request(method: method, target: target, headers: fields))
    }

    private static let day = "Tue, 14 Nov 2023 22:13:20 GMT"

    @Test func sendsTagAndDate() async {
        let response = await get("/both/5/")
        #expect(response.headers["ETag"] == "\"v5\"")
        #expect(response.headers["Last-Modified"] == Self.day)
        #expect(response.text == "page 5")
        let none = await get("/both/0/")
        #expect(none.headers["ETag"] == nil && none.headers["Last-Modified"] == nil)
    }

    @Test(arguments: [
        ("/both/5/", "If-None-Match", "\"v5\"", 304), ("/both/5/", "If-None-Match", "\"v4\"", 200),
        ("/both/5/", "If-None-Match", "W/\"v5\", \"x\"", 304),
        ("/both/5/", "If-None-Match", "*", 304),
        ("/both/5/", "If-Modified-Since", Self.day, 304),
        ("/both/5/", "If-Modified-Since", "Tue, 14 Nov 2023 22:13:19 GMT", 200),
        ("/both/5/", "If-Match", "\"v4\"", 412), ("/both/5/", "If-Match", "\"v5\"", 200),
        ("/both/5/", "If-Unmodified-Since", "Mon, 13 Nov 2023 22:13:19 GMT", 412),
        ("/tag/5/", "If-None-Match", "\"v5\"", 304), ("/tag/0/", "If-None-Match", "\"v0\"", 200),
        ("/date/5/", "If-Modified-Since", Self.day, 304),
        ("/date/0/", "If-Modified-Since", Self.day, 200),
    ])
    func answersByCondition(_ path: String, field: String, value: String, status: Int) async {
        #expect(await get(path, [field: value]).status.code == status)
    }

    /// As Django: what changes something gets no tag, and HEAD has those of GET.
    @Test(
        arguments: [
            (.post, "\"v5\"", 412, false), (.post, nil, 200, false), (.put, "*", 412, false),
            (.head, "\"v5\"", 304, true), (.head, nil, 200, true),
        ] as [(HTTPMethod, String?, Int, Bool)]
    )
    func knowsTheMethods(_ method: HTTPMethod, tag: String?, status: Int, hasTag: Bool) async {
        let response = await get(
            "/any/5/",
            tag.map { ["If-None-Match": $0] } ?? [:],
            method: method
        )
        #expect(response.status.code == status)
        #expect(response.headers.contains("ETag") == hasTag)
        #expect(response.headers.contains("Last-Modified") == hasTag)
    }

    @Test func compressesWhatIsTagged() async {
        let response = await get("/gzip/", ["Accept-Encoding": "gzip"])
        #expect(response.headers["Content-Encoding"] == "gzip")
        #expect(response.headers["ETag"]?.utf8.starts(with: "W/\"".utf8) == true)
        #expect(response.headers["Vary"] == "Accept-Encoding")
    }

    @Test func sparesTheView() async throws {
        let count = Mutex(0)
        let view = condition(
            etag: { (_: Request) async throws -> String? in "v1" },
            { (_: Request) async throws -> Response in
                count.withLock { $0 += 1 }
                return .text("page")
            }
        )
        _ = try await view(Request(target: "/", headers: ["If-None-Match": "\"v1\""]))
        #expect(count.withLock { $0 } == 0)
        _ = try await view(Request(target: "/"))
        #expect(count.withLock { $0 } == 1)
    }

    @Test func saysHowAnswersMayBeKept() async {
        let cached = await get("/cached/")
        #expect(cached.headers["Cache-Control"] == "max-age=5, public")
        // No cache keeps an error.
        let lost = await get("/lost/")
        #expect(lost.status == .notFound)
        #expect(lost.headers["Cache-Control"] == nil)
        for path in ["/never/", "/all/in/"] {
            let never = await get(path)
            #expect(
                never.headers["Cache-Control"]
                    == "max-age=0, no-cache, no-store, must-revalidate, private"
            )
            #expect(never.headers["Expires"] != nil)
        }
    }

    @Test func namesWhatAnswersDependOn() async {
        #expect(await get("/vary/").headers["Vary"] == "Cookie, Accept-Language, User-Agent")
    }

    @Test func makesATagOfThePage() async throws {
        let tag = try #require(await get("/page/").headers["ETag"])
        #expect(tag == "\"\(Digest.hex(Digest.hash(Array("index".utf8), with: .md5)))\"")
        #expect(await get("/page/", ["If-None-Match": tag]).status == .notModified)
        #expect(await get("/page/", ["If-None-Match": "\"x\""]).status == .ok)
    }
}
