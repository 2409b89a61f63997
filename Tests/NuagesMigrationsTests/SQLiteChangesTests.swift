import NuagesSQLite
import Testing

@testable import NuagesORM

/// Each change keeps the rows, and leaves the schema that the new models would have been made with.
@Suite struct SQLiteChangesTests {
    /// A table that cannot be built anew stays as it is, without a transaction around it too.
    @Test func buildsATableAnewWhollyOrNotAtAll() async throws {
        let database = try Polls.database()
        let initial = MigrationExecutorTests.initial
        let check = Migration(
            app: "polls",
            name: "0002_check",
            isAtomic: false,
            dependencies: [initial.key]
        ) {
            AddConstraint(
                "question",
                .check(name: "no_blank", condition: Q("question_text__gt", ""))
            )
        }
        try await MigrationExecutor(database, migrations: [initial]).migrate()
        try await database.execute(
            "INSERT INTO polls_question (question_text, pub_date) VALUES ('', '2026-01-01 00:00:00')"
        )
        let executor = try await MigrationExecutor(database, migrations: [initial, check])
        await #expect(throws: DatabaseError.self) { try await executor.migrate() }
        #expect(
            try await database.schema.tableNames(in: database).filter { $0.hasPrefix("new__") }
                == []
        )
        try await database.execute("UPDATE polls_question SET question_text = 'x'")
        try await executor.migrate()
        await #expect(throws: DatabaseError.self) {
            try await database.execute("UPDATE polls_question SET question_text = ''")
        }
    }

    /// Two questions with three choices.
    private func filled() async throws -> Database {
        let database = try Polls.database()
        try await database.make(Polls.state)
        try await database.execute(
            """
            INSERT INTO polls_question VALUES (1, 'What''s up?', '2026-01-01 00:00:00'),
                (2, '<script>', '2026-01-02 00:00:00')
            """
        )
        try await database.execute(
            "INSERT INTO polls_choice VALUES (1, 1, 'Not much', 3), (2, 1, 'The sky', 5), (3, 2, 'x', 0)"
        )
        return database
    }

    static let changes: [(String, [any MigrationOperation])] = [
        (
            "adds a nullable column",
            [AddField("question", FieldSchema("note", .textField, isNullable: true))]
        ),
        (
            "adds an indexed nullable column",
            [AddField("question", FieldSchema("slug", .slugField, isNullable: true))]
        ),
        (
            "adds a column with a default",
            [
                AddField(
                    "question",
                    FieldSchema("rank", .integerField, defaultValue: .value(.int(7)))
                )
            ]
        ),
        (
            "adds a column with a one-off default",
            [
                AddField(
                    "question",
                    FieldSchema("rank", .integerField, defaultValue: .value(.int(7))),
                    keepsDefault: false
                )
            ]
        ),
        (
            "adds a foreign key",
            [
                AddField(
                    "question",
                    FieldSchema(
                        "best",
                        .foreignKey,
                        isNullable: true,
                        relation: Relation(to: "polls.choice", onDelete: .setNull)
                    )
                )
            ]
        ),
        (
            "adds a many-to-many relation",
            [
                AddField(
                    "question",
                    FieldSchema(
                        "related",
                        .manyToManyField,
                        relation: Relation(to: "polls.question", onDelete: .cascade)
                    )
                )
            ]
        ),
        ("removes a plain column", [RemoveField("choice", "votes")]),
        ("removes a foreign key", [RemoveField("choice", "question")]),
        (
            "widens a column",
            [AlterField("question", FieldSchema("question_text", .charField, maxLength: 500))]
        ),
        (
            "makes a column unique",
            [
                AlterField(
                    "question",
                    FieldSchema("question_text", .charField, maxLength: 200, isUnique: true)
                )
            ]
        ),
        (
            "adds an index to a column",
            [
                AlterField(
                    "question",
                    FieldSchema("question_text", .charField, maxLength: 200, isIndexed: true)
                )
            ]
        ),
        (
            "makes a column nullable",
            [AlterField("choice", FieldSchema("votes", .integerField, isNullable: true))]
        ),
        (
            "changes the type of a key",
            [
                AlterField(
                    "question",
                    FieldSchema("id", .charField, maxLength: 20, isPrimaryKey: true)
                )
            ]
        ),
        ("renames a column", [RenameField("question", from: "question_text", to: "title")]),
        ("renames a foreign key", [RenameField("choice", from: "question", to: "poll")]),
        ("renames a model", [RenameModel(from: "Choice", to: "Option")]),
        ("renames a table", [AlterModelTable("question", table: "questions")]),
        (
            "adds an index",
            [AddIndex("question", IndexSchema(["-pub_date"], name: "pub_idx"))]
        ),
        (
            "adds constraints",
            [
                AddConstraint(
                    "choice",
                    .check(name: "votes_0", condition: .lookup("votes__gte", .value(.int(0))))
                ),
                AddConstraint(
                    "choice",
                    .unique(name: "text_uniq", fields: ["question", "choice_text"])
                ),
                AddConstraint(
                    "choice",
                    .unique(
                        name: "some_uniq",
                        fields: ["choice_text"],
                        condition: .lookup("votes__gt", .value(.int(3)))
                    )
                ),
            ]
        ),
        (
            "makes fields unique together",
            [AlterUniqueTogether("choice", uniqueTogether: [["question", "choice_text"]])]
        ),
        (
            "orders rows within a foreign key",
            [AlterOrderWithRespectTo("choice", field: "question")]
        ),
        (
            "makes and removes models",
            [
                CreateModel(
                    "Tag",
                    fields: [Polls.id, FieldSchema("name", .charField, maxLength: 10)]
                ),
                DeleteModel("Choice"),
            ]
        ),
    ]

    @Test(arguments: changes.indices)
    func reachesTheSchemaOfTheNewModels(_ index: Int) async throws {
        let (_, operations) = Self.changes[index]
        let database = try await filled()
        let state = try await database.run(operations, from: Polls.state)
        let fresh = try Polls.database()
        try await fresh.make(state)
        #expect(try await columns(database) == columns(fresh))
        let rows = try await database.rows("PRAGMA foreign_key_check")
        #expect(rows.isEmpty)
    }

    @Test(arguments: changes.indices)
    func comesBackToTheSchemaOfBefore(_ index: Int) async throws {
        let (_, operations) = Self.changes[index]
        let database = try await filled()
        let before = try await columns(database)
        try await database.run(operations, from: Polls.state)
        if operations.contains(where: {
            $0 is RemoveField && ($0 as! RemoveField).name == "question"
        }) {
            // A foreign key without a default cannot come back while there are rows.
            try await database.execute("DELETE FROM polls_choice")
        }
        try await database.undo(operations, to: Polls.state)
        #expect(try await columns(database) == before)
        let questions = try await database.rows(
            "SELECT question_text FROM polls_question ORDER BY id"
        )
        #expect(questions == [[.text("What's up?")], [.text("<script>")]])
    }

    /// All tables by name with what columns, keys and indexes they have, in any order.
    private func columns(_ database: Database) async throws -> [String] {
        var lines: [String] = []
        let dialect = try database.schema
        for name in try await dialect.tableNames(in: database) {
            guard let table = try await dialect.table(name, in: database) else { continue }
            lines += table.columns.map {
                "\(name).\($0.name) \($0.type) \($0.isNullable) \($0.primaryKeyPosition)"
            }
            lines += table.foreignKeys.map {
                "\(name) \($0.columns) -> \($0.table)\($0.targetColumns) \($0.onDelete)"
            }
            lines += table.indexes.map { "\(name) \($0.columns) \($0.isUnique) \($0.isPartial)" }
        }
        return lines.sorted()
    }

    @Test func keepsRowsOfARebuiltTableAndOfThoseThatReferToIt() async throws {
        let database = try await filled()
        try await database.run(
            [AlterField("question", FieldSchema("question_text", .charField, maxLength: 300))],
            from: Polls.state
        )
        #expect(try await database.rows("SELECT COUNT(*) FROM polls_choice") == [[.int(3)]])
        let joined = try await database.rows(
            """
            SELECT q.question_text, c.choice_text, c.votes FROM polls_choice c
            JOIN polls_question q ON q.id = c.question_id ORDER BY c.id
            """
        )
        #expect(
            joined == [
                [.text("What's up?"), .text("Not much"), .int(3)],
                [.text("What's up?"), .text("The sky"), .int(5)],
                [.text("<script>"), .text("x"), .int(0)],
            ]
        )
    }

    @Test func keepsTriggersAndIndexesMadeByHand() async throws {
        let database = try await filled()
        try await database.execute("CREATE TABLE log (text)")
        try await database.execute(
            "CREATE INDEX by_hand ON polls_question (pub_date, question_text)"
        )
        try await database.execute(
            """
            CREATE TRIGGER noted AFTER UPDATE ON polls_question
            BEGIN INSERT INTO log VALUES (new.question_text); END
            """
        )
        try await database.execute(
            """
            CREATE TRIGGER elsewhere AFTER INSERT ON polls_choice
            BEGIN UPDATE polls_question SET question_text = 'touched' WHERE id = new.question_id; END
            """
        )
        try await database.run(
            [AlterField("question", FieldSchema("question_text", .charField, maxLength: 300))],
            from: Polls.state
        )
        try await database.execute("INSERT INTO polls_choice VALUES (9, 2, 'new', 0)")
        #expect(try await database.rows("SELECT text FROM log") == [[.text("touched")]])
        let table = try #require(await database.schema.table("polls_question", in: database))
        #expect(table.indexes.map(\.name).contains("by_hand"))
    }

    @Test func replacesNullsThatAreForbidden() async throws {
        let database = try await filled()
        let nullable = try await database.run(
            [AddField("choice", FieldSchema("note", .charField, maxLength: 9, isNullable: true))],
            from: Polls.state
        )
        try await database.execute("UPDATE polls_choice SET note = 'kept' WHERE id = 2")
        let field = FieldSchema(
            "note",
            .charField,
            maxLength: 9,
            defaultValue: .value(.text("none"))
        )
        try await database.run([AlterField("choice", field, keepsDefault: false)], from: nullable)
        #expect(
            try await database.rows("SELECT note FROM polls_choice ORDER BY id")
                == [[.text("none")], [.text("kept")], [.text("none")]]
        )
    }

    @Test func fillsNewColumnsWithTheirDefault() async throws {
        let database = try await filled()
        try await database.run(
            [
                AddField(
                    "question",
                    FieldSchema("rank", .integerField, defaultValue: .value(.int(7)))
                ),
                AddField(
                    "question",
                    FieldSchema("blank", .charField, maxLength: 5, allowsBlank: true)
                ),
                AddField(
                    "question",
                    FieldSchema("tags", .jsonField, defaultValue: .function("dict"))
                ),
            ],
            from: Polls.state
        )
        #expect(
            try await database.rows("SELECT rank, blank, tags FROM polls_question")
                == [[.int(7), .text(""), .text("{}")], [.int(7), .text(""), .text("{}")]]
        )
    }

    @Test func refusesADefaultThatRunsForEachRow() async throws {
        let database = try await filled()
        let field = FieldSchema(
            "token",
            .charField,
            maxLength: 9,
            defaultValue: .function("makeToken")
        )
        await #expect(throws: MigrationError.self) {
            try await database.run([AddField("question", field)], from: Polls.state)
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM polls_question") == [[.int(2)]])
    }

    @Test func undoesEverythingWhenAStepFails() async throws {
        let database = try await filled()
        let before = try await database.definitions()
        await #expect(throws: DatabaseError.self) {
            try await database.run(
                [
                    AlterField(
                        "question",
                        FieldSchema("question_text", .charField, maxLength: 300)
                    ),
                    RunSQL("INSERT INTO no_such_table VALUES (1)"),
                ],
                from: Polls.state
            )
        }
        #expect(try await database.definitions() == before)
        #expect(try await database.rows("PRAGMA foreign_keys") == [[.int(1)]])
    }

    @Test func refusesToLeaveBrokenReferences() async throws {
        let database = try await filled()
        await #expect(
            throws: MigrationError.brokenReference(
                table: "polls_choice",
                row: "3",
                target: "polls_question"
            )
        ) {
            try await database.run(
                [RunSQL("DELETE FROM polls_question WHERE id = 2")],
                from: Polls.state
            )
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM polls_question") == [[.int(2)]])
    }

    @Test func leavesTheTableAloneWhereOnlyTextsChange() async throws {
        let database = try await filled()
        let before = try await database.definitions()
        let field = FieldSchema(
            "question_text",
            .charField,
            maxLength: 200,
            verboseName: "text",
            helpText: "What is asked."
        )
        try await database.run([AlterField("question", field)], from: Polls.state)
        #expect(try await database.definitions() == before)
    }

    @Test func refusesToMakeAColumnOfAManyToManyRelation() async throws {
        let database = try await filled()
        let field = FieldSchema(
            "question",
            .manyToManyField,
            relation: Relation(to: "polls.question", onDelete: .cascade)
        )
        await #expect {
            try await database.run([AlterField("choice", field)], from: Polls.state)
        } throws: { error in
            "\(error)"
                == "Field 'question' of polls.choice cannot be altered: A many-to-many relation is a table, "
                + "and any other field a column. Remove it and add it anew."
        }
    }
}
