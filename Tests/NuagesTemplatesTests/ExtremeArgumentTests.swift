import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesTemplates

/// Values and arguments at the ends of what their types hold, for every filter.
@Suite struct ExtremeArgumentTests {
    private static let digits = String(repeating: "9", count: 1000)

    private static let values: [ContextValue] = [
        .none, .bool(true), .int(.min), .int(.max), .int(-1), .int(0), .double(1e308),
        .double(-1e308), .double(5e-324), .double(.nan), .double(.infinity), .double(-.infinity),
        .decimal(Decimal(string: "1e100") ?? 0), .string(""), .string("-1"), .string("nan"),
        .string("inf"), .string("1e308"), .string("1e999999999999"), .string(digits),
        .string("-9223372036854775808"), .string("9223372036854775808"), .string("&#\(digits);<"),
        .safe(SafeString(unsafe: "<a><b")), .string("%*d"), .string("99999999999999999999d"),
        .string("\(Int.min):\(Int.max):\(Int.min)"), .string("::-9223372036854775808"),
        .string("-99999999999999999999gu"), .string("9999999ug"),
    ]

    private static let moments: [ContextValue] = {
        var values: [ContextValue] = [
            .dateTime(.distantPast), .dateTime(.distantFuture),
            .dateTime(Date(timeIntervalSince1970: 1e308)),
            .dateTime(Date(timeIntervalSince1970: .nan)),
            .dateTime(Date(timeIntervalSince1970: -.infinity)),
            .duration(.seconds(Int64.max)), .duration(.seconds(Int64.min)),
            .duration(.nanoseconds(-1)), .array([]), .array([.int(.min), .int(.max)]),
            .array([.array([.array([.none])])]), .dictionary(["a": Int.max]),
            .uuid(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
        ]
        for text in ["1e999999999999999999", "-1e-999999999999999999", "NaN", "-Infinity"] {
            if let number = ExactDecimal(text) { values.append(.exact(number)) }
        }
        for (year, month, day) in [(1, 1, 1), (9999, 12, 31)] {
            guard let date = CalendarDate(year: year, month: month, day: day),
                let time = TimeOfDay(hour: 23, minute: 59, second: 59, microsecond: 999_999)
            else { continue }
            values += [.date(date), .time(time)]
            for zone in [nil, LocalDateTime.Zone.utc, .fixed(seconds: -86_399, name: nil)] {
                values.append(.localDateTime(LocalDateTime(date: date, time: time, zone: zone)))
            }
        }
        return values
    }()

    @Test(arguments: Library.builtins.filters.keys.sorted())
    func everyFilterEndsWell(_ name: String) throws {
        let filter = try #require(Library.builtins.filter(named: name))
        let context = FilterContext(environment: TemplateEnvironment())
        let all = Self.values + Self.moments
        for value in all {
            _ = try? filter.apply(to: value, context)
            for argument in all { _ = try? filter.apply(to: value, argument: argument, context) }
        }
    }

    @Test(
        arguments: [
            ("add", .int(.max), .int(1), "9223372036854775808"),
            ("add", .int(.min), .int(-1), "-9223372036854775809"),
            ("add", .double(1e20), .string("2"), "100000000000000000002"),
            ("add", .duration(.seconds(Int64.max)), .duration(.seconds(1)), ""),
            ("divisibleby", .int(.min), .int(-1), "True"),
            ("divisibleby", .double(1e20), .int(7), "False"),
            (
                "divisibleby", .string("100000000000000000000"), .string("50000000000000000000"),
                "True"
            ),
            ("get_digit", .int(.min), .int(1), "8"), ("get_digit", .double(1e20), .int(21), "1"),
            ("get_digit", .int(12), .int(.max), "0"), ("get_digit", .int(12), .int(.min), "12"),
            ("slice", .string("abc"), .string("\(Int.min):\(Int.max):\(Int.max)"), "a"),
            ("slice", .string("abc"), .string("::-9223372036854775808"), "c"),
            ("slice", .string("abc"), .string("9223372036854775808:"), ""),
            ("truncatechars", .string("abc"), .int(.max), "abc"),
            ("truncatechars", .string("abc"), .int(.min), ""),
            ("truncatewords", .string("a b"), .int(.max), "a b"),
            ("truncatechars_html", .string("<b>ab</b>"), .int(.max), "<b>ab</b>"),
            ("floatformat", .double(1e308), .int(2), "1e+308"),
            ("floatformat", .double(.nan), .int(2), "nan"),
            ("floatformat", .double(1.5), .int(.min), "1.5"),
            ("floatformat", .double(1.5), .string("9223372036854775808"), "1.5"),
            ("filesizeformat", .double(1e30), nil, "888178419700125.2 PB"),
            ("filesizeformat", .int(.min), nil, "-8192.0 PB"),
            ("wordcount", .int(.min), nil, "1"), ("length", .int(.max), nil, "0"),
            ("pluralize", .double(.nan), nil, "s"),
            ("stringformat", .int(.min), .string("d"), "\(Int.min)"),
        ] as [(String, ContextValue, ContextValue?, String)]
    )
    func knowsTheirResults(
        _ filter: String,
        _ value: ContextValue,
        _ argument: ContextValue?,
        _ output: String
    ) throws {
        #expect(
            try filtered(filter, value, argument).replacingBytes("\u{A0}", with: " ") == output
        )
    }

    @Test(arguments: [
        ("center", "9223372036854775807"), ("ljust", "99999999999999999999"), ("rjust", "nan"),
        ("wordwrap", "-9223372036854775808"), ("divisibleby", "0"), ("divisibleby", ""),
        ("urlizetrunc", "inf"),
    ])
    func refusesWhatCannotBe(_ filter: String, _ argument: String) {
        #expect(throws: (any Error).self) { try filtered(filter, .string("1"), .string(argument)) }
    }

    @Test func aMomentThatNoCalendarHasIsANumber() async throws {
        for (seconds, text) in [(Double.nan, "nan"), (.infinity, "inf"), (1e308, "1e+308")] {
            let moment = ContextValue.dateTime(Date(timeIntervalSince1970: seconds))
            #expect(try filtered("date", moment, .string("Y")) == "")
            #expect(
                try await render("{{ m }}|{{ m|upper }}", ["m": moment])
                    == "\(text)|\(text.uppercased())"
            )
        }
    }

    private static let numbers = [
        "-9223372036854775808", "9223372036854775807", "1e308", "-1", "0", "''", "nan", "x",
    ]

    @Test(arguments: numbers, numbers)
    func tagsEndWell(_ first: String, _ second: String) async {
        for source in [
            "{% widthratio \(first) \(second) 100 %}", "{% widthratio 1 \(first) \(second) %}",
            "{% lorem \(first) w %}", "{% cycle \(first) \(second) as c %}{% cycle c %}",
            "{% for x in \(first) %}{{ x }}{% endfor %}",
            "{% if \(first) < \(second) %}y{% endif %}", "{{ list.\(first) }}",
            "{% now \(first) %}",
        ] {
            _ = try? await render(source, ["list": ContextValue.array([.int(1)])])
        }
    }
}
