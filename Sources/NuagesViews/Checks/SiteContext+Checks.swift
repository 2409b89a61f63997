public import NuagesCore
import NuagesHTTP
import NuagesORM
import NuagesTemplates

extension SiteContext {
    /// Looks for mistakes in the set-up of the whole site.
    ///
    /// - Parameter forDeployment: whether to check what matters where the site is open to all.
    /// - Returns: what was found, the gravest first.
    /// - Throws: what reading the templates throws.
    public func check(forDeployment: Bool) async throws -> [CheckMessage] {
        var messages = settings.problems + settingsChecks
        messages += apps.flatMap { $0.checks() }
        messages += ModelRegistry.check(modelApps.flatMap { app in app.models })
        messages += router.check()
        messages += MiddlewareStack(middleware).check()
        messages += HTTPSettings(settings).proxyProblems
        messages += templateChecks()
        if forDeployment { messages += SecurityChecks(settings: settings).messages }
        return messages.sorted { ($0.level, $1.id) > ($1.level, $0.id) }
    }

    private var settingsChecks: [CheckMessage] {
        guard settings.zone == nil else { return [] }
        return [
            CheckMessage(
                .error,
                id: "settings.E003",
                "TIME_ZONE is '\(settings.timeZone)', which is no time zone of this system.",
                hint: "Choose a name such as 'UTC' or 'Europe/Paris', and install tzdata."
            )
        ]
    }

    /// What is wrong with the templates, the names of routes in `{% url %}` included.
    private func templateChecks() -> [CheckMessage] {
        let names = router.patterns.compactMap(\.viewName)
        return templates.check()
            + templates.urlNames().filter { !router.hasName($0.viewName) }.map { use in
                CheckMessage(
                    .error,
                    id: "templates.E101",
                    "{% url '\(use.viewName)' %} on line \(use.location.line): no route has this name."
                        + NearestName.hint(use.viewName, in: names),
                    hint: "Choices are: \(names.sorted().joined(separator: ", ")).",
                    object: use.location.template
                )
            }
    }
}
