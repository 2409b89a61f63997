public import NuagesHTTP
import NuagesModelForms
public import NuagesORM

/// A view that makes an object.
///
///     struct ArticleCreate: CreateView {
///         let model = Article.self
///         let fields: ModelFormFields<Article> = [\.title, \.slug]
///         let successURL: String? = "/articles/{slug}/"
///     }
///
///     #path("articles/add/", ArticleCreate(), name: "article-add")
///     // news/article_form.html with {{ form }}
///
/// A form with errors is shown again, also where the database refuses the object because another
/// request was faster.
///
/// Django: `django.views.generic.CreateView`.
public protocol CreateView: ModelFormMixin {
    /// What a new object has besides the fields of the form, such as its author.
    ///
    /// - Parameter request: the request.
    /// - Returns: the values; nil for none.
    /// - Throws: any error; it becomes the response.
    func draft(_ request: Request) async throws -> ModelDraft<Object>?
}

extension CreateView {
    /// Nothing.
    ///
    /// - Parameter request: the request.
    /// - Returns: nil.
    /// - Throws: nothing.
    public func draft(_ request: Request) async throws -> ModelDraft<Object>? { nil }

    /// Shows the empty form.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `ModelFormError`, `DatabaseError`, `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        try await showForm(nil, request)
    }

    /// Reads the form, and saves the object or shows the form with its errors.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: `HTTPError` for a body that is malformed or too large, `ModelFormError`,
    ///   `DatabaseError`.
    public func post(_ request: Request) async throws -> Response {
        try await process(nil, try await draft(request), request)
    }
}
