import ArgumentParser
import Nuages
import NuagesSQLite
import Synchronization
import Testing

@testable import NuagesCommands

@Model(app: "synced")
private struct Memo {
    var text: String
}

private struct SyncedSite: Site {
    /// An app whose tables are made without migrations.
    struct Synced: ModelApp {
        let label = "synced"
        let models: [any Model.Type] = [Memo.self]
        let migrations: [Migration] = []
    }

    var settings = Settings(secretKey: SecretKey("a key that is only used in this test"))
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [Synced()] }
    var urls: Routes {}
}

@Suite struct MigrateTests {
    /// Django: the signal before `migrate` is sent before the tables are there.
    @Test func tablesOfAppsWithoutMigrationsAreMadeBetweenTheSignals() async throws {
        let events = Mutex<[String]>([])
        func note(_ moment: String) -> @Sendable (MigrationEvent) async throws -> Void {
            { event in
                guard event.app == "synced" else { return }
                let rows = try await event.database.rows(
                    "SELECT COUNT(*) FROM sqlite_master WHERE name = 'synced_memo'"
                )
                events.withLock { $0.append("\(moment) \(rows == [[.int(1)]])") }
            }
        }
        let connections = [
            MigrationSignals.preMigrate.connect(note("before")),
            MigrationSignals.postMigrate.connect(note("after")),
        ]
        defer { for connection in connections { connection.disconnect() } }
        var site = SyncedSite()
        site.settings.databaseURL = "sqlite::memory:"
        try await site.makeContext().use {
            let command = try Migrate.parse(["--run-syncdb", "--skip-checks", "-v", "0"])
            try await command.run()
        }
        #expect(events.withLock { $0 } == ["before false", "after true"])
    }
}
