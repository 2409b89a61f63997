import DatabaseTestSupport
import NuagesMySQL
import NuagesORM
import Testing

/// Connections to a server with a certificate, and to one without.
@Suite(
    .serialized,
    .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"),
    .timeLimit(.minutes(2))
)
struct EncryptionTests {
    /// The version of TLS that a connection speaks; empty for a plain one.
    private static func version(_ url: String) async throws -> String {
        let database = try MySQLDatabase.open(url)
        defer { Task { await database.close() } }
        let rows = try await database.rows("SHOW STATUS LIKE 'Ssl_version'")
        guard case .text(let version)? = rows.first?.last else { return "" }
        return version
    }

    private static func expectRefusal(
        _ url: String,
        because reason: String,
        _ location: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: DatabaseError.self, sourceLocation: location) {
            try await version(url)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(reason), "\(text)", sourceLocation: location)
    }

    @Test func trustsWhomTheURLTrusts() async throws {
        let server = try MariaDBServer(overTLS: true)
        let (authority, other) = (server.file("ca.pem"), server.file("other.pem"))
        let verified = try server.networkURL(
            options: "ssl-mode=verify-identity&ssl-ca=\(authority)"
        )
        #expect(try await Self.version(verified).hasPrefix("TLSv1."))
        let url = try server.networkURL(options: "ssl-mode=required")
        #expect(try await Self.version(url).hasPrefix("TLSv1."))
        // Signed by somebody else than the URL or the system trusts.
        for options in ["ssl-mode=verify-identity&ssl-ca=\(other)", "ssl-mode=verify-identity"] {
            let url = try server.networkURL(options: options)
            await Self.expectRefusal(url, because: "certificate")
        }
        let plain = try server.networkURL(options: "ssl-mode=disabled")
        await Self.expectRefusal(plain, because: "Access denied")
        // Signed by the right one for another name.
        try server.command("rename")
        await Self.expectRefusal(verified, because: "certificate")
        #expect(try await Self.version(url).hasPrefix("TLSv1."))
    }

    /// A server that knows no TLS, or somebody in between who says so, gets nothing
    /// (CVE-2015-3152).
    @Test(arguments: [("required", "does not speak TLS"), ("verify-identity", "SSL is required")])
    func refusesPlainConnections(mode: String, reason: String) async throws {
        let server = try MariaDBServer.common()
        #expect(try await Self.version(server.url()) == "")
        await Self.expectRefusal(server.url(options: "&ssl-mode=\(mode)"), because: reason)
    }
}
