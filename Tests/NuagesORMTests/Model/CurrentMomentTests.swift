import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

@Model(app: "moments")
struct Stamped {
    @Field(maxLength: 10) var name: String
    @Field(autoNow: true) var day: CalendarDate
    @Field(autoNow: true) var clock: TimeOfDay
    @Field(autoNow: true) var moment: Date
    @Field(autoNowAdd: true) var firstDay: CalendarDate
    @Field(autoNowAdd: true) var firstClock: TimeOfDay
}

@Suite("Days and times that are set to now, in the zone of the site")
struct CurrentMomentTests {
    /// 2026-01-01 22:30:15.25 UTC.
    private static let moment = Date(timeIntervalSince1970: 1_767_306_615.25)

    @Test(arguments: [
        ("UTC", "2026-01-01", "22:30:15.250000"), ("Asia/Tokyo", "2026-01-02", "07:30:15.250000"),
        ("America/New_York", "2026-01-01", "17:30:15.250000"),
        ("Pacific/Kiritimati", "2026-01-02", "12:30:15.250000"),
        ("Etc/GMT+12", "2026-01-01", "10:30:15.250000"),
    ])
    func readsTheClock(zone: String, day: String, time: String) throws {
        let zone = try #require(StoredZone.named(zone))
        func now(_ type: FieldType) -> String? { type.now(Self.moment, in: zone)?.asText }
        #expect(now(.dateField) == day)
        #expect(now(.timeField) == time)
        #expect(FieldType.dateTimeField.now(Self.moment, in: zone) == .dateTime(Self.moment))
        #expect(FieldType.charField.now(Self.moment, in: zone) == nil)
    }

    @Test func fillsNewColumns() throws {
        for type in [FieldType.dateField, .timeField, .dateTimeField] {
            var field = FieldSchema("added", type)
            field.isSetOnCreate = true
            #expect(try field.fillerValue() != nil)
        }
    }

    // The zone of the site is one for the whole process, and other tests are of UTC.
    @Test func savesInTheZoneOfTheSite() async {
        await #expect(processExitsWith: .success) {
            let database = try await TestBackend.sqlite.open()
            try await database.makeTables(Stamped.self)
            try await database.use { () async throws in
                var days: [CalendarDate] = []
                // There is never the same day in both: they are 26 hours apart.
                for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
                    CurrentZone.default = zone
                    days += try await CurrentMomentTests.savedDays()
                }
                let (east, west) = (days[..<5], days[5...])
                for early in west { for late in east { #expect(early < late) } }
                CurrentZone.default = "Asia/Tokyo"
                try await CurrentMomentTests.readDaysAlone()
            }
        }
    }

    /// The days that each way of saving sets; each time is one between two looks at the clock.
    static func savedDays() async throws -> [CalendarDate] {
        var rows: [Stamped] = []
        let first = try #require(CalendarDate(year: 1999, month: 1, day: 1))
        let midnight = try #require(TimeOfDay(hour: 0, minute: 0))
        func stamped(_ name: String) -> Stamped {
            Stamped(
                name: name,
                day: first,
                clock: midnight,
                firstDay: first,
                firstClock: midnight
            )
        }
        var row = stamped("typed")
        try await row.save()
        rows.append(row)
        rows += try await Stamped.objects.bulkCreate([stamped("bulk")])
        rows += try await Stamped.objects.bulkCreate([stamped("batch")], batchSize: 1)
        var named = try DynamicRow(new: "moments.stamped", [("name", "named")])
        try await named.save()
        let keys = [named.key[0]]
        rows += try await Stamped.objects.filter { $0.name == "named" }
            .order { $0.id.descending }.limit(1).all()
        #expect(rows.last.map { [$0.id.sqlValue] } == keys)
        try await row.save { $0.day }
        rows.append(row)
        for row in rows {
            #expect(row.firstDay == row.day)
            // What a new row would have without a clock of its own.
            #expect(row.clock.microsecondsSinceMidnight != 0)
            #expect(row.firstClock.microsecondsSinceMidnight != 0)
            #expect(row.moment.timeIntervalSince1970 > 1_700_000_000)
        }
        return rows.map(\.day)
    }

    /// A day given to a field of moments is its midnight in the site's zone, whatever zone a
    /// request has activated.
    static func readDaysAlone() async throws {
        // 2020-01-02 00:00 in Tokyo.
        let start = SQLValue.dateTime(Date(timeIntervalSince1970: 1_577_890_800))
        let day = try #require(CalendarDate(year: 2020, month: 1, day: 2))
        try await CurrentZone.$active.withValue("America/New_York") {
            let type = FieldType.dateTimeField
            #expect(type.converted(.date(day)) == start)
            #expect(type.converted(.text("2020-01-02")) == start)
            #expect(type.converted(.text("2020-01-02 00:00")) == start)
            #expect(type.converted(.text("2020-01-01T15:00:00Z")) == start)
            #expect(type.converted(.text("2020-02-30 00:00")) == nil)
            for text in ["2020-01-02", "2020-01-02T00:00:00", "2020-01-01 15:00+00:00"] {
                var row = try DynamicRow(
                    new: "moments.stamped",
                    [("name", "x"), ("moment", .value(.text(text)))]
                )
                try await row.fullClean(excluding: [
                    "day", "clock", "first_day", "first_clock",
                ])
                #expect(row["moment"] == start)
            }
        }
    }
}
