import Foundation
import Nuages
import NuagesSQLite
import Testing

/// A site whose templates, routes and settings hold mistakes.
private struct BrokenSite: Site {
    struct Pages: App {
        let label = "pages"
        let directory: String?
    }

    var settings = Settings(secretKey: SecretKey("short"))
    var folder = ""
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [Pages(directory: folder)] }
    var urls: Routes {
        #path("a/", page, name: "first")
        #path("a/", page, name: "second")
        #path("<str:anything>/", named, name: "third")
        #path("b/", page, name: "fourth")
    }
}

private func page(_ request: Request) async throws -> Response { .text("page") }
private func named(_ request: Request, anything: String) async throws -> Response { .text("page") }

@Suite struct SiteCheckTests {
    private func messages(
        templates: [String: String],
        forDeployment: Bool = false,
        configure: (inout Settings) -> Void = { _ in }
    ) async throws -> [CheckMessage] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-check-\(UUID().uuidString)")
        let directory = folder.appendingPathComponent("templates")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in templates {
            try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        }
        var site = BrokenSite()
        site.folder = folder.path
        site.settings.databaseURL = "sqlite::memory:"
        configure(&site.settings)
        return try await site.makeContext().check(forDeployment: forDeployment)
    }

    @Test func reportsANameThatNoRouteHas() async throws {
        let found = try await messages(templates: ["a.html": "\n{% url 'frist' %}"])
        let message = try #require(found.first { $0.id == "templates.E101" })
        #expect(
            message.message
                == "{% url 'frist' %} on line 2: no route has this name. Did you mean 'first'?"
        )
        #expect(message.object == "a.html")
    }

    /// `{% url … as x %}` asks whether a site has a route, as in Django.
    @Test func anOptionalNameThatNoRouteHasIsAWarning() async throws {
        let found = try await messages(templates: [
            "a.html": "{% url 'shop:basket' as basket %}{% if basket %}{{ basket }}{% endif %}"
        ])
        #expect(!found.contains { $0.id == "templates.E101" })
        let message = try #require(found.first { $0.id == "templates.W108" })
        #expect(message.level == .warning)
        #expect(message.message == "{% url 'shop:basket' %} on line 1: no route has this name.")
    }

    @Test func reportsArgumentsThatNoRouteTakes() async throws {
        let found = try await messages(templates: [
            "a.html": "{% url 'third' %}{% url 'first' 1 as x %}\n{% url 'first' %}"
                + "{% url 'third' other='x' %}{% url 'third' anything='x' %}{% url 'third' x %}"
        ])
        let reported = found.filter { $0.id == "templates.E102" }
        #expect(
            reported.map(\.message) == [
                "{% url 'third' %} on line 1: the route does not take these arguments (0 by position).",
                "{% url 'third' %} on line 2: the route does not take these arguments (the names "
                    + "other).",
            ]
        )
        #expect(reported.first?.hint == "Its patterns are: <str:anything>/.")
    }

    @Test func reportsAnAddressOfFilesWithoutSlash() async throws {
        let found = try await messages(templates: [:]) { $0.staticURL = "/static" }
        #expect(found.contains { $0.id == "urls.E006" })
    }

    @Test func reportsATemplateThatDoesNotCompile() async throws {
        let found = try await messages(templates: ["a.html": "{% fro x in y %}"])
        #expect(found.contains { $0.id == "templates.E004" && $0.level == .error })
    }

    @Test func reportsARouteThatIsNeverReached() async throws {
        let found = try await messages(templates: [:])
        #expect(Set(found.filter { $0.id == "urls.W101" }.map(\.object)) == ["a/", "b/"])
    }

    @Test func reportsAnUnknownTimeZone() async throws {
        let found = try await messages(templates: [:]) { $0.timeZone = "Mars/Olympus" }
        #expect(found.contains { $0.id == "settings.E003" })
    }

    @Test func reportsWeakSettingsBeforeDeployment() async throws {
        let found = try await messages(templates: [:], forDeployment: true) {
            $0.isDebug = true
            $0.hstsSeconds = 0
            $0.redirectsToHTTPS = false
        }
        let ids = Set(found.map(\.id)).filter { $0.hasPrefix("security.") }
        #expect(
            ids == [
                "security.W018", "security.W020", "security.W009", "security.W008", "security.W004",
            ]
        )
    }
}

@Suite struct CheckReportTests {
    @Test func saysThatAllIsWell() {
        #expect(CheckReport(messages: []).text == "System check identified no issues.")
    }

    @Test func groupsMessagesByLevel() {
        let report = CheckReport(messages: [
            CheckMessage(.warning, id: "x.W001", "Odd.", hint: "Mend it.", object: "thing"),
            CheckMessage(.error, id: "x.E001", "Wrong."),
        ])
        #expect(
            report.text == """
                System check identified some issues:

                ERRORS:
                ?: (x.E001) Wrong.

                WARNINGS:
                thing: (x.W001) Odd.
                \tHINT: Mend it.

                System check identified 2 issues.
                """
        )
    }
}
