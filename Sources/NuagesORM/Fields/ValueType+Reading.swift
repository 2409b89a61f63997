import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ValueType {
    /// The value of a column that an expression of this type has made.
    ///
    /// Databases give what they have: SQLite 1 for true, text for dates, floats for decimals.
    ///
    ///     ValueType.boolean.value(of: .int(1))      // .bool(true)
    ///
    /// Django: `get_db_converters`, `from_db_value` and `convert_value`.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Returns: the value.
    /// - Throws: ``DecodingFailure`` where the column holds something else.
    public func value(of column: ColumnValue) throws(DecodingFailure) -> SQLValue {
        if case .null = column { return .null }
        switch family {
        case .boolean:
            guard case .int(let number) = column, number == 0 || number == 1 else {
                return column.sqlValue
            }
            return .bool(number == 1)
        case .integer: return try integer(column)
        case .float: return .double(try Self.double(column))
        case .decimal: return .decimal(try decimal(column))
        case .date: return .date(try CalendarDate(column: column))
        case .time: return .time(try time(column))
        case .dateTime: return .dateTime(try moment(column))
        case .duration: return .duration(try Duration(column: column))
        case .uuid: return .uuid(try UUID(column: column))
        case .json: return .json(try json(column))
        case .binary:
            if case .text(let bytes) = column { return .blob(Array(bytes)) }
            return column.sqlValue
        case .text, .address: return column.sqlValue
        case .other:
            guard let behaviour = FieldKinds.behaviour(of: field) else { return column.sqlValue }
            return try behaviour.read(column, self)
        }
    }

    /// Whole numbers; what is behind the point is cut off, as `ROUND` of SQLite gives floats.
    private func integer(_ column: ColumnValue) throws(DecodingFailure) -> SQLValue {
        switch column {
        case .int(let number): return .int(Int(number))
        case .double(let number):
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw DecodingFailure()
            }
            return .int(whole)
        case .text(let bytes):
            guard let whole = PythonText.int(String(decoding: bytes, as: UTF8.self)) else {
                throw DecodingFailure()
            }
            return .int(whole)
        case .decimal(let bytes):
            // What is larger than all whole numbers would be written out with all of its digits.
            guard let exact = ExactDecimal(String(decoding: bytes, as: UTF8.self)),
                exact.isFinite, exact.adjustedExponent < 20,
                let whole = PythonText.int(exact.rounded(places: 0, .down).description)
            else { throw DecodingFailure() }
            return .int(whole)
        default: throw DecodingFailure()
        }
    }

    private static func double(_ column: ColumnValue) throws(DecodingFailure) -> Double {
        switch column {
        case .int(let number): return Double(number)
        case .double(let number): return number
        case .text(let bytes), .decimal(let bytes):
            guard let number = Double(String(decoding: bytes, as: UTF8.self)) else {
                throw DecodingFailure()
            }
            return number
        default: throw DecodingFailure()
        }
    }

    /// A decimal; floats have 15 digits that count, the rest is noise.
    private func decimal(_ column: ColumnValue) throws(DecodingFailure) -> Decimal {
        let number: Decimal
        switch column {
        case .int(let value): number = Decimal(value)
        case .double(let value):
            guard value.isFinite, let exact = Self.decimal(value) else { throw DecodingFailure() }
            number = exact
        default: number = try Decimal(column: column)
        }
        guard let decimalPlaces, isColumn else { return number }
        return Self.decimal(ExactDecimal(number).rounded(places: decimalPlaces, .halfEven))
            ?? number
    }

    /// A float rounded to 15 digits.
    static func decimal(_ number: Double) -> Decimal? {
        guard let exact = ExactDecimal(number.description) else { return nil }
        let surplus = exact.digits.count - 15
        guard surplus > 0 else { return decimal(exact) }
        return decimal(exact.rounded(places: -(exact.exponent + surplus), .halfEven))
    }

    private static func decimal(_ exact: ExactDecimal) -> Decimal? {
        DecimalText.number(exact.description.utf8)
    }

    private func time(_ column: ColumnValue) throws(DecodingFailure) -> TimeOfDay {
        if case .text(let bytes) = column, let moment = StoredText.dateTime(bytes),
            let local = LocalDateTime(moment, in: .utc)
        {
            return local.time
        }
        return try TimeOfDay(column: column)
    }

    /// A moment; one that was truncated in a zone is what the clocks of that zone show.
    private func moment(_ column: ColumnValue) throws(DecodingFailure) -> Date {
        let moment = try Date(column: column)
        guard let zone, let rules = StoredZone.named(zone),
            var local = LocalDateTime(moment, in: .utc)
        else { return moment }
        local.zone = nil
        return local.moment(assuming: rules)
    }

    /// A document; text that is none is a string, as values under keys are given.
    private func json(_ column: ColumnValue) throws(DecodingFailure) -> JSONValue {
        switch column {
        case .null: .null
        case .int(let number): .int(Int(number))
        case .double(let number): .double(number)
        case .text(let bytes), .blob(let bytes):
            (try? JSONValue(parsing: Array(bytes)))
                ?? .string(String(decoding: bytes, as: UTF8.self))
        case .bool(let flag): .bool(flag)
        case .decimal(let bytes): .double(Double(String(decoding: bytes, as: UTF8.self)) ?? .nan)
        case .date, .time, .dateTime, .duration, .uuid, .array, .range: throw DecodingFailure()
        }
    }
}
