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

/// The folders in which the apps of a site keep their migrations.
struct MigrationFiles {
    let site: SiteContext
    let hasHeader: Bool
    /// The structs of models that a new migration's file has.
    var frozen: FrozenModelSource?

    private var writer: MigrationWriter { MigrationWriter(hasHeader: hasHeader) }

    /// The names of an app's migrations that are part of the program.
    func built(_ app: String) -> [String] {
        (site.modelApps.first { $0.label == app }?.migrations ?? []).map(\.name)
    }

    /// The migrations of an app whose files are there but not part of the program.
    func unbuilt(_ app: String) throws -> [String] {
        guard let known = site.modelApps.first(where: { $0.label == app }),
            known.directory != nil
        else { return [] }
        let folder = try folder(of: app)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let names = Set(known.migrations.map { MigrationWriter.fileName(of: $0.key) })
        return MigrationWriter.migrationNames(in: files, of: app).filter { name in
            !names.contains(MigrationWriter.fileName(of: MigrationKey(app, name)))
        }
    }

    /// Fails where files of migrations are not built: only then do models and migrations tell all.
    func requireBuilt(_ app: String, _ command: String) throws {
        let names = try unbuilt(app)
        guard !names.isEmpty else { return }
        throw CommandFailure(
            "The app '\(app)' has migrations that are not built yet: "
                + "\(names.joined(separator: ", ")). Build, then run \(command) again; "
                + "delete files that are not wanted."
        )
    }

    /// The text of a migration's file.
    func text(of migration: Migration) -> String {
        writer.file(migration, frozen: frozen).text
    }

    /// The path of a migration's file.
    func path(of migration: MigrationKey) throws -> URL {
        try folder(of: migration.app)
            .appendingPathComponent(MigrationWriter.fileName(of: migration))
    }

    /// Writes the file of a migration.
    func save(_ migration: Migration, mayReplace: Bool = false) throws {
        let file = writer.file(migration, frozen: frozen)
        try save(file, in: folder(of: migration.app), mayReplace: mayReplace)
    }

    /// Deletes the file of a migration.
    func delete(_ migration: MigrationKey) throws {
        let path = try path(of: migration)
        do {
            try FileManager.default.removeItem(at: path)
        } catch {
            throw CommandFailure("'\(shown(path))' cannot be deleted: \(Self.reason(of: error))")
        }
    }

    /// Writes the list of an app's migrations anew.
    ///
    /// - Returns: the name of the type that lists them.
    @discardableResult
    func saveIndex(of app: String, names: [String]) throws -> String {
        let file = writer.indexFile(app: app, names: names)
        try save(file, in: folder(of: app), mayReplace: true)
        return MigrationWriter.typeName(of: app)
    }

    private func folder(of app: String) throws -> URL {
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
            throw CommandFailure("'\(shown(path))' cannot be written: \(Self.reason(of: error))")
        }
    }

    private static func reason(of error: any Error) -> String {
        let cause = (error as? CocoaError)?.underlying as? POSIXError
        return cause.map { String(cString: strerror($0.code.rawValue)) } ?? "\(error)"
    }

    /// The path as seen from the working directory.
    func shown(_ url: URL) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return url.path.hasPrefix(here) ? String(url.path.dropFirst(here.count)) : url.path
    }
}
