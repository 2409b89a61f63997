internal import NuagesCore

/// Adds the security headers, and sends plain HTTP to HTTPS outside debug.
///
/// The headers are put together once; a request gets a reference to the block. A view that sets
/// one of them itself keeps its own value.
///
/// Django: `SecurityMiddleware` with `ContentSecurityPolicyMiddleware`, with stronger defaults.
public struct SecurityMiddleware: ResponseDecorator, SelectiveMiddleware {
    /// What is sent.
    public let options: Options
    private let redirects: Bool
    /// The beginnings of paths that are not redirected, without slashes in front.
    private let exemptPrefixes: [String]
    /// By whether the client came by TLS, then by whether the answer has policies of its own.
    private let blocks: [HeaderBlock]

    /// The layer.
    ///
    /// - Parameters:
    ///   - isDebug: whether the site is in debug, where plain HTTP is not redirected.
    ///   - options: what is sent.
    public init(isDebug: Bool = false, options: Options = Options()) {
        self.options = options
        redirects = options.redirectsToHTTPS ?? !isDebug
        // An empty one would let the whole site out.
        exemptPrefixes = options.redirectExemptPrefixes
            .map { String(Substring($0.utf8.drop { $0 == UInt8(ascii: "/") })) }
            .filter { !$0.isEmpty }
        blocks = [(false, false), (false, true), (true, false), (true, true)].map {
            HeaderBlock(Self.fields(options, isSecure: $0, hasOwnPolicies: $1))
        }
    }

    /// Whether nothing is redirected.
    public var onlyDecorates: Bool { !redirects }

    /// Whether the request came by plain HTTP, where that is not answered.
    ///
    /// - Parameter request: the request.
    /// - Returns: true if so.
    public func concerns(_ request: Request) -> Bool {
        redirects && !request.isSecure && !request.isLocal
    }

    /// Redirects pages by plain HTTP, and refuses all else that comes by it.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: ``HTTPError/forbidden(_:)`` for what cannot be redirected, and what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        if concerns(request), let redirect = try redirect(request) { return redirect }
        return try await next.respond(to: request)
    }

    private func redirect(_ request: Request) throws -> Response? {
        let path = request.path.utf8.dropFirst()
        if exemptPrefixes.contains(where: { path.starts(with: $0.utf8) }) { return nil }
        guard Self.isPage(request) else {
            throw HTTPError.forbidden("This was sent by plain HTTP; only HTTPS is answered.")
        }
        let host = try options.httpsHost ?? request.host()
        return try .redirect(
            to: "https://\(host)\(request.fullPath())",
            isPermanent: true,
            preservesRequest: true
        )
    }

    /// Whether a person is behind the request who will see the new address: a redirect would let
    /// a program go on sending its secrets in plain (OWASP ASVS 5.0, 4.1.2).
    private static func isPage(_ request: Request) -> Bool {
        (request.method == .get || request.method == .head)
            && !request.headers.contains("Authorization") && request.accepts("text/html")
    }

    /// Adds the headers.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - request: the request that it answers.
    public func decorate(_ response: inout Response, for request: Request) {
        let nonce = request.storage.usedNonce
        let route = request.storage.knownRoute
        let isSecure = request.isSecure
        // A cache takes the fields of a 304 for the page that it has, whose nonce is another one.
        let isNotModified = response.status == .notModified
        let isOwn = isNotModified || nonce != nil || route?.options.changesPolicy == true
        if isOwn, !isNotModified { addPolicies(route, nonce, isSecure, to: &response) }
        if route?.options.isShared == true, !options.crossOriginResourcePolicy.isEmpty {
            response.headers.setDefault("Cross-Origin-Resource-Policy", "cross-origin")
        }
        response.headers.setDefaults(blocks[(isSecure ? 2 : 0) + (isOwn ? 1 : 0)])
    }

    /// The policies of a page with a nonce, or of a route with policies of its own.
    private func addPolicies(
        _ route: CompiledRoute?,
        _ nonce: String?,
        _ isSecure: Bool,
        to response: inout Response
    ) {
        var policy = options.contentSecurityPolicy
        var reportOnly = options.reportOnlyPolicy
        if let override = route?.options.policy { policy = override.policy }
        if let override = route?.options.reportOnlyPolicy { reportOnly = override.policy }
        switch route?.options.framePolicy {
        case .sameOrigin: policy?["frame-ancestors"] = [.self]
        case .allow: policy?["frame-ancestors"] = nil
        case .deny, nil: break
        }
        if let policy {
            response.headers.setDefault(
                "Content-Security-Policy",
                Self.text(policy, options, nonce: nonce, isSecure: isSecure)
            )
        }
        if let reportOnly {
            response.headers.setDefault(
                "Content-Security-Policy-Report-Only",
                Self.text(reportOnly, options, nonce: nonce, isSecure: false)
            )
        }
    }

    private static func text(
        _ policy: ContentSecurityPolicy,
        _ options: Options,
        nonce: String?,
        isSecure: Bool
    ) -> String {
        var policy = policy
        if let path = options.reportPath, policy["report-uri"] == nil, policy["report-to"] == nil {
            // Browsers that know the newer directive leave the older one alone.
            policy["report-uri"] = [ContentSecurityPolicy.Source(path)]
            policy["report-to"] = [ContentSecurityPolicy.Source(reportEndpoint)]
        }
        // In plain HTTP, which is debug, it would send every style sheet to a port without TLS.
        if isSecure, !policy.directives.isEmpty { policy["upgrade-insecure-requests"] = [] }
        return policy.text(nonce: nonce)
    }

    /// What the header `Reporting-Endpoints` calls the report path.
    private static let reportEndpoint = "csp"

    private static func fields(
        _ options: Options,
        isSecure: Bool,
        hasOwnPolicies: Bool
    ) -> [Headers.Field] {
        var hsts = "max-age=\(options.hstsSeconds)"
        if options.hstsIncludesSubdomains { hsts += "; includeSubDomains" }
        if options.hstsPreload { hsts += "; preload" }
        let policy = options.contentSecurityPolicy.map {
            text($0, options, nonce: nil, isSecure: isSecure)
        }
        let reportOnly = options.reportOnlyPolicy.map {
            text($0, options, nonce: nil, isSecure: false)
        }
        let endpoints = options.reportPath.map { "\(reportEndpoint)=\"\($0)\"" }
        let pairs: [(String, String)] = [
            ("Strict-Transport-Security", isSecure && options.hstsSeconds > 0 ? hsts : ""),
            ("X-Content-Type-Options", options.isNoSniff ? "nosniff" : ""),
            ("Referrer-Policy", options.referrerPolicy),
            ("Cross-Origin-Opener-Policy", options.crossOriginOpenerPolicy),
            ("Cross-Origin-Resource-Policy", options.crossOriginResourcePolicy),
            ("Cross-Origin-Embedder-Policy", options.crossOriginEmbedderPolicy),
            ("Permissions-Policy", options.permissionsPolicy),
            ("Origin-Agent-Cluster", options.originAgentCluster),
            ("X-Permitted-Cross-Domain-Policies", options.permittedCrossDomainPolicies),
            ("X-XSS-Protection", options.xssProtection),
            ("Reporting-Endpoints", endpoints ?? ""),
            ("Content-Security-Policy", hasOwnPolicies ? "" : policy ?? ""),
            (
                "Content-Security-Policy-Report-Only",
                hasOwnPolicies ? "" : reportOnly ?? ""
            ),
        ]
        return pairs.filter { !$0.1.isEmpty }.map { Headers.Field(name: $0.0, value: $0.1) }
    }

    /// The outermost place.
    public var rank: MiddlewareRank? { .security }
}
