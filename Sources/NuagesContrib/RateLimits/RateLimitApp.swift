public import NuagesCore
public import NuagesORM

/// The table of ``DatabaseRateLimitStore``.
public struct RateLimitApp: ModelApp {
    /// `ratelimits`.
    public let label = "ratelimits"
    /// The table.
    public let models: [any Model.Type] = [RateLimitBucket.self]
    /// One migration.
    public let migrations = [
        Migration(app: "ratelimits", name: "0001_initial", isInitial: true) {
            CreateModel(
                "RateLimitBucket",
                fields: [
                    FieldSchema("key", .charField, maxLength: 64, isPrimaryKey: true),
                    FieldSchema("full_at", .bigIntegerField, isIndexed: true),
                ]
            )
        }
    ]

    /// The app.
    public init() {}
}

/// One client's bucket.
@Model(app: "ratelimits")
struct RateLimitBucket {
    /// A digest of what tells the client from others.
    @Field(maxLength: 64, primaryKey: true) var key: String
    /// When the bucket will be full again, in nanoseconds since 1970.
    @Field(kind: .bigIntegerField, index: true) var fullAt: Int
}
