import Nuages
import NuagesSQLite

/// A site with one of everything that attackers try, built as any site is.
///
/// It runs with production settings; see `Scripts/gauntlet` for how it is started.
@main
struct GauntletSite: Site {
    var settings = Settings()
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [GauntletApp()] }
    /// Where tests keep files; nil for the folder `MEDIA_ROOT`.
    @TaskLocal static var mediaStorage: (any Storage)?
    /// What visitors upload, outside of everything that is served as it is, and for nobody else's eyes.
    var storages: [String: any Storage] {
        [
            "default": Self.mediaStorage
                ?? FileSystemStorage(
                    root: settings.mediaRoot ?? "media",
                    filePermissions: 0o600,
                    directoryPermissions: 0o700
                )
        ]
    }
    static var commands: [any ManagementCommand.Type] { [LoadItems.self] }

    var urls: Routes {
        #path("", writeMessage, name: "home")
        #path("form/", writeMessage, name: "form")
        #path("thanks/", thanks, name: "thanks")
        #path("search/", search, name: "search")
        #path("filter/", filterItems, name: "filter")
        #path("item/<int:itemID>/", showItem, name: "item")
        #path("upload/", upload, name: "upload")
        #path("media/<str:name>", media, name: "media")
        #path("download/", download, name: "download")
        // Nothing is kept and no cookie is looked at, so another site can forge nothing here.
        #path("json/", echoJSON, name: "json", methods: [.post]).csrfExempt()
        #path("jsonscript/", jsonScript, name: "jsonscript")
        #path("hostecho/", echoHost, name: "hostecho")
        #path("error/", fail, name: "error")
        #path("ws/", echo, name: "ws")
        // Balancers ask with and without the slash.
        #path("healthz", Health.live, methods: [.get])
        #path("healthz/", include: Health.routes)
    }
}

/// Messages, items, files, and the pages that show them.
struct GauntletApp: ModelApp, TemplateApp {
    let label = "gauntlet"
    let directory: String? = sourceDirectory()
    let models: [any Model.Type] = [Message.self, Item.self, StoredFile.self]
    let migrations = GauntletMigrations.all
    // Part of the program, so that it also runs where its sources are not.
    let templates = EmbeddedTemplates.sources
}
