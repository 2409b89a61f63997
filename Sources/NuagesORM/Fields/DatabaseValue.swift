public import NuagesCore

/// A value that the database makes where the program gives none: that of a generated column, or
/// of a column with a default of the database's own.
///
///     @Field(databaseDefault: .int(5)) var priority: DatabaseValue<Int> = .unset
///     @Field(generated: .stored("a" + "b", as: .integerField)) var total: DatabaseValue<Int> = .unset
///
/// Django: `db_default` and `GeneratedField`; an unset value is its `DatabaseDefault`.
@frozen
public enum DatabaseValue<Value: FieldValue>: Sendable {
    /// Not given: the database decides when the row is saved.
    case unset
    /// What the column holds, or shall hold.
    case value(Value)

    /// What the column holds; nil where the database has not decided yet.
    @inlinable public var value: Value? { if case .value(let value) = self { value } else { nil } }

    /// Whether the database decides.
    @inlinable public var isUnset: Bool { if case .unset = self { true } else { false } }
}

extension DatabaseValue: Equatable where Value: Equatable {}
extension DatabaseValue: Hashable where Value: Hashable {}

extension DatabaseValue: FieldValue {
    /// The type within.
    public typealias Base = Value.Base
    /// The kind of field of the type within.
    public static var fieldType: FieldType { Value.fieldType }
    /// Whether the type within is optional.
    public static var isNullable: Bool { Value.isNullable }
    /// The choices of the type within.
    public static var fieldChoices: [FieldChoice] { Value.fieldChoices }
    /// As the type within.
    ///
    /// - Parameter schema: the field's schema.
    public static func configure(_ schema: inout FieldSchema) { Value.configure(&schema) }

    /// Reads the type within.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    @inlinable
    public init(column: ColumnValue) throws(DecodingFailure) {
        self = .value(try Value(column: column))
    }

    /// The value within, or `NULL`.
    public var sqlValue: SQLValue { value?.sqlValue ?? .null }
}

extension DatabaseValue: ContextConvertible where Value: ContextConvertible {
    /// The value within, or none.
    public var contextValue: ContextValue { value?.contextValue ?? .none }
}

extension DatabaseValue: ExpressibleByIntegerLiteral where Value: ExpressibleByIntegerLiteral {
    /// A given value.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Value.IntegerLiteralType) {
        self = .value(Value(integerLiteral: value))
    }
}

extension DatabaseValue: ExpressibleByUnicodeScalarLiteral
where Value: ExpressibleByUnicodeScalarLiteral {
    /// A given value.
    ///
    /// - Parameter value: the text.
    public init(unicodeScalarLiteral value: Value.UnicodeScalarLiteralType) {
        self = .value(Value(unicodeScalarLiteral: value))
    }
}

extension DatabaseValue: ExpressibleByExtendedGraphemeClusterLiteral
where Value: ExpressibleByExtendedGraphemeClusterLiteral {
    /// A given value.
    ///
    /// - Parameter value: the text.
    public init(extendedGraphemeClusterLiteral value: Value.ExtendedGraphemeClusterLiteralType) {
        self = .value(Value(extendedGraphemeClusterLiteral: value))
    }
}

extension DatabaseValue: ExpressibleByStringLiteral where Value: ExpressibleByStringLiteral {
    /// A given value.
    ///
    /// - Parameter value: the text.
    public init(stringLiteral value: Value.StringLiteralType) {
        self = .value(Value(stringLiteral: value))
    }
}
