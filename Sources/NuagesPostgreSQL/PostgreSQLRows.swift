import CLibPQ
import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The rows of a result, one at a time.
///
/// Whether variables are accessed exclusively is not checked at run time: for each column that would
/// cost as much as reading it, and only the connection's thread has the rows.
final class PostgreSQLRows: RowSource {
    @exclusivity(unchecked) private var result: PostgreSQLResult
    @exclusivity(unchecked) private var pointer: OpaquePointer
    @exclusivity(unchecked) private var columns: ColumnKinds
    let scratch = ScratchBytes()
    @exclusivity(unchecked) private(set) var columnCount: Int
    @exclusivity(unchecked) private(set) var rowCount: Int32
    @exclusivity(unchecked) private(set) var row: Int32 = 0

    init(_ result: PostgreSQLResult, _ columns: ColumnKinds) {
        self.result = result
        self.columns = columns
        pointer = result.pointer
        columnCount = columns.kinds.count
        rowCount = result.rowCount
    }

    /// Goes on with the rows of another result.
    func take(_ result: PostgreSQLResult, _ columns: ColumnKinds) {
        self.result = result
        self.columns = columns
        pointer = result.pointer
        columnCount = columns.kinds.count
        rowCount = result.rowCount
        row = 0
    }

    /// Hands each row to `body`.
    func read(_ body: (inout Row) throws -> Void) throws {
        while row < rowCount {
            scratch.clear()
            var current = Row(self)
            try body(&current)
            row += 1
        }
    }

    func columnName(_ index: Int) -> String {
        PQfname(pointer, Int32(truncatingIfNeeded: index)).map { String(cString: $0) } ?? ""
    }

    func column(_ index: Int) -> ColumnValue {
        guard index >= 0, index < columnCount, row < rowCount else { return .null }
        let number = Int32(truncatingIfNeeded: index)
        if PQgetisnull(pointer, row, number) != 0 { return .null }
        guard let start = PQgetvalue(pointer, row, number) else { return .null }
        let count = Int(PQgetlength(pointer, row, number))
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
            .assumingMemoryBound(to: UInt8.self)
        return columns.isBinary
            ? binary(bytes, columns.kinds[index]) : text(bytes, columns.kinds[index])
    }

    func binary(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: ColumnKind) -> ColumnValue {
        switch kind {
        case .text, .other: return .text(bytes)
        case .int8: return .int(Wire.int64(bytes))
        case .int4: return .int(Int64(Wire.int32(bytes)))
        case .int2: return .int(Int64(Wire.int16(bytes, at: 0)))
        case .oid: return .int(Int64(UInt32(bitPattern: Wire.int32(bytes))))
        case .bool: return .bool(bytes.first == 1)
        case .float8: return .double(Double(bitPattern: UInt64(bitPattern: Wire.int64(bytes))))
        case .float4:
            return .double(Wire.widened(Float(bitPattern: UInt32(bitPattern: Wire.int32(bytes)))))
        case .bytes: return .blob(bytes)
        // The first byte is the version of the format.
        case .jsonb: return .text(UnsafeBufferPointer(rebasing: bytes.dropFirst()))
        case .date: return date(Int(Wire.int32(bytes)))
        case .time: return .time(Int(Wire.int64(bytes)))
        case .timestamp: return moment(Wire.int64(bytes))
        case .interval: return Wire.interval(bytes).map { .duration($0) } ?? infinity
        case .numeric: return .decimal(Wire.digits(of: bytes, in: scratch))
        case .uuid:
            guard bytes.count == 16 else { return .blob(bytes) }
            return .uuid(UUID(uuid: UnsafeRawBufferPointer(bytes).loadUnaligned(as: uuid_t.self)))
        case .array: return array(bytes)
        case .range(let type): return range(bytes, of: type)
        }
    }

    private func date(_ days: Int) -> ColumnValue {
        if days == Int(Int32.max) || days == Int(Int32.min) { return infinity }
        return .date(days + Wire.daysTo2000)
    }

    private func moment(_ microseconds: Int64) -> ColumnValue {
        let (sum, overflows) = microseconds.addingReportingOverflow(Int64(Wire.microsecondsTo2000))
        // The largest and the smallest number are infinity.
        return overflows || microseconds == .min ? infinity : .dateTime(Int(sum))
    }

    /// No value of Swift's types, which is what a decoder will say.
    private var infinity: ColumnValue { .text(scratch.copy("infinity".utf8)) }

    func text(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: ColumnKind) -> ColumnValue {
        switch kind {
        case .int2, .int4, .int8, .oid:
            return Int64(String(decoding: bytes, as: UTF8.self)).map { .int($0) } ?? .text(bytes)
        case .bool: return .bool(bytes.first == UInt8(ascii: "t"))
        case .float4, .float8:
            return Double(String(decoding: bytes, as: UTF8.self)).map { .double($0) }
                ?? .text(bytes)
        case .bytes: return .blob(Wire.unhex(bytes, in: scratch))
        case .numeric: return .decimal(bytes)
        case .date: return StoredText.date(bytes).map { .date($0.daysSince1970) } ?? .text(bytes)
        case .time:
            return StoredText.time(bytes).map { .time($0.microsecondsSinceMidnight) }
                ?? .text(bytes)
        case .timestamp:
            guard let moment = StoredText.dateTime(bytes) else { return .text(bytes) }
            return .dateTime(Int((moment.timeIntervalSince1970 * 1_000_000).rounded()))
        case .interval:
            return IntervalText.microseconds(bytes).map { .duration($0) } ?? .text(bytes)
        case .uuid: return StoredText.uuid(bytes).map { .uuid($0) } ?? .text(bytes)
        case .array(let type): return arrayText(bytes, of: type)
        case .range(let type): return rangeText(bytes, of: type)
        case .text, .jsonb, .other: return .text(bytes)
        }
    }
}

/// Bytes that live as long as the row they are of.
final class ScratchBytes {
    @exclusivity(unchecked) private var chunks: [UnsafeMutableBufferPointer<UInt8>] = []
    @exclusivity(unchecked) private var used = 0
    /// Arrays of the row.
    @exclusivity(unchecked) private var arrays: [ColumnArray] = []

    deinit { for chunk in chunks { chunk.deallocate() } }

    /// Forgets what was made for the row before.
    func clear() {
        if chunks.isEmpty, arrays.isEmpty { return }
        used = 0
        if !arrays.isEmpty { arrays.removeAll(keepingCapacity: true) }
        guard chunks.count > 1 else { return }
        for chunk in chunks.dropLast() { chunk.deallocate() }
        chunks.removeFirst(chunks.count - 1)
    }

    /// Keeps an array as long as the row.
    func keep(_ array: ColumnArray) { arrays.append(array) }

    /// Room for so many bytes.
    func room(_ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        if chunks.last.map({ $0.count - used < count }) ?? true {
            chunks.append(.allocate(capacity: max(count, 1024)))
            used = 0
        }
        let chunk = chunks[chunks.count - 1]
        defer { used += count }
        return UnsafeMutableBufferPointer(rebasing: chunk[used..<(used + count)])
    }

    /// Takes back so many of the bytes that were asked for last.
    func giveBack(_ count: Int) { used -= min(count, used) }

    func copy(_ bytes: some Collection<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let room = room(bytes.count)
        _ = room.update(fromContentsOf: bytes)
        return UnsafeBufferPointer(room)
    }
}
