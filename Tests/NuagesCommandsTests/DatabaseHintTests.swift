import Foundation
import NuagesORM
import NuagesSQLite
import Testing

@testable import NuagesCommands

/// What errors of a database say to somebody who has just begun.
@Suite struct DatabaseHintTests {
    private func message(_ url: String) async -> String {
        do {
            let database = try SQLiteDriver().open(url)
            _ = try await database.rows("SELECT name FROM sqlite_master")
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func aPathThatLooksAbsoluteIsExplained() async {
        let text = await message("sqlite:///nuages-nowhere/x/db.sqlite3")
        let folder = FileManager.default.currentDirectoryPath
        #expect(text.contains("The path is relative to '\(folder)'; an absolute path needs four"))
        #expect(text.contains("'sqlite:////nuages-nowhere/x/db.sqlite3'"))
        #expect(text.contains("There is no folder "))
    }

    @Test func aMissingFolderIsNamed() async {
        let text = await message("sqlite:////nuages-nowhere/db.sqlite3")
        #expect(text.contains("There is no folder '/nuages-nowhere"))
        #expect(!text.contains("four slashes"))
    }

    @Test func aFileThatIsNoDatabaseIsNamed() async throws {
        let path = NSTemporaryDirectory() + "nuages-\(UUID().uuidString).txt"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(String(repeating: "This is a letter. ", count: 100).utf8)
            .write(to: URL(fileURLWithPath: path))
        let text = await message("sqlite:\(path)")
        #expect(text.contains("nuages-"))
        #expect(text.contains("is no SQLite database"))
    }

    @Test(arguments: [
        ("no such table: newsroom_article", true),
        ("relation \"newsroom_article\" does not exist", true),
        ("Table 'news.newsroom_article' doesn't exist", true),
        ("column \"x\" does not exist", false), ("near \"SELEC\": syntax error", false),
    ])
    func aMissingTableLeadsToMigrate(_ message: String, _ isHinted: Bool) {
        let error = DatabaseError.programming(message, statement: "SELECT 1")
        let text = "\(ManagementProgramHints.explained(error))"
        #expect(text.contains(message))
        #expect(text.contains("run 'migrate'") == isHinted)
    }
}
