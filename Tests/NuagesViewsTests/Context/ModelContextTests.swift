import Foundation
import Nuages
import NuagesTesting
import Testing

@TemplateContext("articles.html")
private struct ArticlesPage {
    let articles: QuerySet<Article>
    let first: Article?
}

private func list(_ request: Request) async throws -> Response {
    let articles = Article.objects.order(by: "title")
    return try await render(request, ArticlesPage(articles: articles, first: nil))
}

@Suite struct ModelContextTests {
    private let template = """
        {% for article in articles %}{{ article.title }} {% endfor %}{{ articles|length }}\
        {% if articles %} {{ articles.0.slug }}{% endif %}
        """

    @Test func aQuerySetIsFetchedOnceForAPage() async throws {
        let routes = Routes { #path("", list) }
        try await withNewsSite(templates: ["articles.html": template], routes: routes) { client in
            try await makeArticle("B", "2026-01-31 23:30")
            try await makeArticle("A", "2026-01-31 23:31")
            let (page, queries) = try await Database.capturingQueries { try await client.get("/") }
            #expect(page.text == "A B 2 a")
            #expect(queries.texts.count { $0.contains("news_article") } == 1)
        }
    }

    private func check(_ source: String) -> [String] {
        let engine = TemplateEngine(
            directories: [],
            templates: ["articles.html": source],
            isDebug: false
        )
        return engine.check(contexts: [ArticlesPage.self]).map(\.message)
    }

    @Test func checkKnowsTheFieldsOfModels() {
        #expect(
            check(
                "{% for a in articles %}{{ a.pub_date|date }}{{ a.pubDate }}{{ a.pk }}{% endfor %}"
                    + "{{ first.title.0 }}{{ first.id }}"
            ).isEmpty
        )
        #expect(
            check("{% for a in articles %}{{ a.tittle }}{% endfor %}{{ first.slugg }}") == [
                "line 1, in {{ a.tittle }}: 'a' has no member 'tittle'. Did you mean 'title'?",
                "line 1, in {{ first.slugg }}: 'first' has no member 'slugg'. "
                    + "Did you mean 'slug'?",
            ]
        )
    }
}
