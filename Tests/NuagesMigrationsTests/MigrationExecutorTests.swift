import DatabaseTestSupport
import NuagesMySQL
import NuagesPostgreSQL
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

    /// The tables that migrations made.
    private func tables(_ database: Database) async throws -> [String] {
        try await database.schema.tableNames(in: database)
            .filter { $0 != MigrationRecorder.table && !$0.hasPrefix("sqlite_") }.sorted()
    }

    @Test(arguments: TestBackend.installed)
    func appliesAllInOrderAndReports(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        let lines = Mutex<[String]>([])
        try await executor(database).migrate { progress in
            switch progress {
            case .started(let key, _): lines.withLock { $0.append("Applying \(key)...") }
            case .operation(_, let description): lines.withLock { $0.append("  \(description)") }
            case .slowTable: break
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

    @Test(arguments: TestBackend.installed)
    func runsDataMigrationsInTheTransaction(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await executor(database, [Self.initial]).migrate()
        try await database.execute(
            "INSERT INTO polls_question (question_text, pub_date) VALUES ('x', '2026-01-01 00:00:00')"
        )
        try await executor(database).migrate()
        #expect(try await database.rows("SELECT author FROM polls_question") == [[.text("me")]])
    }

    @Test(arguments: TestBackend.installed)
    func goesBackToAMigrationAndToZero(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await executor(database).migrate()
        let target = try await executor(database).loader.migration(
            startingWith: "0001",
            in: "polls"
        )
        try await executor(database).migrate(to: [.migration(target)])
        #expect(try await applied(database) == ["blog.0001_initial", "polls.0001_initial"])
        try await executor(database).migrate(to: [.zero(app: "polls")])
        #expect(try await applied(database).isEmpty)
        #expect(try await tables(database).isEmpty)
    }

    @Test(arguments: TestBackend.installed)
    func fakesWithoutTouchingTables(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await executor(database).migrate(options: MigrationOptions(isFake: true))
        #expect(try await applied(database).count == 3)
        #expect(try await tables(database).isEmpty)
        try await executor(database).migrate(
            to: [.zero(app: "polls")],
            options: MigrationOptions(isFake: true)
        )
        #expect(try await applied(database).isEmpty)
    }

    @Test(arguments: TestBackend.installed)
    func fakesAFirstMigrationWhoseTablesAreThere(_ backend: TestBackend) async throws {
        let database = try await backend.open()
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
        let empty = try await backend.open()
        try await executor(empty, [Self.initial]).migrate(
            options: MigrationOptions(fakesInitial: true)
        )
        #expect(try await tables(empty) == ["polls_choice", "polls_question"])
    }

    @Test(arguments: TestBackend.installed)
    func leavesNothingOfAMigrationThatFails(_ backend: TestBackend) async throws {
        let database = try await backend.open()
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
        // MariaDB cannot roll back what changes tables.
        let kept = database.features.supportsTransactionalDDL ? [] : ["note"]
        #expect(table.columns.map(\.name) == ["id", "question_text", "pub_date"] + kept)
    }

    /// Where the migration has no transaction, code that changes rows has one all the same.
    @Test(arguments: TestBackend.installed, [nil, true])
    func leavesNothingOfCodeThatFails(_ backend: TestBackend, _ isAtomic: Bool?) async throws {
        let database = try await backend.open()
        let broken = Migration(
            app: "polls",
            name: "0002_broken",
            isAtomic: isAtomic == nil,
            dependencies: [Self.initial.key]
        ) {
            RunSwift("fill", isAtomic: isAtomic) { data in
                try await data.execute(
                    """
                    INSERT INTO polls_question (question_text, pub_date)
                    VALUES ('x', '2026-01-01 00:00:00')
                    """
                )
                try await data.execute("UPDATE nothing SET x = 1")
            }
        }
        await #expect(throws: DatabaseError.self) {
            try await executor(database, [Self.initial, broken]).migrate()
        }
        #expect(try await applied(database) == ["polls.0001_initial"])
        #expect(try await database.rows("SELECT COUNT(*) FROM polls_question") == [[.int(0)]])
    }

    @Test(arguments: TestBackend.installed)
    func refusesToUndoWhatHasNoWayBack(_ backend: TestBackend) async throws {
        let database = try await backend.open()
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

    @Test(arguments: TestBackend.installed)
    func findsAHistoryThatDoesNotFit(_ backend: TestBackend) async throws {
        let database = try await backend.open()
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

    @Test(arguments: TestBackend.installed)
    func leavesOutWhatAnotherProcessAppliedMeanwhile(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        let late = try await executor(database)
        try await executor(database).migrate()
        try await late.migrate()
        #expect(try await applied(database).count == 3)
    }

    @Test(arguments: TestBackend.installed)
    func changesTheDatabaseAndTheModelsApart(_ backend: TestBackend) async throws {
        let database = try await backend.open()
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
        #expect(try await tables(database).isEmpty)
    }
}

/// Two processes, as far as the database can tell: each has connections of its own.
@Suite(.timeLimit(.minutes(2))) struct ConcurrentMigrationTests {
    /// Rows that a migration which runs twice would make twice.
    private static let fill = Migration(
        app: "polls",
        name: "0003_fill",
        dependencies: [MigrationExecutorTests.author.key]
    ) {
        RunSwift("fill") { data in
            try await data.execute(
                """
                INSERT INTO polls_question (question_text, pub_date, author)
                VALUES ('x', '2026-01-01 00:00:00', 'me')
                """
            )
        }
    }

    private func database(_ backend: TestBackend, _ url: String) throws -> Database {
        switch backend {
        case .sqlite: try SQLiteDatabase.open(path: url)
        case .postgresql: try PostgreSQLDatabase.open(url)
        case .mysql: try MySQLDatabase.open(url)
        }
    }

    /// Lets `work` have the URL of an empty database.
    private func withURL(_ backend: TestBackend, _ work: (String) async throws -> Void) async throws
    {
        switch backend {
        case .postgresql: return try await work(PostgreSQLServer.common().makeDatabase())
        case .mysql: return try await work(MariaDBServer.common().makeDatabase())
        case .sqlite: break
        }
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/nuages-\(UUID().uuidString).sqlite3"
        defer {
            for ending in ["", "-wal", "-shm", "-migrating"] {
                try? FileManager.default.removeItem(atPath: path + ending)
            }
        }
        try await work(path)
    }

    @Test(arguments: TestBackend.installed)
    func twoProcessesTakeTurns(_ backend: TestBackend) async throws {
        try await withURL(backend) { url in
            let first = try database(backend, url)
            let second = try database(backend, url)
            let all = MigrationExecutorTests.all + [Self.fill]
            let one = try await MigrationExecutor(first, migrations: all)
            let other = try await MigrationExecutor(second, migrations: all)
            async let done = one.migrate()
            async let alsoDone = other.migrate()
            _ = try await (done, alsoDone)
            let rows = try await first.rows("SELECT app, name FROM django_migrations ORDER BY id")
            #expect(
                rows == [
                    [.text("polls"), .text("0001_initial")],
                    [.text("blog"), .text("0001_initial")],
                    [.text("polls"), .text("0002_question_author")],
                    [.text("polls"), .text("0003_fill")],
                ]
            )
            #expect(try await first.rows("SELECT COUNT(*) FROM polls_question") == [[.int(1)]])
            await first.close()
            await second.close()
        }
    }

    /// A migration with a transaction waits for one without, which comes back to the lock.
    @Test func migrationsWithATransactionWaitForThoseWithoutOne() async throws {
        try await withURL(.sqlite) { url in
            let first = try database(.sqlite, url)
            let second = try database(.sqlite, url)
            let order = Mutex<[String]>([])
            let (isInside, enter) = AsyncStream.makeStream(of: Void.self)
            async let plain: Void = first.schema.migrating(first, atomically: false) {
                enter.finish()
                for number in 1...20 {
                    try await first.execute(
                        SQL(unsafe: "CREATE TABLE IF NOT EXISTS t (n)")
                    )
                    order.withLock { $0.append("plain \(number)") }
                    await Task.yield()
                }
            }
            for await _ in isInside {}
            try await second.schema.migrating(second, atomically: true) {
                order.withLock { $0.append("atomic") }
            }
            try await plain
            #expect(order.withLock { $0.last } == "atomic")
            await first.close()
            await second.close()
        }
    }

    /// Without a transaction the lock of SQLite is free between statements.
    @Test func twoProcessesTakeTurnsWithoutATransactionOfSQLite() async throws {
        var fill = Self.fill
        fill.isAtomic = false
        let all = MigrationExecutorTests.all + [fill]
        try await withURL(.sqlite) { url in
            let first = try database(.sqlite, url)
            let second = try database(.sqlite, url)
            let one = try await MigrationExecutor(first, migrations: all)
            let other = try await MigrationExecutor(second, migrations: all)
            async let done = one.migrate()
            async let alsoDone = other.migrate()
            _ = try await (done, alsoDone)
            #expect(try await first.rows("SELECT COUNT(*) FROM polls_question") == [[.int(1)]])
            await first.close()
            await second.close()
        }
    }

    /// An index that is built while others write waits for all snapshots, so that nobody may have
    /// one while they wait for their turn.
    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func twoProcessesTakeTurnsWithoutATransaction() async throws {
        let index = Migration(
            app: "polls",
            name: "0003_index",
            isAtomic: false,
            dependencies: [MigrationExecutorTests.author.key]
        ) {
            RunSQL("CREATE INDEX CONCURRENTLY by_author ON polls_question (author)")
        }
        try await withURL(.postgresql) { url in
            let all = MigrationExecutorTests.all + [index]
            let first = try database(.postgresql, url)
            let second = try database(.postgresql, url)
            let one = try await MigrationExecutor(first, migrations: all)
            let other = try await MigrationExecutor(second, migrations: all)
            async let done = one.migrate()
            async let alsoDone = other.migrate()
            _ = try await (done, alsoDone)
            let locks = try await first.rows(
                """
                SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database =
                    (SELECT oid FROM pg_database WHERE datname = current_database())
                """
            )
            #expect(locks == [[.int(0)]])
            await first.close()
            await second.close()
        }
    }
}
