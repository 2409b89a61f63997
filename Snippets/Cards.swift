// Typed contexts, HTML in Swift, context processors: what the guide to templates quotes.
import Nuages

@TemplateContext("books/detail.html")
struct DetailPage {
    let title: String
    var error: String?
}

func detail(_ request: Request) async throws -> Response {
    try await render(request, DetailPage(title: "Emma"))
}

struct Card: HTMLView {
    let title: String
    var body: some HTMLContent {
        HTML.div(.class("card")) { HTML.h2 { title } }
    }
}

func cards(_ request: Request) async throws -> Response {
    let titles = ["Emma", "Persuasion"]
    return try await render(request) {
        for title in titles { Card(title: title) }
        TemplatePart("footer.html")
    }
}

let processors: [ContextProcessor] =
    .standard + [
        .i18n,
        ContextProcessor(["book_count"]) { _, _ in
            ["book_count": ContextValue.deferred { .int(try await countBooks()) }]
        },
    ]

func countBooks() async throws -> Int { 2 }
