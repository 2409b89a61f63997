/// What a route says about CSRF besides being exempt.
struct CSRFRouteLayer: Middleware, CustomStringConvertible {
    enum Kind: Sendable {
        /// The check.
        case protect
        /// A token, if the page asks for one.
        case token
        /// A cookie in any case.
        case cookie
    }

    let kind: Kind

    var description: String {
        switch kind {
        case .protect: "csrfProtected"
        case .token: "requiresCSRFToken"
        case .cookie: "ensuringCSRFCookie"
        }
    }

    func respond(to request: Request, next: any Responder) async throws -> Response {
        guard let core = request.storage.core else { return try await next.respond(to: request) }
        switch kind {
        case .protect:
            let isExempt = request.resolverMatch?.compiled.options.isCSRFExempt ?? false
            guard !core.checksCSRF || isExempt else { return try await next.respond(to: request) }
            return try await core.csrf.protect(request, next: next)
        case .token, .cookie:
            if kind == .cookie, core.checksCSRF { request.ensureCSRFCookie() }
            guard !core.checksCSRF else { return try await next.respond(to: request) }
            return try await core.csrf.withToken(request) {
                if kind == .cookie { request.ensureCSRFCookie() }
                return try await next.respond(to: request)
            }
        }
    }
}
