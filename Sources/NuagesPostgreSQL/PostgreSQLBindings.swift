import CLibPQ
import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The values of a statement as they are sent, each with the type that it says it has.
///
/// The types are those that the same values would have as literals: text says nothing, so that the
/// server takes it for what the place needs; floats are exact numbers, as `1.5` is.
struct PostgreSQLBindings: Sendable {
    private struct Binding {
        let type: Oid
        let length: Int32
        let format: Int32
        /// Where the value starts in `bytes`; negative for NULL.
        let offset: Int
    }

    private var bindings: [Binding] = []
    private var bytes: [UInt8] = []

    private static let maxCount = 65_535

    /// No values; those of several statements are added one behind the other.
    init() {}

    init(_ values: [SQLValue], text: String) throws(DatabaseError) {
        bindings.reserveCapacity(values.count)
        bytes.reserveCapacity(8 * values.count)
        _ = try add(values, text: text)
    }

    /// Adds the values of a statement.
    ///
    /// - Returns: their positions.
    mutating func add(_ values: [SQLValue], text: String) throws(DatabaseError) -> Range<Int> {
        guard values.count <= Self.maxCount else {
            throw .programming(
                "A statement binds at most \(Self.maxCount) values, not \(values.count).",
                statement: nil
            )
        }
        let start = bindings.count
        for value in values { try append(value, text) }
        return start..<bindings.count
    }

    var count: Int { bindings.count }

    /// The types that the values say they have.
    var types: [Oid] { bindings.map(\.type) }

    /// Whether the values can stand for others of some types; NULL stands for any.
    ///
    /// - Parameters:
    ///   - types: the types.
    ///   - range: the positions of the values; nil for all.
    /// - Returns: true if they can.
    func fit(_ types: [Oid], _ range: Range<Int>? = nil) -> Bool {
        let range = range ?? bindings.indices
        guard types.count == range.count else { return false }
        for (type, index) in zip(types, range) where type != bindings[index].type {
            if bindings[index].offset >= 0 { return false }
        }
        return true
    }

    /// Hands the values to `body` as libpq takes them.
    ///
    /// - Parameters:
    ///   - range: the positions of the values; nil for all.
    ///   - body: takes the values, their lengths and their formats.
    /// - Returns: what `body` returns.
    func withPointers<Result>(
        _ range: Range<Int>? = nil,
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        let range = range ?? bindings.indices
        let count = range.count
        if count == 0 { return body(nil, nil, nil) }
        return bytes.withUnsafeBytes { buffer in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) {
                pointers in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { numbers in
                    for index in 0..<count {
                        let binding = bindings[range.lowerBound + index]
                        let start =
                            binding.offset < 0
                            ? nil : buffer.baseAddress.map { $0 + binding.offset }
                        pointers.initializeElement(
                            at: index,
                            to: start?.assumingMemoryBound(to: CChar.self)
                        )
                        numbers.initializeElement(at: index, to: binding.length)
                        numbers.initializeElement(at: count + index, to: binding.format)
                    }
                    return body(
                        pointers.baseAddress.map { UnsafePointer($0) },
                        numbers.baseAddress.map { UnsafePointer($0) },
                        numbers.baseAddress.map { UnsafePointer($0 + count) }
                    )
                }
            }
        }
    }

    private mutating func append(_ value: SQLValue, _ statement: String) throws(DatabaseError) {
        switch value {
        case .null: note(TypeNumber.unknown, format: 0, offset: -1, length: 0)
        case .bool(let flag): binary(TypeNumber.bool, flag ? 1 : 0 as UInt8)
        case .int(let number):
            if let small = Int32(exactly: number) {
                binary(TypeNumber.int4, small)
            } else {
                binary(TypeNumber.int8, Int64(number))
            }
        case .double(let number):
            if number.isFinite {
                text(TypeNumber.numeric, number.description)
            } else {
                binary(TypeNumber.float8, number.bitPattern)
            }
        case .decimal(let number): text(TypeNumber.numeric, StoredText.format(number))
        case .text(let string):
            guard !string.utf8.contains(0) else {
                throw .data("Text of PostgreSQL cannot hold a NUL character.", statement: statement)
            }
            text(TypeNumber.unknown, string)
        case .blob(let blob): append(blob)
        case .date(let day):
            binary(TypeNumber.date, Int32(day.daysSince1970 - Wire.daysTo2000))
        case .time(let time): binary(TypeNumber.time, Int64(time.microsecondsSinceMidnight))
        case .dateTime(let moment): binary(TypeNumber.timestampWithZone, Self.microseconds(moment))
        case .uuid(let uuid): append(uuid)
        case .json(let document):
            guard document.isFinite, let string = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: statement)
            }
            text(TypeNumber.jsonb, string)
        case .array(let values): text(TypeNumber.unknown, try PostgreSQLText.array(values))
        case .range(let range): text(TypeNumber.unknown, try PostgreSQLText.range(range))
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into an interval.", statement: statement)
            }
            interval(microseconds)
        }
    }

    /// Beyond the years 1 to 9999 the nearest moment is sent, as elsewhere it is stored.
    private static func microseconds(_ moment: Date) -> Int64 {
        let microseconds = (moment.timeIntervalSince1970 * 1_000_000).rounded()
        let seconds = microseconds / 1_000_000
        let total: Int64 =
            if !(seconds >= -62_135_596_800) {
                -62_135_596_800_000_000
            } else if seconds < 253_402_300_800 {
                Int64(microseconds)
            } else {
                253_402_300_799_999_999
            }
        return total - Int64(Wire.microsecondsTo2000)
    }

    private mutating func interval(_ microseconds: Int) {
        let (days, rest) = floorDivision(microseconds, by: 86_400_000_000)
        let start = bytes.count
        appendBigEndian(Int64(rest))
        // The days of all microseconds that an Int can count fit.
        appendBigEndian(Int32(clamping: days))
        appendBigEndian(0 as Int32)
        note(TypeNumber.interval, format: 1, offset: start, length: 16)
    }

    private mutating func append(_ blob: [UInt8]) {
        let start = bytes.count
        bytes += blob
        // A place of its own, also where there are no bytes: no pointer would be NULL.
        if blob.isEmpty { bytes.append(0) }
        note(TypeNumber.bytea, format: 1, offset: start, length: blob.count)
    }

    private mutating func append(_ uuid: UUID) {
        let start = bytes.count
        withUnsafeBytes(of: uuid.uuid) { bytes += $0 }
        note(TypeNumber.uuid, format: 1, offset: start, length: 16)
    }

    private mutating func text(_ type: Oid, _ string: String) {
        let start = bytes.count
        bytes += string.utf8
        bytes.append(0)
        note(type, format: 0, offset: start, length: bytes.count - start - 1)
    }

    private mutating func binary(_ type: Oid, _ number: some FixedWidthInteger) {
        let start = bytes.count
        appendBigEndian(number)
        note(type, format: 1, offset: start, length: bytes.count - start)
    }

    private mutating func appendBigEndian(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    private mutating func note(_ type: Oid, format: Int32, offset: Int, length: Int) {
        bindings.append(
            Binding(type: type, length: Int32(clamping: length), format: format, offset: offset)
        )
    }
}
