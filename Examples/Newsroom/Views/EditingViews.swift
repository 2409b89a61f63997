import Nuages

/// An article; its links have forms of their own beside it.
@Form
struct ArticleForm: ModelForm {
    static let fields = ModelFormFields<Article>([
        \.title, \.slug, \.author, \.tags, \.cover, \.summary, \.body, \.status,
    ])
    .widget(\.tags, .checkboxSelectMultiple)
    .widget(\.summary, .textarea(rows: 3))
    .widget(\.body, .textarea(rows: 16))

    func clean(_ article: inout Article) throws {
        if article.slug == "new" {
            throw ValidationError(
                "This address is that of the page for new articles.",
                code: "reserved",
                field: "slug"
            )
        }
    }
}

/// A link of an article.
@Form
struct LinkForm: ModelForm {
    static let fields = ModelFormFields<Link>([\.label, \.url]).label(\.url, "Address")
}

/// Shows the form of a new article, and keeps what is written by it.
func createArticle(_ request: Request) async throws -> Response {
    try await write(nil, request)
}

/// Shows the form of an article, and changes it.
func editArticle(_ request: Request, slug: String) async throws -> Response {
    try await write(try await Article.objects.filter { $0.slug == slug }.getOr404(), request)
}

/// The article and its links are saved together, or neither is.
private func write(_ article: Article?, _ request: Request) async throws -> Response {
    var links = try LinkForm.inlineFormSet(\.article, extra: 2)
    links.definition.options.canDeleteExtra = false
    links.definition.options.maxCount = 20
    links.definition.options.absoluteMax = 20
    guard request.method == .post else {
        return try await formPage(
            request,
            article,
            try await ArticleForm.unbound(instance: article),
            try await links.unbound(of: article)
        )
    }
    let form = try await ArticleForm.bind(request, instance: article)
    let linkForms = try await links.bind(request, of: article)
    guard case .valid(var validArticle) = form, case .valid(var validLinks) = linkForms else {
        return try await formPage(
            request,
            article,
            form.form,
            linkForms.formSet
        )
    }
    do {
        let saved = try await atomic {
            let saved = try await validArticle.save()
            try await validLinks.save(under: saved)
            return saved
        }
        return try redirect(to: saved)
    } catch let conflict as ModelFormConflict {
        return try await formPage(request, article, conflict.form, linkForms.formSet)
    } catch let conflict as ModelFormSetConflict {
        return try await formPage(request, article, form.form, conflict.formSet)
    }
}

private func formPage(
    _ request: Request,
    _ article: Article?,
    _ form: BoundForm,
    _ links: BoundFormSet
) async throws -> Response {
    var (form, links) = (form, links)
    // What is valid itself is shown again where the other has errors.
    if form.isValid { try await form.loadChoices() }
    if links.isValid { try await links.loadChoices() }
    return try await render(
        request,
        "newsroom/article_form.html",
        [
            "article": article, "form": form, "links": links,
            "max_size": request.settings.formLimits.maxBodySize,
        ]
    )
}

/// Asks whether to delete an article, and deletes it.
struct DeleteArticle: DeleteView {
    let model = Article.self
    let successURL: String? = "/"
}
