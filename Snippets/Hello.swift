import Nuages
import NuagesSQLite

/// An entry of the guest book: a row of the table `hello_entry`.
@Model
struct Entry {
    @Field(maxLength: 80) var author: String
    var text: String
    @Field(autoNowAdd: true) var written: Date
}

/// The latest ten entries.
func index(_ request: Request) async throws -> Response {
    let latest = try await Entry.objects
        .order { $0.written.descending }
        .limit(10)
        .all()
    return try await render(request, "hello/index.html", ["entries": latest])
}

struct HelloApp: ModelApp {
    let label = "hello"
    let directory: String? = sourceDirectory()  // has the folders templates and Migrations
    let models: [any Model.Type] = [Entry.self]
}

@main
struct HelloSite: Site {
    var settings = Settings()
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [HelloApp()] }

    var urls: Routes {
        #path("", index, name: "index")
    }
}
