import Nuages
import Testing

/// What a site can do from outside of the package: this target has no `package` access.
@Suite struct OwnTagsTests {
    private func render(_ source: String, _ context: ContextDictionary) async throws -> String {
        let app = BlogApp()
        let engine = TemplateEngine(
            directories: [],
            templates: ["blog/badge.html": "[{{ user.name }}{{ price }}]"],
            isDebug: false,
            libraries: app.libraries
        )
        let template = try engine.template(source: "{% load blog %}" + source)
        return String(decoding: try await engine.render(template, context), as: UTF8.self)
    }

    @Test(arguments: [
        ("{{ 'a<b'|shout }}", "A&lt;B!"), ("{{ price|times:3 }}", "7.5"),
        ("{{ price|times:'x' }}", ""), ("{% greet 'Hello' %}", "Hello, Ann &amp; Bob"),
        ("{% greet word='Hi' as g %}{{ g|length }}", "13"),
        (
            "{% note kind %}{{ user.name }}{% endnote %}",
            "<p class=\"a&quot;b\">Ann &amp; Bob</p>"
        ),
        ("{% badge user %}", "[Ann &amp; Bob]"),
        ("{% repeat 3 %}{{ price }};{% endrepeat %}", "2.5;2.5;2.5;"),
        ("{% repeat later %}x{% endrepeat %}", "xx"),
    ])
    func work(_ source: String, output: String) async throws {
        let user: ContextDictionary = ["name": ContextValue.deferred { .string("Ann & Bob") }]
        let context: ContextDictionary = [
            "user": user, "kind": "a\"b", "price": 2.5, "later": ContextValue.deferred { .int(2) },
        ]
        #expect(try await render(source, context) == output)
    }

    @Test func readsValues() {
        #expect(ContextValue.string("<").escapedText.html == "&lt;")
        #expect(ContextValue.safe(SafeString(unsafe: "<b>")).escapedText.html == "<b>")
        #expect(ContextValue.safe(SafeString(unsafe: "<b>")).isSafe)
        #expect(ContextValue.string(" 42 ").wholeNumber == 42)
        #expect(ContextValue.string("x").wholeNumber == nil)
        #expect(ContextValue.int(1).text == nil && ContextValue.int(1).plainText == "1")
        #expect(!ContextValue.string("").isTrue && ContextValue.bool(true).plainText == "True")
        #expect(ContextValue.array([.int(1), .int(2)]).elements?.count == 2)
        #expect(ContextValue.string("ab").length == 2)
        #expect(ContextValue.int(1).isEqual(to: .double(1)))
        #expect(ContextValue.string("0.1").floatingNumber == 0.1)
    }

    @Test func formatsHTML() throws {
        let item = try HTMLFormat("<li>{}: {name}</li>")
        #expect(try item.html(["<"], ["name": 1]).html == "<li>&lt;: 1</li>")
        let row = try HTMLFormat("<li>{}: {}</li>")
        #expect(try row.joined([["a", 1], ["<", 2]]).html == "<li>a: 1</li><li>&lt;: 2</li>")
        let named = try HTMLFormat("{a}").joined(named: [["a": 1], ["a": "&"]], separator: "<br>")
        #expect(named.html == "1&lt;br&gt;&amp;")
        let bold = HTML.b { "x" }
        #expect(try HTMLFormat("<p>{}</p>").html([bold]).html == "<p><b>x</b></p>")
        #expect(throws: HTMLFormat.Failure.noValues) { try row.html([]) }
    }

    @Test func numbersAndTextsOfSwiftAreValues() async throws {
        let values: [(any ContextConvertible, String)] = [
            (Int8(-1), "-1"), (1_000_000_000_000_000_000, "1000000000000000000"),
            (999_999_999_999_999_999, "999999999999999999"), (Int64.max, "9223372036854775807"),
            (UInt8(255), "255"),
            (UInt64.max, "18446744073709551615"), (UInt(7), "7"), (Float(0.1), "0.1"),
            ("a<b".dropFirst(), "&lt;b"),
            (URL(string: "https://a.example/?a&b"), "https://a.example/?a&amp;b"),
        ]
        for (value, text) in values {
            let written = try await render("{{ x }}", ["x": value])
            #expect(written == text)
        }
    }
}
