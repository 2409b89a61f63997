import Foundation
import Synchronization

/// A built example as a process of its own, on a free port and a database of its own.
final class RunningSite {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let port: Int
    let folder: URL
    private var process: Process

    /// The number of the process.
    var processID: Int32 { process.processIdentifier }

    /// The executable of an example, beside the test bundle.
    static func executable(_ product: String = "Polls") -> URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let products =
            bundle?.deletingLastPathComponent()
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return products.appendingPathComponent(product)
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
    ///   - example: the example, and the command that loads its sample.
    ///   - maxFiles: how many files the server may open; the system's limit unless given.
    ///   - socket: a socket that the server is handed, as systemd does; a free port unless given.
    ///   - environment: settings of the site.
    /// - Throws: ``Failure`` where the server does not start.
    init(
        _ example: (product: String, sample: String) = ("Polls", "loadsample"),
        maxFiles: Int? = nil,
        socket: FileHandle? = nil,
        environment: [String: String] = [:]
    ) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for command in ["migrate", example.sample] {
            try Self.run([command], of: example.product, in: folder)
        }
        let (process, pipe) = Self.prepare(
            ["runserver", socket == nil ? "127.0.0.1:0" : "fd://"],
            of: example.product,
            in: folder,
            environment: environment
        )
        if let maxFiles { Self.wrap(process, in: "ulimit -n \(maxFiles)") }
        if let socket {
            process.standardInput = socket
            Self.wrap(process, in: "exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1")
        }
        self.process = process
        port = try Self.start(process, pipe, printed)
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
        of product: String = "Polls",
        in folder: URL,
        environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let (process, pipe) = prepare(arguments, of: product, in: folder, environment: environment)
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Kills the server without warning and starts it again on the same database.
    func killAndRestart() throws -> RunningServer {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return try restart("Polls", environment: [:])
    }

    /// Starts a server that has ended again on the same database.
    func restart(
        _ product: String,
        environment: [String: String]
    ) throws -> RunningServer {
        let (process, pipe) = Self.prepare(
            ["runserver", "127.0.0.1:0"],
            of: product,
            in: folder,
            environment: environment
        )
        self.process = process
        let port = try Self.start(process, pipe, printed)
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

    /// Has a shell do something before it becomes the process.
    private static func wrap(_ process: Process, in command: String) {
        let path = process.executableURL?.path ?? ""
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            ["-c", "\(command) && exec \"$0\" \"$@\"", path] + (process.arguments ?? [])
    }

    private static func start(
        _ process: Process,
        _ pipe: Pipe,
        _ printed: Printed
    ) throws -> Int {
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
                    return port
                }
            }
        }
    }

    private static func prepare(
        _ arguments: [String],
        of product: String,
        in folder: URL,
        environment: [String: String]
    ) -> (Process, Pipe) {
        let process = Process()
        process.executableURL = executable(product)
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
