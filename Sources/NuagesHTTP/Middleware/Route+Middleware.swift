extension Route {
    /// The same route with layers of its own around its view.
    ///
    /// They run inside those of the site, and only for this route; on a route that includes
    /// others, for all of these. The first is the outermost, and those of an include stand around
    /// those of the routes in it. Each ``RequestGuard`` stands in front of the site's CSRF check
    /// and of the others.
    ///
    ///     #path("feed/", feed).middleware(GZipMiddleware())
    ///     #path("api/", include: api).middleware(RequireJSON(), Timing())
    ///
    /// Django: `decorator_from_middleware`.
    ///
    /// - Parameter layers: the layers, the outermost first.
    /// - Returns: the route.
    public func middleware(_ layers: any Middleware...) -> Route {
        var copy = self
        copy.options.layers += layers
        return copy
    }

    /// The same route with a Content-Security-Policy of its own in place of the site's; nil sends
    /// none.
    ///
    /// Django: `@csp_override`, where `{}` sends none.
    ///
    /// - Parameter policy: what its pages may load and do.
    /// - Returns: the route.
    public func csp(_ policy: ContentSecurityPolicy?) -> Route {
        var copy = self
        copy.options.policy = PolicyOverride(policy: policy)
        return copy
    }

    /// The same route with a policy of its own that is reported on and not enforced, in place of
    /// the site's; nil sends none.
    ///
    /// Django: `@csp_report_only_override`.
    ///
    /// - Parameter policy: what is tried out.
    /// - Returns: the route.
    public func cspReportOnly(_ policy: ContentSecurityPolicy?) -> Route {
        var copy = self
        copy.options.reportOnlyPolicy = PolicyOverride(policy: policy)
        return copy
    }

    /// The same route, answered to some addresses only.
    ///
    ///     #path("admin/", include: admin).allowing(addresses: ["10.0.0.0/8", "2001:db8::/32"])
    ///
    /// The address is ``Request/clientAddress``: forwarded ones count from trusted proxies only.
    /// `check` reports what is no address or range, which lets nobody through.
    ///
    /// - Parameters:
    ///   - addresses: addresses and ranges in CIDR notation.
    ///   - hidesRoute: whether others get 404 in place of 403, as if there were no such route.
    /// - Returns: the route.
    public func allowing(addresses: [String], hidesRoute: Bool = false) -> Route {
        middleware(AddressFilter(allowing: addresses, hidesRoute: hidesRoute))
    }

    /// The same route, answered to each client only so often.
    ///
    ///     #path("login/", login).rateLimited(.perMinute(5), methods: [.post])
    ///     #path("api/", include: api)
    ///         .rateLimited(.perSecond(50))
    ///         .rateLimited(.perSecond(10), by: .header("X-API-Key"))
    ///
    /// Anybody can make up a header field, so a limit by one has a limit by address beside it.
    ///
    /// - Parameters:
    ///   - limit: how often.
    ///   - key: what tells clients apart.
    ///   - scope: what is counted together.
    ///   - methods: the methods that count; nil is all.
    ///   - store: where it is counted; nil is the memory of this process.
    /// - Returns: the route.
    public func rateLimited(
        _ limit: RateLimit,
        by key: RateLimitMiddleware.Key = .address,
        scope: RateLimitMiddleware.Scope = .route,
        methods: [HTTPMethod]? = nil,
        store: (any RateLimitStore)? = nil
    ) -> Route {
        middleware(
            RateLimitMiddleware(limit, by: key, scope: scope, methods: methods, store: store)
        )
    }

    // MARK: CSRF

    /// The same route with the CSRF check, where the site is without it or the include is exempt.
    ///
    /// Django: `@csrf_protect`.
    ///
    /// - Returns: the route.
    public func csrfProtected() -> Route { middleware(CSRFRouteLayer(kind: .protect)) }

    /// The same route, whose pages can have a token that works although nothing is checked.
    ///
    /// For pages such as one for errors, where the site is without the check or the include is
    /// exempt.
    ///
    /// Django: `@requires_csrf_token`.
    ///
    /// - Returns: the route.
    public func requiresCSRFToken() -> Route { middleware(CSRFRouteLayer(kind: .token)) }

    /// The same route, whose answers send the CSRF cookie also where no form shows a token, for
    /// scripts that take it from there.
    ///
    /// Django: `@ensure_csrf_cookie`.
    ///
    /// - Returns: the route.
    public func ensuringCSRFCookie() -> Route { middleware(CSRFRouteLayer(kind: .cookie)) }
}

/// A policy of a route in place of the site's; none where it is nil.
struct PolicyOverride: Sendable {
    let policy: ContentSecurityPolicy?
}
