public import Configuration
public import NuagesCore

extension Settings {
    /// Settings from the environment, with strong defaults for what it does not say.
    ///
    /// | variable | setting | default |
    /// | --- | --- | --- |
    /// | `DEBUG` | ``isDebug`` | `false` |
    /// | `SECRET_KEY` | ``secretKey`` | the key in `SECRET_KEY_FILE` |
    /// | `SECRET_KEY_FILE` | a file with the key, made with mode 0600 | `.nuages-secret-key` |
    /// | `SECRET_KEY_FALLBACKS` | ``secretKeyFallbacks``, separated by commas | none |
    /// | `TRUSTED_PROXIES` | ``trustedProxies``, separated by commas | none |
    /// | `USE_FORWARDED` | ``usesForwarded`` | `false` |
    /// | `SECURE_PROXY_SSL_HEADER` | ``proxySSLHeader``, such as `X-Forwarded-Proto: https` | none |
    /// | `USE_X_FORWARDED_HOST` | ``usesXForwardedHost`` | `false` |
    /// | `USE_X_FORWARDED_PORT` | ``usesXForwardedPort`` | `false` |
    /// | `ALLOWED_HOSTS` | ``allowedHosts``, separated by commas | none |
    /// | `DATABASE_URL` | ``databaseURL`` | `sqlite:db.sqlite3` |
    /// | `TIME_ZONE`, `LANGUAGE_CODE` | ``timeZone``, ``languageCode`` | `UTC`, `en-us` |
    /// | `STATIC_URL` | ``staticURL`` | `/static/` |
    /// | `CSRF_TRUSTED_ORIGINS` | ``trustedOrigins``, separated by commas | none |
    /// | `SECURE_SSL_REDIRECT` | ``redirectsToHTTPS`` | `true` unless `DEBUG` |
    /// | `SECURE_HSTS_SECONDS` | ``hstsSeconds`` | 63072000 (two years) |
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
        self.init(secretKey: SecretKey(""))
        readKey(configuration)
        isDebug = flag("debug", configuration) ?? false
        allowedHosts = list("allowed.hosts", configuration) ?? []
        databaseURL = text("database.url", configuration) ?? databaseURL
        timeZone = text("time.zone", configuration) ?? timeZone
        languageCode = text("language.code", configuration) ?? languageCode
        staticURL = text("static.url", configuration) ?? staticURL
        trustedOrigins = list("csrf.trusted.origins", configuration) ?? []
        redirectsToHTTPS = flag("secure.ssl.redirect", configuration)
        hstsSeconds = number("secure.hsts.seconds", configuration) ?? hstsSeconds
        isSharedWithDjango = flag("shared.with.django", configuration) ?? false
        readProxies(configuration)
    }

    private mutating func readProxies(_ configuration: ConfigReader) {
        trustedProxies = list("trusted.proxies", configuration) ?? []
        usesForwarded = flag("use.forwarded", configuration) ?? false
        if let header = text("secure.proxy.ssl.header", configuration) {
            let parts = header.split(separator: ":").map { $0.filter { $0 != " " } }
            if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
                proxySSLHeader = (parts[0], parts[1])
            } else {
                reject(
                    "secure.proxy.ssl.header",
                    header,
                    choices: "such as X-Forwarded-Proto: https"
                )
            }
        }
        usesXForwardedHost = flag("use.x.forwarded.host", configuration) ?? false
        usesXForwardedPort = flag("use.x.forwarded.port", configuration) ?? false
    }

    private mutating func readKey(_ configuration: ConfigReader) {
        let fallbacks = configuration.string(forKey: "secret.key.fallbacks", isSecret: true) ?? ""
        secretKeyFallbacks = fallbacks.split(separator: ",").map { SecretKey(String($0)) }
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

    private mutating func number(_ key: ConfigKey, _ configuration: ConfigReader) -> Int? {
        guard let value = text(key, configuration) else { return nil }
        let isNumber =
            value.utf8.count <= 10 && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(value) else {
            reject(key, value, choices: "a number of seconds")
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
