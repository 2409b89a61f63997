public import Logging
import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes each event of a log as a line for people.
///
///     2026-11-28 17:19:22Z WARNING nuages.request: Not Found: /x method=GET path=/x status=404
public struct TextLogHandler: LogHandler {
    /// The name of the logger.
    public let label: String
    /// What is written; less grave events are left out.
    public var logLevel: Logger.Level
    /// What every event of this logger carries.
    public var metadata: Logger.Metadata = [:]
    private let output: LogOutput

    /// A handler.
    ///
    /// - Parameters:
    ///   - label: the name of the logger.
    ///   - output: where the lines go.
    ///   - logLevel: the least grave level that is written.
    public init(label: String, output: LogOutput, logLevel: Logger.Level = .info) {
        self.label = label
        self.output = output
        self.logLevel = logLevel
    }

    /// What every event of this logger carries under a name.
    ///
    /// - Parameter key: the name.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes an event.
    ///
    /// - Parameter event: the event.
    public func log(event: LogEvent) {
        output.write(Array(line(event, at: Date.now).utf8))
    }

    func line(_ event: LogEvent, at time: Date) -> String {
        let utc = LocalDateTime(time, in: .utc)
        let clock = utc.map { now in
            "\(now.date) \(padded(now.time.hour, 2)):\(padded(now.time.minute, 2)):"
                + "\(padded(now.time.second, 2))Z"
        }
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let values = all.map { name, value in
            " \(name)=\(SensitiveNames.shown(Self.oneLine(value.description), named: name))"
        }
        let error = event.error.map { ": \(Self.oneLine("\($0)"))" } ?? ""
        return "\(clock ?? "") \(event.level.rawValue.uppercased()) \(label): "
            + Self.oneLine(event.message.description) + error + values.joined() + "\n"
    }

    /// The text with its line breaks and control characters escaped; others escaped theirs before.
    private static func oneLine(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        return isPlain ? text : LogText.escape(text, limit: 8192)
    }
}
