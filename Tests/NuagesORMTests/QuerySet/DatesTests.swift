import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite struct DatesTests {
    private func moments(_ texts: String...) -> [Date] {
        texts.compactMap { text in
            var copy = text
            return copy.withUTF8 { StoredText.dateTime($0) }
        }
    }

    @Test(arguments: [
        (DatePeriod.year, "2024-01-01 2026-01-01"), (.month, "2024-02-01 2026-03-01"),
        (.week, "2024-02-26 2026-02-23"), (.day, "2024-02-29 2026-03-01"),
    ])
    func givesTheDaysThatHaveRows(_ period: DatePeriod, expected: String) async throws {
        let database = try await TestDatabase.filled()
        try await database.use {
            for _ in 0..<2 {
                try await Book.objects.create(
                    Book(title: "Swing 42", published: CalendarDate(year: 2026, month: 3, day: 1))
                )
            }
            let days = try await Book.objects.dates("published", period)
            #expect(days.map(\.description).joined(separator: " ") == expected)
            let latest = try await Book.objects.dates("published", period, descending: true)
            #expect(latest == days.reversed())
        }
    }

    @Test func selectsDistinctDays() async throws {
        let database = try await TestDatabase.polls()
        let texts = try await sql(database) {
            _ = try await Book.objects.dates("published", .month)
            _ = try await Book.objects.filter { $0.title == "x" }
                .dates("published", .year, descending: true)
        }
        let start = "SELECT DISTINCT django_date_trunc("
        let column =
            #""polls_book"."published", NULL, NULL) AS "datefield" FROM "polls_book" WHERE "#
        #expect(
            texts == [
                start + "?, " + column
                    + #""polls_book"."published" IS NOT NULL ORDER BY 1 ASC"#,
                start + "?, " + column
                    + #"("polls_book"."title" = ? AND "polls_book"."published" IS NOT NULL) "#
                    + "ORDER BY 1 DESC",
            ]
        )
    }

    @Test(arguments: [
        (MomentPeriod.year, "2025-12-31 23:00:00"), (.month, "2026-02-28 23:00:00"),
        (.week, "2026-03-08 23:00:00"), (.day, "2026-03-14 23:00:00"),
        (.hour, "2026-03-15 22:00:00"), (.minute, "2026-03-15 22:30:00"),
        (.second, "2026-03-15 22:30:15"),
    ])
    func givesMomentsOnTheClocksOfAZone(_ period: MomentPeriod, expected: String) async throws {
        let database = try await TestDatabase.polls()
        let paris = LocalDateTime.Zone.rules(try TimeZoneRules.named("Europe/Paris"))
        try await database.use {
            let moment = try #require(moments("2026-03-15 22:30:15.5").first)
            try await Question.objects.create(Question(questionText: "x", pubDate: moment))
            let found = try await Question.objects.datetimes("pub_date", period, in: paris)
            #expect(found == moments(expected))
        }
    }

    @Test func selectsDistinctMoments() async throws {
        let database = try await TestDatabase.polls()
        let paris = LocalDateTime.Zone.rules(try TimeZoneRules.named("Europe/Paris"))
        let texts = try await sql(database) {
            _ = try await Question.objects.datetimes("pub_date", .month, in: paris)
        }
        #expect(
            texts == [
                "SELECT DISTINCT django_datetime_trunc(?, \"polls_question\".\"pub_date\", "
                    + "?, ?) AS \"datetimefield\" FROM \"polls_question\" "
                    + "WHERE \"polls_question\".\"pub_date\" IS NOT NULL ORDER BY 1 ASC"
            ]
        )
    }

    @Test func refusesOtherFields() async throws {
        let database = try await TestDatabase.polls()
        try await database.use {
            await #expect(throws: FieldError.self) {
                try await Question.objects.dates("pub_date", .year)
            }
            await #expect(throws: FieldError.self) {
                try await Book.objects.datetimes("published", .year)
            }
            await #expect(throws: FieldError.self) {
                try await Book.objects.dates("publisht'; --", .year)
            }
        }
    }
}
