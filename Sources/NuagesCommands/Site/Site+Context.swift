import NuagesContrib
public import NuagesCore
public import NuagesHTTP
public import NuagesViews

extension Site {
    /// The site, set up: its database opened, its routes and middleware put together.
    ///
    /// - Parameter limitsStatements: whether statements of databases are ended after a time, as
    ///   those of requests are; commands may take as long as they want.
    /// - Returns: what views, templates and commands share.
    /// - Throws: `SiteError`, and what opening the database throws.
    public func makeContext(limitsStatements: Bool = true) throws -> SiteContext {
        try SiteContext(
            settings: settings,
            apps: apps,
            urls: urls,
            middleware: middleware,
            databaseDrivers: databaseDrivers,
            databaseRouters: databaseRouters,
            errorHandlers: errorHandlers,
            uploadHandlers: uploadHandlers,
            uploadProgressStore: uploadProgressStore,
            storages: storages,
            contextProcessors: contextProcessors,
            templateOptions: templateOptions,
            limitsStatements: limitsStatements
        )
    }

    /// The layers of a site that gives none of its own: ``standardMiddleware``.
    public var middleware: [any Middleware] { standardMiddleware }

    /// The default layers, in Django's order, the outermost first: security headers, static
    /// files, common, CSRF, clickjacking.
    public var standardMiddleware: [any Middleware] { standardMiddleware { _, _ in } }

    /// The default layers with options of your own for the security headers and the CSRF check.
    ///
    ///     var middleware: [any Middleware] {
    ///         standardMiddleware { security, csrf in
    ///             security.hstsPreload = true
    ///             csrf.cookieSameSite = .strict
    ///         }
    ///     }
    ///
    /// The options come as the settings ask for them, so what is not changed stays protected.
    ///
    /// - Parameter change: changes the options.
    /// - Returns: the layers, the outermost first.
    /// - Throws: what `change` throws.
    public func standardMiddleware(
        _ change: (inout SecurityMiddleware.Options, inout CSRFMiddleware.Options) throws -> Void
    ) rethrows -> [any Middleware] {
        var security = SecurityMiddleware.Options()
        security.redirectsToHTTPS = settings.redirectsToHTTPS
        security.redirectExemptPrefixes = settings.redirectExemptPrefixes
        security.hstsSeconds = settings.hstsSeconds
        security.reportPath = settings.cspReportPath.isEmpty ? nil : settings.cspReportPath
        var csrf = CSRFMiddleware.Options()
        try change(&security, &csrf)
        var stack = MiddlewareStack.standard(
            settings: HTTPSettings(settings),
            security: security,
            csrf: csrf
        )
        stack.insert(
            StaticFilesMiddleware(
                staticURL: settings.staticURL,
                finders: StaticFinders(directories: settings.staticDirectories, apps: apps),
                root: settings.staticRoot,
                isDebug: settings.isDebug
            )
        )
        return stack.layers
    }
}
