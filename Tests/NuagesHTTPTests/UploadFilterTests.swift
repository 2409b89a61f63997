import NuagesCore
import Synchronization
import Testing

@testable import NuagesHTTP

/// Turns letters into capitals, and may do something else at a byte.
private struct Shouting: UploadHandler, UploadFilter {
    let log: UploadLog
    var failure: (any Error)?
    var at = 0
    var count = 0

    func begin(_ upload: Upload) -> UploadDecision { .filter(self) }

    mutating func filter(_ bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        count += bytes.count
        if let failure, count > at { throw failure }
        return bytes.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }[...]
    }

    mutating func finish() -> ArraySlice<UInt8> {
        log.note("end")
        return [0x21]
    }

    mutating func cancel() { log.note("filter cancelled") }
}

@Suite struct UploadFilterTests {
    private let log = UploadLog()

    private func form(
        _ handlers: [any UploadHandler],
        _ names: [String] = ["a", "b"],
        pieces: Int = 7
    ) async throws -> FormData {
        let request = MultipartTests.request(UploadHandlerTests.body(names), pieces: pieces)
        try request.setUploadHandlers(handlers)
        return try await request.form()
    }

    @Test func changesWhatIsReceived() async throws {
        let form = try await form([Shouting(log: log), Shouting(log: log)], ["a"])
        #expect(form.files["a"]?.bytesInMemory == Array("CONTENT!!".utf8))
        #expect(log.entries == ["end", "end"])
    }

    @Test func mayStandInFrontOfAReceiver() async throws {
        _ = try await form([Shouting(log: log), LoggingHandler(log: log)], ["mine"])
        #expect(log.entries == ["mine mine.bin a/b", "end", "finished 8"])
    }

    @Test func maySkipTheRestOfAFile() async throws {
        let form = try await form([Shouting(log: log, failure: SkipFile(), at: 3)])
        #expect(form.files.isEmpty)
        #expect(log.entries == ["filter cancelled", "filter cancelled"])
    }

    @Test(arguments: [true, false])
    func mayStopTheForm(_ resets: Bool) async throws {
        let content = String(repeating: "x", count: 1000)
        let body =
            UploadHandlerTests.body(["small"])
            .replacing("--B--\r\n", with: "")
            + UploadHandlerTests.body(["a", "b"], content: content)
        let source = PieceSource(Array(body.utf8), size: 100)
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": "multipart/form-data; boundary=B"],
            body: RequestBody(source: source, declaredLength: nil)
        )
        request.prepare(for: HTTPSettings())
        let stop = StopUpload(resetsConnection: resets)
        try request.setUploadHandlers([Shouting(log: log, failure: stop, at: 50)])
        let form = try await request.form()
        #expect(form.files.entries.map(\.name) == ["small"])
        #expect(log.entries == ["end", "filter cancelled"])
        #expect((await source.delivered == body.utf8.count) == !resets)
    }

    @Test func hearsOfAFailureBehindIt() async throws {
        await #expect(throws: HTTPError.self) {
            try await form([Shouting(log: log), LoggingHandler(log: log)], ["no"])
        }
        #expect(log.entries == ["no no.bin a/b", "filter cancelled"])
    }

    @Test func getsSmallPieces() async throws {
        struct Sizes: UploadHandler, UploadFilter {
            let log: UploadLog
            func begin(_ upload: Upload) -> UploadDecision { .filter(self) }
            func filter(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
                log.note("\(bytes.count)")
                return bytes
            }
        }
        let content = String(repeating: "x", count: 150_000)
        let request = MultipartTests.request(UploadHandlerTests.body(["a"], content: content))
        try request.setUploadHandlers([Sizes(log: log)])
        #expect(try await request.form().files["a"]?.size == 150_000)
        #expect(log.entries == ["65536", "65536", "18928"])
    }

    @Test func knowsWhatIsDeclaredAndWhatCame() async throws {
        struct Knowing: UploadHandler {
            let log: UploadLog
            func begin(_ upload: Upload) -> UploadDecision {
                let length = upload.contentLength.map(String.init) ?? "-"
                log.note("\(length) \(upload.bytesBefore) \(upload.request?.target ?? "-")")
                return .pass
            }
        }
        func part(_ name: String, _ field: String) -> String {
            "--B\r\nContent-Disposition: form-data; name=\(name); filename=a\r\n\(field)\r\nxyz\r\n"
        }
        let body =
            part("a", "Content-Length: 3\r\n") + part("b", "Content-Length: -3\r\n") + part("c", "")
            + "--B--\r\n"
        let request = MultipartTests.request(body)
        try request.setUploadHandlers([Knowing(log: log)])
        _ = try await request.form()
        #expect(log.entries == ["3 0 /", "- 3 /", "- 6 /"])
    }

    /// Files that are skipped, at once or in the middle, and Base64 by what it stands for.
    @Test func countsWhatCameBefore() async throws {
        struct Counting: UploadHandler, UploadFilter {
            let log: UploadLog
            var name = ""
            func begin(_ upload: Upload) -> UploadDecision {
                log.note("\(upload.fieldName) \(upload.bytesBefore)")
                var filter = self
                filter.name = upload.fieldName
                return upload.fieldName == "skip" ? .skip : .filter(filter)
            }
            func filter(_ bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
                if name == "half" { throw SkipFile() }
                return []
            }
        }
        func part(_ name: String, _ content: String, _ coding: String = "7bit") -> String {
            "--B\r\nContent-Disposition: form-data; name=\(name); filename=a\r\n"
                + "Content-Transfer-Encoding: \(coding)\r\n\r\n\(content)\r\n"
        }
        let ten = String(repeating: "x", count: 10)
        let body =
            part("skip", ten) + part("half", ten) + part("kept", ten)
            + part("coded", "QUJD", "base64") + part("skip", "QUJD", "base64") + part("last", ten)
            + "--B--\r\n"
        for pieces in [1, 4, 1000] {
            let request = MultipartTests.request(body, pieces: pieces)
            try request.setUploadHandlers([Counting(log: log)])
            _ = try await request.form()
        }
        let once = ["skip 0", "half 10", "kept 20", "coded 30", "skip 33", "last 36"]
        #expect(log.entries == once + once + once)
    }

    @Test func whatAFilterAddsComesInSmallPieces() async throws {
        struct Tenfold: UploadHandler, UploadFilter {
            func begin(_ upload: Upload) -> UploadDecision { .filter(self) }
            func filter(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
                [UInt8](repeating: 1, count: bytes.count * 10)[...]
            }
            func finish() -> ArraySlice<UInt8> { [UInt8](repeating: 2, count: 70_000)[...] }
        }
        struct Sizes: UploadHandler, UploadFilter {
            let log: UploadLog
            func begin(_ upload: Upload) -> UploadDecision { .filter(self) }
            func filter(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
                log.note("\(bytes.count)")
                return bytes
            }
        }
        let content = String(repeating: "x", count: 20_000)
        let request = MultipartTests.request(UploadHandlerTests.body(["a"], content: content))
        try request.setUploadHandlers([Tenfold(), Sizes(log: log)])
        #expect(try await request.form().files["a"]?.size == 270_000)
        #expect(log.entries.allSatisfy { (Int($0) ?? 0) <= Upload.pieceSize })
        #expect(log.entries.count >= 6)
    }

    @Test func filesOfAFormShareTheMemory() async throws {
        let names = (0..<5).map { "f\($0)" }
        let body = UploadHandlerTests.body(names, content: String(repeating: "x", count: 40))
        let request = MultipartTests.request(body)
        try request.setUploadHandlers([SpoolingUploadHandler(memoryLimit: 100)])
        let form = try await request.form()
        let inMemory = names.map { form.files[$0]?.bytesInMemory != nil }
        #expect(inMemory == [true, true, false, false, false])
        for name in names { #expect(try form.files[name]?.bytes(upTo: 100)?.count == 40) }
    }
}

@Suite struct UploadQuotaTests {
    private static func status(
        _ handlers: [any UploadHandler],
        _ names: [String] = ["a", "b"],
        size: Int = 50
    ) async throws -> Int {
        let content = String(repeating: "x", count: size)
        let body = UploadHandlerTests.body(names, content: content)
        let request = MultipartTests.request(body, pieces: 64)
        try request.setUploadHandlers(handlers)
        do {
            _ = try await request.form()
            return 200
        } catch {
            return (error as? any ResponseConvertibleError)?.status.code ?? 500
        }
    }

    @Test func limitsFilesAndForms() async throws {
        #expect(try await Self.status([UploadQuota(perFile: 50)]) == 200)
        #expect(try await Self.status([UploadQuota(perFile: 49)]) == 413)
        #expect(try await Self.status([UploadQuota(perForm: 100)]) == 200)
        #expect(try await Self.status([UploadQuota(perForm: 99)]) == 413)
        #expect(try await Self.status([UploadQuota(perFile: 50), UploadQuota(perForm: 99)]) == 413)
    }

    @Test func limitsClients() async throws {
        let store = MemoryRateLimitStore()
        let quota = UploadQuota(perClient: 150, inSeconds: 86_400, store: store)
        #expect(try await Self.status([quota]) == 200)
        #expect(try await Self.status([quota], ["a"]) == 200)
        #expect(try await Self.status([quota], ["a"], size: 1) == 429)
        let other = UploadQuota(
            perClient: 150,
            inSeconds: 86_400,
            by: .custom { _ in "somebody" },
            store: store
        )
        #expect(try await Self.status([other]) == 200)
    }

    /// A thousandth of the quota is not the least that a file costs.
    @Test func smallFilesCostWhatTheyHave() async throws {
        let quota = UploadQuota(
            perClient: 1_000_000,
            inSeconds: 86_400,
            by: .custom { _ in "thumbnails" },
            store: MemoryRateLimitStore()
        )
        let names = (0..<90).map { "f\($0)" }
        for _ in 0..<20 { #expect(try await Self.status([quota], names, size: 50) == 200) }
        for _ in 0..<9 { #expect(try await Self.status([quota], ["a"], size: 99_000) == 200) }
        #expect(try await Self.status([quota], ["a"], size: 99_000) == 429)
        // Who was refused is refused again, by a byte as well.
        #expect(try await Self.status([quota], ["a"], size: 1) == 429)
        #expect(try await Self.status([quota], ["a"], size: 1) == 429)
    }

    @Test func debtsAreBounded() {
        let debts = UploadDebts(capacity: 3)
        for name in ["a", "b", "c"] { #expect(debts.tokens(of: 10, after: 9, by: name) == 0) }
        #expect(debts.tokens(of: 10, after: 22, by: "a") == 3)
        #expect(debts.tokens(of: 10, after: 9, by: "a") == 1)
        #expect(debts.count == 2)
        for index in 0..<100 { _ = debts.tokens(of: 10, after: 1, by: "\(index)") }
        #expect(debts.count <= 3)
    }

    @Test func aFullDiskIsNoFailureOfTheForm() async throws {
        let handler = SpoolingUploadHandler(memoryLimit: 0, diskLimit: 0)
        #expect(try await Self.status([handler]) == 503)
    }
}

@Suite struct UploadProgressTests {
    private static let id = "0123456789abcdef0123456789abcdef"

    @Test(arguments: [
        ("0123456789abcdef012345", true), ("short", false),
        (String(repeating: "x", count: 65), false),
        ("0123456789abcdef01234 ", false), ("0123456789abcdef01234é", false),
    ])
    func idsCannotBeGuessed(_ id: String, _ isValid: Bool) {
        #expect(UploadProgress.isID(id) == isValid)
    }

    @Test func isToldFromTheRequestOfThePage() async throws {
        let id = "progress-of-a-test-0123456789"
        let body = UploadHandlerTests.body(["film"], content: String(repeating: "x", count: 1000))
        let request = Request(
            method: .post,
            target: "/?progress_id=\(id)",
            headers: ["Content-Type": "multipart/form-data; boundary=B"],
            body: RequestBody(Array(body.utf8))
        )
        request.prepare(for: HTTPSettings())
        _ = try await request.form()
        let page = Request(target: "/", headers: ["X-Progress-ID": id])
        let events = try #require(page.uploadProgress)
        var seen: [UploadProgress] = []
        for try await progress in events { seen.append(progress) }
        #expect(seen.map(\.state) == [.finished])
        #expect(seen.first?.received == body.utf8.count)
        #expect(seen.first?.total == body.utf8.count)
        #expect(Request(target: "/?progress_id=1").uploadProgress == nil)
        #expect(Request(target: "/").uploadProgress == nil)
    }

    @Test func comesFurther() throws {
        let store = MemoryUploadProgressStore()
        var writer = try #require(UploadProgressWriter(store, Self.id, total: 10))
        #expect(UploadProgressWriter(store, Self.id, total: 10) == nil, "The id is in use.")
        writer.advance(by: 4, ("film", String(repeating: "n", count: 1000)))
        var progress = try #require(store.progress(of: Self.id))
        #expect([progress.received, progress.total] == [4, 10])
        #expect(progress.field == "film" && progress.file.utf8.count == 100)
        writer.advance(by: 6, nil)
        writer.finish(.failed)
        progress = try #require(store.progress(of: Self.id))
        #expect(progress.received == 10 && progress.isOver)
        #expect(store.progress(of: "0123456789abcdef0123456789abcdeF") == nil)
    }

    @Test func forgets() throws {
        let time = Mutex(ContinuousClock.now)
        let store = MemoryUploadProgressStore(capacity: 3) { time.withLock { $0 } }
        for number in 0..<10 {
            _ = store.begin("0123456789abcdef0123456\(number)", UploadProgress())
        }
        #expect(store.count == 3)
        #expect(!store.begin(Self.id, UploadProgress()))
        time.withLock { $0 += .seconds(61) }
        #expect(store.progress(of: "0123456789abcdef01234560") == nil)
        #expect(store.begin(Self.id, UploadProgress()))
        #expect(store.count <= 3)
    }

    /// A store that may take its time: what is noted last is noted for certain, and an upload neither
    /// waits for it nor fails with it.
    private final class SlowStore: UploadProgressStore {
        struct Failure: Error {}

        let interval = Duration.zero
        let noted = Mutex<[UploadProgress]>([])
        let fails: Bool

        init(fails: Bool) { self.fails = fails }

        func begin(_ id: String, _ progress: UploadProgress) throws -> Bool {
            if fails { throw Failure() }
            noted.withLock { $0.append(progress) }
            return true
        }

        func note(_ progress: UploadProgress, of id: String) async throws {
            noted.withLock { $0.append(progress) }
        }

        func progress(of id: String) throws -> UploadProgress? {
            if fails { throw Failure() }
            return noted.withLock { $0.last }
        }
    }

    @Test(arguments: [true, false]) func anyStoreIsToldInTheEnd(_ fails: Bool) async throws {
        let store = SlowStore(fails: fails)
        var settings = HTTPSettings()
        settings.uploadProgressStore = store
        let body = UploadHandlerTests.body(["film"], content: String(repeating: "x", count: 1000))
        let request = Request(
            method: .post,
            target: "/?progress_id=\(Self.id)",
            headers: ["Content-Type": "multipart/form-data; boundary=B"],
            body: RequestBody(Array(body.utf8))
        )
        request.prepare(for: settings)
        _ = try await request.form()
        let page = Request(target: "/?progress_id=\(Self.id)")
        page.prepare(for: settings)
        let events = try #require(page.uploadProgress)
        if fails {
            await #expect(throws: SlowStore.Failure.self) { for try await _ in events {} }
            #expect(store.noted.withLock { $0.isEmpty })
            return
        }
        var last: UploadProgress?
        for try await progress in events { last = progress }
        #expect(last?.state == .finished)
        #expect(last?.received == body.utf8.count)
    }

    @Test func asksNoLongerThanItsPatience() async throws {
        let events = UploadProgressEvents(
            Self.id,
            store: MemoryUploadProgressStore(),
            interval: .milliseconds(1),
            patience: .zero
        )
        for try await _ in events { Issue.record("There is none.") }
    }

    @Test func theViewsAnswer() async throws {
        await #expect(throws: HTTPError.self) {
            try await uploadProgressEvents(Request(target: "/?progress_id=1"))
        }
        let events = try await uploadProgressEvents(Request(target: "/?progress_id=\(Self.id)"))
        #expect(events.headers["Content-Type"] == "text/event-stream")
        let script = await uploadProgressScript(Request(target: "/"))
        #expect(script.headers["Content-Type"] == "text/javascript; charset=utf-8")
    }
}
