import Logging
import Nuages
import NuagesSQLite

/// The site of the benchmark kit's TechEmpower rows, which are measured without middleware.
@main
struct BenchSite: Site {
    var settings: Settings
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [BenchApp()] }
    var middleware: [any Middleware] { [] }

    var urls: Routes {
        #path("plaintext", plaintext, name: "plaintext")
        #path("json", json, name: "json")
        #path("db", db, name: "db")
        #path("queries", queries, name: "queries")
        #path("fortunes", fortunes, name: "fortunes")
        #path("updates", updates, name: "updates")
    }

    init() {
        _ = Self.quietLogging
        settings = Settings()
    }

    /// No line for each request, as with the peers.
    private static let quietLogging: Void = LoggingSystem.bootstrap { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = .warning
        return handler
    }
}

/// The two tables that the rows are about.
struct BenchApp: ModelApp {
    let label = "bench"
    let directory: String? = sourceDirectory()
    let models: [any Model.Type] = [World.self, Fortune.self]
    // The benchmark kit makes the tables.
    let migrations: [Migration] = []
}
