public import Configuration
public import NuagesCore

extension Settings {
    /// Settings from the environment, with strong defaults for what it does not say.
    ///
    /// | variable | setting | default |
    /// | --- | --- | --- |
    /// | `DEBUG` | ``isDebug``; in a build for release with `DEBUG_IN_RELEASE` only | `false` |
    /// | `SECRET_KEY` | ``secretKey`` | the key in `SECRET_KEY_FILE` |
    /// | `SECRET_KEY_FILE` | a file with the key, made with mode 0600 | `.nuages-secret-key` |
    /// | `SECRET_KEY_FALLBACKS` | ``secretKeyFallbacks``, separated by commas | none |
    /// | `SIGNED_COOKIE_LEGACY_SALT_FALLBACK` | ``acceptsLegacyCookieSalts`` | `false` |
    /// | `USE_FORWARDED` | ``usesForwarded`` | `false` |
    /// | `ALLOWED_HOSTS` | ``allowedHosts``, separated by commas | none |
    /// | `DATABASE_URL` | ``databaseURL`` | `sqlite:db.sqlite3` |
    /// | `DATABASES`, `DATABASE_URL_<NAME>` | ``databases``: names separated by commas, and the URL of each | none |
    /// | `DATABASE_POOL_SIZE`, `DATABASE_POOL_TIMEOUT`, `CONN_MAX_AGE`, `CONN_HEALTH_CHECKS` | ``databasePool``, times in seconds | those of the driver |
    /// | `DATABASE_STATEMENT_TIMEOUT` | how long a statement of a request may take, in seconds; 0 for no limit | 30 |
    /// | `DATABASE_REPLICA_LAG` | ``replicaLag``: for how many seconds a visitor who has written reads from no replica | 10 |
    /// | `DATABASE_SLOW_QUERY_MS` | ``slowQueryThreshold`` in milliseconds; 0 for none | 1000 |
    /// | `AUTH_USER_MODEL`, and the settings that `SWAPPED_MODELS` lists | ``swappedModels`` | none |
    /// | `TIME_ZONE`, `LANGUAGE_CODE` | ``timeZone``, ``languageCode`` | `UTC`, `en-us` |
    /// | `STATIC_URL`, `MEDIA_URL` | ``staticURL``, ``mediaURL`` | `static/`, none |
    /// | `MEDIA_ROOT` | ``mediaRoot`` | none |
    /// | `FILE_UPLOAD_PERMISSIONS`, `FILE_UPLOAD_DIRECTORY_PERMISSIONS` | ``uploadPermissions``, ``uploadDirectoryPermissions``, in octal digits | `644`, what the mask leaves |
    /// | `LOCALE_PATHS` | ``localeDirectories``, separated by commas | none |
    /// | `STATIC_ROOT` | ``staticRoot`` | none |
    /// | `APPEND_SLASH`, `PREPEND_WWW` | ``appendsSlash``, ``prependsWWW`` | `true`, `false` |
    /// | `DISALLOWED_USER_AGENTS` | ``disallowedUserAgents``, separated by commas | none |
    /// | `TRUSTED_PROXIES` | ``trustedProxies``, separated by commas | none |
    /// | `USE_X_FORWARDED_HOST`, `USE_X_FORWARDED_PORT` | ``usesXForwardedHost``, ``usesXForwardedPort`` | `false` |
    /// | `SECURE_PROXY_SSL_HEADER` | ``proxySSLHeader``, as `X-Forwarded-Proto,https` | none |
    /// | `DATA_UPLOAD_MAX_…`, `FILE_UPLOAD_…` | ``formLimits`` | Django's |
    /// | `SERVER_…` | ``server``, times in seconds | those of ``ServerLimits`` |
    /// | `FORCE_SCRIPT_NAME` | ``forceScriptName`` | none |
    /// | `CSRF_TRUSTED_ORIGINS` | ``trustedOrigins``, separated by commas | none |
    /// | `SECURE_SSL_REDIRECT` | ``redirectsToHTTPS`` | `true` unless `DEBUG` |
    /// | `SECURE_REDIRECT_EXEMPT` | ``redirectExemptPrefixes``, separated by commas | none |
    /// | `CSP_REPORT_PATH` | ``cspReportPath``; empty for none | `csp-report/` |
    /// | `SECURE_HSTS_SECONDS` | ``hstsSeconds`` | 63072000 (two years) |
    /// | `LOG_LEVEL`, `LOG_FORMAT` | ``logLevel``, ``logFormat`` | `info`, `text` |
    /// | `LOG_FILE`, `SECURITY_LOG_FILE` | ``logFile``, ``securityLogFile`` | the standard error, none |
    /// | `SHARED_WITH_DJANGO` | ``isSharedWithDjango`` | `false` |
    ///
    /// A value that cannot be read is reported by `check`, and the default is used.
    public init() {
        self.init(configuration: ConfigReader(provider: EnvironmentVariablesProvider()))
    }

    /// Settings from any provider of swift-configuration: files, arguments, the environment.
    ///
    /// - Parameter configuration: the reader; `DEBUG` in the environment is its key `debug`.
    public init(configuration: ConfigReader) {
        self.init(configuration: configuration, isReleaseBuild: Self.isReleaseBuild)
    }

    /// Whether the program was built with `-c release`.
    private static var isReleaseBuild: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }

    package init(configuration: ConfigReader, isReleaseBuild: Bool) {
        self.init(secretKey: SecretKey(""))
        readKey(configuration)
        readDebug(configuration, isReleaseBuild: isReleaseBuild)
        allowedHosts = list("allowed.hosts", configuration) ?? []
        readDatabases(configuration)
        for name in ["AUTH_USER_MODEL"] + (list("swapped.models", configuration) ?? []) {
            let key = ConfigKey(name.lowercased().split(separator: "_").map { String($0) })
            swappedModels[name] = text(key, configuration)
        }
        timeZone = text("time.zone", configuration) ?? timeZone
        languageCode = text("language.code", configuration) ?? languageCode
        if let url = text("static.url", configuration) { staticURL = url }
        if let url = text("media.url", configuration) { mediaURL = url }
        mediaRoot = text("media.root", configuration)
        if let mode = mode("file.upload.permissions", configuration) { uploadPermissions = mode }
        uploadDirectoryPermissions = mode("file.upload.directory.permissions", configuration)
        localeDirectories = list("locale.paths", configuration) ?? []
        staticRoot = text("static.root", configuration)
        forceScriptName = text("force.script.name", configuration)
        trustedOrigins = list("csrf.trusted.origins", configuration) ?? []
        appendsSlash = flag("append.slash", configuration) ?? appendsSlash
        prependsWWW = flag("prepend.www", configuration) ?? prependsWWW
        disallowedUserAgents = list("disallowed.user.agents", configuration) ?? []
        readSecurity(configuration)
        isSharedWithDjango = flag("shared.with.django", configuration) ?? false
        readLogging(configuration)
        readProxy(configuration)
        readFormLimits(configuration)
        readServerLimits(configuration)
    }

    /// What is built for others does not show them how it works, unless somebody says so twice.
    private mutating func readDebug(_ configuration: ConfigReader, isReleaseBuild: Bool) {
        isDebug = flag("debug", configuration) ?? false
        let isWanted = flag("debug.in.release", configuration) ?? false
        guard isDebug, isReleaseBuild, !isWanted else { return }
        isDebug = false
        problems.append(
            CheckMessage(
                .error,
                id: "settings.E004",
                "DEBUG is on, and the program is built for release.",
                hint: "Build without '-c release' to develop, or set DEBUG_IN_RELEASE=true as well."
            )
        )
    }

    private mutating func readDatabases(_ configuration: ConfigReader) {
        databaseURL = secret("database.url", configuration) ?? databaseURL
        for name in list("databases", configuration) ?? [] where !name.equalsBytes("default") {
            let isName = name.utf8.allSatisfy {
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5F
            }
            guard isName, !name.isEmpty else {
                reject("databases", name, choices: "names of letters, digits and underscores")
                continue
            }
            let key = ConfigKey(["database", "url", name.lowercased()])
            if let url = secret(key, configuration) {
                databases[name] = url
            } else {
                let variable = "DATABASE_URL_\(name.uppercased())"
                problems.append(
                    CheckMessage(
                        .error,
                        id: "settings.E005",
                        "DATABASES names '\(name)', and \(variable) is not set.",
                        hint: "Set \(variable) to the URL of the database."
                    )
                )
            }
        }
        databasePool.size = number("database.pool.size", configuration, of: "connections")
        databasePool.timeout =
            number("database.pool.timeout", configuration, of: "seconds").map { .seconds($0) }
        databasePool.maxAge =
            number("conn.max.age", configuration, of: "seconds").map { .seconds($0) }
        databasePool.statementTimeout =
            number("database.statement.timeout", configuration, of: "seconds").map { .seconds($0) }
        replicaLag =
            number("database.replica.lag", configuration, of: "seconds").map { .seconds($0) }
            ?? replicaLag
        databasePool.checksHealth = flag("conn.health.checks", configuration)
        if let limit = number("database.slow.query.ms", configuration, of: "milliseconds") {
            slowQueryThreshold = limit == 0 ? nil : .milliseconds(limit)
        }
    }

    /// The mode of a file in octal digits, such as `640`.
    private mutating func mode(_ key: ConfigKey, _ configuration: ConfigReader) -> UInt16? {
        guard let digits = text(key, configuration) else { return nil }
        let plain = digits.utf8.starts(with: "0o".utf8) ? String(digits.dropFirst(2)) : digits
        if let mode = UInt16(plain, radix: 8), mode <= 0o777 { return mode }
        reject(key, digits, choices: "octal digits such as 644")
        return nil
    }

    /// A text that reports of the configuration must not show.
    private func secret(_ key: ConfigKey, _ configuration: ConfigReader) -> String? {
        configuration.string(forKey: key, isSecret: true).flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func readSecurity(_ configuration: ConfigReader) {
        redirectsToHTTPS = flag("secure.ssl.redirect", configuration)
        redirectExemptPrefixes = list("secure.redirect.exempt", configuration) ?? []
        hstsSeconds = number("secure.hsts.seconds", configuration, of: "seconds") ?? hstsSeconds
        // Unlike elsewhere, an empty text says something: no reports.
        if let path = configuration.string(forKey: "csp.report.path") { cspReportPath = path }
    }

    private mutating func readLogging(_ configuration: ConfigReader) {
        logLevel = choice("log.level", configuration) ?? logLevel
        logFormat = choice("log.format", configuration) ?? logFormat
        logFile = text("log.file", configuration)
        securityLogFile = text("security.log.file", configuration)
    }

    private mutating func readProxy(_ configuration: ConfigReader) {
        trustedProxies = list("trusted.proxies", configuration) ?? []
        usesForwarded = flag("use.forwarded", configuration) ?? false
        usesXForwardedHost = flag("use.x.forwarded.host", configuration) ?? false
        usesXForwardedPort = flag("use.x.forwarded.port", configuration) ?? false
        guard let pair = list("secure.proxy.ssl.header", configuration) else { return }
        if pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty {
            proxySSLHeader = (pair[0], pair[1])
        } else {
            reject(
                "secure.proxy.ssl.header",
                pair.joined(separator: ","),
                choices: "a field's name and the value that means HTTPS, such as "
                    + "X-Forwarded-Proto,https"
            )
        }
    }

    private mutating func readFormLimits(_ configuration: ConfigReader) {
        let numbers: [(WritableKeyPath<Settings, Int>, ConfigKey)] = [
            (\.formLimits.maxMemorySize, "data.upload.max.memory.size"),
            (\.formLimits.maxFields, "data.upload.max.number.fields"),
            (\.formLimits.maxFiles, "data.upload.max.number.files"),
            (\.formLimits.maxFileMemorySize, "file.upload.max.memory.size"),
            (\.formLimits.maxBodySize, "data.upload.max.body.size"),
        ]
        for (path, key) in numbers {
            if let value = number(key, configuration, of: "bytes or items") {
                self[keyPath: path] = value
            }
        }
        for (path, key) in [
            (\Settings.formLimits.maxFileSize, "file.upload.max.size" as ConfigKey),
            (\Settings.formLimits.maxTemporarySize, "file.upload.max.temporary.size"),
        ] {
            if let value = number(key, configuration, of: "bytes") { self[keyPath: path] = value }
        }
        formLimits.temporaryDirectory = text("file.upload.temp.dir", configuration)
    }

    private mutating func readServerLimits(_ configuration: ConfigReader) {
        let numbers: [(WritableKeyPath<Settings, Int>, ConfigKey)] = [
            (\.server.threads, "server.threads"),
            (\.server.backlog, "server.backlog"),
            (\.server.maxConnections, "server.max.connections"),
            (\.server.maxRequestsPerConnection, "server.max.requests.per.connection"),
            (\.server.maxRequestLineSize, "server.max.request.line.size"),
            (\.server.maxHeadSize, "server.max.head.size"),
            (\.server.maxFieldCount, "server.max.field.count"),
            (\.server.maxBodySize, "server.max.body.size"),
            (\.server.minimumRate, "server.minimum.rate"),
        ]
        for (path, key) in numbers {
            if let value = number(key, configuration, of: "bytes or items") {
                self[keyPath: path] = value
            }
        }
        let times: [(WritableKeyPath<Settings, Duration>, ConfigKey)] = [
            (\.server.headTimeout, "server.head.timeout"),
            (\.server.idleTimeout, "server.idle.timeout"),
            (\.server.bodyGracePeriod, "server.body.grace.period"),
            (\.server.bodyStallTimeout, "server.body.stall.timeout"),
            (\.server.writeTimeout, "server.write.timeout"),
            (\.server.halfClosedTimeout, "server.half.closed.timeout"),
            (\.server.shutdownTimeout, "server.shutdown.timeout"),
        ]
        for (path, key) in times {
            if let value = number(key, configuration, of: "seconds") {
                self[keyPath: path] = .seconds(value)
            }
        }
    }

    private mutating func readKey(_ configuration: ConfigReader) {
        let fallbacks = configuration.string(forKey: "secret.key.fallbacks", isSecret: true) ?? ""
        secretKeyFallbacks = fallbacks.split(separator: ",").map { SecretKey(String($0)) }
        acceptsLegacyCookieSalts =
            flag("signed.cookie.legacy.salt.fallback", configuration) ?? false
        if let key = configuration.string(forKey: "secret.key", isSecret: true), !key.isEmpty {
            secretKey = SecretKey(key)
            return
        }
        let path = text("secret.key.file", configuration) ?? ".nuages-secret-key"
        do {
            secretKey = try SecretKeyFile(path: path).load()
        } catch {
            // Without a key that lasts, what is signed now is refused after a restart.
            secretKey = SecretKey.random()
            problems.append(CheckMessage(.error, id: "settings.E001", error.description))
        }
    }

    private func text(_ key: ConfigKey, _ configuration: ConfigReader) -> String? {
        configuration.string(forKey: key).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func list(_ key: ConfigKey, _ configuration: ConfigReader) -> [String]? {
        text(key, configuration)?.split(separator: ",").map { item in
            String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    private mutating func flag(_ key: ConfigKey, _ configuration: ConfigReader) -> Bool? {
        guard let value = text(key, configuration) else { return nil }
        switch value.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default:
            reject(key, value, choices: "true, false, 1, 0, yes, no, on, off")
            return nil
        }
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: ConfigKey,
        _ configuration: ConfigReader
    ) -> Choice? {
        guard let value = text(key, configuration) else { return nil }
        if let choice = Choice(rawValue: value.lowercased()) { return choice }
        let choices = Choice.allCases.map(\.rawValue)
        reject(key, value, choices: choices.joined(separator: ", "))
        return nil
    }

    private mutating func number(
        _ key: ConfigKey,
        _ configuration: ConfigReader,
        of unit: String
    ) -> Int? {
        guard let value = text(key, configuration) else { return nil }
        let isNumber =
            value.utf8.count <= 15 && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(value) else {
            reject(key, value, choices: "a number of \(unit)")
            return nil
        }
        return number
    }

    private mutating func reject(_ key: ConfigKey, _ value: String, choices: String) {
        let name = key.components.joined(separator: "_").uppercased()
        problems.append(
            CheckMessage(
                .error,
                id: "settings.E002",
                "\(name) is '\(value)', which it cannot be.",
                hint: "Choices are: \(choices)."
            )
        )
    }
}
