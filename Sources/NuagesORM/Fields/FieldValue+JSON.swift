public import NuagesCore

extension JSONValue: FieldValue {
    /// `JSONField`.
    public static var fieldType: FieldType { .jsonField }
    /// The document.
    public var sqlValue: SQLValue { .json(self) }

    /// Reads the text of a document.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard case .text(let bytes) = column, let value = try? JSONValue(parsing: Array(bytes))
        else { throw DecodingFailure() }
        self = value
    }
}
