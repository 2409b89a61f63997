public import NuagesCore
public import NuagesFiles
public import NuagesHTTP
public import NuagesORM
public import NuagesServer
public import NuagesTemplates
public import NuagesViews

/// A site: its settings, apps, URLs and middleware.
///
/// Its executable is also its management program.
///
///     @main
///     struct MySite: Site {
///         var settings = Settings()
///         var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
///         var apps: [any App] { [PollsApp()] }
///         var urls: Routes {
///             #path("polls/", include: polls)
///         }
///     }
///
///     // $ MySite migrate
///     // $ MySite runserver
///
/// Django: what a project's `settings.py`, `urls.py` and `manage.py` are together.
public protocol Site: Sendable {
    /// The site with the settings of the environment.
    init()

    /// How it runs.
    var settings: Settings { get set }
    /// The databases that `DATABASE_URL` may name.
    var databaseDrivers: [any DatabaseDriver] { get }
    /// What chooses among several databases (`DATABASE_ROUTERS`), the first to be asked first.
    var databaseRouters: [any DatabaseRouter] { get }
    /// The apps, in the order in which their templates and static files are searched.
    var apps: [any App] { get }
    /// The URLs.
    @RoutesBuilder var urls: Routes { get }
    /// The layers around all views, the outermost first.
    var middleware: [any Middleware] { get }
    /// What every page sees besides the values of its view (`context_processors`).
    var contextProcessors: [ContextProcessor] { get }
    /// How all templates are treated (`OPTIONS` of `TEMPLATES`): what variables write that are not
    /// there, libraries that need no `{% load %}`, the cache of `{% cache %}`.
    var templateOptions: TemplateOptions { get }
    /// The views for errors (Django: `handler404` and the others).
    var errorHandlers: ErrorHandlers { get }
    /// Where the files of posted forms go, the first handler to be asked first
    /// (`FILE_UPLOAD_HANDLERS`); what none takes is kept in memory or in a temporary file.
    var uploadHandlers: [any UploadHandler] { get }
    /// Where it is noted how far uploads have come; several processes need a store that they share.
    var uploadProgressStore: any UploadProgressStore { get }
    /// Where files are kept, by the aliases of the storages (`STORAGES`); `default` is the folder
    /// `MEDIA_ROOT` unless it is among them.
    var storages: [String: any Storage] { get }
    /// What encrypts connections where `runserver` is given a certificate: `.tls`, with
    /// `import NuagesTLS`.
    var transportSecurity: TransportSecurity.Kind? { get }
    /// Management commands of the site's own.
    static var commands: [any ManagementCommand.Type] { get }

    /// Sets the logging of the process up, before a command runs.
    ///
    /// - Throws: any error; the program then says why and ends.
    func setUpLogging() throws
}

extension Site {
    /// None: everything is in the database `default`.
    public var databaseRouters: [any DatabaseRouter] { [] }

    /// `csrf_token`, `debug` and `request`.
    public var contextProcessors: [ContextProcessor] { .standard }

    /// Django's defaults.
    public var templateOptions: TemplateOptions { TemplateOptions() }

    /// No views for errors: the templates `404.html` and so on, or plain pages.
    public var errorHandlers: ErrorHandlers { ErrorHandlers() }

    /// None: small files in memory, larger ones in temporary files.
    public var uploadHandlers: [any UploadHandler] { [] }

    /// The memory of the process that receives the upload.
    public var uploadProgressStore: any UploadProgressStore { MemoryUploadProgressStore.shared }

    /// None besides the folder `MEDIA_ROOT`.
    public var storages: [String: any Storage] { [:] }

    /// Nothing: a proxy in front of the site encrypts.
    public var transportSecurity: TransportSecurity.Kind? { nil }

    /// No commands of its own.
    public static var commands: [any ManagementCommand.Type] { [] }

    /// Logs as the settings say: `LOG_LEVEL`, `LOG_FORMAT`, `LOG_FILE`, `SECURITY_LOG_FILE`.
    ///
    /// - Throws: `LogOutput.Failure` where a file cannot be written.
    public func setUpLogging() throws { try SiteLogging(settings).install() }
}
