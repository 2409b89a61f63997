public import Logging
import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes each event of a log as one JSON object on a line of its own.
///
///     {"time":"2026-11-28T17:19:22.031Z","level":"warning","logger":"nuages.security.csrf",
///      "event":"csrf","message":"Origin checking failed","method":"POST","path":"/vote/",
///      "remote_address":"203.0.113.7","request_id":"…"}
///
/// The time is UTC. Text of any origin stays on its line, and a value whose name says that it is a
/// secret is written as asterisks.
public struct JSONLinesLogHandler: LogHandler {
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
        output.write(line(event, at: Date.now))
    }

    private static let securityPrefix = "nuages.security."
    private static let ownNames = ["time", "level", "logger", "event", "message", "error"]

    /// The line of an event, its end included.
    func line(_ event: LogEvent, at time: Date) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.member("time", Self.text(time))
            writer.member("level", event.level.rawValue)
            writer.member("logger", label)
            if label.utf8.starts(with: Self.securityPrefix.utf8) {
                writer.member("event", String(label.dropFirst(Self.securityPrefix.utf8.count)))
            }
            writer.member("message", event.message.description)
            if let error = event.error {
                writer.member("error", LogText.escape("\(error)"))
            }
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            for (name, value) in all.sorted(by: { $0.key < $1.key }) {
                let key = Self.ownNames.contains(name) ? "metadata.\(name)" : name
                writer.member(key, SensitiveNames.shown(value.description, named: name))
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// Such as `2026-11-28T17:19:22.031Z`.
    private static func text(_ time: Date) -> String {
        guard let utc = LocalDateTime(time, in: .utc) else { return "" }
        let clock = "\(padded(utc.time.hour, 2)):\(padded(utc.time.minute, 2))"
        let second = "\(padded(utc.time.second, 2)).\(padded(utc.time.microsecond / 1000, 3))"
        return "\(utc.date)T\(clock):\(second)Z"
    }
}
