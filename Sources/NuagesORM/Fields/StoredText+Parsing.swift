package import NuagesCore

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension StoredText {
    /// The moment of `2024-02-29 13:05:00[.123456][+00:00]`; a day alone is its midnight.
    package static func dateTime(_ bytes: UnsafeBufferPointer<UInt8>) -> Date? {
        var reader = StoredTextReader(bytes)
        guard let day = reader.day() else { return nil }
        var microseconds = 0
        if !reader.isAtEnd {
            guard reader.skip(UInt8(ascii: " ")) || reader.skip(UInt8(ascii: "T")),
                let clock = reader.clock(), let offset = reader.offset(), reader.isAtEnd
            else { return nil }
            microseconds = clock - offset * 1_000_000
        }
        let seconds = Double(day.daysSince1970) * 86_400
        return Date(timeIntervalSince1970: seconds + Double(microseconds) / 1_000_000)
    }

    /// The day of `2024-02-29`; the time behind it is passed over, as SQLite may store it.
    package static func date(_ bytes: UnsafeBufferPointer<UInt8>) -> CalendarDate? {
        var reader = StoredTextReader(bytes)
        guard let day = reader.day() else { return nil }
        if reader.isAtEnd { return day }
        guard reader.skip(UInt8(ascii: " ")), reader.clock() != nil, reader.isAtEnd else {
            return nil
        }
        return day
    }

    /// The time of `13:05:00[.123456]`.
    package static func time(_ bytes: UnsafeBufferPointer<UInt8>) -> TimeOfDay? {
        var reader = StoredTextReader(bytes)
        guard let clock = reader.clock(), reader.isAtEnd else { return nil }
        let seconds = clock / 1_000_000
        return TimeOfDay(
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: clock % 1_000_000
        )
    }
}

/// Reads dates and times from ASCII bytes.
private struct StoredTextReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func day() -> CalendarDate? {
        guard let year = number(4), skip(UInt8(ascii: "-")), let month = number(2),
            skip(UInt8(ascii: "-")), let day = number(2)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// Microseconds since midnight.
    mutating func clock() -> Int? {
        guard let hour = number(2), skip(UInt8(ascii: ":")), let minute = number(2) else {
            return nil
        }
        var second = 0
        if skip(UInt8(ascii: ":")) {
            guard let value = number(2) else { return nil }
            second = value
        }
        guard hour < 24, minute < 60, second < 60, let fraction = fraction() else { return nil }
        return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }

    /// Seconds east of UTC; none is UTC.
    mutating func offset() -> Int? {
        if isAtEnd || skip(UInt8(ascii: "Z")) { return 0 }
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")), let hours = number(2) else { return nil }
        _ = skip(UInt8(ascii: ":"))
        let minutes = isAtEnd ? 0 : number(2)
        guard let minutes else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// Microseconds of `.123`; digits beyond the sixth are dropped.
    private mutating func fraction() -> Int? {
        guard skip(UInt8(ascii: ".")) else { return 0 }
        var value = 0
        var count = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            if count < 6 { value = value * 10 + Int(bytes[position] - 0x30) }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        while count < 6 {
            value *= 10
            count += 1
        }
        return value
    }

    private mutating func number(_ width: Int) -> Int? {
        guard bytes.count - position >= width else { return nil }
        var value = 0
        for offset in 0..<width {
            let byte = bytes[position + offset]
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += width
        return value
    }
}
