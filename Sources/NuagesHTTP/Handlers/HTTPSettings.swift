/// What the HTTP layer is told by the settings of a site; the names are Django's.
public struct HTTPSettings: Sendable {
    /// Whether error pages show details (`DEBUG`).
    public var isDebug = false
    /// The host names of this site (`ALLOWED_HOSTS`).
    ///
    /// `.example.com` is the domain with all below it, `*` is any name. Empty refuses every
    /// request; in debug it allows `localhost`, `127.0.0.1` and `[::1]`.
    public var allowedHosts: [String] = []
    /// Whether `X-Forwarded-Host` counts, from a trusted proxy (`USE_X_FORWARDED_HOST`).
    public var usesXForwardedHost = false
    /// Whether `X-Forwarded-Port` counts, from a trusted proxy (`USE_X_FORWARDED_PORT`).
    public var usesXForwardedPort = false
    /// The field by which a trusted proxy says that the client came by TLS, and the value that
    /// says so (`SECURE_PROXY_SSL_HEADER`), such as `("X-Forwarded-Proto", "https")`.
    public var secureProxyTLSHeader: (name: String, value: String)?
    /// The addresses whose `X-Forwarded-…` fields are believed: nobody's by default, `*` is anybody's.
    public var trustedProxies: [String] = []
    /// Whether `/page` redirects to `/page/` where only that exists (`APPEND_SLASH`).
    public var appendsSlash = true
    /// Whether `example.com` redirects to `www.example.com` (`PREPEND_WWW`).
    public var prependsWWW = false
    /// The path below which the site lies, such as `/shop` (`FORCE_SCRIPT_NAME`): it stands in front
    /// of every URL that is made, and is taken off paths before routes are compared with them.
    public var forceScriptName: String?
    /// Texts that no `User-Agent` may contain (`DISALLOWED_USER_AGENTS`).
    public var disallowedUserAgents: [String] = []
    /// What a posted form may cost.
    public var formLimits = FormLimits()
    /// Whether cookies have Django's names and flags, for a site that Django serves as well
    /// (`.sharedWithDjango`).
    public var isSharedWithDjango = false

    /// Strong defaults: no debug, no hosts, no trusted proxies.
    public init() {}
}
