import Foundation
import Synchronization

/// The built polls site as a process of its own, on a free port and a database of its own.
final class RunningSite {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let port: Int
    let folder: URL
    private var process: Process

    /// The executable beside the test bundle.
    static var executable: URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let products =
            bundle?.deletingLastPathComponent()
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return products.appendingPathComponent("Polls")
    }

    /// What the server has printed since it listens.
    private let printed = Printed()

    var log: String { printed.text.withLock { $0 } }

    private final class Printed: Sendable {
        let text = Mutex("")
    }

    /// Migrates a fresh database, loads the sample and starts the server.
    ///
    /// - Parameters:
    ///   - maxFiles: how many files the server may open; the system's limit unless given.
    ///   - environment: settings of the site.
    /// - Throws: ``Failure`` where the server does not start.
    init(maxFiles: Int? = nil, environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.run(["migrate"], in: folder)
        try Self.run(["loadsample"], in: folder)
        (process, port) = try Self.serve(
            in: folder,
            maxFiles: maxFiles,
            environment: environment,
            printed
        )
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a management command to its end and returns what it printed.
    @discardableResult
    static func run(
        _ arguments: [String],
        in folder: URL,
        environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let (process, pipe) = prepare(arguments, in: folder, environment: environment)
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Kills the server without warning and starts it again on the same database.
    func killAndRestart() throws -> RunningServer {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let (process, port) = try Self.serve(in: folder, printed)
        self.process = process
        return RunningServer(port: port)
    }

    /// Asks the server to stop, by SIGTERM.
    func askToStop() { process.terminate() }

    /// Asks the server to stop and waits for its end.
    func terminate() -> Int32 {
        askToStop()
        return waitForEnd()
    }

    /// Waits for the server's end, and says how it ended: -15 for the signal itself.
    func waitForEnd() -> Int32 {
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .exit ? status : -status
    }

    private static func serve(
        in folder: URL,
        maxFiles: Int? = nil,
        environment: [String: String] = [:],
        _ printed: Printed
    ) throws -> (Process, Int) {
        let (process, pipe) = prepare(
            ["runserver", "127.0.0.1:0"],
            in: folder,
            environment: environment
        )
        if let maxFiles {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments =
                ["-c", "ulimit -n \(maxFiles) && exec \"$0\" \"$@\"", executable.path]
                + (process.arguments ?? [])
        }
        try process.run()
        // The server prints its address when it listens: no polling and no sleep.
        var text = ""
        while true {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure(description: "The server ended: \(text)") }
            text += String(decoding: data, as: UTF8.self)
            if let match = text.range(of: "http://127.0.0.1:") {
                let digits = text[match.upperBound...].prefix { $0.isNumber }
                let isComplete = text[match.upperBound...].count > digits.count
                if isComplete, let port = Int(digits) {
                    pipe.fileHandleForReading.readabilityHandler = { file in
                        let more = String(decoding: file.availableData, as: UTF8.self)
                        printed.text.withLock { $0 += more }
                    }
                    return (process, port)
                }
            }
        }
    }

    private static func prepare(
        _ arguments: [String],
        in folder: URL,
        environment: [String: String]
    ) -> (Process, Pipe) {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let database = folder.appendingPathComponent("db.sqlite3").path
        process.environment = ProcessInfo.processInfo.environment
            .merging(["DEBUG": "true", "DATABASE_URL": "sqlite:\(database)"]) { $1 }
            .merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        return (process, pipe)
    }
}

/// Where a server listens.
struct RunningServer {
    var port: Int
}
