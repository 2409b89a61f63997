import NuagesCore
import NuagesTemplates
import Testing

private struct Card: HTMLView {
    let title: String
    var body: some HTMLContent {
        HTML.div(.class("card")) { HTML.h2 { title } }
    }
}

private struct Framed<Content: HTMLContent>: HTMLView {
    let content: Content
    var body: some HTMLContent { HTML.section { content } }
}

@Suite struct HTMLBuilderTests {
    private func html(@HTMLBuilder _ content: () -> some HTMLContent) -> String {
        content().html.html
    }

    @Test func escapesTextsAndAttributes() {
        let hostile = "<b a=\"'\">&"
        #expect(
            html { HTML.p(.class(hostile), .title("x")) { hostile } }
                == "<p class=\"&lt;b a=&quot;&#x27;&quot;&gt;&amp;\" title=\"x\">"
                + "&lt;b a=&quot;&#x27;&quot;&gt;&amp;</p>"
        )
        #expect(html { SafeString(unsafe: "<b>") } == "<b>")
    }

    @Test(arguments: [
        ("https://a.example/?a=1&b", "https://a.example/?a=1&amp;b"),
        ("javascript:alert(1)", "about:invalid"), (" JaVa\tScript:x", "about:invalid"),
        ("data:text/html,x", "about:invalid"), ("/next/", "/next/"),
    ])
    func addressesRunNoCode(_ url: String, written: String) {
        #expect(html { HTML.a(.href(url)) { "x" } } == "<a href=\"\(written)\">x</a>")
        #expect(html { HTML.img(.src(url)) } == "<img src=\"\(written)\">")
        #expect(html { HTML.form(.action(url)) } == "<form action=\"\(written)\"></form>")
    }

    @Test(arguments: [([String](), ""), (["a", "<"], "<i>a</i><i>&lt;</i><b>2</b>")])
    func loopsAndConditionsAreValuesOfTemplates(_ names: [String], output: String) async throws {
        @HTMLBuilder func loop() -> some HTMLContent { for name in names { HTML.i { name } } }
        @HTMLBuilder func condition() -> some HTMLContent {
            if !names.isEmpty { HTML.b { names.count } }
        }
        let context: ContextDictionary = ["loop": loop(), "condition": condition()]
        #expect(try await render("{{ loop }}{{ condition }}", context) == output)
    }

    @Test func followsConditionsAndLoops() {
        func list(_ names: [String], isShort: Bool) -> String {
            html {
                if isShort { HTML.b { "short" } } else { HTML.i { "long" } }
                if names.isEmpty { "none" }
                HTML.ul { for name in names { HTML.li { name } } }
                switch names.count {
                case 0: "0"
                case 1: HTML.s { 1 }
                default: names.count
                }
            }
        }
        #expect(list([], isShort: true) == "<b>short</b>none<ul></ul>0")
        #expect(list(["a"], isShort: false) == "<i>long</i><ul><li>a</li></ul><s>1</s>")
        #expect(
            list(["a", "<"], isShort: true)
                == "<b>short</b><ul><li>a</li><li>&lt;</li></ul>2"
        )
    }

    @Test func writesAttributesOfAllKinds() {
        #expect(
            html {
                HTML.input(
                    .type("number"),
                    .name("n"),
                    .maxlength(3),
                    .required(),
                    .disabled(false),
                    .data("id", "1"),
                    .aria("label", "a&b"),
                    .when(false, .id("x")),
                    .init(SafeString(unsafe: "custom=\"1\""))
                )
            }
                == "<input type=\"number\" name=\"n\" maxlength=\"3\" required data-id=\"1\" "
                + "aria-label=\"a&amp;b\" custom=\"1\">"
        )
        #expect(
            html { HTML.script(.nonce("n"), .defer(), code: "let a = 1 < 2") }
                == "<script nonce=\"n\" defer>let a = 1 < 2</script>"
        )
        #expect(
            html { HTML.document(.lang("en")) { HTML.body { "x" } } }
                == "<!DOCTYPE html>\n<html lang=\"en\"><body>x</body></html>"
        )
    }

    @Test func standsInTemplates() async throws {
        let output = try await render(
            "{{ card }}|{{ card|length }}|{% for c in cards %}{{ c }}{% endfor %}",
            ["card": Card(title: "<"), "cards": [Card(title: "a").contextValue]]
        )
        #expect(
            output
                == "<div class=\"card\"><h2>&lt;</h2></div>|37|"
                + "<div class=\"card\"><h2>a</h2></div>"
        )
    }

    private let templates = [
        "row.html": "[{{ x }}{{ site }}]", "list.html": "{{ framed }}{{ framed }}",
        "broken.html": "{{ x|date:y }}",
    ]

    @Test func holdsTemplates() async throws {
        let engine = TemplateEngine(directories: [], templates: templates, isDebug: false)
        let content = HTML.ul {
            for number in 1...2 {
                HTML.li { TemplatePart("row.html", ["x": ContextValue.deferred { .int(number) }]) }
            }
        }
        let page = try await engine.render(content, ["site": "<s>"])
        #expect(
            String(decoding: page, as: UTF8.self)
                == "<ul><li>[1&lt;s&gt;]</li><li>[2&lt;s&gt;]</li></ul>"
        )
    }

    @Test func nestsInBothDirections() async throws {
        let engine = TemplateEngine(directories: [], templates: templates, isDebug: false)
        let inner = Framed(content: TemplatePart("row.html", ["x": Card(title: "&")]))
        let page = try await engine.render(
            HTML.main { TemplatePart("list.html", ["framed": inner]) },
            ["site": 7]
        )
        let row = "<section>[<div class=\"card\"><h2>&amp;</h2></div>7]</section>"
        #expect(String(decoding: page, as: UTF8.self) == "<main>\(row)\(row)</main>")
    }

    /// Wherever such HTML is written, its templates are in it.
    @Test(arguments: [
        ("{{ card }}", "<p>[1]</p>"), ("{% firstof card %}", "<p>[1]</p>"),
        ("{% cycle card 'b' %}", "<p>[1]</p>"),
        ("{% cycle card 'b' as c %}{{ c }}", "<p>[1]</p><p>[1]</p>"),
        ("{{ card|safe }}", "<p>[1]</p>"), ("{{ card|upper }}", "&lt;P&gt;[1]&lt;/P&gt;"),
        ("{{ card|default:'x' }}", "<p>[1]</p>"), ("{{ none|default:card }}", "<p>[1]</p>"),
        ("{{ card|length }}", "10"), ("{{ cards|join:'-' }}", "<p>[1]</p>-<p>[1]</p>"),
        ("{{ card|add:card|length }}", "20"), ("{{ text|cut:card }}", "x"),
        (
            "{% load i18n %}{% blocktranslate %}{{ card }}{% endblocktranslate %}",
            "<p>[1]</p>"
        ),
        ("{% with c=card %}{% if c %}{{ c }}{% endif %}{% endwith %}", "<p>[1]</p>"),
    ])
    func losesNoTemplate(_ source: String, output: String) async throws {
        let card = HTML.p { TemplatePart("row.html", ["x": 1]) }
        let context: ContextDictionary = [
            "card": card, "none": ContextValue.none, "text": "<p>[1]</p>x",
            "cards": ContextValue.array([card.contextValue, card.contextValue]),
        ]
        #expect(try await render(source, context, templates: templates) == output)
    }

    @Test func anErrorNamesTheTemplate() async {
        let engine = TemplateEngine(directories: [], templates: templates, isDebug: false)
        do {
            _ = try await engine.render(HTML.p { TemplatePart("broken.html") })
            Issue.record("it was rendered")
        } catch {
            #expect("\(error)".hasPrefix("broken.html, line 1"))
        }
    }
}
