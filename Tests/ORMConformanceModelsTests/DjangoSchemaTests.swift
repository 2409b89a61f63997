import DatabaseTestSupport
import Foundation
import ORMConformanceModels
import Testing

@testable import NuagesORM

private let corpus = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/conformance/orm").standardizedFileURL

private let isCorpusThere = FileManager.default.fileExists(
    atPath: corpus.appending(path: "MODELS.json").path
)

/// What migrations make of the corpus' models is, as the database tells it, what Django made.
@Suite(.enabled(if: isCorpusThere, "The corpus is not at hand")) struct DjangoSchemaTests {
    private struct Answers: MigrationQuestioner {
        func answer(to question: MigrationQuestion) -> MigrationAnswer? { .yes }
    }

    @Test(
        arguments: TestBackend.installed.filter { $0 != .mysql }
    )
    func migrationsMakeTheTablesOfDjango(_ backend: TestBackend) async throws {
        let file = corpus.appending(path: "SCHEMA.\(backend.rawValue).sql")
        let text = try String(contentsOf: file, encoding: .utf8)
        let (theirs, ours) = (try await backend.open(), try await backend.open())
        for statement in text.split(separator: "\n") where !statement.hasPrefix("--") {
            try await theirs.execute(SQL(unsafe: String(statement)))
        }
        let state = MigrationState(ConformanceModels.all.map { $0.schema })
        let migrations = try MigrationAutodetector(
            from: MigrationState(),
            to: state,
            questioner: Answers()
        ).changes(graph: MigrationGraph()).values.flatMap { $0 }
        try await MigrationExecutor(ours, migrations: migrations).migrate()
        let (expected, found) = (try await Self.lines(theirs), try await Self.lines(ours))
        #expect(expected.count > 88)
        #expect(expected.subtracting(found).sorted() == [])
        #expect(found.subtracting(expected).sorted() == [])
        await theirs.close()
        await ours.close()
    }

    /// Tables, columns, indexes, keys and checks, one a line.
    private static func lines(_ database: Database) async throws -> Set<String> {
        var lines: Set<String> = []
        let names = try await database.schema.tableNames(in: database)
        for name in names where name != MigrationRecorder.table && !name.hasPrefix("sqlite_") {
            guard let table = try await database.schema.table(name, in: database) else { continue }
            lines.insert(name)
            lines.formUnion(table.columns.map { "\(name): \($0)" })
            lines.formUnion(table.foreignKeys.map { "\(name): \($0)" })
            lines.formUnion(table.checks.map { "\(name): \($0)" })
            lines.formUnion(table.indexes.map { "\(name): \($0)" })
        }
        return lines
    }
}
