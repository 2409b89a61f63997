// Written by makemigrations.

import NuagesCore
import NuagesORM

extension LibraryMigrations {
    /// The migration `0001_initial`.
    ///
    /// - Create model Author
    /// - Create proxy model Novelist
    /// - Add field note to author
    /// - Alter field note on author
    /// - Rename field note on author to remark
    /// - Remove field remark from author
    /// - Create index age_idx on field(s) age of model author
    /// - Rename index age_idx on author to years_idx
    /// - Remove index years_idx from author
    /// - Create constraint one_photo on model author
    /// - Alter constraint one_photo on author
    /// - Remove constraint one_photo from model author
    /// - Alter unique_together for author (0 constraint(s))
    /// - Set order_with_respect_to on author to mentor
    /// - Rename table for author to authors
    /// - Alter author table comment
    /// - Change Meta options on author
    /// - Rename model Novelist to Storyteller
    /// - Delete model Storyteller
    /// - Raw SQL operation
    /// - Custom state/database change combination
    static let m0001Initial = Migration(
        app: "library",
        name: "0001_initial",
        isInitial: true,
        dependencies: [MigrationKey("polls", "0001_initial"), .swappable("AUTH_USER_MODEL")]
    ) {
        CreateModel(
            "Author",
            fields: [
                FieldSchema(
                    "id",
                    .bigAutoField,
                    isPrimaryKey: true,
                    verboseName: "ID",
                    isAutoCreated: true,
                    isSerialized: false
                ),
                FieldSchema("name", .charField, maxLength: 100, databaseCollation: "nocase"),
                FieldSchema(
                    "alias",
                    .slugField,
                    maxLength: 20,
                    isNullable: true,
                    allowsBlank: true,
                    helpText: "Pen name"
                ),
                FieldSchema(
                    "born",
                    .dateField,
                    isNullable: true,
                    defaultValue: .value(.parsed(.date, "1970-01-31"))
                ),
                FieldSchema("joined", .dateTimeField, defaultValue: .function("Date.now")),
                FieldSchema("age", .positiveSmallIntegerField, defaultValue: .value(.int(30))),
                FieldSchema(
                    "rate",
                    .decimalField,
                    maxDigits: 5,
                    decimalPlaces: 2,
                    defaultValue: .value(.parsed(.decimal, "1.25"))
                ),
                FieldSchema("score", .floatField, databaseDefault: .double(-0.5)),
                FieldSchema(
                    "data",
                    .jsonField,
                    defaultValue: .value(
                        .json(.object([JSONValue.Member("a", .array([.int(1), .null]))]))
                    )
                ),
                FieldSchema(
                    "kind",
                    .charField,
                    maxLength: 1,
                    choices: [
                        FieldChoice(.text("n"), "Novelist"),
                        FieldChoice(.text("p"), "Poet", group: "Verse"),
                    ],
                    validators: [ValidatorSchema("RegexValidator", ["regex": .text("^[np]\\Z")])]
                ),
                FieldSchema("photo", .imageField, customOptions: ["upload_to": .text("photos")]),
                FieldSchema(
                    "place",
                    FieldType(rawValue: "PointField"),
                    customColumnType: ["sqlite": "point"]
                ),
                FieldSchema(
                    "shout",
                    .generatedField,
                    generated: .expression(
                        .operation(.field("name"), "||", .value(.text("!"))),
                        output: FieldSchema("", .charField, maxLength: 101),
                        isStored: true
                    )
                ),
                FieldSchema(
                    "mentor",
                    .foreignKey,
                    isNullable: true,
                    relation: Relation(
                        to: "library.author",
                        onDelete: .setNull,
                        relatedName: "pupils",
                        choicesCondition: .lookup("age__gt", .value(.int(40)))
                    )
                ),
                FieldSchema(
                    "owner",
                    .oneToOneField,
                    relation: Relation(
                        to: "auth.user",
                        onDelete: .cascade,
                        swappableSetting: "AUTH_USER_MODEL"
                    )
                ),
                FieldSchema(
                    "friends",
                    .manyToManyField,
                    relation: Relation(to: "library.author", onDelete: .cascade)
                ),
            ]
        ) { model in
            model.verboseNamePlural = "writers of \"books\"\nand\\or\u{202e} more 📚"
            model.ordering = ["-name", "id"]
            model.uniqueTogether = [["name", "born"]]
            model.indexes = [
                IndexSchema(["name", "-born"], name: "author_name_idx"),
                IndexSchema(
                    expressions: [
                        .ordered(.function("Lower", [.field("name")]), isDescending: true)
                    ],
                    name: "author_lower_idx",
                    condition: .lookup("born__isnull", .value(.bool(false)))
                ),
            ]
            model.constraints = [
                ConstraintSchema.check(
                    name: "author_age",
                    condition: .any(
                        [
                            .lookup("age__gte", .value(.int(18))),
                            .not(.lookup("name", .field("alias"))),
                            .lookup("alias__in", .values([.text("a"), .text("b")])),
                        ]
                    ),
                    violationErrorMessage: "Too young."
                ),
                ConstraintSchema.unique(
                    name: "author_alias",
                    fields: ["alias"],
                    deferrable: .deferred
                ),
            ]
            model.permissions = [PermissionSchema("can_publish", "Can publish")]
        }
        CreateModel("Novelist", fields: [], bases: ["library.author"]) { model in
            model.isProxy = true
        }
        AddField(
            "author",
            FieldSchema("note", .textField, defaultValue: .value(.text(""))),
            keepsDefault: false
        )
        AlterField(
            "author",
            FieldSchema("note", .textField, isNullable: true, databaseComment: "why")
        )
        RenameField("author", from: "note", to: "remark")
        RemoveField("author", "remark")
        AddIndex("author", IndexSchema(["age"], name: "age_idx"))
        RenameIndex("author", from: "age_idx", to: "years_idx")
        RemoveIndex("author", "years_idx")
        AddConstraint("author", ConstraintSchema.unique(name: "one_photo", fields: ["photo"]))
        AlterConstraint(
            "author",
            ConstraintSchema.unique(
                name: "one_photo",
                fields: ["photo"],
                violationErrorCode: "photo"
            )
        )
        RemoveConstraint("author", "one_photo")
        AlterUniqueTogether("author", uniqueTogether: [])
        AlterOrderWithRespectTo("author", field: "mentor")
        AlterModelTable("author", table: "authors")
        AlterModelTableComment("author", comment: "People who write")
        AlterModelOptions(
            "author",
            options: ModelOptions(verboseName: "writer", latestBy: ["joined"])
        )
        RenameModel(from: "Novelist", to: "Storyteller")
        DeleteModel("Storyteller")
        RunSQL("UPDATE authors SET age = age + 1", reverse: "")
        SeparateDatabaseAndState(
            database: {
                RunSQL("SELECT 1", reverse: "SELECT 2", isElidable: true)
            },
            state: {
                AlterModelTable("author", table: nil)
            }
        )
    }
}
