import DatabaseTestSupport
import NuagesCore
import NuagesMySQL
import NuagesPostgreSQL
import NuagesSQLite
import Testing

@testable import NuagesORM

/// Renames, and what names the model or the field that gets another name.
@Suite(.timeLimit(.minutes(4))) struct RenamedModelTests {
    private static func many(to target: String) -> FieldSchema {
        FieldSchema(
            target == "tag" ? "tags" : "related",
            .manyToManyField,
            relation: Relation(to: "polls.\(target)", onDelete: .cascade)
        )
    }

    @Test(arguments: TestBackend.installed)
    func keepsRowsAndKeysOfManyToManyRelations(_ backend: TestBackend) async throws {
        let database = try await backend.open(pool: PoolOptions(maxConnections: 1))
        let state = MigrationState([
            Polls.model("Tag", Polls.id),
            Polls.model("Question", Polls.id, Self.many(to: "tag"), Self.many(to: "question")),
        ])
        try await database.make(state)
        try await database.execute("INSERT INTO polls_tag (id) VALUES (1)")
        try await database.execute("INSERT INTO polls_question (id) VALUES (1), (2)")
        try await database.execute(
            "INSERT INTO polls_question_tags (question_id, tag_id) VALUES (1, 1), (2, 1)"
        )
        try await database.execute(
            """
            INSERT INTO polls_question_related (from_question_id, to_question_id)
            VALUES (1, 2), (2, 1)
            """
        )
        let rename = RenameModel(from: "Question", to: "Poll")
        try await database.run([rename], from: state)
        #expect(
            try await database.rows("SELECT poll_id, tag_id FROM polls_poll_tags ORDER BY 1")
                == [[.int(1), .int(1)], [.int(2), .int(1)]]
        )
        #expect(
            try await database.rows(
                "SELECT from_poll_id, to_poll_id FROM polls_poll_related ORDER BY 1"
            ) == [[.int(1), .int(2)], [.int(2), .int(1)]]
        )
        for (table, columns) in [
            ("polls_poll_tags", ["poll_id", "tag_id"]),
            ("polls_poll_related", ["from_poll_id", "to_poll_id"]),
        ] {
            let found = try #require(await database.schema.table(table, in: database))
            #expect(found.indexes.contains { $0.isUnique && $0.columns == columns })
            #expect(Set(found.foreignKeys.flatMap(\.columns)) == Set(columns))
        }
        try await database.undo([rename], to: state)
        #expect(
            try await database.rows(
                "SELECT question_id, tag_id FROM polls_question_tags ORDER BY 1"
            ) == [[.int(1), .int(1)], [.int(2), .int(1)]]
        )
        await database.close()
    }

    @Test(arguments: TestBackend.installed)
    func keepsForeignKeysThatWaitForTheEnd(_ backend: TestBackend) async throws {
        let database = try await backend.open(pool: PoolOptions(maxConnections: 1))
        let state = MigrationState([
            Polls.model("Tag", Polls.id), Polls.model("Question", Polls.id),
        ])
        try await database.make(state)
        try await database.run(
            [AddField("question", Self.many(to: "tag")), RenameModel(from: "Tag", to: "Label")],
            from: state
        )
        let table = try #require(
            await database.schema.table("polls_question_tags", in: database)
        )
        #expect(
            Set(table.foreignKeys.map { "\($0.columns) \($0.table)" })
                == ["[\"question_id\"] polls_question", "[\"label_id\"] polls_label"]
        )
        await database.close()
    }

    /// The second field makes SQLite build the table anew, with its constraint.
    @Test(arguments: TestBackend.installed)
    func keepsConstraintsOfRenamedFields(_ backend: TestBackend) async throws {
        let database = try await backend.open(pool: PoolOptions(maxConnections: 1))
        var question = Polls.model("Question", Polls.id, FieldSchema("rank", .integerField))
        question.constraints = [.unique(name: "one_rank", fields: ["rank", "id"])]
        let state = MigrationState([question])
        try await database.make(state)
        try await database.execute("INSERT INTO polls_question (id, rank) VALUES (1, 5)")
        let operations: [any MigrationOperation] = [
            RenameField("question", from: "rank", to: "place"),
            AddField(
                "question",
                FieldSchema("count", .positiveIntegerField, defaultValue: .value(.int(3)))
            ),
            AlterField("question", FieldSchema("place", .bigIntegerField)),
        ]
        let after = try await database.run(operations, from: state)
        #expect(after.models["polls.question"]?.constraints.first?.fields == ["place", "id"])
        let table = try #require(await database.schema.table("polls_question", in: database))
        #expect(table.indexes.contains { $0.isUnique && $0.columns == ["place", "id"] })
        try await database.undo(operations, to: state)
        #expect(
            try await database.rows("SELECT id, rank FROM polls_question") == [[.int(1), .int(5)]]
        )
        await database.close()
    }

    // MARK: Detection

    private func operations(
        from old: [ModelSchema],
        to new: [ModelSchema],
        answers: [MigrationQuestion: MigrationAnswer] = [:]
    ) throws -> [any MigrationOperation] {
        let detector = MigrationAutodetector(
            from: MigrationState(old),
            to: MigrationState(new),
            questioner: PreparedAnswers(answers)
        )
        return try detector.detect()["polls"]?.flatMap(\.operations) ?? []
    }

    @Test func altersForeignKeysOfRenamedModelsByTheNewName() throws {
        func key(to target: String, isNullable: Bool) -> FieldSchema {
            FieldSchema(
                "author",
                .foreignKey,
                isNullable: isNullable,
                relation: Relation(to: target, onDelete: .cascade)
            )
        }
        let text = FieldSchema("text", .textField)
        let old = [
            Polls.model("Author", Polls.id, text),
            Polls.model("Book", Polls.id, key(to: "polls.author", isNullable: false)),
        ]
        let new = [
            Polls.model("Writer", Polls.id, text),
            Polls.model("Book", Polls.id, key(to: "polls.writer", isNullable: true)),
        ]
        let found = try operations(
            from: old,
            to: new,
            answers: [.renamedModel(app: "polls", old: "Author", new: "Writer"): .yes]
        )
        #expect(
            found.map { $0.describe() }
                == ["Rename model Author to Writer", "Alter field author on book"]
        )
        var state = MigrationState(old)
        var migration = Migration(app: "polls", name: "0002_test") {}
        migration.operations = found
        try migration.mutate(&state)
        #expect(state.models["polls.book"] == new[1])
    }

    @Test func addsGeneratedFieldsAfterWhatTheyReadAndBeforeTheirIndexes() throws {
        var sum = FieldSchema("sum", .generatedField)
        sum.generated = .stored(
            .operation(.field("rank"), "+", .field("extra")),
            as: .bigIntegerField
        )
        let old = Polls.model("M", Polls.id, FieldSchema("rank", .integerField))
        var new = Polls.model(
            "M",
            Polls.id,
            FieldSchema("rank", .bigIntegerField),
            FieldSchema("extra", .integerField, isNullable: true),
            sum
        )
        new.indexes = [IndexSchema(["sum"], name: "sum_idx")]
        new.constraints = [.unique(name: "one_sum", fields: ["sum"])]
        #expect(
            try operations(from: [old], to: [new]).map { $0.describe() } == [
                "Add field extra to m", "Alter field rank on m", "Add field sum to m",
                "Create index sum_idx on field(s) sum of model m",
                "Create constraint one_sum on model m",
            ]
        )
    }
}
