import Configuration
import Foundation
import Nuages
import NuagesSQLite
import Testing

@testable import NuagesViews

/// A site that has the settings of a test.
private struct PlainSite: Site {
    struct Pages: App {
        let label = "pages"
        let directory: String?
    }

    var settings = Settings(secretKey: SecretKey(String(repeating: "abcdefghij", count: 6)))
    var folder: String?
    var uploadHandlers: [any UploadHandler] = []
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [Pages(directory: folder)] }
    var urls: Routes {
        #path("", front, name: "front")
        #path("form/", form, methods: [.post])
        #path("one/", include: shop, namespace: "one")
        #path("two/", include: shop, namespace: "two")
    }
}

private struct SkippingHandler: UploadHandler {
    func begin(_ upload: Upload) -> UploadDecision { .skip }
}

private let shop = Routes(namespace: "shop") {
    #path("", linked, name: "index")
}

private func front(_ request: Request) async throws -> Response {
    .text("\(try request.host()) \(request.port ?? "-")")
}

private func form(_ request: Request) async throws -> Response {
    let form = try await request.form()
    return .text("\(form.fields.entries.count) \(form.files.entries.count)")
}

private func linked(_ request: Request) async throws -> Response {
    try await render(request, "linked.html")
}

@Suite struct SiteSettingsTests {
    private func settings(_ values: [String: String] = [:]) -> Settings {
        let environment = values.merging([
            "SECRET_KEY": String(repeating: "abcdefghij", count: 6), "DEBUG": "true",
            "DATABASE_URL": "sqlite::memory:", "ALLOWED_HOSTS": "example.com,www.example.com",
        ]) { first, _ in first }
        return Settings(
            configuration: ConfigReader(
                provider: EnvironmentVariablesProvider(environmentVariables: environment)
            )
        )
    }

    private func site(_ values: [String: String] = [:], folder: String? = nil) throws -> SiteContext
    {
        var site = PlainSite()
        site.settings = settings(values)
        site.folder = folder
        #expect(site.settings.problems.isEmpty)
        return try site.makeContext()
    }

    private func answer(
        _ values: [String: String],
        _ request: Request
    ) async throws -> Response {
        let site = try site(values)
        return await site.use { await site.makeApplication().handle(request) }
    }

    private static func get(_ target: String = "/", _ headers: Headers = [:]) -> Request {
        var headers = headers
        headers.setDefault("Host", "example.com")
        return Request(target: target, headers: headers, remoteAddress: "10.0.0.5")
    }

    private static func post(_ body: String, type: String) -> Request {
        Request(
            method: .post,
            target: "/form/",
            headers: [
                "Host": "example.com", "Content-Type": type, "Origin": "http://example.com",
                "Sec-Fetch-Site": "same-origin",
            ],
            body: RequestBody(Array(body.utf8))
        )
    }

    // MARK: - Limits of forms

    @Test(arguments: [
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "10", "a=1234567890"),
        ("DATA_UPLOAD_MAX_NUMBER_FIELDS", "2", "a=1&b=2&c=3"),
    ])
    func limitsForms(_ name: String, _ value: String, body: String) async throws {
        let type = "application/x-www-form-urlencoded"
        let request = Self.post(body, type: type)
        request.prepare(for: HTTPSettings(settings([name: value])))
        await #expect(throws: HTTPError.self) { try await request.form() }
        let free = Self.post(body, type: type)
        free.prepare(for: HTTPSettings(settings()))
        #expect(try await free.form().fields.entries.count > 0)
    }

    @Test func limitsFiles() async throws {
        let part =
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nabcdef\r\n"
        let body = part + part + "--b--\r\n"
        let type = "multipart/form-data; boundary=b"
        let few = Self.post(body, type: type)
        few.prepare(for: HTTPSettings(settings(["DATA_UPLOAD_MAX_NUMBER_FILES": "1"])))
        await #expect(throws: HTTPError.self) { try await few.form() }
        let spooled = Self.post(body, type: type)
        spooled.prepare(
            for: HTTPSettings(
                settings([
                    "FILE_UPLOAD_MAX_MEMORY_SIZE": "3",
                    "FILE_UPLOAD_TEMP_DIR": "/nowhere/at/all",
                ])
            )
        )
        // The file is too large for memory, and there is no such folder.
        await #expect(throws: (any Error).self) { try await spooled.form() }
    }

    // MARK: - Hosts and clients

    @Test func believesATrustedProxyAboutHostAndPort() async throws {
        let headers: Headers = ["X-Forwarded-Host": "www.example.com", "X-Forwarded-Port": "8443"]
        let proxied = [
            "USE_X_FORWARDED_HOST": "true", "USE_X_FORWARDED_PORT": "yes",
            "TRUSTED_PROXIES": "10.0.0.5",
        ]
        #expect(try await answer(proxied, Self.get("/", headers)).text == "www.example.com 8443")
        #expect(try await answer([:], Self.get("/", headers)).text == "example.com 80")
        let foreign = proxied.merging(["TRUSTED_PROXIES": "10.0.0.6"]) { $1 }
        #expect(try await answer(foreign, Self.get("/", headers)).text == "example.com 80")
    }

    @Test func believesATrustedProxyAboutHTTPS() throws {
        let settings = settings([
            "SECURE_PROXY_SSL_HEADER": "X-Forwarded-Proto, https", "TRUSTED_PROXIES": "10.0.0.5",
        ])
        let request = Self.get("/", ["X-Forwarded-Proto": "https"])
        request.prepare(for: HTTPSettings(settings))
        #expect(request.isSecure)
    }

    @Test func sendsToWWW() async throws {
        let response = try await answer(["PREPEND_WWW": "true"], Self.get("/?a=1"))
        #expect(response.status.code == 301)
        #expect(response.headers["Location"] == "http://www.example.com/?a=1")
    }

    @Test func appendsASlashUnlessToldNotTo() async throws {
        #expect(try await answer([:], Self.get("/one")).status.code == 301)
        #expect(try await answer(["APPEND_SLASH": "off"], Self.get("/one")).status.code == 404)
    }

    @Test func refusesSomeClients() async throws {
        let request = Self.get("/", ["User-Agent": "Mozilla BadBot/1.0"])
        let values = ["DISALLOWED_USER_AGENTS": "BadBot, WorseBot"]
        #expect(try await answer(values, request).status.code == 403)
        #expect(try await answer([:], Self.get("/", ["User-Agent": "BadBot"])).status.code == 200)
    }

    // MARK: - The server

    static let numbers: [(String, any WritableKeyPath<ServerLimits, Int> & Sendable)] = [
        ("SERVER_THREADS", \.threads), ("SERVER_BACKLOG", \.backlog),
        ("SERVER_MAX_CONNECTIONS", \.maxConnections),
        ("SERVER_MAX_REQUESTS_PER_CONNECTION", \.maxRequestsPerConnection),
        ("SERVER_MAX_REQUEST_LINE_SIZE", \.maxRequestLineSize),
        ("SERVER_MAX_HEAD_SIZE", \.maxHeadSize), ("SERVER_MAX_FIELD_COUNT", \.maxFieldCount),
        ("SERVER_MAX_BODY_SIZE", \.maxBodySize), ("SERVER_MINIMUM_RATE", \.minimumRate),
    ]
    static let times: [(String, any WritableKeyPath<ServerLimits, Duration> & Sendable)] = [
        ("SERVER_HEAD_TIMEOUT", \.headTimeout), ("SERVER_IDLE_TIMEOUT", \.idleTimeout),
        ("SERVER_BODY_GRACE_PERIOD", \.bodyGracePeriod),
        ("SERVER_BODY_STALL_TIMEOUT", \.bodyStallTimeout),
        ("SERVER_WRITE_TIMEOUT", \.writeTimeout),
        ("SERVER_HALF_CLOSED_TIMEOUT", \.halfClosedTimeout),
        ("SERVER_SHUTDOWN_TIMEOUT", \.shutdownTimeout),
    ]

    @Test func readsEachLimitOfTheServer() {
        for (name, path) in Self.numbers {
            var expected = ServerLimits()
            expected[keyPath: path] = 777
            #expect(settings([name: "777"]).server == expected, "\(name)")
        }
        for (name, path) in Self.times {
            var expected = ServerLimits()
            expected[keyPath: path] = .seconds(77)
            #expect(settings([name: "77"]).server == expected, "\(name)")
        }
        #expect(settings().server == ServerLimits())
    }

    @Test(arguments: [
        "SERVER_MAX_BODY_SIZE", "SERVER_IDLE_TIMEOUT", "DATA_UPLOAD_MAX_NUMBER_FILES",
    ])
    func reportsALimitThatIsNoNumber(_ name: String) {
        for value in ["1 MB", "-1", "+5", "0x10", "9999999999999999999999"] {
            #expect(settings([name: value]).problems.map(\.id) == ["settings.E002"])
        }
    }

    @Test func reportsAProxyHeaderWithoutAValue() {
        let problems = settings(["SECURE_PROXY_SSL_HEADER": "X-Forwarded-Proto"]).problems
        #expect(problems.map(\.id) == ["settings.E002"])
    }

    @Test func warnsAboutProxyFieldsThatNobodyMaySend() async throws {
        let site = try site(["USE_X_FORWARDED_HOST": "true"])
        let found = try await site.check(forDeployment: false)
        #expect(
            found.first { $0.id == "http.W001" }?.message
                == "Fields of a proxy are to be used, but no proxy is trusted, so they are not."
        )
    }

    // MARK: - Static files

    @Test(arguments: [
        ("static/", "/static/"), ("/static/", "/static/"), ("/a/b/", "/a/b/"),
        ("https://cdn.example/x/", "https://cdn.example/x/"),
        ("http://cdn.example/x/", "http://cdn.example/x/"), ("/", "/"),
    ])
    func startsTheStaticURLWithASlash(_ given: String, _ used: String) async throws {
        #expect(settings(["STATIC_URL": given]).staticURL == used)
        var settings = settings()
        settings.staticURL = given
        #expect(settings.staticURL == used)
        let found = try await site(["STATIC_URL": given]).check(forDeployment: false)
        #expect(!found.contains { $0.id == "urls.E006" })
    }

    @Test(arguments: [
        ("static/", "/shop/static/"), ("/static/", "/static/"),
        ("https://cdn.example/x/", "https://cdn.example/x/"), (nil, "/shop/static/"),
    ])
    func aStaticURLWithoutASlashLiesBelowTheSite(_ given: String?, _ used: String) async throws {
        var values = ["FORCE_SCRIPT_NAME": "shop/"]
        values["STATIC_URL"] = given
        #expect(settings(values).staticURL == used)
    }

    @Test func oldCookiesAndUploadsAreTheSitesChoice() async throws {
        #expect(!settings().acceptsLegacyCookieSalts)
        let values = ["SIGNED_COOKIE_LEGACY_SALT_FALLBACK": "true"]
        #expect(HTTPSettings(settings(values)).acceptsLegacyCookieSalts)
        let body = "--B\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nb\r\n--B--"
        for (skips, answer) in [(false, "0 1"), (true, "0 0")] {
            var site = PlainSite()
            site.settings = settings(["DEBUG": "false", "SECURE_SSL_REDIRECT": "false"])
            site.uploadHandlers = skips ? [SkippingHandler()] : []
            let context = try site.makeContext()
            let request = Request(
                method: .post,
                target: "/form/",
                headers: [
                    "Host": "example.com", "Content-Type": "multipart/form-data; boundary=B",
                ],
                body: RequestBody(Array(body.utf8))
            )
            let response = await context.use {
                await context.makeApplication(middleware: []).handle(request)
            }
            #expect(response.text == answer)
        }
    }

    @Test(arguments: ["static", "/static", "https://cdn.example/x"])
    func reportsAStaticURLWithoutASlashAtItsEnd(_ given: String) async throws {
        let found = try await site(["STATIC_URL": given]).check(forDeployment: false)
        let message = try #require(found.first { $0.id == "urls.E006" })
        let used = given == "static" ? "/static" : given
        #expect(message.level == .error)
        #expect(message.message == "STATIC_URL is '\(used)', which does not end with a slash.")
        #expect(message.hint == "Set it to '\(used)/'.")
    }

    @Test(
        arguments: [
            ("media", "/media"), ("/media", "/media"),
            ("https://cdn.example/m", "https://cdn.example/m"),
            ("media/", nil), ("", nil),
        ] as [(String, String?)]
    )
    func reportsAMediaURLWithoutASlashAtItsEnd(_ given: String, _ used: String?) async throws {
        let found = try await site(["MEDIA_URL": given]).check(forDeployment: false)
        let message = found.first { $0.id == "urls.E006" }?.message
        #expect(message == used.map { "MEDIA_URL is '\($0)', which does not end with a slash." })
    }

    /// A probe by plain HTTP gets its answer, and nothing else does.
    @Test(arguments: ["healthz", "/healthz/,status", "/,healthz"])
    func someBeginningsAreAnsweredByPlainHTTP(_ exempt: String) async throws {
        let values = ["DEBUG": "false", "SECURE_REDIRECT_EXEMPT": exempt]
        for (target, code) in [("/healthz/x/", 404), ("/", 308), ("/x/healthz/", 308)] {
            let request = Request(
                target: target,
                headers: ["Host": "example.com"],
                remoteAddress: "203.0.113.7"
            )
            #expect(try await answer(values, request).status.code == code, "\(target)")
        }
    }

    @Test func theReportPathIsReadFromTheEnvironment() {
        #expect(settings().cspReportPath == "/csp-report/")
        #expect(settings(["CSP_REPORT_PATH": "r/"]).cspReportPath == "/r/")
        #expect(settings(["CSP_REPORT_PATH": ""]).cspReportPath.isEmpty)
        let below = settings(["CSP_REPORT_PATH": "r/", "FORCE_SCRIPT_NAME": "/shop"])
        #expect(below.cspReportPath == "/shop/r/")
    }

    private func withFolder(
        _ files: [String: String],
        _ body: (URL) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-site-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try await body(folder)
    }

    @Test func aFileThatChangesWithinASecondGetsAnotherTag() async throws {
        try await withFolder(["static/a.css": "one"]) { folder in
            let path = folder.appendingPathComponent("static/a.css").path
            let site = try site(folder: folder.path)
            let application = site.makeApplication()
            var tags: [String] = []
            for nanoseconds in [0, 1, 500_000_000] {
                setTime(ofFile: path, seconds: 1_700_000_000, nanoseconds: nanoseconds)
                let response = await application.handle(Self.get("/static/a.css"))
                #expect(response.status.code == 200)
                tags.append(try #require(response.headers["ETag"]))
                let again = await application.handle(
                    Self.get("/static/a.css", ["If-None-Match": tags[0]])
                )
                #expect(again.status.code == (tags.count == 1 ? 304 : 200))
            }
            #expect(Set(tags).count == 3)
        }
    }

    // MARK: - Pages

    @Test(arguments: [
        "//evil.example", "///evil.example", "//evil.example/../x", "/\\evil.example",
        "/\\/evil.example", "//\\evil.example", "\\\\evil.example", "\\/evil.example",
        "https://evil.example", "https:evil.example", "javascript:alert(1)", " //evil.example",
        "\t//evil.example", "\n//evil.example", "\u{0}//evil.example", "evil.example", "",
    ])
    func redirectsNoTargetToAnotherSite(_ target: String) async throws {
        let site = try site()
        await site.use {
            #expect(throws: (any Error).self) { try redirect(to: target) }
        }
    }

    /// Browsers take out tabs and line breaks; these are sent encoded.
    @Test(arguments: [
        ("/\t/evil.example", "/%09/evil.example"), ("/\n/evil.example", "/%0A/evil.example"),
        ("/\r\n/evil.example", "/%0D%0A/evil.example"), ("/a//b", "/a//b"), ("./x", "./x"),
        ("/a\\b", "/a%5Cb"),
    ])
    func redirectsToAPathOfTheSite(_ target: String, _ location: String) throws {
        #expect(try redirect(to: target).headers["Location"] == location)
    }

    /// A page of one instance of an app links to its own instance.
    @Test(arguments: ["/one/", "/two/"])
    func linksStayInTheInstanceOfThePage(_ target: String) async throws {
        let pages = ["templates/linked.html": "{% url 'shop:index' %} {% url 'one:index' %}"]
        try await withFolder(pages) { folder in
            let site = try site(folder: folder.path)
            let response = await site.use {
                await site.makeApplication().handle(Self.get(target))
            }
            #expect(response.text == "\(target) /one/")
        }
    }

    @Test(arguments: [400, 403, 404, 500])
    func logsAnErrorPageThatFailsAndShowsAPlainOne(_ status: Int) async throws {
        let template = "templates/\(status).html"
        try await withFolder([template: "{% url 'no-such-name' %}"]) { folder in
            let log = LogRecorder()
            var pages = SiteErrorPages(site: try site(folder: folder.path))
            pages.logger = log.logger
            let context = try await Self.errorContext(status)
            let page = try #require(await pages.pages.page(context))
            #expect(page.status.code == status)
            #expect(page.text?.contains("no-such-name") == false)
            #expect(log.messages.count == 1)
            #expect(
                log.messages.first?.hasPrefix("error: The error page \(status).html failed") == true
            )
        }
        // A template that is not there is no error.
        let log = LogRecorder()
        var pages = SiteErrorPages(site: try site())
        pages.logger = log.logger
        #expect(await pages.pages.page(try await Self.errorContext(status))?.status.code == status)
        #expect(log.messages.isEmpty)
    }

    /// What an application hands to its error pages.
    private static func errorContext(_ status: Int) async throws -> ErrorPages.Context {
        let contexts = AsyncStream.makeStream(of: ErrorPages.Context.self)
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        let application = Application(
            settings: settings,
            routes: failingPages,
            errorPages: ErrorPages(page: { context in
                contexts.continuation.yield(context)
                return nil
            })
        )
        let response = await application.handle(get("/", ["X-Status": "\(status)"]))
        #expect(response.status.code == status)
        var iterator = contexts.stream.makeAsyncIterator()
        return try #require(await iterator.next())
    }
}

private let failingPages = Routes {
    #path("", failing)
}

private func failing(_ request: Request) async throws -> Response {
    throw HTTPError.status(HTTPStatus(Int(request.headers["X-Status"] ?? "") ?? 500), "failed")
}
