import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

/// Rows that a form has chosen and that another transaction deletes while that of the form is open:
/// PostgreSQL checks foreign keys only when a transaction ends.
@Suite("Rows that are chosen within a transaction", .timeLimit(.minutes(2)))
struct HeldTargetTests {
    private static let gone =
        "writer: invalid_choice: Select a valid choice. That choice is not one of the available "
        + "choices."

    /// The connections that wait for the transaction which asks.
    private static let waiters: SQL = """
        SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid
        """

    /// Runs SQL on a connection of its own, as another request would.
    private func elsewhere(
        _ database: Database,
        _ body: @escaping @Sendable (Database) async throws -> Void
    ) -> Task<Void, any Error> {
        Task.detached { try await database.use { try await body(database) } }
    }

    @Test(.enabled(if: TestBackend.available.contains(.postgresql)))
    func keepsThemUntilTheTransactionEnds() async throws {
        let database = try await TestBackend.postgresql.openPress()
        try await database.use { () async throws in
            var data = storyData()
            data.append("topics", "1")
            let input = data
            try await database.atomic {
                var form = try #require(try await StoryForm.bind(input).valid)
                let start = form
                let (_, log) = try await Database.capturingQueries {
                    var form = start
                    try await form.save()
                }
                form = start
                #expect(
                    log.statements.map(\.text).filter { $0.hasSuffix("FOR KEY SHARE") } == [
                        #"SELECT "press_writer"."id" AS "id" FROM "press_writer" WHERE "#
                            + #""press_writer"."id" IN ($1) ORDER BY 1 ASC "#
                            + "FOR KEY SHARE",
                        #"SELECT "press_topic"."id" AS "id" FROM "press_topic" WHERE "#
                            + #""press_topic"."id" IN ($1) ORDER BY 1 ASC "#
                            + "FOR KEY SHARE",
                    ]
                )
                for table in ["press_writer", "press_topic"] {
                    let deletion = elsewhere(database) { database in
                        try await database.atomic {
                            try await database.execute("SET LOCAL lock_timeout = '50ms'")
                            try await database.execute(
                                "DELETE FROM \(identifier: table) WHERE id = 1"
                            )
                        }
                    }
                    await #expect(throws: DatabaseError.self) { try await deletion.value }
                }
                // Others may change the row all the same.
                let change = elsewhere(database) { database in
                    try await database.execute("UPDATE press_writer SET name = 'M' WHERE id = 1")
                }
                try await change.value
            }
            #expect(try await Story.objects.get().writer.get().name == "M")
        }
    }

    /// The other transaction has deleted the row, and ends while the form waits for it.
    @Test(.enabled(if: TestBackend.available.contains(.postgresql)))
    func namesThemWhereAnotherTransactionHasDeletedThem() async throws {
        let database = try await TestBackend.postgresql.openPress()
        try await database.use { () async throws in
            let bound = try #require(try await StoryForm.bind(storyData()).valid)
            let (started, start) = AsyncStream<Void>.makeStream()
            let deletion = elsewhere(database) { database in
                try await database.atomic {
                    try await database.execute("DELETE FROM press_writer WHERE id = 1")
                    start.finish()
                    while try await database.rows(Self.waiters).isEmpty {
                        await Task.yield()
                    }
                }
            }
            for await _ in started {}
            var errors: [String] = []
            do {
                try await database.atomic {
                    var form = bound
                    _ = try await form.save()
                }
            } catch let conflict as ModelFormConflict {
                errors = conflict.form.errorTexts
            }
            try await deletion.value
            #expect(errors == [Self.gone])
            #expect(try await Story.objects.count() == 0)
        }
    }

    private struct Rollback: Error {}

    /// A user of the database who may only read what is referred to cannot hold it.
    @Test(.enabled(if: TestBackend.available.contains(.postgresql)))
    func savesWhereNothingCanBeHeld() async throws {
        let database = try await TestBackend.postgresql.openPress()
        try await database.use { () async throws in
            let bound = try #require(try await StoryForm.bind(storyData()).valid)
            await #expect(throws: Rollback.self) {
                try await database.atomic {
                    for statement: SQL in [
                        "CREATE ROLE press_reporter",
                        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO press_reporter",
                        "GRANT ALL ON press_story, press_story_topics TO press_reporter",
                        "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO press_reporter",
                        "SET LOCAL ROLE press_reporter",
                    ] {
                        try await database.execute(statement)
                    }
                    var form = bound
                    _ = try await form.save()
                    #expect(try await Story.objects.count() == 1)
                    throw Rollback()
                }
            }
        }
    }

    /// Where nothing is deleted, nothing is in the way.
    @Test(arguments: TestBackend.available)
    func savesWithinATransaction(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var data = storyData()
            data.append("topics", "1")
            let bound = try #require(try await StoryForm.bind(data).valid)
            try await database.atomic {
                var form = bound
                _ = try await form.save()
            }
            let story = try await Story.objects.get()
            #expect(try await story.topics.count() == 1)
            var empty = try #require(try await StoryForm.bind(storyData(), instance: story).valid)
            let start = empty
            empty = try await database.atomic {
                var form = start
                _ = try await form.save()
                return form
            }
            #expect(try await empty.instance.topics.count() == 0)
        }
    }
}
