public import NuagesCore

/// The text that `check` prints: the messages by level, the gravest first.
public struct CheckReport: Sendable {
    private let messages: [CheckMessage]

    /// A report.
    ///
    /// - Parameter messages: what the checks found.
    public init(messages: [CheckMessage]) { self.messages = messages }

    /// The whole text, without a line break at its end.
    public var text: String {
        let count =
            switch messages.count {
            case 0: "no issues"
            case 1: "1 issue"
            case let count: "\(count) issues"
            }
        guard !messages.isEmpty else { return "System check identified \(count)." }
        var parts = ["System check identified some issues:"]
        for (level, title) in Self.titles {
            let found = messages.filter { $0.level == level }
            guard !found.isEmpty else { continue }
            parts.append(([title] + found.map(\.description)).joined(separator: "\n"))
        }
        parts.append("System check identified \(count).")
        return parts.joined(separator: "\n\n")
    }

    private static let titles: [(CheckMessage.Level, String)] = [
        (.critical, "CRITICALS:"), (.error, "ERRORS:"), (.warning, "WARNINGS:"),
        (.info, "INFOS:"), (.debug, "DEBUGS:"),
    ]
}
