public import NuagesCore

/// A primary key of several columns.
///
///     @Model(compositeKey: ["tenant_id", "number"])
///     struct Invoice {
///         @ForeignKey(onDelete: .cascade) var tenant: Tenant.Reference
///         var number: Int
///     }
///     try await Invoice.objects.get(Invoice.ID(Invoice.Key(tenant: 1, number: 7)))
///
/// Django: `CompositePrimaryKey`.
public protocol CompositeKey: ModelKey where Base == Self {
    /// The values of the columns, in the order of the key.
    var columnValues: [SQLValue] { get }
    /// A key of the columns' values.
    ///
    /// - Parameter columnValues: the values, in the order of the key.
    /// - Throws: ``DecodingFailure`` where they are of other types.
    init(columnValues: [SQLValue]) throws(DecodingFailure)
}

extension ModelKey {
    /// The values of the key's columns: one, but for composite keys.
    var keyValues: [SQLValue] { (self as? any CompositeKey)?.columnValues ?? [sqlValue] }
}

extension CompositeKey {
    /// `CompositePrimaryKey`.
    public static var fieldType: FieldType { .compositePrimaryKey }

    /// Reads the text of a JSON list; tables have a column for each value.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard case .array(let values) = try JSONValue(column: column) else {
            throw DecodingFailure()
        }
        try self.init(columnValues: values.map { SQLValue(document: $0) })
    }

    /// The values as a JSON list.
    public var sqlValue: SQLValue { .json(.array(columnValues.map { JSONValue(column: $0) })) }

    /// The values as a list, which tuple comparisons take.
    public var operand: ExpressionNode { .list(columnValues.map { .value($0) }) }

    /// The values in brackets: `(1, 2)`.
    public var description: String {
        "(\(columnValues.map(\.storedForm).joined(separator: ", ")))"
    }

    /// The values.
    public var contextValue: ContextValue { .array(columnValues.map { ContextValue($0) }) }
}

extension SQLValue {
    /// The value that a scalar of a document stands for.
    init(document: JSONValue) {
        switch document {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .text(text)
        case .array, .object: self = .json(document)
        }
    }

    /// The text of the value, as a column of a database without its type holds it.
    fileprivate var storedForm: String {
        switch self {
        case .int(let number): return String(number)
        case .double(let number): return String(number)
        default: return (try? read(String.self)) ?? "None"
        }
    }

    /// Reads the value as the property of a key holds it.
    ///
    /// - Returns: the value.
    /// - Throws: ``DecodingFailure`` for a value of another type.
    public func read<Value: FieldValue>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFailure) -> Value {
        var result: Value?
        try withColumn { column throws(DecodingFailure) in result = try Value(column: column) }
        guard let result else { throw DecodingFailure() }
        return result
    }
}

extension JSONValue {
    fileprivate init(column: SQLValue) {
        switch column {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .text(let text): self = .string(text)
        case .json(let document): self = document
        default: self = .string(column.storedForm)
        }
    }
}
