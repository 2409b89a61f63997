import Foundation
import Nuages
import NuagesSQLite
import NuagesTesting
import Synchronization
import Testing

@TemplateContext("typed.html")
private struct TypedPage {
    let word: String
}

private func typed(_ request: Request) async throws -> Response {
    try await render(request, TypedPage(word: "<typed>"))
}
private func built(_ request: Request) async throws -> Response {
    try await render(request) {
        HTML.p { "a & b" }
        TemplatePart("part.html", ["word": "part"])
    }
}
private func lone(_ request: Request) async throws -> Response {
    try await render(request) { HTML.p { "alone" } }
}
private func optional(_ request: Request) async throws -> Response {
    try await render(request, "options.html")
}
private func page(_ request: Request) async throws -> Response {
    try await render(request, "page.html", ["site_name": "from the view"])
}
private func query(_ request: Request) async throws -> Response {
    try await render(request, "query.html")
}
private func plain(_ request: Request) async throws -> Response {
    try await render(request, "plain.html")
}

private struct WordsApp: TemplateApp {
    let label = "words"
    let contexts: [any TemplateContext.Type] = [TypedPage.self]
    let templates = ["plain.html": "built in", "page.html": "shadowed"]
    var directory: String? { Self.folder }

    @TaskLocal static var folder: String?
    /// How often the processor of the site ran.
    @TaskLocal static var runs = Runs()

    final class Runs: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }
}

private struct WordsSite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [WordsApp()] }
    var contextProcessors: [ContextProcessor] {
        .standard + [
            .i18n, .static, .media, .tz, .csp,
            ContextProcessor(["site_name", "later"]) { request, _ in
                WordsApp.runs.add()
                return ["site_name": "from the site", "later": ContextValue.deferred { .int(7) }]
            },
        ]
    }
    var templateOptions: TemplateOptions {
        var options = TemplateOptions()
        options.stringIfInvalid = "[%s?]"
        return options
    }
    var middleware: [any Middleware] {
        standardMiddleware + [LocaleMiddleware(["en-us", "fr", "tlh"], standard: "en-us")]
    }
    var urls: Routes {
        #path("lone/", lone)
        #path("query/", query)
        #path("options/", optional)
        #path("typed/", typed)
        #path("built/", built)
        #path("page/", page)
        #path("plain/", plain)
    }
}

@Suite struct ContextProcessorTests {
    private static let templates = [
        "templates/typed.html": "{{ word }} {{ site_name }}{{ wrod }}",
        "templates/query.html": """
        {% load i18n %}{% get_available_languages as languages %}\
        {% querystring request.GET b=4 %} {{ request.GET.urlencode }} {{ request.GET.a }}\
        {% for k, l in request.GET.lists %} {{ k }}={{ l|join:'+' }}{% endfor %}\
        {% for k, v in request.GET.items %} {{ k }}:{{ v }}{% endfor %}\
        {% if 'a' in request.GET %} in{% endif %}{% if request.GET %} some{% endif %}|\
        {% for code, name in languages %}{{ code }}={{ name }} {% endfor %}|\
        {% for code, name in LANGUAGES %}{{ code }} {% endfor %}
        """,
        "templates/options.html": "{{ no.such }}",
        "templates/part.html": "[{{ word }} {{ site_name }} {{ request.path }}]",
        "templates/page.html": """
        {{ site_name }} {{ later }} {{ request.method }} {{ LANGUAGE_CODE }} {{ LANGUAGE_BIDI }} \
        {{ STATIC_URL }} {{ MEDIA_URL }} {{ TIME_ZONE }} {{ debug }}{{ csrf_token|length }} \
        {{ LANGUAGES.0.0 }} {{ csp_nonce|length }}
        """,
    ]

    private func withSite(_ body: (TestClient) async throws -> Void) async throws {
        try await withTemplates(Self.templates) { folder in
            try await WordsApp.$folder.withValue(folder) {
                try await withTestSite(
                    WordsSite.self,
                    configure: { settings in
                        settings.mediaURL = "media/"
                        settings.timeZone = "Europe/Paris"
                    }
                ) { client in try await body(client) }
            }
        }
    }

    @Test func everyPageSeesWhatTheSiteGives() async throws {
        try await withSite { client in
            let words = try await client.get("/page/").text.split(separator: " ").map(String.init)
            #expect(
                words.prefix(9) == [
                    "from", "the", "view", "7", "GET", "en-us", "False", "/static/", "/media/",
                ]
            )
            #expect(words.dropFirst(9).first == "Europe/Paris")
            #expect(words.contains("False64"))
            #expect(words.last.flatMap { Int($0) }.map { $0 > 16 } == true)
        }
    }

    @Test func theQueryKeepsAllItsValues() async throws {
        try await withSite { client in
            let parts = try await client.get("/query/?a=1&a=2&b=3").text.components(
                separatedBy: "|"
            )
            #expect(
                parts[0] == "?a=1&amp;a=2&amp;b=4 a=1&amp;a=2&amp;b=3 2 a=1+2 b=3 a:2 b:3 in some"
            )
            let empty = try await client.get("/query/").text
            #expect(!empty.contains("some"))
        }
    }

    /// The site's languages, not all that there are.
    @Test func languagesAreThoseOfTheSite() async throws {
        try await withSite { client in
            let parts = try await client.get("/query/").text.components(separatedBy: "|")
            #expect(parts[1] == "en-us=English fr=French tlh=tlh ")
            #expect(parts[2].split(separator: " ") == ["en-us", "fr", "tlh"])
        }
    }

    @Test func aTypedContextNamesItsTemplate() async throws {
        try await withSite { client in
            let page = try await client.get("/typed/")
            #expect(page.text == "&lt;typed&gt; from the site[wrod?]")
        }
    }

    @Test func pagesMadeInSwiftHoldTemplates() async throws {
        try await withSite { client in
            let page = try await client.get("/built/")
            #expect(page.text == "<p>a &amp; b</p>[part from the site /built/]")
        }
    }

    @Test func pagesWithoutTemplatesAskForNoVariables() async throws {
        try await WordsApp.$runs.withValue(WordsApp.Runs()) {
            try await withSite { client in
                let page = try await client.get("/lone/")
                #expect(page.text == "<p>alone</p>")
                #expect(WordsApp.runs.count == 0)
                _ = try await client.get("/built/")
                #expect(WordsApp.runs.count == 1)
            }
        }
    }

    @Test func theOptionsOfASiteAreThoseOfItsTemplates() async throws {
        try await withSite { client in
            let page = try await client.get("/options/")
            #expect(page.text == "[no.such?]")
        }
    }

    @Test func templatesOfTheProgramStandBehindFiles() async throws {
        try await withSite { client in
            let page = try await client.get("/plain/")
            #expect(page.text == "built in")
        }
    }

    @Test func checkComparesTemplatesWithTheirContexts() async throws {
        try await withSite { _ in
            let messages = try await SiteContext.current.check(forDeployment: false)
            #expect(
                messages.filter { $0.id == "templates.E006" }.map(\.message) == [
                    "line 1, in {{ wrod }}: TypedPage has no variable 'wrod'. Did you mean 'word'?"
                ]
            )
        }
    }
}

@Suite struct TranslatedPageTests {
    /// A `.mo` file with one message.
    private func catalog(_ message: String, _ translation: String) -> Data {
        let texts = [message, translation].map { Array($0.utf8) }
        let words = [
            0x9504_12DE, 0, 1, 28, 36, 0, 0, texts[0].count, 44, texts[1].count,
            45 + texts[0].count,
        ]
        var bytes: [UInt8] = []
        for word in words {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        return Data(bytes + texts[0] + [0] + texts[1] + [0])
    }

    private struct Visits: Site {
        var settings = Settings(secretKey: .random())
        var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
        var apps: [any App] { [] }
        var middleware: [any Middleware] { [LocaleMiddleware(["en", "de"], standard: "en")] }
        var urls: Routes { #path("", visit) }
    }

    private static func visit(_ request: Request) async throws -> Response {
        try await render(request, "visit.html", ["price": 1.5])
    }

    @Test func pagesAreInTheLanguageOfTheVisitor() async throws {
        let template = "{% load i18n %}{% translate 'Welcome' %} {{ price }}"
        try await withTemplates(["visit.html": template]) { folder in
            let locale = folder + "/locale/de/LC_MESSAGES"
            try FileManager.default.createDirectory(
                atPath: locale,
                withIntermediateDirectories: true
            )
            try catalog("Welcome", "Willkommen").write(
                to: URL(fileURLWithPath: locale + "/django.mo")
            )
            try await withTestSite(
                Visits.self,
                configure: { settings in
                    settings.templateDirectories = [folder]
                    settings.localeDirectories = [folder + "/locale"]
                }
            ) { client in
                let german = try await client.get("/", headers: ["Accept-Language": "de"])
                #expect(german.text == "Willkommen 1,5")
                let english = try await client.get("/", headers: ["Accept-Language": "en"])
                #expect(english.text == "Welcome 1.5")
            }
        }
    }
}
