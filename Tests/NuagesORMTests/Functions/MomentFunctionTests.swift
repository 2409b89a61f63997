import DatabaseTestSupport
import NuagesORM
import Testing

/// Functions of days, times and moments, with the SQL and values of Django 6.1.
@Suite struct MomentFunctionTests {
    private typealias Case = FunctionCase

    static let cases: [FunctionCase] = [
        Case(
            "ExtractYear",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(2024)
        ).postgresql(#"EXTRACT(YEAR FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractYear", [f("day")], #"django_date_extract(?, "day")"#, .int(2024)).postgresql(
            #"EXTRACT(YEAR FROM "day")"#
        ),
        Case(
            "ExtractIsoYear",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(2024)
        ).postgresql(#"EXTRACT(ISOYEAR FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractIsoYear", [f("day")], #"django_date_extract(?, "day")"#, .int(2025))
            .postgresql(#"EXTRACT(ISOYEAR FROM "day")"#),
        Case(
            "ExtractQuarter",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(1)
        ).postgresql(#"EXTRACT(QUARTER FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractQuarter", [f("day")], #"django_date_extract(?, "day")"#, .int(4)).postgresql(
            #"EXTRACT(QUARTER FROM "day")"#
        ),
        Case(
            "ExtractMonth",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(3)
        ).postgresql(#"EXTRACT(MONTH FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractMonth", [f("day")], #"django_date_extract(?, "day")"#, .int(12)).postgresql(
            #"EXTRACT(MONTH FROM "day")"#
        ),
        Case(
            "ExtractWeek",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(13)
        ).postgresql(#"EXTRACT(WEEK FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractWeek", [f("day")], #"django_date_extract(?, "day")"#, .int(1)).postgresql(
            #"EXTRACT(WEEK FROM "day")"#
        ),
        Case("ExtractDay", [f("moment")], #"django_datetime_extract(?, "moment", ?, ?)"#, .int(31))
            .postgresql(#"EXTRACT(DAY FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractDay", [f("day")], #"django_date_extract(?, "day")"#, .int(30)).postgresql(
            #"EXTRACT(DAY FROM "day")"#
        ),
        Case(
            "ExtractWeekDay",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(1)
        ).postgresql(#"EXTRACT(DOW FROM "moment" AT TIME ZONE 'UTC') + 1"#),
        Case("ExtractWeekDay", [f("day")], #"django_date_extract(?, "day")"#, .int(2)).postgresql(
            #"EXTRACT(DOW FROM "day") + 1"#
        ),
        Case(
            "ExtractIsoWeekDay",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(7)
        ).postgresql(#"EXTRACT(ISODOW FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractIsoWeekDay", [f("day")], #"django_date_extract(?, "day")"#, .int(1))
            .postgresql(#"EXTRACT(ISODOW FROM "day")"#),
        Case("ExtractHour", [f("moment")], #"django_datetime_extract(?, "moment", ?, ?)"#, .int(1))
            .postgresql(#"EXTRACT(HOUR FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractHour", [f("clock")], #"django_time_extract(?, "clock")"#, .int(10)).postgresql(
            #"EXTRACT(HOUR FROM "clock")"#
        ),
        Case(
            "ExtractMinute",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(30)
        ).postgresql(#"EXTRACT(MINUTE FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractMinute", [f("clock")], #"django_time_extract(?, "clock")"#, .int(20))
            .postgresql(#"EXTRACT(MINUTE FROM "clock")"#),
        Case(
            "ExtractSecond",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(15)
        ).postgresql(#"EXTRACT(SECOND FROM DATE_TRUNC('second', "moment" AT TIME ZONE 'UTC'))"#),
        Case("ExtractSecond", [f("clock")], #"django_time_extract(?, "clock")"#, .int(30))
            .postgresql(#"EXTRACT(SECOND FROM DATE_TRUNC('second', "clock"))"#),
        Case(
            "Extract",
            [f("moment"), t("week")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(13)
        ).postgresql(#"EXTRACT(WEEK FROM "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "ExtractHour",
            [f("moment")],
            keywords: ["tzinfo": .text("Asia/Kathmandu")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(7)
        ).postgresql(#"EXTRACT(HOUR FROM "moment" AT TIME ZONE 'Asia/Kathmandu')"#),
        Case(
            "ExtractDay",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(30)
        ).postgresql(#"EXTRACT(DAY FROM "moment" AT TIME ZONE 'America/New_York')"#),
        Case(
            "TruncYear",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-01-01 00:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('year', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncYear",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-01-01")
        ).postgresql(#"DATE_TRUNC('year', "day")"#),
        Case(
            "TruncQuarter",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-01-01 00:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('quarter', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncQuarter",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-10-01")
        ).postgresql(#"DATE_TRUNC('quarter', "day")"#),
        Case(
            "TruncMonth",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-01 00:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('month', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncMonth",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-01")
        ).postgresql(#"DATE_TRUNC('month', "day")"#),
        Case(
            "TruncWeek",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-25 00:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('week', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncWeek",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-30")
        ).postgresql(#"DATE_TRUNC('week', "day")"#),
        Case(
            "TruncDay",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 00:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('day', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncDay",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-30")
        ).postgresql(#"DATE_TRUNC('day', "day")"#),
        Case(
            "TruncHour",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('hour', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncHour",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:00:00")
        ).postgresql(#"DATE_TRUNC('hour', "clock")::time"#),
        Case(
            "TruncMinute",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:30:00+00:00")
        ).postgresql(#"DATE_TRUNC('minute', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncMinute",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:20:00")
        ).postgresql(#"DATE_TRUNC('minute', "clock")::time"#),
        Case(
            "TruncSecond",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:30:15+00:00")
        ).postgresql(#"DATE_TRUNC('second', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncSecond",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:20:30")
        ).postgresql(#"DATE_TRUNC('second', "clock")::time"#),
        Case(
            "Trunc",
            [f("moment"), t("month")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-01 00:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('month', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncDay",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-30 04:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('day', "moment" AT TIME ZONE 'America/New_York')"#),
        Case(
            "TruncHour",
            [f("moment")],
            keywords: ["tzinfo": .text("Europe/Paris")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:00:00+00:00")
        ).postgresql(#"DATE_TRUNC('hour', "moment" AT TIME ZONE 'Europe/Paris')"#),
        Case(
            "TruncMonth",
            [f("moment")],
            type: .date,
            #"django_date_trunc(?, "moment", ?, ?)"#,
            day("2024-03-01")
        ).postgresql(#"DATE_TRUNC('month', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncHour",
            [f("moment")],
            type: .time,
            #"django_time_trunc(?, "moment", ?, ?)"#,
            clock("01:00:00")
        ).postgresql(#"DATE_TRUNC('hour', "moment" AT TIME ZONE 'UTC')::time"#),
        Case(
            "TruncDate",
            [f("moment")],
            #"django_datetime_cast_date("moment", ?, ?)"#,
            day("2024-03-31")
        ).postgresql(#"("moment" AT TIME ZONE 'UTC')::date"#),
        Case(
            "TruncTime",
            [f("moment")],
            #"django_datetime_cast_time("moment", ?, ?)"#,
            clock("01:30:15.123456")
        ).postgresql(#"("moment" AT TIME ZONE 'UTC')::time"#),
        Case(
            "TruncDate",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_cast_date("moment", ?, ?)"#,
            day("2024-03-30")
        ).postgresql(#"("moment" AT TIME ZONE 'America/New_York')::date"#),
    ]

    @Test(arguments: TestBackend.available, cases)
    func writesAndReadsAsDjangoDoes(
        _ backend: TestBackend,
        _ function: FunctionCase
    ) async throws {
        try await function.check(backend)
    }
}
