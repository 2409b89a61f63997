public import NuagesCore
public import NuagesFiles
import NuagesForms
public import NuagesHTTP
public import NuagesORM
public import NuagesTemplates
import Synchronization

/// A site that is set up: what views, templates and commands share.
///
/// There is one for a process; a test may have its own.
public final class SiteContext: Sendable {
    /// How the site runs.
    public let settings: Settings
    /// The apps in order.
    public let apps: [any App]
    /// The URLs.
    public let router: Router
    /// The layers around all views, the outermost first.
    public let middleware: [any Middleware]
    /// The templates.
    public let templates: TemplateEngine
    /// The databases by their names, and what chooses among them.
    public let databases: DatabaseGroup
    /// The default database.
    public let database: Database
    /// The drivers that `DATABASE_URL` may name.
    public let databaseDrivers: [any DatabaseDriver]
    /// The views for errors.
    public let errorHandlers: ErrorHandlers
    /// Where the files of posted forms go.
    public let uploadHandlers: [any UploadHandler]
    /// Where it is noted how far uploads have come.
    public let uploadProgressStore: any UploadProgressStore
    /// Where files are kept, by the aliases of the storages (`STORAGES`).
    public let storages: Storages
    /// What every page sees besides the values of its view.
    public let contextProcessors: [ContextProcessor]
    /// The translations of the site.
    public let catalogs: MessageCatalogs
    /// What tags of templates need besides a request.
    let baseEnvironment: TemplateEnvironment
    /// How forms show dates: in the time zone and the formats of the site.
    let formEnvironment: FormEnvironment
    /// Shows forms by the site's templates where it has some for them.
    let formRenderer: TemplateFormRenderer

    /// Sets a site up.
    ///
    /// - Parameters:
    ///   - settings: how it runs.
    ///   - apps: its apps.
    ///   - urls: its URLs.
    ///   - middleware: the layers around all views, the outermost first.
    ///   - databaseDrivers: the drivers that `DATABASE_URL` may name.
    ///   - databaseRouters: what chooses among several databases.
    ///   - errorHandlers: the views for errors.
    ///   - uploadHandlers: where the files of posted forms go.
    ///   - uploadProgressStore: where it is noted how far uploads have come.
    ///   - storages: where files are kept, by aliases; without `default` that is the folder
    ///     `MEDIA_ROOT`.
    ///   - contextProcessors: what every page sees besides the values of its view.
    ///   - templateOptions: how all templates are treated.
    ///   - limitsStatements: whether statements of databases are ended after a time, as those of
    ///     requests are; commands may take as long as they want.
    /// - Throws: ``SiteError``, `DatabaseURLError` and what a driver throws.
    public init(
        settings: Settings,
        apps: [any App],
        urls: Routes,
        middleware: [any Middleware],
        databaseDrivers: [any DatabaseDriver],
        databaseRouters: [any DatabaseRouter] = [],
        errorHandlers: ErrorHandlers = ErrorHandlers(),
        uploadHandlers: [any UploadHandler] = [],
        uploadProgressStore: any UploadProgressStore = MemoryUploadProgressStore.shared,
        storages: [String: any Storage] = [:],
        contextProcessors: [ContextProcessor] = .standard,
        templateOptions: TemplateOptions = TemplateOptions(),
        limitsStatements: Bool = true
    ) throws {
        self.settings = settings
        self.apps = apps
        self.middleware = middleware
        self.databaseDrivers = databaseDrivers
        self.errorHandlers = errorHandlers
        self.uploadHandlers = uploadHandlers
        self.uploadProgressStore = uploadProgressStore
        self.storages = Storages(settings: settings).merging(storages)
        self.contextProcessors = contextProcessors
        var labels: Set<String> = []
        for app in apps where !labels.insert(app.label).inserted {
            throw SiteError.repeatedLabel(app.label)
        }
        router = Router(urls.takingReports(settings, middleware))
        templates = TemplateEngine(
            directories: settings.templateDirectories
                + apps.compactMap(\.directory).map { $0 + "/templates" },
            templates: apps.compactMap { ($0 as? any TemplateApp)?.templates }.reduce(into: [:]) {
                $0.merge($1) { first, _ in first }
            },
            isDebug: settings.isDebug,
            libraries: apps.compactMap { $0 as? any TemplateApp }.reduce(into: [:]) { all, app in
                all.merge(app.libraries) { $1 }
            },
            options: templateOptions
        )
        catalogs = MessageCatalogs(
            directories: settings.localeDirectories
                + apps.compactMap(\.directory).map { $0 + "/locale" },
            fallback: settings.languageCode
        )
        baseEnvironment = Self.baseEnvironment(
            settings: settings,
            router: router,
            middleware: middleware,
            catalogs: catalogs
        )
        formRenderer = TemplateFormRenderer(templates, environment: baseEnvironment)
        formEnvironment = Self.formEnvironment(baseEnvironment.localization, baseEnvironment)
        SwappableModels.add(settings.swappedModels)
        ModelRegistry.register(apps.compactMap { $0 as? any ModelApp }.flatMap(\.models))
        databases = try Self.openDatabases(
            settings,
            databaseDrivers,
            databaseRouters,
            limitsStatements: limitsStatements
        )
        database = try databases.named(DatabaseGroup.mainName)
    }

    /// The apps that have models, in order.
    public var modelApps: [any ModelApp] { apps.compactMap { $0 as? any ModelApp } }

    // MARK: The current site

    private static let main = Mutex<SiteContext?>(nil)
    @TaskLocal private static var override: SiteContext?

    /// The site of this task, or of this process.
    ///
    /// - Throws: ``SiteError/notSetUp`` before ``install()``.
    public static var current: SiteContext {
        get throws(SiteError) {
            guard let site = override ?? main.withLock({ $0 }) else { throw .notSetUp }
            return site
        }
    }

    /// Makes this the site of the process, and its databases those of all queries.
    public func install() {
        Self.main.withLock { $0 = self }
        Database.configure(databases)
        storages.install()
        DatabaseLogging(threshold: settings.slowQueryThreshold).install()
        CurrentZone.default = settings.timeZone
    }

    /// Makes this the site of `body` and of the tasks it starts.
    ///
    /// - Parameter body: what runs with this site.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func use<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        try await Self.$override.withValue(self) {
            try await CurrentZone.$active.withValue(settings.timeZone) {
                try await storages.use { try await databases.use(body) }
            }
        }
    }
}

extension Routes {
    /// The same routes behind one for the reports of browsers, where a layer tells them of the path
    /// in the settings.
    fileprivate func takingReports(_ settings: Settings, _ layers: [any Middleware]) -> Routes {
        let path = settings.cspReportPath
        let prefix = settings.scriptPrefix
        let isSent = layers.contains { layer in
            (layer as? SecurityMiddleware)?.options.reportPath?.equalsBytes(path) ?? false
        }
        // Reports to a path outside of the site are for another one; without routes there is none.
        guard isSent, !routes.isEmpty, path.utf8.starts(with: prefix.utf8) else { return self }
        return takingReports(at: String(Substring(path.utf8.dropFirst(prefix.utf8.count))))
    }
}
