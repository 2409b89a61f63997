import NuagesCore
import Testing

@testable import NuagesHTTP

/// Where a multipart body is cut into pieces must not matter.
@Suite struct MultipartSplitTests {
    private static let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
    private static let ignored = "--b\r\nContent-Type: text/plain\r\n\r\n"

    static let bodies: [(body: String, form: [String])] = [
        (part + "1\r\n--b--\r\n", ["a", "1"]),
        // Found by the fuzzer: boundaries inside a line of the preamble or of a part that is
        // passed over.
        ("x\u{2}--b\r\n" + part + "1\r\n--b--", ["a", "1"]),
        ("--bx\r\n x--b\r\nContent-Disposition: form-data; name=\"no\"\r\n\r\n1\r\n--b--", []),
        (ignored + "xy--b\r\nContent-Disposition: form-data; name=\"no\"\r\n\r\n1\r\n--b--", []),
        (ignored + "\r\n" + part + "2\r\n--b--", ["a", "2"]),
        (part + "1--b\r\n2\r\n--b--", ["a", "1--b\r\n2"]),
        (part + "--b--", ["a", ""]),
        (part + "\r\n--b \t\r\n\r\n--b--", ["a", ""]),
        (part + "1\r\n--b-\r\n--bb\r\n--b--", ["a", "1\r\n--b-\r\n--bb"]),
    ]

    /// Each of its bytes could be the beginning of the boundary, and none is.
    @Test func aBodyLikeItsBoundaryHasNoParts() async throws {
        var parser = try MultipartParser(
            contentType: "multipart/form-data; boundary=" + String(repeating: "-", count: 201),
            limits: FormLimits()
        )
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
        for size in 1..<bytes.count {
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
