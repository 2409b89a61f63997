import Configuration
import Foundation
import NuagesCore
import NuagesViews
import Testing

@Suite struct SettingsTests {
    private func settings(_ values: [String: String]) -> Settings {
        var environment = ["SECRET_KEY": String(repeating: "abcdefghij", count: 6)]
        environment.merge(values) { $1 }
        return Settings(
            configuration: ConfigReader(
                provider: EnvironmentVariablesProvider(environmentVariables: environment)
            )
        )
    }

    @Test func hasStrongDefaults() {
        let settings = settings([:])
        #expect(!settings.isDebug)
        #expect(settings.allowedHosts.isEmpty)
        #expect(settings.hstsSeconds == 63_072_000)
        #expect(settings.redirectsToHTTPS == nil)
        #expect(settings.problems.isEmpty)
    }

    /// A program that was built for others shows them nothing, unless somebody says so twice.
    @Test(
        arguments: [
            (false, "true", nil, true), (true, "true", nil, false), (true, "true", "false", false),
            (true, "true", "true", true), (true, "false", nil, false),
            (true, "false", "true", false),
        ] as [(Bool, String, String?, Bool)]
    )
    func debugIsRefusedInABuildForRelease(
        isRelease: Bool,
        debug: String,
        allowed: String?,
        isDebug: Bool
    ) {
        var environment = [
            "SECRET_KEY": String(repeating: "abcdefghij", count: 6), "DEBUG": debug,
        ]
        environment["DEBUG_IN_RELEASE"] = allowed
        let provider = EnvironmentVariablesProvider(environmentVariables: environment)
        let settings = Settings(
            configuration: ConfigReader(provider: provider),
            isReleaseBuild: isRelease
        )
        #expect(settings.isDebug == isDebug)
        let isRefused = debug == "true" && !isDebug
        #expect(settings.problems.map(\.id) == (isRefused ? ["settings.E004"] : []))
    }

    @Test func takesTheKeyOfTheEnvironmentOrOfAFile() throws {
        let text = String(repeating: "0123456789", count: 6)
        #expect(settings(["SECRET_KEY": text]).secretKey == SecretKey(text))
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-key-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let made = settings(["SECRET_KEY": "", "SECRET_KEY_FILE": path])
        #expect(made.problems.isEmpty)
        #expect(made.secretKey.weakness == nil)
        #expect(settings(["SECRET_KEY": "", "SECRET_KEY_FILE": path]).secretKey == made.secretKey)
    }

    @Test func readsTheEnvironment() {
        let settings = settings([
            "DEBUG": "true", "ALLOWED_HOSTS": "example.com, .example.org",
            "DATABASE_URL": "sqlite:/srv/site.sqlite3", "TIME_ZONE": "Europe/Paris",
            "SECURE_HSTS_SECONDS": "3600", "CSRF_TRUSTED_ORIGINS": "https://a.example",
        ])
        #expect(settings.isDebug)
        #expect(settings.allowedHosts == ["example.com", ".example.org"])
        #expect(settings.databaseURL == "sqlite:/srv/site.sqlite3")
        #expect(settings.timeZone == "Europe/Paris")
        #expect(settings.hstsSeconds == 3600)
        #expect(settings.trustedOrigins == ["https://a.example"])
    }

    @Test(arguments: [
        ("DEBUG", "yse", "Choices are: true, false, 1, 0, yes, no, on, off."),
        ("SECURE_HSTS_SECONDS", "-1", "Choices are: a number of seconds."),
        ("SECURE_HSTS_SECONDS", "99999999999999999999", "Choices are: a number of seconds."),
    ])
    func reportsWhatItCannotReadAndKeepsTheDefault(_ name: String, _ value: String, hint: String) {
        let settings = settings([name: value])
        #expect(settings.problems.map(\.id) == ["settings.E002"])
        #expect(settings.problems.first?.message == "\(name) is '\(value)', which it cannot be.")
        #expect(settings.problems.first?.hint == hint)
        #expect(!settings.isDebug)
        #expect(settings.hstsSeconds == 63_072_000)
    }
}
