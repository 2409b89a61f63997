import Logging
import Synchronization

/// Keeps what is logged.
final class LogRecorder: Sendable {
    /// What one event says, its metadata as text.
    struct Event: Sendable {
        var label: String
        var text: String
        var metadata: [String: String]
    }

    private let recorded = Mutex<[Event]>([])

    var events: [Event] { recorded.withLock { $0 } }

    var messages: [String] { events.map(\.text) }

    var logger: Logger { Logger(label: "test") { Handler(recorder: self, label: $0) } }

    @TaskLocal private static var current: LogRecorder?

    /// The logging of this process: a recorder's in its task, and the usual one elsewhere.
    private static let isInstalled: Void = LoggingSystem.bootstrap { label in
        guard let current else { return StreamLogHandler.standardError(label: label) }
        return Handler(recorder: current, label: label)
    }

    /// What the loggers that `body` makes log.
    static func events(during body: () async throws -> Void) async rethrows -> [Event] {
        isInstalled
        let recorder = LogRecorder()
        try await $current.withValue(recorder, operation: body)
        return recorder.events
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        let label: String
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let event = Event(
                label: label,
                text: "\(event.level): \(event.message)",
                metadata: all.mapValues { "\($0)" }
            )
            recorder.recorded.withLock { $0.append(event) }
        }
    }
}
