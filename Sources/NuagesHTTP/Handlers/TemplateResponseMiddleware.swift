/// A layer of the site or of a route that sees pages before they are rendered.
///
///     struct Seasonal: TemplateResponseMiddleware {
///         func processTemplateResponse(
///             _ response: inout Response,
///             for request: Request
///         ) async throws {
///             response.template?.context["season"] = "winter"
///         }
///     }
///
/// The innermost is asked first.
///
/// Django: the method `process_template_response` of middleware.
public protocol TemplateResponseMiddleware: Middleware {
    /// Changes a page before it is rendered.
    ///
    /// - Parameters:
    ///   - response: the response, whose `response.template` is there.
    ///   - request: the request that it answers.
    /// - Throws: any error; it becomes the response.
    func processTemplateResponse(_ response: inout Response, for request: Request) async throws
}

extension TemplateResponseMiddleware {
    /// What `next` answers; as a layer of a route, with its page changed.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: what `next` and ``processTemplateResponse(_:for:)`` throw.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        // As a layer of the site it was asked before the page was rendered.
        if !response.isRendered { try await processTemplateResponse(&response, for: request) }
        return response
    }
}

extension Request {
    /// The layers of the site that see pages before they are rendered, the innermost first.
    package var pageLayers: [any TemplateResponseMiddleware] { storage.core?.pageLayers ?? [] }
}
