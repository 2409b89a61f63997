/// What an array in a column can be of.
///
/// All types that a column can hold are; bytes are the exception, whose array is one value of a
/// `BinaryField`.
public protocol ArrayElement: Sendable {
    /// The kind of field that holds an array of the type.
    static var arrayFieldType: FieldType { get }
    /// Completes the schema of a field that holds an array of the type.
    ///
    /// - Parameter schema: the field's schema.
    static func configureArray(_ schema: inout FieldSchema)
    /// Reads an array.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Returns: the elements.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    static func array(of column: ColumnValue) throws(DecodingFailure) -> [Self]
    /// An array as it is bound to a statement.
    ///
    /// - Parameter elements: the elements.
    /// - Returns: the value.
    static func sqlValue(of elements: [Self]) -> SQLValue
}

extension ArrayElement where Self: FieldValue {
    /// `ArrayField`.
    public static var arrayFieldType: FieldType { .arrayField }

    /// Sets the field of the elements.
    ///
    /// - Parameter schema: the field's schema.
    public static func configureArray(_ schema: inout FieldSchema) {
        var base = FieldSchema("", fieldType)
        base.choices = fieldChoices
        base.isNullable = isNullable
        configure(&base)
        schema.baseField = base
    }

    /// Reads an array.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Returns: the elements.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    public static func array(of column: ColumnValue) throws(DecodingFailure) -> [Self] {
        guard case .array(let array) = column else { throw DecodingFailure() }
        let elements = array.takeUnretainedValue().elements
        var values: [Self] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(try Self(column: element)) }
        return values
    }

    /// An array as it is bound to a statement.
    ///
    /// - Parameter elements: the elements.
    /// - Returns: the value.
    public static func sqlValue(of elements: [Self]) -> SQLValue {
        .array(elements.map(\.sqlValue))
    }
}

extension UInt8: ArrayElement {
    /// `BinaryField`.
    public static var arrayFieldType: FieldType { .binaryField }

    /// Nothing.
    ///
    /// - Parameter schema: the field's schema.
    public static func configureArray(_ schema: inout FieldSchema) {}

    /// Reads bytes.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Returns: the bytes.
    /// - Throws: ``DecodingFailure`` for anything else.
    public static func array(of column: ColumnValue) throws(DecodingFailure) -> [UInt8] {
        switch column {
        case .blob(let bytes), .text(let bytes): Array(bytes)
        default: throw DecodingFailure()
        }
    }

    /// The bytes.
    ///
    /// - Parameter elements: the bytes.
    /// - Returns: the value.
    public static func sqlValue(of elements: [UInt8]) -> SQLValue { .blob(elements) }
}

/// Bytes (`BinaryField`), or an array of values of another field (`ArrayField`, PostgreSQL).
///
///     var digest: [UInt8]          // bytea
///     var tags: [String]           // text[]
///     var board: [[Int]]           // integer[][]
///     var marks: [Int?]            // integer[], of which some may be NULL
extension Array: FieldValue, ArrayElement where Element: ArrayElement {
    /// The array itself.
    public typealias Base = Self
    /// `ArrayField`; `BinaryField` for bytes.
    public static var fieldType: FieldType { Element.arrayFieldType }
    /// The elements as they are bound to a statement.
    public var sqlValue: SQLValue { Element.sqlValue(of: self) }

    /// Sets the field of the elements.
    ///
    /// - Parameter schema: the field's schema.
    public static func configure(_ schema: inout FieldSchema) { Element.configureArray(&schema) }

    /// Reads an array.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        self = try Element.array(of: column)
    }
}
