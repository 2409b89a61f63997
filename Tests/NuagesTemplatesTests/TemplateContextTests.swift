import NuagesCore
import Testing

@testable import NuagesTemplates

@TemplateContext
struct Author {
    let fullName: String
    let age: Int?
    private let password = "hunter2"
    static let table = "authors"
    var initials: String { String(fullName.prefix(1)) }
    func greet() -> String { "hello" }
}

@TemplateContext("book.html")
struct BookPage {
    let title: String
    let authors: [Author]
    let first: Author?
    var isNew = true
    let secret: Sensitive<String>
    var loose: ContextDictionary = [:]
    var shelf: Shelf = .upper
    var badge: some HTMLContent { HTML.b { title } }
    var origin: any ContextConvertible & Sendable = 7
}

enum Shelf: String, ContextConvertible { case upper, lower }

@Suite struct TemplateContextTests {
    private var page: BookPage {
        let ann = Author(fullName: "Ann & Bob", age: nil)
        return BookPage(title: "T", authors: [ann], first: ann, secret: Sensitive("s3cret"))
    }

    @Test(arguments: [
        ("{{ title }} {{ is_new }} {{ isNew }} {{ shelf }}", "T True True upper"),
        (
            "{% for a in authors %}{{ a.full_name }}|{{ a.fullName }}{% endfor %}",
            "Ann &amp; Bob|Ann &amp; Bob"
        ),
        ("{{ first.initials }}{{ first.age }}", "ANone"),
        ("{{ first.password }}{{ first.table }}{{ first.greet }}", ""),
        ("{{ badge }}{{ origin }}", "<b>T</b>7"),
        ("{{ secret }}", "********************"), ("{{ first }}", "Author"),
    ])
    func reachesPropertiesAndNothingElse(_ source: String, output: String) async throws {
        #expect(try await render(source, page.contextVariables) == output)
    }

    private func check(
        _ source: String,
        _ templates: [String: String] = [:],
        known: [String] = []
    ) -> [String] {
        var all = templates
        all["book.html"] = source
        let engine = TemplateEngine(directories: [], templates: all, isDebug: false)
        return engine.check(contexts: [BookPage.self], known: known).map(\.message)
    }

    @Test(arguments: [
        "{{ title }}{{ is_new }}{{ isNew }}{{ first.full_name|upper }}{{ authors.0.age }}",
        "{% for a in authors %}{{ a.initials }}{{ forloop.counter }}{% empty %}{{ title }}{% endfor %}",
        "{% with a=first b=title %}{{ a.age }}{{ b }}{% endwith %}",
        "{% if missing %}{{ title }}{% elif missing.too %}{% endif %}{{ missing|default:title }}",
        "{% firstof missing title %}", "{% cycle 'a' 'b' as c %}{{ c }}",
        "{% url 'x' title as link %}{{ link }}", "{{ loose.anything.at.all }}",
        "{% for a, b in loose.items %}{{ a }}{{ b.c }}{% endfor %}",
        "{% regroup authors by age as groups %}{% for g in groups %}{{ g.grouper }}{% endfor %}",
        "{% load i18n %}{% blocktranslate with t=title %}{{ t }}{{ title }}{% endblocktranslate %}",
        "{% load i18n %}{% get_current_language as code %}{{ code }}{{ csrf_token }}{{ True }}",
        "{% filter upper %}{{ title }}{% endfilter %}{% autoescape off %}{{ title }}{% endautoescape %}",
        "{% partialdef p %}{{ title }}{% endpartialdef %}{% partial p %}",
        "{% block x %}{{ block.super }}{{ title }}{% endblock %}",
        "{% ifchanged title %}{{ title }}{% endifchanged %}{{ request.path }}",
    ])
    func acceptsWhatIsThere(_ source: String) {
        #expect(check(source, known: ["request"]).isEmpty, "\(source)")
    }

    @Test(arguments: [
        (
            "{{ tilte }}",
            "line 1, in {{ tilte }}: BookPage has no variable 'tilte'. Did you mean 'title'?"
        ),
        (
            "{% for a in authors %}{{ a.fulname }}{% endfor %}",
            "line 1, in {{ a.fulname }}: 'a' has no member 'fulname'. Did you mean 'full_name'?"
        ),
        ("{{ title.size }}", "line 1, in {{ title.size }}: 'title' has no member 'size'."),
        (
            "{{ first.password }}",
            "line 1, in {{ first.password }}: 'first' has no member 'password'."
        ),
        (
            "{% if first.agee %}{% endif %}",
            "line 1, in {% if first.agee %}: 'first' has no member 'agee'. Did you mean 'age'?"
        ),
        (
            "{{ title|default:nothing }}",
            "line 1, in {{ title|default:nothing }}: BookPage has no variable 'nothing'."
        ),
        (
            "{% for a in authors %}{% endfor %}{{ a.age }}",
            "line 1, in {{ a.age }}: BookPage has no variable 'a'."
        ),
        (
            "{% load i18n %}{% blocktranslate %}{{ nothing }}{% endblocktranslate %}",
            "line 1, in {% blocktranslate %}: BookPage has no variable 'nothing'."
        ),
        (
            "{% url 'x' nothing %}",
            "line 1, in {% url 'x' nothing %}: BookPage has no variable 'nothing'."
        ),
        (
            "{% for a in authors %}{{ forloop.conter }}{% endfor %}",
            "line 1, in {{ forloop.conter }}: 'forloop' has no member 'conter'. "
                + "Did you mean 'counter'?"
        ),
    ])
    func reportsWhatIsNot(_ source: String, message: String) {
        #expect(check(source) == [message])
    }

    @Test func followsParentsAndIncludedTemplates() {
        let messages = check(
            "{% extends 'base.html' %}{% block a %}{{ block.super }}{{ nope1 }}{% endblock %}"
                + "{% block c %}{% include 'part.html' with x=title %}"
                + "{% include 'part.html' with x=title only %}{% endblock %}",
            [
                "base.html": "{{ nope2 }}{% block a %}{{ nope3 }}{% endblock %}"
                    + "{% block b %}{{ title }}{% endblock %}{% block c %}{{ nope4 }}{% endblock %}",
                "part.html": "{{ x }}{{ is_new }}{% include 'part.html' %}",
            ]
        )
        #expect(
            messages == [
                "line 1, in {{ nope2 }}: BookPage has no variable 'nope2'.",
                "line 1, in {{ nope3 }}: BookPage has no variable 'nope3'.",
                "line 1, in {{ nope1 }}: BookPage has no variable 'nope1'.",
                "line 1, in {{ is_new }}: {% include … only %} gives it no variable 'is_new'.",
            ]
        )
    }

    @Test func reportsAContextWithoutItsTemplate() {
        let engine = TemplateEngine(directories: [], templates: ["books.html": ""], isDebug: false)
        let messages = engine.check(contexts: [BookPage.self])
        #expect(messages.map(\.id) == ["templates.E005"])
        #expect(messages.first?.message.hasSuffix("Did you mean 'books.html'?") == true)
    }

    @Test func enumsRangesAndSetsAreValues() async throws {
        let output = try await render(
            "{% for n in range %}{{ n }}{% endfor %}{{ shelf }}{{ set|join:',' }}",
            ["range": 1...3, "shelf": Shelf.lower, "set": Set(["b", "a"])]
        )
        #expect(output == "123lowera,b")
    }

    /// Templates that include others twice would be read for ever.
    @Test func thereIsAnEndToIncludes() {
        var templates = ["t0": "{{ wrong }}"]
        for level in 1...38 {
            templates["t\(level)"] = "{% include 't\(level - 1)' %}{% include 't\(level - 1)' %}"
        }
        let messages = check("{% include 't30' %}", templates)
        #expect(messages.first?.contains("has no variable 'wrong'") == true)
        #expect(messages.last?.contains("not all of it could be compared") == true)
    }

    @Test func thereIsAnEndToBlocks() {
        var templates = ["t0": "{% block a %}{% endblock %}"]
        for level in 1...30 {
            templates["t\(level)"] =
                "{% extends 't\(level - 1)' %}{% block a %}{{ block.super }}{{ block.super }}"
                + "{% endblock %}"
        }
        let source = "{% extends 't30' %}{% block a %}{{ block.super }}{% endblock %}"
        #expect(check(source, templates).count == 1)
    }
}
