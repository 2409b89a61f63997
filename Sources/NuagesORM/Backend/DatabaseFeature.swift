/// Something that a database can do, by Django's name: what a model may need to have a table.
///
///     @Model(requiredDatabaseFeatures: [.supportsPartialIndexes])
///     struct Booking { … }
///
/// A name that is not known is something that no database can do.
///
/// Django: the attributes of `DatabaseFeatures`, in `required_db_features`.
public struct DatabaseFeature: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    /// Django's name, such as `supports_partial_indexes`.
    public let rawValue: String

    /// A feature.
    ///
    /// - Parameter rawValue: Django's name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A feature.
    ///
    /// - Parameter value: Django's name.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// Indexes of some rows only.
    public static let supportsPartialIndexes: Self = "supports_partial_indexes"
    /// Indexes of expressions.
    public static let supportsExpressionIndexes: Self = "supports_expression_indexes"
    /// Indexes that hold further columns.
    public static let supportsCoveringIndexes: Self = "supports_covering_indexes"
    /// Unique constraints that are checked at the end of a transaction.
    public static let supportsDeferrableUniqueConstraints: Self =
        "supports_deferrable_unique_constraints"
    /// Unique constraints that say whether NULLs are equal.
    public static let supportsNullsDistinctUniqueConstraints: Self =
        "supports_nulls_distinct_unique_constraints"
    /// Tablespaces.
    public static let supportsTablespaces: Self = "supports_tablespaces"
    /// Comments on tables and columns.
    public static let supportsComments: Self = "supports_comments"
    /// Columns of characters without a greatest length.
    public static let supportsUnlimitedCharacters: Self = "supports_unlimited_charfield"
    /// Columns of decimals without a number of digits.
    public static let supportsUnlimitedDecimals: Self = "supports_no_precision_decimalfield"
    /// Foreign keys that set their default where what they refer to is deleted.
    public static let supportsSetDefaultOnDelete: Self = "supports_on_delete_db_default"
    /// Documents that are asked whether they contain another.
    public static let supportsJSONContains: Self = "supports_json_field_contains"
    /// A type of the database's own for documents.
    public static let hasNativeJSON: Self = "has_native_json_field"
    /// Rows that are locked.
    public static let hasRowLocks: Self = "has_select_for_update"
    /// Rows that are distinct by some columns.
    public static let canBeDistinctOnFields: Self = "can_distinct_on_fields"
    /// Changes of the schema that are rolled back.
    public static let canRollBackSchemaChanges: Self = "can_rollback_ddl"
    /// Constraints that are checked at the end of a transaction.
    public static let canDeferConstraintChecks: Self = "can_defer_constraint_checks"
    /// Statements that insert and return rows.
    public static let canReturnInsertedRows: Self = "can_return_rows_from_bulk_insert"

    /// What says whether a database has a feature.
    private static let known: [Self: @Sendable (DatabaseFeatures) -> Bool] = [
        .supportsPartialIndexes: { $0.supportsPartialIndexes },
        .supportsExpressionIndexes: { $0.supportsExpressionIndexes },
        .supportsCoveringIndexes: { $0.supportsIncludedColumns },
        .supportsDeferrableUniqueConstraints: { $0.supportsDeferrableUnique },
        .supportsNullsDistinctUniqueConstraints: { $0.supportsNullsDistinct },
        .supportsTablespaces: { $0.supportsTablespaces },
        .supportsComments: { $0.supportsComments },
        .supportsUnlimitedCharacters: { $0.supportsUnlimitedCharacters },
        .supportsUnlimitedDecimals: { $0.supportsUnlimitedDecimals },
        .supportsSetDefaultOnDelete: { $0.supportsSetDefaultOnDelete },
        .supportsJSONContains: { $0.supportsJSONContains },
        .hasNativeJSON: { $0.hasJSONType },
        .hasRowLocks: { $0.hasRowLocks },
        .canBeDistinctOnFields: { $0.supportsDistinctOn },
        .canRollBackSchemaChanges: { $0.supportsTransactionalDDL },
        .canDeferConstraintChecks: { $0.supportsDeferrableConstraints },
        .canReturnInsertedRows: { $0.supportsReturning },
    ]

    /// Whether a database has the feature.
    ///
    /// - Parameter features: what the database can do.
    /// - Returns: true if it has.
    public func isAmong(_ features: DatabaseFeatures) -> Bool {
        Self.known[self]?(features) ?? false
    }
}

extension ModelSchema {
    /// Whether the model may have a table in a database.
    ///
    /// Django: `can_migrate`.
    func isPossible(on vendor: String, _ features: DatabaseFeatures) -> Bool {
        if let requiredDatabaseVendor { return requiredDatabaseVendor == vendor }
        return requiredDatabaseFeatures.allSatisfy { $0.isAmong(features) }
    }
}
