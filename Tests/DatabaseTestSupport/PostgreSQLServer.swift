import Foundation
package import NuagesORM
package import NuagesPostgreSQL
import Synchronization

/// A PostgreSQL of the tests' own, on a Unix socket in a temporary folder.
///
/// It ends with the process that started it, however that ends (`Scripts/postgresql-for-tests`).
package final class PostgreSQLServer: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The server that tests share which do no harm to it.
    private static let shared = Mutex<PostgreSQLServer?>(nil)
    private static let databaseCount = Atomic(0)

    private let process: Mutex<(commands: FileHandle, answers: FileHandle)>
    private let folder: String

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

    /// Starts a server.
    package init() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Scripts/postgresql-for-tests")
        let process = Process()
        let (commands, answers) = (Pipe(), Pipe())
        process.executableURL = script
        process.standardInput = commands
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
        let answer = Self.line(from: answers.fileHandleForReading)
        guard answer.hasPrefix("ready ") else {
            throw Failure(description: "PostgreSQL did not start: \(answer)")
        }
        folder = String(answer.dropFirst("ready ".count))
        self.process = Mutex((commands.fileHandleForWriting, answers.fileHandleForReading))
    }

    private static func line(from handle: FileHandle) -> String {
        var bytes: [UInt8] = []
        while let byte = handle.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Restarts the server (`restart`), stops or starts it, or ends it without a warning and starts
    /// it again (`kill`).
    package func command(_ name: String) throws {
        let answer = process.withLock { process in
            process.commands.write(Data("\(name)\n".utf8))
            return Self.line(from: process.answers)
        }
        guard answer == "done" else {
            throw Failure(description: "'\(name)' was answered by '\(answer)'.")
        }
    }

    /// The URL of a database of the server.
    package func url(_ database: String = "postgres", options: String = "") -> String {
        "postgresql:///\(database)?host=\(folder)&user=postgres\(options)"
    }

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
