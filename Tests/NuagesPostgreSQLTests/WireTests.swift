import NuagesORM
import Testing

@testable import NuagesPostgreSQL

/// Values as no server sends them.
@Suite struct WireTests {
    private func number(_ bytes: [UInt8]) -> String {
        let scratch = ScratchBytes()
        return withExtendedLifetime(scratch) {
            bytes.withUnsafeBufferPointer { buffer in
                String(decoding: Wire.digits(of: buffer, in: scratch), as: UTF8.self)
            }
        }
    }

    /// Groups of four digits are numbers from 0 to 9999.
    @Test(arguments: [
        ([0, 1, 0, 0, 0, 0, 0, 0, 0x80, 0x00], "2768"),
        ([0, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], "5535"),
        ([0, 1, 0, 0, 0x40, 0, 0, 2, 0, 5], "-5.00"), ([0, 2, 0, 0, 0, 0, 0, 0, 0, 5], "NaN"),
        ([0xFF, 0xFF, 0, 0, 0, 0, 0, 0], "NaN"), ([0, 0, 0, 0, 0, 0, 0x80, 0], "NaN"), ([], "NaN"),
    ])
    func readsGroupsOfDigits(bytes: [UInt8], text: String) { #expect(number(bytes) == text) }

    @Test(arguments: [
        "0:-9223372036854775808:0", "-9223372036854775808:0:0", "1:2", "0:60:0", "0:0:62",
        "9223372036854775807 mons", "1 x", "1", "1000000000:0:0", "::",
    ])
    func refusesIntervals(_ text: String) {
        let microseconds = Array(text.utf8).withUnsafeBufferPointer {
            IntervalText.microseconds($0)
        }
        #expect(microseconds == nil)
    }

    /// An array of arrays is one of several dimensions: nesting has an end.
    @Test func knowsNoArraysOfArrays() {
        #expect(!ColumnKind(1007).isElement)
        #expect(ColumnKind(23).isElement)
        #expect(ColumnKind(3904).isElement)
        #expect(!ColumnKind(869).isElement)
    }
}
