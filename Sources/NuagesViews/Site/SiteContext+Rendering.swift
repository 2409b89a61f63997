public import NuagesCore
public import NuagesHTTP
public import NuagesTemplates

extension SiteContext {
    /// What tags such as `{% url %}`, `{% csrf_token %}` and `{% static %}` need for a request.
    ///
    /// - Parameter request: the request that the page answers.
    /// - Returns: the environment of a rendering.
    public func templateEnvironment(for request: Request) -> TemplateEnvironment {
        var environment = baseEnvironment
        environment.csrfToken = { request.csrfToken() }
        environment.cspNonce = { request.cspNonce }
        environment.query = { request.query }
        return environment
    }

    /// What tags need outside of a request, in a command or a test.
    ///
    /// - Returns: an environment without CSRF token and query.
    static func baseEnvironment(settings: Settings, router: Router) -> TemplateEnvironment {
        var environment = TemplateEnvironment()
        let scriptPrefix = HTTPSettings(settings).scriptPrefix
        environment.reverseURL = { name, positional, named in
            try router.reverse(
                name,
                positional: positional.map(\.pathArgument),
                named: named.map { ($0.0, $0.1.pathArgument) },
                scriptPrefix: scriptPrefix
            )
        }
        let staticURL = settings.staticURL
        environment.staticPrefix = staticURL
        environment.staticURL = { path in staticURL + PercentCoding.encode(path, safe: .path) }
        environment.localization.language = settings.languageCode
        environment.localization.timeZone = settings.zone ?? .utc
        environment.localization.defaultTimeZone = settings.zone ?? .utc
        return environment
    }
}
