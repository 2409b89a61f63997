extension SecurityMiddleware {
    /// What is sent; an empty text or nil leaves a header out.
    public struct Options: Sendable {
        /// Whether plain HTTP is redirected (`SECURE_SSL_REDIRECT`); nil is outside debug.
        ///
        /// Pages are redirected by 308. A form that was posted in plain, and a call of an API, get
        /// 403: what they had to keep secret has been sent in plain already.
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
        /// The path of this site that browsers report violations of the policies to, such as
        /// `/csp-report/`; the site routes it to ``CSPReports/view(_:)``.
        public var reportPath: String?

        /// The strong defaults.
        public init() {}
    }
}
