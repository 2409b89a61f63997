import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ValueType {
    /// The value of a column of this type.
    ///
    /// Django: `get_db_converters` and `from_db_value`.
    ///
    /// - Throws: ``DecodingFailure`` where the column holds something else.
    func value(of column: ColumnValue) throws(DecodingFailure) -> SQLValue {
        if case .null = column { return .null }
        switch family {
        case .boolean:
            guard case .int(let number) = column, number == 0 || number == 1 else {
                return column.sqlValue
            }
            return .bool(number == 1)
        case .float:
            if case .int(let number) = column { return .double(Double(number)) }
            return column.sqlValue
        case .decimal: return .decimal(try decimal(column))
        case .date: return .date(try CalendarDate(column: column))
        case .time: return .time(try TimeOfDay(column: column))
        case .dateTime: return .dateTime(try Date(column: column))
        case .duration: return .duration(try Duration(column: column))
        case .uuid: return .uuid(try UUID(column: column))
        case .json: return .json(try JSONValue(column: column))
        case .binary: return bytes(column)
        case .integer, .text, .address, .other: return column.sqlValue
        }
    }

    private func bytes(_ column: ColumnValue) -> SQLValue {
        if case .text(let bytes) = column { .blob(Array(bytes)) } else { column.sqlValue }
    }

    private func decimal(_ column: ColumnValue) throws(DecodingFailure) -> Decimal {
        if case .int(let value) = column { return Decimal(value) }
        return try Decimal(column: column)
    }
}
