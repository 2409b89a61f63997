import Foundation
import NuagesORM
import NuagesPostgreSQL
import Synchronization

/// A PostgreSQL of the tests' own, on a Unix socket in a temporary folder.
///
/// `Scripts/postgresql-for-tests` runs it.
package final class PostgreSQLServer: Sendable {
    /// The server that tests share which do no harm to it.
    private static let shared = Mutex<PostgreSQLServer?>(nil)
    private static let databaseCount = Atomic(0)

    private let script: ServerScript

    /// Whether PostgreSQL is installed; `Scripts/install-dependencies test` does it on Debian.
    package static let isInstalled: Bool = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))
        let candidates =
            (folders ?? []).map { "/usr/lib/postgresql/\($0)/bin" }
            + ["/usr/bin", "/usr/local/bin"]
            + (14...18).flatMap {
                ["/opt/homebrew/opt/postgresql@\($0)/bin", "/usr/local/opt/postgresql@\($0)/bin"]
            }
        return candidates.contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
        }
    }()

    /// The server that tests share.
    package static func common() throws -> PostgreSQLServer {
        try shared.withLock { server in
            if let server { return server }
            let started = try PostgreSQLServer()
            server = started
            return started
        }
    }

    /// Starts a server; one over TLS listens at a port of this machine, with a certificate.
    package init(overTLS: Bool = false) throws {
        script = try ServerScript("postgresql-for-tests", overTLS ? ["tls"] : [])
    }

    /// Restarts the server (`restart`), stops or starts it, ends it without a warning and starts
    /// it again (`kill`), lets its certificate be one for another name (`rename`), or speaks no TLS
    /// any more (`plain`).
    package func command(_ name: String) throws { try script.command(name) }

    /// The server's Unix socket.
    package var socket: String { "\(script.folder)/.s.PGSQL.5432" }

    /// The URL of a database of the server.
    package func url(_ database: String = "postgres", options: String = "") -> String {
        "postgresql:///\(database)?host=\(script.folder)&user=postgres\(options)"
    }

    /// The URL of the port of a server over TLS; `0.0.0.0` is this machine too, and does not look it.
    package func networkURL(
        user: String = "secure",
        host: String = "127.0.0.1",
        options: String
    ) throws -> String {
        let port = try String(contentsOfFile: file("port"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return "postgresql://\(user)@\(host):\(port)/postgres?\(options)"
    }

    /// A file of the server's: `ca.pem`, or `other.pem` which has signed nothing.
    package func file(_ name: String) -> String { "\(script.folder)/\(name)" }

    /// Makes an empty database and returns its URL.
    package func makeDatabase() async throws -> String {
        let number = Self.databaseCount.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        let main = try PostgreSQLDatabase.open(url())
        try await main.execute(SQL(unsafe: "CREATE DATABASE \(name) TEMPLATE template0"))
        await main.close()
        return url(name)
    }
}
