public import NuagesCore

/// Chooses the language of each request: by its path, its cookie, its `Accept-Language`, and the
/// site's own in this order.
///
///     LocaleMiddleware(["en", "fr", "pt-br"], standard: "en")
///
/// ``Request/language`` has the choice, and templates are written in it. Nothing is remembered
/// from one request to the next.
///
/// Django: `LocaleMiddleware`.
public struct LocaleMiddleware: Middleware {
    /// The languages.
    public let choice: LanguageChoice
    /// The cookie with the wish of a user (`LANGUAGE_COOKIE_NAME`).
    public let cookieName: String
    /// Whether paths begin with the language: `/fr/polls/`.
    public let readsPath: Bool

    /// The layer.
    ///
    /// - Parameters:
    ///   - languages: the codes of the languages (`LANGUAGES`).
    ///   - standard: the language where nothing else is wished (`LANGUAGE_CODE`).
    ///   - cookieName: the cookie with the wish of a user.
    ///   - readsPath: whether paths begin with the language. Where only the path with it has a
    ///     view, other paths are redirected there.
    public init(
        _ languages: [String],
        standard: String,
        cookieName: String = "django_language",
        readsPath: Bool = false
    ) {
        choice = LanguageChoice(languages, standard: standard)
        self.cookieName = cookieName
        self.readsPath = readsPath
    }

    /// Chooses the language, and says so in the response.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response, with `Content-Language`.
    /// - Throws: what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        let ofPath = readsPath ? choice.language(ofPath: request.pathInfo) : nil
        let language = choice.spelling(of: ofPath ?? wish(of: request))
        request[LanguageKey.self] = language
        // Routes that begin with the language are found and reversed with it.
        request.storage.forgetMatch()
        var response = try await ActiveLanguage.$current.withValue(language) {
            try await next.respond(to: request)
        }
        if readsPath, ofPath == nil, response.status == .notFound,
            let redirect = try redirect(request, to: language)
        {
            return redirect
        }
        if ofPath == nil {
            response.vary(on: "Accept-Language")
            response.vary(on: "Cookie")
        }
        response.headers.setDefault("Content-Language", language)
        return response
    }

    private func wish(of request: Request) -> String {
        if request.headers.contains("Cookie"), let cookie = request.cookies[cookieName],
            let variant = choice.variant(of: cookie)
        {
            return variant
        }
        let accepted = request.headers["Accept-Language"].flatMap {
            choice.preferred(inAcceptLanguage: $0)
        }
        return accepted ?? choice.standard
    }

    /// To the same path with the language in front, if there is a view.
    private func redirect(_ request: Request, to language: String) throws -> Response? {
        guard let router = request.router else { return nil }
        let path = "/\(language)\(request.pathInfo)"
        let (isValid, needsSlash) = ActiveLanguage.$current.withValue(language) {
            func shows(_ path: String) -> Bool {
                router.resolve(path).map { !$0.compiled.isHidden(from: request) } ?? false
            }
            let isValid = shows(path)
            let needsSlash =
                !isValid && request.settings.appendsSlash && path.utf8.last != 0x2F
                && shows(path + "/")
            return (isValid, needsSlash)
        }
        guard isValid || needsSlash else { return nil }
        var response = try Response.redirect(
            to: request.scriptPrefix + language
                + request.fullPathInfo(appendingSlash: needsSlash)
        )
        response.vary(on: "Accept-Language")
        response.vary(on: "Cookie")
        return response
    }

    /// Checks that the language of the site is one of its languages.
    ///
    /// - Parameter forDeployment: not looked at.
    /// - Returns: Django's `translation.E004`.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        guard choice.variant(of: choice.standard) == nil else { return [] }
        return [
            CheckMessage(
                .error,
                id: "translation.E004",
                "The language '\(choice.standard)' is none of the site's languages.",
                hint: "Choices are: \(choice.languages.joined(separator: ", ")).",
                object: "LocaleMiddleware"
            )
        ]
    }

    /// Behind sessions, in front of all that writes text.
    public var rank: MiddlewareRank? { .locale }
}

private enum LanguageKey: RequestKey {
    typealias Value = String
}

extension Request {
    /// The language that ``LocaleMiddleware`` chose, such as `pt-br`; nil without it.
    ///
    /// Django: `request.LANGUAGE_CODE`.
    public var language: String? { self[LanguageKey.self] }
}
