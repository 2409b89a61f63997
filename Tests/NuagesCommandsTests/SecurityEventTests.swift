import Nuages
import NuagesHTTP
import NuagesSQLite
import Testing

/// A site that refuses in every way.
private struct GuardedSite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var urls: Routes {
        #path("", front, methods: [.get, .post])
        #path("denied/", denied)
        #path("file/", openFile)
        #path("redirect/", leave)
        #path("small/", readAll).csrfExempt().maxBodySize(10)
        #path("lost/", lost)
        #path("broken/", broken)
        #path("answer/<int:status>/", answer)
        #path("bad/", bad)
        #path("office/", front).allowing(addresses: ["10.0.0.0/8"])
        #path("hidden/", front).allowing(addresses: ["10.0.0.0/8"], hidesRoute: true)
        #path("limited/<str:key>/", limited).rateLimited(.perHour(1))
    }
}

private func front(_ request: Request) async throws -> Response { .text("Hello") }

private func limited(_ request: Request, key: String) async throws -> Response { .text(key) }

private func denied(_ request: Request) async throws -> Response {
    throw HTTPError.forbidden("Only for members.")
}

private func bad(_ request: Request) async throws -> Response {
    throw HTTPError.badRequest("No progress\nid.")
}

private func openFile(_ request: Request) async throws -> Response {
    throw HTTPError.suspicious(.suspiciousFile, "The name leaves its folder.")
}

private func leave(_ request: Request) async throws -> Response {
    try .redirect(to: "javascript:alert(1)")
}

private func readAll(_ request: Request) async throws -> Response {
    .text("\(try await request.bytes().count)")
}

private struct Failure: Error, CustomStringConvertible {
    var description: String { "the disk is full" }
}

private func lost(_ request: Request) async throws -> Response {
    throw HTTPError.notFound("No such page.")
}

private func broken(_ request: Request) async throws -> Response { throw Failure() }

private func answer(_ request: Request, status: Int) async throws -> Response {
    .text("answer", status: HTTPStatus(status))
}

@Suite struct SecurityEventTests {
    private static let secret = "hunter2hunter2hunter2hunter2"

    private static func context(
        _ change: (inout Settings) -> Void = { _ in }
    ) throws -> SiteContext {
        var site = GuardedSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.settings.allowedHosts = ["example.com"]
        change(&site.settings)
        return try site.makeContext()
    }

    /// A request that is full of what no log may keep.
    private static func request(
        _ target: String,
        _ method: HTTPMethod = .get,
        host: String = "example.com",
        address: String = "203.0.113.7",
        type: String = "application/x-www-form-urlencoded",
        body: String? = nil
    ) -> Request {
        Request(
            method: method,
            target: target + "?token=\(secret)",
            headers: [
                "Host": host, "Content-Type": type, "Authorization": "Bearer \(secret)",
                "Cookie": "__Host-csrftoken=\(secret); session=\(secret)",
            ],
            body: RequestBody(Array((body ?? "csrfmiddlewaretoken=\(secret)").utf8)),
            remoteAddress: address,
            isTLS: true
        )
    }

    /// The security events of requests, and the status of the last answer.
    private static func events(
        of requests: [Request],
        kind: String = "nuages.security.",
        _ change: (inout Settings) -> Void = { _ in }
    ) async throws -> (events: [LogRecorder.Event], status: Int) {
        let context = try context(change)
        let application = context.makeApplication()
        var status = 0
        let events = await LogRecorder.events {
            for request in requests {
                status = await context.use { await application.handle(request).status.code }
            }
        }
        return (events.filter { $0.label.hasPrefix(kind) }, status)
    }

    // MARK: - Answers

    /// Thrown by a view, returned by one, made by a layer: each answer of 400 and more is one line.
    @Test(
        arguments: [
            ("/lost/", 404, "warning: Not Found: /lost/"),
            ("/nowhere/", 404, "warning: Not Found: /nowhere/"),
            ("/answer/404/", 404, "warning: Not Found: /answer/404/"),
            ("/answer/410/", 410, "warning: Gone: /answer/410/"),
            ("/answer/503/", 503, "error: Service Unavailable: /answer/503/"),
            ("/broken/", 500, "error: Internal Server Error: /broken/: the disk is full"),
            ("/denied/", 403, "warning: Forbidden: /denied/"),
            ("/file/", 400, "warning: Bad Request: /file/"),
            ("/answer/200/", 200, nil), ("/answer/301/", 301, nil), ("/", 200, nil),
        ] as [(String, Int, String?)]
    )
    func answersOf400AndMoreAreLogged(_ path: String, status: Int, line: String?) async throws {
        let request = Self.request(path)
        let (events, found) = try await Self.events(of: [request], kind: "nuages.request")
        #expect(found == status)
        #expect(events.map(\.text) == (line.map { [$0] } ?? []))
        #expect(
            events.allSatisfy {
                $0.metadata == [
                    "method": "GET", "path": path, "status": "\(status)",
                    "request_id": request.id,
                ]
            }
        )
        #expect(!"\(events)".contains("hunter2"))
    }

    @Test func theReasonOfABadRequestIsLogged() async throws {
        let (events, status) = try await Self.events(
            of: [Self.request("/bad/")],
            kind: "nuages.request"
        )
        #expect(status == 400)
        #expect(events.map(\.text) == ["warning: Bad Request: /bad/"])
        #expect(events.first?.metadata["reason"] == "No progress\\nid.")
    }

    /// As in Django, what the CSRF check refuses is in its own log.
    @Test func aRefusedFormIsInOneLogOnly() async throws {
        let request = Self.request("/", .post)
        let (events, status) = try await Self.events(of: [request], kind: "nuages.")
        #expect(status == 403)
        #expect(events.map(\.label) == ["nuages.security.csrf"])
    }

    @Test(arguments: [
        ("DisallowedHost", request("/", host: "evil.example"), 400),
        ("csrf", request("/", .post), 403),
        ("PermissionDenied", request("/denied/"), 403),
        ("SuspiciousFileOperation", request("/file/"), 400),
        ("DisallowedRedirect", request("/redirect/"), 400),
        ("AddressNotAllowed", request("/hidden/"), 404),
        ("RequestDataTooBig", request("/small/", .post), 413),
    ])
    func areWrittenOnce(_ event: String, _ request: Request, status: Int) async throws {
        let (events, found) = try await Self.events(of: [request])
        #expect(found == status)
        try #require(events.count == 1, "\(events)")
        #expect(events[0].label == "nuages.security.\(event)")
        #expect(events[0].text.hasPrefix("warning: "))
        #expect(
            events[0].metadata == [
                "method": request.method.rawValue, "path": request.path,
                "remote_address": "203.0.113.7", "request_id": request.id,
            ]
        )
        #expect(!"\(events)".contains("hunter2"))
    }

    /// Who may not come is told so by 403, which is an event as well.
    @Test func aRefusedAddressIsNamed() async throws {
        let (events, status) = try await Self.events(of: [Self.request("/office/")])
        #expect(status == 403)
        #expect(
            events.map(\.label) == [
                "nuages.security.AddressNotAllowed", "nuages.security.PermissionDenied",
            ]
        )
        #expect(events.allSatisfy { $0.metadata["remote_address"] == "203.0.113.7" })
        #expect(!"\(events)".contains("hunter2"))
        let own = Self.request("/office/", address: "10.1.2.3")
        #expect(try await Self.events(of: [own]).events.isEmpty)
    }

    @Test func aFloodIsThrottled() async throws {
        let path = "/limited/\(UInt64.random(in: .min ... .max))/"
        let address = "198.51.100.9"
        let (events, status) = try await Self.events(
            of: [Self.request(path, address: address), Self.request(path, address: address)]
        )
        #expect(status == 429)
        try #require(events.count == 1, "\(events)")
        #expect(events[0].label == "nuages.security.Throttled")
        #expect(events[0].metadata["path"] == path)
        #expect(events[0].metadata["remote_address"] == address)
        #expect(!"\(events)".contains("hunter2"))
    }

    /// A line break of a client does not begin a line of the log.
    @Test func nobodyForgesALine() async throws {
        let (events, _) = try await Self.events(
            of: [Self.request("/%0Aforged", host: "evil\u{2028}\u{202E}.example")]
        )
        try #require(events.count == 1)
        let line = "\(events[0])"
        #expect(
            !line.unicodeScalars.contains { "\n\r\u{2028}\u{202E}".unicodeScalars.contains($0) }
        )
    }

    @Test func weakSettingsAreReportedAtTheStart() async throws {
        let weak = try Self.context { settings in
            settings.allowedHosts = ["*"]
            settings.redirectsToHTTPS = false
            settings.hstsSeconds = 0
        }
        let events = await LogRecorder.events { weak.reportWeakSettings() }
        #expect(events.allSatisfy { $0.label == "nuages.security.SettingsWeakened" })
        #expect(
            Set(events.compactMap { $0.metadata["check"] }).isSuperset(of: [
                "security.W004", "security.W008",
            ])
        )
        #expect(events.contains { $0.text.contains("ALLOWED_HOSTS is '*'") })
        let strong = try Self.context()
        #expect(await LogRecorder.events { strong.reportWeakSettings() }.isEmpty)
    }

    // MARK: - Reports of browsers

    private static let report = """
        {"csp-report": {"document-uri": "https://example.com/a", "blocked-uri": "inline\\nforged",
         "effective-directive": "script-src-elem", "line-number": 7, "disposition": "enforce"}}
        """

    private static func reporting(_ path: String, address: String) -> Request {
        request(path, .post, address: address, type: "application/csp-report", body: report)
    }

    /// A new site tells browsers where to report, and takes what they send.
    @Test(
        arguments: [
            ("csp-report/", nil, "/csp-report/"), ("/reports", nil, "/reports"),
            ("csp-report/", "/shop", "/shop/csp-report/"),
        ] as [(String, String?, String)]
    )
    func reportsOfViolationsAreLogged(
        _ given: String,
        _ prefix: String?,
        _ path: String
    )
        async throws
    {
        let address = "2001:db8::\(String(UInt16.random(in: 1 ... .max), radix: 16))"
        let change: (inout Settings) -> Void = {
            $0.cspReportPath = given
            $0.forceScriptName = prefix
        }
        let (events, status) = try await Self.events(
            of: [Self.reporting(path, address: address)],
            change
        )
        #expect(status == 204)
        try #require(events.count == 1, "\(events)")
        #expect(events[0].label == "nuages.security.csp")
        #expect(events[0].text == "warning: Content-Security-Policy violated: script-src-elem")
        #expect(events[0].metadata["document"] == "https://example.com/a")
        #expect(events[0].metadata["blocked"]?.contains("\n") == false)
        #expect(events[0].metadata["line"] == "7")
        #expect(events[0].metadata["remote_address"] == address)
        #expect(!"\(events)".contains("hunter2"))
        let context = try Self.context(change)
        let page = await context.use {
            await context.makeApplication().handle(Self.request((prefix ?? "") + "/"))
        }
        #expect(page.status == .ok)
        #expect(page.headers["Reporting-Endpoints"] == "csp=\"\(path)\"")
        #expect(
            page.headers["Content-Security-Policy"]?.contains("; report-uri \(path); report-to csp")
                == true
        )
        #expect(try await context.check(forDeployment: true).isEmpty)
    }

    @Test func aSiteWithoutAPathTakesNone() async throws {
        let change: (inout Settings) -> Void = { $0.cspReportPath = "" }
        let (events, status) = try await Self.events(
            of: [Self.reporting("/csp-report/", address: "2001:db8::1")],
            change
        )
        #expect(status == 404)
        #expect(events.isEmpty)
        let context = try Self.context(change)
        let page = await context.use {
            await context.makeApplication().handle(Self.request("/"))
        }
        #expect(page.headers["Reporting-Endpoints"] == nil)
        #expect(page.headers["Content-Security-Policy"]?.contains("report") == false)
    }
}
