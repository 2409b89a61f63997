import Configuration
import Foundation
import Nuages
import NuagesSQLite
import Testing

@testable import NuagesViews

/// A site that makes its layers itself, or changes those of the framework.
private struct OwnLayers: Site {
    struct Pages: App {
        let label = "pages"
        let directory: String?
    }

    var settings = Settings(secretKey: SecretKey(String(repeating: "abcdefghij", count: 6)))
    var folder: String?
    var isStandard = true
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [Pages(directory: folder)] }
    var middleware: [any Middleware] {
        isStandard
            ? standardMiddleware
            : MiddlewareStack.standard(settings: HTTPSettings(settings)).layers
    }
    var urls: Routes {
        #path("", front)
        #path("large/", front).maxBodySize(5_000_000)
    }
}

private func front(_ request: Request) async throws -> Response { .text("front") }

@Suite struct OwnLayersTests {
    private func settings(_ values: [String: String]) -> Settings {
        let environment = values.merging([
            "SECRET_KEY": String(repeating: "abcdefghij", count: 6), "DEBUG": "true",
            "DATABASE_URL": "sqlite::memory:", "ALLOWED_HOSTS": "example.com",
        ]) { first, _ in first }
        return Settings(
            configuration: ConfigReader(
                provider: EnvironmentVariablesProvider(environmentVariables: environment)
            )
        )
    }

    @Test func theOptionsOfTheLayersAreThoseOfTheSettings() async throws {
        let site = OwnLayers(
            settings: settings([
                "DEBUG": "false", "SECURE_REDIRECT_EXEMPT": "healthz",
                "SECURE_HSTS_SECONDS": "3600",
                "CSRF_TRUSTED_ORIGINS": "https://a.example", "CSP_REPORT_PATH": "reports/",
                "SECURE_SSL_REDIRECT": "true",
            ])
        )
        let layers = site.standardMiddleware { security, csrf in
            #expect(security.redirectsToHTTPS == true)
            #expect(security.redirectExemptPrefixes == ["healthz"])
            #expect(security.reportPath == "/reports/")
            security.hstsPreload = true
            security.crossOriginEmbedderPolicy = "require-corp"
            csrf.cookieSameSite = .strict
            csrf.trustedOrigins = ["https://b.example"]
        }
        #expect(layers.map { "\(type(of: $0))" } == site.middleware.map { "\(type(of: $0))" })
        let application = Application(
            settings: HTTPSettings(site.settings),
            middleware: MiddlewareStack(layers),
            routes: Routes {
                Route("", (), view: { .text($0.csrfToken()) })
            }
        )
        func send(_ method: HTTPMethod, _ headers: Headers = [:]) async -> Response {
            var headers = headers
            headers["Host"] = "example.com"
            return await application.handle(
                Request(method: method, target: "/", headers: headers, isTLS: true)
            )
        }
        let page = await send(.get)
        #expect(
            page.headers["Strict-Transport-Security"]
                == "max-age=3600; includeSubDomains; preload"
        )
        #expect(page.headers["Cross-Origin-Embedder-Policy"] == "require-corp")
        #expect(page.headers["Reporting-Endpoints"] == "csp=\"/reports/\"")
        #expect(page.headers["Set-Cookie"]?.contains("SameSite=Strict") == true)
        let secret = String(repeating: "a", count: 32)
        for (origin, status) in [("a", 200), ("b", 200), ("c", 403)] {
            let response = await send(
                .post,
                [
                    "Origin": "https://\(origin).example", "X-CSRFToken": secret,
                    "Cookie": "__Host-csrftoken=\(secret)",
                ]
            )
            #expect(response.status.code == status, "\(origin)")
        }
    }

    @Test(
        arguments: [
            (true, "csp-report/", true, []),
            (false, "csp-report/", true, ["middleware.W001", "middleware.W002"]),
            (false, "", true, ["middleware.W002"]),
            (false, "csp-report/", false, ["middleware.W001"]),
        ] as [(Bool, String, Bool, [String])]
    )
    func reportsWhatLayersOfOnesOwnLeaveOut(
        isStandard: Bool,
        reports: String,
        hasFiles: Bool,
        ids: [String]
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-layers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent(hasFiles ? "static" : "templates"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let site = OwnLayers(
            settings: settings(["CSP_REPORT_PATH": reports]),
            folder: folder.path,
            isStandard: isStandard
        )
        let found = try await site.makeContext().check(forDeployment: false)
        #expect(found.map(\.id).filter { $0.hasPrefix("middleware.W") }.sorted() == ids)
        var elsewhere = site
        elsewhere.settings.staticURL = "https://cdn.example/static/"
        let others = try await elsewhere.makeContext().check(forDeployment: false)
        #expect(!others.contains { $0.id == "middleware.W002" })
    }

    @Test(arguments: [("1000000", true), ("5000000", false)])
    func reportsARouteThatTakesMoreThanTheServer(_ limit: String, isReported: Bool) async throws {
        let site = OwnLayers(
            settings: settings(["SERVER_MAX_BODY_SIZE": limit]),
            folder: "/nowhere",
            isStandard: true
        )
        let found = try await site.makeContext().check(forDeployment: false)
            .filter { $0.id == "urls.E101" }
        #expect(found.map(\.object) == (isReported ? ["/large/"] : []))
        #expect(
            found.allSatisfy {
                $0.message
                    == "The route takes bodies of 5000000 bytes, and the server none of more "
                    + "than 1000000."
            }
        )
    }
}
