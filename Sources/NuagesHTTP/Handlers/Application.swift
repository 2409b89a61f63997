/// A site: its routes, the middleware around them, and its error pages.
///
///     let application = Application(
///         settings: settings, middleware: .standard(settings: settings), routes: routes)
///     let response = await application.handle(Request(target: "/polls/"))
///
/// The layers are put together once; a request passes through them without further set-up.
public struct Application: RequestHandler {
    private let core: ApplicationCore
    private let chain: any Responder
    /// Layers that add header fields, the innermost first: to every response.
    private let decorators: [any ResponseDecorator]

    /// A site.
    ///
    /// - Parameters:
    ///   - settings: hosts, limits and the like.
    ///   - middleware: the layers, the outermost first.
    ///   - routes: the routes.
    ///   - errorPages: the pages for errors.
    public init(
        settings: HTTPSettings,
        middleware: MiddlewareStack = [],
        routes: Routes,
        errorPages: ErrorPages = ErrorPages()
    ) {
        self.init(
            settings: settings,
            middleware: middleware,
            router: Router(routes),
            errorPages: errorPages
        )
    }

    /// A site with a router that is used elsewhere as well.
    ///
    /// - Parameters:
    ///   - settings: hosts, limits and the like.
    ///   - middleware: the layers, the outermost first.
    ///   - router: the router.
    ///   - errorPages: the pages for errors.
    public init(
        settings: HTTPSettings,
        middleware: MiddlewareStack = [],
        router: Router,
        errorPages: ErrorPages = ErrorPages()
    ) {
        var errors = ErrorResponses(isDebug: settings.isDebug, pages: errorPages)
        errors.viewLayers = middleware.layers.reversed().compactMap {
            $0 as? any ExceptionMiddleware
        }
        core = ApplicationCore(
            settings: settings,
            router: router,
            errors: errors,
            csrf: middleware.layers.lazy.compactMap { $0 as? CSRFMiddleware }.first,
            pageLayers: middleware.layers.reversed().compactMap {
                $0 as? any TemplateResponseMiddleware
            }
        )
        var chain: any Responder = ViewResponder(
            errors: errors,
            checksCSRF: core.checksCSRF,
            csrf: core.csrf
        )
        for layer in middleware.layers.reversed() {
            if let decorator = layer as? any ResponseDecorator, decorator.onlyDecorates { continue }
            if let layer = layer as? any SelectiveMiddleware {
                chain = SelectiveResponder(layer, in: chain, errors: errors)
            } else {
                chain = MiddlewareResponder(middleware: layer, next: chain, errors: errors)
            }
        }
        self.chain = chain
        decorators = middleware.layers.reversed().filter { !($0 is SwitchedOffLayer) }
            .compactMap { $0 as? any ResponseDecorator }
    }

    /// The router of this site.
    public var router: Router { core.router }

    /// The settings of this site.
    public var settings: HTTPSettings { core.settings }

    /// Answers a request.
    ///
    /// - Parameter request: the request as it came from the socket.
    /// - Returns: the response to send; without a body for HEAD, 204 and 304.
    public func handle(_ request: Request) async -> Response {
        request.storage.attach(core)
        var response: Response
        do {
            try core.admit(request)
            response = try await chain.respond(to: request)
            // A layer of the site may have answered with a page, in front of where they are made.
            if !response.isRendered { try await response.render(for: request) }
        } catch {
            response = await core.errors.response(for: error, to: request)
        }
        if response.status.code >= 400 { core.errors.logAnswer(response.status, to: request) }
        decorate(&response, request)
        if request.method == .head || response.status.forbidsBody {
            response.dropBody(isHead: request.method == .head)
        }
        return response
    }

    /// The answer to bytes that are no request, with the headers of every other answer.
    ///
    /// - Parameters:
    ///   - status: what the server found, such as 400 or 431.
    ///   - isTLS: whether they came over an encrypted connection.
    /// - Returns: the response to send.
    public func rejection(_ status: HTTPStatus, isTLS: Bool) -> Response {
        let request = Request(target: "/", isTLS: isTLS)
        request.storage.attach(core)
        var response = ErrorResponses.plainPage(status)
        decorate(&response, request)
        return response
    }

    private func decorate(_ response: inout Response, _ request: Request) {
        for decorator in decorators { decorator.decorate(&response, for: request) }
    }
}

extension Request {
    /// Makes a request that no application answers look as if one did, for tests.
    package func prepare(for settings: HTTPSettings, routes: Routes = Routes([])) {
        storage.attach(
            ApplicationCore(
                settings: settings,
                router: Router(routes),
                errors: ErrorResponses(isDebug: settings.isDebug, pages: ErrorPages())
            )
        )
    }
}

/// What every request of an application reaches.
package final class ApplicationCore: Sendable {
    let settings: HTTPSettings
    let router: Router
    let errors: ErrorResponses
    /// The proxies that are believed.
    let proxies: TrustedProxies
    /// The CSRF check of the site, or of the routes that ask for one where the site has none.
    let csrf: CSRFMiddleware
    /// Whether ``csrf`` is a layer of the site.
    let checksCSRF: Bool
    /// Whether a proxy may say that the client came by TLS.
    let trustsProxyTLS: Bool
    /// The path below which the site lies, with a slash at both ends; nil for `/`.
    let scriptPrefix: String?
    /// The layers that see pages before they are rendered, the innermost first.
    let pageLayers: [any TemplateResponseMiddleware]
    private let hosts = AcceptedHosts()

    init(
        settings: HTTPSettings,
        router: Router,
        errors: ErrorResponses,
        csrf: CSRFMiddleware? = nil,
        pageLayers: [any TemplateResponseMiddleware] = []
    ) {
        self.settings = settings
        self.router = router
        self.errors = errors
        scriptPrefix = settings.forceScriptName == nil ? nil : settings.scriptPrefix
        proxies = TrustedProxies(settings.trustedProxies)
        trustsProxyTLS =
            (settings.secureProxyTLSHeader != nil || settings.usesForwarded) && !proxies.isEmpty
        self.csrf = csrf ?? CSRFMiddleware(settings: settings)
        checksCSRF = csrf != nil
        self.pageLayers = pageLayers
    }

    /// Refuses what no view should see: a malformed target, a foreign host, a broken query.
    func admit(_ request: Request) throws {
        guard !request.path.isEmpty else {
            throw HTTPError.badRequest("The target of the request is malformed.")
        }
        if !hosts.contains(request) {
            let host = try request.host()
            hosts.insert(host, request)
        }
        do {
            _ = try request.storage.parsedQuery()
        } catch {
            throw error.httpError
        }
    }
}

/// The innermost layer: finds the view and calls it.
private struct ViewResponder: Responder {
    let errors: ErrorResponses
    /// Whether ``csrf`` is a layer of the site.
    let checksCSRF: Bool
    let csrf: CSRFMiddleware

    func respond(to request: Request) async throws -> Response {
        guard let match = request.resolverMatch else {
            let error = HTTPError.notFound("No route matches the path.")
            return await errors.response(for: error, to: request)
        }
        do {
            let response =
                // The method first: it spares most requests a copy of the check.
                if checksCSRF, !request.method.isSafe, csrf.isLate(request, match.compiled) {
                    try await answerChecked(request, match)
                } else if match.compiled.hasLayers {
                    try await answer(request, match)
                } else {
                    // Not by `match.answer`: each asynchronous call costs a short request a part of it.
                    switch try match.answering(request.method) {
                    case .plain(let view): try await view(request)
                    case .arguments(let view, let captures): try await view(request, captures)
                    case .response(let response): response
                    }
                }
            if response.isRendered { return response }
            var page = response
            try await page.renderPage(for: request)
            return page
        } catch {
            return await errors.response(ofView: error, to: request)
        }
    }

    private func answer(_ request: Request, _ match: ResolverMatch) async throws -> Response {
        let route = match.compiled
        return try await route.guarded(request, next: route.layers ?? RouteEnd())
    }

    /// The answer of a route that a layer behind the CSRF check has chosen, by another router.
    private func answerChecked(
        _ request: Request,
        _ match: ResolverMatch
    ) async throws -> Response {
        let route = match.compiled
        let view = csrf.checking(route.layers ?? RouteEnd())
        return try await route.guarded(request, next: view)
    }
}

extension Response {
    /// Removes the body; a HEAD keeps the length that GET would have had.
    fileprivate mutating func dropBody(isHead: Bool) {
        if isHead, !status.forbidsBody, let length = body.length {
            headers.setDefault("Content-Length", String(length))
        }
        body = .empty
    }
}
