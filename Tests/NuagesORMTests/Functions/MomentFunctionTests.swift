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
        ),
        Case("ExtractYear", [f("day")], #"django_date_extract(?, "day")"#, .int(2024)),
        Case(
            "ExtractIsoYear",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(2024)
        ),
        Case("ExtractIsoYear", [f("day")], #"django_date_extract(?, "day")"#, .int(2025)),
        Case(
            "ExtractQuarter",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(1)
        ),
        Case("ExtractQuarter", [f("day")], #"django_date_extract(?, "day")"#, .int(4)),
        Case(
            "ExtractMonth",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(3)
        ),
        Case("ExtractMonth", [f("day")], #"django_date_extract(?, "day")"#, .int(12)),
        Case(
            "ExtractWeek",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(13)
        ),
        Case("ExtractWeek", [f("day")], #"django_date_extract(?, "day")"#, .int(1)),
        Case("ExtractDay", [f("moment")], #"django_datetime_extract(?, "moment", ?, ?)"#, .int(31)),
        Case("ExtractDay", [f("day")], #"django_date_extract(?, "day")"#, .int(30)),
        Case(
            "ExtractWeekDay",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(1)
        ),
        Case("ExtractWeekDay", [f("day")], #"django_date_extract(?, "day")"#, .int(2)),
        Case(
            "ExtractIsoWeekDay",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(7)
        ),
        Case("ExtractIsoWeekDay", [f("day")], #"django_date_extract(?, "day")"#, .int(1)),
        Case("ExtractHour", [f("moment")], #"django_datetime_extract(?, "moment", ?, ?)"#, .int(1)),
        Case("ExtractHour", [f("clock")], #"django_time_extract(?, "clock")"#, .int(10)),
        Case(
            "ExtractMinute",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(30)
        ),
        Case("ExtractMinute", [f("clock")], #"django_time_extract(?, "clock")"#, .int(20)),
        Case(
            "ExtractSecond",
            [f("moment")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(15)
        ),
        Case("ExtractSecond", [f("clock")], #"django_time_extract(?, "clock")"#, .int(30)),
        Case(
            "Extract",
            [f("moment"), t("week")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(13)
        ),
        Case(
            "ExtractHour",
            [f("moment")],
            keywords: ["tzinfo": .text("Asia/Kathmandu")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(7)
        ),
        Case(
            "ExtractDay",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_extract(?, "moment", ?, ?)"#,
            .int(30)
        ),
        Case(
            "TruncYear",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-01-01 00:00:00+00:00")
        ),
        Case(
            "TruncYear",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-01-01")
        ),
        Case(
            "TruncQuarter",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-01-01 00:00:00+00:00")
        ),
        Case(
            "TruncQuarter",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-10-01")
        ),
        Case(
            "TruncMonth",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-01 00:00:00+00:00")
        ),
        Case(
            "TruncMonth",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-01")
        ),
        Case(
            "TruncWeek",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-25 00:00:00+00:00")
        ),
        Case(
            "TruncWeek",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-30")
        ),
        Case(
            "TruncDay",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 00:00:00+00:00")
        ),
        Case(
            "TruncDay",
            [f("day")],
            #"django_date_trunc(?, "day", NULL, NULL)"#,
            day("2024-12-30")
        ),
        Case(
            "TruncHour",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:00:00+00:00")
        ),
        Case(
            "TruncHour",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:00:00")
        ),
        Case(
            "TruncMinute",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:30:00+00:00")
        ),
        Case(
            "TruncMinute",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:20:00")
        ),
        Case(
            "TruncSecond",
            [f("moment")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:30:15+00:00")
        ),
        Case(
            "TruncSecond",
            [f("clock")],
            #"django_time_trunc(?, "clock", NULL, NULL)"#,
            clock("10:20:30")
        ),
        Case(
            "Trunc",
            [f("moment"), t("month")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-01 00:00:00+00:00")
        ),
        Case(
            "TruncDay",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-30 04:00:00+00:00")
        ),
        Case(
            "TruncHour",
            [f("moment")],
            keywords: ["tzinfo": .text("Europe/Paris")],
            #"django_datetime_trunc(?, "moment", ?, ?)"#,
            moment("2024-03-31 01:00:00+00:00")
        ),
        Case(
            "TruncMonth",
            [f("moment")],
            type: .date,
            #"django_date_trunc(?, "moment", ?, ?)"#,
            day("2024-03-01")
        ),
        Case(
            "TruncHour",
            [f("moment")],
            type: .time,
            #"django_time_trunc(?, "moment", ?, ?)"#,
            clock("01:00:00")
        ),
        Case(
            "TruncDate",
            [f("moment")],
            #"django_datetime_cast_date("moment", ?, ?)"#,
            day("2024-03-31")
        ),
        Case(
            "TruncTime",
            [f("moment")],
            #"django_datetime_cast_time("moment", ?, ?)"#,
            clock("01:30:15.123456")
        ),
        Case(
            "TruncDate",
            [f("moment")],
            keywords: ["tzinfo": .text("America/New_York")],
            #"django_datetime_cast_date("moment", ?, ?)"#,
            day("2024-03-30")
        ),
    ]

    @Test(arguments: cases)
    func writesAndReadsAsDjangoDoes(_ function: FunctionCase) async throws {
        try await function.check()
    }
}
