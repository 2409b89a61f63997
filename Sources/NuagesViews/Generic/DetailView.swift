public import NuagesCore
public import NuagesHTTP
import NuagesORM

/// A view that shows one object.
///
///     struct QuestionDetail: DetailView {
///         let model = Question.self
///     }
///
///     #path("<int:pk>/", QuestionDetail(), name: "detail")
///     // polls/question_detail.html with {{ object }}, {{ question }}
///
/// Django: `django.views.generic.DetailView`.
public protocol DetailView: SingleObjectMixin, TemplateResponseMixin, GetHandler {
    /// What the template sees; ``objectContextData(_:_:)`` with whatever is added.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: values by name.
    /// - Throws: any error; it becomes the response.
    func contextData(_ object: Object, _ request: Request) async throws -> ContextDictionary
}

extension DetailView {
    /// `_detail`.
    public var templateNameSuffix: String { "_detail" }

    /// `object`, the object by the name of its model, and ``ContextMixin/extraContext(_:)``.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: values by name.
    /// - Throws: what `extraContext` throws.
    public func objectContextData(
        _ object: Object,
        _ request: Request
    ) async throws -> ContextDictionary {
        try await completed(objectContext(object), for: request)
    }

    /// The same as ``objectContextData(_:_:)``.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - request: the request.
    /// - Returns: values by name.
    /// - Throws: what `extraContext` throws.
    public func contextData(
        _ object: Object,
        _ request: Request
    ) async throws -> ContextDictionary {
        try await objectContextData(object, request)
    }

    /// Shows the object.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `HTTPError.notFound` where there is no such object, `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        let object = try await object(request)
        return try await renderToResponse(
            request,
            templateNames(for: object),
            try await contextData(object, request)
        )
    }
}

extension SingleObjectMixin where Self: TemplateResponseMixin {
    /// The names of templates for an object, the preferred one first: ``templateName`` alone, else
    /// that of the object's field and that of its model.
    func templateNames(for object: Object) -> [String] {
        if let templateName { return [templateName] }
        var names: [String] = []
        if let templateNameField, case .string(let name)? = object.contextMember(templateNameField),
            !name.isEmpty
        {
            names.append(name)
        }
        return names + [modelTemplateName]
    }
}
