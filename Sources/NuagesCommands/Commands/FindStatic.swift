import ArgumentParser
import NuagesContrib
import NuagesCore
import NuagesViews

/// Shows where static files are.
struct FindStatic: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "findstatic",
        abstract: "Shows where static files are found, the one that is served first."
    )

    @Argument(help: "Names of static files, such as polls/style.css.")
    var names: [String]

    @Flag(name: .customLong("first"), help: "Shows only the file that is served.")
    var onlyFirst = false

    @Option(
        name: [.short, .customLong("verbosity")],
        help: "0 shows paths only, 2 also the folders that were searched."
    )
    var verbosity = 1

    func run() async throws {
        let site = try site
        let finders = StaticFinders(
            directories: site.settings.staticDirectories,
            apps: site.apps
        )
        for name in names {
            let all = finders.findAll(name)
            print(text(name, onlyFirst ? Array(all.prefix(1)) : all, finders.directories))
        }
    }

    private func text(_ name: String, _ paths: [String], _ searched: [String]) -> String {
        let folders =
            verbosity >= 2
            ? "\nLooking in the following locations:\n  " + searched.joined(separator: "\n  ") : ""
        guard !paths.isEmpty else {
            return verbosity >= 1 ? "No matching file found for '\(name)'.\(folders)" : ""
        }
        guard verbosity >= 1 else { return paths.joined(separator: "\n") }
        return "Found '\(name)' here:\n  \(paths.joined(separator: "\n  "))\(folders)"
    }
}
