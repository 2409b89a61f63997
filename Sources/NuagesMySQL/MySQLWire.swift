import CLibMariaDB
import NuagesCore
import NuagesORM

/// How a column is read.
enum MySQLColumnKind: Sendable, CaseIterable {
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

    private static func ofText(_ field: MYSQL_FIELD) -> MySQLColumnKind {
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

/// The forms in which MariaDB sends values to prepared statements: little-endian.
enum MySQLWire {
    /// A value of a column.
    static func value(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: MySQLColumnKind) -> ColumnValue {
        switch kind {
        case .text: .text(bytes)
        case .int32: .int(Int64(load(bytes, Int32.self)))
        case .int64: .int(load(bytes, Int64.self))
        case .int8: .int(Int64(load(bytes, Int8.self)))
        case .int16: .int(Int64(load(bytes, Int16.self)))
        case .uint8: .int(Int64(load(bytes, UInt8.self)))
        case .uint16: .int(Int64(load(bytes, UInt16.self)))
        case .uint32: .int(Int64(load(bytes, UInt32.self)))
        case .uint64: .int(Int64(clamping: load(bytes, UInt64.self)))
        case .double: .double(Double(bitPattern: load(bytes, UInt64.self)))
        case .float: .double(widened(Float(bitPattern: load(bytes, UInt32.self))))
        case .decimal: .decimal(bytes)
        case .bytes: .blob(bytes)
        case .bits: .int(Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
        case .uuid: StoredText.uuid(bytes).map { .uuid($0) } ?? .text(bytes)
        case .date, .dateTime: moment(bytes, isDate: kind == .date)
        case .time: time(bytes)
        case .nothing: .null
        }
    }

    /// A number; 0 where there are too few bytes for it.
    static func load<Number: FixedWidthInteger>(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ type: Number.Type
    ) -> Number {
        guard bytes.count >= MemoryLayout<Number>.size else { return 0 }
        return Number(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: type))
    }

    /// The double that people mean by a float: that of its shortest text.
    private static func widened(_ number: Float) -> Double {
        number.isFinite ? Double(number.description) ?? Double(number) : Double(number)
    }

    private static let microsecondsPerDay = 86_400_000_000

    private static func moment(_ bytes: UnsafeBufferPointer<UInt8>, isDate: Bool) -> ColumnValue {
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

    private static func time(_ bytes: UnsafeBufferPointer<UInt8>) -> ColumnValue {
        guard bytes.count >= 8 else { return .time(0) }
        let days = microseconds(bytes, at: 1)
        // A server has no more than 838 hours.
        guard days < 1000 else { return .blob(bytes) }
        let seconds =
            (days * 24 + Int(bytes[5])) * 3600 + Int(bytes[6]) * 60 + Int(bytes[7])
        let total = seconds * 1_000_000 + (bytes.count >= 12 ? microseconds(bytes, at: 8) : 0)
        return .time(bytes[0] == 0 ? total : -total)
    }

    private static func microseconds(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
