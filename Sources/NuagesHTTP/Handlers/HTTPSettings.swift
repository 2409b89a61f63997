public import NuagesCore

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
    /// Whether the scheme, the host and the client's address are taken from `Forwarded`
    /// (RFC 7239), from a trusted proxy, in place of the `X-Forwarded-…` fields.
    ///
    /// Only one of the two is ever read: a proxy that writes one hands on the other as the client
    /// sent it.
    public var usesForwarded = false
    /// The addresses and ranges, such as `10.0.0.0/8`, whose fields are believed: nobody's by
    /// default; `unix` is whoever comes by a Unix socket, `*` is anybody.
    public var trustedProxies: [String] = []
    /// Origins besides the site's own whose pages may open a WebSocket (`CSRF_TRUSTED_ORIGINS`).
    public var trustedOrigins: [String] = []
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
    /// Where the files of posted forms go (`FILE_UPLOAD_HANDLERS`); the first handler that takes a
    /// file has it, and what none takes is kept in memory or, above
    /// ``/NuagesCore/FormLimits/maxFileMemorySize``, in a temporary file.
    public var uploadHandlers: [any UploadHandler] = []
    /// Where it is noted how far uploads have come.
    public var uploadProgressStore: any UploadProgressStore = MemoryUploadProgressStore.shared
    /// What signs cookies (`SECRET_KEY`); nil where nothing can be signed.
    public var secretKey: SecretKey?
    /// Former keys whose signatures are still accepted (`SECRET_KEY_FALLBACKS`).
    public var secretKeyFallbacks: [SecretKey] = []
    /// Whether cookies that Django signed before 6.1 are still accepted
    /// (`SIGNED_COOKIE_LEGACY_SALT_FALLBACK`): the name and the salt of two of them could make the
    /// same key (CVE-2026-6873).
    public var acceptsLegacyCookieSalts = false
    /// Whether cookies have Django's names and flags, for a site that Django serves as well
    /// (`.sharedWithDjango`).
    public var isSharedWithDjango = false

    /// Strong defaults: no debug, no hosts, no trusted proxies.
    public init() {}
}
