import Testing

@testable import NuagesORM

@Suite struct AutodetectorTests {
    private func changes(
        from old: [ModelSchema],
        to new: [ModelSchema],
        answers: [MigrationQuestion: MigrationAnswer] = [:]
    ) throws -> [String: [String]] {
        let detector = MigrationAutodetector(
            from: MigrationState(old),
            to: MigrationState(new),
            questioner: PreparedAnswers(answers)
        )
        return try detector.detect().mapValues { migrations in
            migrations.flatMap(\.operations).map { "\($0.category.rawValue) \($0.describe())" }
        }
    }

    private let text = FieldSchema("text", .charField, maxLength: 10)
    private let nullable = FieldSchema("note", .charField, maxLength: 10, isNullable: true)

    @Test func findsNothingWhereNothingChanged() throws {
        let models = [Polls.question, Polls.choice]
        #expect(try changes(from: models, to: models).isEmpty)
    }

    @Test func createsModelsAfterThoseTheyReferTo() throws {
        #expect(
            try changes(from: [], to: [Polls.choice, Polls.question])
                == ["polls": ["+ Create model Question", "+ Create model Choice"]]
        )
    }

    @Test func addsRemovesAndAltersFields() throws {
        let old = Polls.model("M", Polls.id, text, FieldSchema("gone", .integerField))
        let new = Polls.model(
            "M",
            Polls.id,
            FieldSchema("text", .charField, maxLength: 20),
            nullable
        )
        #expect(
            try changes(from: [old], to: [new])
                == [
                    "polls": [
                        "- Remove field gone from m", "+ Add field note to m",
                        "~ Alter field text on m",
                    ]
                ]
        )
    }

    @Test func findsIndexesAndConstraints() throws {
        var old = Polls.model("M", Polls.id, text, nullable)
        old.indexes = [
            IndexSchema(["text"], name: "kept_idx"), IndexSchema(["note"], name: "old_idx"),
            IndexSchema(["text", "note"], name: "gone_idx"),
        ]
        old.constraints = [.unique(name: "gone_once", fields: ["note"])]
        var new = Polls.model("M", Polls.id, text, nullable)
        new.indexes = [
            IndexSchema(["text"], name: "kept_idx"), IndexSchema(["note"], name: "new_idx"),
            IndexSchema(["note", "text"], name: "added_idx"),
        ]
        new.constraints = [.unique(name: "added_once", fields: ["text", "note"])]
        let found = try changes(from: [old], to: [new])
        #expect(
            found["polls"] == [
                "- Remove constraint gone_once from model m",
                "- Remove index gone_idx from m",
                "~ Rename index old_idx on m to new_idx",
                "+ Create index added_idx on field(s) note, text of model m",
                "+ Create constraint added_once on model m",
            ]
        )
    }

    @Test func asksWhetherAFieldWasRenamed() throws {
        let old = Polls.model("M", Polls.id, text)
        var renamed = text
        renamed.name = "title"
        let new = Polls.model("M", Polls.id, renamed)
        let question = MigrationQuestion.renamedField(
            app: "polls",
            model: "m",
            old: "text",
            new: "title"
        )
        #expect(
            try changes(from: [old], to: [new], answers: [question: .yes])
                == ["polls": ["~ Rename field text on m to title"]]
        )
    }

    @Test func asksWhetherAModelWasRenamed() throws {
        let question = MigrationQuestion.renamedModel(app: "polls", old: "M", new: "N")
        let (old, new) = (Polls.model("M", Polls.id, text), Polls.model("N", Polls.id, text))
        #expect(
            try changes(from: [old], to: [new], answers: [question: .yes])
                == ["polls": ["~ Rename model M to N"]]
        )
        #expect(
            try changes(from: [old], to: [new], answers: [question: .no])
                == ["polls": ["+ Create model N", "- Delete model M"]]
        )
    }

    @Test func listsAllOpenQuestions() {
        let old = [Polls.model("M", Polls.id, nullable)]
        let new = [
            Polls.model(
                "M",
                Polls.id,
                FieldSchema("note", .charField, maxLength: 10),
                text,
                FieldSchema("made", .dateTimeField, isSetOnCreate: true)
            )
        ]
        let error = #expect(throws: MigrationError.self) { try changes(from: old, to: new) }
        #expect(
            error?.description == """
                Migrations need answers that only you have:
                  - What moment do existing rows get in the new field 'made' of m, which is set when a row is created?
                    --default polls.m.made=now
                  - What value do existing rows get in the new field 'text' of m, which takes no null?
                    --default 'polls.m.text=VALUE'
                  - What value takes the place of nulls in the field 'note' of m, which takes none any more?
                    --default 'polls.m.note=VALUE'
                    --default polls.m.note=leave
                Run `makemigrations` on a terminal, answer with options, or give the model's field a default.
                """
        )
    }

    @Test func usesAOneOffDefaultOnce() throws {
        let question = MigrationQuestion.addedNotNull(app: "polls", model: "m", field: "text")
        let detector = MigrationAutodetector(
            from: MigrationState([Polls.model("M", Polls.id)]),
            to: MigrationState([Polls.model("M", Polls.id, text)]),
            questioner: PreparedAnswers([question: .value(.value(.text("x")))])
        )
        let migration = try #require(detector.detect()["polls"]?.first)
        let add = try #require(migration.operations.first as? AddField)
        #expect(add.field.defaultValue == .value(.text("x")))
        var state = detector.oldState
        try migration.mutate(&state)
        #expect(state == detector.newState)
    }

    @Test func cutsCirclesBetweenApps() throws {
        let link = { (name: String, target: String) in
            FieldSchema(
                name,
                .foreignKey,
                isNullable: true,
                relation: Relation(to: target, onDelete: .cascade)
            )
        }
        var left = ModelSchema(
            app: "a",
            name: "Left",
            fields: [Polls.id, link("right", "b.right")]
        )
        left.uniqueTogether = [["right"]]
        let right = ModelSchema(
            app: "b",
            name: "Right",
            fields: [Polls.id, link("left", "a.left")]
        )
        let detector = MigrationAutodetector(
            from: MigrationState(),
            to: MigrationState([left, right])
        )
        let found = try detector.changes(graph: MigrationGraph())
        let graph = try MigrationGraph(found.values.flatMap { $0 })
        #expect(
            graph.fullPlan.map(\.description)
                == ["a.0001_initial", "b.0001_initial", "a.0002_initial"]
        )
        #expect(try graph.state() == detector.newState)
    }

    @Test func numbersAndNamesMigrations() throws {
        let first = MigrationExecutorTests.initial
        let graph = try MigrationGraph([first])
        var question = Polls.question
        question.fields.append(nullable)
        let detector = MigrationAutodetector(
            from: try graph.state(),
            to: MigrationState([question, Polls.choice])
        )
        let found = try #require(detector.changes(graph: graph)["polls"])
        #expect(found.map(\.name) == ["0002_question_note"])
        #expect(found.map(\.dependencies) == [[first.key]])
        let named = try detector.changes(graph: graph, name: "add_note")["polls"]
        #expect(named?.map(\.name) == ["0002_add_note"])
        #expect(try detector.changes(graph: graph, apps: ["other"]).isEmpty)
    }

    @Test(arguments: [
        ("0001_initial", 1), ("0012_squashed_0034_x", 34), ("x_0003", nil), ("99", 99),
    ])
    func readsNumbersOfNames(name: String, expected: Int?) {
        #expect(MigrationNumbering.number(in: name) == expected)
    }

    @Test func namesLongMigrationsShortly() {
        var migration = Migration(app: "a", name: "", isInitial: false) {
            AddField("author", FieldSchema("first_name", .textField))
            AddField("author", FieldSchema("last_name", .textField))
            AddField("author", FieldSchema("favourite_colour", .textField))
        }
        #expect(migration.suggestedName() == "author_first_name_author_last_name_and_more")
        migration.operations = [RunSQL("SELECT 1")]
        let now = CalendarMinute(secondsSince1970: 1_769_860_800)
        #expect(migration.suggestedName(now: now) == "auto_20260131_1200")
    }
}
