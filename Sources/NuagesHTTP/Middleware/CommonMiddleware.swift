internal import NuagesCore

/// Sends `/page` to `/page/` and `example.com` to `www.example.com`, and refuses some clients.
///
/// Only GET and HEAD are redirected for a slash: any other method would lose its body.
///
/// Django: `CommonMiddleware`.
public struct CommonMiddleware: SelectiveMiddleware {
    /// The layer; what it does is in ``HTTPSettings``.
    public init() {}

    /// Whether the client is refused, or the request has to be redirected.
    ///
    /// - Parameter request: the request.
    /// - Returns: true if it has to be redirected.
    /// - Throws: ``HTTPError/forbidden(_:)`` for a client of `disallowedUserAgents`.
    public func concerns(_ request: Request) throws -> Bool {
        guard let core = request.storage.core else { return false }
        try refuseUserAgent(request, core.settings)
        return try redirect(request, core) != nil
    }

    /// Redirects, refuses, or hands on.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: ``HTTPError/forbidden(_:)`` for a client of `disallowedUserAgents`.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        if let core = request.storage.core {
            try refuseUserAgent(request, core.settings)
            if let redirect = try redirect(request, core) { return redirect }
        }
        return try await next.respond(to: request)
    }

    private func refuseUserAgent(_ request: Request, _ settings: HTTPSettings) throws {
        guard !settings.disallowedUserAgents.isEmpty, let agent = request.headers["User-Agent"]
        else { return }
        for text in settings.disallowedUserAgents where agent.containsBytes(text) {
            throw HTTPError.forbidden("Forbidden user agent.")
        }
    }

    private func redirect(_ request: Request, _ core: ApplicationCore) throws -> Response? {
        let needsSlash =
            core.settings.appendsSlash && lacksSlash(request, request.router ?? core.router)
        if core.settings.prependsWWW {
            let host = try request.host()
            if !host.utf8.starts(with: "www.".utf8) {
                return try .redirect(
                    to: "\(request.scheme)://www.\(host)"
                        + request.fullPath(appendingSlash: needsSlash),
                    isPermanent: true
                )
            }
        }
        guard needsSlash else { return nil }
        return try .redirect(
            to: URLSafety.escapingLeadingSlashes(request.fullPath(appendingSlash: true)),
            isPermanent: true
        )
    }

    /// Whether only the path with a slash at its end has a view.
    private func lacksSlash(_ request: Request, _ router: Router) -> Bool {
        guard request.path.utf8.last != 0x2F,
            request.method == .get || request.method == .head,
            request.route == nil, let match = router.resolve(request.pathInfo + "/")
        else { return false }
        return !match.compiled.options.isAppendSlashExempt
            && !match.compiled.isHidden(from: request)
    }

    /// Outside of all that reads sessions and forms.
    public var rank: MiddlewareRank? { .common }
}
