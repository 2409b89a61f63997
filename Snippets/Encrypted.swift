// A site that speaks HTTPS and HTTP/2 itself: what the guide to deployment quotes.
import Nuages
import NuagesSQLite
import NuagesTLS

@main
struct EncryptedSite: Site {
    var settings = Settings()
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var urls: Routes { Routes([]) }
    var transportSecurity: TransportSecurity.Kind? { .tls }
}
