import NuagesSQLite
import Testing

@testable import NuagesORM

@Suite struct MigrationRecorderTests {
    @Test func keepsDjangosTable() async throws {
        let database = try Polls.database()
        let recorder = MigrationRecorder(database)
        #expect(try await recorder.applied().isEmpty)
        try await recorder.ensureTable()
        try await recorder.ensureTable()
        let table = try #require(await database.schema.table("django_migrations", in: database))
        #expect(
            table.definition
                == "CREATE TABLE \"django_migrations\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                + "\"app\" varchar(255) NOT NULL, \"name\" varchar(255) NOT NULL, "
                + "\"applied\" datetime NOT NULL)"
        )
        try await recorder.recordApplied(MigrationKey("polls", "0001_initial"))
        #expect(try await recorder.applied() == [MigrationKey("polls", "0001_initial")])
        try await recorder.recordUnapplied(MigrationKey("polls", "0001_initial"))
        #expect(try await recorder.applied().isEmpty)
    }

    /// What `manage.py migrate` of Django 6.1 leaves behind for the tutorial's app.
    @Test func takesOverADatabaseThatDjangoMigrated() async throws {
        let database = try Polls.database()
        let statements = [
            "CREATE TABLE \"django_migrations\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                + "\"app\" varchar(255) NOT NULL, \"name\" varchar(255) NOT NULL, \"applied\" datetime NOT NULL)",
            "INSERT INTO django_migrations VALUES (1, 'polls', '0001_initial', '2026-01-31 12:00:00.123456')",
            "CREATE TABLE \"polls_question\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                + "\"question_text\" varchar(200) NOT NULL, \"pub_date\" datetime NOT NULL)",
            "CREATE TABLE \"polls_choice\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                + "\"choice_text\" varchar(200) NOT NULL, \"votes\" integer NOT NULL, \"question_id\" bigint "
                + "NOT NULL REFERENCES \"polls_question\" (\"id\") DEFERRABLE INITIALLY DEFERRED)",
            "CREATE INDEX \"polls_choice_question_id_c5b4b260\" ON \"polls_choice\" (\"question_id\")",
            "INSERT INTO polls_question VALUES (1, 'What''s new?', '2026-01-31 12:00:00')",
        ]
        for statement in statements { try await database.execute(SQL(unsafe: statement)) }
        let executor = try await MigrationExecutor(
            database,
            migrations: [MigrationExecutorTests.initial, MigrationExecutorTests.author]
        )
        let steps = try await executor.migrate()
        #expect(steps.map(\.migration.name) == ["0002_question_author"])
        #expect(
            try await database.rows("SELECT question_text, author FROM polls_question")
                == [[.text("What's new?"), .text("me")]]
        )
    }
}
