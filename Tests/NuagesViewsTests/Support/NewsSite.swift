import Foundation
import Nuages
import NuagesSQLite
import NuagesTesting

@Model(app: "news", verboseNamePlural: "articles")
struct Article {
    @Field(maxLength: 100) var title: String
    @Field(kind: .slugField) var slug: String
    var pubDate: Date
    var day: CalendarDate?
}

@Form
struct OpinionForm {
    @CharField(maxLength: 20) var subject: String
}

/// A site whose routes a test gives.
struct NewsSite: Site {
    struct News: ModelApp {
        let label = "news"
        let models: [any Model.Type] = [Article.self]
        let migrations: [Migration] = []
    }

    @TaskLocal static var routes = Routes([])

    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [News()] }
    var urls: Routes { Self.routes }
}

/// Runs `body` with a site of these routes and templates, and an empty table of articles.
func withNewsSite(
    templates: [String: String] = [:],
    debug: Bool = false,
    configure: (inout Settings) -> Void = { _ in },
    routes: Routes,
    _ body: (TestClient) async throws -> Void
) async throws {
    try await withTemplates(templates) { folder in
        try await withNewsSite(folder, debug, configure, routes, body)
    }
}

/// Runs `body` with a folder of templates.
func withTemplates(
    _ templates: [String: String],
    _ body: (String) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("nuages-news-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in templates {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }
    try await body(folder.path)
}

private func withNewsSite(
    _ folder: String,
    _ debug: Bool,
    _ configure: (inout Settings) -> Void,
    _ routes: Routes,
    _ body: (TestClient) async throws -> Void
) async throws {
    try await NewsSite.$routes.withValue(routes) {
        try await withTestSite(
            NewsSite.self,
            configure: { settings in
                settings.templateDirectories = [folder]
                settings.isDebug = debug
                configure(&settings)
            }
        ) { client in
            try await Database.current.execute(
                SQL(
                    unsafe: """
                        CREATE TABLE "news_article" ("id" integer NOT NULL PRIMARY KEY \
                        AUTOINCREMENT, "title" varchar(100) NOT NULL, "slug" varchar(50) NOT NULL, \
                        "pub_date" datetime NOT NULL, "day" date NULL)
                        """
                )
            )
            try await body(client)
        }
    }
}

/// An article of a moment in UTC, such as `2026-01-31 23:30`.
@discardableResult
func makeArticle(
    _ title: String,
    _ moment: String,
    day: CalendarDate? = nil
) async throws -> Article {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy-MM-dd HH:mm"
    let date = formatter.date(from: moment) ?? .distantPast
    var article = Article(
        title: title,
        slug: title.lowercased().replacingOccurrences(of: " ", with: "-"),
        pubDate: date,
        day: day
    )
    try await article.save()
    return article
}
