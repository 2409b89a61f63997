import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Synchronization
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct ServingTests {
    @Test func answersRequest() async throws {
        try await withServer { request in
            Response(
                headers: ["Content-Type": "text/plain"],
                body: .bytes(Array("\(request.method) \(request.target)".utf8))
            )
        } body: { server in
            let answer = try await server.exchange(
                "GET /polls/?page=2 HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
            #expect(answer.contains("\r\nContent-Type: text/plain\r\nContent-Length: 18\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(body(answer) == "GET /polls/?page=2")
        }
    }

    @Test func handsOverHeadersAndAddress() async throws {
        try await withServer { request in
            text(
                "\(request.headers["user-agent"] ?? "?") \(request.remoteAddress) \(request.isTLS)"
            )
        } body: { server in
            let answer = try await server.exchange(
                "GET / HTTP/1.0\r\nUser-Agent: Tést\r\n\r\n"
            )
            #expect(body(answer) == "Tést 127.0.0.1 false")
        }
    }

    @Test func keepsConnectionForFurtherRequests() async throws {
        try await withServer { request in
            text(request.target)
        } body: { server in
            let client = try await server.connect()
            for number in 1...3 {
                try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await client.read(until: "\r\n\r\n/\(number)")
                #expect(!answer.contains("Connection: close"))
                try await client.forget()
            }
            try await client.close()
        }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        let gate = Gate()
        try await withServer { request in
            if request.target == "/slow" { try? await gate.wait() }
            return text("<\(request.target)>")
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                ["/1", "/slow", "/2", "/3"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
                    .joined()
            )
            let first = try await client.read(until: "</1>")
            #expect(!first.contains("</slow>"))
            gate.open()
            let all = try await client.read(until: "</3>")
            let order = ["</1>", "</slow>", "</2>", "</3>"].map {
                all.split(separator: $0)[0].count
            }
            #expect(order == order.sorted())
            try await client.close()
        }
    }

    @Test func answersManyPipelinedRequests() async throws {
        try await withServer { request in
            text("<\(request.target)>")
        } body: { server in
            let client = try await server.connect()
            let requests = (0..<2_000).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            try await client.send(requests + "GET /end HTTP/1.0\r\n\r\n")
            let answers = try await client.readToEnd()
            let targets = answers.split(separator: "<").dropFirst().compactMap {
                $0.split(separator: ">").first
            }
            #expect(targets == (0..<2_000).map { "/\($0)" } + ["/end"])
            try await client.close()
        }
    }

    @Test func leavesOutBodyOfHead() async throws {
        try await withServer { _ in
            text("Hello")
        } body: { server in
            let answer = try await server.exchange(
                "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.0\r\n\r\n"
            )
            #expect(answer.split(separator: "Content-Length: 5\r\n").count == 3)
            #expect(!answer.contains("Hello"))
        }
    }

    @Test(arguments: [204, 304])
    func leavesOutBodyAndLengthOf(status code: Int) async throws {
        try await withServer { _ in
            Response(status: HTTPStatus(code), body: .bytes(Array("Hello".utf8)))
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(status(answer) == code)
            #expect(!answer.contains("Content-Length"))
            #expect(body(answer) == "")
        }
    }

    @Test(arguments: [0, 1, 65_536, 131_072, 131_073, 1_000_000])
    func sendsBodyOfAnySize(size: Int) async throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
        try await withServer { _ in
            Response(body: .bytes(bytes))
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET / HTTP/1.0\r\n\r\n"
            )
            let answers = try await client.read { _ in false }
            let lengths = answers.occurrences(of: Array("Content-Length: \(size)\r\n".utf8))
            #expect(lengths == 3)
            #expect(Array(answers.suffix(size)) == bytes)
            #expect(answers.count > 2 * size && answers.count < 2 * size + 1_000)
            try await client.close()
        }
    }

    @Test func answersOldVersionAndCloses() async throws {
        try await withServer { _ in
            text("x")
        } body: { server in
            let answer = try await server.exchange(
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n"
            )
            #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 1)
            #expect(answer.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func decidesAboutFramingItself() async throws {
        try await withServer { _ in
            Response(
                headers: [
                    "Content-Length": "999", "Transfer-Encoding": "chunked", "Date": "now",
                    "Keep-Alive": "timeout=1000", "Connection": "close", "X": "y",
                ],
                body: .bytes(Array("ab".utf8))
            )
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = answer.split(separator: "\r\n\r\n")[0].split(separator: "\r\n")
            #expect(head.count == 5)
            #expect(head[0] == "HTTP/1.1 200 OK")
            #expect(head[1].hasPrefix("Date: ") && head[1].hasSuffix(" GMT"))
            #expect(head[2...] == ["X: y", "Content-Length: 2", "Connection: close"])
        }
    }

    @Test func neverWritesFieldThatSplitsTheResponse() async throws {
        try await withServer { _ in
            Response(
                headers: Headers(validated: [
                    .init(name: "A", value: "1"), .init(name: "B", value: "x\r\nSet-Cookie: y"),
                    .init(name: "C\r\nD", value: "2"), .init(name: "E", value: "\0"),
                    .init(name: "F", value: "tab\there"),
                ])
            )
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(!answer.contains("Set-Cookie"))
            #expect(answer.contains("GMT\r\nA: 1\r\nF: tab\there\r\nContent-Length: 0\r\n"))
        }
    }

    @Test func turnsInterimStatusOfViewInto500() async throws {
        try await withServer { _ in
            Response(status: HTTPStatus(101))
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(status(answer) == 500)
        }
    }

    @Test func closesAfterTheLastAllowedRequest() async throws {
        try await withServer {
            $0.limits.maxRequestsPerConnection = 2
        } respond: { request in
            text(request.target)
        } body: { server in
            let answer = try await server.exchange(
                String(repeating: "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", count: 5)
            )
            #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 2)
            #expect(answer.hasSuffix("Connection: close\r\n\r\n/x"))
        }
    }

    @Test func staysOnTheEventLoopOfTheConnection() async throws {
        try await withServer { _ in
            text("<\(await placesOfThisTask().joined(separator: " "))>")
        } body: { server in
            var loops: Set<String> = []
            // Connections go to the loops in turn.
            for _ in 0..<4 {
                let client = try await server.connect()
                var places: Set<String> = []
                for _ in 0..<3 {
                    try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    places.insert(body(try await client.read(until: ">")))
                    try await client.forget()
                }
                try await client.close()
                #expect(places.count == 1)
                loops.formUnion(places)
            }
            #expect(loops.count == 2)
            #expect(loops.allSatisfy { $0.hasPrefix("<ObjectIdentifier(") && !$0.contains(" ") })
        }
    }

    @Test func answersFromOtherExecutors() async throws {
        let counter = Counter()
        try await withServer { _ in
            let numbers = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { await counter.next() } }
                return await group.reduce(0, +)
            }
            return text("\(numbers)")
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(body(answer) == "210")
        }
    }

    @Test func resumesNoTaskInsideALock() async throws {
        let slot = ContinuationSlot()
        try await withServer { _ in
            async let other: Void = withCheckedContinuation { continuation in
                slot.state.withLock { $0 = continuation }
            }
            while slot.state.withLock({ $0 == nil }) { await Task.yield() }
            // Running the resumed task here would lock the same lock again.
            slot.state.withLock {
                $0?.resume()
                $0 = nil
            }
            await other
            return text(slot.state.withLock { $0 == nil } ? "done" : "?")
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(body(answer) == "done")
        }
    }
}

actor Counter {
    private var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}

final class ContinuationSlot: Sendable {
    let state = Mutex<CheckedContinuation<Void, Never>?>(nil)
}
