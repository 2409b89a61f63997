public import NuagesCore
import NuagesForms
public import NuagesHTTP
import NuagesTemplates

/// Renders a template and answers with the page.
///
///     try await render(request, "polls/index.html", ["questions": questions])
///     // 200 OK, text/html; charset=utf-8
///
/// The template sees the values of `context` and `request`, `csrf_token` and `debug`.
///
/// Django: `django.shortcuts.render`.
///
/// - Parameters:
///   - request: the request that the page answers.
///   - template: the template's name, as in `polls/index.html`.
///   - context: what the template sees, by name.
///   - status: the status of the response.
/// - Returns: the page.
/// - Throws: `TemplateError` where the template is missing or wrong, and what values throw that
///   the template asks for.
public func render(
    _ request: Request,
    _ template: String,
    _ context: ContextDictionary = [:],
    status: HTTPStatus = .ok
) async throws -> Response {
    try await render(request, firstOf: [template], context, status: status)
}

/// Renders the first of several templates that exists.
///
/// - Parameters:
///   - request: the request that the page answers.
///   - templates: the templates' names in the order of preference.
///   - context: what the template sees, by name.
///   - status: the status of the response.
///   - contentType: the type of the page; `text/html; charset=utf-8` unless given. Values are
///     escaped as in HTML whatever it is.
/// - Returns: the page.
/// - Throws: `TemplateError` where no template exists or the first is wrong, and what values throw
///   that the template asks for.
public func render(
    _ request: Request,
    firstOf templates: [String],
    _ context: ContextDictionary = [:],
    status: HTTPStatus = .ok,
    contentType: String? = nil
) async throws -> Response {
    let site = try SiteContext.current
    var values: ContextDictionary = ["request": RequestValue(request: request)]
    values["csrf_token"] = .deferred { .string(request.csrfToken()) }
    values["debug"] = .bool(site.settings.isDebug)
    for (name, value) in context.entries { values[name] = value }
    let environment = site.templateEnvironment(for: request)
    let page = try await FormEnvironment.$current.withValue(site.formEnvironment(for: request)) {
        try await site.templates.render(
            try site.templates.template(firstOf: templates),
            values,
            environment: environment
        )
    }
    guard let contentType else { return .html(page, status: status) }
    return .bytes(page, contentType: contentType, status: status)
}

/// What a template can ask of a request.
struct RequestValue: ContextObject {
    let request: Request

    var contextDescription: ContextValue {
        .string("<Request: \(request.method) '\(request.path)'>")
    }

    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "method": .string(request.method.rawValue)
        case "path": .string(request.path)
        case "path_info": .string(request.pathInfo)
        case "get_full_path": .string(request.target)
        case "scheme": .string(request.isSecure ? "https" : "http")
        case "is_secure": .bool(request.isSecure)
        case "get_host": (try? request.host()).map { .string($0) }
        case "GET": .dictionary(Self.dictionary(request.query))
        case "csp_nonce": .string(request.cspNonce)
        case "resolver_match": request.resolverMatch.map { .object(ResolverMatchValue(match: $0)) }
        default: nil
        }
    }

    private static func dictionary(_ query: QueryDict) -> ContextDictionary {
        var values = ContextDictionary()
        for entry in query.entries { values[entry.name] = entry.values.last.map { .string($0) } }
        return values
    }
}

/// What a template can ask of the route that was found.
struct ResolverMatchValue: ContextObject {
    let match: ResolverMatch

    var contextDescription: ContextValue { .string(match.viewName) }

    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "url_name": match.urlName.map { .string($0) }
        case "view_name": .string(match.viewName)
        case "namespace": .string(match.namespace)
        case "namespaces": .array(match.namespaces.map { .string($0) })
        case "app_name": .string(match.appName)
        case "route": .string(match.route)
        default: nil
        }
    }
}
