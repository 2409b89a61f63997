import NuagesCore
import NuagesHTTP
import Synchronization
import Testing

@Suite struct BodyStreamTests {
    private static func request(_ text: String, size: Int = 4) -> Request {
        Request(
            method: .post,
            target: "/",
            body: RequestBody(
                source: PieceSource(Array(text.utf8), size: size),
                declaredLength: nil
            )
        )
    }

    private static func collect(_ chunks: BodyChunks) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in chunks { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func collect(_ lines: BodyLines) async throws -> [String] {
        var all: [String] = []
        for try await line in lines { all.append(line) }
        return all
    }

    @Test func comesPieceByPiece() async throws {
        #expect(try await Self.collect(Self.request("0123456789").chunks()) == "0123456789")
        #expect(try await Self.collect(Self.request("").chunks()) == "")
        #expect(try await Self.collect(Request(target: "/").chunks()) == "")
    }

    private static let ways:
        [(name: String, type: String, read: @Sendable (Request) async throws -> Void)] = [
            ("bytes", "text/plain", { _ = try await $0.bytes() }),
            ("json", "application/json", { _ = try await $0.json() }),
            ("form", "application/x-www-form-urlencoded", { _ = try await $0.form() }),
            ("multipart", "multipart/form-data; boundary=B", { _ = try await $0.form() }),
            ("chunks", "text/plain", { _ = try await collect($0.chunks()) }),
            ("lines", "text/plain", { _ = try await collect($0.lines()) }),
        ]

    private static func sent(_ type: String, _ body: String, isDone: Bool = false) -> Request {
        let bytes = Array(body.utf8)
        return Request(
            method: .post,
            target: "/route/",
            headers: ["Host": "example.com", "Content-Type": type],
            body: isDone
                ? RequestBody(bytes)
                : RequestBody(source: PieceSource(bytes, size: 4), declaredLength: nil)
        )
    }

    private static func body(of type: String) -> String {
        if type.hasPrefix("multipart") { return multipart }
        return type.hasSuffix("json") ? #"{"a": "123456"}"# : "a=1234567890"
    }

    /// Whichever way a body is read: what comes too slowly is no use any more.
    @Test(arguments: ways.indices)
    func everyWayOfReadingHasATime(_ index: Int) async throws {
        let (name, type, read) = Self.ways[index]
        for (time, isRefused) in [(nil, false), (.seconds(60), false), (.seconds(-1), true)]
            as [(Duration?, Bool)]
        {
            var settings = HTTPSettings()
            settings.formLimits.maxDuration = time
            let request = Self.sent(type, Self.body(of: type))
            request.prepare(for: settings)
            var found: HTTPStatus?
            do { try await read(request) } catch let error as HTTPError { found = error.status }
            #expect(
                found == (isRefused ? HTTPStatus(408) : nil),
                "\(name) \(String(describing: time))"
            )
            // What is in memory has arrived.
            let whole = Self.sent(type, Self.body(of: type), isDone: true)
            whole.prepare(for: settings)
            try await read(whole)
        }
    }

    @Test func piecesMayTakeATimeOfTheirOwn() async throws {
        let request = Self.request("0123456789")
        await #expect(throws: HTTPError.self) {
            try await Self.collect(request.chunks(within: .seconds(-1)))
        }
        await #expect(throws: HTTPError.self) {
            try await Self.collect(Self.request("0123456789").lines(within: .seconds(-1)))
        }
        await #expect(throws: HTTPError.self) {
            try await Self.request("0123456789").body.collect(upTo: 100, within: .seconds(-1))
        }
    }

    /// A route may take less than the site, and more.
    @Test(arguments: ways.indices)
    func everyWayOfReadingHasTheLimitOfTheRoute(_ index: Int) async {
        let (name, type, read) = Self.ways[index]
        let view: @Sendable (Request) async throws -> Response = {
            try await read($0)
            return .text("read")
        }
        let size = Self.body(of: type).utf8.count
        for (site, limit, inside, status) in [
            (1_000, nil, nil, 200), (10, nil, nil, 413), (1_000, size, nil, 200),
            (1_000, size - 1, nil, 413), (10, size, nil, 200), (10, nil, size, 200),
            (10, size - 1, size, 413), (10, size, size - 1, 200),
        ] as [(Int, Int?, Int?, Int)] {
            var settings = HTTPSettings()
            settings.allowedHosts = ["example.com"]
            settings.formLimits.maxBodySize = site
            settings.formLimits.maxMemorySize = site
            var route = Route("", (), view: view)
            if let limit { route = route.maxBodySize(limit, inMemory: limit) }
            var outer = Route("route/", (), include: Routes([route]))
            if let inside { outer = outer.maxBodySize(inside, inMemory: inside) }
            let application = Application(settings: settings, routes: Routes([outer]))
            for isDone in [false, true] {
                let request = Self.sent(type, Self.body(of: type), isDone: isDone)
                let response = await application.handle(request)
                #expect(response.status.code == status, "\(name) \(site) \(limit ?? -1)")
            }
        }
    }

    /// What stays in memory is the site's to say, unless the route says it too.
    @Test(
        arguments: [
            (100, nil, 100, 200), (100, nil, 101, 413), (5, nil, 6, 413), (5_000, nil, 101, 413),
            (5_000, 5_000, 101, 200), (5_000, 200, 201, 413),
        ] as [(Int, Int?, Int, Int)]
    )
    func aLargerRouteKeepsNoMoreInMemory(
        limit: Int,
        inMemory: Int?,
        size: Int,
        status: Int
    ) async {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        settings.formLimits.maxMemorySize = 100
        let view: @Sendable (Request) async throws -> Response = {
            .text("\(try await $0.bytes().count)")
        }
        let application = Application(
            settings: settings,
            routes: Routes([Route("route/", (), view: view).maxBodySize(limit, inMemory: inMemory)])
        )
        let request = Self.sent("text/plain", String(repeating: "x", count: size))
        #expect(await application.handle(request).status.code == status)
    }

    @Test func canBeReadOnce() async throws {
        let request = Self.request("0123456789")
        _ = try await Self.collect(request.chunks())
        await #expect(throws: BodyAccessError.readInPieces) {
            try await Self.collect(request.chunks())
        }
        await #expect(throws: BodyAccessError.readInPieces) { try await request.bytes() }
        #expect(BodyAccessError.readInPieces.status == .internalServerError)
    }

    private static let multipart = "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--B--"

    @Test func bytesOfAFormAreGone() async throws {
        let request = MultipartTests.request(Self.multipart, pieces: 5)
        #expect(try await request.form().fields["a"] == "b")
        await #expect(throws: BodyAccessError.readAsForm) { try await request.bytes() }
        await #expect(throws: BodyAccessError.readAsForm) {
            try await Self.collect(request.chunks())
        }
        #expect(try await request.form().fields["a"] == "b")
    }

    @Test func aFormOfBytesIsParsedOnce() async throws {
        struct Counting: UploadHandler {
            let calls: Calls
            func begin(_ upload: Upload) -> UploadDecision {
                calls.add()
                return .pass
            }
        }
        final class Calls: Sendable {
            private let count = Mutex(0)
            func add() { count.withLock { $0 += 1 } }
            var value: Int { count.withLock { $0 } }
        }
        let calls = Calls()
        let file = "--B\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nb\r\n--B--"
        let request = MultipartTests.request(file)
        try request.setUploadHandlers([Counting(calls: calls)])
        #expect(try await request.bytes() == Array(file.utf8))
        for _ in 0..<3 {
            #expect(try await request.form().files["f"] != nil)
            #expect(try await request.multipartForm().files["f"] != nil)
        }
        #expect(calls.value == 1)
        #expect(try await request.bytes() == Array(file.utf8))
    }

    @Test(arguments: [
        ("twice/", 500), ("form/", 500), ("together/", 500), ("bytes/", 415), ("again/", 200),
    ])
    func misuseIsAMistakeOfTheSite(_ target: String, status: Int) async throws {
        let site = application {
            #path("twice/", Self.twice).csrfExempt()
            #path("form/", Self.formThenBytes).csrfExempt()
            #path("together/", Self.together).csrfExempt()
            // What the client sent is not what the view reads.
            #path("bytes/", Self.bytesOnly)
            #path("again/", Self.bytesThenForm).csrfExempt()
        }
        let secret = String(repeating: "a", count: 32)
        let body =
            "--B\r\nContent-Disposition: form-data; name=csrfmiddlewaretoken\r\n\r\n\(secret)"
            + "\r\n--B--"
        let response = await site.get(
            "/" + target,
            .post,
            headers: [
                "Content-Type": "multipart/form-data; boundary=B",
                "Cookie": "__Host-csrftoken=\(secret)", "Origin": "https://example.com",
            ],
            body: body
        )
        #expect(response.status.code == status)
    }

    private static func twice(_ request: Request) async throws -> Response {
        .text(try await collect(request.chunks()) + collect(request.chunks()))
    }
    private static func formThenBytes(_ request: Request) async throws -> Response {
        _ = try await request.form()
        return .text("\(try await request.bytes().count)")
    }
    private static func together(_ request: Request) async throws -> Response {
        var pieces = request.chunks().makeAsyncIterator()
        _ = try await pieces.next()
        return .text("\(try await request.form().fields.entries.count)")
    }
    private static func bytesOnly(_ request: Request) async throws -> Response {
        .text("\(try await request.bytes().count)")
    }
    private static func bytesThenForm(_ request: Request) async throws -> Response {
        _ = try await request.bytes()
        return .text("\(try await request.form().fields.entries.count)")
    }

    @Test func whatIsKeptCanBeReadAgain() async throws {
        let request = Self.request("0123456789")
        _ = try await request.bytes()
        #expect(try await Self.collect(request.chunks()) == "0123456789")
        #expect(try await Self.collect(request.chunks()) == "0123456789")
    }

    /// CVE-2026-5766, CVE-2026-33034: a body without a declared length, or with one too small.
    @Test func endsAtTheLimitWhateverIsDeclared() async throws {
        for declared in [nil, 3] {
            let source = PieceSource(Array(repeating: 0x61, count: 100_000), size: 1000)
            let request = Request(
                method: .post,
                target: "/",
                body: RequestBody(source: source, declaredLength: declared)
            )
            await #expect(throws: HTTPError.self) {
                try await Self.collect(request.chunks(upTo: 5000))
            }
            #expect(await source.delivered <= 6000)
        }
        let large = Request(
            method: .post,
            target: "/",
            body: RequestBody(source: PieceSource([], size: 1), declaredLength: 10_000)
        )
        await #expect(throws: HTTPError.self) { try await Self.collect(large.chunks(upTo: 5000)) }
    }

    @Test(arguments: [1, 2, 3, 100])
    func hasLines(_ size: Int) async throws {
        let text = "one\r\ntwo\n\nü\rfour\nlast"
        let lines = try await Self.collect(Self.request(text, size: size).lines())
        #expect(lines == ["one", "two", "", "ü\rfour", "last"])
        #expect(try await Self.collect(Self.request("a\n", size: size).lines()) == ["a"])
        #expect(try await Self.collect(Self.request("", size: size).lines()) == [])
    }

    @Test func aLineIsBounded() async {
        let long = String(repeating: "x", count: 1000)
        for text in [long, long + "\n"] {
            await #expect(throws: HTTPError.self) {
                try await Self.collect(Self.request(text).lines(maxLength: 999))
            }
        }
    }
}
