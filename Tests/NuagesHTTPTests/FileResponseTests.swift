import Foundation
import NuagesCore
import NuagesHTTP
import Testing

/// A file that goes away with the object.
final class ScratchFile {
    let path: String

    init(_ text: String, name: String = "report.txt") throws {
        let folder = NSTemporaryDirectory() + "nuages-test-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    deinit {
        try? FileManager.default.removeItem(
            atPath: (path as NSString).deletingLastPathComponent
        )
    }
}

@Suite struct FileResponseTests {
    private let file: ScratchFile

    init() throws { file = try ScratchFile("0123456789") }

    private func get(_ headers: Headers = [:], method: HTTPMethod = .get) throws -> Response {
        try .file(
            file.path,
            for: Request(method: method, target: "/", headers: headers)
        )
    }

    private func sent(_ response: Response) -> (offset: Int, length: Int)? {
        guard case .file(_, let offset, let length) = response.body else { return nil }
        return (offset, length)
    }

    @Test func describesTheFile() throws {
        let response = try get()
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == "text/plain")
        #expect(response.headers["Content-Disposition"] == "inline; filename=\"report.txt\"")
        #expect(response.headers["Accept-Ranges"] == "bytes")
        #expect(response.body.length == 10)
    }

    @Test func sendsANameThatCannotEndTheField() throws {
        // CVE-2022-36359: a file name that adds a parameter.
        let response = try Response.file(
            file.path,
            isAttachment: true,
            fileName: "a\"; filename=x.bat"
        )
        #expect(
            response.headers["Content-Disposition"]
                == "attachment; filename=\"a\\\"; filename=x.bat\""
        )
        let broken = Response.file([1], fileName: "a\r\nSet-Cookie: x=1")
        #expect(
            broken.headers["Content-Disposition"]
                == "attachment; filename*=utf-8''a%0D%0ASet-Cookie%3A%20x%3D1"
        )
        let letters = Response.file([1], fileName: "ü/€.pdf", isAttachment: false)
        #expect(letters.headers["Content-Disposition"] == "inline; filename*=utf-8''%E2%82%AC.pdf")
        #expect(letters.headers["Content-Type"] == "application/pdf")
    }

    @Test func knowsWhoHasTheFile() throws {
        let first = try get()
        let tag = try #require(first.headers["ETag"])
        let date = try #require(first.headers["Last-Modified"])
        #expect(try get(["If-None-Match": tag]).status == .notModified)
        #expect(try get(["If-Modified-Since": date]).status == .notModified)
        #expect(try get(["If-Match": "\"other\""]).status == .preconditionFailed)
        #expect(try get(["If-None-Match": "\"other\""]).status == .ok)
    }

    @Test(arguments: [
        ("bytes=0-3", 0, 4), ("bytes=4-", 4, 6), ("bytes=-3", 7, 3), ("bytes=0-99", 0, 10),
        ("bytes=-99", 0, 10), ("BYTES = 9-9", 9, 1),
    ])
    func sendsThePartThatIsAskedFor(_ range: String, offset: Int, length: Int) throws {
        let response = try get(["Range": range])
        #expect(response.status == .partialContent)
        let part = try #require(sent(response))
        #expect(part == (offset, length))
        #expect(
            response.headers["Content-Range"] == "bytes \(offset)-\(offset + length - 1)/10"
        )
    }

    @Test(arguments: [
        "bytes=3-1", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,3-4", "bytes=+1-2",
        "bytes=0x1-2", "0-1", "bytes=0-99999999999999999999", "bytes=1-2-3",
        "bytes=" + String(repeating: "0-1,", count: 10_000),
    ])
    func anythingElseIsTheWholeFile(_ range: String) throws {
        let response = try get(["Range": range])
        #expect(response.status == .ok)
        #expect(response.body.length == 10)
    }

    @Test(arguments: ["bytes=10-", "bytes=10-20", "bytes=-0"])
    func thereMayBeNoSuchPart(_ range: String) throws {
        let response = try get(["Range": range])
        #expect(response.status == .rangeNotSatisfiable)
        #expect(response.headers["Content-Range"] == "bytes */10")
        // No cache may take this for the file.
        #expect(response.headers["ETag"] == nil)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.body.length == 0)
    }

    @Test func aPartOfAnotherVersionIsTheWholeFile() throws {
        let first = try get()
        for name in ["ETag", "Last-Modified"] {
            let value = try #require(first.headers[name])
            #expect(
                try get(["Range": "bytes=0-1", "If-Range": value]).status == .partialContent
            )
        }
        for value in [
            "\"other\"", "Sun, 06 Nov 1994 08:49:37 GMT", "W/\(first.headers["ETag"] ?? "")",
        ] {
            #expect(try get(["Range": "bytes=0-1", "If-Range": value]).status == .ok)
        }
    }

    @Test func onlyGETAsksForAPart() throws {
        #expect(try get(["Range": "bytes=0-1"], method: .head).status == .ok)
    }

    @Test func bytesInMemoryHavePartsToo() {
        let request = Request(target: "/", headers: ["Range": "bytes=1-2"])
        let response = Response.bytes(Array("hello".utf8)).range(for: request)
        #expect(response.text == "el")
        let missing = Response.html("no", status: .notFound).range(for: request)
        #expect(missing.status == .notFound)
        let stream = Response.stream(length: 5) { _ in }.range(for: request)
        #expect(stream.status == .ok)
    }

    @Test func whatIsNoFileIsNotFound() throws {
        for path in ["", "/", "/nonexistent", file.path + "\0.txt", "/dev/null"] {
            #expect(throws: HTTPError.self) { try Response.file(path) }
        }
    }

    @Test(arguments: [
        ("a.PNG", "image/png"), ("a/b.tar.gz", "application/gzip"), ("x.svg", "image/svg+xml"),
        ("a.exe", "application/octet-stream"), (".html", "application/octet-stream"),
        ("html", "application/octet-stream"), ("a.Z", "application/x-compress"),
        ("a.b/c", "application/octet-stream"), ("a.unknown", "application/octet-stream"),
    ])
    func guessesTypesByEnding(_ name: String, type: String) {
        #expect(FileType.mediaType(of: name) == type)
    }
}
