import DatabaseTestSupport
import NuagesORM
import NuagesPostgreSQL
import Testing

/// Connections to a server with a certificate, and to one without.
@Suite(
    .serialized,
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct EncryptionTests {
    /// The version of TLS that a connection speaks; empty for a plain one.
    private static func version(_ url: String) async throws -> String {
        let database = try PostgreSQLDatabase.open(url)
        defer { Task { await database.close() } }
        let rows = try await database.rows(
            "SELECT coalesce(version, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        )
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
        let server = try PostgreSQLServer(overTLS: true)
        let (authority, other) = (server.file("ca.pem"), server.file("other.pem"))
        let verified = try server.networkURL(
            options: "sslmode=verify-full&sslrootcert=\(authority)"
        )
        #expect(try await Self.version(verified).hasPrefix("TLSv1."))
        let encrypted = try server.networkURL(options: "sslmode=require")
        #expect(try await Self.version(encrypted).hasPrefix("TLSv1."))
        // Signed by somebody else than the URL trusts; `require` too looks at that where it is told
        // whom to trust.
        for mode in ["verify-full", "verify-ca", "require"] {
            let url = try server.networkURL(options: "sslmode=\(mode)&sslrootcert=\(other)")
            await Self.expectRefusal(url, because: "certificate verify failed")
        }
        // The server wants TLS, and this connection none.
        let plain = try server.networkURL(options: "sslmode=disable")
        await Self.expectRefusal(plain, because: "no encryption")
        // Signed by the right one for another name.
        try server.command("rename")
        await Self.expectRefusal(verified, because: "does not match host name")
        let named = try server.networkURL(
            host: "db.example",
            options: "hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=\(authority)"
        )
        #expect(try await Self.version(named).hasPrefix("TLSv1."))
        #expect(try await Self.version(encrypted).hasPrefix("TLSv1."))
    }

    /// Of a host that does not look like this machine the framework asks for all, unless the URL
    /// says less.
    @Test func verifiesWhereTheURLSaysNothing() async throws {
        let server = try PostgreSQLServer(overTLS: true)
        let unknown = try server.networkURL(host: "0.0.0.0", options: "")
        // The system does not trust who has signed it.
        await Self.expectRefusal(unknown, because: "certificate")
        let trusting = "sslrootcert=\(server.file("ca.pem"))"
        let known = try server.networkURL(host: "0.0.0.0", options: trusting)
        #expect(try await Self.version(known).hasPrefix("TLSv1."))
        try server.command("rename")
        await Self.expectRefusal(known, because: "does not match host name")
    }

    /// A server that knows no TLS, or somebody in between who says so, gets nothing.
    @Test func refusesPlainConnections() async throws {
        let server = try PostgreSQLServer(overTLS: true)
        try server.command("plain")
        let trusting = "sslrootcert=\(server.file("ca.pem"))"
        for options in [trusting, "sslmode=verify-full&\(trusting)", "sslmode=require"] {
            let url = try server.networkURL(user: "plain", host: "0.0.0.0", options: options)
            await Self.expectRefusal(url, because: "server does not support SSL")
        }
        let plain = try server.networkURL(user: "plain", options: "sslmode=disable")
        #expect(try await Self.version(plain) == "")
    }
}
