import NuagesContrib
public import NuagesCore
public import NuagesHTTP
public import NuagesViews

extension Site {
    /// The site, set up: its database opened, its routes and middleware put together.
    ///
    /// - Returns: what views, templates and commands share.
    /// - Throws: `SiteError`, and what opening the database throws.
    public func makeContext() throws -> SiteContext {
        try SiteContext(
            settings: settings,
            apps: apps,
            urls: urls,
            middleware: middleware,
            databaseDrivers: databaseDrivers,
            errorHandlers: errorHandlers,
            uploadHandlers: uploadHandlers,
            contextProcessors: contextProcessors,
            templateOptions: templateOptions
        )
    }

    /// The layers of a site that gives none of its own: ``standardMiddleware``.
    public var middleware: [any Middleware] { standardMiddleware }

    /// The default layers, in Django's order, the outermost first: security headers, static
    /// files, common, CSRF, clickjacking.
    public var standardMiddleware: [any Middleware] {
        var security = SecurityMiddleware.Options()
        security.redirectsToHTTPS = settings.redirectsToHTTPS
        security.redirectExemptPrefixes = settings.redirectExemptPrefixes
        security.hstsSeconds = settings.hstsSeconds
        security.reportPath = settings.cspReportPath.isEmpty ? nil : settings.cspReportPath
        var csrf = CSRFMiddleware.Options()
        csrf.trustedOrigins = settings.trustedOrigins
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
