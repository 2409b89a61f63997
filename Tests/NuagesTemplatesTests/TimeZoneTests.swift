import FoundationEssentials
import NuagesCore
import Testing

@Suite struct TimeZoneTests {
    private func offset(_ zone: String, _ second: Double) throws -> Int? {
        let zone = LocalDateTime.Zone.rules(try .named(zone))
        return LocalDateTime(Date(timeIntervalSince1970: second), in: zone)?.offset
    }

    @Test(arguments: [
        ("Europe/Paris", 1_704_067_200.0, 3600), ("Europe/Paris", 1_720_000_000, 7200),
        ("America/New_York", 1_720_000_000, -14_400), ("Asia/Kolkata", 0, 19_800),
        ("Europe/Paris", 4_089_000_000, 7200), ("Australia/Sydney", 4_102_444_800, 39_600),
        ("UTC", 1_720_000_000, 0),
    ])
    func knowsTheOffset(_ zone: String, _ second: Double, _ seconds: Int) throws {
        #expect(try offset(zone, second) == seconds)
    }

    @Test func tellsTheTwoEqualHoursApart() throws {
        let zone = LocalDateTime.Zone.rules(try .named("Europe/Paris"))
        // 2024-10-27 02:30 happens twice: at 00:30 and 01:30 UTC.
        let first = LocalDateTime(Date(timeIntervalSince1970: 1_729_989_000), in: zone)!
        let second = LocalDateTime(Date(timeIntervalSince1970: 1_729_992_600), in: zone)!
        #expect(first.time == second.time)
        #expect([first.isSecondOfTwo, second.isSecondOfTwo] == [false, true])
        #expect([first.offset, second.offset] == [7200, 3600])
    }

    @Test(arguments: [
        "../etc/passwd", "/etc/passwd", "", "Europe/Pariss", "Europe/Paris\0", "Europe",
    ])
    func refusesWhatIsNoZone(_ name: String) {
        #expect(throws: TimeZoneError.self) { try TimeZoneRules.named(name) }
    }
}
