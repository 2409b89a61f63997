import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct HostileInputTests {
    /// A long text, described by how it is made.
    struct Bomb: Sendable, CustomTestStringConvertible {
        let filter: String
        var head = ""
        let unit: String
        let count: Int
        var tail = ""

        init(
            _ filter: String,
            head: String = "",
            _ unit: String,
            _ count: Int,
            _ tail: String = ""
        ) {
            self.filter = filter
            self.head = head
            self.unit = unit
            self.count = count
            self.tail = tail
        }

        var text: String { head + String(repeating: unit, count: count) + tail }
        var testDescription: String { "\(filter): \(head.prefix(9))\(unit)×\(count)" }
    }

    @Test(arguments: [
        Bomb("urlize", head: String(repeating: "(", count: 50_000) + ":", ")", 50_000),
        Bomb("urlize", head: "&:", ";", 100_000), Bomb("urlize", ".;", 50_000),
        Bomb("urlize", "[(https://google", 20_000), Bomb("urlize", head: "www.", "한.글.", 50_000),
        Bomb("striptags", "&", 100_000, ">"), Bomb("striptags", "<!--", 30_000, ">"),
        Bomb("striptags", head: "<a ", "x=\"", 30_000, ">"), Bomb("linebreaks", "\n", 200_000),
        Bomb("slugify", "\u{301}", 50_000), Bomb("title", "\u{301}Σ", 50_000),
        Bomb("lower", "Σ", 100_000), Bomb("escapejs", "\u{2028}", 100_000),
        Bomb("floatformat", "9", 100_000), Bomb("floatformat", head: "1e", "9", 7),
        Bomb("filesizeformat", "9", 100_000),
    ])
    func costsLinearTime(_ bomb: Bomb) {
        let input = ContextValue.string(bomb.text)
        let time = ContinuousClock().measure { _ = try? filtered(bomb.filter, input) }
        #expect(time < .seconds(15))
    }

    @Test(arguments: [
        Bomb("truncatewords_html", "</a>", 50_000), Bomb("truncatewords_html", "x </", 50_000),
        Bomb("truncatechars_html", "<", 60_000), Bomb("truncatechars_html", "&", 60_000),
        Bomb("truncatechars_html", "<a><b>", 50_000), Bomb("truncatewords", "a ", 200_000),
        Bomb("wordwrap", "x", 500_000), Bomb("wordwrap", "x ", 200_000),
    ])
    func costsLinearTimeWithANumber(_ bomb: Bomb) {
        let input = ContextValue.string(bomb.text)
        let time = ContinuousClock().measure {
            _ = try? filtered(bomb.filter, input, .int(5000))
        }
        #expect(time < .seconds(15))
    }

    @Test func stripTagsGivesUpOnBombs() {
        let bomb = String(repeating: "<", count: 51) + String(repeating: "a>", count: 51)
        #expect(throws: TooManyTags.self) { try filtered("striptags", .string(bomb)) }
    }

    @Test func deepNestingIsRefused() async {
        let source =
            String(repeating: "{% if x %}", count: 5000)
            + String(repeating: "{% endif %}", count: 5000)
        #expect(await failure(source).contains("Tags are nested more than 100 deep."))
        let condition = "{% if " + String(repeating: "not ", count: 5000) + "x %}{% endif %}"
        #expect(await failure(condition).contains("The condition is nested more than 100 deep."))
    }

    @Test func aPageHasALimit() async {
        var limits = TemplateLimits()
        limits.outputSize = 10_000
        let rows = ContextValue.array(.init(repeating: .string("0123456789"), count: 100_000))
        let text = await failure(
            "{% for r in rows %}{{ r }}{% endfor %}",
            ["rows": rows],
            limits: limits
        )
        #expect(text.contains("The page is longer than 10000 bytes."))
    }

    @Test func renderingCanBeCancelled() async {
        let rows = ContextValue.array(.init(repeating: .int(1), count: 1_000_000))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await render(
                "{% for r in rows %}{% if r %}{{ r }}{% endif %}{% endfor %}",
                ["rows": rows]
            )
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test(arguments: Library.builtins.filters.keys.sorted())
    func everyFilterCostsLinearTime(_ name: String) throws {
        let filter = try #require(Library.builtins.filter(named: name))
        let context = FilterContext(environment: TemplateEnvironment())
        let units = ["<a ", "&amp", "((", "a@b.c ", "\u{301}", "9", "\r\n", "%s"]
        for unit in units {
            let text = ContextValue.string(String(repeating: unit, count: 10_000))
            let argument: ContextValue? = filter.argument == .none ? nil : .string("7")
            let time = ContinuousClock().measure {
                _ = try? filter.apply(to: text, argument: argument, context)
            }
            #expect(time < .seconds(15), "\(name) of \(unit)")
        }
    }

    @Test func includedTemplatesWithoutLoopsHaveLimitsToo() async {
        var templates: [String: String] = ["t0": String(repeating: "x", count: 1000)]
        for level in 1...40 {
            templates["t\(level)"] = "{% include 't\(level - 1)' %}{% include 't\(level - 1)' %}"
        }
        var limits = TemplateLimits()
        limits.outputSize = 1_000_000
        let text = await failure("{% include 't40' %}", templates: templates, limits: limits)
        #expect(text.contains("The page is longer than 1000000 bytes."))
    }
}
