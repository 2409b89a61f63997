public import NuagesHTTP
import NuagesModelForms
import NuagesORM

/// A view that changes an object, found by its key or its slug in the URL.
///
///     struct ArticleUpdate: UpdateView {
///         let model = Article.self
///         typealias FormClass = ArticleForm
///     }
///
///     #path("articles/<int:pk>/edit/", ArticleUpdate(), name: "article-edit")
///     // news/article_form.html with {{ form }}, {{ object }}, {{ article }}
///
/// Django: `django.views.generic.UpdateView`.
public protocol UpdateView: ModelFormMixin, SingleObjectMixin {}

extension UpdateView {
    /// Shows the form with the object.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `HTTPError.notFound` where there is no such object, `ModelFormError`,
    ///   `DatabaseError`, `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        try await showForm(try await object(request), request)
    }

    /// Reads the form, and saves the object or shows the form with its errors.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: `HTTPError.notFound` where there is no such object, `HTTPError` for a body that is
    ///   malformed or too large, `ModelFormError`, `DatabaseError`.
    public func post(_ request: Request) async throws -> Response {
        try await process(try await object(request), nil, request)
    }
}
