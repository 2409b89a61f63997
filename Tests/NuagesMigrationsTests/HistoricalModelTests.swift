import DatabaseTestSupport
import Testing

@testable import NuagesORM

/// The models that code of a migration queries: those of its point in the history.
@Suite struct HistoricalModelTests {
    private static let fill = Migration(
        app: "polls",
        name: "0002_fill",
        dependencies: [MigrationExecutorTests.initial.key]
    ) {
        RunSwift("fill") { data in
            let made = try await data.query("Question").create([
                ("question_text", .value(.text("old"))),
                ("pub_date", .value(.text("2026-01-31 12:00:00"))),
            ])
            let key = try #require(made["id"])
            for votes in 1...2 {
                _ = try await data.query("Choice").create([
                    ("question_id", .value(key)), ("choice_text", .value(.text("a"))),
                    ("votes", .value(.int(votes))),
                ])
            }
            // Rows of that time are values of relations, too.
            let other = try await data.query("Question").create([
                ("question_text", .value(.text("other"))),
                ("pub_date", .value(.text("2026-01-31 12:00:00"))),
            ])
            _ = try await data.query("Choice").create([
                ("question", .row(other)), ("choice_text", .value(.text("a"))),
                ("votes", .value(.int(3))),
            ])
            let moved = try await data.query("Choice").filter(.condition("question", .row(other)))
                .update([("question", .row(made))])
            #expect(moved == 1)
            let third = try await data.query("Choice").filter(.condition("votes", 3)).rows()
            #expect(third.map { $0["question_id"] } == [key])
            _ = try await data.query("Question").filter(.condition("pk", .row(other))).delete()
            let changed = try await data.query("Choice")
                .filter(.condition("question__question_text", "old"), .condition("votes__gt", 1))
                .update([("choice_text", .value(.text("many")))])
            #expect(changed == 2)
            let counts = try await data.query("Question")
                .annotate("choices", .aggregate("Count", [.field("choice")])).rows()
            #expect(counts.map { $0["choices"] } == [.int(3)])
            let error = #expect(throws: MigrationError.self) { try data.query("Nothing") }
            #expect(
                error?.description
                    == "The migrations know no model 'polls.nothing'. Choices are: polls.choice, polls.question."
            )
        } backwards: { data in
            // What refers to a row goes with it.
            _ = try await data.query("Question").delete()
        }
    }
    /// The models of today have neither this column nor this table.
    private static let later = Migration(
        app: "polls",
        name: "0003_later",
        dependencies: [fill.key]
    ) {
        RenameField("choice", from: "choice_text", to: "label")
        RenameModel(from: "Question", to: "Poll")
    }

    @Test(arguments: TestBackend.installed)
    func codeQueriesTheModelsOfItsTime(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        let all = [MigrationExecutorTests.initial, Self.fill, Self.later]
        try await MigrationExecutor(database, migrations: all).migrate()
        let rows = try await database.rows("SELECT label FROM polls_choice ORDER BY votes")
        #expect(rows == [[.text("a")], [.text("many")], [.text("many")]])
        try await MigrationExecutor(database, migrations: all)
            .migrate(to: [.migration(MigrationExecutorTests.initial.key)])
        #expect(try await database.rows("SELECT COUNT(*) FROM polls_choice") == [[.int(0)]])
        await database.close()
    }
}
