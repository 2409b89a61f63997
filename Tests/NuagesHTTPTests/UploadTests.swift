import NuagesCore
import Synchronization
import Testing

@testable import NuagesHTTP

/// Notes what it is told.
final class UploadLog: Sendable {
    private let state = Mutex<[String]>([])
    var entries: [String] { state.withLock { $0 } }
    func note(_ text: String) { state.withLock { $0.append(text) } }
}

struct LoggingReceiver: UploadReceiver {
    let log: UploadLog
    var failsAt = Int.max
    var count = 0

    mutating func receive(_ bytes: ArraySlice<UInt8>) throws {
        count += bytes.count
        guard count < failsAt else { throw HTTPError.forbidden("no more") }
    }

    mutating func finish() -> UploadedFile? {
        log.note("finished \(count)")
        return nil
    }

    mutating func cancel() { log.note("cancelled") }
}

struct LoggingHandler: UploadHandler {
    let log: UploadLog
    var failsAt = Int.max

    func begin(_ upload: Upload) throws -> UploadDecision {
        log.note("\(upload.fieldName) \(upload.fileName) \(upload.contentType)")
        switch upload.fieldName {
        case "skip": return .skip
        case "mine": return .receive(LoggingReceiver(log: log, failsAt: failsAt))
        case "no": throw HTTPError.forbidden("no such files")
        default: return .pass
        }
    }
}

@Suite struct UploadHandlerTests {
    static func body(_ names: [String], content: String = "content") -> String {
        names.map { name in
            "--B\r\nContent-Disposition: form-data; name=\(name); filename=../\(name).bin\r\n"
                + "Content-Type: a/b\r\n\r\n\(content)\r\n"
        }.joined() + "--B--\r\n"
    }

    private let log = UploadLog()

    private func request(_ body: String, failsAt: Int = .max) throws -> Request {
        let request = MultipartTests.request(body, pieces: 16)
        try request.setUploadHandlers([LoggingHandler(log: log, failsAt: failsAt)])
        return request
    }

    @Test func decidesWhereFilesGo() async throws {
        let form = try await request(Self.body(["mine", "skip", "other"])).form()
        #expect(form.files.entries.map(\.name) == ["other"])
        #expect(form.files["other"]?.bytesInMemory == Array("content".utf8))
        #expect(
            log.entries == [
                "mine mine.bin a/b", "finished 7", "skip skip.bin a/b", "other other.bin a/b",
            ]
        )
    }

    @Test func mayEndTheRequest() async throws {
        await #expect(throws: HTTPError.self) { try await request(Self.body(["no"])).form() }
    }

    @Test(arguments: ["--B\r\nContent-Disposition: form-data; name=mine; filename=f\r\n\r\nhalf"])
    func hearsOfAFileThatNeverEnds(_ body: String) async throws {
        let form = try await request(body).form()
        #expect(form.files.isEmpty)
        #expect(log.entries.last == "cancelled")
    }

    @Test func hearsOfItsOwnFailure() async throws {
        await #expect(throws: HTTPError.self) {
            try await request(Self.body(["mine"]), failsAt: 3).form()
        }
        #expect(log.entries == ["mine mine.bin a/b", "cancelled"])
    }

    @Test func comesBeforeTheBodyIsRead() async throws {
        let request = try request(Self.body(["other"]))
        _ = try await request.form()
        #expect(throws: HTTPError.self) { try request.setUploadHandlers([]) }
    }

    @Test func theSiteHasHandlersToo() async throws {
        let request = MultipartTests.request(Self.body(["mine"]))
        var settings = HTTPSettings()
        settings.uploadHandlers = [LoggingHandler(log: log)]
        request.prepare(for: settings)
        #expect(try await request.form().files.isEmpty)
        #expect(log.entries.last == "finished 7")
    }

    @Test func aLimitOfZeroPutsEveryFileOnDisk() async throws {
        let request = MultipartTests.request(Self.body(["f"]))
        try request.setUploadHandlers([SpoolingUploadHandler(memoryLimit: 0)])
        let file = try #require(try await request.form().files["f"])
        #expect(file.bytesInMemory == nil)
        #expect(try file.bytes(upTo: 100) == Array("content".utf8))
    }
}

@Suite struct UploadLimitTests {
    static func status(
        _ body: String,
        pieces: Int = 100,
        _ change: (inout FormLimits) -> Void
    ) async -> Int {
        var limits = FormLimits()
        change(&limits)
        do {
            _ = try await MultipartTests.request(body, pieces: pieces, limits: limits).form()
            return 200
        } catch {
            return (error as? HTTPError)?.status.code ?? 500
        }
    }

    @Test func limitsEachFile() async {
        let body = UploadHandlerTests.body(["a", "b"], content: String(repeating: "x", count: 50))
        #expect(await Self.status(body) { $0.maxFileSize = 50 } == 200)
        #expect(await Self.status(body) { $0.maxFileSize = 49 } == 413)
    }

    @Test(arguments: [1, 3, 100])
    func refusesAnImageThatIsNone(_ pieces: Int) async {
        func body(_ type: String, _ content: String) -> String {
            "--B\r\nContent-Disposition: form-data; name=f; filename=a.png\r\n"
                + "Content-Type: \(type)\r\n\r\n\(content)\r\n--B--\r\n"
        }
        let script = "<script>alert(1)</script>" + String(repeating: " ", count: 100)
        for content in [script, "", "x"] {
            #expect(
                await Self.status(body("image/png", content), pieces: pieces) {
                    $0.refusesMislabeledImages = true
                } == 400
            )
            #expect(await Self.status(body("image/png", content), pieces: pieces) { _ in } == 200)
            #expect(
                await Self.status(body("text/html", content), pieces: pieces) {
                    $0.refusesMislabeledImages = true
                } == 200
            )
        }
        #expect(
            await Self.status(body("image/gif", "GIF89a" + script), pieces: pieces) {
                $0.refusesMislabeledImages = true
            } == 200
        )
    }
}

@Suite struct EncodingTests {
    private static func request(_ type: String) -> Request {
        let bytes =
            Array("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + [0xE9]
            + Array("\r\n--B--".utf8)
        return MultipartTests.request(
            bytes: bytes,
            type: "multipart/form-data; boundary=B" + type
        )
    }

    @Test func followsTheTypeOfTheBody() async throws {
        #expect(try await Self.request("; charset=latin-1").form().fields["a"] == "é")
        await #expect(throws: HTTPError.self) { try await Self.request("").form() }
        await #expect(throws: HTTPError.self) {
            try await Self.request("; charset=unknown").form()
        }
    }

    @Test func canBeSet() async throws {
        let request = Self.request("")
        request.encoding = .latin1
        #expect(try await request.form().fields["a"] == "é")
    }

    @Test func isForTheQueryToo() {
        let request = Request(target: "/?a=%E9")
        #expect(request.encoding == .utf8)
        #expect(request.query.isEmpty)
        request.encoding = .latin1
        #expect(request.query["a"] == "é")
        #expect(request.query.urlencoded() == "a=%E9")
    }

    @Test func hasItsParameters() {
        let request = Self.request("; Charset=\"UTF-8\"; x")
        #expect(request.contentParameters.map(\.name) == ["boundary", "charset", "x"])
        #expect(request.contentParameters.map(\.value) == ["B", "UTF-8", ""])
    }
}

@Suite struct FormParserTests {
    /// Takes `name value` lines for fields.
    private struct LineParser: FormParser {
        let context: FormParserContext
        var text: [UInt8] = []

        mutating func consume(_ bytes: [UInt8]) throws { text += bytes }

        mutating func finish() throws -> FormData {
            guard !text.isEmpty else { throw HTTPError.badRequest("Nothing came.") }
            var form = FormData()
            for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
                let parts = line.split(separator: " ")
                form.fields.append(String(parts[0]), String(parts[1]))
            }
            form.fields.append("type", context.contentType)
            return form
        }
    }

    private static let type = "multipart/x-lines; boundary=B"

    @Test func aRequestMayHaveAParserOfItsOwn() async throws {
        let request = MultipartTests.request("a 1\nb 2\n", type: Self.type, pieces: 3)
        try request.setFormParser { LineParser(context: $0) }
        let form = try await request.multipartForm()
        #expect(form.fields["a"] == "1" && form.fields["b"] == "2")
        #expect(form.fields["type"] == Self.type)
    }

    @Test func theSizeIsLimitedAllTheSame() async throws {
        var limits = FormLimits()
        limits.maxBodySize = 10
        let request = MultipartTests.request(
            String(repeating: "a 1\n", count: 10),
            type: Self.type,
            pieces: 4,
            limits: limits
        )
        try request.setFormParser { LineParser(context: $0) }
        await #expect(throws: HTTPError.self) { try await request.multipartForm() }
    }

    @Test func itsErrorsEndTheRequestAndItComesInTime() async throws {
        let request = MultipartTests.request("", type: Self.type)
        try request.setFormParser { LineParser(context: $0) }
        await #expect(throws: HTTPError.self) { try await request.multipartForm() }
        #expect(throws: HTTPError.self) {
            try request.setFormParser { LineParser(context: $0) }
        }
    }
}
