public import NuagesCore

/// The app of ``ContentType``, for sites whose rows refer to rows of any model.
///
///     let apps: [any App] = [ContentTypesApp(), ZooApp()]
///
/// Django: `django.contrib.contenttypes`.
public struct ContentTypesApp: ModelApp {
    /// `contenttypes`.
    public let label = "contenttypes"
    /// The table of content types.
    public let models: [any Model.Type] = [ContentType.self]
    /// Django's two migrations, so that a database of Django's counts as migrated.
    public let migrations = [
        Migration(app: "contenttypes", name: "0001_initial", isInitial: true) {
            CreateModel(
                "ContentType",
                fields: [
                    FieldSchema(
                        "id",
                        .bigAutoField,
                        isPrimaryKey: true,
                        verboseName: "ID",
                        isAutoCreated: true
                    ),
                    FieldSchema("app_label", .charField, maxLength: 100),
                    FieldSchema(
                        "model",
                        .charField,
                        maxLength: 100,
                        verboseName: "python model class name"
                    ),
                ]
            ) { model in
                model.databaseTable = "django_content_type"
                model.verboseName = "content type"
                model.verboseNamePlural = "content types"
                model.uniqueTogether = [["app_label", "model"]]
            }
        },
        Migration(
            app: "contenttypes",
            name: "0002_remove_content_type_name",
            dependencies: [MigrationKey("contenttypes", "0001_initial")]
        ) {},
    ]

    /// The app.
    public init() {}
}
