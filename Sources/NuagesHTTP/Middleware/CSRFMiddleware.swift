public import NuagesCore

/// Refuses forms that other sites make a browser post.
///
/// A request that changes something passes if the browser says that it began on this site
/// (`Sec-Fetch-Site`), its `Origin` or `Referer` is this site, and it carries the token that
/// belongs to the secret in its cookie: as the field `csrfmiddlewaretoken` or the header
/// `X-CSRFToken`. Routes can be exempt by ``Route/csrfExempt()``.
///
/// A page that shows a token is sent with `Cache-Control: private, no-store`. Where the view says
/// something else the browser may keep it, and shared caches may not.
///
/// Django: `CsrfViewMiddleware`, whose cookies and tokens are the same; Fetch-Metadata is ours.
public struct CSRFMiddleware: Middleware {
    /// What can be set; the names in brackets are Django's.
    public struct Options: Sendable {
        /// The cookie (`CSRF_COOKIE_NAME`); nil is `__Host-csrftoken`, and `csrftoken` in debug,
        /// for a site that Django serves as well, and for ``Request/isLocal``.
        public var cookieName: String?
        /// How long the browser keeps it, in seconds (`CSRF_COOKIE_AGE`); nil is as long as it
        /// runs.
        public var cookieAge: Int? = 31_449_600
        /// The domain of the cookie (`CSRF_COOKIE_DOMAIN`).
        public var cookieDomain: String?
        /// The path below which it is sent (`CSRF_COOKIE_PATH`).
        public var cookiePath = "/"
        /// Whether it goes with requests that other sites begin (`CSRF_COOKIE_SAMESITE`).
        public var cookieSameSite: Cookie.SameSite? = .lax
        /// Whether scripts cannot read it (`CSRF_COOKIE_HTTPONLY`); nil is yes, unless Django
        /// serves the site as well.
        public var isCookieHTTPOnly: Bool?
        /// Whether it goes by TLS only (`CSRF_COOKIE_SECURE`); nil is outside debug, but for
        /// ``Request/isLocal``.
        public var isCookieSecure: Bool?
        /// The header with the token (`CSRF_HEADER_NAME`).
        public var headerName = "X-CSRFToken"
        /// Other origins whose forms are taken, such as `https://*.example.com`, besides
        /// ``HTTPSettings/trustedOrigins`` (`CSRF_TRUSTED_ORIGINS`).
        public var trustedOrigins: [String] = []
        /// Answers a request that did not pass, in place of the site's page for 403
        /// (`CSRF_FAILURE_VIEW`).
        ///
        /// The reason is for the log and for developers; a page that shows it helps attackers.
        public var failureView: (@Sendable (Request, CSRFError) async throws -> Response)?

        /// The strong defaults.
        public init() {}
    }

    /// The options as they were given.
    public let options: Options
    /// The name of the cookie.
    public let cookieName: String
    private let isSecure: Bool
    private let isHTTPOnly: Bool
    private let trustedOrigins: [String]
    private let origins: CSRFOrigins

    /// The layer.
    ///
    /// - Parameters:
    ///   - settings: the settings of the site.
    ///   - options: what can be set.
    public init(settings: HTTPSettings, options: Options = Options()) {
        self.options = options
        isSecure = options.isCookieSecure ?? !settings.isDebug
        isHTTPOnly = options.isCookieHTTPOnly ?? !settings.isSharedWithDjango
        let isBoundToHost =
            isSecure && !settings.isSharedWithDjango && options.cookieDomain == nil
            && options.cookiePath == "/"
        cookieName = options.cookieName ?? (isBoundToHost ? "__Host-csrftoken" : "csrftoken")
        trustedOrigins = settings.trustedOrigins + options.trustedOrigins
        origins = CSRFOrigins(trusted: trustedOrigins, cookieDomain: options.cookieDomain)
    }

    /// Checks the request, and sends the cookie where the response has a token.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: ``CSRFError`` for a request that does not pass.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        loadSecret(request)
        let route = request.route
        // Without a route there is no view to protect; the answer is 404, unless a layer further in
        // finds another router: then the innermost layer checks.
        let isExempt = route?.options.isCSRFExempt ?? true
        if !request.method.isSafe { request.storage.noteJudged(route) }
        let response =
            if let route, !route.guards.isEmpty {
                try await route.guarded(
                    request,
                    next: isExempt ? next : checking(next)
                )
            } else if isExempt || request.method.isSafe {
                try await next.respond(to: request)
            } else {
                try await check(request, next: next)
            }
        if response.isRendered, request.storage.csrf == nil { return response }
        return try await addingCookie(to: response, request)
    }

    /// Checks the request, whatever its route says.
    func protect(_ request: Request, next: any Responder) async throws -> Response {
        try await withToken(request) { try await check(request, next: next) }
    }

    /// Whether the route that answers a request which changes something is another one than the
    /// layer has judged, and needs the check.
    func isLate(_ request: Request, _ route: CompiledRoute) -> Bool {
        !route.options.isCSRFExempt && !request.storage.isJudged(route)
    }

    /// What is further in, with the check in front.
    func checking(_ next: any Responder) -> any Responder {
        CheckedResponder(csrf: self, next: next)
    }

    fileprivate func check(_ request: Request, next: any Responder) async throws -> Response {
        guard !request.method.isSafe, let reason = try await refusal(of: request) else {
            return try await next.respond(to: request)
        }
        let error = CSRFError(reason: reason)
        guard let failureView = options.failureView else { throw error }
        SecurityLog.report("csrf", reason, request: request)
        request.storage.noteLogged()
        return try await failureView(request, error)
    }

    /// Reads the secret of the cookie, and sends it with the response where a token was used.
    func withToken(
        _ request: Request,
        _ body: () async throws -> Response
    ) async throws -> Response {
        loadSecret(request)
        return try await addingCookie(to: try await body(), request)
    }

    /// Sends the cookie with a response where a token was used.
    private func addingCookie(to response: Response, _ request: Request) async throws -> Response {
        // A page that has not been rendered yet may still ask for the token.
        var response = response
        try await response.render(for: request)
        if var state = request.storage.csrf, state.needsCookie, let secret = state.secret {
            try sendCookie(String(decoding: secret, as: UTF8.self), to: request, &response)
            // The page is for one client: no cache may keep its token, nor the cookie.
            response.keepFromSharedCaches()
            state.needsCookie = false
            request.storage.csrf = state
        }
        return response
    }

    /// Checks that origins are whole, and that the cookie is one that browsers take.
    ///
    /// - Parameter forDeployment: whether the site is open to all.
    /// - Returns: Django's `4_0.E001`, `security.W016` and ours.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        var messages = trustedOrigins.filter { !$0.containsBytes("://") }.map { origin in
            CheckMessage(
                .error,
                id: "4_0.E001",
                "The trusted origin '\(origin)' has no scheme.",
                hint: "Write 'https://\(origin)'.",
                object: "CSRFMiddleware"
            )
        }
        let needsTLS =
            cookieName.utf8.starts(with: "__Host-".utf8)
            || cookieName.utf8.starts(with: "__Secure-".utf8)
        if needsTLS, !isSecure {
            messages.append(
                CheckMessage(
                    .error,
                    id: "middleware.E004",
                    "Browsers refuse a cookie called '\(cookieName)' that is not Secure.",
                    hint: "Leave isCookieSecure nil, or take a name without a prefix.",
                    object: "CSRFMiddleware"
                )
            )
        }
        if forDeployment, options.isCookieSecure == false {
            messages.append(
                CheckMessage(
                    .warning,
                    id: "security.W016",
                    "The CSRF cookie also goes by plain HTTP, where others can read it.",
                    hint: "Leave isCookieSecure nil.",
                    object: "CSRFMiddleware"
                )
            )
        }
        return messages
    }

    /// Before anything that trusts the user.
    public var rank: MiddlewareRank? { .csrf }

    // MARK: The cookie

    private func loadSecret(_ request: Request) {
        guard request.headers.contains("Cookie") else { return }
        switch secret(of: request) {
        case .success(let secret?): request.storage.csrf = CSRFState(secret: secret)
        case .success(nil): break
        case .failure: request.rotateCSRFToken()
        }
    }

    private func secret(of request: Request) -> Result<[UInt8]?, CSRFToken.FormatError> {
        guard let cookie = request.cookies[cookieName(for: request)] else { return .success(nil) }
        let bytes = Array(cookie.utf8)
        do {
            try CSRFToken.check(bytes)
        } catch {
            return .failure(error)
        }
        return .success(bytes.count == CSRFToken.tokenLength ? CSRFToken.unmask(bytes) : bytes)
    }

    /// The name of the cookie; browsers and other clients keep none with a prefix from plain HTTP.
    private func cookieName(for request: Request) -> String {
        usesPlainCookie(request) ? "csrftoken" : cookieName
    }

    /// Whether the cookie is the default one and the request does not leave this machine.
    private func usesPlainCookie(_ request: Request) -> Bool {
        isSecure && options.isCookieSecure == nil && options.cookieName == nil && request.isLocal
    }

    private func sendCookie(
        _ secret: String,
        to request: Request,
        _ response: inout Response
    ) throws {
        var cookie = Cookie(cookieName(for: request), secret, maxAge: options.cookieAge)
        cookie.domain = options.cookieDomain
        cookie.path = options.cookiePath
        cookie.sameSite = options.cookieSameSite
        cookie.isSecure = isSecure && !usesPlainCookie(request)
        cookie.isHTTPOnly = isHTTPOnly
        try response.setCookie(cookie)
        response.vary(on: "Cookie")
    }

    // MARK: The check

    /// Why the request does not pass; nil where it does.
    private func refusal(of request: Request) async throws -> String? {
        if let reason = origins.refusal(of: request) { return reason }
        return try await tokenRefusal(request)
    }

    /// `X-Csrftoken`, as Django spells names of fields.
    private static func titled(_ name: String) -> String {
        name.split(onByte: 0x2D)
            .map { $0.prefix(1).uppercased() + String($0.dropFirst()).asciiLowercased }
            .joined(separator: "-")
    }

    /// Why the token does not pass, in Django's words; nil where it does.
    private func tokenRefusal(_ request: Request) async throws -> String? {
        let secret: [UInt8]
        if let state = request.storage.csrf, !state.needsCookie, let known = state.secret {
            // The cookie's, read when the request came.
            secret = known
        } else {
            switch self.secret(of: request) {
            case .failure(let error): return "CSRF cookie \(error.rawValue)."
            case .success(nil): return "CSRF cookie not set."
            case .success(let found?): secret = found
            }
        }
        var token = ""
        var source = "POST"
        if request.method == .post {
            token = try await request.form(isForView: false).fields["csrfmiddlewaretoken"] ?? ""
        }
        if token.isEmpty {
            guard let header = request.headers[options.headerName] else {
                return "CSRF token missing."
            }
            token = header
            source = "the '\(Self.titled(options.headerName))' HTTP header"
        }
        let bytes = Array(token.utf8)
        do {
            try CSRFToken.check(bytes)
        } catch {
            return "CSRF token from \(source) \(error.rawValue)."
        }
        return CSRFToken.matches(bytes, secret: secret)
            ? nil : "CSRF token from \(source) incorrect."
    }
}

/// The check with what is further in, inside the guards of a route.
private struct CheckedResponder: Responder {
    let csrf: CSRFMiddleware
    let next: any Responder

    func respond(to request: Request) async throws -> Response {
        do {
            return try await csrf.check(request, next: next)
        } catch {
            // The guards further out work on every answer, as the layers of a route do.
            guard let errors = request.storage.core?.errors else { throw error }
            return await errors.response(for: error, to: request)
        }
    }
}

/// A request that did not pass the CSRF check.
public struct CSRFError: ResponseConvertibleError, CustomStringConvertible {
    /// Why, in Django's words; only shown in debug.
    public let reason: String

    /// 403.
    public var status: HTTPStatus { .forbidden }
    /// What users are told.
    public var publicMessage: String? { "CSRF verification failed. Request aborted." }
    /// The reason, for the log and the debug page.
    public var description: String { "CSRF verification failed: \(reason)" }
}
