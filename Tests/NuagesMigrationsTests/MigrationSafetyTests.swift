import DatabaseTestSupport
import NuagesPostgreSQL
import NuagesSQLite
import Synchronization
import Testing

@testable import NuagesORM

@Suite(.timeLimit(.minutes(2))) struct MigrationSafetyTests {
    private static let initial = MigrationExecutorTests.initial

    private static func migration(
        _ operations: [any MigrationOperation],
        isAtomic: Bool = true
    ) -> Migration {
        var migration = Migration(
            app: "polls",
            name: "0002_change",
            isAtomic: isAtomic,
            dependencies: [initial.key]
        ) {}
        migration.operations = operations
        return migration
    }

    private static func longer(_ length: Int?, isNullable: Bool = false) -> FieldSchema {
        var field = FieldSchema(
            "question_text",
            length == nil ? .textField : .charField,
            maxLength: length
        )
        field.isNullable = isNullable
        return field
    }

    private func hazards(
        _ backend: TestBackend,
        _ operations: [any MigrationOperation],
        isAtomic: Bool = true,
        bigTable: Int = 1
    ) async throws -> [String] {
        let database = try await backend.open()
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        try await database.execute(
            "INSERT INTO polls_question (question_text, pub_date) VALUES ('x', '2026-01-01 00:00:00')"
        )
        let all = [Self.initial, Self.migration(operations, isAtomic: isAtomic)]
        let executor = try await MigrationExecutor(database, migrations: all)
        let warnings = try await executor.safetyWarnings(
            of: executor.loader.plan(),
            bigTable: bigTable
        )
        await database.close()
        return warnings.map { "\($0.hazard.table) \($0.hazard.kind.rawValue)" }
    }

    /// A field with a default that the database computes.
    private static func key(_ function: String) -> FieldSchema {
        FieldSchema(
            "key",
            function == "UUID4" ? .uuidField : .dateTimeField,
            isNullable: true,
            databaseDefaultExpression: .function(function, [])
        )
    }

    private static let index = IndexSchema(["pub_date"], name: "by_date")
    private static let check = ConstraintSchema.check(
        name: "no_blank",
        condition: Q("question_text__gt", "")
    )

    @Test(
        .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
        arguments: [
            ([AddIndex("question", index)], ["polls_question locksTable"]),
            ([AddIndexConcurrently("question", index)], []),
            ([AddConstraint("question", check)], ["polls_question locksTable"]),
            ([AddConstraintNotValid("question", check)], []),
            ([AlterField("question", longer(300))], []),
            ([AlterField("question", longer(nil))], []),
            ([AlterField("question", longer(100))], ["polls_question rewritesTable"]),
            ([AlterField("question", longer(200, isNullable: true))], []),
            (
                [
                    AddField(
                        "question",
                        FieldSchema("a", .integerField, defaultValue: .value(.int(0)))
                    )
                ],
                ["polls_question breaksRunningVersion"]
            ),
            ([AddField("question", FieldSchema("a", .integerField, isNullable: true))], []),
            (
                [RemoveField("question", "pub_date")],
                ["polls_question losesData", "polls_question breaksRunningVersion"]
            ),
            (
                [DeleteModel("Choice")], ["polls_choice breaksRunningVersion"]
            ),
            (
                [RenameField("question", from: "pub_date", to: "published")],
                ["polls_question breaksRunningVersion"]
            ),
            (
                [RenameModel(from: "Question", to: "Poll")],
                ["polls_question breaksRunningVersion"]
            ),
            (
                [RunSQL("UPDATE polls_question SET question_text = ''")],
                ["polls_question rewritesTable"]
            ),
            ([RunSQL("UPDATE polls_question SET question_text = '' WHERE id = 1")], []),
            (
                [RunSQL("-- All of them.\nUPDATE polls_question SET question_text = '' -- WHERE")],
                ["polls_question rewritesTable"]
            ),
            (
                [
                    SeparateDatabaseAndState {
                        RunSQL("TRUNCATE TABLE polls_question")
                        AlterField("question", longer(100))
                    }
                ],
                ["polls_question losesData", "polls_question rewritesTable"]
            ),
            ([AddField("question", key("UUID4"))], ["polls_question rewritesTable"]),
            ([AddField("question", key("TransactionNow"))], []),
            (
                [RunSQL("ALTER TABLE polls_question ADD COLUMN a float DEFAULT random()")],
                ["polls_question rewritesTable"]
            ),
            ([RunSQL("TRUNCATE TABLE \"polls_question\"")], ["polls_question losesData"]),
            (
                [
                    CreateModel(
                        "Tag",
                        fields: [
                            Polls.id,
                            FieldSchema("name", .charField, maxLength: 9, isIndexed: true),
                        ]
                    )
                ], []
            ),
            // A table that is made by the same plan is empty.
            (
                [
                    CreateModel("Tag", fields: [Polls.id]),
                    AddIndex("tag", IndexSchema(["id"], name: "i")),
                ],
                []
            ),
            (
                [
                    AddField("question", FieldSchema("a", .integerField, isNullable: true)),
                    RunSwift("fill") { _ in },
                ],
                ["polls locksTable"]
            ),
        ] as [([any MigrationOperation], [String])]
    )
    func findsWhatIsDangerousOnPostgreSQL(
        _ operations: [any MigrationOperation],
        _ expected: [String]
    ) async throws {
        #expect(try await hazards(.postgresql, operations) == expected)
    }

    @Test(
        arguments: [
            ([AddIndex("question", index)], ["polls_question locksTable"]),
            ([AddConstraint("question", check)], ["polls_question rewritesTable"]),
            ([AddField("question", FieldSchema("a", .integerField, isNullable: true))], []),
            ([AlterField("question", longer(300))], ["polls_question rewritesTable"]),
        ] as [([any MigrationOperation], [String])]
    )
    func findsWhatIsDangerousOnSQLite(
        _ operations: [any MigrationOperation],
        _ expected: [String]
    ) async throws {
        #expect(try await hazards(.sqlite, operations) == expected)
        // A lock on a small table is none worth a word.
        let small = try await hazards(.sqlite, operations, bigTable: 10)
        #expect(small.isEmpty)
    }

    @Test(
        .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"),
        arguments: [
            ([AddIndex("question", index)], []),
            ([AddConstraint("question", check)], ["polls_question rewritesTable"]),
            ([AlterField("question", longer(100))], ["polls_question rewritesTable"]),
            ([AddField("question", key("UUID4"))], ["polls_question rewritesTable"]),
            ([AddField("question", key("TransactionNow"))], []),
        ] as [([any MigrationOperation], [String])]
    )
    func findsWhatIsDangerousOnMariaDB(
        _ operations: [any MigrationOperation],
        _ expected: [String]
    ) async throws {
        #expect(try await hazards(.mysql, operations) == expected)
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func saysWhatToDoInstead() async throws {
        let database = try await TestBackend.postgresql.open()
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        try await database.execute(
            """
            INSERT INTO polls_question (question_text, pub_date)
            SELECT 'x', '2026-01-01 00:00:00' FROM generate_series(1, 20000)
            """
        )
        let all = [Self.initial, Self.migration([AddIndex("question", Self.index)])]
        let executor = try await MigrationExecutor(database, migrations: all)
        let warnings = try await executor.safetyWarnings(of: executor.loader.plan())
        #expect(
            warnings.map(\.description) == [
                """
                polls.0002_change: Create index by_date on field(s) pub_date of model question
                  polls_question (about 20,000 rows): CREATE INDEX keeps others from writing until it has read the whole table.
                  Instead: AddIndexConcurrently(…) of NuagesPostgreSQL, in a migration of its own with isAtomic: false; for the index of a field, an index of the model in its place.
                """
            ]
        )
        await database.close()
    }

    @Test(arguments: TestBackend.installed)
    func saysBeforehandThatATableIsBig(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        try await database.execute(
            """
            INSERT INTO polls_question (question_text, pub_date)
            WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            SELECT 'x', '2026-01-01 00:00:00' FROM n a, n b
            """
        )
        if backend == .mysql { try await database.execute("ANALYZE TABLE polls_question") }
        let all = [Self.initial, Self.migration([AddConstraint("question", Self.check)])]
        let slow = Mutex<[String]>([])
        try await MigrationExecutor(database, migrations: all).migrate { progress in
            if case .slowTable(let key, let table, let rows) = progress {
                slow.withLock { $0.append("\(key) \(table) \(rows >= 100_000)") }
            }
        }
        #expect(slow.withLock { $0 } == ["polls.0002_change polls_question true"])
        await database.close()
    }

    /// Has a transaction of another connection that reads a table around `work`.
    private func holding(
        _ table: String,
        in database: Database,
        _ work: () async throws -> Void
    ) async throws {
        let (isLocked, hasLocked) = AsyncStream.makeStream(of: Void.self)
        let (isOver, end) = AsyncStream.makeStream(of: Void.self)
        let other = Task {
            try await database.atomic {
                _ = try await database.rows(SQL(unsafe: "SELECT * FROM \(table)"))
                hasLocked.finish()
                for await _ in isOver {}
            }
        }
        for await _ in isLocked {}
        do {
            try await work()
        } catch {
            end.finish()
            try await other.value
            throw error
        }
        end.finish()
        try await other.value
    }

    @Test(arguments: TestBackend.installed.filter { $0 != .sqlite })
    func givesUpWaitingForATable(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        let all = [
            Self.initial,
            Self.migration([AddField("question", FieldSchema("a", .integerField, isNullable: true))]
            ),
        ]
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let executor = try await MigrationExecutor(database, migrations: all)
        let options = MigrationOptions(lockTimeout: .seconds(1))
        let error = await #expect(throws: MigrationError.self) {
            try await holding("polls_question", in: database) {
                try await executor.migrate(options: options)
            }
        }
        guard case .lockTimeout(let key, let duration, let finished, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(finished.isEmpty)
        #expect(key == MigrationKey("polls", "0002_change"))
        #expect(duration == .seconds(1))
        try await executor.migrate(options: options)
        #expect(try await MigrationExecutor(database, migrations: all).loader.plan().isEmpty)
        await database.close()
    }

    /// Has a transaction that has used a table end after a statement that takes two seconds.
    private func using(
        _ statements: [SQL],
        of database: Database,
        _ work: () async throws -> Void
    ) async throws {
        let (isLocked, hasLocked) = AsyncStream.makeStream(of: Void.self)
        let other = Task {
            try await database.atomic {
                for statement in statements.dropLast() { _ = try await database.rows(statement) }
                hasLocked.finish()
                for statement in statements.suffix(1) { _ = try await database.rows(statement) }
            }
        }
        for await _ in isLocked {}
        try await work()
        try await other.value
    }

    private static let twoFields = migration(
        ["choice", "question"].map {
            AddField($0, FieldSchema("a", .integerField, isNullable: true))
        },
        isAtomic: false
    )

    @Test(arguments: TestBackend.installed.filter { $0 != .sqlite })
    func triesAgainWhatComesAfterADoneOperation(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        let all = [Self.initial, Self.twoFields]
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let executor = try await MigrationExecutor(database, migrations: all)
        let pause: SQL = backend == .mysql ? "SELECT SLEEP(2)" : "SELECT pg_sleep(2)"
        try await using(["SELECT * FROM polls_question", pause], of: database) {
            try await executor.migrate(options: MigrationOptions(lockTimeout: .seconds(1)))
        }
        #expect(try await MigrationExecutor(database, migrations: all).loader.plan().isEmpty)
        await database.close()
    }

    @Test(arguments: TestBackend.installed.filter { $0 != .sqlite })
    func namesWhatIsDoneWhereALockIsNotFree(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        let all = [Self.initial, Self.twoFields]
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let executor = try await MigrationExecutor(database, migrations: all)
        let error = await #expect(throws: MigrationError.self) {
            try await holding("polls_question", in: database) {
                try await executor.migrate(options: MigrationOptions(lockTimeout: .seconds(1)))
            }
        }
        guard case .lockTimeout(_, _, let finished, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(finished == ["Add field a to choice"])
        let text = error?.description ?? ""
        #expect(text.contains("so that this stays done: Add field a to choice. Undo that by hand"))
        #expect(!text.contains("Run `migrate` again"))
        await database.close()
    }

    /// An index that others may write beside waits for them, however long, and nothing waits for it.
    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func waitsForAllWhereNobodyIsKeptOut() async throws {
        let database = try await TestBackend.postgresql.open()
        let limits = Mutex<[[SQLValue]]>([])
        let limit = RunSwift("limit") { data in
            let rows = try await data.rows("SHOW lock_timeout")
            limits.withLock { $0 += rows }
        }
        let change = Self.migration(
            [limit, AddIndexConcurrently("question", Self.index), limit],
            isAtomic: false
        )
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let executor = try await MigrationExecutor(database, migrations: [Self.initial, change])
        let statements: [SQL] = [
            """
            INSERT INTO polls_question (question_text, pub_date)
            VALUES ('x', '2026-01-01 00:00:00') RETURNING id
            """,
            "SELECT pg_sleep(2)",
        ]
        try await using(statements, of: database) {
            try await executor.migrate(options: MigrationOptions(lockTimeout: .seconds(1)))
        }
        #expect(limits.withLock { $0 } == [[.text("1s")], [.text("1s")]])
        #expect(try await database.rows("SHOW lock_timeout") == [[.text("0")]])
        await database.close()
    }

    @Test func readsTheWordsOfStatements() {
        let words = StatementWords(
            "ALTER TABLE ONLY \"a \"\" b\" ADD CONSTRAINT c CHECK (x > 'NOT VALID') not valid"
        )
        #expect(words.name(after: "ALTER", "TABLE") == "a \" b")
        #expect(words.contains("NOT", "VALID"))
        #expect(!StatementWords("CHECK (NOT VALID) 'NOT VALID'").contains("NOT", "VALID"))
        #expect(StatementWords("drop table if exists Foo").name(after: "DROP", "TABLE") == "foo")
        #expect(StatementWords("").name(after: "DROP") == nil)
        let commented = StatementWords("/* a /* b */ c */ DROP -- x\nTABLE \"--a\" -- y")
        #expect(commented.starts(with: "DROP", "TABLE"))
        #expect(commented.words.count == 3)
        #expect(commented.name(after: "DROP", "TABLE") == "--a")
        #expect(StatementWords("DEFAULT (a(b()))").mentions(anyOf: ["B", "C"]))
        #expect(!StatementWords("DEFAULT 'b' /* c */").mentions(anyOf: ["B", "C"]))
    }
}
