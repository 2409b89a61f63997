public import NuagesCore
public import NuagesHTTP

extension SiteContext {
    /// The application that answers requests with this site.
    ///
    /// - Returns: what a server or a test client calls.
    public func makeApplication() -> Application {
        Application(
            settings: HTTPSettings(settings),
            middleware: MiddlewareStack(middleware),
            router: router,
            errorPages: SiteErrorPages(site: self).pages
        )
    }
}

extension HTTPSettings {
    /// What the HTTP layer needs of a site's settings.
    ///
    /// - Parameter settings: the site's settings.
    public init(_ settings: Settings) {
        self.init()
        isDebug = settings.isDebug
        allowedHosts = settings.allowedHosts
        secureProxyTLSHeader = settings.proxySSLHeader
        trustedProxies = settings.trustedProxies
        appendsSlash = settings.appendsSlash
        isSharedWithDjango = settings.isSharedWithDjango
        secretKey = settings.secretKey
        secretKeyFallbacks = settings.secretKeyFallbacks
        usesForwarded = settings.usesForwarded
        usesXForwardedHost = settings.usesXForwardedHost
        usesXForwardedPort = settings.usesXForwardedPort
    }
}
