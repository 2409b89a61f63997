import Foundation
import Nuages
import NuagesSQLite
import Testing

@testable import NuagesCommands

private struct NotesSite: Site {
    struct Notes: ModelApp {
        let label = "notes"
        let directory: String?
        var models: [any Model.Type] { [] }
        var migrations: [Migration] {
            [Migration(app: "notes", name: "0001_initial", isInitial: true) {}]
        }
    }

    var settings = Settings(secretKey: SecretKey("a key that is only used in this test"))
    var folder = ""
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [Notes(directory: folder)] }
    var urls: Routes {}
}

@Suite struct MakeMigrationsTests {
    private func run(_ arguments: [String], in folder: URL) async throws {
        var site = NotesSite()
        site.folder = folder.path
        site.settings.databaseURL = "sqlite::memory:"
        let command = try MakeMigrations.parse(arguments)
        try await site.makeContext().use { try await command.run() }
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-migrations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private func text(_ name: String, in folder: URL) throws -> String {
        let file = folder.appendingPathComponent("Migrations/\(name)")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    @Test func emptyMigrationsFollowEachOtherWithoutABuildBetween() async throws {
        try await withFolder { folder in
            try await run(["--empty", "notes"], in: folder)
            try await run(["--empty", "--name", "second", "notes"], in: folder)
            try await run(["--empty", "notes"], in: folder)
            let files = try FileManager.default.contentsOfDirectory(
                atPath: folder.appendingPathComponent("Migrations").path
            )
            #expect(
                files.sorted() == [
                    "NotesMigrations.swift", "notes_0002_custom.swift", "notes_0003_second.swift",
                    "notes_0004_custom.swift",
                ]
            )
            #expect(
                try text("notes_0003_second.swift", in: folder)
                    .contains(#"MigrationKey("notes", "0002_custom")"#)
            )
            #expect(
                try text("NotesMigrations.swift", in: folder).contains(
                    "[m0001Initial, m0002Custom, m0003Second, m0004Custom]"
                )
            )
        }
    }

    @Test func otherFilesOfTheFolderAreNoMigrations() async throws {
        try await withFolder { folder in
            let migrations = folder.appendingPathComponent("Migrations")
            try FileManager.default.createDirectory(
                at: migrations,
                withIntermediateDirectories: true
            )
            for name in ["notes_helpers.swift", "other_0009_a.swift", "notes_0008_a.txt"] {
                try Data().write(to: migrations.appendingPathComponent(name))
            }
            try await run(["--empty", "notes"], in: folder)
            #expect(try text("notes_0002_custom.swift", in: folder).contains("0002_custom"))
        }
    }
}
