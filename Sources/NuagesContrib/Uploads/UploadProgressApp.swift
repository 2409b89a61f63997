public import NuagesCore
public import NuagesORM

/// The table of ``DatabaseUploadProgressStore``.
public struct UploadProgressApp: ModelApp {
    /// `uploadprogress`.
    public let label = "uploadprogress"
    /// The table.
    public let models: [any Model.Type] = [UploadNote.self]
    /// One migration.
    public let migrations = [
        Migration(app: "uploadprogress", name: "0001_initial", isInitial: true) {
            CreateModel(
                "UploadNote",
                fields: [
                    FieldSchema("key", .charField, maxLength: 64, isPrimaryKey: true),
                    FieldSchema("state", .charField, maxLength: 10),
                    FieldSchema("received", .bigIntegerField),
                    FieldSchema("total", .bigIntegerField, isNullable: true),
                    FieldSchema("field", .charField, maxLength: 100),
                    FieldSchema("file", .charField, maxLength: 100),
                    FieldSchema("touched", .bigIntegerField, isIndexed: true),
                ]
            )
        }
    ]

    /// The app.
    public init() {}
}

/// How far one upload has come.
@Model(app: "uploadprogress")
struct UploadNote {
    /// A digest of the id: who reads the table can ask for no upload.
    @Field(maxLength: 64, primaryKey: true) var key: String
    @Field(maxLength: 10) var state: String
    @Field(kind: .bigIntegerField) var received: Int
    @Field(kind: .bigIntegerField) var total: Int?
    @Field(maxLength: 100) var field: String
    @Field(maxLength: 100) var file: String
    /// When it was noted, in seconds since 1970.
    @Field(kind: .bigIntegerField, index: true) var touched: Int
}
