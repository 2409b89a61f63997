import Foundation
import NuagesMySQL
import NuagesORM
import Synchronization

/// A MariaDB of the tests' own, on a Unix socket in a temporary folder
/// (`Scripts/mariadb-for-tests`).
package final class MariaDBServer: Sendable {
    /// The server that tests share which do no harm to it.
    private static let shared = Mutex<MariaDBServer?>(nil)
    private static let databaseCount = Atomic(0)

    private let script: ServerScript

    /// Whether MariaDB is installed; `Scripts/install-dependencies test` does it on Debian.
    package static let isInstalled: Bool = [
        "/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin",
        "/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin",
    ].contains { FileManager.default.isExecutableFile(atPath: "\($0)/mariadbd") }

    /// The server that tests share.
    package static func common() throws -> MariaDBServer {
        try shared.withLock { server in
            if let server { return server }
            let started = try MariaDBServer()
            server = started
            return started
        }
    }

    /// Starts a server; one over TLS listens at a port of this machine too, with a certificate.
    package init(overTLS: Bool = false) throws {
        script = try ServerScript("mariadb-for-tests", overTLS ? ["tls"] : [])
    }

    /// Restarts the server (`restart`), stops or starts it, ends it without a warning and starts
    /// it again (`kill`), or lets its certificate be one for another name (`rename`).
    package func command(_ name: String) throws { try script.command(name) }

    /// The server's Unix socket.
    package var socket: String { "\(script.folder)/s" }

    /// The URL of a database of the server.
    package func url(_ database: String = "mysql", options: String = "") -> String {
        "mysql://tests@localhost/\(database)?socket=\(socket)\(options)"
    }

    /// The URL of the port of a server over TLS.
    package func networkURL(options: String) throws -> String {
        let port = try String(contentsOfFile: file("port"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return "mysql://secure@127.0.0.1:\(port)/mysql?\(options)"
    }

    /// A file of the server's: `ca.pem`, or `other.pem` which has signed nothing.
    package func file(_ name: String) -> String { "\(script.folder)/\(name)" }

    /// Makes an empty database, whose text is compared as it is, and returns its URL.
    package func makeDatabase() async throws -> String {
        let number = Self.databaseCount.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        let main = try MySQLDatabase.open(url())
        try await main.execute(
            SQL(
                unsafe:
                    "CREATE DATABASE \(name) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
            )
        )
        await main.close()
        return url(name)
    }
}
