import Foundation
import Testing

/// Uploads that are larger than what a server may need for them.
///
/// `NUAGES_UPLOAD_MEGABYTES=2048` makes it two gigabytes.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LargeUploadTests {
    private static let megabytes =
        ProcessInfo.processInfo.environment["NUAGES_UPLOAD_MEGABYTES"].flatMap { Int($0) } ?? 256

    /// The most memory that a process has had, in kilobytes.
    private static func peakMemory(_ id: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber)))
    }

    /// The names of the temporary files of uploads.
    private static func temporaryFiles(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("nuages-upload-") }
    }

    /// Whether all of them go: the answer may be here before the end of its request.
    private static func isClean(_ folder: URL) throws -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while try !temporaryFiles(folder).isEmpty {
            guard ContinuousClock.now < end else { return false }
            sched_yield()
        }
        return true
    }

    private static func site() throws -> RunningSite {
        try RunningSite(
            ("Gauntlet", "loaditems"),
            environment: [
                "DEBUG": "false", "ALLOWED_HOSTS": "localhost", "MEDIA_ROOT": "media",
                "SERVER_MAX_BODY_SIZE": "4000000000", "DATA_UPLOAD_MAX_BODY_SIZE": "4000000000",
                "FILE_UPLOAD_TEMP_DIR": ".",
            ]
        )
    }

    private static func head(_ site: borrowing RunningSite, length: Int) throws -> String {
        let page = try RawSocket(port: site.port)
        page.send(
            Array("GET /upload/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        )
        let text = page.readToEnd()
        func part(_ start: String, _ end: Character) throws -> String {
            let range = try #require(text.range(of: start))
            return String(text[range.upperBound...].prefix { $0 != end })
        }
        return """
            POST /upload/ HTTP/1.1\r
            Host: localhost\r
            Connection: close\r
            Cookie: csrftoken=\(try part("Set-Cookie: csrftoken=", ";"))\r
            X-CSRFToken: \(try part("csrfmiddlewaretoken\" value=\"", "\""))\r
            Content-Type: multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW\r
            Content-Length: \(length)\r
            \r

            """
    }

    private static func body(_ name: String) -> (start: [UInt8], end: [UInt8]) {
        (
            Array(
                """
                ------WebKitFormBoundary7MA4YWxkTrZu0gW\r
                Content-Disposition: form-data; name="\(name)"; filename="large.bin"\r
                Content-Type: application/octet-stream\r
                \r

                """.utf8
            ),
            Array("\r\n------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n".utf8)
        )
    }

    #if os(Linux)
    @Test func aLargeUploadNeedsNoMemory() throws {
        let site = try Self.site()
        let megabyte = [UInt8](repeating: 0, count: 1 << 20)
        let (start, end) = Self.body("large")
        let length = start.count + Self.megabytes << 20 + end.count
        // A first small one, so that what every upload needs is there.
        for count in [1, Self.megabytes] {
            let before = try Self.peakMemory(site.processID)
            let total = count == 1 ? start.count + 1 << 20 + end.count : length
            let socket = try RawSocket(port: site.port, timeout: 60)
            let began = ContinuousClock.now
            socket.send(Array(try Self.head(site, length: total).utf8) + start)
            for _ in 0..<count where !socket.send(megabyte) { break }
            socket.send(end)
            let answer = socket.readToEnd()
            let time = ContinuousClock.now - began
            // The form has no such field: it is shown again, and the file goes.
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(answer.prefix(300))")
            let grown = try Self.peakMemory(site.processID) - before
            if count > 1 {
                print("\(count) MB in \(time), \(grown) kB more memory at most")
                #expect(grown < 64_000)
            }
            #expect(try Self.isClean(site.folder))
        }
        #expect(site.terminate() == 0)
    }
    #endif

    @Test func whatAKilledServerLeftIsGoneAfterItsNextStart() throws {
        let site = try Self.site()
        let (start, _) = Self.body("large")
        let socket = try RawSocket(port: site.port)
        socket.send(Array(try Self.head(site, length: 100_000_000).utf8) + start)
        for _ in 0..<8 { socket.send([UInt8](repeating: 0, count: 1 << 20)) }
        while try Self.temporaryFiles(site.folder).isEmpty { sched_yield() }
        kill(site.processID, SIGKILL)
        _ = site.waitForEnd()
        let left = try #require(try Self.temporaryFiles(site.folder).first)
        let path = site.folder.appendingPathComponent(left).path
        // Younger files may be those of a process that has not locked them yet.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -120)],
            ofItemAtPath: path
        )
        try RunningSite.run(["check"], of: "Gauntlet", in: site.folder)
        #expect(try Self.temporaryFiles(site.folder).count == 1)
        _ = try site.restart(
            "Gauntlet",
            environment: [
                "DEBUG": "false", "ALLOWED_HOSTS": "localhost", "FILE_UPLOAD_TEMP_DIR": ".",
            ]
        )
        #expect(try Self.temporaryFiles(site.folder).isEmpty)
    }
}
