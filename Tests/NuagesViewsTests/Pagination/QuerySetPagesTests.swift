import Nuages
import NuagesTesting
import Testing

private func list(_ request: Request) async throws -> Response {
    let page = try await Paginator(Article.objects.order { $0.id.ascending }, perPage: 2)
        .getPage(request.query["page"])
    return try await render(request, "list.html", ["page": page])
}

@Suite struct QuerySetPagesTests {
    @Test func countsOnceAndFetchesOnePage() async throws {
        try await withNewsSite(routes: Routes([])) { _ in
            for number in 1...5 {
                try await makeArticle("Number \(number)", "2026-01-0\(number) 12:00")
            }
            let paginator = Paginator(Article.objects.order { $0.pubDate.descending }, perPage: 2)
            let (titles, log) = try await Database.capturingQueries {
                let second = try await paginator.page(2)
                let third = try await paginator.page(3)
                return (second.elements + third.elements).map(\.title)
            }
            #expect(titles == ["Number 3", "Number 2", "Number 1"])
            let columns =
                #""news_article"."id", "news_article"."title", "news_article"."slug", "#
                + #""news_article"."pub_date", "news_article"."day""#
            let select =
                "SELECT \(columns) FROM \"news_article\" ORDER BY \"news_article\".\"pub_date\" DESC"
            #expect(
                log.texts == [
                    #"SELECT COUNT(*) AS "__count" FROM "news_article""#,
                    "\(select) LIMIT 2 OFFSET 2", "\(select) LIMIT 1 OFFSET 4",
                ]
            )
        }
    }

    @Test func showsItselfInATemplate() async throws {
        let template = """
            {% for article in page %}{{ article.title }} {% endfor %}\
            {{ page.number }}/{{ page.paginator.num_pages }} of {{ page.paginator.count }} \
            {{ page.has_next }} {{ page.has_previous }} {{ page.next_page_number }} \
            {{ page.start_index }}-{{ page.end_index }} {{ page }} \
            {% for number in page.paginator.page_range %}[{{ number }}]{% endfor %}
            """
        try await withNewsSite(
            templates: ["list.html": template],
            routes: Routes { #path("", list) }
        ) { client in
            for number in 1...5 { try await makeArticle("A\(number)", "2026-01-01 12:00") }
            let page = try await client.get("/?page=2")
            #expect(
                page.text == "A3 A4 2/3 of 5 True True 3 3-4 &lt;Page 2 of 3&gt; [1][2][3]"
            )
        }
    }
}
