public import Logging
public import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes each event of a log as a line: for people, or as a JSON object.
///
///     2026-11-28 17:19:22Z WARNING nuages.request: Not Found: /x method=GET path=/x status=404
///
///     {"time":"2026-11-28T17:19:22.031Z","level":"warning","logger":"nuages.security.csrf",
///      "event":"csrf","message":"Origin checking failed","method":"POST","path":"/vote/",
///      "remote_address":"203.0.113.7","request_id":"…"}
///
/// The time is UTC. Text of any origin stays on its line, and a value whose name says that it is a
/// secret is written as asterisks.
public struct LineLogHandler: LogHandler {
    /// The name of the logger.
    public let label: String
    /// What is written; less grave events are left out.
    public var logLevel: Logger.Level
    /// What every event of this logger carries.
    public var metadata: Logger.Metadata = [:]
    private let format: LogFormat
    private let output: LogOutput

    /// A handler.
    ///
    /// - Parameters:
    ///   - label: the name of the logger.
    ///   - format: how a line looks.
    ///   - output: where the lines go.
    ///   - logLevel: the least grave level that is written.
    public init(
        label: String,
        format: LogFormat,
        output: LogOutput,
        logLevel: Logger.Level = .info
    ) {
        self.label = label
        self.format = format
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

    /// The line of an event, its end included.
    func line(_ event: LogEvent, at time: Date) -> [UInt8] {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }
            .map { (name: $0.key, value: $0.value.description) }
            .sorted { $0.name < $1.name }
        let moment = LocalDateTime(time, in: .utc)
        return switch format {
        case .text: text(event, moment, values)
        case .json: json(event, moment, values)
        }
    }

    // MARK: Text

    private func text(
        _ event: LogEvent,
        _ moment: LocalDateTime?,
        _ values: [(name: String, value: String)]
    ) -> [UInt8] {
        let clock = moment.map { "\($0.date) \(Self.clock($0))Z" } ?? ""
        let error = event.error.map { ": \(Self.oneLine("\($0)"))" } ?? ""
        var line = "\(clock) \(event.level.rawValue.uppercased()) \(label): "
        line += Self.oneLine(event.message.description) + error
        for (name, value) in values {
            line += " \(name)=\(SensitiveNames.shown(Self.oneLine(value), named: name))"
        }
        return Array(line.utf8) + [UInt8(ascii: "\n")]
    }

    private static func clock(_ moment: LocalDateTime) -> String {
        [moment.time.hour, moment.time.minute, moment.time.second].map { padded($0, 2) }
            .joined(separator: ":")
    }

    /// The text with its line breaks and control characters escaped; others escaped theirs before.
    private static func oneLine(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        return isPlain ? text : LogText.escape(text, limit: 8192)
    }

    // MARK: JSON

    private static let securityPrefix = "nuages.security."
    private static let ownNames = ["time", "level", "logger", "event", "message", "error"]

    private func json(
        _ event: LogEvent,
        _ moment: LocalDateTime?,
        _ values: [(name: String, value: String)]
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            let time = moment.map {
                "\($0.date)T\(Self.clock($0)).\(padded($0.time.microsecond / 1000, 3))Z"
            }
            writer.member("time", time ?? "")
            writer.member("level", event.level.rawValue)
            writer.member("logger", label)
            if label.utf8.starts(with: Self.securityPrefix.utf8) {
                writer.member("event", String(label.dropFirst(Self.securityPrefix.utf8.count)))
            }
            writer.member("message", event.message.description)
            if let error = event.error {
                writer.member("error", LogText.escape("\(error)"))
            }
            for (name, value) in values {
                let key = Self.ownNames.contains(name) ? "metadata.\(name)" : name
                writer.member(key, SensitiveNames.shown(value, named: name))
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}
