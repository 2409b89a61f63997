internal import NuagesCore

/// Keeps the language that a visitor chooses in a cookie, and goes back to the page.
///
///     let locale = LocaleMiddleware(["en", "fr"], standard: "en")
///     #path("i18n/setlang/", SetLanguage(locale), name: "set_language")
///
///     <form action="{% url 'set_language' %}" method="post">{% csrf_token %}
///     <input type="hidden" name="next" value="{{ request.path }}">
///     <select name="language">…</select></form>
///
/// The page is that in the field `next`, else the one that the visitor came from, if it is of this
/// site; else `/`. Its path is changed to the chosen language where its route has one. A GET goes
/// to the page and changes nothing.
///
/// Django: the view `set_language`.
public struct SetLanguage: GetHandler, PostHandler {
    private let locale: LocaleMiddleware
    private let maxAge: Int?

    /// The view.
    ///
    /// - Parameters:
    ///   - locale: the layer of the site that reads the cookie.
    ///   - maxAge: how long browsers keep the choice, in seconds (`LANGUAGE_COOKIE_AGE`); nil is as
    ///     long as they run.
    public init(_ locale: LocaleMiddleware, maxAge: Int? = nil) {
        self.locale = locale
        self.maxAge = maxAge
    }

    /// Goes to the page in `next`, and changes nothing.
    ///
    /// - Parameter request: the request.
    /// - Returns: a redirect; 204 to a client that wants no page.
    /// - Throws: `HTTPError` for a foreign host.
    public func get(_ request: Request) async throws -> Response {
        try answer(to: try page(request.query["next"], request))
    }

    /// Keeps the language in the field `language`, if the site has it, and goes to the page.
    ///
    /// - Parameter request: the request.
    /// - Returns: a redirect; 204 to a client that wants no page.
    /// - Throws: `HTTPError` for a malformed form.
    public func post(_ request: Request) async throws -> Response {
        let form = try await request.form().fields
        let next = try page(form["next"] ?? request.query["next"], request)
        guard let code = form["language"], locale.choice.contains(code) else {
            return try answer(to: next)
        }
        let language = locale.choice.spelling(of: code)
        var response = try answer(to: next.map { translated($0, to: language, request) })
        var cookie = Cookie(locale.cookieName, language, maxAge: maxAge)
        cookie.isSecure = request.isSecure
        try response.setCookie(cookie)
        return response
    }

    private func answer(to page: String?) throws -> Response {
        guard let page else { return .empty() }
        return try .redirect(to: page)
    }

    /// The page to go to; nil for a client that named none and wants none.
    private func page(_ next: String?, _ request: Request) throws -> String? {
        let hosts = [try request.host()]
        func isOfThisSite(_ url: String) -> Bool {
            URLSafety.isAllowed(url, hosts: hosts, requiresHTTPS: request.isSecure)
        }
        if let next, isOfThisSite(next) { return next }
        guard next?.isEmpty == false || request.accepts("text/html") else { return nil }
        if let referer = request.headers["Referer"], isOfThisSite(referer) { return referer }
        return "/"
    }

    /// The address of the same page in another language.
    private func translated(_ url: String, to language: String, _ request: Request) -> String {
        guard var parts = URLParts(url), parts.path.utf8.first == 0x2F, let router = request.router,
            let path = PercentCoding.decode(parts.path.utf8[...], malformed: .refuse)
                .flatMap({ String(validating: $0, as: UTF8.self) })
        else { return url }
        let prefix = request.scriptPrefix
        let isBelow = prefix.utf8.count > 1 && path.utf8.starts(with: prefix.utf8)
        let inner = isBelow ? "/" + String(Substring(path.utf8.dropFirst(prefix.utf8.count))) : path
        // The page is looked for in the language that its own path names.
        let current = locale.choice.language(ofPath: inner) ?? request.language
        let other = ActiveLanguage.$current.withValue(current ?? locale.choice.standard) {
            router.resolve(inner).flatMap { match in
                // The redirect must not tell of a route that the client is not to know.
                match.compiled.isHidden(from: request)
                    ? nil : router.translate(inner, to: language)
            }
        }
        guard let other else { return url }
        parts.path = isBelow ? prefix + String(Substring(other.utf8.dropFirst())) : other
        return parts.text
    }
}
