import Nuages
import NuagesTesting
import Testing

private struct ArticleList: ListView {
    let model = Article.self
    var paginateBy: Int?
    var paginateOrphans = 0
    var allowEmpty = true
    var ordering = ["-pub_date"]

    func extraContext(_ request: Request) async throws -> ContextDictionary { ["extra": "more"] }
}

private struct NamedList: ListView {
    let contextObjectName: String? = "stories"
    let templateName: String? = "stories.html"

    func querySet(_ request: Request) async throws -> QuerySet<Article> {
        Article.objects.filter { $0.title.hasPrefix("A") }.order { $0.title.ascending }
    }
}

@Model(app: "news", proxy: true, ordering: ["title"], defaultManagerName: "shown")
struct ShownArticle {
    @Parent var article: Article

    static var shown: QuerySet<ShownArticle> {
        objects.filter(lookups: ["title__startswith": "B"])
    }
}

private struct ShownList: ListView {
    let model = ShownArticle.self
    let templateName: String? = "shown.html"
}

@Suite struct ListViewTests {
    private static let template = """
        {% for article in object_list %}{{ article.title }},{% endfor %} {{ extra }} \
        {{ is_paginated }} {{ page_obj.number }} {{ paginator.count }} {{ article_list|length }}
        """

    private func withArticles(
        _ view: ArticleList,
        count: Int = 5,
        _ body: (TestClient) async throws -> Void
    ) async throws {
        try await withNewsSite(
            templates: ["news/article_list.html": Self.template],
            routes: Routes {
                #path("", view)
                #path("page<int:page>/", view)
            }
        ) { client in
            for number in 0..<count {
                try await makeArticle("A\(number)", "2026-01-0\(number + 1) 12:00")
            }
            try await body(client)
        }
    }

    @Test func listsAllObjectsInTheViewsOrder() async throws {
        try await withArticles(ArticleList()) { client in
            let (page, log) = try await Database.capturingQueries { try await client.get("/") }
            #expect(page.status == 200)
            #expect(page.text == "A4,A3,A2,A1,A0, more False   5")
            #expect(log.count == 1)
        }
    }

    @Test(arguments: [
        ("/", 200, "A4,A3, more True 1 5 2"), ("/?page=2", 200, "A2,A1, more True 2 5 2"),
        ("/?page=last", 200, "A0, more True 3 5 1"), ("/page3/", 200, "A0, more True 3 5 1"),
        ("/page2/?page=3", 200, "A2,A1, more True 2 5 2"),
        ("/?page=", 200, "A4,A3, more True 1 5 2"),
        ("/?page=4", 404, nil), ("/?page=0", 404, nil), ("/?page=x", 404, nil),
        ("/?page=%2B1", 404, nil),
    ])
    func showsThePageThatIsAskedFor(_ path: String, status: Int, text: String?) async throws {
        try await withArticles(ArticleList(paginateBy: 2)) { client in
            let page = try await client.get(path)
            #expect(page.status == status)
            if let text { #expect(page.text == text) }
        }
    }

    @Test func keepsOrphansOnTheLastPage() async throws {
        try await withArticles(ArticleList(paginateBy: 2, paginateOrphans: 1)) { client in
            let found3 = try await client.get("/?page=2").text
            #expect(found3 == "A2,A1,A0, more True 2 5 3")
            let found4 = try await client.get("/?page=3").status
            #expect(found4 == 404)
        }
    }

    @Test(arguments: [nil, 2])
    func isMissingWhereItMayNotBeEmpty(_ perPage: Int?) async throws {
        try await withArticles(ArticleList(paginateBy: perPage, allowEmpty: false), count: 0) {
            client in
            let found = try await client.get("/").status
            #expect(found == 404)
        }
        try await withArticles(ArticleList(paginateBy: perPage), count: 0) { client in
            let found = try await client.get("/").status
            #expect(found == 200)
        }
    }

    @Test func takesAQuerySetATemplateAndANameOfItsOwn() async throws {
        try await withNewsSite(
            templates: ["stories.html": "{% for story in stories %}{{ story.title }},{% endfor %}"],
            routes: Routes { #path("", NamedList()) }
        ) { client in
            for title in ["B", "A2", "A1"] { try await makeArticle(title, "2026-01-01 12:00") }
            let found5 = try await client.get("/").text
            #expect(found5 == "A1,A2,")
        }
    }

    @Test func answersReadingMethodsOnly() async throws {
        try await withArticles(ArticleList()) { client in
            let refused = try await client.post("/")
            #expect(refused.status == 403 || refused.status == 405)
            let put = try await client.send(
                .delete,
                "/",
                headers: ["Sec-Fetch-Site": "same-origin"]
            )
            #expect(put.status == 403 || put.status == 405)
            let options = try await client.send(.options, "/")
            #expect(options.headers["Allow"] == "GET, HEAD, OPTIONS")
            let head = try await client.send(.head, "/")
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func listsWhatTheDefaultManagerShows() async throws {
        try await withNewsSite(
            templates: ["shown.html": "{% for a in object_list %}{{ a.title }},{% endfor %}"],
            routes: Routes { #path("", ShownList()) }
        ) { client in
            for (day, title) in [(1, "Bb"), (2, "A"), (3, "Ba")] {
                try await makeArticle(title, "2026-01-0\(day) 12:00")
            }
            #expect(try await client.get("/").text == "Ba,Bb,")
        }
    }
}
