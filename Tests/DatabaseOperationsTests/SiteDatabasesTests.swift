import Configuration
import DatabaseTestSupport
import Nuages
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

private struct LibrarySite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] {
        [
            SQLiteDriver(), PostgreSQLDriver(), MySQLDriver(),
        ]
    }
    var databaseRouters: [any DatabaseRouter] { routers }
    var apps: [any App] { [] }
    var urls: Routes {}
    var routers: [any DatabaseRouter] = []
}

/// The databases that settings name.
@Suite struct SiteDatabasesTests {
    private static func settings(_ environment: [String: String]) -> Settings {
        let key = ["SECRET_KEY": String(repeating: "abcdefghij", count: 6)]
        let provider = EnvironmentVariablesProvider(
            environmentVariables: environment.merging(key) { first, _ in first }
        )
        return Settings(configuration: ConfigReader(provider: provider))
    }

    private static func site(_ change: (inout Settings) -> Void) throws -> SiteContext {
        var site = LibrarySite()
        change(&site.settings)
        return try site.makeContext()
    }

    @Test(arguments: TestBackend.available)
    func opensTheDatabaseOfTheURL(_ backend: TestBackend) async throws {
        let folder = TemporaryFolder()
        let url = try await backend.url(in: folder)
        let site = try Self.site {
            $0.databaseURL = url
            $0.databases = ["reports": "sqlite::memory:", "replica": "mirror:default"]
            $0.databasePool.size = 3
            $0.databasePool.timeout = .seconds(2)
            $0.databasePool.maxAge = .seconds(60)
            $0.databasePool.checksHealth = false
        }
        try await site.use {
            let rows = try await Database.current.rows("SELECT 1")
            #expect(rows.number == 1)
            let current = try Database.current
            #expect(current.dialect.vendor == backend.rawValue)
            #expect(try Database.named("reports").dialect.vendor == "sqlite")
            #expect(try Database.named("reports").name == "reports")
            #expect(try Database.named("replica").name == "default")
        }
        #expect(
            site.database.options
                == PoolOptions(
                    maxConnections: 3,
                    timeout: .seconds(2),
                    maxAge: .seconds(60),
                    healthCheckAfter: nil,
                    statementTimeout: .seconds(30)
                )
        )
        #expect(try site.databaseURL(of: "replica") == url)
        await site.closeDatabases()
    }

    @Test func readsTheEnvironment() {
        let settings = Self.settings([
            "DATABASE_URL": "postgresql://me:secret@db/site", "DATABASES": "replica, reports,bad-",
            "DATABASE_URL_REPLICA": "mirror:default", "DATABASE_POOL_SIZE": "8",
            "DATABASE_POOL_TIMEOUT": "3", "CONN_MAX_AGE": "600", "CONN_HEALTH_CHECKS": "off",
            "DATABASE_SLOW_QUERY_MS": "250", "DATABASE_STATEMENT_TIMEOUT": "5",
        ])
        #expect(settings.databaseURL == "postgresql://me:secret@db/site")
        #expect(settings.databases == ["replica": "mirror:default"])
        #expect(settings.databasePool.size == 8)
        #expect(settings.databasePool.timeout == .seconds(3))
        #expect(settings.databasePool.maxAge == .seconds(600))
        #expect(settings.databasePool.checksHealth == false)
        #expect(settings.databasePool.statementTimeout == .seconds(5))
        #expect(settings.slowQueryThreshold == .milliseconds(250))
        #expect(settings.problems.map(\.id) == ["settings.E005", "settings.E002"])
        #expect(settings.problems[0].message.contains("DATABASE_URL_REPORTS is not set"))
        #expect(Self.settings(["DATABASE_SLOW_QUERY_MS": "0"]).slowQueryThreshold == nil)
        #expect(Self.settings([:]).slowQueryThreshold == .seconds(1))
    }

    @Test(arguments: [
        (
            "postgresql://me:s3cret@db.example/site?password=s3cret",
            "postgresql://…@db.example/site?…"
        ),
        ("postgresql://me:s3@cret@db.example/site", "postgresql://…@db.example/site"),
        ("sqlite:/srv/db.sqlite3", "sqlite:/srv/db.sqlite3"),
        ("me:s3cret@db", "me:…@db"), ("", ""), ("s", "s"),
    ])
    func showsNoPasswords(url: String, shown: String) {
        #expect(Settings.hidingPasswords(url) == shown)
        var settings = Settings(secretKey: .random())
        settings.databaseURL = url
        settings.databases = ["other": url]
        var text = "\(settings) \(String(reflecting: settings))"
        dump(settings, to: &text)
        #expect(!text.contains("s3cret"))
        #expect(!text.contains("s3@"))
    }

    @Test func saysWhichDriverIsMissing() throws {
        func message(_ url: String, _ drivers: [any DatabaseDriver]) -> String {
            do {
                _ = try Database.open(url, drivers: drivers, setting: "DATABASE_URL_REPLICA")
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message("postgres://me:s3cret@db/site", [SQLiteDriver()])
                == "DATABASE_URL_REPLICA begins with 'postgres:', and this site does not link the "
                + "driver. Let it depend on the product NuagesPostgreSQL, and add to the site: "
                + "import NuagesPostgreSQL, and PostgreSQLDriver() among its 'databaseDrivers'."
        )
        let unknown = message("postgresq://me:s3cret@db/site", [SQLiteDriver()])
        #expect(unknown.contains("'postgresq:', which is the scheme of no driver."))
        #expect(unknown.contains("Did you mean 'postgres"))
        #expect(unknown.contains("links drivers for: sqlite:."))
        for url in [
            "", "s3cret", "s3cret@:x", "s3 cret:x", "\(String(repeating: "s3cret", count: 9)):",
        ] {
            let text = message(url, [SQLiteDriver(), PostgreSQLDriver()])
            #expect(text.hasPrefix("DATABASE_URL_REPLICA has no scheme."))
            #expect(!text.contains("s3cret"))
        }
        #expect(!unknown.contains("s3cret"))
    }

    @Test func refusesDatabasesThatAreNotThere() throws {
        let error = #expect(throws: SiteError.self) {
            try Self.site {
                $0.databaseURL = "sqlite::memory:"
                $0.databases = ["a": "mirror:b", "b": "mirror:a"]
            }
        }
        #expect(error.map { "\($0)".contains("The site has no database") } ?? false)
        let site = try Self.site { $0.databaseURL = "sqlite::memory:" }
        #expect(throws: SiteError.unknownDatabase("defualt", choices: ["default"])) {
            try site.database(named: "defualt")
        }
    }
}
