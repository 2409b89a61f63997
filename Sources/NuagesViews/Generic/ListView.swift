public import NuagesCore
public import NuagesHTTP
import NuagesORM

/// A view that shows a list of objects, in pages where ``MultipleObjectMixin/paginateBy`` says so.
///
///     struct QuestionList: ListView {
///         let paginateBy: Int? = 10
///         func querySet(_ request: Request) async throws -> QuerySet<Question> {
///             Question.objects.published.order { $0.pubDate.descending }
///         }
///     }
///
///     #path("", QuestionList(), name: "index")
///     // polls/question_list.html with {{ object_list }}, {{ question_list }}, {{ page_obj }},
///     // {{ paginator }} and {{ is_paginated }}
///
/// Django: `django.views.generic.ListView`.
public protocol ListView: MultipleObjectMixin, TemplateResponseMixin, GetHandler {
    /// What the template sees; ``listContextData(_:_:)`` with whatever is added.
    ///
    /// - Parameters:
    ///   - list: the objects.
    ///   - request: the request.
    /// - Returns: values by name.
    /// - Throws: any error; it becomes the response.
    func contextData(
        _ list: ObjectList<Object>,
        _ request: Request
    ) async throws -> ContextDictionary
}

extension ListView {
    /// `_list`.
    public var templateNameSuffix: String { "_list" }

    /// The objects and their page, and ``ContextMixin/extraContext(_:)``.
    ///
    /// - Parameters:
    ///   - list: the objects.
    ///   - request: the request.
    /// - Returns: values by name.
    /// - Throws: what `extraContext` throws.
    public func listContextData(
        _ list: ObjectList<Object>,
        _ request: Request
    ) async throws -> ContextDictionary {
        try await completed(listContext(list), for: request)
    }

    /// The same as ``listContextData(_:_:)``.
    ///
    /// - Parameters:
    ///   - list: the objects.
    ///   - request: the request.
    /// - Returns: values by name.
    /// - Throws: what `extraContext` throws.
    public func contextData(
        _ list: ObjectList<Object>,
        _ request: Request
    ) async throws -> ContextDictionary {
        try await listContextData(list, request)
    }

    /// Shows the list.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `HTTPError.notFound` for a page that is not there, `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        let list = try await objectList(try await orderedQuerySet(request), request)
        return try await renderToResponse(
            request,
            templateNames,
            try await contextData(list, request)
        )
    }
}
