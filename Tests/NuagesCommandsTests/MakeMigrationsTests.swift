import ArgumentParser
import Foundation
import Nuages
import NuagesSQLite
import Testing

@testable import NuagesCommands

private struct NotesSite: Site {
    struct Notes: ModelApp {
        let label = "notes"
        let directory: String?
        var models: [any Model.Type] = []
        var migrations = [Migration(app: "notes", name: "0001_initial", isInitial: true) {}]
    }

    /// An app whose tables are made without migrations.
    struct Plain: ModelApp {
        let label = "plain"
        let directory: String?
        let models: [any Model.Type] = []
        let migrations: [Migration] = []
    }

    var settings = Settings(secretKey: SecretKey("a key that is only used in this test"))
    var folder = ""
    var models: [any Model.Type] = []
    var migrations: [Migration]?
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] {
        var notes = Notes(directory: folder)
        notes.models = models
        notes.migrations = migrations ?? notes.migrations
        return [notes, Plain(directory: "\(folder)/plain")]
    }
    var urls: Routes {}
}

@Suite struct MakeMigrationsTests {
    private func run(
        _ arguments: [String],
        in folder: URL,
        models: [any Model.Type] = [],
        migrations: [Migration]? = nil
    ) async throws {
        try await run(MakeMigrations.self, arguments, in: folder, models, migrations)
    }

    private func run<Command: ManagementCommand>(
        _ type: Command.Type,
        _ arguments: [String],
        in folder: URL,
        _ models: [any Model.Type] = [],
        _ migrations: [Migration]? = nil
    ) async throws {
        var site = NotesSite()
        site.folder = folder.path
        site.models = models
        site.migrations = migrations
        site.settings.databaseURL = "sqlite::memory:"
        try await site.makeContext().use {
            var command = try Command.parse(arguments)
            try await command.run()
        }
    }

    private func files(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: folder.appendingPathComponent("Migrations").path
        ).sorted()
    }

    /// Puts the files of migrations into the folder, as though they were written before.
    private func write(_ migrations: [Migration], to folder: URL) throws {
        let place = folder.appendingPathComponent("Migrations")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for migration in migrations {
            let file = MigrationWriter().file(migration)
            try Data(file.text.utf8).write(to: place.appendingPathComponent(file.name))
        }
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

    @Test func emptyMigrationsHaveStructsOfTheModelsThatCodeNeeds() async throws {
        let all = [Self.initial, Self.titled]
        try await withFolder { folder in
            try await run(["--empty", "notes", "--models", "note"], in: folder, migrations: all)
            #expect(
                try text("notes_0003_custom.swift", in: folder).hasSuffix(
                    """
                        ) {
                        }
                    }

                    /// The model `notes.note` as it was.
                    @Model(app: "notes", name: "Note", isFrozen: true)
                    private struct OldNote {
                        @Field(maxLength: 20) var title: String
                    }

                    """
                )
            )
            // What a file says that was not built is not known.
            await #expect(throws: CommandFailure.self) {
                try await run(
                    ["--empty", "notes", "--models", "Note"],
                    in: folder,
                    migrations: all
                )
            }
        }
        try await withFolder { folder in
            await #expect(throws: MigrationError.self) {
                try await run(
                    ["--empty", "notes", "--models", "Memo"],
                    in: folder,
                    migrations: all
                )
            }
            await #expect(throws: (any Error).self) {
                try await run(["notes", "--models", "Note"], in: folder, migrations: all)
            }
        }
    }

    /// Even where it is listed among the models.
    @Test func aStructOfAMigrationIsNoModel() async throws {
        let all = [
            Migration(app: "notes", name: "0001_initial", isInitial: true) {
                CreateModel("Note", fields: TitledNote.schema.fields)
            }
        ]
        try await withFolder { folder in
            try await run(
                ["notes", "--check"],
                in: folder,
                models: [TitledNote.self, OldNote.self],
                migrations: all
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

    private static let title = FieldSchema("title", .charField, maxLength: 20)
    private static let id = FieldSchema(
        "id",
        .bigAutoField,
        isPrimaryKey: true,
        verboseName: "ID",
        isAutoCreated: true,
        isSerialized: false
    )

    private static let initial = Migration(app: "notes", name: "0001_initial", isInitial: true) {
        CreateModel("Note", fields: [id])
    }
    private static let titled = Migration(
        app: "notes",
        name: "0002_title",
        dependencies: [initial.key]
    ) {
        AddField("note", title)
    }
    private static let fill = Migration(
        app: "notes",
        name: "0002_fill",
        dependencies: [initial.key]
    ) {
        AddField("note", title)
        RunSwift("fill") { _ in }
        AlterField("note", FieldSchema("title", .charField, maxLength: 30))
    }
    private static let other = Migration(
        app: "notes",
        name: "0002_other",
        dependencies: [initial.key]
    ) {}

    @Test func squashesIntoAFileThatBorrowsCode() async throws {
        let all = [Self.initial, Self.fill]
        try await withFolder { folder in
            try write(all, to: folder)
            let arguments = ["notes", "0002", "--noinput"]
            try await run(SquashMigrations.self, arguments, in: folder, [], all)
            #expect(
                try files(in: folder) == [
                    "NotesMigrations.swift", "notes_0001_initial.swift",
                    "notes_0001_squashed_0002_fill.swift", "notes_0002_fill.swift",
                ]
            )
            let written = try text("notes_0001_squashed_0002_fill.swift", in: folder)
            for part in [
                "static let m0001Squashed0002Fill = Migration(",
                #"MigrationKey("notes", "0001_initial"),"#, #"MigrationKey("notes", "0002_fill")"#,
                #"FieldSchema("title", .charField, maxLength: 20)"#,
                "\n        NotesMigrations.m0002Fill.operations[1]\n",
                #"AlterField("note", FieldSchema("title", .charField, maxLength: 30))"#,
            ] { #expect(written.contains(part)) }
            #expect(
                try text("NotesMigrations.swift", in: folder)
                    .contains("[m0001Initial, m0001Squashed0002Fill, m0002Fill]")
            )
        }
    }

    /// Tests have no terminal.
    @Test func guessesNoAnswerWithoutATerminal() async throws {
        let all = [Self.initial, Self.fill]
        try await withFolder { folder in
            try write(all + [Self.other], to: folder)
            let before = try files(in: folder)
            let merging = await #expect(throws: CommandFailure.self) {
                try await run(["--merge"], in: folder, migrations: all + [Self.other])
            }
            #expect(
                merging?.description
                    == "There is no terminal to ask on: Do the branches touch different things, so that "
                    + "their order does not matter?\nGive --noinput where the answer is yes."
            )
            await #expect(throws: CommandFailure.self) {
                try await run(
                    ["--merge", "--scriptable"],
                    in: folder,
                    migrations: all + [Self.other]
                )
            }
            // Nothing is asked where nothing is written.
            try await run(["--merge", "--dry-run"], in: folder, migrations: all + [Self.other])
            try FileManager.default.removeItem(
                at: folder.appendingPathComponent("Migrations/notes_0002_other.swift")
            )
            await #expect(throws: CommandFailure.self) {
                try await run(SquashMigrations.self, ["notes", "0002"], in: folder, [], all)
            }
            #expect(try files(in: folder) == before.filter { $0 != "notes_0002_other.swift" })
        }
    }

    /// It would be a merge that nobody has looked at.
    @Test func writesNoEmptyMigrationBehindTwoBranches() async throws {
        try await withFolder { folder in
            let all = [Self.initial, Self.fill, Self.other]
            try write(all, to: folder)
            let before = try files(in: folder)
            let error = await #expect(throws: MigrationError.self) {
                try await run(["--empty", "notes"], in: folder, migrations: all)
            }
            #expect(error?.description.contains("--merge") == true)
            #expect(try files(in: folder) == before)
        }
    }

    @Test func mergesBranchesIntoAFile() async throws {
        let all = [Self.initial, Self.fill, Self.other]
        try await withFolder { folder in
            try write(all, to: folder)
            await #expect(throws: MigrationError.self) {
                try await run([], in: folder, migrations: all)
            }
            try await run(["--merge", "--noinput"], in: folder, migrations: all)
            #expect(
                try text("notes_0003_merge_0002_fill_0002_other.swift", in: folder).contains(
                    #"MigrationKey("notes", "0002_fill"), MigrationKey("notes", "0002_other")"#
                )
            )
        }
    }

    /// Nothing has to wait for the first migration of an app that has none.
    @Test func followsAppsWithoutMigrations() async throws {
        var first = Self.initial
        first.dependencies = [.first(of: "plain")]
        let all = [first, Self.fill]
        try await withFolder { folder in
            try write(all, to: folder)
            try await run(["--merge", "--noinput"], in: folder, migrations: all)
            try await run(OptimizeMigration.self, ["notes", "0001"], in: folder, [], all)
            try await run(Migrate.self, ["--verbosity", "0"], in: folder, [], all)
            try await run(
                SquashMigrations.self,
                ["notes", "0002", "--noinput"],
                in: folder,
                [],
                all
            )
            try await run(["--empty", "notes"], in: folder, migrations: all)
        }
    }

    @Test func optimizesAFileInPlace() async throws {
        var plain = Self.fill
        plain.operations.remove(at: 1)
        let all = [Self.initial, plain]
        try await withFolder { folder in
            try write(all, to: folder)
            let arguments = ["notes", "0002"]
            await #expect(throws: ExitCode(1)) {
                try await run(OptimizeMigration.self, arguments + ["--check"], in: folder, [], all)
            }
            try await run(OptimizeMigration.self, arguments, in: folder, [], all)
            #expect(
                try text("notes_0002_fill.swift", in: folder)
                    .contains(#"AddField("note", FieldSchema("title", .charField, maxLength: 30))"#)
            )
            #expect(try !text("notes_0002_fill.swift", in: folder).contains("AlterField"))
            #expect(try files(in: folder).count == 2)
        }
    }

    @Test func updatesTheLastFileAndAnswersByOptions() async throws {
        var last = Self.other
        last.operations = [AddField("note", FieldSchema("old", .integerField, isNullable: true))]
        let all = [Self.initial, last]
        try await withFolder { folder in
            try write(all, to: folder)
            let models: [any Model.Type] = [Note.self]
            let error = await #expect(throws: MigrationError.self) {
                try await run(
                    ["--noinput", "--update"],
                    in: folder,
                    models: models,
                    migrations: all
                )
            }
            #expect(
                error?.description == """
                    Migrations need answers that only you have:
                      - What value do existing rows get in the new field 'title' of note, which takes no null?
                        --default 'notes.note.title=VALUE'
                    Run `makemigrations` on a terminal, answer with options, or give the model's field a default.
                    """
            )
            try await run(
                ["--noinput", "--update", "--name", "title", "--default", #"note.title="none""#],
                in: folder,
                models: models,
                migrations: all
            )
            #expect(
                try files(in: folder) == [
                    "NotesMigrations.swift", "notes_0001_initial.swift",
                    "notes_0002_title.swift",
                ]
            )
            let written = try text("notes_0002_title.swift", in: folder)
            #expect(written.contains(#"defaultValue: .value(.text("none"))"#))
            #expect(!written.contains(#""old""#))
        }
    }

    /// A file that was not built yet may come after the one that gets another name.
    @Test func updatesNothingWhileFilesAreNotBuilt() async throws {
        let all = [Self.initial, Self.other]
        let later = Migration(app: "plain", name: "0001_initial", dependencies: [Self.other.key]) {}
        try await withFolder { folder in
            try write(all, to: folder)
            let plain = folder.appendingPathComponent("plain")
            try write([later], to: plain)
            let error = await #expect(throws: CommandFailure.self) {
                try await run(
                    ["--noinput", "--update", "--default", #"note.title="none""#],
                    in: folder,
                    models: [Note.self],
                    migrations: all
                )
            }
            #expect(
                error?.description.hasPrefix(
                    "The app 'plain' has migrations that are not built yet: 0001_initial."
                ) == true
            )
            #expect(
                try files(in: folder)
                    == ["notes_0001_initial.swift", "notes_\(Self.other.name).swift"]
            )
        }
    }

    @Test(
        arguments: [
            (
                ["--rename", "old"],
                "'old' is no rename: write model.old=new for a field, Old=New for a model."
            ),
            (["--default", "title=1"], "'title=1' is no default: write model.field=value."),
            (
                ["--default", "note.title=x"],
                "'x' is no value for note.title: write a number, a text in double quotes, true, false, now or leave."
            ),
        ]
    )
    func refusesAnswersThatSayNothing(_ arguments: [String], _ text: String) async throws {
        try await withFolder { folder in
            let error = await #expect(throws: CommandFailure.self) {
                try await run(arguments, in: folder)
            }
            #expect(error?.description == text)
        }
    }

    @Test(arguments: [
        (
            ["--default", "note.title=leave"],
            "'--default note.title=leave' leaves rows without a value: What value do existing rows get "
                + "in the new field 'title' of note, which takes no null?"
        ),
        (
            ["--default", "note.title=1", "--default", "note.size=2"],
            "'--default note.size=2' answers no question. Leave it out, or correct the names in it."
        ),
        (
            ["--rename", "a=b", "--no-rename", "a=b"],
            "'--rename a=b' and '--no-rename a=b' contradict each other."
        ),
    ])
    func refusesAnswersThatFitNoQuestion(_ arguments: [String], _ text: String) async throws {
        let all = [Self.initial]
        try await withFolder { folder in
            try write(all, to: folder)
            let error = await #expect(throws: CommandFailure.self) {
                try await run(
                    ["--noinput"] + arguments,
                    in: folder,
                    models: [Note.self],
                    migrations: all
                )
            }
            #expect(error?.description == text)
            #expect(try files(in: folder) == ["notes_0001_initial.swift"])
        }
    }
}

@Model(app: "notes")
private struct Note {
    var title: String
}

@Model(app: "notes", name: "Note")
private struct TitledNote {
    @Field(maxLength: 20) var title: String
}

@Model(app: "notes", name: "Note", isFrozen: true)
private struct OldNote {
    var title: String
}
