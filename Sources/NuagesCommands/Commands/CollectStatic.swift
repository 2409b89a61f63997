import ArgumentParser
import NuagesContrib
import NuagesCore
import NuagesViews

/// Collects the static files of the site in one folder.
struct CollectStatic: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "collectstatic",
        abstract: "Collects static files in STATIC_ROOT, with names by their contents.",
        discussion: """
            Each file is there by its own name and by one with a digest of its contents, which \
            browsers may keep for ever; pages refer to that one. Files that compress well are \
            compressed as well. Run it before a new version of the site starts.
            """
    )

    @Flag(name: [.customLong("noinput"), .customLong("no-input")], help: "Asks nothing.")
    var noInput = false

    @Flag(name: .customLong("no-post-process"), help: "Gives files no names by their contents.")
    var noPostProcess = false

    @Flag(name: .customLong("no-compress"), help: "Compresses no files.")
    var noCompress = false

    @Option(
        name: [.short, .customLong("ignore")],
        help: "A pattern of names to leave out, such as '*.scss'; may be given several times."
    )
    var ignore: [String] = []

    @Flag(
        name: [.short, .customLong("dry-run")],
        help: "Shows what would be done; writes nothing."
    )
    var dryRun = false

    @Flag(name: [.short, .customLong("clear")], help: "Empties the folder before.")
    var clear = false

    @Flag(name: [.short, .customLong("link")], help: "Links files in place of copying them.")
    var link = false

    @Flag(
        name: .customLong("no-default-ignore"),
        help: "Also collects what is left out unless asked for: 'CVS', '.*' and '*~'."
    )
    var noDefaultIgnore = false

    @Flag(
        name: .customLong("js-modules"),
        help: "Also rewrites the addresses in 'import' and 'export' of scripts."
    )
    var jsModules = false

    @Option(name: [.short, .customLong("verbosity")], help: "0 is silent, 2 shows each file.")
    var verbosity = 1

    func run() async throws {
        let site = try site
        guard let root = site.settings.staticRoot else { throw StaticFilesError.noRoot }
        guard noInput || dryRun || Self.confirms(root, clears: clear) else {
            throw CommandFailure("Collecting static files cancelled.")
        }
        var collector = StaticCollector(
            finders: StaticFinders(
                directories: site.settings.staticDirectories,
                apps: site.apps
            ),
            root: root,
            staticURL: site.settings.staticURL,
            options: options
        ) { line in
            if verbosity >= 2 { print(line) }
        }
        let result = try collector.run()
        if verbosity >= 1 { print(Self.summary(result, links: link, root: root)) }
    }

    private var options: StaticCollector.Options {
        var options = StaticCollector.Options()
        options.isDryRun = dryRun
        options.clears = clear
        options.links = link
        options.postProcesses = !noPostProcess
        options.compresses = !noCompress
        options.rewritesModules = jsModules
        options.ignorePatterns =
            ignore + (noDefaultIgnore ? [] : StaticFinders.defaultIgnorePatterns)
        return options
    }

    private static func confirms(_ root: String, clears: Bool) -> Bool {
        print(
            "Static files are collected in\n\n    \(root)\n\n"
                + (clears ? "This deletes ALL FILES in this folder!" : "This overwrites files!")
        )
        printNow("Type 'yes' to continue, or 'no' to cancel: ", terminator: "")
        return readLine() == "yes"
    }

    static func summary(
        _ result: StaticCollector.Result,
        links: Bool,
        root: String
    ) -> String {
        func files(_ count: Int) -> String {
            "\(count) static file\(count == 1 ? "" : "s")"
        }
        var parts: [String] = []
        if !result.deleted.isEmpty { parts.append("\(files(result.deleted.count)) deleted") }
        parts.append(
            "\(files(result.modified.count)) \(links ? "symlinked" : "copied") to '\(root)'"
        )
        if !result.unmodified.isEmpty { parts.append("\(result.unmodified.count) unmodified") }
        if !result.postProcessed.isEmpty {
            parts.append("\(result.postProcessed.count) post-processed")
        }
        if !result.compressed.isEmpty { parts.append("\(result.compressed.count) compressed") }
        if !result.skipped.isEmpty {
            parts.append("\(result.skipped.count) skipped due to conflict")
        }
        return "\n\(parts.joined(separator: ", "))."
    }
}
