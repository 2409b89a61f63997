package import NuagesCore

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Values as text in the form that Django stores where a database has no type for them.
package enum StoredText {
    /// The microseconds since 1970; beyond the years 1 to 9999 those of the nearest day that can be
    /// written.
    static func writableMicroseconds(_ date: Date) -> Int {
        let microseconds = (date.timeIntervalSince1970 * 1_000_000).rounded()
        let seconds = microseconds / 1_000_000
        if seconds < -62_135_596_800 { return -62_135_596_800_000_000 }
        return seconds < 253_402_300_800 ? Int(microseconds) : 253_402_300_799_999_999
    }

    /// `2024-02-29 13:05:00`, with six decimals where there are microseconds; always UTC.
    package static func format(_ date: Date) -> String {
        let total = writableMicroseconds(date)
        let days = floorDivide(total, 86_400_000_000)
        let rest = total - days * 86_400_000_000
        var bytes: [UInt8] = []
        bytes.reserveCapacity(26)
        if let day = CalendarDate(daysSince1970: days) { append(day, to: &bytes) }
        bytes.append(UInt8(ascii: " "))
        append(clock: rest, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The digits of an exact number.
    package static func format(_ number: Decimal) -> String { number.description }

    /// `2024-02-29`.
    package static func format(_ day: CalendarDate) -> String { day.description }

    /// `13:05:00`, with six decimals where there are microseconds.
    package static func format(_ time: TimeOfDay) -> String {
        var bytes: [UInt8] = []
        append(clock: time.microsecondsSinceMidnight, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// 32 hexadecimal digits in lower case.
    package static func format(_ uuid: UUID) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var index = 0
            withUnsafeBytes(of: uuid.uuid) { bytes in
                for byte in bytes {
                    buffer[index] = digits[Int(byte >> 4)]
                    buffer[index + 1] = digits[Int(byte & 15)]
                    index += 2
                }
            }
            return 32
        }
    }

    /// Microseconds of a length of time, rounded towards zero; nil where they do not fit.
    package static func microseconds(_ duration: Duration) -> Int? {
        let (seconds, attoseconds) = duration.components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, sumOverflows) = product.addingReportingOverflow(
            attoseconds / 1_000_000_000_000
        )
        return overflows || sumOverflows ? nil : Int(sum)
    }

    package static func uuid(_ bytes: UnsafeBufferPointer<UInt8>) -> UUID? {
        guard bytes.count == 32 || bytes.count == 36 else { return nil }
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isComplete = withUnsafeMutableBytes(of: &value) { target in
            var count = 0
            for (index, byte) in bytes.enumerated() {
                if byte == UInt8(ascii: "-") {
                    guard bytes.count == 36, [8, 13, 18, 23].contains(index) else { return false }
                    continue
                }
                guard let digit = hexDigit(byte), count < 32 else { return false }
                target[count / 2] = target[count / 2] << 4 | digit
                count += 1
            }
            return count == 32
        }
        return isComplete ? UUID(uuid: value) : nil
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func append(_ day: CalendarDate, to bytes: inout [UInt8]) {
        append(day.year, width: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day.month, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day.day, width: 2, to: &bytes)
    }

    private static func append(clock microseconds: Int, to bytes: inout [UInt8]) {
        let seconds = microseconds / 1_000_000
        append(seconds / 3600, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(seconds / 60 % 60, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(seconds % 60, width: 2, to: &bytes)
        if microseconds % 1_000_000 != 0 {
            bytes.append(UInt8(ascii: "."))
            append(microseconds % 1_000_000, width: 6, to: &bytes)
        }
    }

    private static func append(_ number: Int, width: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
        dividend >= 0 ? dividend / divisor : (dividend - divisor + 1) / divisor
    }
}
