import NuagesCore
import NuagesHTTP
import NuagesServer
import ServerTestSupport
import Synchronization
import Testing

/// What RFC 9113 does not allow, and what has brought servers down.
@Suite(.timeLimit(.minutes(2))) struct HTTP2AttackTests {
    private static func with(
        _ fields: (String, String)...,
        request: [(String, String)] = Frame.get
    ) -> [(String, String)] { request + fields }

    private static func without(_ name: String) -> [(String, String)] {
        Frame.get.filter { $0.0 != name }
    }

    private static func replacing(_ name: String, _ value: String) -> [(String, String)] {
        Frame.get.map { $0.0 == name ? (name, value) : $0 }
    }

    private static let malformed: [(String, [(String, String)])] = [
        ("upper-case name", with(("X-Test", "1"))), ("name with blank", with(("x test", "1"))),
        ("name of 8 bits", with(("é", "1"))),
        ("CR in value", with(("x", "a\rb"))),
        ("LF in value", with(("x", "a\nset-cookie: b"))), ("CRLF", with(("x", "a\r\nb: c"))),
        ("NUL in value", with(("x", "a\0b"))), ("blank before value", with(("x", " a"))),
        ("connection", with(("connection", "close"))),
        ("keep-alive", with(("keep-alive", "timeout=5"))),
        ("proxy-connection", with(("proxy-connection", "keep-alive"))),
        ("transfer-encoding", with(("transfer-encoding", "chunked"))),
        ("upgrade", with(("upgrade", "websocket"))), ("te", with(("te", "gzip"))),
        ("no method", without(":method")), ("no scheme", without(":scheme")),
        ("no path", without(":path")), ("empty path", replacing(":path", "")),
        ("two paths", with((":path", "/b"))), ("two methods", with((":method", "POST"))),
        ("unknown pseudo field", with((":test", "1"))), ("status", with((":status", "200"))),
        ("pseudo field after field", [("x", "1")] + Frame.get),
        ("method with blank", replacing(":method", "GET /")),
        ("path with blank", replacing(":path", "/a b")),
        ("two lengths", with(("content-length", "0"), ("content-length", "1"))),
        ("length with sign", with(("content-length", "+0"))),
        ("length without body", with(("content-length", "5"))),
        ("underscored transfer-encoding", with(("transfer_encoding", "chunked"))),
    ]

    @Test func resetsStreamsOfMalformedRequests() async throws {
        try await withServer { _ in
            text("fine")
        } body: { server in
            for (name, fields) in Self.malformed {
                let client = try await H2Client.connect(server)
                try await client.send(.request(1, fields))
                let frames = try await client.read(stream: 1)
                let answer = frames.reset(1) ?? frames.goAway
                #expect(answer == 1, "\(name): \(frames)")
                #expect(frames.body(1) == "", "\(name)")
                // The other streams of the connection go on.
                try await client.send(.request(3))
                #expect(try await client.read(stream: 3).body(3) == "fine", "\(name)")
                await client.close()
            }
        }
    }

    @Test func resetsStreamsOfMalformedTrailers() async throws {
        let cases: [(String, [(String, String)], Bool)] = [
            ("not the end", [("x", "1")], false), ("pseudo field", [(":path", "/b")], true),
            ("upper-case name", [("X", "1")], true), ("connection", [("connection", "x")], true),
            ("line feed", [("x", "1\n2")], true),
        ]
        try await withH2Client { request in
            text("\((try? await request.readAll())?.count ?? -1)")
        } body: { client, _ in
            for (number, (name, fields, ends)) in cases.enumerated() {
                let stream = UInt32(number * 2 + 1)
                try await client.send(
                    .request(stream, Frame.post, ends: false),
                    .request(stream, fields, ends: ends)
                )
                #expect(try await client.read(stream: stream).reset(stream) == 1, "\(name)")
            }
        }
    }

    private static let refused: [(String, [(String, String)], Int)] = [
        ("path without slash", replacing(":path", "a"), 400),
        ("path with fragment", replacing(":path", "/#a"), 400),
        ("path of 8 bits", replacing(":path", "/é"), 400),
        ("star", replacing(":path", "*"), 400), ("http", replacing(":scheme", "http"), 400),
        ("foreign scheme", replacing(":scheme", "ftp"), 400),
        ("two hosts", with(("host", "evil.example")), 400), ("no host", without(":authority"), 400),
        ("user in host", replacing(":authority", "a@localhost"), 400),
        ("long path", replacing(":path", "/" + String(repeating: "a", count: 9_000)), 414),
        ("expectation", with(("expect", "teapot")), 417),
        ("many fields", manyFields, 431),
    ]

    private static let manyFields =
        Frame.get + [(String, String)](repeating: ("x", "1"), count: 101)

    @Test func answersWhatIsNoRequestForASite() async throws {
        try await withServer { _ in
            text("fine")
        } body: { server in
            for (name, fields, status) in Self.refused {
                let client = try await H2Client.connect(server)
                try await client.send(.request(1, fields))
                let frames = try await client.read(stream: 1)
                #expect(frames.body(1).hasPrefix("\(status) "), "\(name): \(frames)")
                // The connection goes on.
                try await client.send(.request(3))
                #expect(try await client.read(stream: 3).body(3) == "fine", "\(name)")
                await client.close()
            }
        }
    }

    @Test func refusesABodyThatIsTooLargeBeforeReadingIt() async throws {
        try await withH2Client {
            $0.limits.maxBodySize = 1_000
        } respond: { request in
            do {
                return text("\(try await request.readAll().count)")
            } catch {
                return text("\(error)")
            }
        } body: { client, _ in
            try await client.send(
                .request(1, Self.with(("content-length", "1001"), request: Frame.post), ends: false)
            )
            #expect(try await client.read(stream: 1).body(1).hasPrefix("413 "))
            try await client.send(
                .request(3, Frame.post, ends: false),
                Frame(type: Frame.data, stream: 3, payload: [UInt8](repeating: 0, count: 1_001))
            )
            #expect(try await client.read(stream: 3).body(3).hasPrefix("413 "))
        }
    }

    @Test func refusesABodyOfAnotherLengthThanDeclared() async throws {
        try await withServer { request in
            text("\((try? await request.readAll())?.count ?? -1)")
        } body: { server in
            for count in [4, 6] {
                let client = try await H2Client.connect(server)
                let head = Self.with(("content-length", "5"), request: Frame.post)
                try await client.send(
                    .request(1, head, ends: false),
                    Frame(
                        type: Frame.data,
                        flags: Frame.endStream,
                        stream: 1,
                        payload: [UInt8](repeating: 0x61, count: count)
                    )
                )
                #expect(try await client.read(stream: 1).reset(1) == 1)
                await client.close()
            }
        }
    }

    private static let ping = Frame(type: Frame.ping, payload: [UInt8](repeating: 0, count: 8))
    private static let openHead = Frame(
        type: Frame.headers,
        stream: 1,
        payload: Frame.block(Frame.get)
    )

    private static func flood(_ frame: Frame, after first: [Frame] = []) -> [Frame] {
        first + [Frame](repeating: frame, count: 5_000)
    }

    private static let broken: [(String, [Frame])] = [
        ("data on stream 0", [Frame(type: Frame.data, payload: [1])]),
        ("headers on stream 0", [Frame.request(0)]),
        ("headers on an even stream", [Frame.request(2)]),
        ("stream that goes back", [Frame.request(5), Frame.request(3)]),
        ("settings of 5 bytes", [Frame(type: Frame.settings, payload: [0, 0, 0, 0, 0])]),
        ("ping of 1 byte", [Frame(type: Frame.ping, payload: [0])]),
        ("frame above the limit", [Frame(type: 0xFF, payload: zeros(16_385))]),
        ("window above 2^31", [Frame(type: Frame.windowUpdate, payload: [0x7F, 255, 255, 255])]),
        (
            "broken compression",
            [Frame(type: Frame.headers, flags: 5, stream: 1, payload: [255, 255, 255, 255, 255])]
        ),
        ("index of 2^63", [block([0xFF] + large)]), ("length of 2^63", [block([0, 0x7F] + large)]),
        ("table of 2^63", [block([0x3F] + large)]),
        ("end of a Huffman text", [block([0, 0x84, 255, 255, 255, 255])]),
        ("field without a name", [Frame.request(1, with(("", "1")))]),
        ("frame inside a header block", [openHead, ping]),
        ("header list above the limit", [Frame.request(1, longField)]),
    ]

    private static let large: [UInt8] = [UInt8](repeating: 0xFF, count: 9) + [0]

    private static func block(_ payload: [UInt8]) -> Frame {
        Frame(type: Frame.headers, flags: 5, stream: 1, payload: payload)
    }

    private static let floods: [(String, [Frame])] = [
        (
            "continuations (CVE-2024-27316)",
            flood(
                Frame(type: Frame.continuation, stream: 1, payload: Frame.block([("x", "1")])),
                after: [openHead]
            )
        ),
        (
            "empty continuations",
            flood(Frame(type: Frame.continuation, stream: 1), after: [openHead])
        ),
        ("pings (CVE-2019-9512)", flood(ping)),
        (
            "priorities (CVE-2019-9513)",
            flood(
                Frame(type: Frame.priority, stream: 1, payload: [0, 0, 0, 3, 7]),
                after: [Frame.request(1, Frame.post, ends: false)]
            )
        ),
        (
            "priorities of streams that nobody opened",
            flood(Frame(type: Frame.priority, stream: 9, payload: [0, 0, 0, 3, 7]))
        ),
        ("settings (CVE-2019-9515)", flood(Frame(type: Frame.settings))),
        (
            "window updates",
            flood(Frame(type: Frame.windowUpdate, payload: Frame.number(1)))
        ),
        (
            "window updates of a stream",
            flood(
                Frame(type: Frame.windowUpdate, stream: 1, payload: Frame.number(1)),
                after: [Frame.request(1, Frame.post, ends: false)]
            )
        ),
        ("frames of an unknown type", flood(Frame(type: 0xFA, payload: [1, 2, 3]))),
        ("farewells", flood(Frame(type: Frame.goAway, payload: [UInt8](repeating: 0, count: 8)))),
        (
            "empty data (CVE-2019-9518)",
            flood(
                Frame(type: Frame.data, stream: 1),
                after: [Frame.request(1, Frame.post, ends: false)]
            )
        ),
    ]

    private static let longField = Frame.get + [("x", String(repeating: "a", count: 40_000))]

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    @Test func endsConnectionsThatBreakTheProtocol() async throws {
        try await withServer { request in
            text("\((try? await request.readAll())?.count ?? 0)")
        } body: { server in
            for (name, frames) in Self.broken + Self.floods {
                let client = try await H2Client.connect(server)
                try await client.send(frames)
                let answer = try await client.readToEnd()
                #expect(answer.goAway.map { $0 > 0 } ?? true, "\(name): \(answer.suffix(3))")
                await client.close()
            }
            #expect(try await server.curl(["--http2"]).output == "0")
        }
    }

    /// CVE-2016-6581: a small block that refers to a large entry again and again.
    @Test func boundsWhatCompressedFieldsUnfoldTo() async throws {
        try await withH2Client { _ in
            text("fine")
        } body: { client, _ in
            // Stored in the table by 0x40, then named by its index, 62.
            let value = String(repeating: "a", count: 4_000)
            let stored = [UInt8(0x40)] + Array(Frame.block([("x", value)]).dropFirst())
            let bomb = [UInt8](repeating: 0x80 | 62, count: 8_000)
            try await client.send(
                Frame(
                    type: Frame.headers,
                    flags: 5,
                    stream: 1,
                    payload: Frame.block(Frame.get) + stored + bomb
                )
            )
            let frames = try await client.read { frames, isEnded in
                isEnded || frames.goAway != nil || frames.reset(1) != nil
                    || !frames.body(1).isEmpty
            }
            #expect(!frames.body(1).contains("fine"))
        }
    }

    /// CVE-2023-44487.
    @Test func endsAConnectionThatResetsItsStreamsRapidly() async throws {
        let count = Mutex(0)
        try await withH2Client { _ in
            count.withLock { $0 += 1 }
            try? await Gate().wait()
            return text("late")
        } body: { client, _ in
            for number in 0..<UInt32(2_000) {
                let stream = number * 2 + 1
                try await client.send(
                    .request(stream),
                    Frame(type: Frame.reset, stream: stream, payload: Frame.number(8))
                )
            }
            let frames = try await client.readToEnd()
            // ENHANCE_YOUR_CALM, unless the reset of the connection overtakes it.
            #expect(frames.goAway ?? 11 == 11)
            #expect(count.withLock { $0 } <= 202)
        }
    }

    @Test func refusesMoreThanAHundredStreamsAtOnce() async throws {
        let count = Mutex(0)
        try await withH2Client { _ in
            count.withLock { $0 += 1 }
            try? await Gate().wait()
            return text("late")
        } body: { client, _ in
            for number in 0..<UInt32(101) { try await client.send(.request(number * 2 + 1)) }
            let frames = try await client.read { frames, isEnded in
                isEnded || frames.reset(201) != nil || frames.goAway != nil
            }
            #expect(frames.reset(201) ?? frames.goAway != nil)
            #expect(count.withLock { $0 } <= 100)
        }
    }

    /// CVE-2019-9511 and -9517: the client asks for much and lets nothing come.
    @Test func resetsAStreamWhoseWindowStaysShut() async throws {
        try await withH2Client(settings: [0, 4, 0, 0, 0, 0]) { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 1_000_000)))
        } body: { client, server in
            // An initial window of 0.
            try await client.send(.request(1))
            _ = try await client.read { frames, _ in
                frames.contains { $0.type == Frame.headers && $0.stream == 1 }
            }
            await server.clock.advance(by: .seconds(31))
            #expect(try await client.read(stream: 1).reset(1) == 8)  // CANCEL
        }
    }

    /// CVE-2019-9511: the window opens byte by byte, more slowly than the least rate.
    @Test func resetsAStreamWhoseWindowOpensByteByByte() async throws {
        try await withH2Client(settings: [0, 4, 0, 0, 0, 0]) { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 1_000_000)))
        } body: { client, server in
            try await client.send(.request(1))
            _ = try await client.read { frames, _ in
                frames.contains { $0.type == Frame.headers && $0.stream == 1 }
            }
            for number in 1...62 {
                try await client.send(
                    Frame(type: Frame.windowUpdate, stream: 1, payload: Frame.number(1))
                )
                _ = try await client.read { frames, isEnded in
                    isEnded || frames.reset(1) != nil || frames.body(1).utf8.count >= number
                }
                await server.clock.advance(by: .milliseconds(500))
            }
            #expect(try await client.read(stream: 1).reset(1) == 8)
        }
    }

    /// Two for each byte of an answer are many, and yet no flood.
    @Test func takesWindowUpdatesThatAnswerData() async throws {
        try await withH2Client(settings: [0, 4, 0, 0, 0, 0]) { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: 400)))
        } body: { client, _ in
            try await client.send(.request(1))
            for number in 1...400 {
                try await client.send(
                    Frame(type: Frame.windowUpdate, stream: 1, payload: Frame.number(1)),
                    Frame(type: Frame.windowUpdate, payload: Frame.number(1))
                )
                _ = try await client.read { frames, isEnded in
                    isEnded || frames.body(1).utf8.count >= number
                }
            }
            #expect(try await client.read(stream: 1).body(1).utf8.count == 400)
        }
    }

    @Test func servesAClientThatReadsAtTheLeastRate() async throws {
        let size = 60_000
        try await withH2Client(settings: [0, 4, 0, 0, 0, 0]) { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: size)))
        } body: { client, server in
            try await client.send(.request(1))
            var taken = 0
            while taken < size {
                let step = min(3_000, size - taken)
                taken += step
                let count = taken
                try await client.send(
                    Frame(type: Frame.windowUpdate, stream: 1, payload: Frame.number(UInt32(step)))
                )
                _ = try await client.read { frames, isEnded in
                    isEnded || frames.reset(1) != nil || frames.body(1).utf8.count >= count
                }
                await server.clock.advance(by: .seconds(10))
            }
            #expect(try await client.read(stream: 1).body(1).utf8.count == size)
        }
    }

    /// Responses without a body, so that no window holds them back.
    @Test func leavesAClientThatDoesNotReadItsSocket() async throws {
        let events = AsyncStream.makeStream(of: String.self)
        try await withH2Client { request in
            guard request.target == "/wait" else {
                let filler = String(repeating: "X", count: 8_000)
                return Response(headers: Headers(validated: [.init(name: "x", value: filler)]))
            }
            events.continuation.yield("started")
            try? await Gate().wait()
            events.continuation.yield("cancelled")
            return text("late")
        } body: { client, server in
            try await client.stopReading()
            let wait = Frame.get.map { $0.0 == ":path" ? ($0.0, "/wait") : $0 }
            try await client.send(.request(1, wait))
            var iterator = events.stream.makeAsyncIterator()
            #expect(await iterator.next() == "started")
            // 8 MB of heads: more than any buffer of the system takes.
            for number in 1..<UInt32(1_000) { try await client.send(.request(number * 2 + 1)) }
            for _ in 0..<8 { await server.clock.advance(by: .seconds(10)) }
            #expect(await iterator.next() == "cancelled")
        }
    }
}
