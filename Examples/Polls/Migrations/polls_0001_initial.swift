// Written by makemigrations.

import Nuages

extension PollsMigrations {
    /// The migration `0001_initial`.
    ///
    /// - Create model Question
    /// - Create model Choice
    static let m0001Initial = Migration(app: "polls", name: "0001_initial", isInitial: true) {
        CreateModel(
            "Question",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("question_text", .charField, maxLength: 200),
                FieldSchema("pub_date", .dateTimeField, verboseName: "date published"),
            ]
        )
        CreateModel(
            "Choice",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("choice_text", .charField, maxLength: 200),
                FieldSchema("votes", .integerField, defaultValue: .value(.int(0))),
                FieldSchema(
                    "question",
                    .foreignKey,
                    relation: Relation(to: "polls.question", onDelete: .cascade)
                ),
            ]
        )
    }
}
