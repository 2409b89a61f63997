import NuagesSQLite
import Synchronization
import Testing

@testable import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct MigrationExecutorTests {
    static let initial = Migration(app: "polls", name: "0001_initial", isInitial: true) {
        CreateModel("Question", fields: Polls.question.fields)
        CreateModel("Choice", fields: Polls.choice.fields)
    }
    static let author = Migration(
        app: "polls",
        name: "0002_question_author",
        dependencies: [MigrationKey("polls", "0001_initial")]
    ) {
        AddField(
            "question",
            FieldSchema("author", .charField, maxLength: 50, defaultValue: .value(.text("?")))
        )
        RunSwift("sign") { data in
            try await data.execute("UPDATE polls_question SET author = 'me'")
        } backwards: { _ in
        }
    }
    static let blog = Migration(
        app: "blog",
        name: "0001_initial",
        dependencies: [.first(of: "polls")]
    ) {
        CreateModel("Post", fields: [Polls.id])
    }
    static let all = [blog, author, initial]

    private func executor(
        _ database: Database,
        _ migrations: [Migration] = all
    ) async throws -> MigrationExecutor {
        try await MigrationExecutor(database, migrations: migrations)
    }

    private func applied(_ database: Database) async throws -> [String] {
        try await MigrationRecorder(database).applied().sorted().map(\.description)
    }

    @Test func appliesAllInOrderAndReports() async throws {
        let database = try Polls.database()
        let lines = Mutex<[String]>([])
        try await executor(database).migrate { progress in
            switch progress {
            case .started(let key, _): lines.withLock { $0.append("Applying \(key)...") }
            case .operation(_, let description): lines.withLock { $0.append("  \(description)") }
            case .finished(_, _, let isFaked):
                lines.withLock { $0.append(isFaked ? "FAKED" : "OK") }
            }
        }
        #expect(
            lines.withLock { $0 } == [
                "Applying polls.0001_initial...", "  Create model Question",
                "  Create model Choice", "OK",
                "Applying blog.0001_initial...", "  Create model Post", "OK",
                "Applying polls.0002_question_author...", "  Add field author to question",
                "  Swift operation: sign", "OK",
            ]
        )
        #expect(
            try await applied(database)
                == ["blog.0001_initial", "polls.0001_initial", "polls.0002_question_author"]
        )
        #expect(try await executor(database).migrate().isEmpty)
    }

    @Test func runsDataMigrationsInTheTransaction() async throws {
        let database = try Polls.database()
        try await executor(database, [Self.initial]).migrate()
        try await database.execute(
            "INSERT INTO polls_question (question_text, pub_date) VALUES ('x', '2026-01-01 00:00:00')"
        )
        try await executor(database).migrate()
        #expect(try await database.rows("SELECT author FROM polls_question") == [[.text("me")]])
    }

    @Test func goesBackToAMigrationAndToZero() async throws {
        let database = try Polls.database()
        try await executor(database).migrate()
        let target = try await executor(database).loader.migration(
            startingWith: "0001",
            in: "polls"
        )
        try await executor(database).migrate(to: [.migration(target)])
        #expect(try await applied(database) == ["blog.0001_initial", "polls.0001_initial"])
        try await executor(database).migrate(to: [.zero(app: "polls")])
        #expect(try await applied(database).isEmpty)
        #expect(try await database.definitions().isEmpty)
    }

    @Test func fakesWithoutTouchingTables() async throws {
        let database = try Polls.database()
        try await executor(database).migrate(options: MigrationOptions(isFake: true))
        #expect(try await applied(database).count == 3)
        #expect(try await database.definitions().isEmpty)
        try await executor(database).migrate(
            to: [.zero(app: "polls")],
            options: MigrationOptions(isFake: true)
        )
        #expect(try await applied(database).isEmpty)
    }

    @Test func fakesAFirstMigrationWhoseTablesAreThere() async throws {
        let database = try Polls.database()
        try await database.make(Polls.state)
        let lines = Mutex<[Bool]>([])
        try await executor(database, [Self.initial]).migrate(
            options: MigrationOptions(fakesInitial: true)
        ) { progress in
            if case .finished(_, _, let isFaked) = progress {
                lines.withLock { $0.append(isFaked) }
            }
        }
        #expect(lines.withLock { $0 } == [true])
        let empty = try Polls.database()
        try await executor(empty, [Self.initial]).migrate(
            options: MigrationOptions(fakesInitial: true)
        )
        #expect(try await empty.definitions().count == 3)
    }

    @Test func leavesNothingOfAMigrationThatFails() async throws {
        let database = try Polls.database()
        let broken = Migration(
            app: "polls",
            name: "0002_broken",
            dependencies: [Self.initial.key]
        ) {
            AddField("question", FieldSchema("note", .textField, isNullable: true))
            RunSQL("UPDATE nothing SET x = 1")
        }
        await #expect(throws: DatabaseError.self) {
            try await executor(database, [Self.initial, broken]).migrate()
        }
        #expect(try await applied(database) == ["polls.0001_initial"])
        let table = try #require(await database.schema.table("polls_question", in: database))
        #expect(table.columns.map(\.name) == ["id", "question_text", "pub_date"])
    }

    @Test func refusesToUndoWhatHasNoWayBack() async throws {
        let database = try Polls.database()
        let oneWay = Migration(app: "polls", name: "0002_sql", dependencies: [Self.initial.key]) {
            RunSQL("DELETE FROM polls_choice")
        }
        let migrations = [Self.initial, oneWay]
        try await executor(database, migrations).migrate()
        await #expect {
            try await executor(database, migrations).migrate(to: [.migration(Self.initial.key)])
        } throws: { error in
            "\(error)"
                == "Operation 'Raw SQL operation' of polls.0002_sql cannot be undone. Give it a way back, "
                + "or restore the database from a copy."
        }
    }

    @Test func findsAHistoryThatDoesNotFit() async throws {
        let database = try Polls.database()
        try await MigrationRecorder(database).ensureTable()
        try await MigrationRecorder(database).recordApplied(Self.author.key)
        await #expect(
            throws: MigrationError.inconsistentHistory(
                applied: Self.author.key,
                before: Self.initial.key
            )
        ) { try await executor(database).migrate() }
    }

    @Test func writesSQLInBothDirections() async throws {
        let database = try Polls.database()
        let executor = try await executor(database)
        #expect(
            try await executor.sqlText(of: Self.blog.key) == """
                BEGIN;
                --
                -- Create model Post
                --
                CREATE TABLE "blog_post" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT);
                COMMIT;
                """
        )
        #expect(
            try await executor.sqlText(of: Self.author.key, isBackwards: true) == """
                BEGIN;
                --
                -- Swift operation: sign
                --
                -- THIS OPERATION CANNOT BE WRITTEN AS SQL
                --
                -- Add field author to question
                --
                ALTER TABLE "polls_question" DROP COLUMN "author";
                COMMIT;
                """
        )
        #expect(try await database.definitions().isEmpty)
    }

    @Test func leavesOutWhatAnotherProcessAppliedMeanwhile() async throws {
        let database = try Polls.database()
        let late = try await executor(database)
        try await executor(database).migrate()
        try await late.migrate()
        #expect(try await applied(database).count == 3)
    }

    @Test func changesTheDatabaseAndTheModelsApart() async throws {
        let database = try Polls.database()
        let apart = Migration(app: "polls", name: "0002_apart", dependencies: [Self.initial.key]) {
            SeparateDatabaseAndState {
                RunSQL(
                    "ALTER TABLE polls_question RENAME TO old_question",
                    reverse: "ALTER TABLE old_question RENAME TO polls_question"
                )
            } state: {
                AlterModelTable("question", table: "old_question")
            }
        }
        let migrations = [Self.initial, apart]
        try await executor(database, migrations).migrate()
        #expect(try await database.schema.tableNames(in: database).contains("old_question"))
        try await executor(database, migrations).migrate(to: [.zero(app: "polls")])
        #expect(try await database.definitions().isEmpty)
    }
}

/// Two processes, as far as the database can tell: each has connections of its own.
@Suite struct ConcurrentMigrationTests {
    @Test func twoProcessesTakeTurns() async throws {
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/nuages-\(UUID().uuidString).sqlite3"
        defer {
            for ending in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + ending)
            }
        }
        let first = try SQLiteDatabase.open(path: path)
        let second = try SQLiteDatabase.open(path: path)
        let one = try await MigrationExecutor(first, migrations: MigrationExecutorTests.all)
        let other = try await MigrationExecutor(second, migrations: MigrationExecutorTests.all)
        async let done = one.migrate()
        async let alsoDone = other.migrate()
        _ = try await (done, alsoDone)
        let rows = try await first.rows("SELECT app, name FROM django_migrations ORDER BY id")
        #expect(
            rows == [
                [.text("polls"), .text("0001_initial")], [.text("blog"), .text("0001_initial")],
                [.text("polls"), .text("0002_question_author")],
            ]
        )
        await first.close()
        await second.close()
    }
}
