@testable import NuagesORM

/// A model with a field of each kind, and the migration that makes it beside those of the tutorial.
enum Samples {
    static let sample = ModelSchema(
        app: "polls",
        name: "Sample",
        fields: [
            FieldSchema("id", .uuidField, isPrimaryKey: true),
            FieldSchema("name", .charField, maxLength: 100, defaultValue: .value(.text("a \"b\""))),
            FieldSchema("note", .textField, isNullable: true),
            FieldSchema("slug", .slugField, maxLength: 20, isNullable: true),
            FieldSchema("mail", .emailField, maxLength: 254, isNullable: true),
            FieldSchema("home", .urlField, maxLength: 200, isNullable: true),
            FieldSchema("is_open", .booleanField, defaultValue: .value(.bool(true))),
            FieldSchema("count", .integerField, defaultValue: .value(.int(-3))),
            FieldSchema("small", .smallIntegerField, isNullable: true),
            FieldSchema("big", .bigIntegerField, isNullable: true),
            FieldSchema("positive", .positiveIntegerField, isNullable: true),
            FieldSchema("rate", .decimalField, maxDigits: 5, decimalPlaces: 2, isNullable: true),
            FieldSchema("score", .floatField, isNullable: true),
            FieldSchema("born", .dateField, isNullable: true),
            FieldSchema("starts", .timeField, isNullable: true),
            FieldSchema("made", .dateTimeField, isSetOnCreate: true),
            FieldSchema("took", .durationField, isNullable: true),
            FieldSchema("document", .jsonField, isNullable: true),
            FieldSchema("raw", .binaryField, isNullable: true),
            FieldSchema("address", .genericIPAddressField, isNullable: true),
            FieldSchema("photo", .fileField, maxLength: 100, isNullable: true),
            FieldSchema("class", .charField, maxLength: 5, isNullable: true),
            FieldSchema(
                "kind_2",
                .charField,
                maxLength: 5,
                isNullable: true,
                databaseColumn: "kind"
            ),
            FieldSchema(
                "twice",
                .generatedField,
                generated: .expression(
                    .operation(.field("count"), "*", .value(.int(2))),
                    output: FieldSchema("", .integerField),
                    isStored: true
                )
            ),
            FieldSchema(
                "question",
                .foreignKey,
                isNullable: true,
                relation: Relation(to: "polls.question", onDelete: .setNull)
            ),
            FieldSchema(
                "choice",
                .oneToOneField,
                isNullable: true,
                relation: Relation(to: "polls.choice", onDelete: .cascade)
            ),
            FieldSchema(
                "related",
                .manyToManyField,
                relation: Relation(to: "polls.question", onDelete: .cascade)
            ),
        ]
    )

    /// A model with fields of PostgreSQL.
    static let list = ModelSchema(
        app: "polls",
        name: "List",
        fields: [
            Polls.id,
            FieldSchema(
                "tags",
                .arrayField,
                defaultValue: .value(.array([])),
                baseField: FieldSchema("", .textField)
            ),
            FieldSchema(
                "codes",
                .arrayField,
                isNullable: true,
                baseField: FieldSchema("", .charField, maxLength: 5)
            ),
            FieldSchema(
                "board",
                .arrayField,
                defaultValue: .value(.array([])),
                customOptions: ["size": .int(2)],
                baseField: FieldSchema(
                    "",
                    .arrayField,
                    baseField: FieldSchema("", .integerField, isNullable: true)
                )
            ),
            FieldSchema(
                "days",
                .arrayField,
                isNullable: true,
                baseField: FieldSchema("", .dateTimeField)
            ),
        ]
    )

    static let initial = Migration(app: "polls", name: "0001_initial", isInitial: true) {
        CreateModel("Question", fields: Polls.question.fields)
        CreateModel("Choice", fields: Polls.choice.fields)
        CreateModel("Sample", fields: sample.fields)
    }

    static var state: MigrationState {
        MigrationState([Polls.question, Polls.choice, sample])
    }
}
