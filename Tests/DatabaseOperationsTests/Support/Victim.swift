import Foundation

/// A process of `database-fault-program`.
final class Victim {
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()

    init(_ arguments: String...) throws {
        process.executableURL = Self.program
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
    }

    private static var program: URL {
        // Built beside the tests.
        Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
            .map {
                $0.deletingLastPathComponent().appendingPathComponent("database-fault-program")
            }
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("database-fault-program")
    }

    /// Waits until it says something.
    func waitForWord() { _ = output.fileHandleForReading.availableData }

    /// Ends it without a warning.
    func kill() {
        #if canImport(Glibc) || canImport(Musl) || canImport(Darwin)
        _ = signal(process.processIdentifier)
        #endif
        process.waitUntilExit()
    }

    private func signal(_ id: Int32) -> Int32 { Foundation.kill(id, SIGKILL) }

    /// Waits for its end; what it said, nil where it did not go well.
    func answer() -> String? {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits for its end; whether it went well.
    func finish() -> Bool {
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
