import NuagesCore
import NuagesForms
import NuagesTemplates
import Testing

@Suite struct FormTemplateTests {
    private func form() -> DynamicForm {
        var form = DynamicForm()
        form.add("name", CharField().helpText("Whole <b>name</b>"))
        form.add("token", CharField().widget(.hidden))
        return form
    }

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
            let page = try await engine.render("page.html", ["form": value, "formset": value])
            return String(decoding: page, as: UTF8.self)
        }
    }

    private static let div = """
        {% if errors %}{{ errors }}{% endif %}{% for field, errors in fields %}\
        <p>{{ field.label }}|{{ errors }}|{{ field }}</p>{% endfor %}\
        {% for field in hidden_fields %}{{ field }}{% endfor %}
        """

    @Test func aSitesLayoutTakesThePlaceOfTheCompiledOne() async throws {
        let bound = form().bind(["name": [""], "token": [""]])
        let templates = ["django/forms/div.html": Self.div]
        let html = try await page("{{ form }}", bound, templates: templates)
        #expect(
            html == "<ul class=\"errorlist nonfield\"><li>(Hidden field token) This field is "
                + "required.</li></ul><p>Name|<ul class=\"errorlist\" id=\"id_name_error\"><li>This "
                + "field is required.</li></ul>|<input type=\"text\" name=\"name\" required "
                + "aria-invalid=\"true\" aria-describedby=\"id_name_helptext id_name_error\" "
                + "id=\"id_name\"></p><input type=\"hidden\" name=\"token\" id=\"id_token\">"
        )
        #expect(try await page("{{ form.as_div }}", bound, templates: templates) == html)
        #expect(
            try await page("{{ form.as_p }}", bound, templates: templates) == bound.asP.html
        )
        #expect(try await page("{{ form }}", bound, templates: [:]) == bound.html.html)
    }

    @Test func fieldsCanHaveTemplates() async throws {
        let templates = [
            "django/forms/field.html": "[{{ field.name }}]", "own.html": "({{ field.name }})",
        ]
        #expect(
            try await page("{{ form }}", form().unbound(), templates: templates).contains("[name]")
        )
        var own = form()
        own.add("other", CharField().templateName("own.html"))
        let html = try await page("{{ form }}", own.unbound(), templates: templates)
        #expect(html.contains("[name]"))
        #expect(html.contains("(other)"))
        #expect(
            try await page("{{ form.other.as_field_group }}", own.unbound(), templates: templates)
                == "(other)"
        )
    }

    @Test func aFormCanNameItsTemplate() async throws {
        var own = form()
        own.templateName = "own.html"
        let templates = ["own.html": " {% for field in form %}{{ field.name }} {% endfor %} "]
        #expect(try await page("{{ form }}", own.unbound(), templates: templates) == "name token")
        await #expect(throws: TemplateError.self) {
            try await page("{{ form }}", own.unbound(), templates: [:])
        }
        await #expect(throws: FormRenderingError.noTemplates("own.html")) {
            try await own.unbound().rendered()
        }
    }

    @Test func setsOfFormsUseTheTemplatesOfTheirForms() async throws {
        let set = DynamicFormSet(of: form()).unbound()
        let templates = [
            "django/forms/div.html": "<{{ form.prefix }}>",
            "django/forms/formsets/p.html": "{{ formset.management_form }}p:{{ formset.prefix }}",
        ]
        #expect(
            try await page("{{ formset }}", set, templates: templates) == "<form><form-0>"
        )
        #expect(
            try await page("{{ formset.as_p }}", set, templates: templates) == "<form>p:form"
        )
        #expect(try await page("{{ formset }}", set, templates: [:]) == set.html.html)
    }

    @Test func templatesThatShowThemselvesEnd() async throws {
        await #expect(throws: TemplateError.self) {
            try await page(
                "{{ form }}",
                form().unbound(),
                templates: ["django/forms/div.html": "{{ form }}"]
            )
        }
    }
}
