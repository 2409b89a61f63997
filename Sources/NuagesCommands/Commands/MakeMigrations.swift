import ArgumentParser
import NuagesCore
import NuagesORM
import NuagesViews

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes migrations for what has changed in the models.
struct MakeMigrations: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "makemigrations",
        abstract: "Writes migrations for what has changed in the models.",
        discussion: """
            The files are Swift and go to the folder 'Migrations' of each app; the next build \
            compiles them. Where the models do not tell enough, questions are asked on the \
            terminal; without a terminal the command fails and lists them.
            """
    )

    @Argument(help: "The labels of apps; all where there are none.")
    var apps: [String] = []

    @Flag(help: "Shows what would be written, and writes nothing.")
    var dryRun = false

    @Flag(help: "Ends with status 1 where models have changed, and writes nothing.")
    var check = false

    @Flag(name: [.customLong("noinput"), .customLong("no-input")], help: "Asks no questions.")
    var noInput = false

    @Flag(help: "Writes migrations without operations, to be filled by hand.")
    var empty = false

    @Option(name: [.short, .long], help: "What the name of the migration is after its number.")
    var name: String?

    @Flag(help: "Leaves out the line that says who wrote the file.")
    var noHeader = false

    func run() async throws {
        let site = try site
        try validateApps(site)
        let found = empty ? try emptyMigrations(site) : try changes(site)
        guard !found.isEmpty else {
            print(apps.isEmpty ? "No changes detected" : "No changes detected in \(appList)")
            return
        }
        if !empty { for (app, _) in found { try requireBuilt(app, site) } }
        for (app, migrations) in found {
            print("Migrations for '\(app)':")
            let others = try unbuilt(app, site)
            for migration in migrations { try write(migration, of: app, site) }
            if !dryRun, !check {
                try writeIndex(of: app, adding: others + migrations.map(\.name), site)
            }
        }
        if check { throw ExitCode(1) }
    }

    private var appList: String { apps.map { "'\($0)'" }.joined(separator: ", ") }

    private func validateApps(_ site: SiteContext) throws {
        let known = site.modelApps.map(\.label)
        for app in apps where !known.contains(app) {
            throw MigrationError.unknownApp(app, choices: known.sorted())
        }
        if let name, !Self.isName(name) {
            throw ValidationError(
                "'\(name)' is no name for a migration: use letters, digits and _."
            )
        }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
    }

    private func changes(_ site: SiteContext) throws -> [(app: String, migrations: [Migration])] {
        let questioner: any MigrationQuestioner =
            !noInput && isInteractive ? TerminalQuestioner() : PreparedAnswers()
        return try ModelChanges(site: site).migrations(
            apps: Set(apps),
            name: name,
            questioner: questioner
        )
    }

    private func emptyMigrations(
        _ site: SiteContext
    ) throws -> [(app: String, migrations: [Migration])] {
        guard !apps.isEmpty else {
            throw ValidationError("Name the app that gets an empty migration.")
        }
        let graph = try MigrationLoader(site.migrations).graph
        return try apps.map { app in
            var leaves = graph.leafNodes(of: app)
            // A file that was not built yet follows the graph, and this one follows it.
            if let last = try unbuilt(app, site).last { leaves = [MigrationKey(app, last)] }
            let migration = Migration(
                app: app,
                name: MigrationNumbering.next(after: leaves.map(\.name), name ?? "custom"),
                dependencies: leaves
            ) {}
            return (app, [migration])
        }
    }

    /// The migrations of an app whose files are there but not part of the program.
    private func unbuilt(_ app: String, _ site: SiteContext) throws -> [String] {
        guard let known = site.modelApps.first(where: { $0.label == app }),
            known.directory != nil
        else { return [] }
        let folder = try folder(of: app, site)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return MigrationWriter.migrationNames(in: files, of: app)
            .filter { name in !known.migrations.contains { $0.name == name } }
    }

    /// Changes can only be told from the models once every file is part of the program.
    private func requireBuilt(_ app: String, _ site: SiteContext) throws {
        let names = try unbuilt(app, site)
        guard !names.isEmpty else { return }
        throw CommandFailure(
            "The app '\(app)' has migrations that are not built yet: "
                + "\(names.joined(separator: ", ")). Build, then run makemigrations again; "
                + "delete files that are not wanted."
        )
    }

    // MARK: Files

    private func write(_ migration: Migration, of app: String, _ site: SiteContext) throws {
        let file = MigrationWriter(hasHeader: !noHeader).file(migration)
        let folder = try folder(of: app, site)
        print("  \(shown(folder.appendingPathComponent(file.name)))")
        for operation in migration.operations {
            print("    \(operation.category.rawValue) \(operation.describe())")
        }
        if dryRun || check {
            if dryRun { print("\n\(file.text)") }
            return
        }
        try save(file, in: folder, mayReplace: false)
    }

    private func writeIndex(
        of app: String,
        adding names: [String],
        _ site: SiteContext
    ) throws {
        let known = site.modelApps.first { $0.label == app }?.migrations ?? []
        let file = MigrationWriter(hasHeader: !noHeader)
            .indexFile(app: app, names: known.map(\.name) + names)
        try save(file, in: folder(of: app, site), mayReplace: true)
        let type = MigrationWriter.typeName(of: app)
        if known.isEmpty {
            print("  Add this to the app, once:\n    let migrations = \(type).all")
        }
        print("  Build, and run 'migrate' to apply them.")
    }

    private func folder(of app: String, _ site: SiteContext) throws -> URL {
        guard let directory = site.modelApps.first(where: { $0.label == app })?.directory else {
            throw CommandFailure(
                "The app '\(app)' has no folder, so there is no place for its migrations. "
                    + "Give it one: let directory: String? = sourceDirectory()"
            )
        }
        return URL(fileURLWithPath: directory).appendingPathComponent("Migrations")
    }

    private func save(_ file: MigrationWriter.File, in folder: URL, mayReplace: Bool) throws {
        let path = folder.appendingPathComponent(file.name)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let data = Data(file.text.utf8)
            try data.write(to: path, options: mayReplace ? .atomic : .withoutOverwriting)
        } catch {
            let cause = (error as? CocoaError)?.underlying as? POSIXError
            let reason = cause.map { String(cString: strerror($0.code.rawValue)) } ?? "\(error)"
            throw CommandFailure("'\(shown(path))' cannot be written: \(reason)")
        }
    }

    /// The path as seen from the working directory.
    private func shown(_ url: URL) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
    }
}
