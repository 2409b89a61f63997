// Written by makemigrations.

import Nuages

extension NewsroomMigrations {
    /// The migration `0001_initial`.
    ///
    /// - Create model Author
    /// - Create model Tag
    /// - Create model Article
    /// - Create model Comment
    /// - Create model Link
    static let m0001Initial = Migration(app: "newsroom", name: "0001_initial", isInitial: true) {
        CreateModel(
            "Author",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("name", .charField, maxLength: 100),
            ]
        )
        CreateModel(
            "Tag",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("name", .charField, maxLength: 50, isUnique: true),
                FieldSchema("slug", .slugField, maxLength: 50, isUnique: true),
            ]
        )
        CreateModel(
            "Article",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("title", .charField, maxLength: 200),
                FieldSchema(
                    "slug",
                    .slugField,
                    maxLength: 80,
                    isUnique: true,
                    helpText: "Letters, digits and hyphens: the last part of the article’s address."
                ),
                FieldSchema(
                    "cover",
                    .imageField,
                    maxLength: 100,
                    isNullable: true,
                    allowsBlank: true,
                    verboseName: "cover image",
                    customOptions: ["upload_to": .text("covers/%Y/%m")]
                ),
                FieldSchema(
                    "summary",
                    .charField,
                    maxLength: 300,
                    allowsBlank: true,
                    defaultValue: .value(.text("")),
                    helpText: "One or two sentences for the list of articles."
                ),
                FieldSchema("body", .textField),
                FieldSchema(
                    "status",
                    .charField,
                    maxLength: 10,
                    defaultValue: .value(.text("draft")),
                    choices: [
                        FieldChoice(.text("draft"), "Draft"),
                        FieldChoice(.text("published"), "Published"),
                    ]
                ),
                FieldSchema(
                    "created",
                    .dateTimeField,
                    allowsBlank: true,
                    isEditable: false,
                    isSetOnCreate: true
                ),
                FieldSchema(
                    "updated",
                    .dateTimeField,
                    allowsBlank: true,
                    isEditable: false,
                    isSetOnSave: true
                ),
                FieldSchema(
                    "author",
                    .foreignKey,
                    relation: Relation(
                        to: "newsroom.author",
                        onDelete: .protect,
                        relatedName: "articles"
                    )
                ),
                FieldSchema(
                    "tags",
                    .manyToManyField,
                    allowsBlank: true,
                    relation: Relation(
                        to: "newsroom.tag",
                        onDelete: .cascade,
                        relatedName: "articles"
                    )
                ),
            ]
        )
        CreateModel(
            "Comment",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("name", .charField, maxLength: 80, verboseName: "your name"),
                FieldSchema(
                    "email",
                    .emailField,
                    maxLength: 254,
                    verboseName: "your email address",
                    helpText: "Only the editors see it."
                ),
                FieldSchema(
                    "text",
                    .textField,
                    verboseName: "comment",
                    helpText: "It appears once an editor has approved it."
                ),
                FieldSchema(
                    "moderation",
                    .charField,
                    maxLength: 10,
                    defaultValue: .value(.text("waiting")),
                    choices: [
                        FieldChoice(.text("waiting"), "Waiting"),
                        FieldChoice(.text("approved"), "Approved"),
                        FieldChoice(.text("refused"), "Refused"),
                    ]
                ),
                FieldSchema(
                    "written",
                    .dateTimeField,
                    allowsBlank: true,
                    isEditable: false,
                    isSetOnCreate: true
                ),
                FieldSchema(
                    "article",
                    .foreignKey,
                    relation: Relation(to: "newsroom.article", onDelete: .cascade)
                ),
            ]
        )
        CreateModel(
            "Link",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true
                ),
                FieldSchema("label", .charField, maxLength: 100),
                FieldSchema("url", .urlField, maxLength: 200),
                FieldSchema(
                    "article",
                    .foreignKey,
                    relation: Relation(
                        to: "newsroom.article",
                        onDelete: .cascade,
                        relatedName: "links"
                    )
                ),
            ]
        )
    }
}
