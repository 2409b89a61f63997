import DatabaseTestSupport
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

    @Test(
        arguments: TestBackend.available,
        [
            (DatePeriod.year, "2024-01-01 2026-01-01"), (.month, "2024-02-01 2026-03-01"),
            (.week, "2024-02-26 2026-02-23"), (.day, "2024-02-29 2026-03-01"),
        ]
    )
    func givesTheDaysThatHaveRows(
        _ backend: TestBackend,
        _ test: (period: DatePeriod, expected: String)
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            for _ in 0..<2 {
                try await Book.objects.create(
                    Book(title: "Swing 42", published: CalendarDate(year: 2026, month: 3, day: 1))
                )
            }
            let days = try await Book.objects.dates("published", test.period)
            #expect(days.map(\.description).joined(separator: " ") == test.expected)
            let latest = try await Book.objects.dates("published", test.period, descending: true)
            #expect(latest == days.reversed())
            #expect(try await Book.objects.dates(test.period) { $0.published } == days)
            #expect(
                try await Book.objects.dates(test.period, descending: true) { $0.published }
                    == latest
            )
            #expect(try await Author.objects.dates(test.period) { $0.books.published } == [])
        }
    }

    @Test(arguments: TestBackend.available) func selectsDistinctDays(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let texts = try await sql(database) {
            _ = try await Book.objects.dates("published", .month)
            _ = try await Book.objects.filter { $0.title == "x" }
                .dates("published", .year, descending: true)
            _ = try await Book.objects.dates(.month) { $0.published }
            _ = try await Book.objects.filter { $0.title == "x" }
                .dates(.year, descending: true) { $0.published }
        }
        func start(_ period: String) -> String {
            let call = backend.choose(
                sqlite: #"django_date_trunc(?, "polls_book"."published", NULL, NULL)"#,
                postgresql: #"DATE_TRUNC('\#(period)', "polls_book"."published")"#,
                mysql: """
                    CAST(DATE_FORMAT("polls_book"."published", \
                    '\(period == "year" ? "%Y-01-01" : "%Y-%m-01")') AS DATE)
                    """
            )
            return #"SELECT DISTINCT \#(call) AS "datefield" FROM "polls_book" WHERE "#
        }
        let expected = [
            start("month") + #""polls_book"."published" IS NOT NULL ORDER BY 1 ASC"#,
            start("year")
                + #"("polls_book"."title" = ? AND "polls_book"."published" IS NOT NULL) "#
                + "ORDER BY 1 DESC",
        ]
        #expect(texts == expected + expected)
    }

    @Test(
        arguments: TestBackend.available,
        [
            (MomentPeriod.year, "2025-12-31 23:00:00"), (.month, "2026-02-28 23:00:00"),
            (.week, "2026-03-08 23:00:00"), (.day, "2026-03-14 23:00:00"),
            (.hour, "2026-03-15 22:00:00"), (.minute, "2026-03-15 22:30:00"),
            (.second, "2026-03-15 22:30:15"),
        ]
    )
    func givesMomentsOnTheClocksOfAZone(
        _ backend: TestBackend,
        _ test: (period: MomentPeriod, expected: String)
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let paris = LocalDateTime.Zone.rules(try TimeZoneRules.named("Europe/Paris"))
        try await database.use {
            let moment = try #require(moments("2026-03-15 22:30:15.5").first)
            try await Question.objects.create(Question(questionText: "x", pubDate: moment))
            let found = try await Question.objects.datetimes("pub_date", test.period, in: paris)
            #expect(found == moments(test.expected))
            #expect(
                try await Question.objects.datetimes(test.period, in: paris) { $0.pubDate } == found
            )
        }
    }

    @Test(arguments: TestBackend.installed) func goesAlongRelations(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use {
            let moments = try await Choice.objects.datetimes("question__pub_date", .day)
            #expect(moments.count == 2)
            let typed = try await Choice.objects
                .datetimes(.day, descending: true) { $0.question.pubDate }
            #expect(typed == moments.reversed())
            let days = try await Choice.objects.dates(.day) { $0.question.pubDate.date() }
            #expect(days == [TestDatabase.calendarDay(1), TestDatabase.calendarDay(2)])
        }
    }

    @Test(arguments: TestBackend.available) func selectsDistinctMoments(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let paris = LocalDateTime.Zone.rules(try TimeZoneRules.named("Europe/Paris"))
        let texts = try await sql(database) {
            _ = try await Question.objects.datetimes("pub_date", .month, in: paris)
            _ = try await Question.objects.datetimes(.month, in: paris) { $0.pubDate }
        }
        let call = backend.choose(
            sqlite: #"django_datetime_trunc(?, "polls_question"."pub_date", ?, ?)"#,
            postgresql: """
                DATE_TRUNC('month', "polls_question"."pub_date" AT TIME ZONE 'Europe/Paris')
                """,
            mysql: """
                CAST(DATE_FORMAT(CONVERT_TZ("polls_question"."pub_date", '+00:00', 'Europe/Paris'), \
                '%Y-%m-01 00:00:00') AS DATETIME)
                """
        )
        let expected = """
            SELECT DISTINCT \(call) AS "datetimefield" FROM "polls_question" \
            WHERE "polls_question"."pub_date" IS NOT NULL ORDER BY 1 ASC
            """
        #expect(texts == [expected, expected])
    }

    @Test(arguments: TestBackend.available) func refusesOtherFields(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        await database.use {
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
