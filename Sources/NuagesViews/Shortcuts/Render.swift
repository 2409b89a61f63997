public import NuagesCore
import NuagesForms
public import NuagesHTTP
public import NuagesTemplates

/// Renders a template and answers with the page.
///
///     try await render(request, "polls/index.html", ["questions": questions])
///     // 200 OK, text/html; charset=utf-8
///
/// The template sees the values of `context`, and those of the site's context processors:
/// `csrf_token`, `debug` and `request` unless the site says otherwise.
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

/// Renders a template with its typed context and answers with the page.
///
///     try await render(request, DetailPage(question: question))
///
/// - Parameters:
///   - request: the request that the page answers.
///   - context: the values, whose type names the template (`@TemplateContext`).
///   - status: the status of the response.
/// - Returns: the page.
/// - Throws: `TemplateError` where the template is missing or wrong, and what values throw that
///   the template asks for.
public func render<Context: TemplateContext>(
    _ request: Request,
    _ context: Context,
    status: HTTPStatus = .ok
) async throws -> Response {
    try await render(request, Context.templateName, context.contextVariables, status: status)
}

/// Writes HTML that is made in Swift, the templates in it included, and answers with the page.
///
///     try await render(request) { HTML.p { "Hello" } }
///
/// - Parameters:
///   - request: the request that the page answers.
///   - status: the status of the response.
///   - content: the page.
/// - Returns: the page.
/// - Throws: `TemplateError` where a template in the page is missing or wrong.
public func render(
    _ request: Request,
    status: HTTPStatus = .ok,
    @HTMLBuilder content: () -> some HTMLContent
) async throws -> Response {
    let site = try SiteContext.current
    let environment = site.templateEnvironment(for: request)
    let forms = site.formEnvironment(for: request, environment)
    let page = try await FormEnvironment.$current.withValue(forms) {
        try await site.templates.render(content(), environment: environment) {
            try await site.templateContext(for: request)
        }
    }
    return .html(page, status: status)
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
    let values = try await site.templateContext(for: request).merging(context)
    let environment = site.templateEnvironment(for: request)
    let forms = site.formEnvironment(for: request, environment)
    let page = try await FormEnvironment.$current.withValue(forms) {
        try await site.templates.render(
            try site.templates.template(firstOf: templates),
            values,
            environment: environment
        )
    }
    guard let contentType else { return .html(page, status: status) }
    return .bytes(page, contentType: contentType, status: status)
}
