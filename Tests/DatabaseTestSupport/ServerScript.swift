import Foundation
import Synchronization

/// A database server of the tests' own, which a script of `Scripts` runs in a temporary folder.
///
/// It ends with the process that started it, however that ends.
package final class ServerScript: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let process: Mutex<(commands: FileHandle, answers: FileHandle)>
    /// Where the server's socket is.
    package let folder: String

    /// Starts the server of a script.
    package init(_ name: String, _ arguments: [String] = []) throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Scripts/\(name)")
        let process = Process()
        let (commands, answers) = (Pipe(), Pipe())
        process.executableURL = script
        process.arguments = arguments
        process.standardInput = commands
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
        let answer = Self.line(from: answers.fileHandleForReading)
        guard answer.hasPrefix("ready ") else {
            throw Failure(description: "The server did not start: \(answer)")
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
}
