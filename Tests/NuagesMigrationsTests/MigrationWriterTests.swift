import Testing

@testable import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Example` holds files that the writer wrote; they are compiled with these tests.
@Suite struct MigrationWriterTests {
    private let writer = MigrationWriter(modules: ["NuagesCore", "NuagesORM"])

    private func example(_ name: String) throws -> String {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return try String(contentsOfFile: "/\(folder)/Example/\(name)", encoding: .utf8)
    }

    @Test func writesTheFileOfAMigration() throws {
        let file = writer.file(WriterExample.migration)
        #expect(file.name == "library_0001_initial.swift")
        #expect(file.text == (try example(file.name)))
    }

    /// It is compiled as it is, with the structs for the code that is to be written.
    @Test func writesTheFileOfAMigrationWithFrozenModels() throws {
        var state = Polls.state
        try WriterExample.migration.mutate(&state)
        let frozen = try FrozenModelSource(["library.Author"], in: state)
        let migration = Migration(
            app: "library",
            name: "0002_fill",
            dependencies: [WriterExample.migration.key]
        ) {}
        let file = writer.file(migration, frozen: frozen)
        #expect(file.name == "library_0002_fill.swift")
        #expect(file.text == (try example(file.name)))
        #expect(LibraryMigrations.m0002Fill.key == migration.key)
    }

    @Test func writesTheListOfMigrations() throws {
        let file = writer.indexFile(app: "library", names: ["0001_initial"])
        #expect(file.name == "LibraryMigrations.swift")
        #expect(file.text == (try example(file.name)))
    }

    @Test func whatItWroteLeadsToTheSameModels() throws {
        let written = try #require(LibraryMigrations.all.first)
        #expect(written.key == WriterExample.migration.key)
        #expect(written.dependencies == WriterExample.migration.dependencies)
        #expect(written.isInitial == true)
        var (state, expected) = (Polls.state, Polls.state)
        try written.mutate(&state)
        try WriterExample.migration.mutate(&expected)
        #expect(state == expected)
        #expect(
            written.operations.map { $0.describe() }
                == WriterExample.migration.operations.map { $0.describe() }
        )
    }

    @Test(arguments: [
        ("plain", "\"plain\""), ("a\"b\\c", "\"a\\\"b\\\\c\""), ("\\(x)", "\"\\\\(x)\""),
        ("\r\n\t\0", "\"\\r\\n\\t\\u{0}\""), ("e\u{301}", "\"e\\u{301}\""), ("日本 🎸", "\"日本 🎸\""),
        ("\u{202E}x", "\"\\u{202e}x\""),
    ])
    func quotesAnyText(text: String, expected: String) {
        #expect(SwiftExpression.quoted(text) == expected)
    }

    @Test(arguments: [
        ("polls", "0001_initial", "polls_0001_initial.swift", "PollsMigrations"),
        ("my_app", "0002_a-b/../c", "my_app_0002_a_b____c.swift", "MyAppMigrations"),
    ])
    func makesSafeNames(app: String, name: String, file: String, type: String) {
        #expect(MigrationWriter.fileName(of: MigrationKey(app, name)) == file)
        #expect(MigrationWriter.typeName(of: app) == type)
    }

    @Test func aDescriptionCannotLeaveItsComment() {
        let migration = Migration(app: "a", name: "0001") { DeleteModel("x\nfatalError()") }
        let text = writer.file(migration).text
        #expect(text.contains("    /// - Delete model x fatalError()\n"))
        #expect(text.contains("DeleteModel(\"x\\nfatalError()\")"))
    }
}
