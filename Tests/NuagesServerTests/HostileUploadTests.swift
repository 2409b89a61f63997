import NIOCore
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Synchronization
import Testing

@testable import NuagesServer

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Notes where files are on disk, and what becomes of their receivers.
private final class UploadWatch: UploadHandler, Sendable {
    private let events = AsyncStream.makeStream(of: String.self)

    func note(_ event: String) { events.continuation.yield(event) }

    func next() async -> String? {
        var iterator = events.stream.makeAsyncIterator()
        return await iterator.next()
    }

    func begin(_ upload: Upload) -> UploadDecision {
        note("began \(upload.fileName)")
        return .filter(Filter(watch: self))
    }

    private struct Filter: UploadFilter {
        let watch: UploadWatch
        var isFirst = true

        mutating func filter(_ bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
            if isFirst { watch.note("bytes") }
            isFirst = false
            if bytes.contains(UInt8(ascii: "!")) { throw StopUpload(resetsConnection: true) }
            return bytes
        }

        mutating func cancel() { watch.note("cancelled") }
    }
}

/// Uploads over real sockets.
@Suite(.timeLimit(.minutes(5))) struct HostileUploadTests {
    private static let head =
        "--B\r\nContent-Disposition: form-data; name=f; filename=a.bin\r\n\r\n"

    private static func request(_ length: Int?, close: Bool = true) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
            + (close ? "Connection: close\r\n" : "")
            + (length.map { "Content-Length: \($0)\r\n\r\n" }
                ?? "Transfer-Encoding: chunked\r\n\r\n")
    }

    /// Answers with what the form has, or the status of its error.
    private static func answer(_ request: Request, _ settings: HTTPSettings) async -> Response {
        request.prepare(for: settings)
        do {
            let form = try await request.form()
            let files = form.files.entries.flatMap { $0.files.map { "\($0.name) \($0.size)" } }
            return text("\(form.fields.entries.count) fields, files: \(files)")
        } catch {
            var response = text("\(error)")
            response.status = (error as? HTTPError)?.status ?? HTTPStatus(500)
            return response
        }
    }

    private static func leftovers(in folder: String) -> Int {
        guard let list = opendir(folder) else { return -1 }
        defer { closedir(list) }
        var count = 0
        while readdir(list) != nil { count += 1 }
        return count - 2
    }

    private static func folder() throws -> String {
        var template = Array("/tmp/nuages-uploads-XXXXXX".utf8CString)
        return try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    private static func settings(_ folder: String, _ watch: UploadWatch) -> HTTPSettings {
        var settings = HTTPSettings()
        settings.formLimits.temporaryDirectory = folder
        settings.formLimits.maxFileMemorySize = 1000
        settings.uploadHandlers = [watch]
        return settings
    }

    @Test(arguments: ["close", "reset", "half"])
    func anInterruptedUploadLeavesNothing(_ way: String) async throws {
        let (folder, watch) = (try Self.folder(), UploadWatch())
        let settings = Self.settings(folder, watch)
        let done = AsyncStream.makeStream(of: Int.self)
        try await withServer { request in
            let response = await Self.answer(request, settings)
            done.continuation.yield(Self.leftovers(in: folder))
            return response
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request(1_000_000))
            try await client.send(Array(Self.head.utf8) + [UInt8](repeating: 0x61, count: 200_000))
            #expect(await watch.next() == "began a.bin")
            #expect(await watch.next() == "bytes")
            switch way {
            case "close": try await client.close()
            case "reset": try await client.reset()
            default: try await client.finishSending()
            }
            #expect(await watch.next() == "cancelled")
            var counts = done.stream.makeAsyncIterator()
            #expect(await counts.next() == 0)
        }
        rmdir(folder)
    }

    @Test func aSlowUploadIsEnded() async throws {
        let (folder, watch) = (try Self.folder(), UploadWatch())
        let settings = Self.settings(folder, watch)
        try await withServer {
            await Self.answer($0, settings)
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request(1_000_000))
            try await client.send(Array(Self.head.utf8) + [UInt8](repeating: 0x61, count: 5000))
            #expect(await watch.next() == "began a.bin")
            try await server.settle()
            await server.clock.advance(by: .seconds(30))
            #expect(status(try await client.readToEnd()) == 408)
            #expect(await watch.next() == "bytes")
            #expect(await watch.next() == "cancelled")
            try? await client.close()
        }
        #expect(Self.leftovers(in: folder) == 0)
        rmdir(folder)
    }

    @Test func aStoppedUploadEndsTheConnectionUnread() async throws {
        let (folder, watch) = (try Self.folder(), UploadWatch())
        let settings = Self.settings(folder, watch)
        try await withServer {
            await Self.answer($0, settings)
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request(1_000_000, close: false))
            try await client.send(Self.head + "!" + String(repeating: "x", count: 1000))
            let answer = try await client.readToEnd()
            #expect(status(answer) == 200)
            #expect(body(answer) == "0 fields, files: []")
            try? await client.close()
        }
        rmdir(folder)
    }

    /// A flood in chunks, so that nothing is declared.
    @Test(arguments: [
        ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n", 400),
        ("--B\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nx\r\n", 400),
        ("--B\r\nContent-Disposition: form-data; name=a[b][c]\r\n\r\nx\r\n", 400),
        ("x", 400), ("--B\r\n", 200), ("--B\r\nX: y\r\n", 200), ("\r\n", 200),
    ])
    func floodsOfPartsAreRefused(_ unit: String, _ expected: Int) async throws {
        try await withServer {
            await Self.answer($0, HTTPSettings())
        } body: { server in
            let client = try await server.connect()
            try await client.send(Self.request(nil))
            let piece = Array(String(repeating: unit, count: 1000).utf8)
            let chunk = Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
            for _ in 0..<100 {
                // The server answers long before the end and stops reading.
                guard (try? await client.send(chunk)) != nil else { break }
            }
            try? await client.send("0\r\n\r\n")
            let answer = try await client.readToEnd()
            // Where the rest came after the end, the system may have thrown the answer away.
            if !answer.isEmpty { #expect(status(answer) == expected, "\(answer)") }
            // Whatever was sent to it, the server goes on.
            let next = try await server.connect()
            try await next.send(Self.request(7) + "--B--\r\n")
            #expect(status(try await next.readToEnd()) == 200)
            try? await next.close()
            try? await client.close()
        }
    }

    @Test func aCompressedBodyIsNotInflated() async throws {
        let content = [UInt8](repeating: 0x61, count: 1_000_000)
        let bomb = try Deflater(.gzip()).compress(content, flush: .finish)
        try await withServer {
            await Self.answer($0, HTTPSettings())
        } body: { server in
            let client = try await server.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nConnection: close\r\n"
                    + "Content-Type: multipart/form-data; boundary=B\r\n"
                    + "Content-Length: \(bomb.count)\r\n\r\n"
            )
            try await client.send(bomb)
            let answer = try await client.readToEnd()
            #expect(status(answer) == 400 || body(answer) == "0 fields, files: []", "\(answer)")
            try? await client.close()
        }
    }
}
