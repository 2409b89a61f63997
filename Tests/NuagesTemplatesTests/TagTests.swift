import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct IfTagTests {
    let context: ContextDictionary = [
        "a": 1, "b": 2, "list": [1, 2, 3], "text": "abc", "empty": "", "none": Int?.none,
    ]

    @Test(arguments: [
        ("a and b", true), ("a and empty or b", true), ("not empty", true), ("not a and b", false),
        ("a == 1", true), ("a != 1", false), ("a < b", true), ("b <= 2", true), ("a > b", false),
        ("2 in list", true), ("9 not in list", true), ("'b' in text", true), ("none is None", true),
        ("a is not None", true), ("missing", false), ("missing > 1", false), ("a < text", false),
        ("a == 1 or missing.x == 2 and empty", true), ("text|length > 2", true),
        ("a == b == 0", true), ("9 in a", false), ("9 not in a", false),
    ])
    func decides(_ condition: String, isTrue: Bool) async throws {
        let source = "{% if \(condition) %}yes{% else %}no{% endif %}"
        #expect(try await render(source, context) == (isTrue ? "yes" : "no"))
    }

    @Test func takesTheFirstTrueBranch() async throws {
        let source = "{% if empty %}1{% elif b %}2{% elif a %}3{% else %}4{% endif %}"
        #expect(try await render(source, context) == "2")
    }

    @Test(arguments: [
        ("{% if %}x{% endif %}", "Unexpected end of expression in if tag."),
        ("{% if a == %}x{% endif %}", "Unexpected end of expression in if tag."),
        ("{% if and a %}x{% endif %}", "Not expecting 'and' in this position in if tag."),
        ("{% if a b %}x{% endif %}", "Unused 'b' at end of if expression."),
        ("{% if a not b %}x{% endif %}", "Not expecting 'not' as infix operator in if tag."),
    ])
    func refuses(_ source: String, message: String) async {
        #expect(await failure(source).hasSuffix(": \(message)"))
    }
}

@Suite struct ForTagTests {
    @Test(arguments: [
        ("{% for x in l %}{{ x }}{% endfor %}", "abc"),
        ("{% for x in l reversed %}{{ x }}{% endfor %}", "cba"),
        ("{% for x in none %}{{ x }}{% empty %}nothing{% endfor %}", "nothing"),
        (
            "{% for x in l %}{{ forloop.counter }}{{ forloop.revcounter0 }} {% endfor %}",
            "12 21 30 "
        ),
        ("{% for x in l %}{% if forloop.first %}<{% endif %}{% endfor %}", "<"),
        ("{% for x in l %}{{ forloop.last }},{% endfor %}", "False,False,True,"),
        ("{% for x in l %}{{ forloop.length }}{% endfor %}", "333"),
        ("{% for a, b in pairs %}{{ a }}-{{ b }};{% endfor %}", "1-2;3-4;"),
        (
            "{% for x in l %}{% for y in l %}{{ forloop.parentloop.counter }}{% endfor %}{% endfor %}",
            "111222333"
        ),
        ("{% for c in 'ab' %}{{ c }}.{% endfor %}", "a.b."),
        ("{% for x in l %}{{ x }}{% endfor %}{{ x }}", "abc"),
    ])
    func walks(_ source: String, output: String) async throws {
        let context: ContextDictionary = ["l": ["a", "b", "c"], "pairs": [[1, 2], [3, 4]]]
        #expect(try await render(source, context) == output)
    }

    @Test func saysWhatCannotBeWalked() async {
        #expect(
            await failure("{% for x in n %}{% endfor %}", ["n": 3])
                == "line 1, in {% for x in n %}: {% for %} cannot walk over 3 from 'n'. "
                + "Give it a list, a dictionary or text."
        )
        #expect(
            await failure("{% for a, b in n %}{% endfor %}", ["n": [1, 2]])
                .hasSuffix("Need 2 values to unpack in for loop; got 1. ")
        )
    }
}

@Suite struct ScopeTagTests {
    @Test(arguments: [
        ("{% with a=1 b='x' %}{{ a }}{{ b }}{% endwith %}{{ a }}", "1x"),
        ("{% with 'x' as a %}{{ a }}{% endwith %}", "x"),
        ("{% autoescape off %}{{ h }}{% endautoescape %}{{ h }}", "<b>&lt;b&gt;"),
        ("{% filter upper|cut:'B' %}ab{{ h }}{% endfilter %}", "A&LT;&GT;"),
        ("{% spaceless %} <p>\n <a> x </a> </p> {% endspaceless %}", "<p><a> x </a></p>"),
        ("{% firstof no '' h %}|{% firstof no 'd' as x %}{{ x }}", "&lt;b&gt;|d"),
        ("{% verbatim %}{{ h }}{% endverbatim %}", "{{ h }}"),
        ("{% comment %}{{ broken|nofilter }}{% endcomment %}x", "x"),
        ("{% templatetag openblock %}{% templatetag closevariable %}", "{%}}"),
        ("{% widthratio 50 200 100 %} {% widthratio 5 0 1 %}", "25 0"),
        ("{% lorem 3 w %}", "lorem ipsum dolor"),
    ])
    func writes(_ source: String, output: String) async throws {
        #expect(try await render(source, ["h": "<b>"]) == output)
    }

    @Test func cycleTurnsAndResets() async throws {
        let source =
            "{% for x in l %}{% cycle 'a' 'b' as c %}{% if x == 2 %}{% resetcycle %}{% endif %}"
            + "{% endfor %}{{ c }}"
        #expect(try await render(source, ["l": [1, 2, 3, 4]]) == "abab")
    }

    @Test func ifChangedComparesWithTheLastTurn() async throws {
        let source =
            "{% for x in l %}{% ifchanged %}{{ x }}{% else %}-{% endifchanged %}{% endfor %}"
        #expect(try await render(source, ["l": [1, 1, 2, 2, 1]]) == "1-2-1")
    }

    @Test func regroupGroupsNeighbours() async throws {
        let rows: [[String: String]] = [
            ["c": "x", "n": "1"], ["c": "x", "n": "2"], ["c": "y", "n": "3"],
        ]
        let source =
            "{% regroup rows by c as groups %}{% for g in groups %}{{ g.grouper }}:"
            + "{% for r in g.list %}{{ r.n }}{% endfor %};{% endfor %}"
        #expect(try await render(source, ["rows": rows]) == "x:12;y:3;")
    }

    @Test func debugWritesNothingOutsideDebug() async throws {
        #expect(try await render("{% debug %}", ["secret": "x"]) == "")
    }

    @Test func debugHidesSecrets() async throws {
        let engine = TemplateEngine(loaders: [], isDebug: true)
        let context: ContextDictionary = [
            "name": "Ann", "password": "hunter2", "card": Sensitive("4111"),
            "user": ["api_key": "abc", "size": "m"],
        ]
        let template = try engine.template(source: "{% debug %}")
        let page = String(decoding: try await engine.render(template, context), as: UTF8.self)
        #expect(page.contains("name: &#x27;Ann&#x27;") && page.contains("&#x27;m&#x27;"))
        for secret in ["hunter2", "4111", "abc"] { #expect(!page.contains(secret)) }
    }

    /// Behind every filter, as its argument, and in every tag that writes values.
    @Test func noFilterAndNoTagShowsASecret() async throws {
        let filters = Library.builtins.filters.keys.sorted()
        var sources = filters.flatMap { ["{{ card|\($0) }}", "{{ list|\($0) }}"] }
        for name in filters {
            sources += [
                "{{ card|\(name):'7' }}", "{{ list|\(name):'7' }}", "{{ 'x'|\(name):card }}",
            ]
        }
        sources += [
            "{% firstof card %}", "{% cycle card list %}", "{{ form }}", "{% debug %}",
            "{% load i18n %}{% blocktranslate %}{{ card }}{{ list }}{% endblocktranslate %}",
            "{% load i18n %}{% translate card %}", "{% for c in list %}{{ c }}{% endfor %}",
            "{% regroup list by x as g %}{{ g }}", "{% with c=card %}{{ c }}{% endwith %}",
            "{% filter default:card %}{% endfilter %}", "{% widthratio card 1 1 %}",
            "{% now card %}", "{% include card %}", "{% if card == '4111' %}4111{% endif %}",
            "{{ card.value }}{{ card.0 }}", "{% querystring a=card %}",
        ]
        let card = Sensitive("4111")
        let context: ContextDictionary = [
            "card": card, "list": ContextValue.array([card.contextValue]),
            "form": ["card": card] as ContextDictionary,
        ]
        var environment = TemplateEnvironment()
        environment.query = { [:] }
        for source in sources {
            do {
                let page = try await render(source, context, environment: environment)
                #expect(!page.contains("4111"), "\(source)")
            } catch {
                #expect(!"\(error)".contains("4111") || source.contains("== '4111'"), "\(source)")
            }
        }
    }

    @Test func aSensitiveValueIsNeverWritten() async throws {
        let page = try await render(
            "{{ card }} {{ card|default:'none' }} {{ card|safe }} {{ card|upper }}",
            ["card": Sensitive("4111")]
        )
        let stars = "********************"
        #expect(page == "\(stars) \(stars) \(stars) \(stars)")
    }
}
