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
    func endsWithAnOutputOfItsSize(_ bomb: Bomb) {
        let text = bomb.text
        let output = (try? filtered(bomb.filter, .string(text))) ?? ""
        #expect(output.utf8.count < 40 * text.utf8.count)
    }

    @Test(arguments: [
        Bomb("truncatewords_html", "</a>", 50_000), Bomb("truncatewords_html", "x </", 50_000),
        Bomb("truncatechars_html", "<", 60_000), Bomb("truncatechars_html", "&", 60_000),
        Bomb("truncatechars_html", "<a><b>", 50_000), Bomb("truncatewords", "a ", 200_000),
        Bomb("wordwrap", "x", 500_000), Bomb("wordwrap", "x ", 200_000),
    ])
    func endsWithAnOutputOfItsSizeWithANumber(_ bomb: Bomb) {
        let text = bomb.text
        let output = (try? filtered(bomb.filter, .string(text), .int(5000))) ?? ""
        #expect(output.utf8.count < 40 * text.utf8.count)
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

    /// How long they take is measured by `TemplateBench linear`.
    @Test(arguments: Library.builtins.filters.keys.sorted())
    func everyFilterEndsWithAnOutputOfItsSize(_ name: String) throws {
        let filter = try #require(Library.builtins.filter(named: name))
        let context = FilterContext(environment: TemplateEnvironment())
        let units = ["<a ", "&amp", "((", "a@b.c ", "\u{301}", "9", "\r\n", "%s"]
        for unit in units {
            let text = ContextValue.string(String(repeating: unit, count: 10_000))
            let argument: ContextValue? = filter.argument == .none ? nil : .string("7")
            let output = try? filter.apply(to: text, argument: argument, context).plainText
            #expect((output ?? "").utf8.count < 60 * unit.utf8.count * 10_000, "\(name) of \(unit)")
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

    // MARK: Limits

    private func limits(_ outputSize: Int) -> TemplateLimits {
        var limits = TemplateLimits()
        limits.outputSize = outputSize
        return limits
    }

    private static let piece = "{{ x|ljust:4000 }}"

    /// Few pieces, each of them large: none of these turns a loop often.
    @Test(arguments: [
        "\(piece)\(piece)\(piece)",
        "{% for i in '12' %}\(piece)\(piece){% endfor %}",
        "{% filter upper %}\(piece)\(piece)\(piece){% endfilter %}\(piece)",
        "\(piece){% filter upper %}\(piece){% filter lower %}\(piece){% endfilter %}{% endfilter %}",
        "{% spaceless %}\(piece)\(piece)\(piece){% endspaceless %}",
        "{% for i in '1' %}{% ifchanged %}\(piece)\(piece){% endifchanged %}\(piece){% endfor %}",
        "{% extends 'base' %}{% block a %}\(piece){{ block.super }}{{ block.super }}{% endblock %}",
        "{% include 'part' %}{% include 'part' %}{% include 'part' %}", "{% lorem 400 p %}",
    ])
    func fewLargePiecesHaveALimit(_ source: String) async {
        let text = await failure(
            source,
            ["x": "x"],
            templates: ["base": "{% block a %}\(Self.piece){% endblock %}", "part": Self.piece],
            limits: limits(10_000)
        )
        #expect(text.contains("The page is longer than 10000 bytes."), "\(source)")
    }

    @Test func aCaptureGivesItsRoomBack() async throws {
        let source =
            "{% for i in '12345' %}{% filter length %}\(Self.piece){% endfilter %}{% endfor %}"
        let output = try await render(source, ["x": "x"], limits: limits(5000))
        #expect(output == String(repeating: "4000", count: 5))
    }

    @Test func htmlInSwiftHasALimit() async {
        var options = TemplateOptions()
        options.limits = limits(10_000)
        let engine = TemplateEngine(
            directories: [],
            templates: ["part": Self.piece],
            isDebug: false,
            options: options
        )
        let long = String(repeating: "x", count: 4000)
        for content in [
            HTML.ul { for _ in 0..<1_000_000 { HTML.li { long } } },
            HTML.ul { for _ in 0..<3 { HTML.li { long } } },
        ] {
            await #expect(throws: TemplateError.self) { try await engine.render(content) }
        }
        let parts = HTML.p { for _ in 0..<3 { TemplatePart("part", ["x": "x"]) } }
        await #expect(throws: TemplateError.self) { try await engine.render(parts) }
    }

    @Test func htmlInSwiftCanBeCancelled() async {
        let engine = TemplateEngine(directories: [], isDebug: false)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await engine.render(
                HTML.ul { for number in 0..<1000 { HTML.li { number } } }
            )
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func loremCanBeCancelled() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await render("{% lorem 100000 p %}")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    /// Each turn would double a text or a list.
    @Test(arguments: [
        "{% firstof a|add:a as a %}", "{% firstof a|addslashes as a %}",
        "{% blocktranslate asvar a %}{{ a }}{{ a }}{% endblocktranslate %}",
        "{% firstof list|join:a as a %}",
    ])
    func aLoopDoublesNoTextWithoutEnd(_ tag: String) async {
        let text = await failure(
            "{% load i18n %}{% for i in turns %}\(tag){% endfor %}",
            [
                "turns": ContextValue.string(String(repeating: "x", count: 100)),
                "a": SafeString(unsafe: "\\'"), "list": ["a", "b", "c"],
            ],
            limits: limits(100_000)
        )
        #expect(text.contains("makes more than the 100000 bytes that a page may have"), "\(tag)")
    }

    @Test func listsHaveALimitToo() async {
        let list = ContextValue.array(.init(repeating: .int(1), count: 10_000))
        let text = await failure("{{ a|add:a|length }}", ["a": list], limits: limits(100_000))
        #expect(text.contains("'add' makes more than the 100000 bytes"))
    }

    @Test(arguments: ["x", "grouper", "list"])
    func groupsOfGroupsHaveALimit(_ member: String) async {
        let source = "{% for c in text %}{% regroup g by \(member) as g %}{% endfor %}{{ g }}"
        let text = String(repeating: "x", count: 100_000)
        #expect(await failure(source, ["text": text, "g": [1]]).contains("more than 10 deep"))
    }

    @Test func unclosedQuotesOfATagAreSearchedOnce() {
        let text = String(repeating: "\\\" ", count: 100_000)
        #expect(TokenSplitter.split(text).count == 100_000)
        let mixed = String(repeating: "'\\\" \"\\' ", count: 3)
        // What Django's smart_split gives.
        #expect(TokenSplitter.split(mixed) == [#"'\" "\' '\" "\' '\" "\"#, "'"])
        #expect(TokenSplitter.split(#""a 'b c" \' d"#) == [#""a 'b c""#, #"\'"#, "d"])
    }

    /// A `.lazy` element of a list that gives a `.deferred` one.
    @Test func aLoopUnpacksWhatIsComputedTwice() async throws {
        let pair = ContextValue.array([.int(1), .int(2)])
        let rows = ContextValue.array([.lazy { .deferred { pair } }])
        let source = "{% for a, b in rows %}{{ a }}-{{ b }}{% endfor %}"
        #expect(try await render(source, ["rows": rows]) == "1-2")
    }
}
