/// How a site runs: whether it is being debugged, its hosts, its database and its folders.
///
/// The names are Django's. Each has a strong default; `Settings()` in `NuagesViews` reads them
/// from the environment.
public struct Settings: Sendable {
    /// Whether errors show their details (`DEBUG`); only ever true on a developer's machine.
    public var isDebug = false
    /// What signs values (`SECRET_KEY`).
    public var secretKey: SecretKey
    /// Former keys whose signatures are still accepted (`SECRET_KEY_FALLBACKS`).
    public var secretKeyFallbacks: [SecretKey] = []
    /// The host names that the site answers to (`ALLOWED_HOSTS`); `.example.com` includes all below it.
    ///
    /// Empty in debug means `localhost`, `127.0.0.1` and `[::1]`; empty otherwise means none.
    public var allowedHosts: [String] = []
    /// Where the data is (`DATABASE_URL`), such as `sqlite:db.sqlite3`.
    public var databaseURL = "sqlite:db.sqlite3"
    /// The time zone that templates show moments in (`TIME_ZONE`).
    public var timeZone = "UTC"
    /// The language of the site (`LANGUAGE_CODE`).
    public var languageCode = "en-us"
    /// The path that static files are served under (`STATIC_URL`).
    public var staticURL = "/static/"
    /// Folders with static files besides those of the apps (`STATICFILES_DIRS`).
    public var staticDirectories: [String] = []
    /// Folders with templates that are searched before those of the apps (`TEMPLATES` `DIRS`).
    public var templateDirectories: [String] = []
    /// Whether a path without a slash at its end is sent to the one with it (`APPEND_SLASH`).
    public var appendsSlash = true
    /// Origins besides the site's own that may post to it (`CSRF_TRUSTED_ORIGINS`).
    public var trustedOrigins: [String] = []
    /// Whether plain HTTP is sent to HTTPS (`SECURE_SSL_REDIRECT`); nil is yes outside debug.
    public var redirectsToHTTPS: Bool?
    /// How long browsers remember to use HTTPS, in seconds (`SECURE_HSTS_SECONDS`).
    public var hstsSeconds = 63_072_000
    /// The header by which a trusted proxy says that a request came by HTTPS, and the value that
    /// says so (`SECURE_PROXY_SSL_HEADER`), such as `("X-Forwarded-Proto", "https")`.
    public var proxySSLHeader: (name: String, value: String)?
    /// The addresses and ranges of proxies whose headers are believed, such as `10.0.0.0/8` or
    /// `unix`; none unless given.
    public var trustedProxies: [String] = []
    /// Whether a trusted proxy says by `Forwarded` (RFC 7239) who asked, and how.
    public var usesForwarded = false
    /// Whether a trusted proxy's `X-Forwarded-Host` counts (`USE_X_FORWARDED_HOST`).
    public var usesXForwardedHost = false
    /// Whether a trusted proxy's `X-Forwarded-Port` counts (`USE_X_FORWARDED_PORT`).
    public var usesXForwardedPort = false
    /// Whether cookies have the names and forms that a Django process on the same site expects.
    public var isSharedWithDjango = false

    /// What was wrong with the values that were read; `check` prints it.
    public var problems: [CheckMessage] = []

    /// Settings with a given key; everything else has its default.
    ///
    /// - Parameter secretKey: what signs values.
    public init(secretKey: SecretKey) { self.secretKey = secretKey }
}
