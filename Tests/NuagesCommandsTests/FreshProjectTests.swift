import Foundation
import Nuages
import NuagesSQLite
import Testing

/// What a project is on its first day.
private struct FreshSite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var urls: Routes { #path("", index, name: "index") }
}

private func index(_ request: Request) async throws -> Response { .text("Hello") }

@Suite struct FreshProjectTests {
    @Test func passesTheDeploymentChecks() async throws {
        var site = FreshSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.settings.allowedHosts = ["example.com"]
        let messages = try await site.makeContext().check(forDeployment: true)
        #expect(CheckReport(messages: messages).text == "System check identified no issues.")
    }
}
