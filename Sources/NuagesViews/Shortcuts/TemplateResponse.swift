public import NuagesCore
public import NuagesHTTP

/// A page that has not been rendered yet: its templates and what they will see.
///
///     func index(_ request: Request) async throws -> Response {
///         .template("polls/index.html", ["questions": questions])
///     }
///
/// It is rendered once the layers of its route have seen the response, and before those of the
/// site: they can still change the template and the context, by `response.template`.
/// Generic views answer so.
///
/// Django: `TemplateResponse`.
public struct TemplateResponse: Sendable {
    /// The names of templates, the first of which that exists is rendered.
    public var templates: [String]
    /// What the template sees.
    public var context: ContextDictionary
    fileprivate var callbacks: [@Sendable (inout Response) async throws -> Void] = []

    /// A page to render.
    ///
    /// - Parameters:
    ///   - templates: the names of templates.
    ///   - context: what the template sees.
    public init(_ templates: [String], _ context: ContextDictionary = [:]) {
        self.templates = templates
        self.context = context
    }
}

extension Response {
    /// A page of a template that is rendered later.
    ///
    /// - Parameters:
    ///   - name: the template's name.
    ///   - context: what the template sees besides what `render` lists.
    ///   - status: the status.
    ///   - contentType: the type of the page.
    /// - Returns: a response without a body as yet.
    public static func template(
        _ name: String,
        _ context: ContextDictionary = [:],
        status: HTTPStatus = .ok,
        contentType: String? = nil
    ) -> Response {
        .template(firstOf: [name], context, status: status, contentType: contentType)
    }

    /// A page of the first of several templates that exists, rendered later.
    ///
    /// - Parameters:
    ///   - names: the templates' names in the order of preference.
    ///   - context: what the template sees.
    ///   - status: the status.
    ///   - contentType: the type of the page; `text/html; charset=utf-8` unless given.
    /// - Returns: a response without a body as yet.
    public static func template(
        firstOf names: [String],
        _ context: ContextDictionary = [:],
        status: HTTPStatus = .ok,
        contentType: String? = nil
    ) -> Response {
        var response = Response(status: status)
        response.headers["Content-Type"] = contentType ?? "text/html; charset=utf-8"
        response.template = TemplateResponse(names, context)
        return response
    }

    /// The page that has not been rendered yet; nil for any other response.
    ///
    /// Setting it replaces the body.
    public var template: TemplateResponse? {
        get { (page as? TemplatePage)?.template }
        set {
            if newValue != nil { body = .empty }
            page = newValue.map(TemplatePage.init)
        }
    }

    /// Calls something with the response once its page has been rendered: at once, where that has
    /// been done.
    ///
    /// Django: `add_post_render_callback`.
    ///
    /// - Parameter callback: gets the response with its body, and may change it.
    /// - Throws: what `callback` throws.
    public mutating func addPostRenderCallback(
        _ callback: @escaping @Sendable (inout Response) async throws -> Void
    ) async throws {
        guard var template else { return try await callback(&self) }
        template.callbacks.append(callback)
        self.template = template
    }
}

private final class TemplatePage: DeferredPage {
    let template: TemplateResponse

    init(_ template: TemplateResponse) { self.template = template }

    func render(into response: Response, for request: Request) async throws -> Response {
        var response = response
        response.page = self
        for layer in request.pageLayers {
            try await layer.processTemplateResponse(&response, for: request)
        }
        guard let template = response.template else { return response }
        let page = try await NuagesViews.render(
            request,
            firstOf: template.templates,
            template.context
        )
        response.page = nil
        response.body = page.body
        for callback in template.callbacks { try await callback(&response) }
        return response
    }
}
