import Nuages
import NuagesSQLite

/// A newspaper's site: articles with images and links, comments that editors look at, a search.
///
/// Everybody is an editor here: users and permissions come with a later release.
@main
struct NewsroomSite: Site {
    var settings = Settings()
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [NewsroomApp()] }
    /// The images of articles, in the folder `MEDIA_ROOT`.
    var storages: [String: any Storage] {
        ["default": FileSystemStorage(root: settings.mediaRoot ?? "media", baseURL: "/media/")]
    }
    static var commands: [any ManagementCommand.Type] { [LoadNewsroom.self] }

    init() {
        // The cover of an article goes once nothing can bring the article back.
        Article.postDelete.connect(name: "covers") { article, deletion in
            guard let cover = article.cover, !cover.isEmpty else { return }
            let storage = try cover.storage
            try await deletion.database.onCommit(robust: true) {
                try await storage.delete(cover.name)
            }
        }
    }

    var urls: Routes {
        #path("", include: newsroom)
        mediaRoutes("media/")
        #path("upload-progress/", uploadProgressEvents, name: "upload-progress", methods: [.get])
        #path("upload-progress.js", uploadProgressScript, name: "upload-progress-script")
    }
}
