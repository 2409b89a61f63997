import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct EscapingCheckTests {
    private func ids(_ templates: [String: String]) -> [String] {
        TemplateEngine(directories: [], templates: templates, isDebug: false).check().map(\.id)
    }

    @Test(arguments: [
        // The text of a page and quoted attributes need no more than escaping.
        ("<p>{{ x }}</p>", nil), ("<p title=\"{{ x }}\" class='a {{ x }}'>", nil),
        ("<textarea>{{ x }}</textarea><title>{{ x }}</title>", nil),
        ("<!-- {{ x }} --><p>{{ x }}", nil), ("a < b {{ x }}", nil), ("</p>{{ x }}", nil),
        ("<input value=\"{{ x }}\" {{ attributes|safe }}>", nil),
        ("<option {{ x|yesno:'selected,' }}>", nil),
        // Elsewhere it is not enough.
        ("<{{ x }}>", "W101"), ("<h{{ x }}>", "W101"), ("</{{ x }}>", "W101"),
        ("<p {{ x }}>", "W102"), ("<p class=\"a\" {{ x }}=\"b\">", "W102"),
        ("<p class={{ x }}>", "W103"), ("<p class=a{{ x }}>", "W103"),
        ("<p class = {{ x }}>", "W103"), ("<a href=/p/{{ x }}>", "W103"),
        ("<script>var a = '{{ x }}';</script>", "W104"), ("<SCRIPT type='a'>{{ x }}", "W104"),
        ("<script>var a = '{{ x|escapejs }}';</script>{{ x }}", nil),
        ("<script>{% filter escapejs %}{{ x }}{% endfilter %}</script>", nil),
        ("<script>a</scripty>{{ x }}", "W104"), ("<script>a</script >{{ x }}", nil),
        ("<p onclick=\"go('{{ x }}')\">", "W104"), ("<p ONCLICK='{{ x|escapejs }}'>", nil),
        ("<iframe srcdoc='{{ x }}'>", "W104"), ("<iframe srcdoc='{{ x|force_escape }}'>", nil),
        ("<style>p { color: {{ x }} }</style>", "W105"), ("<p style=\"color: {{ x }}\">", "W105"),
        ("<a href=\"{{ x }}\">", "W106"), ("<a href=\"{{ x|safe_url }}\">", nil),
        ("<a href=\"{{ x|urlencode }}\">", nil), ("<a href=\"/p/{{ x }}\">", nil),
        ("<a href=\"?page={{ x }}\">", nil), ("<a href=\"{% url 'a' %}{{ x }}\">", nil),
        ("<a href=\"{{ x.get_absolute_url }}\">", nil), ("<img src='{{ STATIC_URL }}a.png'>", nil),
        ("<form action='{{ x }}'>", "W106"), ("<a xlink:href='{{ x }}'>", "W106"),
        ("<a href='{% if a %}{{ x }}{% else %}/{% endif %}'>", "W106"),
        ("{% if a %}<p class={% else %}<p {% endif %}{{ x }}>", "W103"),
        ("<script>{% for a in b %}{{ a }}{% endfor %}</script>", "W104"),
        ("<p class=\"{% for a in b %}{{ a }} {% endfor %}\">{{ x }}</p>", nil),
        ("{% load cache %}{% cache 9 p %}{% csrf_token %}{% endcache %}{% csrf_token %}", "W107"),
        ("{% load cache %}{% cache 9 p %}{{ request.csp_nonce }}{% endcache %}", "W107"),
        ("<script>{{ 'a constant' }}</script>", nil),
    ])
    func judgesPlaces(_ source: String, id: String?) {
        #expect(ids(["a.html": source]) == (id.map { ["templates.\($0)"] } ?? []), "\(source)")
    }

    @Test func aBlockStandsWhereItsParentHasIt() {
        let templates = [
            "base.html":
                "<script>{% block code %}{% endblock %}</script>{% block text %}{% endblock %}",
            "middle.html": "{% extends 'base.html' %}",
            "child.html": "{% extends 'middle.html' %}{% block text %}{{ x }}{% endblock %}"
                + "{% block code %}{{ x }}{% endblock %}",
        ]
        #expect(ids(templates) == ["templates.W104"])
    }

    @Test func onlyPagesAreJudged() {
        #expect(ids(["mail.txt": "To: <{{ x }}>", "map.xml": "<a href=\"{{ x }}\"/>"]).isEmpty)
        #expect(ids(["page": "<{{ x }}>", "a.svg": "<a href='{{ x }}'>"]).count == 2)
    }

    @Test func saysWhereAndWhatToDo() {
        let engine = TemplateEngine(
            directories: [],
            templates: ["a.html": "<p>\n<a class={{ x.y }}>"],
            isDebug: false
        )
        #expect(
            engine.check().map(\.description) == [
                "a.html: (templates.W103) line 2, in {{ x.y }}: the value of 'class' has no quotes, "
                    + "so a blank in it begins another attribute.\n\tHINT: Put it in quotes: "
                    + "class=\"{{ x.y }}\"."
            ]
        )
    }

    @Test(arguments: [
        ("/a?b=c:d", true), ("https://a.example/", true), ("MAILTO:a@b", true), ("", true),
        ("#x", true), ("a/b:c", true), ("é:x", true), ("javascript:alert(1)", false),
        (" \u{1}java\nscr\tipt:alert(1)", false), ("JAVASCRIPT&colon;x:", true),
        ("data:text/html,x", false), ("vbscript:x", false), (":x", false),
        (String(repeating: "a", count: 100_000) + ":", false),
    ])
    func tellsHarmlessAddresses(_ url: String, isHarmless: Bool) {
        #expect(URLSafety.isHarmless(url) == isHarmless)
    }

    @Test(arguments: [
        ("javascript:alert(1)", "about:invalid"), ("/a?b=1&c", "/a?b=1&amp;c"),
        ("https://a.example/", "https://a.example/"),
    ])
    func theFilterKeepsHarmlessAddresses(_ url: String, output: String) async throws {
        #expect(try await render("{{ x|safe_url }}", ["x": url]) == output)
    }

    @Test func aSafeTextIsReadAsABrowserReadsIt() async throws {
        let url = SafeString(unsafe: "javascript&colon;alert(1)")
        #expect(try await render("{{ x|safe_url }}", ["x": url]) == "about:invalid")
        let raw = "{% autoescape off %}{{ x|safe_url }}{% endautoescape %}"
        #expect(try await render(raw, ["x": "java&#115;cript:alert(1)"]) == "about:invalid")
    }
}
