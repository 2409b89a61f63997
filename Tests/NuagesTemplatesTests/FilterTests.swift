import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct TextFilterTests {
    @Test(arguments: [
        ("addslashes", "it's \"a\\\"", nil, "it\\'s \\\"a\\\\\\\""), ("capfirst", "ßa", nil, "SSa"),
        ("lower", "ÀΣ", nil, "àς"), ("upper", "straße", nil, "STRASSE"),
        ("title", "it's 3d a-b", nil, "It's 3d A-B"),
        ("slugify", " Ça va, Django?_ ", nil, "ca-va-django"),
        ("phone2numeric", "0800 Call", nil, "0800 2255"), ("wordcount", " a b\tc ", nil, "3"),
        ("cut", "a b c", " ", "abc"), ("center", "ab", "5", " ab  "), ("ljust", "ab", "4", "ab  "),
        ("rjust", "ab", "4", "  ab"), ("truncatechars", "Joel is a slug", "7", "Joel i…"),
        ("truncatewords", "a  b c d", "2", "a b …"), ("truncatewords", "a b", "2", "a b"),
        ("truncatechars_html", "<p>one <b>two</b></p>", "5", "<p>one <b>…</b></p>"),
        ("truncatewords_html", "<p>one two &lt;three</p>", "2", "<p>one two …</p>"),
        ("wordwrap", "this is a long text", "9", "this is a\nlong text"),
        ("urlencode", "/a b/ü", nil, "/a%20b/%C3%BC"), ("urlencode", "/a", "", "%2Fa"),
        ("iriencode", "/?x=é&y=1", nil, "/?x=%C3%A9&y=1"), ("make_list", "ab", nil, "['a', 'b']"),
        ("striptags", "<b>x</b> &amp; <script>y</script>", nil, "x &amp; y"),
        ("linebreaks", "a\nb\r\n\r\nc", nil, "<p>a<br>b</p>\n\n<p>c</p>"),
        ("linebreaksbr", "a\n<", nil, "a<br>&lt;"), ("linenumbers", "a\n<", nil, "1. a\n2. &lt;"),
        ("escapejs", "'<a>'\n", nil, "\\u0027\\u003Ca\\u003E\\u0027\\u000A"),
        (
            "urlize", "see www.example.com. or a@b.org!", nil,
            "see <a href=\"http://www.example.com\" rel=\"nofollow\">www.example.com</a>. or "
                + "<a href=\"mailto:a@b.org\">a@b.org</a>!"
        ),
        (
            "urlizetrunc", "https://example.com/long", "10",
            "<a href=\"https://example.com/long\" rel=\"nofollow\">https://e…</a>"
        ),
        ("stringformat", "x", "5s", "    x"),
    ])
    func changes(_ filter: String, _ text: String, _ argument: String?, _ output: String) throws {
        #expect(try filtered(filter, .string(text), argument.map(ContextValue.string)) == output)
    }
}

@Suite struct NumberFilterTests {
    @Test(
        arguments: [
            ("floatformat", .double(34.23234), nil, "34.2"),
            ("floatformat", .double(34), nil, "34"),
            ("floatformat", .double(34.26), .int(3), "34.260"),
            ("floatformat", .double(2.5), .int(0), "3"),
            ("floatformat", .double(6666.6666), .string("2g"), "6,666.67"),
            ("floatformat", .string("x"), nil, ""),
            ("floatformat", .exact(ExactDecimal("1.005")!), .int(2), "1.01"),
            ("add", .int(4), .string("3"), "7"), ("add", .string("a"), .string("b"), "ab"),
            ("add", .array([.int(1)]), .array([.int(2)]), "[1, 2]"),
            ("divisibleby", .int(21), .int(7), "True"),
            ("get_digit", .int(1234), .int(2), "3"),
            ("filesizeformat", .int(1_500_000), nil, "1.4\u{A0}MB"),
            ("filesizeformat", .int(1), nil, "1\u{A0}byte"),
            ("stringformat", .double(3.14159), .string(".2f"), "3.14"),
            ("stringformat", .int(255), .string("04x"), "00ff"), ("pluralize", .int(1), nil, ""),
            ("pluralize", .int(2), .string("y,ies"), "ies"), ("pluralize", .array([]), nil, "s"),
        ] as [(String, ContextValue, ContextValue?, String)]
    )
    func changes(
        _ filter: String,
        _ value: ContextValue,
        _ argument: ContextValue?,
        _ output: String
    ) throws {
        #expect(try filtered(filter, value, argument) == output)
    }
}

@Suite struct ListFilterTests {
    private static let list: ContextValue = .array([.string("b"), .string("a"), .string("c")])

    @Test(
        arguments: [
            ("first", nil, "b"), ("last", nil, "c"), ("length", nil, "3"),
            ("join", .string("-"), "b-a-c"),
            ("slice", .string(":2"), "['b', 'a']"), ("slice", .string("::-1"), "['c', 'a', 'b']"),
            ("slice", .string("x"), "['b', 'a', 'c']"), ("dictsort", .int(0), "['a', 'b', 'c']"),
            ("dictsortreversed", .int(0), "['c', 'b', 'a']"), ("yesno", .string("y,n"), "y"),
            ("unordered_list", nil, "\t<li>b</li>\n\t<li>a</li>\n\t<li>c</li>"),
        ] as [(String, ContextValue?, String)]
    )
    func changes(_ filter: String, _ argument: ContextValue?, _ output: String) throws {
        #expect(try filtered(filter, Self.list, argument) == output)
    }

    @Test func defaultsStandInForNothing() throws {
        #expect(try filtered("default", .string(""), .string("d")) == "d")
        #expect(try filtered("default_if_none", .string(""), .string("d")) == "")
        #expect(try filtered("yesno", .none) == "maybe")
    }
}

@Suite struct DateFilterTests {
    private static func environment() throws -> TemplateEnvironment {
        var environment = TemplateEnvironment()
        environment.timeZone = .rules(try .named("Europe/Paris"))
        environment.now = { Date(timeIntervalSince1970: 1_709_215_509) }
        return environment
    }

    /// 2024-02-29 13:05:09 UTC.
    private static let moment = ContextValue.dateTime(Date(timeIntervalSince1970: 1_709_211_909))

    @Test(arguments: [
        ("Y-m-d H:i:s", "2024-02-29 14:05:09"), ("j N Y, P", "29 Feb. 2024, 2:05 p.m."),
        ("D, d M y", "Thu, 29 Feb 24"), ("l jS \\o\\f F", "Thursday 29th of February"),
        ("e T O Z I U", "CET CET +0100 3600 0 1709211909"), ("W o z t L", "9 2024 60 29 True"),
        ("c", "2024-02-29T14:05:09+01:00"), ("r", "Thu, 29 Feb 2024 14:05:09 +0100"),
        ("SHORT_DATE_FORMAT", "02/29/2024"),
    ])
    func formats(_ format: String, output: String) throws {
        #expect(
            try filtered("date", Self.moment, .string(format), environment: try Self.environment())
                == output
        )
    }

    @Test func momentsAreShownInThePagesZone() async throws {
        let output = try await render(
            "{{ d }}|{{ d|time:'H:i' }}|{{ d|timesince }}|{% now 'H' %}",
            ["d": Self.moment],
            environment: try Self.environment()
        )
        #expect(output == "Feb. 29, 2024, 2:05 p.m.|14:05|1\u{A0}hour|15")
    }

    @Test func aDateHasNoTimeToFormat() {
        #expect(throws: DateFormatError.timeInDateFormat(specifier: "H")) {
            try filtered("date", .date(CalendarDate(year: 2024, month: 1, day: 1)!), .string("H"))
        }
    }
}
