public import NuagesCore

extension SecurityMiddleware {
    /// Checks the values of the headers, and in a site that is open to all how strong they are.
    ///
    /// - Parameter forDeployment: whether the site is open to all.
    /// - Returns: Django's messages where it has them, and ours.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        values() + (forDeployment ? strength() : [])
    }

    private func values() -> [CheckMessage] {
        var messages: [CheckMessage] = []
        let policies = options.referrerPolicy.split(onByte: 0x2C).map(\.trimmingBlanks)
        if !options.referrerPolicy.isEmpty,
            let bad = policies.first(where: { !Self.referrerPolicies.contains($0) })
        {
            messages.append(
                message(
                    .error,
                    "security.E023",
                    "'\(bad)' is no value of Referrer-Policy.",
                    "Choices are: \(Self.referrerPolicies.sorted().joined(separator: ", "))."
                )
            )
        }
        let opener = options.crossOriginOpenerPolicy
        if !opener.isEmpty, !Self.openerPolicies.contains(opener) {
            messages.append(
                message(
                    .error,
                    "security.E024",
                    "'\(opener)' is no value of Cross-Origin-Opener-Policy.",
                    "Choices are: \(Self.openerPolicies.sorted().joined(separator: ", "))."
                )
            )
        }
        let parts = [options.contentSecurityPolicy, options.reportOnlyPolicy]
        for text in parts.compactMap(\.self).flatMap(\.unsendable) {
            messages.append(
                message(
                    .error,
                    "middleware.E006",
                    "'\(LogText.escape(text, limit: 200))' cannot stand in a "
                        + "Content-Security-Policy, and is left out.",
                    "Give each source by itself, without ';', ',' and letters beyond ASCII."
                )
            )
        }
        if let path = options.reportPath, path.utf8.first != 0x2F || path.utf8.contains(0x22) {
            messages.append(
                message(
                    .error,
                    "middleware.E007",
                    "reportPath is '\(LogText.escape(path, limit: 200))', which is no path.",
                    "Write a path of this site, such as '/csp-report/'."
                )
            )
        }
        return messages
    }

    private func strength() -> [CheckMessage] {
        var messages: [CheckMessage] = []
        func warn(_ isWeak: Bool, _ id: String, _ text: String, _ hint: String) {
            if isWeak { messages.append(message(.warning, id, text, hint)) }
        }
        warn(
            options.hstsSeconds > 0 && !options.hstsIncludesSubdomains,
            "security.W005",
            "HSTS leaves out the subdomains: cookies of the site can be set through them.",
            "Set hstsIncludesSubdomains."
        )
        warn(
            !options.isNoSniff,
            "security.W006",
            "X-Content-Type-Options is not sent: browsers may take a file for a script.",
            "Set isNoSniff."
        )
        warn(
            options.referrerPolicy.isEmpty,
            "security.W022",
            "Referrer-Policy is not sent: other sites learn the addresses of pages.",
            "Set referrerPolicy to 'same-origin'."
        )
        warn(
            options.contentSecurityPolicy == nil,
            "security.W102",
            "Content-Security-Policy is not sent: a script that got in runs.",
            "Set contentSecurityPolicy, and loosen it where a page needs that by .csp(…)."
        )
        return messages
    }

    private func message(
        _ level: CheckMessage.Level,
        _ id: String,
        _ text: String,
        _ hint: String
    ) -> CheckMessage {
        CheckMessage(level, id: id, text, hint: hint, object: "SecurityMiddleware")
    }

    private static let referrerPolicies: Set<String> = [
        "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin",
        "same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
    ]

    private static let openerPolicies: Set<String> = [
        "same-origin", "same-origin-allow-popups", "unsafe-none",
    ]
}
