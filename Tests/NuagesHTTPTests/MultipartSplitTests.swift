import NuagesCore
import Testing

@testable import NuagesHTTP

/// Where a multipart body is cut into pieces must not matter.
@Suite struct MultipartSplitTests {
    private static let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
    private static let ignored = "--b\r\nContent-Type: text/plain\r\n\r\n"

    static let bodies: [(body: String, form: [String])] = [
        (part + "1\r\n--b--\r\n", ["a", "1"]),
        // Found by the fuzzer: boundaries inside a line of a text that is passed over.
        ("x\u{2}--b\r\n" + part + "1\r\n--b--", ["a", "1"]),
        ("--bx\r\n x--b\r\n\r\nContent-Disposition: form-data; name=\"no\"\r\n\r\n1\r\n--b--", []),
        (ignored + "xy--b\r\nContent-Disposition: form-data; name=\"no\"\r\n\r\n1\r\n--b--", []),
        (ignored + "\r\n" + part + "2\r\n--b--", ["a", "2"]),
        (part + "1--b\r\n2\r\n--b--", ["a", "1--b\r\n2"]),
        (part + "--b--", ["a", ""]),
        (part + "\r\n--b \t\r\n\r\n--b--", ["a", ""]),
        (part + "1\r\n--b-\r\n--bb\r\n--b--", ["a", "1\r\n--b-\r\n--bb"]),
        // A delimiter in a header: it was none.
        ("--b\r\n" + head + "--b--\r\n\r\nx", []),
        ("--b\r\n" + head + "--b\r\n\r\nx", []),
        ("--b\r\n" + head + part + "2\r\n--b--", ["a", "2"]),
        // So many blanks may stand behind a boundary; with more it is content.
        (part + "1\r\n--b" + blanks(256) + "\r\n\r\n--b--", ["a", "1"]),
        (part + "1\r\n--b" + blanks(257) + "\r\n", ["a", "1\r\n--b" + blanks(257) + "\r\n"]),
        (part + "--b" + blanks(257) + "\r\n--b--", ["a", "--b" + blanks(257)]),
        ("--b" + blanks(257) + "\r\n" + part + "1\r\n--b--", ["a", "1"]),
        (part + "1\r\n--b" + blanks(300) + "x\r\n--b--", ["a", "1\r\n--b" + blanks(300) + "x"]),
    ]

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    private static let head = "Content-Disposition: form-data; name=\"a\"\r\n"

    /// As Django reads text in front of the first delimiter, and a body without any.
    static let texts: [(body: String, form: [String])] = [
        ("", []), ("\r\n", []), ("\r\n\r\n", []), ("\r", []), ("text", []),
        (head + "\r\n1\r\n--b--", ["a", "1"]),
        ("\r\n" + head + "\r\n1\r\n--b--", ["a", "1"]),
        ("\r\n\r\n" + head + "\r\n1\r\n--b--", []),
        ("hello\r\n" + head + "\r\n1\r\n--b--", ["a", "1"]),
        ("hello\r\n\r\n" + head + "\r\n1\r\n--b--", []),
        ("Content-Type: text/plain\r\n\r\n1\r\n--b--", []),
        (head + "\r\n0\r\n" + part + "1\r\n--b--", ["a", "0", "1"]),
        (head + part + "1\r\n--b--", ["a", "1"]),
        (head + "\r\n1\r\n--other--\r\n", ["a", "1\r\n--other--\r\n"]),
        (head + "\r\n", ["a", ""]), (head, []),
        (String(repeating: "x", count: 1000) + "\r\n" + part + "1\r\n--b--", ["a", "1"]),
        ("--b--\r\n" + head + "\r\n1\r\n--b--", []),
        (String(repeating: "x", count: 1023) + "\r\n" + part + "1\r\n--b--", ["a", "1"]),
        (String(repeating: "x", count: 1021) + "\r\n\r\n" + part + "1\r\n--b--", ["a", "1"]),
        (String(repeating: "x", count: 1022) + "\r\n\r\n" + part + "1\r\n--b--", ["a", "1"]),
    ]

    /// As in Django: text without the header of a part has at most 1,023 bytes.
    @Test(arguments: [
        (1024, "\r\n--b\r\n"), (1023, "\r\n\r\n"), (1024, "\r\n\r\n"), (1025, "\r\n--b\r\n"),
        (1023, "\r\n--\r\n\r\n"),
    ])
    func whereTextInFrontIsTooLongDoesNotDependOnPieces(_ count: Int, _ end: String) async throws {
        let body = Array((String(repeating: "x", count: count) + end + "more\r\n--b--").utf8)
        for split in body.indices {
            let pieces = [Array(body[..<split]), Array(body[split...])]
            await #expect(throws: HTTPError.self, "split at \(split)") {
                try await Self.parse(pieces)
            }
        }
    }

    @Test(arguments: texts)
    func textInFrontIsAPartIfItHasAHeader(_ body: String, _ form: [String]) async throws {
        try await everySplitGivesTheSameForm(body, form)
    }

    @Test(arguments: [3, 64, 4096])
    func aFileInFrontOfTheFirstDelimiterIsOne(_ size: Int) async throws {
        let file = "Content-Disposition: form-data; name=f; filename=x.txt\r\n\r\nabc"
        let whole = MultipartTests.request(file + "\r\n--B--", pieces: size)
        #expect(try await whole.form().files["f"]?.bytesInMemory == Array("abc".utf8))
        let open = MultipartTests.request(file, pieces: size)
        #expect(try await open.form().files.isEmpty)
    }

    /// In one piece and in many, with and without ends of lines.
    @Test(arguments: ["x", "xxxx\r\n", "--b-\r\n", "--"])
    func aLongTextWithoutAHeaderIsRefused(_ text: String) async throws {
        let bytes = Array(String(repeating: text, count: 1200 / text.utf8.count).utf8)
        let end = Array(("\r\n" + Self.part + "1\r\n--b--").utf8)
        for size in [1, 7, 100, 4096] {
            let body = bytes + end
            let pieces = stride(from: 0, to: body.count, by: size).map {
                Array(body[$0..<min(body.count, $0 + size)])
            }
            await #expect(throws: HTTPError.self) { try await Self.parse(pieces) }
        }
    }

    /// Each of its bytes could be the beginning of the boundary, and none is.
    @Test func aBodyLikeItsBoundaryHasNoParts() async throws {
        var parser = try MultipartParser(
            contentType: "multipart/form-data; boundary=" + String(repeating: "-", count: 201),
            limits: FormLimits()
        )
        try await parser.consume(Array("Content-Type: text/plain\r\n\r\n".utf8))
        for _ in 0..<32 { try await parser.consume(Array(repeating: 0x2D, count: 65_536)) }
        #expect(try await parser.finish().fields.entries.isEmpty)
    }

    private static func parse(_ pieces: [[UInt8]]) async throws -> [String] {
        var parser = try MultipartParser(
            contentType: "multipart/form-data; boundary=b",
            limits: FormLimits()
        )
        for piece in pieces { try await parser.consume(piece) }
        return try await parser.finish().fields.entries.flatMap { [$0.name] + $0.values }
    }

    @Test(arguments: bodies)
    func everySplitGivesTheSameForm(_ body: String, _ form: [String]) async throws {
        let bytes = Array(body.utf8)
        #expect(try await Self.parse([bytes]) == form)
        for size in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 150)) {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min(bytes.count, $0 + size)])
            }
            #expect(try await Self.parse(pieces) == form, "in pieces of \(size)")
        }
        for cut in 0...bytes.count {
            #expect(
                try await Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == form,
                "cut at \(cut)"
            )
        }
    }
}
