public import NuagesCore
public import NuagesHTTP

extension SiteContext {
    /// The application that answers requests with this site.
    ///
    /// - Parameter layers: the layers in place of ``middleware``; nil leaves these.
    /// - Returns: what a server or a test client calls.
    public func makeApplication(middleware layers: [any Middleware]? = nil) -> Application {
        if settings.isDebug { ThrowTraces.install() }
        var httpSettings = HTTPSettings(settings)
        httpSettings.uploadHandlers = uploadHandlers
        return Application(
            settings: httpSettings,
            middleware: MiddlewareStack(
                (settings.isDebug ? [DebugQueries()] : []) + (layers ?? middleware)
            ),
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
        trustedOrigins = settings.trustedOrigins
        appendsSlash = settings.appendsSlash
        prependsWWW = settings.prependsWWW
        disallowedUserAgents = settings.disallowedUserAgents
        usesXForwardedHost = settings.usesXForwardedHost
        usesXForwardedPort = settings.usesXForwardedPort
        formLimits = settings.formLimits
        forceScriptName = settings.forceScriptName
        isSharedWithDjango = settings.isSharedWithDjango
        secretKey = settings.secretKey
        secretKeyFallbacks = settings.secretKeyFallbacks
        acceptsLegacyCookieSalts = settings.acceptsLegacyCookieSalts
        usesForwarded = settings.usesForwarded
    }
}
