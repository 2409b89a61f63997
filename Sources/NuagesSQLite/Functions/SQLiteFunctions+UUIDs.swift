import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteFunctions {
    static var uuids: [SQLiteFunction] {
        [
            SQLiteFunction(name: "UUIDV4", argumentCount: 0, isDeterministic: false) { _ in
                .text(StoredText.format(UUID()))
            },
            SQLiteFunction(name: "UUIDV7", argumentCount: 0, isDeterministic: false) { _ in
                .text(Digest.hex(timedUUID(at: Date())))
            },
        ]
    }

    /// A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random ones.
    static func timedUUID(at moment: Date) -> [UInt8] {
        let milliseconds = UInt64(
            max(0, min(moment.timeIntervalSince1970 * 1000, 281_474_976_710_655))
        )
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for shift in stride(from: 40, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: milliseconds >> UInt64(shift)))
        }
        var random = generator.next()
        for index in 6..<16 {
            if index == 10 { random = generator.next() }
            bytes.append(UInt8(truncatingIfNeeded: random))
            random >>= 8
        }
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }
}
