import ArgumentParser
import NuagesCore
import NuagesViews

/// Looks for mistakes in the site's set-up.
struct CheckCommand: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks the whole site for mistakes: settings, models, URLs, templates.",
        discussion: "Ends with status 1 where a message is as grave as --fail-level."
    )

    @Flag(help: "Also checks what matters where the site is open to the public.")
    var deploy = false

    @Option(
        help: ArgumentHelp(
            """
            Also looks at a database: which migrations it has not had, and what they lock, rewrite, \
            lose or break. Several may be given.
            """,
            valueName: "name"
        )
    )
    var database: [String] = []

    @Option(help: "The level that makes the command fail: \(CheckLevel.names).")
    var failLevel = CheckLevel.error

    func run() async throws {
        var messages = try await site.check(forDeployment: deploy)
        for name in database { messages += try await site.checkMigrations(database: name) }
        print(CheckReport(messages: messages).text)
        if messages.contains(where: { $0.level >= failLevel.level }) { throw ExitCode(1) }
    }
}

/// The levels of check messages by their names in Django.
enum CheckLevel: String, ExpressibleByArgument, CaseIterable {
    case debug = "DEBUG"
    case info = "INFO"
    case warning = "WARNING"
    case error = "ERROR"
    case critical = "CRITICAL"

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    init?(argument: String) { self.init(rawValue: argument.uppercased()) }

    var level: CheckMessage.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        case .critical: .critical
        }
    }
}
