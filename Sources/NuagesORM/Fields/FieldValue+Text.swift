import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension String: FieldValue {
    /// `TextField`; a field with a `maxLength` is a `CharField`.
    public static var fieldType: FieldType { .textField }
    /// The text.
    public var sqlValue: SQLValue { .text(self) }

    /// Reads text.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else, and for text that is not UTF-8.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard case .text(let bytes) = column,
            let text = String(validUTF8: bytes)
        else { throw DecodingFailure() }
        self = text
    }
}

extension UUID: FieldValue {
    /// `UUIDField`.
    public static var fieldType: FieldType { .uuidField }
    /// The UUID.
    public var sqlValue: SQLValue { .uuid(self) }

    /// Reads 32 hexadecimal digits, with or without hyphens.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .uuid(let uuid): self = uuid
        case .text(let bytes):
            guard let value = StoredText.uuid(bytes) else { throw DecodingFailure() }
            self = value
        default: throw DecodingFailure()
        }
    }
}
