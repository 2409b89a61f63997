public import Logging
public import NuagesCore

/// How a site logs: what, in which form, and where.
///
/// | logger | Django's | what it tells |
/// | --- | --- | --- |
/// | `nuages.request` | `django.request` | answers of 400 and more |
/// | `nuages.security.<event>` | `django.security.*` | what looks like an attack, and refusals |
/// | `nuages.server` | `django.server` | one line for each request |
/// | `nuages.db.slow`, `nuages.db.pool`, `nuages.db` | `django.db.backends` | slow statements, pools without a free connection, hooks that fail |
/// | `nuages.db.repeated` | none | queries that a request makes again and again, in debug and in tests |
/// | `nuages.pagination` | a warning | pages without an order |
///
/// Django: the setting `LOGGING`.
public struct SiteLogging: Sendable {
    private let main: LogOutput
    private let security: LogOutput?
    private let format: LogFormat
    private let securityFormat: LogFormat
    private let level: Logger.Level

    /// The logging that settings ask for, its files opened.
    ///
    /// - Parameter settings: the site's settings.
    /// - Throws: `LogOutput.Failure` where a file cannot be written.
    public init(_ settings: Settings) throws(LogOutput.Failure) {
        if let path = settings.logFile {
            main = try LogOutput(path: path)
        } else {
            main = .standardError
        }
        if let path = settings.securityLogFile {
            security = try LogOutput(path: path)
        } else {
            security = nil
        }
        format = settings.logFormat
        // Programs read them, but for those of the developer at the terminal.
        securityFormat = settings.isDebug ? settings.logFormat : .json
        level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
    }

    /// The handler of a logger, for `LoggingSystem.bootstrap`.
    ///
    /// Security events are JSON lines outside debug, whatever the others are, and go to a file of
    /// their own besides, where the settings name one.
    ///
    /// - Parameter label: the name of the logger.
    /// - Returns: the handler.
    public func makeHandler(label: String) -> any LogHandler {
        let isSecurity = label.utf8.starts(with: "nuages.security.".utf8)
        let handler = LineLogHandler(
            label: label,
            format: isSecurity ? securityFormat : format,
            output: main,
            logLevel: level
        )
        guard let security, isSecurity else { return handler }
        return MultiplexLogHandler([
            handler,
            LineLogHandler(label: label, format: .json, output: security, logLevel: .trace),
        ])
    }

    /// Makes this the logging of the process; only once.
    public func install() { LoggingSystem.bootstrap { makeHandler(label: $0) } }
}
