import NuagesHTTP
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
        await #expect(throws: HTTPError.self) { try await Self.collect(request.chunks()) }
        await #expect(throws: HTTPError.self) { try await request.bytes() }
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
