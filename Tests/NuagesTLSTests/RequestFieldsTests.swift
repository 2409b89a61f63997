import NIOCore
import NIOHPACK
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer
@testable import NuagesTLS

/// The same numbers in each run, so that what was found once is found again.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

@Suite struct RequestFieldsTests {
    private static let characters = [
        "a", "b", "Z", "0", "1", ":", "/", "?", "#", "%", ",", ";", "=", "-", "_", ".", "@", "[",
        "]", "*", "\"", "\\", " ", "\t", "\r", "\n", "\r\n", "\0", "\u{7F}", "\u{1}", "é",
        "\u{FFFD}",
    ]

    private static let names = [
        "x-a", "x_a", "cookie", "host", "content-length", "transfer-encoding", "connection", "te",
        "expect", "accept", "Accept", "x:a", "x a", "",
    ]

    private static func text(_ numbers: inout Numbers, upTo count: Int) -> String {
        (0..<Int.random(in: 0...count, using: &numbers))
            .map { _ in characters.randomElement(using: &numbers) ?? "" }.joined()
    }

    /// A request of which most of the parts are as they should be.
    private static func headers(_ numbers: inout Numbers) -> HPACKHeaders {
        func pick(_ good: [String]) -> String {
            Int.random(in: 0..<4, using: &numbers) > 0
                ? good.randomElement(using: &numbers) ?? "" : text(&numbers, upTo: 6)
        }
        var headers = HPACKHeaders()
        headers.add(name: ":method", value: pick(["GET", "POST", "OPTIONS"]))
        headers.add(name: ":scheme", value: pick(["https", "HTTPS"]))
        headers.add(name: ":path", value: "/" + text(&numbers, upTo: 3))
        if Bool.random(using: &numbers) {
            headers.add(
                name: ":authority",
                value: pick(["a.example", "[::1]:8000", "a.example:1"])
            )
        }
        for _ in 0..<Int.random(in: 0...4, using: &numbers) {
            let name = names.randomElement(using: &numbers) ?? ""
            headers.add(name: name, value: pick(["1", "a.example", "100-continue", "trailers"]))
        }
        return headers
    }

    private static func lines(_ fields: [Headers.Field]) -> [String] {
        fields.map { "\($0.name): \($0.value)" }
    }

    /// What is taken means the same where it is written down as HTTP/1.1: no field of it becomes two,
    /// or another one.
    @Test func takesNothingThatHTTP1WouldReadDifferently() throws {
        var numbers = Numbers(state: 7)
        var taken = 0
        for _ in 0..<20_000 {
            let headers = Self.headers(&numbers)
            guard let fields = try? RequestFields(headers, limits: RequestLimits()) else {
                continue
            }
            taken += 1
            let lines = Self.lines(fields.fields)
            let text =
                (["\(fields.method) \(fields.target) HTTP/1.1"] + lines)
                .map { $0 + "\r\n" }.joined() + "\r\n"
            var parser = RequestParser(limits: RequestLimits())
            let bytes = Array(text.utf8)
            do {
                let consumed = try parser.read(bytes.span)
                #expect(consumed == bytes.count)
                var head = RequestHead()
                let isComplete = parser.takeHead(into: &head)
                #expect(isComplete)
                #expect(head.method == fields.method)
                #expect(head.target == fields.target)
                #expect(Self.lines(head.fields) == lines)
            } catch {
                Issue.record("\(error): \(text.debugDescription)")
            }
        }
        #expect(taken > 500)
    }

    /// Blocks as a client could send them, good ones with some bytes changed: whatever comes of them,
    /// nothing traps.
    @Test func survivesBrokenBlocks() {
        var numbers = Numbers(state: 11)
        let good = Frame.block(
            Frame.get + [("cookie", "a=1"), ("content-length", "3"), ("accept", "*/*")]
        )
        let compressed: [UInt8] = [0x82, 0x87, 0x84, 0x41, 0x83, 0x1C, 0x64, 0x5F]
        var taken = 0
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        for round in 0..<20_000 {
            if round % 50 == 0 { decoder = HPACKDecoder(allocator: ByteBufferAllocator()) }
            var block = Bool.random(using: &numbers) ? good : compressed + good
            for _ in 0..<Int.random(in: 0...4, using: &numbers) {
                let place = Int.random(in: 0..<block.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: block[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: block.insert(0xFF, at: place)
                default: block.remove(at: place)
                }
            }
            var buffer = ByteBuffer(bytes: block)
            guard let headers = try? decoder.decodeHeaders(from: &buffer),
                (try? RequestFields(headers, limits: RequestLimits())) != nil
            else { continue }
            taken += 1
        }
        #expect(taken > 100)
    }
}
