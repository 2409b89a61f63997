import NuagesCore
import Testing

@testable import NuagesTemplates

@Suite struct InheritanceTests {
    let templates = [
        "base.html": "<{% block a %}base{% endblock %}|{% block b %}B{% endblock %}>",
        "middle.html":
            "{% extends 'base.html' %}{% block a %}middle {{ block.super }}{% endblock %}",
        "part.html": "[{{ x }}{{ y }}]",
        "loop.html": "{% include 'loop.html' %}",
        "self.html": "{% extends 'self.html' %}",
        "dir/child.html": "{% extends '../base.html' %}{% block a %}rel{% endblock %}",
        "partials.html": "{% partialdef row %}<{{ x }}>{% endpartialdef %}{% partial row %}!",
    ]

    @Test(arguments: [
        ("{% extends 'base.html' %}", "<base|B>"),
        ("{% extends 'base.html' %}{% block b %}x{% endblock %}ignored", "<base|x>"),
        (
            "{% extends 'middle.html' %}{% block a %}({{ block.super }}){% endblock %}",
            "<(middle base)|B>"
        ),
        ("{% extends name %}", "<base|B>"),
        ("{% include 'part.html' %}", "[1]"),
        ("{% include 'part.html' with y=2 %}", "[12]"),
        ("{% include 'part.html' with y=2 only %}", "[2]"),
        ("{% include 'dir/child.html' %}", "<rel|B>"),
        ("{% include names %}", "[1]"),
        ("{% include 'partials.html' %}{% include 'partials.html#row' %}", "<1>!<1>"),
        ("{% for x in 'ab' %}{% include 'part.html' %}{% endfor %}", "[a][b]"),
    ])
    func composes(_ source: String, output: String) async throws {
        let context: ContextDictionary = [
            "x": 1, "name": "base.html", "names": ["none.html", "part.html"],
        ]
        #expect(try await render(source, context, templates: templates) == output)
    }

    @Test(arguments: [
        ("{% extends 'no.html' %}", "There is no template 'no.html'. Tried: no.html."),
        ("{% include '' %}", "There is no template 'No template names provided'."),
        ("{% extends '' %}", "Invalid template name in 'extends' tag: ''."),
        (
            "{% extends missing %}",
            "Invalid template name in 'extends' tag: ''. Got this from the 'missing' variable."
        ),
        (
            "{{ x }}{% extends 'base.html' %}",
            "{% extends 'base.html' %} must be the first tag in the template."
        ),
        (
            "{% block a %}{% endblock %}{% block a %}{% endblock %}",
            "'block' tag with name 'a' appears more than once"
        ),
        (
            "{% block a %}{{ block.super }}{% endblock %}",
            "'BlockNode' object has no attribute 'context'. Did you use {{ block.super }} in a base "
                + "template?"
        ),
        ("{% partial nope %}", "Partial 'nope' is not defined in the current template."),
        (
            "{% include './part.html' %}",
            "The relative path './part.html' cannot be evaluated due to an unknown template origin."
        ),
    ])
    func refuses(_ source: String, message: String) async {
        let text = await failure(source, templates: templates)
        #expect(text.hasSuffix(": \(message)"), "\(text)")
    }

    @Test func endlessInclusionStops() async {
        var limits = TemplateLimits()
        limits.templateDepth = 20
        let text = await failure("{% include 'loop.html' %}", templates: templates, limits: limits)
        #expect(
            text
                == "loop.html, line 1, in {% include 'loop.html' %}: Templates include each other "
                + "more than 20 deep. Does one include itself without end?"
        )
    }

    @Test func aTemplateCannotExtendItself() async {
        let text = await failure("{% extends 'self.html' %}", templates: templates)
        #expect(text.contains("There is no template 'self.html'."), "\(text)")
        #expect(text.contains("skipped to avoid recursion"))
    }

    @Test func twoRenderingsDoNotShareState() async throws {
        let engine = TemplateEngine(
            directories: [],
            templates: ["c": "{% cycle 'a' 'b' %}{% ifchanged %}x{% endifchanged %}"],
            isDebug: false
        )
        for _ in 0..<3 {
            let bytes = try await engine.render("c", [:])
            #expect(String(decoding: bytes, as: UTF8.self) == "ax")
        }
    }
}
