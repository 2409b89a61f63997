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
