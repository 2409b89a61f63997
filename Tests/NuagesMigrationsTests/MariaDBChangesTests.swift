import DatabaseTestSupport
import NuagesCore
import NuagesMySQL
import Testing

@testable import NuagesORM

/// Each change keeps the rows, and leaves the schema that the new models would have been made with.
@Suite(
    .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"),
    .timeLimit(.minutes(4))
)
struct MariaDBChangesTests {
    private static func empty() async throws -> Database {
        try await TestBackend.mysql.open(pool: PoolOptions(maxConnections: 1))
    }

    /// Two questions with three choices.
    private func filled() async throws -> Database {
        let database = try await Self.empty()
        try await database.make(Polls.state)
        try await database.execute(
            """
            INSERT INTO polls_question VALUES (1, 'What''s up?', '2026-01-01 00:00:00'),
                (2, '<script>', '2026-01-02 00:00:00')
            """
        )
        try await database.execute(
            """
            INSERT INTO polls_choice VALUES (1, 1, 'Not much', 3), (2, 1, 'The sky', 5),
                (3, 2, 'x', 0)
            """
        )
        return database
    }

    /// All tables by name with what columns, keys, checks and indexes they have, in any order.
    private func shape(_ database: Database) async throws -> [String] {
        var lines: [String] = []
        let dialect = try database.schema
        for name in try await dialect.tableNames(in: database) {
            guard let table = try await dialect.table(name, in: database) else { continue }
            lines += table.columns.map {
                "\(name).\($0.name) \($0.type) \($0.isNullable) \($0.primaryKeyPosition) "
                    + "\($0.isIdentity) \($0.defaultText ?? "") \($0.comment ?? "")"
            }
            lines += table.foreignKeys.map {
                "\(name) \($0.columns) -> \($0.table)\($0.targetColumns) \($0.onDelete) "
                    + "\($0.isDeferrable)"
            }
            lines += table.checks.map { "\(name) \($0.definition)" }
            lines += table.indexes.map {
                "\(name) \($0.columns) \($0.isDescending) \($0.isUnique) \($0.isPartial) "
                    + "\($0.operatorClasses)"
            }
        }
        return lines.sorted()
    }

    @Test(arguments: SQLiteChangesTests.changes.indices)
    func reachesTheSchemaOfTheNewModels(_ index: Int) async throws {
        let (name, operations) = SQLiteChangesTests.changes[index]
        let database = try await filled()
        let state = try await database.run(operations, from: Polls.state)
        let fresh = try await Self.empty()
        try await fresh.make(state)
        #expect(try await shape(database) == shape(fresh), "\(name)")
        await database.close()
        await fresh.close()
    }

    @Test(arguments: SQLiteChangesTests.changes.indices)
    func comesBackToTheSchemaOfBefore(_ index: Int) async throws {
        let (name, operations) = SQLiteChangesTests.changes[index]
        let database = try await filled()
        let before = try await shape(database)
        try await database.run(operations, from: Polls.state)
        if operations.contains(where: { ($0 as? RemoveField)?.name == "question" }) {
            // A foreign key without a default cannot come back while there are rows.
            try await database.execute("DELETE FROM polls_choice")
        }
        try await database.undo(operations, to: Polls.state)
        #expect(try await shape(database) == before, "\(name)")
        let questions = try await database.rows(
            "SELECT question_text FROM polls_question ORDER BY id"
        )
        #expect(questions == [[.text("What's up?")], [.text("<script>")]])
        await database.close()
    }

    /// Statements that Django 6.1 writes.
    @Test func writesTheTablesOfTheTutorial() async throws {
        let text = FieldSchema("question_text", .charField, maxLength: 200, isIndexed: true)
        let dialect = try MySQLDatabase.open("mysql:///none").schema
        var editor = SchemaEditor(collectingFor: dialect)
        let question = Polls.model("Question", Polls.id, text)
        let state = MigrationState([question, Polls.choice])
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        #expect(
            editor.collected == [
                "CREATE TABLE `polls_question` (`id` bigint NOT NULL PRIMARY KEY AUTO_INCREMENT, `question_text` varchar(200) NOT NULL);",
                "CREATE TABLE `polls_choice` (`id` bigint NOT NULL PRIMARY KEY AUTO_INCREMENT, `question_id` bigint NOT NULL, `choice_text` varchar(200) NOT NULL, `votes` integer NOT NULL);",
                "CREATE INDEX `polls_question_question_text_e0c682c7` ON `polls_question` (`question_text`);",
                "ALTER TABLE `polls_choice` ADD CONSTRAINT `polls_choice_question_id_c5b4b260_fk_polls_question_id` FOREIGN KEY (`question_id`) REFERENCES `polls_question` (`id`);",
            ]
        )
    }

    @Test func fillsNewColumnsAndReplacesNulls() async throws {
        let database = try await filled()
        let state = try await database.run(
            [
                AddField(
                    "question",
                    FieldSchema("rank", .integerField, defaultValue: .value(.int(7)))
                ),
                AddField(
                    "question",
                    FieldSchema("tags", .jsonField, defaultValue: .function("dict"))
                ),
                AddField("choice", FieldSchema("note", .charField, maxLength: 9, isNullable: true)),
            ],
            from: Polls.state
        )
        #expect(
            try await database.rows("SELECT rank, tags FROM polls_question")
                == [[.int(7), .text("{}")], [.int(7), .text("{}")]]
        )
        try await database.execute("UPDATE polls_choice SET note = 'kept' WHERE id = 2")
        let field = FieldSchema(
            "note",
            .charField,
            maxLength: 9,
            defaultValue: .value(.text("none"))
        )
        try await database.run([AlterField("choice", field, keepsDefault: false)], from: state)
        #expect(
            try await database.rows("SELECT note FROM polls_choice ORDER BY id")
                == [[.text("none")], [.text("kept")], [.text("none")]]
        )
    }

    @Test func keepsComments() async throws {
        let database = try await Self.empty()
        var note = Polls.model("Note", Polls.id)
        var text = FieldSchema("text", .charField, maxLength: 20)
        text.databaseComment = "What it's about"
        note.fields += [text, FieldSchema("rank", .integerField)]
        note.tableComment = "Notes"
        let before = MigrationState([note])
        try await database.make(before)
        let table = try #require(await database.schema.table("polls_note", in: database))
        #expect(table.comment == "Notes")
        #expect(table.columns.map(\.comment) == [nil, "What it's about", nil])
        text.databaseComment = "Another"
        try await database.run([AlterField("note", text)], from: before)
        let after = try #require(await database.schema.table("polls_note", in: database))
        #expect(after.columns.map(\.comment) == [nil, "Another", nil])
    }

    /// The key needs an index, and uses the first that begins with its column.
    @Test func keepsAnIndexForForeignKeys() async throws {
        let database = try await filled()
        let together = try await database.run(
            [AlterUniqueTogether("choice", uniqueTogether: [["question", "choice_text"]])],
            from: Polls.state
        )
        try await database.run([AlterUniqueTogether("choice", uniqueTogether: [])], from: together)
        let table = try #require(await database.schema.table("polls_choice", in: database))
        #expect(table.indexes.contains { $0.columns == ["question_id"] })
        #expect(table.foreignKeys.count == 1)
    }

    /// The unique index is there before the other one goes, which has the name of a key's own.
    @Test func makesForeignKeysOneToOne() async throws {
        let database = try await Self.empty()
        func choice(_ type: FieldType, isEnforced: Bool) -> FieldSchema {
            var relation = Relation(to: "polls.question", onDelete: .cascade)
            relation.isEnforced = isEnforced
            return FieldSchema("question", type, relation: relation)
        }
        let free = MigrationState([
            Polls.question, Polls.model("Choice", Polls.id, choice(.foreignKey, isEnforced: false)),
        ])
        try await database.make(free)
        try await database.execute(
            "INSERT INTO polls_question VALUES (1, 'a', '2026-01-01'), (2, 'b', '2026-01-02')"
        )
        try await database.execute("INSERT INTO polls_choice VALUES (1, 2), (2, 1)")
        let enforced = try await database.run(
            [AlterField("choice", choice(.foreignKey, isEnforced: true))],
            from: free
        )
        let before = try await shape(database)
        let change = [AlterField("choice", choice(.oneToOneField, isEnforced: true))]
        let state = try await database.run(change, from: enforced)
        let fresh = try await Self.empty()
        try await fresh.make(state)
        #expect(try await shape(database) == shape(fresh))
        await fresh.close()
        try await database.undo(change, to: enforced)
        #expect(try await shape(database) == before)
        let rows = try await database.rows("SELECT id, question_id FROM polls_choice ORDER BY id")
        #expect(rows == [[.int(1), .int(2)], [.int(2), .int(1)]])
        await database.close()
    }
}
