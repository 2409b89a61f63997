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
        ).mysql(#"EXTRACT(YEAR FROM "moment")"#).postgresql(
            #"EXTRACT(YEAR FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractYear", [f("day")], #"django_date_extract(?, "day")"#, .int(2024)).mysql(
            #"EXTRACT(YEAR FROM "day")"#
        ).postgresql(
            #"EXTRACT(YEAR FROM "day")"#
        ),
        Case(
            "ExtractIsoYear",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(2024)
        ).mysql(#"YEARWEEK("moment", 3) DIV 100"#).postgresql(
            #"EXTRACT(ISOYEAR FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractIsoYear", [f("day")], #"django_date_extract(?, "day")"#, .int(2025)).mysql(
            #"YEARWEEK("day", 3) DIV 100"#
        )
        .postgresql(#"EXTRACT(ISOYEAR FROM "day")"#),
        Case(
            "ExtractQuarter",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(1)
        ).mysql(#"EXTRACT(QUARTER FROM "moment")"#).postgresql(
            #"EXTRACT(QUARTER FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractQuarter", [f("day")], #"django_date_extract(?, "day")"#, .int(4)).mysql(
            #"EXTRACT(QUARTER FROM "day")"#
        ).postgresql(
            #"EXTRACT(QUARTER FROM "day")"#
        ),
        Case(
            "ExtractMonth",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(3)
        ).mysql(#"EXTRACT(MONTH FROM "moment")"#).postgresql(
            #"EXTRACT(MONTH FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractMonth", [f("day")], #"django_date_extract(?, "day")"#, .int(12)).mysql(
            #"EXTRACT(MONTH FROM "day")"#
        ).postgresql(
            #"EXTRACT(MONTH FROM "day")"#
        ),
        Case(
            "ExtractWeek",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(13)
        ).mysql(#"WEEK("moment", 3)"#).postgresql(
            #"EXTRACT(WEEK FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractWeek", [f("day")], #"django_date_extract(?, "day")"#, .int(1)).mysql(
            #"WEEK("day", 3)"#
        ).postgresql(
            #"EXTRACT(WEEK FROM "day")"#
        ),
        Case("ExtractDay", [f("moment")], #"django_datetime_extract(?, "moment", ?, ?)"#, .int(31))
            .mysql(#"EXTRACT(DAY FROM "moment")"#)
            .postgresql(#"EXTRACT(DAY FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractDay", [f("day")], #"django_date_extract(?, "day")"#, .int(30)).mysql(
            #"EXTRACT(DAY FROM "day")"#
        ).postgresql(
            #"EXTRACT(DAY FROM "day")"#
        ),
        Case(
            "ExtractWeekDay",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(1)
        ).mysql(#"DAYOFWEEK("moment")"#).postgresql(
            #"EXTRACT(DOW FROM "moment" AT TIME ZONE 'UTC') + 1"#
        ),
        Case("ExtractWeekDay", [f("day")], #"django_date_extract(?, "day")"#, .int(2)).mysql(
            #"DAYOFWEEK("day")"#
        ).postgresql(
            #"EXTRACT(DOW FROM "day") + 1"#
        ),
        Case(
            "ExtractIsoWeekDay",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(7)
        ).mysql(#"WEEKDAY("moment") + 1"#).postgresql(
            #"EXTRACT(ISODOW FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractIsoWeekDay", [f("day")], #"django_date_extract(?, "day")"#, .int(1)).mysql(
            #"WEEKDAY("day") + 1"#
        )
        .postgresql(#"EXTRACT(ISODOW FROM "day")"#),
        Case("ExtractHour", [f("moment")], #"django_datetime_extract(?, "moment", ?, ?)"#, .int(1))
            .mysql(#"EXTRACT(HOUR FROM "moment")"#)
            .postgresql(#"EXTRACT(HOUR FROM "moment" AT TIME ZONE 'UTC')"#),
        Case("ExtractHour", [f("clock")], #"django_time_extract(?, "clock")"#, .int(10)).mysql(
            #"EXTRACT(HOUR FROM "clock")"#
        ).postgresql(
            #"EXTRACT(HOUR FROM "clock")"#
        ),
        Case(
            "ExtractMinute",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(30)
        ).mysql(#"EXTRACT(MINUTE FROM "moment")"#).postgresql(
            #"EXTRACT(MINUTE FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case("ExtractMinute", [f("clock")], #"django_time_extract(?, "clock")"#, .int(20)).mysql(
            #"EXTRACT(MINUTE FROM "clock")"#
        )
        .postgresql(#"EXTRACT(MINUTE FROM "clock")"#),
        Case(
            "ExtractSecond",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(15)
        ).mysql(#"EXTRACT(SECOND FROM "moment")"#).postgresql(
            #"EXTRACT(SECOND FROM DATE_TRUNC('second', "moment" AT TIME ZONE 'UTC'))"#
        ),
        Case("ExtractSecond", [f("clock")], #"django_time_extract(?, "clock")"#, .int(30)).mysql(
            #"EXTRACT(SECOND FROM "clock")"#
        )
        .postgresql(#"EXTRACT(SECOND FROM DATE_TRUNC('second', "clock"))"#),
        Case(
            "Extract",
            [f("moment"), t("week")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(13)
        ).mysql(#"WEEK("moment", 3)"#).postgresql(
            #"EXTRACT(WEEK FROM "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "ExtractHour",
            [f("moment")],
            keywords: ["tzinfo": .text("Asia/Kathmandu")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(7)
        ).mysql(#"EXTRACT(HOUR FROM CONVERT_TZ("moment", '+00:00', 'Asia/Kathmandu'))"#).postgresql(
            #"EXTRACT(HOUR FROM "moment" AT TIME ZONE 'Asia/Kathmandu')"#
        ),
        Case(
            "ExtractDay",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(30)
        ).mysql(#"EXTRACT(DAY FROM CONVERT_TZ("moment", '+00:00', 'America/New_York'))"#)
            .postgresql(#"EXTRACT(DAY FROM "moment" AT TIME ZONE 'America/New_York')"#),
        Case(
            "TruncYear",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-01-01 00:00:00+00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-01-01 00:00:00') AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('year', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncYear",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-01-01")
        ).mysql(#"CAST(DATE_FORMAT("day", '%Y-01-01') AS DATE)"#).postgresql(
            #"DATE_TRUNC('year', "day")"#
        ),
        Case(
            "TruncQuarter",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-01-01 00:00:00+00:00")
        ).mysql(
            #"CAST(CAST(CONCAT(DATE_FORMAT("moment", '%Y-'), QUARTER("moment") * 3 - 2, '-01') AS DATE) AS DATETIME)"#
        ).postgresql(#"DATE_TRUNC('quarter', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncQuarter",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-10-01")
        ).mysql(#"CAST(CONCAT(DATE_FORMAT("day", '%Y-'), QUARTER("day") * 3 - 2, '-01') AS DATE)"#)
            .postgresql(#"DATE_TRUNC('quarter', "day")"#),
        Case(
            "TruncMonth",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-01 00:00:00+00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-%m-01 00:00:00') AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('month', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncMonth",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-01")
        ).mysql(#"CAST(DATE_FORMAT("day", '%Y-%m-01') AS DATE)"#).postgresql(
            #"DATE_TRUNC('month', "day")"#
        ),
        Case(
            "TruncWeek",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-25 00:00:00+00:00")
        ).mysql(#"CAST(DATE_SUB(DATE("moment"), INTERVAL WEEKDAY("moment") DAY) AS DATETIME)"#)
            .postgresql(#"DATE_TRUNC('week', "moment" AT TIME ZONE 'UTC')"#),
        Case(
            "TruncWeek",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-30")
        ).mysql(#"DATE_SUB(DATE("day"), INTERVAL WEEKDAY("day") DAY)"#).postgresql(
            #"DATE_TRUNC('week', "day")"#
        ),
        Case(
            "TruncDay",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 00:00:00+00:00")
        ).mysql(#"CAST(DATE("moment") AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('day', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncDay",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-30")
        ).mysql(#"DATE("day")"#).postgresql(#"DATE_TRUNC('day', "day")"#),
        Case(
            "TruncHour",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:00:00+00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-%m-%d %H:00:00') AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('hour', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncHour",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:00:00")
        ).mysql(#"CAST(DATE_FORMAT("clock", '%H:00:00') AS TIME)"#).postgresql(
            #"DATE_TRUNC('hour', "clock")::time"#
        ),
        Case(
            "TruncMinute",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:30:00+00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-%m-%d %H:%i:00') AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('minute', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncMinute",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:20:00")
        ).mysql(#"CAST(DATE_FORMAT("clock", '%H:%i:00') AS TIME)"#).postgresql(
            #"DATE_TRUNC('minute', "clock")::time"#
        ),
        Case(
            "TruncSecond",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:30:15+00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-%m-%d %H:%i:%s') AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('second', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncSecond",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:20:30")
        ).mysql(#"CAST(DATE_FORMAT("clock", '%H:%i:%s') AS TIME)"#).postgresql(
            #"DATE_TRUNC('second', "clock")::time"#
        ),
        Case(
            "Trunc",
            [f("moment"), t("month")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-01 00:00:00+00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-%m-01 00:00:00') AS DATETIME)"#).postgresql(
            #"DATE_TRUNC('month', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncDay",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-30 04:00:00+00:00")
        ).mysql(#"CAST(DATE(CONVERT_TZ("moment", '+00:00', 'America/New_York')) AS DATETIME)"#)
            .postgresql(#"DATE_TRUNC('day', "moment" AT TIME ZONE 'America/New_York')"#),
        Case(
            "TruncHour",
            [f("moment")],
            keywords: ["tzinfo": .text("Europe/Paris")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:00:00+00:00")
        ).mysql(
            #"CAST(DATE_FORMAT(CONVERT_TZ("moment", '+00:00', 'Europe/Paris'), '%Y-%m-%d %H:00:00') AS DATETIME)"#
        ).postgresql(#"DATE_TRUNC('hour', "moment" AT TIME ZONE 'Europe/Paris')"#),
        Case(
            "TruncMonth",
            [f("moment")],
            type: .date,
            #"django_date_trunc(?, "moment", ?, ?)"#,
            day("2024-03-01")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%Y-%m-01') AS DATE)"#).postgresql(
            #"DATE_TRUNC('month', "moment" AT TIME ZONE 'UTC')"#
        ),
        Case(
            "TruncHour",
            [f("moment")],
            type: .time,
            #"django_time_trunc(?, "moment", ?, ?)"#,
            clock("01:00:00")
        ).mysql(#"CAST(DATE_FORMAT("moment", '%H:00:00') AS TIME)"#).postgresql(
            #"DATE_TRUNC('hour', "moment" AT TIME ZONE 'UTC')::time"#
        ),
        Case(
            "TruncDate",
            [f("moment")],
            #"django_datetime_cast_date("moment", ?, ?)"#,
            day("2024-03-31")
        ).mysql(#"DATE("moment")"#).postgresql(#"("moment" AT TIME ZONE 'UTC')::date"#),
        Case(
            "TruncTime",
            [f("moment")],
            #"django_datetime_cast_time("moment", ?, ?)"#,
            clock("01:30:15.123456")
        ).mysql(#"TIME("moment")"#).postgresql(#"("moment" AT TIME ZONE 'UTC')::time"#),
        Case(
            "TruncDate",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_cast_date("moment", ?, ?)"#,
            day("2024-03-30")
        ).mysql(#"DATE(CONVERT_TZ("moment", '+00:00', 'America/New_York'))"#).postgresql(
            #"("moment" AT TIME ZONE 'America/New_York')::date"#
        ),
    ]

    @Test(arguments: TestBackend.available, cases)
    func writesAndReadsAsDjangoDoes(
        _ backend: TestBackend,
        _ function: FunctionCase
    ) async throws {
        try await function.check(backend)
    }
}
