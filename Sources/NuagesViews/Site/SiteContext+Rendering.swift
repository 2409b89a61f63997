public import NuagesCore
import NuagesForms
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
        if let language = request.language {
            environment.localization.language = language
            environment.localization.formats = .named(language: language) ?? LocaleFormats()
        }
        if request.isRouted {
            // A page's links stay in the instance of the app that the page belongs to.
            environment.reverseURL = { name, positional, named in
                try request.reverse(
                    name,
                    positional: positional.map(\.pathArgument),
                    named: named.map { ($0.0, $0.1.pathArgument) }
                )
            }
        }
        return environment
    }

    /// How forms show and read dates in answer to a request: in the formats of its language.
    func formEnvironment(for request: Request) -> FormEnvironment {
        request.language == nil
            ? formEnvironment : FormEnvironment(templateEnvironment(for: request).localization)
    }

    /// What tags need outside of a request, in a command or a test.
    ///
    /// - Returns: an environment without CSRF token and query.
    static func baseEnvironment(
        settings: Settings,
        router: Router,
        middleware: [any Middleware]
    ) -> TemplateEnvironment {
        var environment = TemplateEnvironment()
        let scriptPrefix = settings.scriptPrefix
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
        if let source = middleware.lazy.compactMap({ $0 as? any StaticURLSource }).first {
            environment.staticURL = { path in try source.staticURL(for: path) }
        } else {
            environment.staticURL = { path in staticURL + PercentCoding.encode(path, safe: .path) }
        }
        environment.localization.language = settings.languageCode
        environment.localization.timeZone = settings.zone ?? .utc
        environment.localization.defaultTimeZone = settings.zone ?? .utc
        return environment
    }
}
