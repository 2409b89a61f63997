/// Middleware that decides by the request alone whether it is answered: an address filter, a limit.
///
/// On a route, such a layer stands in front of the site's CSRF check and of the layers that the
/// route has besides. So it has its say before anything of the body is read, and also on requests
/// that the check refuses.
public protocol RequestGuard: Middleware {
    /// Whether the layer needs nothing that others find out, such as the user; if it does, it
    /// stands in its place among the layers of its route.
    var needsOnlyRequest: Bool { get }
}

extension RequestGuard {
    /// True.
    public var needsOnlyRequest: Bool { true }
}

extension CompiledRoute {
    /// Whether nothing may tell this client that the route exists, such as a redirect to it.
    func isHidden(from request: Request) -> Bool { filterHiding(from: request) != nil }

    /// The filter that keeps this client from learning that the route exists.
    ///
    /// It is asked when the route is found, and so before all other guards: their header fields,
    /// or the policies of the route, would tell its 404 from that of an unknown path.
    func filterHiding(from request: Request) -> AddressFilter? {
        guard !hidingFilters.isEmpty else { return nil }
        return hidingFilters.first { !$0.allows(request) }
    }

    /// Lets the guards of the route have their say, unless they have had it, and hands on.
    func guarded(_ request: Request, next: any Responder) async throws -> Response {
        guard !guards.isEmpty, request.storage.beginGuards(of: self) else {
            return try await next.respond(to: request)
        }
        return try await RouteLayer.chain(guards, around: next).respond(to: request)
    }
}
