import NuagesCore

/// What `check --deploy` looks at besides: whether the settings suit a site that is open to all.
///
/// The ids are those of Django's checks.
struct SecurityChecks {
    let settings: Settings

    var messages: [CheckMessage] {
        [debug, hosts, key, redirect, hsts].compactMap(\.self)
    }

    private var debug: CheckMessage? {
        guard settings.isDebug else { return nil }
        return CheckMessage(
            .warning,
            id: "security.W018",
            "DEBUG is on: errors show their details to everybody.",
            hint: "Leave DEBUG unset outside your own machine."
        )
    }

    private var hosts: CheckMessage? {
        if settings.allowedHosts.isEmpty {
            return CheckMessage(
                .warning,
                id: "security.W020",
                "ALLOWED_HOSTS is empty, so every request is refused.",
                hint: "Set ALLOWED_HOSTS to the site's host names, separated by commas."
            )
        }
        guard settings.allowedHosts.contains("*") else { return nil }
        return CheckMessage(
            .warning,
            id: "security.W101",
            "ALLOWED_HOSTS is '*', so links in mails can be made to lead anywhere.",
            hint: "List the site's host names."
        )
    }

    private var key: CheckMessage? {
        guard let weakness = settings.secretKey.weakness else { return nil }
        return CheckMessage(
            .warning,
            id: "security.W009",
            "SECRET_KEY is weak: \(weakness).",
            hint: "Unset it; a strong key is then made and kept in SECRET_KEY_FILE."
        )
    }

    private var redirect: CheckMessage? {
        guard settings.redirectsToHTTPS == false else { return nil }
        return CheckMessage(
            .warning,
            id: "security.W008",
            "SECURE_SSL_REDIRECT is off: plain HTTP is answered.",
            hint: "Unset it, unless a proxy in front of the site redirects."
        )
    }

    private var hsts: CheckMessage? {
        guard settings.hstsSeconds < 3600 else { return nil }
        return CheckMessage(
            .warning,
            id: "security.W004",
            "SECURE_HSTS_SECONDS is \(settings.hstsSeconds): browsers may fall back to plain HTTP.",
            hint: "Unset it for two years, the default."
        )
    }
}
