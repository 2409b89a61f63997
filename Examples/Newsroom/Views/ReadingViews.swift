import Nuages

/// A search among the articles.
@Form
struct SearchForm {
    @CharField(maxLength: 100, required: false, label: "Search", widget: .search) var q: String
}

/// The latest articles, ten to a page; `?q=` searches them.
func listArticles(_ request: Request) async throws -> Response {
    var articles = Article.objects.published
    let form: BoundForm
    var words = ""
    switch try await SearchForm.bind(request) {
    case .valid(let search):
        words = search.q
        form = SearchForm.form.initial(search).unbound()
        if !words.isEmpty { articles = articles.searched(for: words) }
    case .invalid(let invalid): form = invalid
    }
    let page = try await Paginator(articles.selectRelated(\.author), perPage: 10)
        .page(request.query["page"] ?? "1")
    return try await render(
        request,
        "newsroom/index.html",
        ["form": form, "words": words, "articles": page.elements, "page_obj": page]
    )
}

/// The articles that readers do not see yet.
func listDrafts(_ request: Request) async throws -> Response {
    let drafts = try await Article.objects.filter { $0.status == .draft }
        .order { $0.updated.descending }
        .selectRelated(\.author)
        .all()
    return try await render(request, "newsroom/drafts.html", ["articles": drafts])
}

/// An article with its comments and the form for another one.
func showArticle(_ request: Request, slug: String) async throws -> Response {
    let article = try await Article.objects.filter { $0.slug == slug }
        .selectRelated(\.author)
        .getOr404()
    return try await articlePage(request, article, CommentForm.unbound())
}

/// The page of an article.
func articlePage(
    _ request: Request,
    _ article: Article,
    _ form: BoundForm
) async throws -> Response {
    let approved = article.comments.filter { $0.moderation == .approved }
        .order { $0.written.ascending }
    return try await render(
        request,
        "newsroom/article.html",
        [
            "article": article, "form": form,
            "tags": try await article.tags.objects.order { $0.name.ascending }.all(),
            "links": try await article.links.objects.order { $0.id.ascending }.all(),
            "comments": try await approved.all(),
        ]
    )
}
