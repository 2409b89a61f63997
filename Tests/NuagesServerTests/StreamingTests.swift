import Foundation
import NIOCore
import NuagesHTTP
import ServerTestSupport
import Synchronization
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct StreamingTests {
    static func stream(
        length: Int? = nil,
        _ produce: @escaping @Sendable (any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(body: .stream(length: length, produce))
    }

    static func pieces(_ texts: String..., length: Int? = nil) -> Response {
        stream(length: length) { writer in
            for text in texts { try await writer.write(Array(text.utf8)) }
        }
    }

    @Test func sendsChunks() async throws {
        try await withServer { _ in
            Self.pieces("Hello", "", " wide world")
        } body: { server in
            let answer = try await server.exchange(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.contains("\r\nTransfer-Encoding: chunked\r\n"))
            #expect(!answer.contains("Content-Length"))
            #expect(body(answer) == "5\r\nHello\r\nb\r\n wide world\r\n0\r\n\r\n")
        }
    }

    @Test func sendsEachPieceAtOnceAndKeepsTheConnection() async throws {
        let gate = Gate()
        try await withServer { request in
            request.target == "/2"
                ? text("second")
                : Self.stream { writer in
                    try await writer.write(Array("data: 1\n\n".utf8))
                    try await gate.wait()
                    try await writer.write(Array("data: 2\n\n".utf8))
                }
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            let first = try await client.read(until: "data: 1\n\n\r\n")
            #expect(!first.contains("data: 2"))
            gate.open()
            let all = try await client.read(until: "second")
            #expect(all.contains("data: 2\n\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"))
            try await client.close()
        }
    }

    @Test func sendsDeclaredLength() async throws {
        try await withServer { _ in
            Self.pieces("Hel", "lo", length: 5)
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(answer.contains("\r\nContent-Length: 5\r\n"))
            #expect(body(answer) == "Hello")
        }
    }

    @Test func endsByClosingForTheOldVersion() async throws {
        try await withServer { _ in
            Self.pieces("Hel", "lo")
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(!answer.contains("Transfer-Encoding") && !answer.contains("Content-Length"))
            #expect(body(answer) == "Hello")
        }
    }

    @Test func sendsEmptyStream() async throws {
        try await withServer { _ in
            Self.pieces()
        } body: { server in
            let answer = try await server.exchange(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(body(answer) == "0\r\n\r\n")
        }
    }

    @Test func runsNoProducerForHead() async throws {
        let runs = RunCount(0)
        try await withServer { _ in
            Self.stream(length: 7) { _ in runs.increment() }
        } body: { server in
            let answer = try await server.exchange(
                "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.contains("\r\nContent-Length: 7\r\n"))
            #expect(body(answer) == "")
            #expect(runs.value == 0)
        }
    }

    @Test func answers500WhereNothingWasSentYet() async throws {
        try await withServer { _ in
            Self.stream { _ in throw CancellationError() }
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(status(answer) == 500)
        }
    }

    @Test func leavesOutTheEndOfABrokenStream() async throws {
        try await withServer { _ in
            Self.stream { writer in
                try await writer.write(Array("part".utf8))
                throw CancellationError()
            }
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(body(answer) == "4\r\npart\r\n")
        }
    }

    @Test func closesWhereTheDeclaredLengthIsNotMet() async throws {
        try await withServer { _ in
            Self.pieces("part", length: 10)
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(body(answer) == "part")
        }
    }

    @Test func neverSendsMoreThanTheDeclaredLength() async throws {
        let errors = AsyncStream.makeStream(of: String.self)
        try await withServer { _ in
            Self.stream(length: 4) { writer in
                try await writer.write(Array("part".utf8))
                do {
                    try await writer.write(Array("more".utf8))
                } catch {
                    errors.continuation.yield("\(error)")
                    throw error
                }
            }
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(body(answer) == "part")
            var iterator = errors.stream.makeAsyncIterator()
            let message = await iterator.next()
            #expect(
                message?.contains(
                    "The response is longer than its declared 4 bytes. "
                        + "Declare the right length, or none."
                ) == true
            )
        }
    }

    @Test func writesOnlyAsFastAsTheClientReads() async throws {
        let produced = RunCount(0)
        let pieces = 1_000
        try await withServer { _ in
            Self.stream { writer in
                let piece = [UInt8](repeating: 0x61, count: 100_000)
                for _ in 0..<pieces {
                    try await writer.write(piece)
                    produced.increment()
                }
            }
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            for _ in 0..<50 { try await server.settle() }
            #expect(produced.value > 0)
            #expect(produced.value < pieces / 2)
            try await client.channel.setOption(.autoRead, value: true).get()
            let size = try await client.read { _ in false }.count
            #expect(size > pieces * 100_000)
            try await client.close()
        }
    }

    @Test func tellsProducerThatTheClientLeft() async throws {
        let errors = AsyncStream.makeStream(of: String.self)
        try await withServer { _ in
            Self.stream { writer in
                let piece = [UInt8](repeating: 0x61, count: 100_000)
                do {
                    while true { try await writer.write(piece) }
                } catch {
                    errors.continuation.yield(Task.isCancelled ? "cancelled" : "\(error)")
                    throw error
                }
            }
        } body: { server in
            let client = try await server.connect(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await server.settle()
            try await client.reset()
            var iterator = errors.stream.makeAsyncIterator()
            #expect(await iterator.next() == "cancelled")
        }
    }

    // MARK: - Files

    private func withFile(_ size: Int, _ body: (String, [UInt8]) async throws -> Void) async throws
    {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-server-\(UInt64.random(in: 0 ... .max))")
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(url.path, bytes)
    }

    @Test(arguments: [(0, 500_000), (200_001, 131_073), (0, 0), (499_999, 1)])
    func sendsPartOfAFile(offset: Int, length: Int) async throws {
        try await withFile(500_000) { path, bytes in
            try await withServer { _ in
                Response(body: .file(path: path, offset: offset, length: length))
            } body: { server in
                let client = try await server.connect()
                try await client.send("GET / HTTP/1.0\r\n\r\n")
                let answer = try await client.read { _ in false }
                #expect(answer.count > length)
                #expect(Array(answer.suffix(length)) == Array(bytes[offset..<(offset + length)]))
                #expect(answer.occurrences(of: Array("Content-Length: \(length)\r\n".utf8)) == 1)
                try await client.close()
            }
        }
    }

    @Test func closesWhereAFileIsTooShort() async throws {
        try await withFile(10) { path, _ in
            try await withServer { _ in
                Response(body: .file(path: path, offset: 0, length: 20))
            } body: { server in
                let client = try await server.connect()
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await client.read { _ in false }
                #expect(answer.occurrences(of: Array("Content-Length: 20\r\n".utf8)) == 1)
                try await client.close()
            }
        }
    }

    /// A client that goes away in the middle, whose request's task is cancelled.
    @Test func closesTheFileOfAnAbortedDownload() async throws {
        try await withFile(1) { path, _ in
            // Without contents, which would take longer to write than all the rest.
            try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 30_000_000)
            try await withServer { _ in
                Response(body: .file(path: path, offset: 0, length: 30_000_000))
            } body: { server in
                for _ in 0..<3 {
                    let client = try await server.connect(reads: false)
                    try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    // The test's time limit ends these loops where the condition never holds.
                    while openDescriptors(of: path) == 0 { try await server.settle() }
                    try await client.reset()
                    while openDescriptors(of: path) > 0 { try await server.settle() }
                }
                #expect(openDescriptors(of: path) == 0)
            }
        }
    }

    @Test(arguments: ["/nowhere/at/all", "/tmp", "/dev/null", "/dev/null\0x"])
    func answers500WhereThereIsNoFile(path: String) async throws {
        try await withServer { _ in
            Response(body: .file(path: path, offset: 0, length: 20))
        } body: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(status(answer) == 500)
        }
    }
}

final class RunCount: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    var value: Int { count.load(ordering: .relaxed) }

    func increment() { count.add(1, ordering: .relaxed) }
}
