import NuagesCore
import NuagesForms
import NuagesTemplates
import Testing

@Suite struct WidgetTemplateTests {
    private func page(
        _ source: String,
        _ value: any ContextConvertible,
        templates: [String: String]
    ) async throws -> String {
        let engine = TemplateEngine(
            directories: [],
            templates: templates.merging(["page.html": source]) { $1 },
            isDebug: false
        )
        var environment = FormEnvironment()
        environment.renderer = TemplateFormRenderer(engine, environment: TemplateEnvironment())
        return try await FormEnvironment.$current.withValue(environment) {
            let page = try await engine.render("page.html", ["form": value])
            return String(decoding: page, as: UTF8.self)
        }
    }

    private static let choices: FormChoices = {
        var choices: FormChoices = ["a": "A <b>", "b": .html(SafeString(unsafe: "<i>B</i>"))]
        choices.appendGroup("More & more", [("c", "C"), ("d", "D")])
        return choices
    }()

    /// A widget of each kind, with values to show.
    private static let widgets: [(AnyWidget, [FormValue])] = [
        (.text, [.none, "", "<v>", 5]), (.number, [1.5]), (.email, ["a@b.c"]), (.url, ["x"]),
        (.color, ["#fff"]), (.search, ["x"]), (.tel, ["1"]), (.hidden, ["x", .none]),
        (.password, ["secret"]), (.custom(PasswordInput(rendersValue: true)), ["secret"]),
        (.textarea, [.none, "", "\n<v>"]),
        (.checkbox, [.none, true, false, "", "yes", 0]),
        (.custom(Select(choices: choices)), [.none, "a", "c"]),
        (.custom(Select(choices: choices, allowsMultiple: true)), [.none, ["a", "d"]]),
        (.custom(ChoiceInputs(choices: choices)), [.none, "b", "c"]),
        (.custom(ChoiceInputs(choices: choices, allowsMultiple: true)), [["a", "c"]]),
        (.nullBooleanSelect, [.none, true, "3"]), (.multipleHidden, [.none, ["x", "y"]]),
        (.date, [.none, "2026-01-02"]), (.time, ["10:00"]), (.dateTime, ["2026-01-02 10:00"]),
        (.splitDateTime, [.none, ["2026-01-02", "10:00"]]),
        (.splitHiddenDateTime, [["2026-01-02", "10:00"]]),
        (.custom(SelectDateWidget(years: [2025, 2026])), [.none, "2026-01-02", "2026-0-31"]),
        (.file, [.none]),
        (.clearableFile, [.none, .storedFile(.init(name: "a<b>.txt", url: "/m/a?b&c"))]),
    ]

    private static func form(_ widget: AnyWidget, _ value: FormValue, required: Bool) -> DynamicForm
    {
        var form = DynamicForm()
        form.add(
            "it",
            CharField().required(required).helpText("Some <b>help</b>")
                .widget(widget.attributes(["class": "wide", "data-x": "\"<", "hidden": false]))
        )
        form.add("other", CharField().disabled(true))
        form.add("token", CharField().widget(.hidden))
        form.setInitial(value, for: "it")
        return form
    }

    // A template of the site for labels sends every form through the built-in templates.
    @Test(arguments: widgets.indices)
    func builtInTemplatesGiveWhatTheCompiledCodeGives(_ index: Int) async throws {
        let (widget, values) = Self.widgets[index]
        let templates = [
            "django/forms/widgets/attrs.html": """
            {% for name, value in widget.attrs.items %}{% if value is not False %} {{ name }}\
            {% if value is not True %}="{{ value|stringformat:'s' }}"{% endif %}{% endif %}{% endfor %}
            """,
            "django/forms/label.html": """
            {% if use_tag %}<{{ tag }}{% for name, value in attrs.items %} {{ name }}="{{ value }}"\
            {% endfor %}>{{ label }}</{{ tag }}>{% else %}{{ label }}{% endif %}
            """,
            "django/forms/errors/list/ul.html": """
            {% if errors %}<ul class="{{ error_class }}"{% if errors.field_id %} \
            id="{{ errors.field_id }}_error"{% endif %}>{% for error in errors %}<li>{{ error }}</li>\
            {% endfor %}</ul>{% endif %}
            """,
        ]
        for value in values {
            for required in [true, false] {
                let form = Self.form(widget, value, required: required)
                for bound in [form.unbound(), form.bind(QueryDict())] {
                    let shown: [(String, String)] = [
                        ("{{ form }}", bound.html.html), ("{{ form.as_p }}", bound.asP.html),
                        ("{{ form.as_ul }}", bound.asUl.html),
                        ("{{ form.as_table }}", bound.asTable.html),
                        ("{{ form.errors }}", bound.errors.html.html),
                        ("{{ form.it.as_widget }}", bound["it"]?.control().html ?? ""),
                        ("{{ form.it.as_hidden }}", bound["it"]?.control(.hidden).html ?? ""),
                    ]
                    for (source, html) in shown {
                        #expect(try await page(source, bound, templates: templates) == html)
                    }
                }
            }
        }
    }

    @Test func aTemplateOfOneKindTakesThePlaceOfItsCode() async throws {
        var form = DynamicForm()
        form.add("name", CharField(maxLength: 9))
        form.add("mail", EmailField())
        let templates = [
            "django/forms/widgets/text.html":
                "[{{ widget.type }} {{ widget.name }} {{ widget.required }} {{ widget.is_hidden }} "
                + "{{ widget.value }} {{ widget.attrs.maxlength }} {{ widget.template_name }}]\n"
        ]
        let bound = form.bind(["name": ["<b>"], "mail": ["a@b.org"]])
        let shown =
            "[text name True False &lt;b&gt; 9 django/forms/widgets/text.html]"
        #expect(try await page("{{ form.name }}", bound, templates: templates) == shown)
        let html = try await page("{{ form }}", bound, templates: templates)
        #expect(html.contains(shown))
        #expect(html.contains("<input type=\"email\" name=\"mail\" value=\"a@b.org\""))
    }

    @Test func whatOthersIncludeCanBeReplacedAlone() async throws {
        var form = DynamicForm()
        form.add("mail", EmailField())
        let kind = ChoiceField<String>(choices: ["a": "A"])
        form.add("kind", kind)
        form.add("pick", kind.widget(.radioSelect))
        let bound = form.unbound()
        let input = ["django/forms/widgets/input.html": "<{{ widget.type }}>"]
        #expect(try await page("{{ form.mail }}", bound, templates: input) == "<email>")
        #expect(
            try await page("{{ form.pick }}", bound, templates: input)
                == "<div id=\"id_pick\"><div>\n    <label for=\"id_pick_0\"><radio> A</label>\n\n"
                + "</div>\n</div>"
        )
        let option = [
            "django/forms/widgets/select_option.html": "{{ widget.index }}={{ widget.label }}"
        ]
        #expect(
            try await page("{{ form.kind }}", bound, templates: option)
                == "<select name=\"kind\" id=\"id_kind\">\n  0=A\n</select>"
        )
        let radio = ["django/forms/widgets/radio_option.html": "({{ widget.value }})"]
        #expect(
            try await page(
                "{% for radio in form.pick %}{{ radio }}{{ radio.data.index }}{% endfor %}",
                bound,
                templates: radio
            ) == "(a)0"
        )
    }

    @Test func labelsAndListsOfErrorsCanHaveTemplates() async throws {
        var form = DynamicForm()
        form.add("name", CharField().label("Na<me"))
        let bound = form.bind(QueryDict())
        let templates = [
            "django/forms/label.html": "{{ tag }}:{{ field.name }}:{{ label }}:{{ attrs.for }}",
            "django/forms/errors/list/default.html":
                "{% for error in errors %}!{{ error }}{{ error_class }}{% endfor %}",
        ]
        let pages = [
            "{{ form.name.label_tag }}": "label:name:Na&lt;me::id_name",
            "{{ form.name.legend_tag }}": "legend:name:Na&lt;me::",
            "{{ form.name.errors }}": "!This field is required.errorlist",
            "{{ form.name.errors.as_ul }}": bound["name"]?.errors.html.html ?? "",
            "{{ form.errors }}": "<ul class=\"errorlist\"><li>name!This field is required.errorlist"
                + "</li></ul>",
        ]
        for (source, html) in pages {
            #expect(try await page(source, bound, templates: templates) == html)
        }
        let whole = try await page("{{ form.as_p }}", bound, templates: templates)
        #expect(whole.hasPrefix("!This field is required.errorlist\n  <p>\n    label:name"))
    }

    @Test func aWidgetCanNameItsTemplate() async throws {
        var form = DynamicForm()
        form.add("body", CharField().widget(.textarea.templateName("editor.html")))
        form.add("when", CharField().widget(.custom(MultiWidget.splitDateTime())))
        let templates = ["editor.html": "<editor-{{ widget.name }}>"]
        let bound = form.unbound()
        #expect(try await page("{{ form.body }}", bound, templates: templates) == "<editor-body>")
        let html = try await page("{{ form }}", bound, templates: templates)
        #expect(html.contains("<editor-body>"))
        #expect(html.contains("name=\"when_1\""))
        await #expect(throws: TemplateError.self) {
            try await page("{{ form }}", bound, templates: [:])
        }
        #expect(bound.html.html.contains("<textarea"))
    }

    @Test func partsWithoutTemplatesAreWrittenByTheirCode() async throws {
        var form = DynamicForm()
        let parts = MultiWidget([.init("_a", Star()), .init("_b", TextInput())]) { _ in [] }
        form.add("it", CharField().widget(.custom(parts)))
        let html = try await page(
            "{{ form.it }}",
            form.unbound(),
            templates: ["django/forms/widgets/text.html": "[{{ widget.name }}]"]
        )
        #expect(html == "<x-star></x-star>[it_b]")
    }

    @Test func hostileTextStaysText() async throws {
        let hostile = "\"><script>{{ form }}{% include 'x' %}"
        var form = DynamicForm()
        form.add("name", CharField().label(hostile).initial(hostile))
        form.add("kind", ChoiceField<String>(choices: FormChoices([(hostile, hostile)])))
        let html = try await page(
            "{{ form }}",
            form.bind(["name": [hostile], "kind": [hostile + "x"]]),
            templates: ["django/forms/label.html": "{{ label }}"]
        )
        #expect(!html.contains("<script"))
        #expect(html.contains("{{ form }}"))
    }
}

/// A control without a template.
private struct Star: Widget {
    var options = WidgetOptions()

    func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        output.append(contentsOf: "<x-star></x-star>".utf8)
    }
}
