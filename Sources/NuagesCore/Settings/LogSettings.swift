/// How grave an event of the log is; the names are those of swift-log.
public enum LogLevel: String, Sendable, Hashable, CaseIterable {
    /// Every step.
    case trace
    /// For developers only.
    case debug
    /// What happens in the ordinary course.
    case info
    /// What is out of the ordinary.
    case notice
    /// What should not be, and can be lived with.
    case warning
    /// What failed.
    case error
    /// What stops the site.
    case critical
}

/// How events are logged.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// A line for people.
    case text
    /// A JSON object on a line, for programs.
    case json
}
