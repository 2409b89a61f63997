public import NuagesCore

/// Answers requests: the view at the core of the onion, or middleware around it.
public protocol Responder: Sendable {
    /// Answers `request`.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: any error; the outermost layer turns it into a response.
    func respond(to request: Request) async throws -> Response
}

/// A layer around all views that sees each request and each response.
///
///     struct Timing: Middleware {
///         func respond(to request: Request, next: any Responder) async throws -> Response {
///             var response = try await next.respond(to: request)
///             response.headers["Server-Timing"] = "app"
///             return response
///         }
///     }
public protocol Middleware: Sendable {
    /// Answers `request`, usually by what `next` answers.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: any error; the outermost layer turns it into a response.
    func respond(to request: Request, next: any Responder) async throws -> Response

    /// Where the layer belongs among those of the framework; nil is anywhere.
    var rank: MiddlewareRank? { get }

    /// What is wrong with the options of the layer; `check` prints it.
    ///
    /// - Parameter forDeployment: whether to look at what matters where the site is open to all.
    /// - Returns: messages, empty if all is well.
    func check(forDeployment: Bool) -> [CheckMessage]
}

extension Middleware {
    /// Anywhere.
    public var rank: MiddlewareRank? { nil }

    /// Nothing is wrong.
    ///
    /// - Parameter forDeployment: whether to look at what matters where the site is open to all.
    /// - Returns: no messages.
    public func check(forDeployment: Bool) -> [CheckMessage] { [] }
}

/// Middleware that most requests pass without its doing anything.
///
///     struct Maintenance: SelectiveMiddleware {
///         func concerns(_ request: Request) -> Bool { request.path == "/shop/" }
///
///         func respond(to request: Request, next: any Responder) async throws -> Response {
///             .text("We are back at noon.", status: .serviceUnavailable)
///         }
///     }
///
/// A layer that a request does not concern costs next to nothing: it is not part of the way of this
/// request and its response.
public protocol SelectiveMiddleware: Middleware {
    /// Whether the layer is called with a request, and so sees the response as well.
    ///
    /// - Parameter request: the request.
    /// - Returns: whether ``Middleware/respond(to:next:)`` is called.
    /// - Throws: any error, which becomes the response as one of the layer does.
    func concerns(_ request: Request) throws -> Bool
}

/// What the server calls: it never throws, errors have become responses.
public protocol RequestHandler: Sendable {
    /// Answers a request.
    ///
    /// - Parameter request: the request as it came from the socket.
    /// - Returns: the response to send.
    func handle(_ request: Request) async -> Response

    /// The answer to bytes that are no request: a malformed head, a limit that was passed.
    ///
    /// - Parameters:
    ///   - status: what the server found, such as 400 or 431.
    ///   - isTLS: whether they came over an encrypted connection.
    /// - Returns: the response to send before the connection is closed.
    func rejection(_ status: HTTPStatus, isTLS: Bool) -> Response
}

extension RequestHandler {
    /// A plain page that says no more than the status.
    public func rejection(_ status: HTTPStatus, isTLS: Bool) -> Response {
        ErrorResponses.plainPage(status)
    }
}

/// Middleware that adds to responses: security headers.
///
/// ``Application`` calls ``decorate(_:for:)`` itself, on every response: also where a layer
/// further out answered, on answers to requests that never reached the layers, such as one with a
/// foreign host, and on the answers to bytes that are no request.
public protocol ResponseDecorator: Middleware {
    /// Adds to a response.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - request: the request that it answers.
    func decorate(_ response: inout Response, for request: Request)

    /// Whether ``Middleware/respond(to:next:)`` does nothing, so that no layer is needed.
    var onlyDecorates: Bool { get }
}

extension ResponseDecorator {
    /// True.
    public var onlyDecorates: Bool { true }
    /// What `next` answers.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        try await next.respond(to: request)
    }
}
