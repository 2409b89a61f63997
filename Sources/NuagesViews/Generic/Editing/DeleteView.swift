public import NuagesCore
public import NuagesForms
public import NuagesHTTP
import NuagesORM

/// A view that deletes an object after a page has asked whether to.
///
///     struct ArticleDelete: DeleteView {
///         let model = Article.self
///         let successURL: String? = "/articles/"
///     }
///
///     #path("articles/<int:pk>/delete/", ArticleDelete(), name: "article-delete")
///     // news/article_confirm_delete.html with {{ form }}, {{ object }}, {{ article }}
///
/// POST and DELETE delete the object. Django: `django.views.generic.DeleteView`.
public protocol DeleteView: SingleObjectMixin, TemplateResponseMixin, GetHandler, PostHandler,
    DeleteHandler
{
    /// What the page of confirmation asks besides.
    associatedtype FormClass: Form = EmptyForm

    /// Where to once the object is deleted, such as `/authors/{author_id}/` with the fields of the
    /// object.
    var successURL: String? { get }

    /// The form of the page of confirmation.
    ///
    /// - Parameter request: the request.
    /// - Returns: `FormClass.form` unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func form(_ request: Request) async throws -> FormDefinition<FormClass>

    /// Where to once the object is deleted.
    ///
    /// - Parameters:
    ///   - object: the object, before it is deleted.
    ///   - request: the request.
    /// - Returns: a path.
    /// - Throws: ``ViewError/noSuccessURL(view:)``.
    func successURL(_ object: Object, _ request: Request) async throws -> String

    /// Deletes the object and answers.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: a redirect unless the view says otherwise.
    /// - Throws: `ModelError.protected(model:by:)`, and any error; it becomes the response.
    func formValid(
        _ form: FormClass,
        _ object: Object,
        _ request: Request
    ) async throws -> Response
}

/// A form without fields: a button.
public struct EmptyForm: Form {
    /// No fields.
    public static let form = FormDefinition<Self>([])

    /// The form, which has no values.
    ///
    /// - Parameter values: the cleaned values.
    /// - Throws: nothing.
    public init(cleaned values: CleanedValues) throws(ValidationError) {}
}

extension DeleteView {
    /// None.
    public var successURL: String? { nil }
    /// `_confirm_delete`.
    public var templateNameSuffix: String { "_confirm_delete" }

    /// `FormClass.form`.
    ///
    /// - Parameter request: the request.
    /// - Returns: the form.
    /// - Throws: nothing.
    public func form(_ request: Request) async throws -> FormDefinition<FormClass> {
        FormClass.form
    }

    /// ``successURL`` with the fields of the object.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: the path.
    /// - Throws: ``ViewError/noSuccessURL(view:)`` where there is none.
    public func successURL(_ object: Object, _ request: Request) async throws -> String {
        guard let successURL else { throw ViewError.noSuccessURL(view: "\(Self.self)") }
        return try SuccessURL.filled(successURL, with: object, of: self)
    }

    /// Deletes the object and sends the browser to ``successURL(_:_:)``; what a `formValid` of one's
    /// own ends with.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: a redirect.
    /// - Throws: `ModelError.protected(model:by:)`, `DatabaseError`.
    public func deleted(_ object: Object, _ request: Request) async throws -> Response {
        let target = try await successURL(object, request)
        try await object.delete()
        return try redirect(to: target)
    }

    /// Deletes the object and sends the browser to ``successURL(_:_:)``.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: a redirect.
    /// - Throws: `ModelError.protected(model:by:)`, `DatabaseError`.
    public func formValid(
        _ form: FormClass,
        _ object: Object,
        _ request: Request
    ) async throws -> Response {
        try await deleted(object, request)
    }

    /// Asks whether to delete the object.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `HTTPError.notFound` where there is no such object, `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        let object = try await object(request)
        return try await show(try await form(request).unboundQuerying(), object, request)
    }

    /// Deletes the object where the form is valid.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: `HTTPError.notFound` where there is no such object.
    public func post(_ request: Request) async throws -> Response {
        let object = try await object(request)
        switch try await form(request).bind(request) {
        case .valid(let form): return try await formValid(form, object, request)
        case .invalid(let form): return try await show(form, object, request)
        }
    }

    /// Deletes the object without a form.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: `HTTPError.notFound` where there is no such object.
    public func delete(_ request: Request) async throws -> Response {
        try await deleted(try await object(request), request)
    }

    private func show(
        _ form: BoundForm,
        _ object: Object,
        _ request: Request
    ) async throws -> Response {
        var context = objectContext(object)
        context["form"] = .object(form)
        return try await renderToResponse(
            request,
            templateNames(for: object),
            try await completed(context, for: request)
        )
    }
}
