import CLibMariaDB
import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The values of a statement as they are sent, each with its type.
struct MySQLBindings: Sendable {
    private struct Value: Sendable {
        var type: enum_field_types
        var offset: Int
        var length: Int
    }

    private var values: [Value] = []
    private var bytes: [UInt8] = []

    private static let maxCount = 65_535
    private static let alignment = MemoryLayout<MYSQL_TIME>.alignment

    init(_ list: [SQLValue], text: String) throws(DatabaseError) {
        guard list.count <= Self.maxCount else {
            throw .programming(
                "A statement binds at most \(Self.maxCount) values, not \(list.count).",
                statement: nil
            )
        }
        values.reserveCapacity(list.count)
        for value in list { try append(value, text) }
    }

    var count: Int { values.count }

    /// Hands the values to a statement for as long as `body` runs; false where it does not take
    /// them.
    func bind(to statement: UnsafeMutablePointer<MYSQL_STMT>, _ body: () -> Void) -> Bool {
        if values.isEmpty {
            body()
            return true
        }
        return withUnsafeTemporaryAllocation(
            byteCount: max(1, bytes.count),
            alignment: Self.alignment
        ) { copy in
            copy.copyBytes(from: bytes)
            return withUnsafeTemporaryAllocation(of: MYSQL_BIND.self, capacity: count) { binds in
                for (index, value) in values.enumerated() {
                    var bind = MYSQL_BIND()
                    bind.buffer_type = value.type
                    bind.buffer = copy.baseAddress.map { $0 + value.offset }
                    bind.buffer_length = UInt(value.length)
                    binds.initializeElement(at: index, to: bind)
                }
                guard mysql_stmt_bind_param(statement, binds.baseAddress) == 0 else { return false }
                body()
                return true
            }
        }
    }

    private mutating func append(_ value: SQLValue, _ statement: String) throws(DatabaseError) {
        switch value {
        case .null: note(MYSQL_TYPE_NULL, 0)
        case .bool(let flag): binary(MYSQL_TYPE_TINY, Int8(flag ? 1 : 0))
        case .int(let number): binary(MYSQL_TYPE_LONGLONG, Int64(number))
        case .double(let number):
            guard number.isFinite else {
                throw .data("\(number) has no place in a column.", statement: statement)
            }
            binary(MYSQL_TYPE_DOUBLE, number.bitPattern)
        case .decimal(let number): text(MYSQL_TYPE_NEWDECIMAL, StoredText.format(number))
        case .text(let string): text(MYSQL_TYPE_VAR_STRING, string)
        case .blob(let blob):
            note(MYSQL_TYPE_BLOB, blob.count)
            bytes += blob
        case .date(let day):
            var time = MYSQL_TIME()
            (time.year, time.month, time.day) = (
                UInt32(clamping: day.year), UInt32(clamping: day.month), UInt32(clamping: day.day)
            )
            time.time_type = MYSQL_TIMESTAMP_DATE
            append(MYSQL_TYPE_DATE, time)
        case .time(let clock):
            append(MYSQL_TYPE_TIME, Self.clock(clock.microsecondsSinceMidnight))
        case .dateTime(let moment): append(MYSQL_TYPE_DATETIME, Self.time(of: moment))
        case .uuid(let uuid): text(MYSQL_TYPE_VAR_STRING, uuid.uuidString.lowercased())
        case .json(let document):
            guard document.isFinite, let string = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: statement)
            }
            text(MYSQL_TYPE_VAR_STRING, string)
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into a column.", statement: statement)
            }
            binary(MYSQL_TYPE_LONGLONG, Int64(microseconds))
        case .array, .range:
            throw .data("MariaDB has neither arrays nor ranges.", statement: statement)
        }
    }

    private static func clock(_ microseconds: Int) -> MYSQL_TIME {
        var time = MYSQL_TIME()
        let seconds = microseconds / 1_000_000
        time.hour = UInt32(clamping: seconds / 3600)
        time.minute = UInt32(clamping: seconds / 60 % 60)
        time.second = UInt32(clamping: seconds % 60)
        time.second_part = UInt(clamping: microseconds % 1_000_000)
        time.time_type = MYSQL_TIMESTAMP_TIME
        return time
    }

    /// Beyond the years 1 to 9999 the nearest moment is sent, as elsewhere it is stored.
    private static func time(of moment: Date) -> MYSQL_TIME {
        let microseconds = (moment.timeIntervalSince1970 * 1_000_000).rounded()
        let total: Int =
            if !(microseconds >= -62_135_596_800_000_000) {
                -62_135_596_800_000_000
            } else if microseconds < 253_402_300_800_000_000 {
                Int(microseconds)
            } else {
                253_402_300_799_999_999
            }
        let perDay = 86_400_000_000
        let rest = (total % perDay + perDay) % perDay
        var time = clock(rest)
        if let day = CalendarDate(daysSince1970: (total - rest) / perDay) {
            (time.year, time.month, time.day) = (
                UInt32(clamping: day.year), UInt32(clamping: day.month), UInt32(clamping: day.day)
            )
        }
        time.time_type = MYSQL_TIMESTAMP_DATETIME
        return time
    }

    private mutating func append(_ type: enum_field_types, _ time: MYSQL_TIME) {
        note(type, MemoryLayout<MYSQL_TIME>.size)
        withUnsafeBytes(of: time) { bytes += $0 }
    }

    private mutating func text(_ type: enum_field_types, _ string: String) {
        note(type, string.utf8.count)
        bytes += string.utf8
    }

    private mutating func binary(_ type: enum_field_types, _ number: some FixedWidthInteger) {
        note(type, number.bitWidth / 8)
        withUnsafeBytes(of: number) { bytes += $0 }
    }

    /// Notes the value whose bytes come next.
    private mutating func note(_ type: enum_field_types, _ length: Int) {
        while !bytes.count.isMultiple(of: Self.alignment) { bytes.append(0) }
        values.append(Value(type: type, offset: bytes.count, length: length))
    }
}
