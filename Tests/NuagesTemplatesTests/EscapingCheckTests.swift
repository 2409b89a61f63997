import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct EscapingCheckTests {
    private func ids(_ templates: [String: String]) -> [String] {
        var library = Library()
        library.simpleTag("pair") { $0.positional.first ?? .none }
        library.inclusionTag("badge", template: "part.html") { ["x": $0.positional[0]] }
        let engine = TemplateEngine(
            directories: [],
            templates: templates,
            isDebug: false,
            libraries: ["mine": library]
        )
        return engine.check().map(\.id)
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
        ("<script>a = '{% filter escapejs %}{{ x }}{% endfilter %}'</script>", nil),
        ("<script>a</scripty>{{ x }}", "W104"), ("<script>a</script >{{ x }}", nil),
        ("<p onclick=\"go('{{ x }}')\">", "W104"), ("<p ONCLICK='f(\"{{ x|escapejs }}\")'>", nil),
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
        // What tags write.
        ("<script>a = '{% firstof nick name %}'</script>", "W104"),
        ("<a href=\"{% firstof user.website '#' %}\">", "W106"),
        ("<a href=\"{% firstof user.website|safe_url '#' %}\">", nil),
        ("<p onclick=\"hi('{% firstof nick %}')\">", "W104"), ("<p class={% cycle a b %}>", "W103"),
        ("<p class={% cycle a 'b' as c %}>", "W103"), ("<p class=\"{% cycle a b %}\">", nil),
        ("<p class={% cycle 'a' 'b' %}>", nil),
        ("<p class=x{% cycle a b as c silent %}>", nil),
        ("<p {% firstof a b as c %}>", nil),
        ("{% load i18n %}<p onclick=\"x('{% translate var %}')\">", "W104"),
        ("{% load i18n %}<p onclick=\"x('{% translate 'Hello' %}')\">", nil),
        ("{% load i18n %}<script>{% translate 'x' as y %}</script>", nil),
        (
            "{% load i18n %}<p onclick=\"x('{% blocktranslate %}{{ name }}{% endblocktranslate %}')\">",
            "W104"
        ),
        (
            "{% load i18n %}<p onclick=\"x('{% blocktranslate with n=name|escapejs %}{{ n }}"
                + "{% endblocktranslate %}')\">", nil
        ),
        ("{% load mine %}<script>a = '{% pair name %}'</script>", "W104"),
        ("{% load mine %}<script>a = '{% pair name as p %}'</script>", nil),
        ("{% load mine %}<p title=\"{% pair name %}\">", nil),
        ("<script>a = '{% filter default:x %}{% endfilter %}'</script>", "W104"),
        ("<a href=\"{{ ''|default:url }}\">", "W106"),
        ("<script>a = '{{ x|escapejs|default:y }}'</script>", "W104"),
        ("<script>a = '{{ x|default:y|escapejs }}'</script>", nil),
        // Addresses.
        ("<a href=\" {{ x }}\">", "W106"), ("<a href=\"\n\t{{ x }}\">", "W106"),
        ("<a href=\"{% if a %}https://{% endif %}{{ x }}\">", "W106"),
        ("<a href=\"{% if a %}https://{% else %}/{% endif %}{{ x }}\">", nil),
        ("<a href=\"{% for b in c %}/{% endfor %}{{ x }}\">", "W106"),
        ("<a href=\"{{ upload.path }}\">", "W106"), ("<a href=\"{{ request.path }}\">", nil),
        ("<a href=\"{{ view.request.get_full_path }}\">", nil), ("<a href=\"{{ path }}\">", "W106"),
        ("<a href=\"{{ x.STATIC_URL }}\">", "W106"),
        ("<a href=\"javascript:f('{{ x|escapejs }}')\">", "W104"),
        ("<a href=\" JavaScript:f({{ x }})\">", "W104"),
        ("<a href=\"/javascript:{{ x }}\">", nil),
        // Code: escapejs is for text in quotes.
        ("<script>a = {{ x|escapejs }};</script>", "W104"),
        ("<script>a = `{{ x|escapejs }}`;</script>", "W104"),
        ("<script>a = \"it's {{ x|escapejs }}\";</script>", nil),
        ("<script>a = 'it\\'s {{ x|escapejs }}';</script>", nil),
        ("<script>a = 'x' + {{ x|escapejs }};</script>", "W104"),
        ("<script>// don't\na = '{{ x|escapejs }}';</script>", nil),
        ("<script>/* don't */ a = '{{ x|escapejs }}';</script>", nil),
        ("<script>a = 1 / 2; b = '{{ x|escapejs }}' / {{ y|escapejs }}</script>", "W104"),
        ("<script>a = '{{ x|escapejs }}{{ y|escapejs }}'</script>", nil),
        ("<p onclick=\"f({{ x|escapejs }})\">", "W104"),
        ("<p onclick=\"f('{{ x|escapejs }}', '{{ y|escapejs }}')\">", nil),
        ("<p onclick=\"f(&quot;{{ x|escapejs }}&quot;)\">", nil),
        ("<p onclick=\"f(&#x27;a&#39; + {{ x|escapejs }})\">", "W104"),
        // Comments end as browsers end them.
        ("<!--><a href=\"{{ x }}\">", "W106"), ("<!---><a href=\"{{ x }}\">", "W106"),
        ("<!-- a --!><a href=\"{{ x }}\">", "W106"), ("<!-- a -- ><a href=\"{{ x }}\">", nil),
        ("<!-- > --><a href=\"{{ x }}\">", "W106"), ("<!----><a href=\"{{ x }}\">", "W106"),
        ("<!--!><a href=\"{{ x }}\">", nil),
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

    /// A part that is text by itself is judged where others have it.
    @Test(arguments: [
        ("<p>{% include 'part.html' %}</p>", nil), ("<p class={% include 'part.html' %}>", "W103"),
        ("<script>{% include 'part.html' %}</script>", "W104"),
        ("<script>{% include 'middle.html' %}</script>", "W104"),
        ("<a href=\"{% include 'empty.html' %}{{ y }}\">", "W106"),
        ("{% partialdef p %}{{ x }}{% endpartialdef %}<script>{% partial p %}</script>", "W104"),
        ("{% load mine %}<script>{% badge 1 %}</script>", "W104"),
        ("<script>{% include 'self.html' %}</script>", nil),
        (
            "{% load cache %}{% cache 9 p %}{% include 'form.html' %}{% endcache %}", "W107"
        ),
    ])
    func judgesWhatIsIncluded(_ source: String, id: String?) {
        let found = ids([
            "a.html": source, "part.html": "{{ x }}", "middle.html": "{% include 'part.html' %}",
            "empty.html": " ", "self.html": "{% include 'self.html' %}",
            "form.html": "<form>{% csrf_token %}</form>",
        ])
        #expect(found == (id.map { ["templates.\($0)"] } ?? []), "\(source)")
    }

    @Test func includesOfIncludesAreReadOnce() {
        var templates = ["t0.html": "<p title={{ x }}>"]
        for level in 1...29 {
            templates["t\(level).html"] =
                "{% include 't\(level - 1).html' %}{% include 't\(level - 1).html' %}"
        }
        templates["page.html"] = "<a title='{% include 't28.html' %}'>"
        #expect(Set(ids(templates)) == ["templates.W103"])
    }

    @Test func scriptsAndStyleSheetsAreCodeFromTheirStart() {
        #expect(ids(["a.js": "a = {{ x }};"]) == ["templates.W104"])
        #expect(ids(["a.js": "a = '{{ x|escapejs }}'; </script> b = '{{ x|escapejs }}'"]).isEmpty)
        #expect(ids(["a.css": "p { color: {{ x }} }"]) == ["templates.W105"])
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
