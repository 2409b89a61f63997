internal import NuagesCore

extension Request {
    /// The path below which the site lies, with a slash at both ends; `/` unless
    /// ``HTTPSettings/forceScriptName`` says otherwise.
    public var scriptPrefix: String { storage.core?.scriptPrefix ?? "/" }

    /// The path without the ``scriptPrefix``: what routes are compared with.
    ///
    /// A path that does not begin with the prefix stays as it is: the proxy in front has taken it
    /// off.
    public var pathInfo: String { storage.pathInfo }

    /// The instance of an app that names in an application namespace lead to: that of the route,
    /// unless it is set; nil for none.
    ///
    /// Django: `request.current_app`.
    public var currentApp: String? {
        get { storage.currentApp ?? resolverMatch?.namespace }
        nonmutating set { storage.currentApp = newValue }
    }

    /// Answers this request with the routes of another router, such as that of a tenant.
    ///
    /// For middleware that stands in front of what decides by the route: of the CSRF check, of
    /// ``FetchMetadataMiddleware``, of ``CommonMiddleware``. Behind the CSRF check, its router's
    /// routes are checked once more, so an exempt one is only exempt where both are.
    ///
    /// Django: `request.urlconf`.
    ///
    /// - Parameter router: the router.
    public func use(_ router: Router) { storage.use(router) }

    /// The router that answers this request; nil where no application does.
    public var router: Router? { storage.router }
}

extension HTTPSettings {
    /// ``forceScriptName`` with a slash at both ends.
    var scriptPrefix: String { ScriptPrefix.of(forceScriptName) }
}
