import FoundationEssentials
import NuagesContrib
import NuagesCore
import NuagesTemplates
import Testing

@Suite struct HumanizeTests {
    private static let now = Date(timeIntervalSince1970: 1_767_268_800)

    private func text(
        _ filter: String,
        _ value: ContextValue,
        _ argument: ContextValue? = nil,
        language: String = "en-us"
    ) throws -> String {
        var environment = TemplateEnvironment()
        environment.localization = environment.localization.switched(to: language)
        environment.now = { Self.now }
        let found = try #require(Library.humanize.filter(named: filter))
        let output = try found.apply(
            to: value,
            argument: argument,
            FilterContext(environment: environment)
        )
        return switch output {
        case .string(let text): text
        case .safe(let text): text.html
        case .int(let number): "\(number)"
        case .exact(let number): number.description
        default: "\(output)"
        }
    }

    @Test(
        arguments: [
            ("apnumber", .int(5), "five"), ("apnumber", .int(10), "10"),
            ("apnumber", .string("3"), "three"), ("apnumber", .string("x"), "x"),
            ("ordinal", .int(1), "1st"), ("ordinal", .int(12), "12th"),
            ("ordinal", .int(23), "23rd"),
            ("ordinal", .int(-3), "-3"), ("ordinal", .string("102"), "102nd"),
            ("intcomma", .int(4_500), "4,500"), ("intcomma", .double(4500.2), "4,500.2"),
            ("intcomma", .string("1234567.89"), "1,234,567.89"), ("intcomma", .string("x"), "x"),
            ("intcomma", .int(.min), "-9,223,372,036,854,775,808"),
            ("intword", .int(999_999), "999999"), ("intword", .int(1_000_000), "1.0 million"),
            ("intword", .string("1200000000"), "1.2 billion"),
            ("intword", .int(.max), "9.2 quintillion"),
            ("intword", .exact(ExactDecimal("1e100") ?? .zero), "1.0 googol"),
        ] as [(String, ContextValue, String)]
    )
    func writesNumbers(_ filter: String, _ value: ContextValue, _ output: String) throws {
        #expect(try text(filter, value) == output)
    }

    @Test func groupsDigitsAsTheLanguageDoes() throws {
        #expect(try text("intcomma", .double(1_234_567.5), language: "de") == "1.234.567,5")
        #expect(try text("intcomma", .int(1_234_567), .bool(false), language: "de") == "1,234,567")
    }

    @Test(arguments: [
        (0, "now"), (-1, "a second ago"), (-30, "30 seconds ago"), (-60, "a minute ago"),
        (-7200, "2 hours ago"), (90, "a minute from now"), (3600, "an hour from now"),
        (-86_400 * 3, "3 days ago"), (86_400 * 8, "1 week, 1 day from now"),
    ])
    func tellsTheDistance(_ seconds: Int, _ output: String) throws {
        let moment = ContextValue.dateTime(Self.now.addingTimeInterval(Double(seconds)))
        let shown = try text("naturaltime", moment)
        #expect(String(shown.map { $0 == "\u{A0}" ? " " : $0 }) == output)
    }

    @Test(arguments: [
        (0, "today"), (1, "tomorrow"), (-1, "yesterday"), (2, "Jan. 3, 2026"),
    ])
    func namesDays(_ days: Int, _ output: String) throws {
        let day = try #require(
            CalendarDate(daysSince1970: Int(Self.now.timeIntervalSince1970) / 86_400 + days)
        )
        #expect(try text("naturalday", .date(day)) == output)
    }

    @Test func anAppBringsTheLibrary() async throws {
        let engine = TemplateEngine(
            directories: [],
            isDebug: false,
            libraries: HumanizeApp().libraries
        )
        let template = try engine.template(source: "{% load humanize %}{{ 3|ordinal }}")
        let bytes = try await engine.render(template, [:], environment: .init())
        #expect(String(decoding: bytes, as: UTF8.self) == "3rd")
    }
}
