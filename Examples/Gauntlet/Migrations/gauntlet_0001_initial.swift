// Written by makemigrations.

import Nuages

extension GauntletMigrations {
    /// The migration `0001_initial`.
    ///
    /// - Create model Item
    /// - Create model Message
    /// - Create model StoredFile
    static let m0001Initial = Migration(app: "gauntlet", name: "0001_initial", isInitial: true) {
        CreateModel(
            "Item",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("title", .charField, maxLength: 100),
                FieldSchema("colour", .charField, maxLength: 30),
                FieldSchema("price", .integerField),
            ]
        )
        CreateModel(
            "Message",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("name", .charField, maxLength: 100),
                FieldSchema("email", .charField, maxLength: 254),
                FieldSchema("site", .charField, maxLength: 200),
                FieldSchema(
                    "written",
                    .dateTimeField,
                    allowsBlank: true,
                    isEditable: false,
                    isSetOnCreate: true
                ),
            ]
        )
        CreateModel(
            "StoredFile",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("name", .charField, maxLength: 255),
                FieldSchema("stored_name", .charField, maxLength: 100, isUnique: true),
                FieldSchema("content_type", .charField, maxLength: 100),
                FieldSchema("size", .integerField),
            ]
        )
    }
}
