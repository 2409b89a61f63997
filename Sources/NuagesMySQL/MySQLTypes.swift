import NuagesORM

/// The types of columns that need nothing but the kind of field.
enum MySQLTypes {
    static let plain: [FieldType: String] = [
        .autoField: "integer", .bigAutoField: "bigint", .smallAutoField: "smallint",
        .binaryField: "longblob", .booleanField: "bool", .dateField: "date",
        .dateTimeField: "datetime(6)", .durationField: "bigint",
        .floatField: "double precision", .integerField: "integer", .bigIntegerField: "bigint",
        .smallIntegerField: "smallint", .genericIPAddressField: "char(39)", .jsonField: "json",
        .positiveBigIntegerField: "bigint UNSIGNED", .positiveIntegerField: "integer UNSIGNED",
        .positiveSmallIntegerField: "smallint UNSIGNED", .textField: "longtext",
        .timeField: "time(6)", .uuidField: "uuid", .orderWrt: "integer",
    ]

    /// What `CAST` knows the kinds by.
    static let casts: [FieldType: String] = [
        .autoField: "signed", .bigAutoField: "signed", .smallAutoField: "signed",
        .integerField: "signed", .bigIntegerField: "signed", .smallIntegerField: "signed",
        .positiveBigIntegerField: "unsigned", .positiveIntegerField: "unsigned",
        .positiveSmallIntegerField: "unsigned", .booleanField: "signed",
        .durationField: "signed", .orderWrt: "signed", .textField: "char",
        .floatField: "double", .dateField: "date", .dateTimeField: "datetime(6)",
        .timeField: "time(6)", .uuidField: "uuid", .binaryField: "binary",
        .genericIPAddressField: "char(39)",
    ]
}
