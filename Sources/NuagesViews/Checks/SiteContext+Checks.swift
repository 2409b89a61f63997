import Logging
public import NuagesCore
import NuagesHTTP
import NuagesORM
import NuagesTemplates

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SiteContext {
    /// Looks for mistakes in the set-up of the whole site.
    ///
    /// - Parameter forDeployment: whether to check what matters where the site is open to all.
    /// - Returns: what was found, the gravest first.
    /// - Throws: what reading the templates throws.
    public func check(forDeployment: Bool) async throws -> [CheckMessage] {
        var messages = settings.problems + settingsChecks
        messages += apps.flatMap { $0.checks() }
        messages += ModelRegistry.check(declaredModels, on: databases)
        messages += try databaseChecks()
        messages +=
            StorageChecks(
                settings: settings,
                storages: storages,
                models: declaredModels,
                served: router.summaries.compactMap(\.storageAlias)
            ).messages
        messages += FormChecks(apps: apps, router: router).messages
        messages += router.check(appendsSlash: settings.appendsSlash)
        messages += HTTPSettings(settings).proxyProblems
        messages += MiddlewareStack(middleware).check(forDeployment: forDeployment)
        messages += router.checkLayers(forDeployment: forDeployment)
        messages += missingApps + middlewareChecks + bodyLimitChecks
        messages += templateChecks()
        messages += catalogs.check()
        if forDeployment { messages += SecurityChecks(settings: settings).messages }
        return messages.sorted { ($0.level, $1.id) > ($1.level, $0.id) }
    }

    /// Logs what is weak in the settings of a site that is open to all, as the security event
    /// `SettingsWeakened`; nothing in debug.
    ///
    /// - Returns: how many settings are weak.
    @discardableResult
    public func reportWeakSettings() -> Int {
        guard !settings.isDebug else { return 0 }
        let logger = Logger(label: "nuages.security.SettingsWeakened")
        let messages = SecurityChecks(settings: settings).messages
        for message in messages {
            logger.warning("\(message.message)", metadata: ["check": "\(message.id)"])
        }
        return messages.count
    }

    private var settingsChecks: [CheckMessage] {
        var messages: [CheckMessage] = []
        if settings.zone == nil {
            messages.append(
                CheckMessage(
                    .error,
                    id: "settings.E003",
                    "TIME_ZONE is '\(settings.timeZone)', which is no time zone of this system.",
                    hint: "Choose a name such as 'UTC' or 'Europe/Paris', and install tzdata."
                )
            )
        }
        let urls = [("STATIC_URL", settings.staticURL), ("MEDIA_URL", settings.mediaURL)]
        for (name, url) in urls where !url.isEmpty && url.utf8.last != UInt8(ascii: "/") {
            messages.append(
                CheckMessage(
                    .error,
                    id: "urls.E006",
                    "\(name) is '\(url)', which does not end with a slash.",
                    hint: "Set it to '\(url)/'."
                )
            )
        }
        return messages
    }

    /// What the settings ask of layers that a site has made itself, and these do not do.
    private var middlewareChecks: [CheckMessage] {
        var messages: [CheckMessage] = []
        let hint = "Begin with standardMiddleware, whose options standardMiddleware { … } changes"
        let security = middleware.lazy.compactMap { $0 as? SecurityMiddleware }.first
        if let security, security.options.reportPath == nil, !settings.cspReportPath.isEmpty {
            messages.append(
                CheckMessage(
                    .warning,
                    id: "middleware.W001",
                    "CSP_REPORT_PATH is '\(settings.cspReportPath)', and the policies do not name "
                        + "it: browsers report nothing.",
                    hint: hint + ", or set CSP_REPORT_PATH to an empty text.",
                    object: "SecurityMiddleware"
                )
            )
        }
        let isElsewhere = settings.staticURL.containsBytes("://")
        let hasFiles =
            !settings.staticDirectories.isEmpty
            || apps.contains { app in
                app.directory.map { FileManager.default.isDirectory($0 + "/static") } ?? false
            }
        if hasFiles, !isElsewhere, !middleware.contains(where: { $0.rank == .staticFiles }) {
            messages.append(
                CheckMessage(
                    .warning,
                    id: "middleware.W002",
                    "The site has static files, and no layer answers for '\(settings.staticURL)'.",
                    hint: hint + "; where another server answers, give STATIC_URL with its host.",
                    object: "StaticFilesMiddleware"
                )
            )
        }
        return messages
    }

    /// The routes that take more than the server lets through.
    private var bodyLimitChecks: [CheckMessage] {
        let limit = settings.server.maxBodySize
        return router.summaries.compactMap { route in
            guard let size = route.maxBodySize, size > limit else { return nil }
            return CheckMessage(
                .error,
                id: "urls.E101",
                "The route takes bodies of \(size) bytes, and the server none of more than \(limit).",
                hint: "Set SERVER_MAX_BODY_SIZE to \(size); other routes keep their limits.",
                object: route.pattern
            )
        }
    }

    /// The apps that stores of rate limits and uploads need and the site does not have.
    private var missingApps: [CheckMessage] {
        let layers = middleware + router.summaries.flatMap(\.layers)
        let needed = layers.compactMap { ($0 as? RateLimitMiddleware)?.store.requiredApp }
        let missing = Set(needed).subtracting(apps.map(\.label))
        var messages: [CheckMessage] = []
        if let label = uploadProgressStore.requiredApp, !apps.contains(where: { $0.label == label })
        {
            messages.append(
                CheckMessage(
                    .error,
                    id: "files.E004",
                    "How far uploads have come is noted in the database, and the app '\(label)' with "
                        + "its table is not among the apps.",
                    hint: "Add the app, such as UploadProgressApp(), and run 'migrate'."
                )
            )
        }
        return messages
            + missing.sorted().map { label in
                CheckMessage(
                    .error,
                    id: "ratelimits.E001",
                    "A rate limit is counted in the database, and the app '\(label)' with its table is "
                        + "not among the apps.",
                    hint: "Add the app, such as RateLimitApp(), and run 'migrate'."
                )
            }
    }

    /// What is wrong with the templates, the names and arguments in `{% url %}` included.
    private func templateChecks() -> [CheckMessage] {
        templates.check() + templates.urlNames().compactMap(urlCheck)
            + templates.check(
                contexts: apps.compactMap { $0 as? any TemplateApp }.flatMap(\.contexts),
                known: contextProcessors.flatMap(\.names)
            )
    }

    private func urlCheck(_ use: TemplateURL) -> CheckMessage? {
        let tag = "{% url '\(use.viewName)' %} on line \(use.location.line)"
        guard router.hasName(use.viewName) else {
            let names = router.patterns.compactMap(\.viewName)
            // A page may look whether a site has an optional route: `{% url … as x %}`.
            return CheckMessage(
                use.isOptional ? .warning : .error,
                id: use.isOptional ? "templates.W108" : "templates.E101",
                "\(tag): no route has this name." + NearestName.hint(use.viewName, in: names),
                hint: "Choices are: \(names.sorted().joined(separator: ", ")).",
                object: use.location.template
            )
        }
        let isFitting = router.takes(
            use.viewName,
            positionalCount: use.positionalCount,
            named: use.named
        )
        guard !isFitting, !use.isOptional else { return nil }
        let given =
            use.named.isEmpty
            ? "\(use.positionalCount) by position"
            : "the names \(use.named.joined(separator: ", "))"
        let patterns = router.patterns.filter { $0.viewName == use.viewName }.map(\.pattern)
        return CheckMessage(
            .error,
            id: "templates.E102",
            "\(tag): the route does not take these arguments (\(given)).",
            hint: patterns.isEmpty
                ? "Give one value for each '<…>' of its pattern."
                : "Its patterns are: \(patterns.joined(separator: ", ")).",
            object: use.location.template
        )
    }
}
