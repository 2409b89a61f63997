public import NuagesCore

/// A Swift type that a column can hold.
///
/// A type of your own conforms by saying which kind of field it is, and how it is read and written:
///
///     struct Celsius: FieldValue {
///         var degrees: Double
///         static var fieldType: FieldType { .floatField }
///         init(column: ColumnValue) throws(DecodingFailure) { degrees = try Double(column: column) }
///         var sqlValue: SQLValue { .double(degrees) }
///     }
public protocol FieldValue: ArrayElement {
    /// The type without `Optional`, which comparisons are made with.
    associatedtype Base: FieldValue = Self where Base.Base == Base

    /// The kind of field that holds the type where the model names none.
    static var fieldType: FieldType { get }
    /// Whether the column may be `NULL`.
    static var isNullable: Bool { get }
    /// The values to choose from, for types that have only some.
    static var fieldChoices: [FieldChoice] { get }

    /// Sets what else the type says of its field, such as the column types of a kind of its own.
    ///
    /// - Parameter schema: the field's schema, with the type's kind.
    static func configure(_ schema: inout FieldSchema)

    /// Reads a column.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    init(column: ColumnValue) throws(DecodingFailure)

    /// The value as it is bound to a statement.
    var sqlValue: SQLValue { get }

    /// The value as a query compares with it.
    var operand: ExpressionNode { get }
}

extension FieldValue {
    /// The bound value.
    public var operand: ExpressionNode { .value(sqlValue) }
    /// False: only `Optional` may be `NULL`.
    public static var isNullable: Bool { false }
    /// Nothing.
    ///
    /// - Parameter schema: the field's schema.
    public static func configure(_ schema: inout FieldSchema) {}
    /// None: any value may be stored.
    public static var fieldChoices: [FieldChoice] { [] }
}

/// A value that may be `NULL`: what is made of it may be too.
public protocol NullableFieldValue: FieldValue {}

extension Optional: NullableFieldValue where Wrapped: FieldValue {}

extension Optional: FieldValue, ArrayElement where Wrapped: FieldValue {
    /// The type within.
    public typealias Base = Wrapped.Base
    /// The kind of field of the type within.
    public static var fieldType: FieldType { Wrapped.fieldType }
    /// True.
    public static var isNullable: Bool { true }
    /// The choices of the type within.
    public static var fieldChoices: [FieldChoice] { Wrapped.fieldChoices }
    /// As the type within.
    ///
    /// - Parameter schema: the field's schema.
    public static func configure(_ schema: inout FieldSchema) { Wrapped.configure(&schema) }

    /// Nil for `NULL`.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    @inlinable
    public init(column: ColumnValue) throws(DecodingFailure) {
        if case .null = column { self = nil } else { self = try Wrapped(column: column) }
    }

    /// The value within, or `NULL`.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

/// An enumeration whose cases are the choices of a field.
///
///     enum Status: String, FieldChoices { case draft, inReview }
///     // choices: [("draft", "Draft"), ("inReview", "In Review")]
///
/// Django: `models.TextChoices` and `models.IntegerChoices`.
public protocol FieldChoices: FieldValue, RawRepresentable, CaseIterable, ContextConvertible
where RawValue: FieldValue, RawValue: ContextConvertible {
    /// What people read for the case.
    var label: String { get }
}

extension FieldChoices {
    /// The case's name in words: `inReview` becomes `In Review`.
    public var label: String { PropertyName.words("\(self)") }

    /// The kind of field of the raw value.
    public static var fieldType: FieldType { RawValue.fieldType }

    /// The cases with their labels.
    public static var fieldChoices: [FieldChoice] {
        allCases.map { FieldChoice($0.rawValue.sqlValue, $0.label) }
    }

    /// Reads the raw value.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for a value that no case has.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard let value = Self(rawValue: try RawValue(column: column)) else {
            throw DecodingFailure()
        }
        self = value
    }

    /// The raw value.
    public var sqlValue: SQLValue { rawValue.sqlValue }

    /// What a template sees: the raw value.
    public var contextValue: ContextValue { rawValue.contextValue }
}
