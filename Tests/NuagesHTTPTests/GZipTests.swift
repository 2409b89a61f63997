import NuagesCore
import NuagesHTTP
import Synchronization
import Testing

/// Keeps what is written to it.
private final class Collected: ResponseBodyWriter {
    private let kept = Mutex<[[UInt8]]>([])

    var pieces: [[UInt8]] { kept.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { kept.withLock { $0.append(bytes) } }
}

@Suite struct GZipTests {
    static let text = String(repeating: "All the same. ", count: 100)

    static func long(_ request: Request) async throws -> Response { .text(text) }
    static func short(_ request: Request) async throws -> Response {
        .text(String(repeating: "x", count: 199))
    }
    static func tagged(_ request: Request) async throws -> Response {
        var response = Response.text(text)
        response.headers["ETag"] = "\"v1\""
        return response
    }
    static func encoded(_ request: Request) async throws -> Response {
        var response = Response.text(text)
        response.headers["Content-Encoding"] = "br"
        return response
    }
    static func random(_ request: Request) async throws -> Response {
        .bytes((0..<400).map { _ in UInt8.random(in: .min ... .max) })
    }
    static func stream(_ request: Request) async throws -> Response {
        Response(
            headers: ["Content-Type": "text/plain"],
            body: .stream(length: 1400) { writer in
                for _ in 0..<10 {
                    try await writer.write(
                        Array(String(repeating: "All the same. ", count: 10).utf8)
                    )
                }
            }
        )
    }
    static func file(_ request: Request) async throws -> Response {
        Response(body: .file(path: "/etc/hostname", offset: 0, length: 1000))
    }
    static func empty(_ request: Request) async throws -> Response { .empty() }

    static let site = application(middleware: [GZipMiddleware(), ConditionalGetMiddleware()]) {
        #path("long/", long)
        #path("short/", short)
        #path("tagged/", tagged)
        #path("encoded/", encoded)
        #path("random/", random)
        #path("stream/", stream)
        #path("file/", file)
        #path("empty/", empty)
    }

    static func get(_ target: String, _ accepted: String? = "gzip, br") async -> Response {
        await site.get(target, headers: accepted.map { ["Accept-Encoding": $0] } ?? [:])
    }

    private static func bytes(_ response: Response) -> [UInt8] {
        guard case .bytes(let bytes) = response.body else { return [] }
        return bytes
    }

    private static func expanded(_ bytes: [UInt8]) throws -> String {
        String(decoding: try Inflater.decompress(bytes, upTo: 1_000_000), as: UTF8.self)
    }

    @Test func compressesWhatIsLongEnough() async throws {
        let response = await Self.get("/long/")
        #expect(response.headers["Content-Encoding"] == "gzip")
        #expect(response.headers["Vary"] == "Accept-Encoding")
        let bytes = Self.bytes(response)
        #expect(try Self.expanded(bytes) == Self.text)
        #expect(bytes.starts(with: [0x1F, 0x8B, 8]))
        #expect(bytes.count < Self.text.utf8.count / 2)
    }

    @Test func leavesTheRestAlone() async {
        let short = await Self.get("/short/")
        #expect(short.headers["Content-Encoding"] == nil)
        #expect(short.headers["Vary"] == nil)
        let encoded = await Self.get("/encoded/")
        #expect(encoded.headers.values(of: "Content-Encoding") == ["br"])
        #expect(encoded.text == Self.text)
        let random = await Self.get("/random/")
        #expect(random.headers["Content-Encoding"] == nil)
        #expect(random.headers["Vary"] == "Accept-Encoding")
        #expect(await Self.get("/file/").headers["Content-Encoding"] == nil)
        #expect(await Self.get("/empty/").headers["Vary"] == nil)
        #expect(await Self.get("/nothing/").status == .notFound)
    }

    @Test(arguments: [
        (nil, false), ("", false), ("br", false), ("gzip", true), ("GZIP", true), ("*", true),
        ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0, gzip", true), ("gzip;q=0, *", false),
        ("deflate, gzip;q=0.5", true), ("gzip;q=2", false), ("gzip;q=nan", false),
        ("xgzip", false), (String(repeating: "gzip,", count: 10_000), false),
    ])
    func compressesForThoseWhoReadIt(_ accepted: String?, isCompressed: Bool) async {
        let response = await Self.get("/long/", accepted)
        #expect((response.headers["Content-Encoding"] == "gzip") == isCompressed)
        #expect(response.headers["Vary"] == "Accept-Encoding")
    }

    @Test func hidesTheLength() async {
        var lengths: Set<Int> = []
        for _ in 0..<50 { lengths.insert(Self.bytes(await Self.get("/long/")).count) }
        #expect(lengths.count > 5)
        #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 100)
    }

    @Test func weakensTags() async {
        #expect(await Self.get("/tagged/").headers["ETag"] == "W/\"v1\"")
        #expect(await Self.get("/tagged/", nil).headers["ETag"] == "\"v1\"")
        let again = await Self.site.get(
            "/tagged/",
            headers: ["Accept-Encoding": "gzip", "If-None-Match": "W/\"v1\""]
        )
        #expect(again.status == .notModified)
    }

    @Test func compressesStreamsPieceByPiece() async throws {
        let response = await Self.get("/stream/")
        #expect(response.headers["Content-Encoding"] == "gzip")
        #expect(response.headers["Content-Length"] == nil)
        guard case .stream(let length, let write) = response.body else {
            Issue.record("The body is no stream.")
            return
        }
        #expect(length == nil)
        let writer = Collected()
        try await write(writer)
        // Each piece is sent at once, and the end by itself.
        #expect(writer.pieces.count == 11)
        #expect(writer.pieces[0].starts(with: [0x1F, 0x8B]))
        #expect(try Self.expanded(Array(writer.pieces.joined())) == Self.text)
    }
}

@Suite struct ConditionalGetTests {
    static func uncached(_ request: Request) async throws -> Response {
        var response = Response.text("page")
        response.headers["Cache-Control"] = "max-age=0, No-Store"
        return response
    }
    static func dated(_ request: Request) async throws -> Response {
        var response = Response.text("page")
        response.headers["Last-Modified"] = "Sun, 06 Nov 1994 08:49:37 GMT"
        response.headers["Set-Cookie"] = "a=b"
        return response
    }

    static let site = application(middleware: [ConditionalGetMiddleware()]) {
        #path("page/", GZipTests.long)
        #path("uncached/", uncached)
        #path("dated/", dated)
        #path("stream/", GZipTests.stream)
    }

    @Test func answersNotModified() async throws {
        let first = await Self.site.get("/page/")
        let tag = try #require(first.headers["ETag"])
        #expect(tag.utf8.count == 34)
        let again = await Self.site.get("/page/", headers: ["If-None-Match": tag])
        #expect(again.status == .notModified)
        #expect(again.headers["ETag"] == tag)
        #expect(again.text == "")
        let other = await Self.site.get("/page/", headers: ["If-None-Match": "\"x\""])
        #expect(other.status == .ok)
    }

    @Test func goesByDates() async {
        let fields: Headers = ["If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"]
        let response = await Self.site.get("/dated/", headers: fields)
        #expect(response.status == .notModified)
        #expect(response.headers["Set-Cookie"] == "a=b")
    }

    @Test func leavesTheRestAlone() async {
        #expect(await Self.site.get("/uncached/").headers["ETag"] == nil)
        #expect(await Self.site.get("/stream/").headers["ETag"] == nil)
        #expect(await Self.site.get("/page/", .head).headers["ETag"] == nil)
        #expect(await Self.site.get("/nothing/").status == .notFound)
    }
}
