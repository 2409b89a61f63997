public import NuagesCore
public import NuagesHTTP
import NuagesORM

extension SiteContext {
    /// The application that answers requests with this site.
    ///
    /// - Parameters:
    ///   - layers: the layers in place of ``middleware``; nil leaves these.
    ///   - watchesQueries: whether queries that a request makes again and again are logged; nil for
    ///     as in debug.
    /// - Returns: what a server or a test client calls.
    public func makeApplication(
        middleware layers: [any Middleware]? = nil,
        watchesQueries: Bool? = nil
    ) -> Application {
        if settings.isDebug { ThrowTraces.install() }
        var httpSettings = HTTPSettings(settings)
        httpSettings.uploadHandlers = uploadHandlers
        httpSettings.uploadProgressStore = uploadProgressStore
        return Application(
            settings: httpSettings,
            middleware: MiddlewareStack(
                outerLayers(watchesQueries ?? settings.isDebug) + (layers ?? middleware)
            ),
            router: router,
            errorPages: SiteErrorPages(site: self).pages
        )
    }

    /// The layers around those of the site.
    private func outerLayers(_ watchesQueries: Bool) -> [any Middleware] {
        var layers: [any Middleware] = []
        if watchesQueries { layers.append(DebugQueries(limit: settings.repeatedQueryLimit)) }
        if !databases.routers.isEmpty {
            layers.append(RequestDatabases(lag: settings.replicaLag))
        }
        return layers
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
