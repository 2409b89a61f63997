import NuagesORM

/// The types of columns that need nothing but the kind of field.
enum PostgreSQLTypes {
    static let plain: [FieldType: String] = [
        .autoField: "integer", .bigAutoField: "bigint", .smallAutoField: "smallint",
        .binaryField: "bytea", .booleanField: "boolean", .dateField: "date",
        .dateTimeField: "timestamp with time zone", .durationField: "interval",
        .floatField: "double precision", .integerField: "integer", .bigIntegerField: "bigint",
        .smallIntegerField: "smallint", .genericIPAddressField: "inet", .jsonField: "jsonb",
        .positiveBigIntegerField: "bigint", .positiveIntegerField: "integer",
        .positiveSmallIntegerField: "smallint", .textField: "text", .timeField: "time",
        .uuidField: "uuid", .orderWrt: "integer",
    ]

    /// The types of columns of the kinds that only PostgreSQL has.
    static let own: [FieldType: String] = [
        .hstoreField: "hstore", .integerRangeField: "int4range",
        .bigIntegerRangeField: "int8range", .decimalRangeField: "numrange",
        .dateTimeRangeField: "tstzrange", .dateRangeField: "daterange",
        .searchVectorField: "tsvector", .searchQueryField: "tsquery",
    ]
}
