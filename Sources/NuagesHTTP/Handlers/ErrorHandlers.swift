/// Views that a site shows for errors, in place of its templates `404.html` and so on.
///
///     struct MySite: Site {
///         var errorHandlers: ErrorHandlers {
///             ErrorHandlers(notFound: { request, error in
///                 try await render(request, "lost.html", [:], status: .notFound)
///             })
///         }
///     }
///
/// A handler that fails itself is passed over. In debug the page with the details comes first for
/// 400, 404, 413 and 500, as in Django.
///
/// Django: `handler400`, `handler403`, `handler404`, `handler500`.
public struct ErrorHandlers: Sendable {
    /// A view that gets the error as well.
    public typealias Handler = @Sendable (Request, any Error) async throws -> Response

    /// For 400: a malformed or suspicious request.
    public var badRequest: Handler?
    /// For 403: a request that is not allowed.
    public var permissionDenied: Handler?
    /// For 404: nothing is there.
    public var notFound: Handler?
    /// For 500: the site failed.
    ///
    /// It gets no error, so that it cannot show one to visitors.
    public var serverError: (@Sendable (Request) async throws -> Response)?

    /// Views for errors; an error without one has the site's template, or a plain page.
    ///
    /// - Parameters:
    ///   - badRequest: the view for 400.
    ///   - permissionDenied: the view for 403.
    ///   - notFound: the view for 404.
    ///   - serverError: the view for 500.
    public init(
        badRequest: Handler? = nil,
        permissionDenied: Handler? = nil,
        notFound: Handler? = nil,
        serverError: (@Sendable (Request) async throws -> Response)? = nil
    ) {
        self.badRequest = badRequest
        self.permissionDenied = permissionDenied
        self.notFound = notFound
        self.serverError = serverError
    }

    /// The page of a handler; nil where there is none for the status, or where it failed.
    package func page(_ context: ErrorPages.Context) async -> Response? {
        let handler: Handler?
        switch context.status {
        case .badRequest: handler = badRequest
        case .forbidden: handler = permissionDenied
        case .notFound: handler = notFound
        case .internalServerError:
            guard let serverError else { return nil }
            return try? await Self.rendered(serverError(context.request), context.request)
        default: return nil
        }
        guard let handler else { return nil }
        return try? await Self.rendered(
            handler(context.request, context.error),
            context.request
        )
    }

    /// A page whose template fails is a handler that fails.
    private static func rendered(
        _ response: Response,
        _ request: Request
    ) async throws -> Response {
        var response = response
        try await response.renderPage(for: request)
        return response
    }
}
