import NIOHPACK
import NuagesCore
import NuagesHTTP
import NuagesServer
import ServerTestSupport
import Testing

@testable import NuagesTLS

@Suite(.timeLimit(.minutes(1))) struct HTTP2Tests {
    @Test func handsOverTheRequest() async throws {
        try await withH2Client { request in
            text(
                [
                    request.method.rawValue, request.target, request.headers["Host"] ?? "",
                    request.headers["X-Test"] ?? "", request.headers["X_Forwarded_For"] ?? "none",
                    request.headers["Cookie"] ?? "", request.remoteAddress, "\(request.isTLS)",
                ].joined(separator: " ")
            )
        } body: { client, _ in
            let fields =
                Frame.get + [
                    ("x-test", "é"), ("x_forwarded_for", "1.2.3.4"), ("cookie", "a=1"),
                    ("cookie", "b=2"), ("te", "trailers"),
                ]
            try await client.send(.request(1, fields))
            let frames = try await client.read(stream: 1)
            #expect(frames.body(1) == "GET / localhost é none a=1; b=2 127.0.0.1 true")
        }
    }

    @Test func readsABodyAndItsTrailers() async throws {
        try await withH2Client { request in
            text(String(decoding: (try? await request.readAll()) ?? [], as: UTF8.self))
        } body: { client, _ in
            try await client.send(
                .request(1, Frame.post, ends: false),
                Frame(type: Frame.data, stream: 1, payload: Array("Hello ".utf8)),
                Frame(type: Frame.data, stream: 1, payload: Array("world".utf8)),
                .request(1, [("x-checksum", "7")])
            )
            #expect(try await client.read(stream: 1).body(1) == "Hello world")
        }
    }

    @Test func leavesOutTheBodyOfHeadAndFieldsOfTheConnection() async throws {
        try await withServer { _ in
            Response(
                headers: [
                    "Connection": "close", "Transfer-Encoding": "chunked", "Keep-Alive": "1",
                    "Upgrade": "h2c", "Content-Length": "999",
                ],
                body: .bytes(Array("Hello".utf8))
            )
        } body: { server in
            let answer = try await server.curl(["--http2", "-I"])
            let lines = answer.output.split(whereSeparator: \.isNewline).map { $0.lowercased() }
            #expect(lines.count == 3)
            #expect(lines[0].hasPrefix("http/2 200"))
            #expect(lines[1].hasPrefix("date: ") && lines[1].hasSuffix(" gmt"))
            #expect(lines[2] == "content-length: 5")
        }
    }

    @Test func neverWritesAFieldThatSplitsTheResponse() async throws {
        try await withServer { _ in
            Response(
                headers: Headers(validated: [
                    .init(name: "a", value: "1"), .init(name: "b", value: "x\r\nset-cookie: y"),
                ])
            )
        } body: { server in
            let answer = try await server.curl(["--http2", "-i"])
            #expect(answer.output.contains("a: 1"))
            #expect(!answer.output.contains("set-cookie"))
        }
    }

    @Test func cancelsTheViewOfAStreamThatIsReset() async throws {
        let view = EndlessView()
        try await withH2Client { request in
            await view.respond(request)
        } body: { client, _ in
            try await client.send(.request(1))
            #expect(await view.next() == "started")
            try await client.send(Frame(type: Frame.reset, stream: 1, payload: Frame.number(8)))
            #expect(await view.next() == "cancelled")
            try await client.send(.request(3))
            #expect(await view.next() == "started")
            await client.close()
            #expect(await view.next() == "cancelled")
        }
    }

    @Test func opensTheWindowOnlyAsFarAsTheViewReads() async throws {
        let gate = Gate()
        try await withH2Client { request in
            try? await gate.wait()
            return text("\((try? await request.readAll())?.count ?? -1)")
        } body: { client, _ in
            try await client.send(.request(1, Frame.post, ends: false))
            // All that the window of the stream allows.
            let piece = Frame(
                type: Frame.data,
                stream: 1,
                payload: [UInt8](repeating: 0, count: 13_107)
            )
            try await client.send([Frame](repeating: piece, count: 5))
            try await client.send(Frame(type: Frame.ping, payload: [UInt8](repeating: 7, count: 8)))
            let before = try await client.read { frames, _ in
                frames.contains { $0.type == Frame.ping }
            }
            let opened = before.filter { $0.type == Frame.windowUpdate && $0.stream == 1 }
            let bytes = opened.flatMap { $0.payload.suffix(3) }
            #expect(bytes.isEmpty || opened.count <= 2)
            gate.open()
            try await client.send(Frame(type: Frame.data, flags: Frame.endStream, stream: 1))
            #expect(try await client.read(stream: 1).body(1) == "65535")
        }
    }

    @Test func finishesStreamsWhenTheServerStops() async throws {
        let gate = Gate()
        let started = AsyncStream.makeStream(of: Bool.self)
        try await withH2Client { _ in
            started.continuation.yield(true)
            try? await gate.wait()
            return text("finished")
        } body: { client, server in
            try await client.send(.request(1))
            var iterator = started.stream.makeAsyncIterator()
            _ = await iterator.next()
            await server.trigger()
            let frames = try await client.read { frames, isEnded in isEnded || frames.goAway != nil
            }
            #expect(frames.goAway == 0)
            // The second GOAWAY, with the last stream, follows the client's answer to a ping.
            let ping = try await client.read { frames, isEnded in
                isEnded || frames.contains { $0.type == Frame.ping }
            }.first { $0.type == Frame.ping }
            let payload = try #require(ping?.payload)
            try await client.send(Frame(type: Frame.ping, flags: 1, payload: payload))
            gate.open()
            let end = try await client.readToEnd()
            #expect(end.body(1) == "finished", "\(end)")
        }
    }

    @Test func endsAnIdleConnection() async throws {
        try await withH2Client { _ in
            text("fine")
        } body: { client, server in
            try await client.send(.request(1))
            _ = try await client.read(stream: 1)
            await server.clock.advance(by: .seconds(16))
            let frames = try await client.read { frames, isEnded in isEnded || frames.goAway != nil
            }
            #expect(frames.goAway == 0)
            await server.clock.advance(by: .seconds(6))
            _ = try await client.readToEnd()
        }
    }

    @Test func answersABodyThatComesTooSlowly() async throws {
        try await withH2Client { request in
            do {
                return text("\(try await request.readAll().count)")
            } catch {
                return text("\(error)")
            }
        } body: { client, server in
            try await client.send(.request(1, Frame.post, ends: false))
            try await client.send(.request(3))
            _ = try await client.read(stream: 3)
            await server.clock.advance(by: .seconds(6))
            #expect(try await client.read(stream: 1).body(1).hasPrefix("408 "))
        }
    }

    /// The rest of a body is refused by a reset, which must not cut off what answers it.
    @Test func sendsAllOfAnAnswerToABodyThatNobodyReads() async throws {
        let size = 300_000
        try await withH2Client { _ in
            Response(body: .bytes([UInt8](repeating: 0x61, count: size)))
        } body: { client, _ in
            try await client.send(.request(1, Frame.post, ends: false))
            let opened = Frame(type: Frame.windowUpdate, payload: Frame.number(1_000_000))
            var window = opened
            window.stream = 1
            _ = try await client.read { frames, _ in frames.body(1).utf8.count == 65_535 }
            try await client.send(opened, window)
            let frames = try await client.read { frames, isEnded in
                isEnded || frames.reset(1) != nil
            }
            #expect(frames.body(1).utf8.count == size)
            #expect(frames.reset(1) == 0)  // NO_ERROR
        }
    }

    @Test func cancelsTheViewsOfAClientThatIsGone() async throws {
        let view = EndlessView()
        try await withH2Client { request in
            await view.respond(request)
        } body: { client, _ in
            try await client.send(.request(1))
            #expect(await view.next() == "started")
            await client.close()
            #expect(await view.next() == "cancelled")
        }
    }

    @Test func keepsWhatDiffersOutOfTheTableOfFields() {
        let cases: [(String, Bool, HPACKIndexing)] = [
            ("set-cookie", false, .neverIndexed), ("set-cookie", true, .neverIndexed),
            ("location", false, .nonIndexable), ("x-request-id", false, .nonIndexable),
            ("content-type", false, .indexable), ("x-frame-options", true, .indexable),
        ]
        for (name, isShared, expected) in cases {
            #expect(HTTP2Stream.indexing(name, isShared: isShared) == expected, "\(name)")
        }
    }

    @Test func staysOnTheEventLoopOfTheConnection() async throws {
        try await withH2Client {
            $0.limits.threads = 2
        } respond: { _ in
            text(await placesOfThisTask().joined(separator: " "))
        } body: { client, _ in
            try await client.send(.request(1), .request(3))
            let places = try await client.read(stream: 1).body(1)
            #expect(places.hasPrefix("ObjectIdentifier(") && !places.contains(" "))
            #expect(try await client.read(stream: 3).body(3) == places)
        }
    }

    @Test func answersAHundredRequestsThatArriveTogether() async throws {
        try await withH2Client { request in
            text("<\(request.target)>")
        } body: { client, _ in
            let requests = (0..<100).map { number in
                Frame.request(
                    UInt32(number * 2 + 1),
                    Frame.get.map { $0.0 == ":path" ? ($0.0, "/\(number)") : $0 }
                )
            }
            try await client.send(requests)
            for number in 0..<100 {
                let stream = UInt32(number * 2 + 1)
                #expect(try await client.read(stream: stream).body(stream) == "</\(number)>")
            }
        }
    }

    @Test func endsAConnectionAfterItsMostRequests() async throws {
        try await withH2Client {
            $0.limits.maxRequestsPerConnection = 3
        } respond: { _ in
            text("fine")
        } body: { client, _ in
            for number in 0..<UInt32(3) {
                let stream = number * 2 + 1
                try await client.send(.request(stream))
                #expect(try await client.read(stream: stream).body(stream) == "fine")
            }
            let frames = try await client.read { frames, isEnded in isEnded || frames.goAway != nil
            }
            #expect(frames.goAway == 0)
            // Who does not listen is left.
            for number in 3..<UInt32(200) { try await client.send(.request(number * 2 + 1)) }
            _ = try await client.readToEnd()
        }
    }
}
