internal import NuagesCore

/// Adds the security headers, and sends plain HTTP to HTTPS outside debug.
///
/// The headers are put together once; a request gets a reference to the block. A view that sets
/// one of them itself keeps its own value.
///
/// Django: `SecurityMiddleware` with `ContentSecurityPolicyMiddleware`, with stronger defaults.
public struct SecurityMiddleware: ResponseDecorator {
    /// What is sent; an empty text or nil leaves a header out.
    public struct Options: Sendable {
        /// Whether plain HTTP is redirected (`SECURE_SSL_REDIRECT`); nil is outside debug.
        public var redirectsToHTTPS: Bool?
        /// The host that it is redirected to (`SECURE_SSL_HOST`); nil is that of the request.
        public var httpsHost: String?
        /// Beginnings of paths that are not redirected (`SECURE_REDIRECT_EXEMPT`), without a
        /// leading slash.
        public var redirectExemptPrefixes: [String] = []
        /// How long browsers only use HTTPS, in seconds (`SECURE_HSTS_SECONDS`).
        public var hstsSeconds = 63_072_000
        /// Whether that holds for subdomains (`SECURE_HSTS_INCLUDE_SUBDOMAINS`).
        public var hstsIncludesSubdomains = true
        /// Whether browsers may ship it (`SECURE_HSTS_PRELOAD`).
        public var hstsPreload = false
        /// `X-Content-Type-Options: nosniff` (`SECURE_CONTENT_TYPE_NOSNIFF`).
        public var isNoSniff = true
        /// `Referrer-Policy` (`SECURE_REFERRER_POLICY`).
        public var referrerPolicy = "same-origin"
        /// `Cross-Origin-Opener-Policy` (`SECURE_CROSS_ORIGIN_OPENER_POLICY`).
        public var crossOriginOpenerPolicy = "same-origin"
        /// `Cross-Origin-Resource-Policy`.
        public var crossOriginResourcePolicy = "same-origin"
        /// `Cross-Origin-Embedder-Policy`; off, since it stops images of other sites.
        public var crossOriginEmbedderPolicy = ""
        /// `Permissions-Policy`: every powerful feature is off.
        public var permissionsPolicy =
            "accelerometer=(), autoplay=(), camera=(), display-capture=(), "
            + "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), "
            + "magnetometer=(), microphone=(), midi=(), payment=(), "
            + "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), "
            + "xr-spatial-tracking=()"
        /// `Origin-Agent-Cluster`.
        public var originAgentCluster = "?1"
        /// `X-Permitted-Cross-Domain-Policies`.
        public var permittedCrossDomainPolicies = "none"
        /// `X-XSS-Protection`: the auditor of old browsers did harm.
        public var xssProtection = "0"
        /// `Content-Security-Policy` (`SECURE_CSP`).
        public var contentSecurityPolicy: ContentSecurityPolicy? = .strict
        /// `Content-Security-Policy-Report-Only` (`SECURE_CSP_REPORT_ONLY`).
        public var reportOnlyPolicy: ContentSecurityPolicy?

        /// The strong defaults.
        public init() {}
    }

    /// What is sent.
    public let options: Options
    private let redirects: Bool
    /// By whether the client came by TLS, then by whether the page uses a nonce.
    private let blocks: [HeaderBlock]

    /// The layer.
    ///
    /// - Parameters:
    ///   - isDebug: whether the site is in debug, where plain HTTP is not redirected.
    ///   - options: what is sent.
    public init(isDebug: Bool = false, options: Options = Options()) {
        self.options = options
        redirects = options.redirectsToHTTPS ?? !isDebug
        blocks = [(false, false), (false, true), (true, false), (true, true)].map {
            HeaderBlock(Self.fields(options, isSecure: $0, usesNonce: $1))
        }
    }

    /// Whether nothing is redirected.
    public var onlyDecorates: Bool { !redirects }

    /// Redirects plain HTTP.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        if redirects, !request.isSecure, let redirect = try redirect(request) { return redirect }
        return try await next.respond(to: request)
    }

    private func redirect(_ request: Request) throws -> Response? {
        let path = request.path.utf8.dropFirst()
        if options.redirectExemptPrefixes.contains(where: { path.starts(with: $0.utf8) }) {
            return nil
        }
        let host = try options.httpsHost ?? request.host()
        return try .redirect(
            to: "https://\(host)\(request.fullPath())",
            isPermanent: true,
            // A form that was posted in plain is lost as it is; its fields stay out of the query.
            preservesRequest: request.method != .get && request.method != .head
        )
    }

    /// Adds the headers.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - request: the request that it answers.
    public func decorate(_ response: inout Response, for request: Request) {
        let nonce = request.storage.usedNonce
        let isSecure = request.isSecure
        if let policy = request.storage.knownFramePolicy, policy != .deny {
            set(framedPolicy(policy), nonce, isSecure, on: &response)
        } else if let nonce {
            set(options.contentSecurityPolicy, nonce, isSecure, on: &response)
        }
        if let nonce, let policy = options.reportOnlyPolicy {
            response.headers.setDefault(
                "Content-Security-Policy-Report-Only",
                policy.text(nonce: nonce)
            )
        }
        response.headers.setDefaults(blocks[(isSecure ? 2 : 0) + (nonce == nil ? 0 : 1)])
    }

    private func set(
        _ policy: ContentSecurityPolicy?,
        _ nonce: String?,
        _ isSecure: Bool,
        on response: inout Response
    ) {
        guard let policy else { return }
        response.headers.setDefault(
            "Content-Security-Policy",
            Self.text(policy, nonce: nonce, isSecure: isSecure)
        )
    }

    private func framedPolicy(_ frame: FramePolicy) -> ContentSecurityPolicy? {
        var policy = options.contentSecurityPolicy
        policy?["frame-ancestors"] = frame == .sameOrigin ? [.self] : nil
        return policy
    }

    private static func text(
        _ policy: ContentSecurityPolicy,
        nonce: String?,
        isSecure: Bool
    ) -> String {
        // In plain HTTP, which is debug, it would send every style sheet to a port without TLS.
        policy.text(nonce: nonce) + (isSecure ? "; upgrade-insecure-requests" : "")
    }

    private static func fields(
        _ options: Options,
        isSecure: Bool,
        usesNonce: Bool
    ) -> [Headers.Field] {
        var hsts = "max-age=\(options.hstsSeconds)"
        if options.hstsIncludesSubdomains { hsts += "; includeSubDomains" }
        if options.hstsPreload { hsts += "; preload" }
        let policy = options.contentSecurityPolicy.map {
            text($0, nonce: nil, isSecure: isSecure)
        }
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
            ("Content-Security-Policy", usesNonce ? "" : policy ?? ""),
            (
                "Content-Security-Policy-Report-Only",
                usesNonce ? "" : options.reportOnlyPolicy?.text(nonce: nil) ?? ""
            ),
        ]
        return pairs.filter { !$0.1.isEmpty }.map { Headers.Field(name: $0.0, value: $0.1) }
    }

    /// The outermost place.
    public var rank: MiddlewareRank? { .security }
}
