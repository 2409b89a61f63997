import DatabaseTestSupport
import NuagesORM
import Testing

@Suite("Rows of statements with the names of their columns")
struct NamedRowsTests {
    @Test(arguments: TestBackend.installed) func namesColumns(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let (found, log) = try await Database.capturingQueries {
            try await database.namedRows(
                "SELECT votes, choice_text AS text, votes FROM polls_choice WHERE votes > \(4) ORDER BY votes"
            )
        }
        let placeholder = backend.choose(sqlite: "?", postgresql: "$1", mysql: "?")
        #expect(
            log.texts == [
                "SELECT votes, choice_text AS text, votes FROM polls_choice WHERE votes > \(placeholder) ORDER BY votes"
            ]
        )
        #expect(found.columns == ["votes", "text", "votes"])
        #expect(found.count == 2)
        #expect(found.map { $0["text"] } == [.text("No_way"), .text("The sky")])
        #expect(found[1]["votes"] == .int(7))
        #expect(found[1][2] == .int(7))
        #expect(found[0]["nothing"] == nil)
        #expect(found.rows.first == [.int(5), .text("No_way"), .int(5)])
    }

    @Test(arguments: TestBackend.installed) func namesColumnsWithoutRows(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        // The second time the statement is known to the connection.
        for _ in 0..<2 {
            let none = try await database.namedRows(
                "SELECT id, votes AS n FROM polls_choice WHERE votes > \(100)"
            )
            #expect(none.columns == ["id", "n"])
            #expect(none.isEmpty)
        }
        let changed = try await database.namedRows("UPDATE polls_choice SET votes = \(0)")
        #expect(changed.columns.isEmpty)
        #expect(changed.isEmpty)
        try await database.atomic {
            let rows = try await database.namedRows("SELECT votes FROM polls_choice")
            #expect(rows.allSatisfy { $0["votes"] == .int(0) })
        }
    }

    @Test func namesColumnsThatHaveChanged() async throws {
        let database = try await TestDatabase.polls()
        #expect(try await database.namedRows("SELECT * FROM polls_author").columns.count == 2)
        try await database.execute("ALTER TABLE polls_author ADD COLUMN age integer")
        #expect(
            try await database.namedRows("SELECT * FROM polls_author").columns == [
                "id", "name", "age",
            ]
        )
    }
}
