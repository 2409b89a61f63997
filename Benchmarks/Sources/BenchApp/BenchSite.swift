import FoundationEssentials
import Nuages
import NuagesPostgreSQL
import NuagesSQLite

/// The site of the benchmark kit.
///
/// The TechEmpower rows are measured without middleware, the others (`BENCH_MIDDLEWARE=full`) with
/// all layers that a new site has.
@main
struct BenchSite: Site {
    var settings: Settings
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver(), PostgreSQLDriver()] }
    var apps: [any App] { [BenchApp()] }
    var middleware: [any Middleware] {
        environment("BENCH_MIDDLEWARE") == "full" ? standardMiddleware : []
    }

    var urls: Routes {
        #path("plaintext", plaintext, name: "plaintext")
        #path("json", json, name: "json")
        #path("db", db, name: "db")
        #path("queries", queries, name: "queries")
        #path("fortunes", fortunes, name: "fortunes")
        #path("updates", updates, name: "updates")
        #path("page", page, name: "page")
        #path("login", login, name: "login")
        #path("form", entryForm, name: "form")
        #path("form/done/", formDone, name: "form-done")
        #path("upload", upload, name: "upload").csrfExempt()
        #path("export.json", exportJSON, name: "export-json")
        #path("export.csv", exportCSV, name: "export-csv")
    }

    init() {
        settings = Settings()
        // No line for each request, as with the peers.
        settings.logLevel = .warning
        if environment("BENCH_DB") == "postgres", let port = environment("BENCH_PG_PORT"),
            let user = environment("BENCH_PG_USER"), let name = environment("BENCH_PG_NAME")
        {
            settings.databaseURL = "postgresql://\(user)@127.0.0.1:\(port)/\(name)"
        }
        if let folder = environment("BENCH_STATIC") { settings.staticDirectories = [folder] }
    }
}

/// A variable of the process.
private func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
}

/// The tables that the rows are about.
struct BenchApp: ModelApp {
    let label = "bench"
    let directory: String? = sourceDirectory()
    let models: [any Model.Type] = [
        World.self, Fortune.self, Category.self, Item.self, Entry.self,
    ]
    // The benchmark kit makes the tables.
    let migrations: [Migration] = []
}
