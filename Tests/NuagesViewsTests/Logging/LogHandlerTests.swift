import Foundation
import Logging
import Nuages
import NuagesSQLite
import NuagesTesting
import Testing

@testable import NuagesViews

@Suite struct LogHandlerTests {
    private let time = Date(timeIntervalSince1970: 1_700_000_000.25)

    private func event(_ message: String, _ metadata: Logger.Metadata = [:]) -> LogEvent {
        LogEvent(
            level: .warning,
            message: "\(message)",
            metadata: metadata,
            source: "s",
            file: "f",
            function: "g",
            line: 1
        )
    }

    @Test func writesAJSONObjectOnALine() throws {
        let handler = LineLogHandler(
            label: "nuages.security.DisallowedHost",
            format: .json,
            output: .standardError
        )
        let line = handler.line(
            event("Bad \"host\"\n", ["path": "/a", "time": "x", "csrf_token": "visible"]),
            at: time
        )
        #expect(
            String(decoding: line, as: UTF8.self) == """
                {"time":"2023-11-14T22:13:20.250Z","level":"warning",\
                "logger":"nuages.security.DisallowedHost","event":"DisallowedHost",\
                "message":"Bad \\"host\\"\\n","csrf_token":"********************","path":"/a",\
                "metadata.time":"x"}

                """
        )
    }

    @Test func keepsTextOnItsLine() {
        let handler = LineLogHandler(
            label: "nuages.request",
            format: .text,
            output: .standardError
        )
        let line = handler.line(
            event("Not\r\nFound \u{1B}[31m", ["path": "/a\nFAKE", "secret": "visible"]),
            at: time
        )
        #expect(
            String(decoding: line, as: UTF8.self)
                == "2023-11-14 22:13:20Z WARNING nuages.request: Not\\r\\nFound \\u{1b}[31m "
                + "path=/a\\nFAKE secret=********************\n"
        )
    }

    @Test func writesToTheEndOfAFileThatOthersCannotRead() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-log-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for number in 1...2 {
            let output = try LogOutput(path: path)
            output.write(Array("line \(number)\n".utf8))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "line 1\nline 2\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(throws: LogOutput.Failure.self) { try LogOutput(path: "/nowhere/x.log") }
    }

    @Test func sendsSecurityEventsToAFileOfTheirOwn() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-log-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var settings = Settings(secretKey: .random())
        settings.securityLogFile = path
        settings.logFile = "/dev/null"
        let logging = try SiteLogging(settings)
        for label in ["nuages.request", "nuages.security.csrf"] {
            var logger = Logger(label: label) { logging.makeHandler(label: $0) }
            logger[metadataKey: "request_id"] = "r1"
            logger.warning("refused")
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines[0].contains(#""event":"csrf","message":"refused","request_id":"r1""#))
    }

    /// Security events are for programs, but for those of a developer.
    @Test(arguments: [
        (false, LogFormat.text, "nuages.security.csrf", true),
        (false, .text, "nuages.request", false), (false, .text, "nuages.security", false),
        (false, .json, "nuages.request", true), (true, .text, "nuages.security.csrf", false),
        (true, .json, "nuages.security.csrf", true),
    ])
    func securityEventsAreJSONOutsideDebug(
        isDebug: Bool,
        format: LogFormat,
        label: String,
        isJSON: Bool
    ) throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-log-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var settings = Settings(secretKey: .random())
        settings.isDebug = isDebug
        settings.logFormat = format
        settings.logFile = path
        let logging = try SiteLogging(settings)
        Logger(label: label) { logging.makeHandler(label: $0) }.warning("refused")
        let line = try String(contentsOfFile: path, encoding: .utf8)
        #expect(line.hasSuffix("\n") && line.split(separator: "\n").count == 1)
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        #expect((object?["logger"] == label) == isJSON)
        #expect((object?["message"] == "refused") == isJSON)
    }

    @Test(arguments: ["PASSWORD", "apiKey", "X-Auth", "Set-Cookie", "HTTP_COOKIE", "signature"])
    func hidesByName(_ name: String) { #expect(SensitiveNames.hides(name)) }

    @Test(arguments: ["path", "method", "size", ""])
    func showsOtherNames(_ name: String) { #expect(!SensitiveNames.hides(name)) }

    @Test func keepsSensitiveValuesOutOfSight() {
        let token = Sensitive("visible")
        struct Holder { let token: Sensitive<String> }
        for text in ["\(token)", String(reflecting: token), "\(Holder(token: token))"] {
            #expect(!text.contains("visible"))
        }
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!dumped.contains("visible"))
        #expect(token.exposed == "visible")
    }
}

private func show(_ request: Request) async throws -> Response { .text(request.id) }

@Suite struct RequestIDTests {
    @Test func isRandomAndStays() {
        let request = Request(target: "/", headers: ["X-Request-ID": "chosen"])
        #expect(request.id == request.id)
        #expect(request.id.utf8.count == 16)
        #expect(request.id != "chosen")
        #expect(request.id != Request(target: "/").id)
    }

    @Test(arguments: [
        ("abc-123_x.y:z", true), ("", false), ("a b", false), ("a\"b", false),
        (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        ("é", false),
    ])
    func comesFromATrustedProxy(_ id: String, isTaken: Bool) async throws {
        let trustThisMachine: (inout Settings) -> Void = { $0.trustedProxies = ["127.0.0.1"] }
        try await withNewsSite(
            configure: trustThisMachine,
            routes: Routes { #path("", show) }
        ) { client in
            let page = try await client.get("/", headers: ["X-Request-ID": id])
            #expect((page.text == id) == isTaken)
        }
    }
}

@Suite struct HealthTests {
    @Test func saysNoMoreThanThatAllIsWell() async throws {
        try await withNewsSite(routes: Routes { #path("healthz/", include: Health.routes) }) {
            client in
            for path in ["/healthz/", "/healthz/ready/"] {
                let page = try await client.get(path)
                #expect(page.status == 200)
                #expect(page.text == "ok\n")
                #expect(page.headers["Cache-Control"] == "no-store")
            }
            let found16 = try await client.send(.head, "/healthz/").status
            #expect(found16 == 200)
        }
    }

    /// Some balancers do not follow the redirect to the slash.
    @Test func answersWithAndWithoutASlash() async throws {
        let routes = Routes {
            #path("healthz", Health.live, methods: [.get])
            #path("healthz/", include: Health.routes)
        }
        try await withNewsSite(routes: routes) { client in
            for path in ["/healthz", "/healthz/"] {
                let page = try await client.get(path)
                #expect(page.status == 200)
                #expect(page.text == "ok\n")
            }
        }
    }

    @Test func isUnavailableWithoutItsDatabase() async throws {
        try await withNewsSite(routes: Routes { #path("healthz/", include: Health.routes) }) {
            client in
            let lost = try SQLiteDatabase.open(path: "/nowhere/lost.sqlite3")
            let page = try await lost.use { try await client.get("/healthz/ready/") }
            #expect(page.status == 503)
            #expect(page.text == "unavailable\n")
            let found17 = try await client.get("/healthz/").status
            #expect(found17 == 200)
        }
    }

    @Test func givesUpAfterTheDeadline() async {
        // A database that never answers, until nobody asks any more.
        let probe = DatabaseProbe(deadline: .milliseconds(1)) {
            try await Task.sleep(for: .seconds(86_400))
        }
        #expect(await probe.isReady() == false)
        #expect(await DatabaseProbe(deadline: .seconds(86_400), ask: {}).isReady())
    }

    @Test func waitsForNoQuestionThatIsGivenUp() async {
        let (answers, answer) = AsyncStream<Void>.makeStream()
        // Not even a cancellation ends it.
        let probe = DatabaseProbe(deadline: .milliseconds(1)) {
            await Task.detached { for await _ in answers {} }.value
        }
        #expect(await probe.isReady() == false)
        answer.finish()
    }
}
