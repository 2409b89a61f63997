internal import Logging
internal import NuagesCore

/// Pages that an app shows for errors in place of the plain ones.
///
/// Both closures may answer nil, and then the next choice is taken: debug page (only in debug),
/// the app's page, a plain page.
public struct ErrorPages: Sendable {
    /// What a page is made of.
    public struct Context: Sendable {
        /// The status.
        public let status: HTTPStatus
        /// The error.
        public let error: any Error
        /// The request; its parsers may be what failed, so pages leave its body alone.
        public let request: Request
        /// The patterns of the site with their names, for a 404.
        public let patterns: [(pattern: String, viewName: String?)]
        /// What went wrong, for the developer's own browser; nil for everybody else.
        public var reason: String?
    }

    /// The app's own page for a status, such as its template `404.html`.
    public var page: @Sendable (Context) async -> Response?
    /// The page with all details; only called in debug.
    public var debugPage: @Sendable (Context) async -> Response?

    /// Pages of an app.
    ///
    /// - Parameters:
    ///   - page: the app's own page for a status.
    ///   - debugPage: the page with all details, only called in debug.
    public init(
        page: @escaping @Sendable (Context) async -> Response? = { _ in nil },
        debugPage: @escaping @Sendable (Context) async -> Response? = { _ in nil }
    ) {
        self.page = page
        self.debugPage = debugPage
    }
}

/// Turns errors into responses: the only place that does.
///
/// Nothing of a request is repeated in a page outside debug, and no parser of it is called: it
/// may be what failed.
struct ErrorResponses: Sendable {
    let isDebug: Bool
    let pages: ErrorPages
    /// The layers that see the errors of views, the innermost first.
    var viewLayers: [any ExceptionMiddleware] = []

    private static var requestLogger: Logger { Logger(label: "nuages.request") }

    /// The answer where a view has thrown; the layers of its route are asked first.
    func response(
        ofView error: any Error,
        to request: Request,
        first routeLayers: [any ExceptionMiddleware] = []
    ) async -> Response {
        do {
            if let answer = try await answer(ofView: error, to: request, first: routeLayers) {
                return answer
            }
        } catch {
            return await response(for: error, to: request)
        }
        return await response(for: error, to: request)
    }

    /// What the layers that see the errors of views answer; nil where it becomes the usual page.
    func answer(
        ofView error: any Error,
        to request: Request,
        first routeLayers: [any ExceptionMiddleware] = []
    ) async throws -> Response? {
        for layer in routeLayers + viewLayers {
            if var response = try await layer.processException(error, for: request) {
                try await response.renderPage(for: request)
                return response
            }
        }
        return nil
    }

    func response(for error: any Error, to request: Request) async -> Response {
        let convertible = error as? any ResponseConvertibleError
        let status = convertible?.status ?? .internalServerError
        log(error, status, request)
        var response = await page(for: error, status, request)
        for field in convertible?.responseHeaders.fields ?? [] {
            response.headers[field.name] = field.value
        }
        return response
    }

    private func page(
        for error: any Error,
        _ status: HTTPStatus,
        _ request: Request
    ) async -> Response {
        // What went wrong is nobody's business but the developer's.
        let showsDetails = isDebug && request.mayShowDetails
        let context = ErrorPages.Context(
            status: status,
            error: error,
            request: request,
            patterns: status == .notFound && showsDetails
                ? request.storage.router?.patterns ?? [] : [],
            reason: showsDetails || isDebug && request.mayShowReason(of: error)
                ? "\(error)" : nil
        )
        if showsDetails, let response = await pages.debugPage(context) { return response }
        if let response = await pages.page(context) { return response }
        let message = context.reason ?? (error as? any ResponseConvertibleError)?.publicMessage
        return Self.plainPage(status, message)
    }

    /// A page that says no more than its status, and `message`.
    static func plainPage(_ status: HTTPStatus, _ message: String? = nil) -> Response {
        let reason = HTMLEscaper.escape(status.reasonPhrase)
        return .html(
            """
            <!doctype html>
            <html lang="en">
            <head>
              <title>\(reason)</title>
            </head>
            <body>
              <h1>\(reason)</h1><p>\(HTMLEscaper.escape(message ?? ""))</p>
            </body>
            </html>

            """,
            status: status
        )
    }

    private func log(_ error: any Error, _ status: HTTPStatus, _ request: Request) {
        if case .clientDisconnected? = error as? HTTPError {
            request.storage.noteLogged()
            Self.requestLogger.debug("Client disconnected: \(request.loggedPath)")
            return
        }
        if let event = SecurityLog.event(of: error) {
            SecurityLog.report(event.name, event.text, request: request)
            // As in Django, the line of the check stands for that of the answer.
            if error is CSRFError { request.storage.noteLogged() }
            return
        }
        logAnswer(status, to: request, status.code >= 500 || status == .badRequest ? error : nil)
    }

    /// Logs an answer of 400 and more, unless that has been done.
    ///
    /// Django: `log_response`.
    ///
    /// - Parameters:
    ///   - status: the status of the answer.
    ///   - request: the request.
    ///   - error: what went wrong in the site, or is wrong with the request.
    func logAnswer(_ status: HTTPStatus, to request: Request, _ error: (any Error)? = nil) {
        guard request.storage.noteLogged() else { return }
        let path = request.loggedPath
        var metadata: Logger.Metadata = [
            "status": "\(status.code)", "method": "\(LogText.escape(request.method.rawValue))",
            "path": "\(path)", "request_id": "\(request.id)",
        ]
        let text = status.reasonPhrase + ": " + path
        guard status.code >= 500 else {
            if let error { metadata["reason"] = "\(LogText.escape("\(error)"))" }
            Self.requestLogger.warning("\(text)", metadata: metadata)
            return
        }
        let reason = error.map { ": " + LogText.escape("\($0)") } ?? ""
        Self.requestLogger.error("\(text)\(reason)", metadata: metadata)
    }
}

/// Security events, each under a label of its own: `nuages.security.<event>`.
enum SecurityLog {
    /// The event that an error is; nil for one that looks like no attack.
    static func event(of error: any Error) -> (name: String, text: String)? {
        if let error = error as? CSRFError { return ("csrf", error.reason) }
        return switch error as? HTTPError {
        case .suspicious(let kind, let text): (kind.rawValue, text)
        case .forbidden(let text): ("PermissionDenied", text)
        case .contentTooLarge: ("RequestDataTooBig", "\(error)")
        default: nil
        }
    }

    static func report(_ event: String, _ text: String, request: Request) {
        Logger(label: "nuages.security.\(event)").warning(
            "\(LogText.escape(text))",
            metadata: [
                "method": "\(LogText.escape(request.method.rawValue, limit: 32))",
                "path": "\(request.loggedPath)",
                "request_id": "\(request.id)",
                "remote_address": "\(LogText.escape(request.clientAddress, limit: 64))",
            ]
        )
    }
}
