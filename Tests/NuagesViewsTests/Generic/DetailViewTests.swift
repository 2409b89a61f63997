import Nuages
import NuagesTesting
import Testing

private struct ArticleDetail: DetailView {
    let model = Article.self
    var queriesPkAndSlug = false
}

private struct TypedDetail: DetailView {
    let model = Article.self
    let templateName: String? = "typed.html"
    let pk: Int

    func extraContext(_ request: Request) async throws -> ContextDictionary { ["next": pk + 1] }
}

private struct FieldTemplate: DetailView {
    let model = Article.self
    let contextObjectName: String? = "story"
    let templateNameField: String? = "slug"
}

private struct NoArgument: DetailView {
    let model = Article.self
}

@Suite struct DetailViewTests {
    private func withArticle(_ body: (TestClient) async throws -> Void) async throws {
        try await withNewsSite(
            templates: [
                "news/article_detail.html": "{{ object.title }}|{{ article.slug }}|{{ view }}",
                "typed.html": "{{ article.title }} {{ next }}",
                "first": "own {{ story.title }}",
            ],
            routes: Routes {
                #path("<int:pk>/", ArticleDetail(), name: "detail")
                #path("slug/<slug:slug>/", ArticleDetail())
                #path("any/<int:pk>/<slug:slug>/", ArticleDetail())
                #path("both/<int:pk>/<slug:slug>/", ArticleDetail(queriesPkAndSlug: true))
                #path("typed/<int:pk>/", TypedDetail.init(pk:))
                #path("text/<str:pk>/", ArticleDetail())
                #path("field/<int:pk>/", FieldTemplate())
                #path("none/", NoArgument())
            }
        ) { client in
            try await makeArticle("First", "2026-01-01 12:00")
            try await makeArticle("Second", "2026-01-02 12:00")
            try await body(client)
        }
    }

    @Test(arguments: [
        ("/1/", 200, "First|first|"), ("/3/", 404, nil), ("/slug/second/", 200, "Second|second|"),
        ("/slug/third/", 404, nil), ("/any/1/second/", 200, "First|first|"),
        ("/both/1/second/", 404, nil), ("/both/2/second/", 200, "Second|second|"),
        ("/typed/2/", 200, "Second 3"), ("/text/abc/", 404, nil), ("/text/1/", 200, "First|first|"),
        ("/field/1/", 200, "own First"), ("/field/2/", 200, "Second||"),
        ("/none/", 500, nil),
    ])
    func findsTheObjectOfTheURL(_ path: String, status: Int, text: String?) async throws {
        try await withArticle { client in
            let page = try await client.get(path)
            #expect(page.status == status)
            if let text { #expect(page.text == text) }
        }
    }

    @Test func asksOnceByKeyOrSlug() async throws {
        try await withArticle { client in
            let (_, log) = try await Database.capturingQueries {
                _ = try await client.get("/1/")
                _ = try await client.get("/both/2/second/")
            }
            let conditions = log.texts.compactMap { $0.components(separatedBy: " WHERE ").last }
            #expect(
                conditions == [
                    #""news_article"."id" = ? LIMIT 21"#,
                    #"("news_article"."id" = ? AND "news_article"."slug" = ?) LIMIT 21"#,
                ]
            )
        }
    }

    @Test func saysWhatTheRouteLacks() {
        let error = ViewError.noObjectArgument(view: "NoArgument", key: "pk", slug: "slug")
        #expect(
            error.description
                == "NoArgument does not know which object to show. Its pattern must have '<…:pk>' or "
                + "'<slug:slug>', or the view an 'object(_:)' of its own."
        )
    }
}
