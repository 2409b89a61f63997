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
        #expect(messages.isEmpty)
        #expect(CheckReport(messages: messages).text == "System check identified no issues.")
    }

    /// The set that `Documentation/Internals/Security.md` explains, each field once and no other.
    @Test(arguments: ["/", "/nowhere/", "/static/nothing.css"])
    func answersWithTheStrongHeaders(_ target: String) async throws {
        var site = FreshSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.settings.allowedHosts = ["example.com"]
        let context = try site.makeContext()
        let response = await context.use {
            await context.makeApplication().handle(
                Request(target: target, headers: ["Host": "example.com"], isTLS: true)
            )
        }
        let ofThePage: Set<String> = ["Content-Type", "Cache-Control"]
        let fields = response.headers.fields.filter { !ofThePage.contains($0.name) }
        let sent = fields.map { Self.withoutNonce("\($0.name): \($0.value)") }.sorted()
        #expect(sent == Self.expected, "\(target)")
    }

    /// A page of an error has a style of its own, and so a nonce.
    private static func withoutNonce(_ field: String) -> String {
        guard let start = field.range(of: "'nonce-") else { return field }
        let nonce = "'nonce-\(field[start.upperBound...].prefix(24))'"
        return field.replacingOccurrences(of: "\(nonce) 'strict-dynamic'", with: "'none'")
            .replacingOccurrences(of: " \(nonce)", with: "")
    }

    private static let expected = [
        "Content-Security-Policy: default-src 'none'; script-src 'none'; style-src 'self'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
            + "require-trusted-types-for 'script'; report-uri /csp-report/; report-to csp; "
            + "upgrade-insecure-requests",
        "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
        "Origin-Agent-Cluster: ?1",
        "Permissions-Policy: accelerometer=(), autoplay=(), camera=(), display-capture=(), "
            + "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), "
            + "magnetometer=(), microphone=(), midi=(), payment=(), "
            + "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), "
            + "xr-spatial-tracking=()",
        "Referrer-Policy: same-origin", "Reporting-Endpoints: csp=\"/csp-report/\"",
        "Strict-Transport-Security: max-age=63072000; includeSubDomains",
        "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
        "X-Permitted-Cross-Domain-Policies: none", "X-XSS-Protection: 0",
    ]
}
