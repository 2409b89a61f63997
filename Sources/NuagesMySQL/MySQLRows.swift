import CLibMariaDB
import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A column of the row that a statement stands on, in the server's own form.
private struct Cell {
    /// The number of bytes; negative where they begin with their number.
    var width: Int8 = 0
    var kind = ColumnKind.text
    var start: UnsafePointer<UInt8>?
    var count = 0
}

/// How a column is read.
private enum ColumnKind {
    case int8, int16, int32, int64, uint8, uint16, uint32, uint64
    case float, double, decimal, text, bytes, bits, uuid
    case date, dateTime, time, nothing

    private static let isUnsigned: UInt32 = 32
    /// The character set of what is no text.
    private static let binary: UInt32 = 63

    init(_ field: MYSQL_FIELD) {
        let isUnsigned = field.flags & Self.isUnsigned != 0
        self =
            switch field.type {
            case MYSQL_TYPE_TINY: isUnsigned ? .uint8 : .int8
            case MYSQL_TYPE_SHORT, MYSQL_TYPE_YEAR: isUnsigned ? .uint16 : .int16
            case MYSQL_TYPE_LONG, MYSQL_TYPE_INT24: isUnsigned ? .uint32 : .int32
            case MYSQL_TYPE_LONGLONG: isUnsigned ? .uint64 : .int64
            case MYSQL_TYPE_FLOAT: .float
            case MYSQL_TYPE_DOUBLE: .double
            case MYSQL_TYPE_DECIMAL, MYSQL_TYPE_NEWDECIMAL: .decimal
            case MYSQL_TYPE_DATE, MYSQL_TYPE_NEWDATE: .date
            case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP: .dateTime
            case MYSQL_TYPE_TIME: .time
            case MYSQL_TYPE_BIT: .bits
            case MYSQL_TYPE_NULL: .nothing
            default: Self.ofText(field)
            }
    }

    private static func ofText(_ field: MYSQL_FIELD) -> ColumnKind {
        var name = MARIADB_CONST_STRING()
        var field = field
        if mariadb_field_attr(&name, &field, MARIADB_FIELD_ATTR_DATA_TYPE_NAME) == 0,
            let start = name.str,
            UnsafeRawBufferPointer(start: start, count: Int(name.length))
                .elementsEqual("uuid".utf8)
        {
            return .uuid
        }
        return field.charsetnr == binary ? .bytes : .text
    }

    /// The number of bytes; negative where they begin with their number.
    var width: Int8 {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float: 4
        case .int64, .uint64, .double: 8
        case .nothing: 0
        default: -1
        }
    }
}

/// The rows of a statement, one at a time.
final class MySQLRows: RowSource {
    let columnCount: Int
    private let statement: UnsafeMutablePointer<MYSQL_STMT>
    private let cells: UnsafeMutablePointer<Cell>
    /// Room for the digits of numbers that no `Int64` holds.
    private var digits: UnsafeMutablePointer<UInt8>?

    private static let maxDigits = 20

    /// The rows of a statement that was executed.
    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        self.statement = statement
        columnCount = Int(mysql_stmt_field_count(statement))
        cells = .allocate(capacity: max(1, columnCount))
        let fields = mariadb_stmt_fetch_fields(statement)
        for index in 0..<columnCount {
            let kind = fields.map { ColumnKind($0[index]) } ?? .text
            (cells + index).initialize(to: Cell(width: kind.width, kind: kind))
        }
        statement.pointee.user_data = UnsafeMutableRawPointer(cells)
        statement.pointee.result_callback = noteColumn
    }

    deinit {
        statement.pointee.result_callback = nil
        statement.pointee.user_data = nil
        cells.deallocate()
        digits?.deallocate()
    }

    /// Hands each row to `body`; all are in memory.
    func read(_ body: (inout Row) throws -> Void) throws {
        while mysql_stmt_fetch(statement) == 0 { try readOne(body) }
    }

    /// Hands the row that the statement stands on to `body`.
    func readOne(_ body: (inout Row) throws -> Void) throws {
        var row = Row(self)
        try body(&row)
    }

    func columnName(_ index: Int) -> String {
        guard index >= 0, index < columnCount, let fields = mariadb_stmt_fetch_fields(statement)
        else { return "" }
        return fields[index].name.map { String(cString: $0) } ?? ""
    }

    func column(_ index: Int) -> ColumnValue {
        guard index >= 0, index < columnCount else { return .null }
        let cell = cells[index]
        guard let start = cell.start else { return .null }
        let bytes = UnsafeBufferPointer(start: start, count: cell.count)
        switch cell.kind {
        case .text: return .text(bytes)
        case .int32: return .int(Int64(load(start, Int32.self)))
        case .int64: return .int(load(start, Int64.self))
        case .int8: return .int(Int64(load(start, Int8.self)))
        case .int16: return .int(Int64(load(start, Int16.self)))
        case .uint8: return .int(Int64(load(start, UInt8.self)))
        case .uint16: return .int(Int64(load(start, UInt16.self)))
        case .uint32: return .int(Int64(load(start, UInt32.self)))
        case .uint64: return unsigned(load(start, UInt64.self), index)
        case .double: return .double(Double(bitPattern: load(start, UInt64.self)))
        case .float: return .double(widened(Float(bitPattern: load(start, UInt32.self))))
        case .decimal: return .decimal(bytes)
        case .bytes: return .blob(bytes)
        case .bits: return .int(Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
        case .uuid: return StoredText.uuid(bytes).map { .uuid($0) } ?? .text(bytes)
        case .date, .dateTime: return moment(bytes, isDate: cell.kind == .date)
        case .time: return time(bytes)
        case .nothing: return .null
        }
    }

    private func load<Number: FixedWidthInteger>(
        _ start: UnsafePointer<UInt8>,
        _ type: Number.Type
    ) -> Number { Number(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: type)) }

    /// The double that people mean by a float: that of its shortest text.
    private func widened(_ number: Float) -> Double {
        number.isFinite ? Double(number.description) ?? Double(number) : Double(number)
    }

    private func unsigned(_ number: UInt64, _ index: Int) -> ColumnValue {
        if let small = Int64(exactly: number) { return .int(small) }
        let room = digits ?? .allocate(capacity: Self.maxDigits * columnCount)
        digits = room
        let start = room + index * Self.maxDigits
        var count = 0
        for byte in String(number).utf8 {
            start[count] = byte
            count += 1
        }
        return .decimal(UnsafeBufferPointer(start: start, count: count))
    }

    private static let microsecondsPerDay = 86_400_000_000

    private func moment(_ bytes: UnsafeBufferPointer<UInt8>, isDate: Bool) -> ColumnValue {
        // A day that is no day, such as 0000-00-00, is what a decoder will complain of.
        guard bytes.count >= 4,
            let day = CalendarDate(
                year: Int(bytes[0]) | Int(bytes[1]) << 8,
                month: Int(bytes[2]),
                day: Int(bytes[3])
            )
        else { return .blob(bytes) }
        if isDate { return .date(day.daysSince1970) }
        var clock = 0
        if bytes.count >= 7 {
            let seconds = (Int(bytes[4]) * 60 + Int(bytes[5])) * 60 + Int(bytes[6])
            clock = seconds * 1_000_000
        }
        if bytes.count >= 11 { clock += microseconds(bytes, at: 7) }
        return .dateTime(day.daysSince1970 * Self.microsecondsPerDay + clock)
    }

    private func time(_ bytes: UnsafeBufferPointer<UInt8>) -> ColumnValue {
        guard bytes.count >= 8 else { return .time(0) }
        let days = microseconds(bytes, at: 1)
        let seconds =
            (days * 24 + Int(bytes[5])) * 3600 + Int(bytes[6]) * 60 + Int(bytes[7])
        let total = seconds * 1_000_000 + (bytes.count >= 12 ? microseconds(bytes, at: 8) : 0)
        return .time(bytes[0] == 0 ? total : -total)
    }

    private func microseconds(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}

/// Notes where a column of the next row is, and goes behind it.
private let noteColumn: ps_result_callback = { context, column, position in
    guard let context else { return }
    let cell = context.assumingMemoryBound(to: Cell.self) + Int(column)
    guard let position, var place = position.pointee else {
        cell.pointee.start = nil
        return
    }
    var count = Int(cell.pointee.width)
    if count < 0 {
        let first = place[0]
        place += 1
        let size =
            switch first {
            case 252: 2
            case 253: 3
            case 254: 8
            default: 0
            }
        count = size == 0 ? Int(first) : 0
        for index in 0..<size { count |= Int(truncatingIfNeeded: place[index]) << (8 * index) }
        place += size
    }
    cell.pointee.start = UnsafePointer(place)
    cell.pointee.count = count
    position.pointee = place + count
}
