import Logging
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
            environment.localization = environment.localization.switched(to: language)
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

    /// What a page sees besides the values of its view: what the context processors give, a later
    /// one's values in front of an earlier one's.
    ///
    /// - Parameter request: the request that the page answers.
    /// - Returns: the variables.
    /// - Throws: what a processor throws.
    public func templateContext(for request: Request) async throws -> ContextDictionary {
        var context = ContextDictionary()
        for processor in contextProcessors {
            for (name, value) in try await processor.variables(request, self).entries {
                context[name] = value
            }
        }
        return context
    }

    /// How forms show and read dates in answer to a request: in the formats of its language.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - environment: what its templates need, where that is known already.
    /// - Returns: the formats and the time zone.
    func formEnvironment(
        for request: Request,
        _ environment: TemplateEnvironment? = nil
    ) -> FormEnvironment {
        var forms = formEnvironment
        if let language = request.language {
            forms = Self.formEnvironment(
                environment?.localization ?? baseEnvironment.localization.switched(to: language),
                baseEnvironment
            )
        }
        if let environment { forms.renderer = formRenderer.with(environment) }
        return forms
    }

    /// The formats of a language, with the site's static files.
    static func formEnvironment(
        _ localization: Localization,
        _ environment: TemplateEnvironment
    ) -> FormEnvironment {
        var forms = FormEnvironment(localization)
        forms.staticURL = environment.staticURL
        forms.warn = environment.warn
        return forms
    }

    /// What tags need outside of a request, in a command or a test.
    ///
    /// - Returns: an environment without CSRF token and query.
    static func baseEnvironment(
        settings: Settings,
        router: Router,
        middleware: [any Middleware],
        catalogs: MessageCatalogs
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
        environment.mediaPrefix = settings.mediaURL
        if let source = middleware.lazy.compactMap({ $0 as? any StaticURLSource }).first {
            environment.staticURL = { path in try source.staticURL(for: path) }
        } else {
            environment.staticURL = { path in staticURL + PercentCoding.encode(path, safe: .path) }
        }
        environment.localization.catalogs = { catalogs.catalog(of: $0) }
        environment.localization.catalog = catalogs.catalog(of: settings.languageCode)
        environment.localization.language = settings.languageCode
        environment.localization.timeZone = settings.zone ?? .utc
        environment.localization.defaultTimeZone = settings.zone ?? .utc
        let locale = middleware.lazy.compactMap { $0 as? LocaleMiddleware }.first
        environment.localization.languages = locale?.choice.languages ?? []
        environment.warn = { Logger(label: "nuages.templates").warning("\($0)") }
        return environment
    }
}
