import NuagesSQLite
import Testing

@testable import NuagesORM

/// The expected statements are those that Django 6.1 writes.
@Suite struct TableDefinitionTests {
    private func statements(_ models: ModelSchema...) async throws -> [String] {
        let state = MigrationState(models)
        var editor = SchemaEditor(collectingFor: try Polls.database().schema)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        return editor.collected
    }

    @Test func writesTheTablesOfTheTutorial() async throws {
        #expect(
            try await statements(Polls.question, Polls.choice) == [
                "CREATE TABLE \"polls_question\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                    + "\"question_text\" varchar(200) NOT NULL, \"pub_date\" datetime NOT NULL);",
                "CREATE TABLE \"polls_choice\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                    + "\"question_id\" bigint NOT NULL REFERENCES \"polls_question\" (\"id\") "
                    + "DEFERRABLE INITIALLY DEFERRED, \"choice_text\" varchar(200) NOT NULL, "
                    + "\"votes\" integer NOT NULL);",
                "CREATE INDEX \"polls_choice_question_id_c5b4b260\" ON \"polls_choice\" "
                    + "(\"question_id\");",
            ]
        )
    }

    static let columns: [(FieldSchema, String)] = [
        (FieldSchema("f", .booleanField), "bool NOT NULL"),
        (FieldSchema("f", .booleanField, isNullable: true), "bool NULL"),
        (FieldSchema("f", .smallIntegerField), "smallint NOT NULL"),
        (FieldSchema("f", .bigIntegerField), "bigint NOT NULL"),
        (FieldSchema("f", .positiveIntegerField), "integer unsigned NOT NULL CHECK (\"f\" >= 0)"),
        (
            FieldSchema("f", .positiveSmallIntegerField, isNullable: true),
            "smallint unsigned NULL CHECK (\"f\" >= 0)"
        ),
        (FieldSchema("f", .positiveBigIntegerField), "bigint unsigned NOT NULL CHECK (\"f\" >= 0)"),
        (FieldSchema("f", .floatField), "real NOT NULL"),
        (FieldSchema("f", .decimalField, maxDigits: 5, decimalPlaces: 2), "decimal NOT NULL"),
        (FieldSchema("f", .charField, maxLength: 60), "varchar(60) NOT NULL"),
        (
            FieldSchema("f", .charField, maxLength: 60, isUnique: true),
            "varchar(60) NOT NULL UNIQUE"
        ),
        (FieldSchema("f", .charField), "varchar NOT NULL"),
        (FieldSchema("f", .emailField), "varchar(254) NOT NULL"),
        (FieldSchema("f", .urlField), "varchar(200) NOT NULL"),
        (FieldSchema("f", .slugField), "varchar(50) NOT NULL"),
        (FieldSchema("f", .fileField), "varchar(100) NOT NULL"),
        (FieldSchema("f", .textField), "text NOT NULL"),
        (FieldSchema("f", .uuidField), "char(32) NOT NULL"),
        (FieldSchema("f", .dateField), "date NOT NULL"),
        (FieldSchema("f", .timeField), "time NOT NULL"),
        (FieldSchema("f", .dateTimeField), "datetime NOT NULL"),
        (FieldSchema("f", .durationField), "bigint NOT NULL"),
        (FieldSchema("f", .binaryField), "BLOB NOT NULL"),
        (FieldSchema("f", .genericIPAddressField), "char(39) NOT NULL"),
        (
            FieldSchema("f", .jsonField, isNullable: true),
            "text NULL CHECK ((JSON_VALID(\"f\") OR \"f\" IS NULL))"
        ),
        (FieldSchema("f", .integerField, databaseDefault: .int(5)), "integer DEFAULT 5 NOT NULL"),
        (
            FieldSchema("f", .charField, maxLength: 9, databaseDefault: .text("it's")),
            "varchar(9) DEFAULT 'it''s' NOT NULL"
        ),
        (
            FieldSchema(
                "f",
                .integerField,
                databaseDefaultExpression: .operation(.value(.int(10)), "+", .value(.int(3)))
            ),
            "integer DEFAULT ((10 + 3)) NOT NULL"
        ),
        (
            FieldSchema(
                "f",
                .generatedField,
                generated: .expression(
                    .function("Lower", [.field("g")]),
                    output: FieldSchema("", .charField, maxLength: 10),
                    isStored: true
                )
            ),
            "varchar(10) GENERATED ALWAYS AS (LOWER(\"g\")) STORED"
        ),
        (
            FieldSchema(
                "f",
                .foreignKey,
                isNullable: true,
                relation: Relation(to: "polls.question", onDelete: .databaseSetNull)
            ),
            "bigint NULL REFERENCES \"polls_question\" (\"id\") ON DELETE SET NULL "
                + "DEFERRABLE INITIALLY DEFERRED"
        ),
        (
            FieldSchema(
                "f",
                .oneToOneField,
                isPrimaryKey: true,
                relation: Relation(to: "polls.question", onDelete: .cascade)
            ),
            "bigint NOT NULL PRIMARY KEY REFERENCES \"polls_question\" (\"id\") "
                + "DEFERRABLE INITIALLY DEFERRED"
        ),
        (
            FieldSchema(
                "f",
                .foreignKey,
                relation: Relation(to: "polls.question", onDelete: .cascade, isEnforced: false)
            ),
            "bigint NOT NULL"
        ),
        (
            FieldSchema(
                "f",
                FieldType(rawValue: "PointField"),
                customColumnType: ["sqlite": "point"]
            ), "point NOT NULL"
        ),
    ]

    @Test(arguments: columns.indices)
    func definesColumnsAsDjango(_ index: Int) async throws {
        let (field, expected) = Self.columns[index]
        let state = MigrationState([
            Polls.question, Polls.model("M", field, FieldSchema("g", .textField)),
        ])
        let editor = SchemaEditor(collectingFor: try Polls.database().schema)
        let model = try TableModel("polls.m", in: state)
        #expect(try editor.columnDefinition(field, in: model) == expected)
    }

    @Test func writesConstraintsAndIndexesAsDjango() async throws {
        var model = Polls.model(
            "Gadget",
            Polls.id,
            FieldSchema("name", .charField, maxLength: 50),
            FieldSchema("price", .integerField),
            FieldSchema("sku", .charField, maxLength: 20, isNullable: true)
        )
        model.uniqueTogether = [["name", "price"]]
        model.indexes = [
            IndexSchema(["-price", "sku"]),
            IndexSchema(
                ["sku"],
                name: "partial_idx",
                condition: .lookup("sku__isnull", .value(.bool(false)))
            ),
            IndexSchema(
                expressions: [
                    .ordered(.function("Lower", [.field("name")]), isDescending: true),
                    .field("price"),
                ],
                name: "lower_idx"
            ),
        ]
        model.constraints = [
            .unique(name: "sku_uniq", fields: ["sku", "name"]),
            .unique(
                name: "sku_some_uniq",
                fields: ["sku"],
                condition: .lookup("price__gt", .value(.int(400)))
            ),
            .unique(name: "lower_uniq", expressions: [.function("Lower", [.field("sku")])]),
            .check(name: "price_gt_0", condition: .lookup("price__gt", .value(.int(0)))),
        ]
        #expect(
            try await statements(model) == [
                "CREATE TABLE \"polls_gadget\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                    + "\"name\" varchar(50) NOT NULL, \"price\" integer NOT NULL, \"sku\" varchar(20) NULL, "
                    + "CONSTRAINT \"sku_uniq\" UNIQUE (\"sku\", \"name\"), "
                    + "CONSTRAINT \"price_gt_0\" CHECK (\"price\" > 0));",
                "CREATE UNIQUE INDEX \"polls_gadget_name_price_4556ee25_uniq\" ON \"polls_gadget\" "
                    + "(\"name\", \"price\");",
                "CREATE UNIQUE INDEX \"sku_some_uniq\" ON \"polls_gadget\" (\"sku\") WHERE \"price\" > 400;",
                "CREATE UNIQUE INDEX \"lower_uniq\" ON \"polls_gadget\" ((LOWER(\"sku\")));",
                "CREATE INDEX \"polls_gadge_price_e03d3e_idx\" ON \"polls_gadget\" (\"price\" DESC, \"sku\");",
                "CREATE INDEX \"partial_idx\" ON \"polls_gadget\" (\"sku\") WHERE \"sku\" IS NOT NULL;",
                "CREATE INDEX \"lower_idx\" ON \"polls_gadget\" ((LOWER(\"name\")) DESC, \"price\");",
            ]
        )
    }

    @Test func makesTheTableOfAManyToManyRelation() async throws {
        let author = Polls.model(
            "Author",
            Polls.id,
            FieldSchema(
                "friends",
                .manyToManyField,
                relation: Relation(to: "polls.author", onDelete: .cascade)
            ),
            FieldSchema(
                "questions",
                .manyToManyField,
                relation: Relation(to: "polls.question", onDelete: .cascade)
            )
        )
        let collected = try await statements(Polls.question, author)
        #expect(
            collected.contains(
                "CREATE TABLE \"polls_author_friends\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "
                    + "\"from_author_id\" bigint NOT NULL REFERENCES \"polls_author\" (\"id\") "
                    + "DEFERRABLE INITIALLY DEFERRED, \"to_author_id\" bigint NOT NULL REFERENCES "
                    + "\"polls_author\" (\"id\") DEFERRABLE INITIALLY DEFERRED);"
            )
        )
        #expect(
            collected.contains(
                "CREATE UNIQUE INDEX \"polls_author_questions_author_id_question_id_7acf9ff8_uniq\" ON "
                    + "\"polls_author_questions\" (\"author_id\", \"question_id\");"
            )
        )
    }

    @Test func leavesUnmanagedAndProxyModelsAlone() async throws {
        var unmanaged = Polls.question
        unmanaged.isManaged = false
        var proxy = Polls.model("Proxy")
        proxy.isProxy = true
        proxy.bases = ["polls.question"]
        #expect(try await statements(unmanaged, proxy).isEmpty)
    }

    @Test func namesAnUnknownTarget() async throws {
        await #expect(
            throws: MigrationError.unknownModel("polls.question", choices: ["polls.choice"])
        ) { try await statements(Polls.choice) }
    }
}
