import NIOCore
import NuagesHTTP
import Testing

@testable import NuagesServer

@Suite struct FrameReaderTests {
    /// What came of some frames: the events, and the code of the violation that ended them.
    private struct Outcome: Equatable {
        var events: [FrameReader.Event] = []
        var code: WebSocketCloseCode?
    }

    private static func read(_ pieces: [[UInt8]], _ options: WebSocketOptions = .small) -> Outcome {
        var reader = FrameReader(options)
        var input = ByteBuffer()
        var outcome = Outcome()
        for piece in pieces {
            input.writeBytes(piece)
            do {
                while let event = try reader.next(&input) { outcome.events.append(event) }
            } catch {
                outcome.code = error.code
                return outcome
            }
        }
        return outcome
    }

    private static let conversation: [UInt8] =
        ClientFrame.text("Grüße, 🌍") + ClientFrame.bytes(0x9, [1, 2, 3])
        + ClientFrame.bytes(0x1, [0xE2, 0x82], isFinal: false) + ClientFrame.bytes(0xA)
        + ClientFrame.bytes(0x0, [0xAC], isFinal: false) + ClientFrame.bytes(0x0)
        + ClientFrame.bytes(0x2, (0..<200).map { UInt8($0) }) + ClientFrame.bytes(0x1)
        + ClientFrame.close(1001, "bye")

    private static let expected = Outcome(events: [
        .message(.text("Grüße, 🌍")), .ping([1, 2, 3]), .pong, .message(.text("€")),
        .message(.binary((0..<200).map { UInt8($0) })), .message(.text("")),
        .close(WebSocketClosing(.goingAway, reason: "bye")),
    ])

    @Test func readsTheSameHoweverTheInputIsSplit() {
        let bytes = Self.conversation
        #expect(Self.read([bytes]) == Self.expected)
        for cut in 0...bytes.count {
            #expect(Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.expected)
        }
        #expect(Self.read(bytes.map { [$0] }) == Self.expected)
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536, 100_000])
    func readsEveryFormOfLength(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let outcome = Self.read([ClientFrame.bytes(0x2, payload)], WebSocketOptions())
        #expect(outcome.events == [.message(.binary(payload))])
    }

    private static let violations: [(String, [UInt8], UInt16)] = [
        ("reserved bit", ClientFrame.bytes(0x1, reserved: 0x40), 1002),
        ("all reserved bits", ClientFrame.bytes(0x1, reserved: 0x70), 1002),
        ("unknown opcode", ClientFrame.bytes(0x3), 1002),
        ("unknown control", ClientFrame.bytes(0xF), 1002),
        ("not masked", ClientFrame.bytes(0x1, [0x41], isMasked: false), 1002),
        ("fragmented ping", ClientFrame.bytes(0x9, isFinal: false), 1002),
        ("long ping", ClientFrame.bytes(0x9, [UInt8](repeating: 0, count: 126)), 1002),
        ("continues nothing", ClientFrame.bytes(0x0, [0x41]), 1002),
        (
            "text inside a message",
            ClientFrame.text("a", isFinal: false) + ClientFrame.text("b"), 1002
        ),
        ("length in two bytes for no reason", [0x81, 0xFE, 0, 5, 0, 0, 0, 0], 1002),
        ("length in eight bytes for no reason", [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 1002),
        ("negative length", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1002),
        ("close of one byte", ClientFrame.bytes(0x8, [3]), 1002),
        ("code 0", ClientFrame.close(0), 1002), ("code 999", ClientFrame.close(999), 1002),
        ("code 1004", ClientFrame.close(1004), 1002), ("code 1005", ClientFrame.close(1005), 1002),
        ("code 1006", ClientFrame.close(1006), 1002), ("code 1015", ClientFrame.close(1015), 1002),
        ("code 2999", ClientFrame.close(2999), 1002), ("code 5000", ClientFrame.close(5000), 1002),
        ("reason", ClientFrame.bytes(0x8, [0x03, 0xE8, 0xFF]), 1007),
        ("frame above the limit", ClientFrame.bytes(0x2, [UInt8](repeating: 0, count: 401)), 1009),
        ("huge frame", [0x82, 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
        (
            "message above the limit",
            ClientFrame.bytes(0x2, [UInt8](repeating: 0, count: 400), isFinal: false)
                + ClientFrame.bytes(0x0, [UInt8](repeating: 0, count: 400), isFinal: false)
                + ClientFrame.bytes(0x0, [UInt8](repeating: 0, count: 201)), 1009
        ),
        ("overlong", ClientFrame.bytes(0x1, [0xC0, 0x80]), 1007),
        ("overlong of three", ClientFrame.bytes(0x1, [0xE0, 0x9F, 0xBF]), 1007),
        ("surrogate", ClientFrame.bytes(0x1, [0xED, 0xA0, 0x80]), 1007),
        ("above Unicode", ClientFrame.bytes(0x1, [0xF4, 0x90, 0x80, 0x80]), 1007),
        ("continuation byte", ClientFrame.bytes(0x1, [0x80]), 1007),
        ("unfinished text", ClientFrame.bytes(0x1, [0xE2, 0x82]), 1007),
        ("wrong before the end", ClientFrame.bytes(0x1, [0xFF], isFinal: false), 1007),
    ]

    @Test(arguments: violations)
    func refuses(_ name: String, _ bytes: [UInt8], _ code: UInt16) {
        for pieces in [[bytes], bytes.map { [$0] }] {
            let outcome = Self.read(pieces)
            #expect(outcome.code == WebSocketCloseCode(code), "\(name)")
            #expect(outcome.events.isEmpty, "\(name)")
        }
    }
}

extension WebSocketOptions {
    fileprivate static var small: Self {
        var options = Self()
        options.maxFrameSize = 400
        options.maxMessageSize = 1_000
        return options
    }
}
