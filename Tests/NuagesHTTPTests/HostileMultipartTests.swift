import NuagesCore
import Testing

@testable import NuagesHTTP

/// What nobody sends by mistake.
@Suite(.timeLimit(.minutes(2))) struct HostileMultipartTests {
    private static func part(_ header: String, _ content: String = "x") -> String {
        "--B\r\n\(header)\r\n\r\n\(content)\r\n"
    }

    private static func form(_ body: String, pieces: Int = 100) async throws -> FormData {
        try await MultipartTests.request(body, pieces: pieces).form()
    }

    private static func status(_ body: String, type: String? = nil) async -> Int {
        do {
            let type = type ?? "multipart/form-data; boundary=B"
            _ = try await MultipartTests.request(body, type: type, pieces: 65_536).form()
            return 200
        } catch {
            return (error as? HTTPError)?.status.code ?? 500
        }
    }

    @Test(arguments: [true, false])
    func aHundredThousandFieldsAreRefusedEarly(_ isMultipart: Bool) async throws {
        let body =
            isMultipart
            ? MultipartTests.fields(100_000) : String(repeating: "a=1&", count: 100_000) + "a=1"
        let type =
            isMultipart ? "multipart/form-data; boundary=B" : "application/x-www-form-urlencoded"
        let clock = ContinuousClock()
        let time = await clock.measure { #expect(await Self.status(body, type: type) == 400) }
        #expect(time < .seconds(5))
    }

    @Test func bracketsInNamesMeanNothing() async throws {
        let names = ["a[b][c]", String(repeating: "[", count: 800), "a[]", "__proto__[x]", "a.b.c"]
        let body =
            names.map { Self.part("Content-Disposition: form-data; name=\"\($0)\"") }.joined()
            + "--B--\r\n"
        let form = try await Self.form(body)
        #expect(form.fields.entries.map(\.name) == names)
    }

    @Test func fieldsOfOneNameKeepTheirOrder() async throws {
        let body =
            (0..<900).map { Self.part("Content-Disposition: form-data; name=a", "\($0)") }.joined()
            + "--B--\r\n"
        let form = try await Self.form(body)
        #expect(form.fields.list("a") == (0..<900).map(String.init))
        #expect(form.fields["a"] == "899")
    }

    @Test func controlsInNames() async throws {
        let body =
            Self.part("Content-Disposition: form-data; name=f; filename=\"a\0.p\u{1}ng\"")
            + Self.part("Content-Disposition: form-data; name=b", "x\0y") + "--B--\r\n"
        let form = try await Self.form(body)
        #expect(form.files["f"].map(\.name) == "a.png")
        // A field of text refuses it: `null_characters_not_allowed`.
        #expect(form.fields["b"] == "x\0y")
    }

    @Test func aHeaderThatIsNotUTF8IsNone() async throws {
        let bytes =
            Array("--B\r\nContent-Disposition: form-data; name=\"".utf8) + [0xFF, 0xC0]
            + Array("\"\r\n\r\nx\r\n--B--\r\n".utf8)
        let form = try await MultipartTests.request(bytes: bytes).form()
        #expect(form.fields.isEmpty && form.files.isEmpty)
    }

    @Test(arguments: [
        "", "; boundary", "; boundary=", "; boundary=\"\"", "; boundary=\"a \"",
        "; boundary=" + String(repeating: "B", count: 202),
        "; boundary=é",
    ])
    func boundariesThatAreNone(_ parameters: String) async {
        #expect(await Self.status("", type: "multipart/form-data" + parameters) == 400)
    }

    @Test(arguments: [1, 2, 3, 50])
    func contentMayLookLikeItsBoundary(_ pieces: Int) async throws {
        let content = "\r\n--\r\n--b\r\n-B\r\n--\r\n--BB\r\n--B-x\r\r\n\n--B"
        let body =
            Self.part("Content-Disposition: form-data; name=a", content)
            + "--B--\r\n"
        let form = try await Self.form(body, pieces: pieces)
        #expect(form.fields["a"] == content)
    }

    @Test(arguments: [
        String(repeating: "x", count: 2_000_000), String(repeating: "x\r\n", count: 500_000),
        "--B\r\n" + String(repeating: "X: y\r\n", count: 300_000),
        "--B\r\nX: " + String(repeating: "y", count: 2_000_000),
        "--B\r\nContent-Disposition: form-data" + String(repeating: "; a=b", count: 300_000),
    ])
    func floodsEndWithTheFirstKilobyte(_ body: String) async throws {
        let source = PieceSource(Array(body.utf8), size: 4096)
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": "multipart/form-data; boundary=B"],
            body: RequestBody(source: source, declaredLength: nil)
        )
        await #expect(throws: HTTPError.self) { try await request.form() }
        #expect(await source.delivered <= 8192)
    }

    @Test func multipartInMultipartIsText() async throws {
        let inner = "--C\r\nContent-Disposition: file; filename=a\r\n\r\nx\r\n--C--"
        let header =
            "Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=C"
        let form = try await Self.form(Self.part(header, inner) + "--B--\r\n")
        #expect(form.fields["a"] == inner)
        #expect(form.files.isEmpty)
    }

    @Test(arguments: [
        ("filename*=UTF-8''..%2F..%2Fpasswd", "passwd"), ("filename*=UTF-8''a%00b.txt", "ab.txt"),
        ("filename*=UTF-8''%E2%82%AC.txt", "€.txt"), ("filename*=UTF-8''%5C%5Chost%5Cx", "x"),
        ("filename*=utf-8'en'a%3Cb", "a<b"), ("filename=\"x\"; filename*=UTF-8''y", "y"),
    ])
    func extendedNamesAreNamesToo(_ parameter: String, _ expected: String) async throws {
        let header = "Content-Disposition: form-data; name=f; \(parameter)"
        let form = try await Self.form(Self.part(header) + "--B--\r\n")
        #expect(form.files["f"].map(\.name) == expected)
    }

    @Test(arguments: [
        "filename*=UTF-8''%FF%FE", "filename*=utf-7''+ADw-", "filename*=UTF-8", "filename*0=a",
        "filename*=''", "filename*=UTF-8''%zz",
    ])
    func extendedNamesThatAreNoneDoNoHarm(_ parameter: String) async throws {
        let header = "Content-Disposition: form-data; name=f; \(parameter)"
        let form = try await Self.form(Self.part(header) + "--B--\r\n")
        let names = form.files.entries.flatMap { $0.files.map(\.name) }
        #expect(names.allSatisfy { !$0.utf8.contains(0x2F) && !$0.utf8.contains(0) })
    }

    /// A body that inflates to anything is never inflated: it is no form.
    @Test func aCompressedBodyStaysSo() async throws {
        let content = [UInt8](repeating: 0x61, count: 10_000_000)
        let bomb = try Deflater(.gzip()).compress(content, flush: .finish)
        for type in ["multipart/form-data; boundary=B", "application/x-www-form-urlencoded"] {
            let request = Request(
                method: .post,
                target: "/",
                headers: ["Content-Type": type, "Content-Encoding": "gzip"],
                body: RequestBody(bomb)
            )
            do {
                let form = try await request.form()
                #expect(form.files.isEmpty)
                let values = form.fields.entries.flatMap(\.values)
                #expect(values.reduce(0) { $0 + $1.utf8.count } <= bomb.count)
            } catch let error as HTTPError {
                #expect(error.status.code == 400)
            }
        }
    }
}
