public import NuagesCore
public import NuagesHTTP

/// A view that shows a template; the values of the URL are in its context.
///
///     struct About: TemplateView {
///         let templateName: String? = "about.html"
///     }
///
///     #path("about/<slug:chapter>/", About())        // {{ chapter }}
///
/// Django: `django.views.generic.TemplateView`.
public protocol TemplateView: TemplateResponseMixin, GetHandler {}

extension TemplateView {
    /// Shows the template.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `TemplateError`, ``ViewError/noTemplateName(view:)``.
    public func get(_ request: Request) async throws -> Response {
        let values = ContextDictionary(
            (request.resolverMatch?.keywordArguments ?? []).map { ($0.name, $0.value.contextValue) }
        )
        return try await renderToResponse(
            request,
            [try requiredTemplateName()],
            try await completed(values, for: request)
        )
    }
}

extension PathArgument: ContextConvertible {
    /// What a template sees of a value of a URL.
    public var contextValue: ContextValue {
        switch self {
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        case .uuid(let value): .uuid(value)
        case .other(let value):
            (value as? any ContextConvertible)?.contextValue ?? .string("\(value)")
        }
    }
}
