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
    /// Whether cookies that Django signed before 6.1 are still accepted
    /// (`SIGNED_COOKIE_LEGACY_SALT_FALLBACK`): the name and the salt of two of them could make the
    /// same key (CVE-2026-6873), so only until those cookies have run out.
    public var acceptsLegacyCookieSalts = false
    /// The host names that the site answers to (`ALLOWED_HOSTS`); `.example.com` includes all below it.
    ///
    /// Empty in debug means `localhost`, `127.0.0.1` and `[::1]`; empty otherwise means none.
    public var allowedHosts: [String] = []
    /// Where the data is (`DATABASE_URL`), such as `sqlite:db.sqlite3`.
    public var databaseURL: String {
        get { givenDatabaseURL.text }
        set { givenDatabaseURL.text = newValue }
    }
    private var givenDatabaseURL = DatabaseAddress(text: "sqlite:db.sqlite3")
    /// Where the data of further databases is, by their names (`DATABASES`, `DATABASE_URL_…`).
    ///
    /// `mirror:default` is another name of the database `default`, as tests have it for a replica.
    public var databases: [String: String] {
        get { givenDatabases.mapValues(\.text) }
        set { givenDatabases = newValue.mapValues { DatabaseAddress(text: $0) } }
    }
    private var givenDatabases: [String: DatabaseAddress] = [:]
    /// The models that a site puts in place of others, by the settings that packages ask for them
    /// with (`AUTH_USER_MODEL`, and those that `SWAPPED_MODELS` lists), such as `accounts.Member`.
    public var swappedModels: [String: String] = [:]
    /// How the connections of databases are kept, where not as their drivers say.
    public var databasePool = DatabasePoolSettings()
    /// How long a statement takes that is logged as slow (`DATABASE_SLOW_QUERY_MS`); nil for none.
    public var slowQueryThreshold: Duration? = .seconds(1)
    /// How far replicas of a database may be behind it (`DATABASE_REPLICA_LAG`).
    ///
    /// For so long a visitor whose form was taken reads from the primary database; zero where no
    /// one stays with it.
    public var replicaLag: Duration = .seconds(10)
    /// How many queries of a request have the same shape before it is logged, where that is looked
    /// for: in debug and in tests.
    public var repeatedQueryLimit = 5
    /// The time zone that templates show moments in (`TIME_ZONE`).
    public var timeZone = "UTC"
    /// The language of the site (`LANGUAGE_CODE`).
    public var languageCode = "en-us"
    /// The path that static files are served under (`STATIC_URL`); `static/` by default.
    ///
    /// A path without a slash at its beginning is one below ``scriptPrefix``, as in Django; `check`
    /// asks for the slash at the end. An address such as `https://static.example.com/` leaves
    /// serving to that host.
    public var staticURL: String {
        get { completed(givenStaticURL) }
        set { givenStaticURL = newValue }
    }
    private var givenStaticURL = "static/"
    /// The path that uploaded files are served under (`MEDIA_URL`), what `{% get_media_prefix %}`
    /// writes; a path without a slash at its beginning is one below ``scriptPrefix``.
    public var mediaURL: String {
        get { givenMediaURL.isEmpty ? "" : completed(givenMediaURL) }
        set { givenMediaURL = newValue }
    }
    private var givenMediaURL = ""
    /// The folder that visitors' files are kept in (`MEDIA_ROOT`); nil for none.
    ///
    /// It is best outside of the folder of the program, and never within ``staticRoot``.
    public var mediaRoot: String?
    /// The mode of files that are kept (`FILE_UPLOAD_PERMISSIONS`).
    public var uploadPermissions: UInt16 = 0o644
    /// The mode of folders that are made for them (`FILE_UPLOAD_DIRECTORY_PERMISSIONS`); nil is what
    /// the process's mask leaves of 0777.
    public var uploadDirectoryPermissions: UInt16?
    /// Folders with translations that are searched before those of the apps (`LOCALE_PATHS`).
    public var localeDirectories: [String] = []
    /// The folder that `collectstatic` collects static files in, and that they are then served
    /// from (`STATIC_ROOT`); nil serves them from where they are written.
    public var staticRoot: String?
    /// The path below which the site lies, such as `/shop` (`FORCE_SCRIPT_NAME`); nil for `/`.
    public var forceScriptName: String?
    /// ``forceScriptName`` with a slash at both ends; `/` where there is none.
    public var scriptPrefix: String { ScriptPrefix.of(forceScriptName) }
    /// Folders with static files besides those of the apps (`STATICFILES_DIRS`).
    public var staticDirectories: [String] = []
    /// Folders with templates that are searched before those of the apps (`TEMPLATES` `DIRS`).
    public var templateDirectories: [String] = []
    /// Whether a path without a slash at its end is sent to the one with it (`APPEND_SLASH`).
    public var appendsSlash = true
    /// Whether `example.com` is sent to `www.example.com` (`PREPEND_WWW`).
    public var prependsWWW = false
    /// Texts that no `User-Agent` may contain (`DISALLOWED_USER_AGENTS`).
    public var disallowedUserAgents: [String] = []
    /// Whether `X-Forwarded-Host` counts, from a trusted proxy (`USE_X_FORWARDED_HOST`).
    public var usesXForwardedHost = false
    /// Whether `X-Forwarded-Port` counts, from a trusted proxy (`USE_X_FORWARDED_PORT`).
    public var usesXForwardedPort = false
    /// What a posted form may cost.
    public var formLimits = FormLimits()
    /// What the server lets its clients do, and how many threads answer them.
    public var server = ServerLimits()
    /// Origins besides the site's own that may post to it (`CSRF_TRUSTED_ORIGINS`).
    public var trustedOrigins: [String] = []
    /// Whether plain HTTP is sent to HTTPS (`SECURE_SSL_REDIRECT`); nil is yes outside debug.
    public var redirectsToHTTPS: Bool?
    /// Beginnings of paths that are answered by plain HTTP as well (`SECURE_REDIRECT_EXEMPT`), without
    /// a leading slash, such as `healthz`.
    public var redirectExemptPrefixes: [String] = []
    /// The path that browsers report violations of the Content-Security-Policy to
    /// (`CSP_REPORT_PATH`); `csp-report/` by default, and none where it is empty.
    ///
    /// A path without a slash at its beginning is one below ``scriptPrefix``. The site routes it to
    /// a view that logs the reports, where a layer tells browsers of it.
    public var cspReportPath: String {
        get { givenCSPReportPath.isEmpty ? "" : completed(givenCSPReportPath) }
        set { givenCSPReportPath = newValue }
    }
    private var givenCSPReportPath = "csp-report/"
    /// How long browsers remember to use HTTPS, in seconds (`SECURE_HSTS_SECONDS`).
    public var hstsSeconds = 63_072_000
    /// The header by which a trusted proxy says that a request came by HTTPS, and the value that
    /// says so (`SECURE_PROXY_SSL_HEADER`), such as `("X-Forwarded-Proto", "https")`.
    public var proxySSLHeader: (name: String, value: String)?
    /// The addresses and ranges of proxies whose headers are believed (`TRUSTED_PROXIES`), such as
    /// `10.0.0.0/8` or `unix`; none unless given.
    public var trustedProxies: [String] = []
    /// Whether a trusted proxy says by `Forwarded` (RFC 7239) who asked, and how.
    public var usesForwarded = false
    /// Whether cookies have the names and forms that a Django process on the same site expects.
    public var isSharedWithDjango = false
    /// The least grave level that is logged (`LOG_LEVEL`).
    public var logLevel = LogLevel.info
    /// How events are logged (`LOG_FORMAT`).
    public var logFormat = LogFormat.text
    /// The file that events are logged to (`LOG_FILE`); nil is the standard error.
    public var logFile: String?
    /// A file that security events go to besides, as JSON lines (`SECURITY_LOG_FILE`).
    public var securityLogFile: String?

    /// A URL, behind the script prefix where it is a relative path.
    private func completed(_ url: String) -> String {
        let starts = ["/", "http://", "https://"]
        return starts.contains { url.utf8.starts(with: $0.utf8) } ? url : scriptPrefix + url
    }

    /// What was wrong with the values that were read; `check` prints it.
    public var problems: [CheckMessage] = []

    /// Settings with a given key; everything else has its default.
    ///
    /// - Parameter secretKey: what signs values.
    public init(secretKey: SecretKey) { self.secretKey = secretKey }
}
