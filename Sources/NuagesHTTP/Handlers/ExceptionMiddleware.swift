/// A layer of the site or of a route that sees the errors of views before they become pages.
///
///     struct Reporting: ExceptionMiddleware {
///         func processException(_ error: any Error, for request: Request) async -> Response? {
///             await reports.add(error, request.id)
///             return nil                                   // the usual page
///         }
///     }
///
/// The innermost is asked first; the first answer is the response, which the layers further out
/// see as any other. Errors of layers, and of requests without a route, are none of a view.
///
/// Django: the method `process_exception` of middleware.
public protocol ExceptionMiddleware: Middleware {
    /// Answers in place of the view, or leaves that to the others.
    ///
    /// - Parameters:
    ///   - error: what the view threw, such as ``HTTPError/notFound(_:)``.
    ///   - request: the request.
    /// - Returns: the response; nil where the error becomes the usual page.
    /// - Throws: an error in place of that of the view.
    func processException(_ error: any Error, for request: Request) async throws -> Response?
}

extension ExceptionMiddleware {
    /// What `next` answers.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        try await next.respond(to: request)
    }
}
