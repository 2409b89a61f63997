import NuagesCore
import NuagesHTTP
import Testing

/// Delivers a body in pieces of a given size.
actor PieceSource: RequestBody.Source {
    private var rest: ArraySlice<UInt8>
    private let size: Int
    private(set) var delivered = 0

    init(_ bytes: [UInt8], size: Int) {
        rest = bytes[...]
        self.size = size
    }

    func nextChunk() async throws -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        let piece = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        delivered += piece.count
        return piece
    }
}

@Suite struct MultipartTests {
    static func request(
        _ body: String,
        type: String = "multipart/form-data; boundary=B",
        pieces: Int? = nil,
        limits: FormLimits = FormLimits()
    ) -> Request {
        request(bytes: Array(body.utf8), type: type, pieces: pieces, limits: limits)
    }

    static func request(
        bytes: [UInt8],
        type: String = "multipart/form-data; boundary=B",
        pieces: Int? = nil,
        limits: FormLimits = FormLimits()
    ) -> Request {
        let body =
            pieces.map { RequestBody(source: PieceSource(bytes, size: $0), declaredLength: nil) }
            ?? RequestBody(bytes)
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": type],
            body: body
        )
        var settings = HTTPSettings()
        settings.formLimits = limits
        request.prepare(for: settings)
        return request
    }

    static let sample =
        "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        + "--B \t\r\ncontent-disposition:form-data;name=b\r\n\r\nx\r\n--Bc\r\n-- B\r\n--B-\r\ny\r\n"
        + "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../ü.txt\"\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\n\r\nfile\r\n\r\n--B--\r\n--B\r\nignored"

    @Test(arguments: [1, 2, 3, 5, 7, 16, 1000])
    func parsesInPiecesOfAnySize(_ size: Int) async throws {
        let form = try await Self.request(Self.sample, pieces: size).form()
        #expect(form.fields.urlencoded() == "a=1&b=x%0D%0A--Bc%0D%0A--+B%0D%0A--B-%0D%0Ay")
        let file = try #require(form.files["f"])
        #expect(file.name == "ü.txt")
        #expect(file.contentType == "text/plain")
        #expect(file.contentTypeParameters.first?.value == "utf-8")
        #expect(file.bytesInMemory == Array("file\r\n".utf8))
    }

    @Test func halfAFileIsNone() async throws {
        let head = "--B\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n"
        #expect(try await Self.request(head + "half").form().files.isEmpty)
        #expect(try await Self.request(head + "half\r\n--B").form().files.isEmpty)
        let field = "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nhalf"
        #expect(try await Self.request(field).form().fields["a"] == "half")
    }

    @Test func onlyCRLFEndsLines() async throws {
        let body = "--B\nContent-Disposition: form-data; name=a\n\n1\n--B--\n"
        #expect(try await Self.request(body).form().fields.isEmpty)
        let inner =
            "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\n--B\r\n--B--\r\n"
        #expect(try await Self.request(inner).form().fields["a"] == "1\n--B")
    }

    @Test func longFileNamesKeepTheirExtension() async throws {
        let name = String(repeating: "n", count: 300) + ".txt"
        let body =
            "--B\r\nContent-Disposition: form-data; name=f; filename=\(name)\r\n\r\n\r\n--B--"
        let file = try await Self.request(body).form().files["f"]
        #expect(file?.name == String(repeating: "n", count: 251) + ".txt")
    }

    @Test func aFileInputLeftEmptyIsAField() async throws {
        let body = "--B\r\nContent-Disposition: form-data; name=f; filename=\"\"\r\n\r\n\r\n--B--"
        let form = try await Self.request(body).form()
        #expect(form.files.isEmpty)
        #expect(form.fields["f"] == "")
    }

    @Test func keepsTheForm() async throws {
        let request = Self.request(Self.sample, pieces: 10)
        _ = try await request.form()
        #expect(try await request.form().fields["a"] == "1")
        await #expect(throws: BodyAccessError.readAsForm) { try await request.bytes() }
    }

    @Test func spoolsLargeFilesToDisk() async throws {
        let content = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let head = "--B\r\nContent-Disposition: form-data; name=f; filename=big.bin\r\n\r\n"
        let bytes = Array(head.utf8) + content + Array("\r\n--B--\r\n".utf8)
        let form = try await Self.request(bytes: bytes, pieces: 65_536).form()
        let file = try #require(form.files["f"])
        #expect(file.bytesInMemory == nil)
        #expect(file.temporaryPath != nil)
        #expect(file.size == content.count)
        #expect(try file.bytes(upTo: 4_000_000) == content)
        #expect(try file.bytes(upTo: 1000) == nil)
    }

    @Test func decodesBase64InConstantMemory() async throws {
        let blanks = String(repeating: " \r\n", count: 100_000)
        let body =
            "--B\r\nContent-Disposition: form-data; name=f; filename=a\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\nAAA\(blanks)A\r\n--B--"
        let form = try await Self.request(body, pieces: 4096).form()
        #expect(form.files["f"]?.bytesInMemory == [0, 0, 0])
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=é",
        "multipart/form-data; boundary=" + String(repeating: "b", count: 202),
    ])
    func refusesBadBoundaries(_ type: String) async {
        await #expect(throws: HTTPError.self) {
            try await Self.request("--B--", type: type).form()
        }
    }

    static func fields(_ count: Int, file: Bool = false) -> String {
        (0..<count).map { number in
            "--B\r\nContent-Disposition: form-data; name=n\(number)"
                + (file ? "; filename=f" : "") + "\r\n\r\nx\r\n"
        }.joined() + "--B--\r\n"
    }

    static let head = "--B\r\nContent-Disposition: form-data; name=a"

    static let limits: [(body: String, status: Int)] = [
        (fields(1000), 200),
        (fields(1001), 400),
        (fields(100, file: true), 200),
        (fields(101, file: true), 400),
        ("--B\r\nX: \(repeated("a", 1030))\r\n\r\n", 400),
        ("--B\r\n\(repeated("a: b\r\n", 500))", 400),
        ("\(head)\r\n\r\n\(repeated("x", 2_621_441))", 413),
        ("\(head); filename=x\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--B--", 400),
        (repeated("--B", 100_000), 200),
        (repeated("\r\n--Bx", 100_000), 400),
        ("--B\r\n\r\n" + repeated("\r\n--Bx", 100_000), 200),
        (repeated("--B\r\n\r\n", 1000), 200),
    ]

    static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test(arguments: limits.indices)
    func keepsItsLimits(_ index: Int) async {
        let (body, status) = Self.limits[index]
        for pieces in [nil, 1000] {
            do {
                _ = try await Self.request(body, pieces: pieces).form()
                #expect(status == 200)
            } catch {
                #expect((error as? HTTPError)?.status.code == status)
            }
        }
    }

    @Test func stopsReadingAtTheLimit() async throws {
        var limits = FormLimits()
        limits.maxBodySize = 10_000
        let source = PieceSource(Array(repeating: 0x61, count: 1_000_000), size: 1000)
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": "multipart/form-data; boundary=B"],
            body: RequestBody(source: source, declaredLength: nil)
        )
        var settings = HTTPSettings()
        settings.formLimits = limits
        request.prepare(for: settings)
        await #expect(throws: HTTPError.self) { try await request.form() }
        #expect(await source.delivered <= 11_000)
    }

    @Test func refusesTextThatIsNotUTF8() async {
        let bytes =
            Array("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + [0xFF, 0xFE]
            + Array("\r\n--B--".utf8)
        await #expect(throws: HTTPError.self) { try await Self.request(bytes: bytes).form() }
    }

    @Test(arguments: [
        ("C:\\Windows\\x.txt", "x.txt"), ("/tmp/x.txt", "x.txt"), ("../../x", "x"),
        ("..&sol;..&sol;x", "x"), ("..&#x2F;x", "x"), ("..&#47;x", "x"), ("a&bsol;b", "b"),
        ("..", nil), (".", nil), ("", nil), ("/", nil), ("a/..", nil), ("x\0.txt", "x.txt"),
        ("a\r\nb", "ab"), ("\u{202E}gpj.exe", "gpj.exe"), ("a&b.txt", "a&b.txt"),
    ])
    func sanitizesFileNames(_ name: String, expected: String?) {
        #expect(FileName.sanitize(name) == expected)
    }
}

@Suite struct UrlencodedFormTests {
    static func form(_ bytes: [UInt8], type: String) async throws -> FormData {
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": type],
            body: RequestBody(bytes)
        )
        return try await request.form()
    }

    @Test(arguments: ["", "; charset=utf-8", ";charset=\"UTF-8\"", "; x=y"])
    func isUTF8(_ parameters: String) async throws {
        let form = try await Self.form(
            Array("a=%C3%BC&b=1".utf8),
            type: "Application/X-WWW-Form-Urlencoded" + parameters
        )
        #expect(form.fields["a"] == "ü")
    }

    /// Django answers 400 and then fails on its own error page (`security.md` 0, 5a).
    @Test(arguments: ["latin-1", "utf-16", "utf-7", "x", ""])
    func refusesAnyOtherCharset(_ charset: String) async {
        await #expect(throws: HTTPError.self) {
            try await Self.form(
                Array("a=1".utf8),
                type: "application/x-www-form-urlencoded; charset=\(charset)"
            )
        }
    }

    @Test func isEmptyForOtherTypes() async throws {
        #expect(try await Self.form(Array("a=1".utf8), type: "text/plain").fields.isEmpty)
    }

    @Test func refusesBadBytes() async {
        await #expect(throws: HTTPError.self) {
            try await Self.form(
                [0x61, 0x3D, 0xFF],
                type: "application/x-www-form-urlencoded"
            )
        }
        await #expect(throws: HTTPError.self) {
            try await Self.form(
                Array(repeating: 0x61, count: 2_621_441),
                type: "application/x-www-form-urlencoded"
            )
        }
    }
}
