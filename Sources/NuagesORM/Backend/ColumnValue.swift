public import FoundationEssentials
import NuagesCore

/// A column of the row that a statement stands on, as the driver holds it.
///
/// The pointers are valid only until the statement moves on, so a decoder copies what it keeps.
@frozen
public enum ColumnValue {
    /// SQL `NULL`.
    case null
    /// A whole number.
    case int(Int64)
    /// A floating-point number.
    case double(Double)
    /// Text in UTF-8.
    case text(UnsafeBufferPointer<UInt8>)
    /// Bytes.
    case blob(UnsafeBufferPointer<UInt8>)
    /// A truth value, where the database has them.
    case bool(Bool)
    /// The digits of an exact number in ASCII, such as `-12.50`, where the database has them.
    case decimal(UnsafeBufferPointer<UInt8>)
    /// A day as the number of days since 1 January 1970.
    case date(Int)
    /// A time on the clock in microseconds since midnight.
    case time(Int)
    /// A moment in microseconds since the beginning of 1970, UTC.
    case dateTime(Int)
    /// A length of time in microseconds.
    case duration(Int)
    /// A UUID.
    case uuid(UUID)
    /// An array, where the database has them.
    case array(Unmanaged<ColumnArray>)
    /// A range, where the database has them: its two ends, or none where it is empty.
    case range(Unmanaged<ColumnArray>, RangeBounds)

    /// A copy of the value by the kind that the database gave it.
    public var sqlValue: SQLValue {
        switch self {
        case .null: .null
        case .int(let number): .int(Int(number))
        case .double(let number): .double(number)
        case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
        case .blob(let bytes): .blob(Array(bytes))
        case .bool(let flag): .bool(flag)
        case .decimal(let bytes):
            DecimalText.number(bytes).map { .decimal($0) }
                ?? .text(String(decoding: bytes, as: UTF8.self))
        case .date(let days): CalendarDate(daysSince1970: days).map { .date($0) } ?? .int(days)
        case .time(let clock): TimeOfDay(microseconds: clock).map { .time($0) } ?? .int(clock)
        case .dateTime(let microseconds): .dateTime(Date(microsecondsSince1970: microseconds))
        case .duration(let microseconds): .duration(.microseconds(microseconds))
        case .uuid(let uuid): .uuid(uuid)
        case .array(let array):
            .array(array.takeUnretainedValue().elements.map(\.sqlValue))
        case .range(let ends, let bounds):
            .range(Self.range(ends.takeUnretainedValue().elements.map(\.sqlValue), bounds))
        }
    }

    /// A range of the ends that a column has.
    static func range(_ ends: [SQLValue], _ bounds: RangeBounds) -> SQLRange {
        ends.count == 2 ? SQLRange(ends[0], ends[1], bounds: bounds) : .empty
    }

    /// The kind in words, for error messages.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .int: "an integer"
        case .double: "a floating-point number"
        case .text: "text"
        case .blob: "bytes"
        case .bool: "a truth value"
        case .decimal: "an exact number"
        case .date: "a day"
        case .time: "a time"
        case .dateTime: "a moment"
        case .duration: "a length of time"
        case .uuid: "a UUID"
        case .array: "an array"
        case .range: "a range"
        }
    }
}

/// What a driver steps through: the columns of one row at a time.
public protocol RowSource: AnyObject {
    /// The number of columns.
    var columnCount: Int { get }
    /// The column at `index` of the current row.
    ///
    /// - Parameter index: from 0.
    /// - Returns: the column; `.null` beyond the last one.
    func column(_ index: Int) -> ColumnValue
    /// The name that the statement gives the column at `index`.
    ///
    /// - Parameter index: from 0.
    /// - Returns: the name; empty beyond the last column.
    func columnName(_ index: Int) -> String
}

extension RowSource {
    /// The names that the statement gives its columns.
    package var columnNames: [String] { (0..<columnCount).map { columnName($0) } }
}

/// The row that a statement stands on, read column by column from the left.
///
/// `@Model` writes an initialiser that reads a row, so that values go from the driver into
/// stored properties without a dictionary or a box between.
public struct Row: ~Copyable {
    @usableFromInline let source: any RowSource
    @usableFromInline var nextPosition = 0
    /// The position of the column that ``read(_:)`` takes next.
    @inlinable public var position: Int { nextPosition }

    /// A row of `source`.
    ///
    /// - Parameter source: the driver's statement, standing on a row.
    @inlinable
    public init(_ source: any RowSource) { self.source = source }

    /// The number of columns.
    public var columnCount: Int { source.columnCount }

    /// Reads the next column.
    ///
    /// - Parameter type: the type that the column is read as.
    /// - Returns: the value.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)`` where the column holds
    ///   something else.
    @inlinable
    public mutating func read<Value: FieldValue>(
        _ type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value {
        let value = source.column(position)
        do throws(DecodingFailure) {
            let decoded = try Value(column: value)
            nextPosition += 1
            return decoded
        } catch {
            throw Self.mismatch(position, "\(Value.self)", value)
        }
    }

    @usableFromInline
    static func mismatch(
        _ column: Int,
        _ expected: String,
        _ found: ColumnValue
    ) -> DatabaseError {
        .decoding(column: column, expected: expected, found: found.kind)
    }

    /// Whether a column is `NULL`; it is not read.
    ///
    /// - Parameter offset: how far it is behind the next column.
    /// - Returns: true for `NULL`.
    @inlinable
    public func isNull(at offset: Int = 0) -> Bool {
        if case .null = source.column(position + offset) { true } else { false }
    }

    /// Passes over columns.
    ///
    /// - Parameter count: how many.
    @inlinable
    public mutating func skip(_ count: Int) { nextPosition += max(0, count) }

    /// All columns, by the kinds that the database gave them.
    var values: [SQLValue] { (0..<source.columnCount).map { source.column($0).sqlValue } }
}

/// A column that does not hold what is read from it; ``Row`` says which column it was.
public struct DecodingFailure: Error {
    /// A failure.
    @inlinable
    public init() {}
}
