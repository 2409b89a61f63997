import NuagesORM
import Testing

@testable import NuagesMySQL

/// Values as no server sends them.
@Suite struct WireTests {
    private func value(_ bytes: [UInt8], _ kind: MySQLColumnKind) -> SQLValue {
        bytes.withUnsafeBufferPointer { MySQLWire.value($0, kind).sqlValue }
    }

    @Test(arguments: MySQLColumnKind.allCases)
    func readsWhatIsTooShort(_ kind: MySQLColumnKind) {
        for count in 0..<13 {
            let value = value([UInt8](repeating: 0xFF, count: count), kind)
            // A number that has not all of its bytes is none.
            if kind.width > count { #expect([.int(0), .double(0)].contains(value)) }
        }
    }

    @Test func refusesTimesBeyondAnyClock() {
        let days: [UInt8] = [0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]
        #expect(value(days, .time) == .blob(days))
        guard case .time(let clock) = value([0, 0, 0, 0, 0, 1, 2, 3], .time) else {
            Issue.record("no time")
            return
        }
        #expect("\(clock)" == "01:02:03")
    }

    @Test(arguments: [[0, 0, 0, 0], [0xE8, 7, 13, 1], [0xFF, 0xFF, 1, 1], []] as [[UInt8]])
    func refusesDaysOutsideTheCalendar(_ bytes: [UInt8]) {
        #expect(value(bytes, .date) == .blob(bytes))
        #expect(value(bytes, .dateTime) == .blob(bytes))
    }
}
