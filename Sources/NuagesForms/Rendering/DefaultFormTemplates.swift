/// The templates that give what the compiled code gives, for those that a site has not.
///
/// Names, white space and the order of attributes are Django's, so that pages compare equal.
enum DefaultFormTemplates {
    /// Shows a part of a widget that has no template.
    static let writtenWidget = "nuages/forms/widget.html"

    /// The names that give something else where a site has templates of its own.
    ///
    /// - Parameter own: the names that the site has.
    /// - Returns: those, and all that include one of them.
    static func names(changedBy own: Set<String>) -> Set<String> {
        var names = own
        var found = own
        while !found.isEmpty {
            found = Set(
                included.lazy.filter { !$0.value.isDisjoint(with: found) }.map(\.key)
            ).subtracting(names)
            names.formUnion(found)
        }
        return names
    }

    /// What each template includes.
    private static let included: [String: Set<String>] = {
        var included: [String: Set<String>] = [
            "widgets/input": ["widgets/attrs"], "widgets/textarea": ["widgets/attrs"],
            "widgets/clearable_file_input": ["widgets/attrs"],
            "widgets/select": ["widgets/attrs", "widgets/select_option"],
            "widgets/select_option": ["widgets/attrs"],
            "widgets/input_option": ["widgets/input"],
            "widgets/radio": ["widgets/multiple_input", "widgets/radio_option"],
            "widgets/checkbox_select": ["widgets/multiple_input", "widgets/checkbox_option"],
            "widgets/radio_option": ["widgets/input_option"],
            "widgets/checkbox_option": ["widgets/input_option"],
            "widgets/multiple_hidden": ["widgets/multiwidget", "widgets/hidden"],
            "widgets/splitdatetime": ["widgets/multiwidget", "widgets/date", "widgets/time"],
            "widgets/splithiddendatetime": ["widgets/multiwidget", "widgets/date", "widgets/time"],
            "widgets/select_date": ["widgets/multiwidget", "widgets/select"], "label": ["attrs"],
            "errors/list/default": ["errors/list/ul"],
            "errors/dict/default": ["errors/dict/ul"],
            "errors/dict/ul": ["errors/list/default"],
        ]
        for name in inputs { included["widgets/\(name)"] = ["widgets/input"] }
        return Dictionary(
            uniqueKeysWithValues: included.map { (path($0), Set($1.map(path))) }
        )
    }()

    /// The source of each.
    static let sources: [String: String] = {
        var sources = parts.merging(layouts) { $1 }
        for name in inputs { sources["widgets/\(name)"] = include("widgets/input") }
        for name in ["multiple_hidden", "splitdatetime", "splithiddendatetime", "select_date"] {
            sources["widgets/\(name)"] = include("widgets/multiwidget")
        }
        for name in ["radio", "checkbox_select"] {
            sources["widgets/\(name)"] = include("widgets/multiple_input")
        }
        for name in ["radio_option", "checkbox_option"] {
            sources["widgets/\(name)"] = include("widgets/input_option")
        }
        for name in ["div", "p", "ul", "table"] {
            sources["formsets/\(name)"] =
                "{{ formset.management_form }}{% for form in formset %}{{ form.as_\(name) }}"
                + "{% endfor %}\n"
        }
        var named = [writtenWidget: "{{ widget.html }}"]
        for (name, source) in sources { named[path(name)] = source }
        return named
    }()

    private static let inputs = [
        "text", "number", "email", "url", "color", "search", "tel", "hidden", "password", "date",
        "time", "datetime", "file", "checkbox",
    ]

    private static func path(_ name: String) -> String { "django/forms/\(name).html" }

    private static func include(_ name: String) -> String {
        "{% include \"\(path(name))\" %}\n"
    }

    private static func attributes(_ variable: String) -> String {
        "{% for name, value in \(variable).items %}{% if value is not False %} {{ name }}"
            + "{% if value is not True %}=\"{{ value|stringformat:'s' }}\"{% endif %}"
            + "{% endif %}{% endfor %}"
    }

    private static let widgetAttributes = "{% include \"django/forms/widgets/attrs.html\" %}"

    private static let parts: [String: String] = [
        "attrs": attributes("attrs"),
        "widgets/attrs": attributes("widget.attrs"),
        "label": """
        {% if use_tag %}<{{ tag }}{% include "django/forms/attrs.html" %}>{{ label }}</{{ tag }}>\
        {% else %}{{ label }}{% endif %}

        """,
        "widgets/input": """
        <input type="{{ widget.type }}" name="{{ widget.name }}"{% if widget.value != None %} \
        value="{{ widget.value|stringformat:'s' }}"{% endif %}\(widgetAttributes)>

        """,
        "widgets/textarea": """
        <textarea name="{{ widget.name }}"\(widgetAttributes)>
        {% if widget.value %}{{ widget.value }}{% endif %}</textarea>

        """,
        "widgets/select": """
        <select name="{{ widget.name }}"\(widgetAttributes)>\
        {% for group, options, index in widget.optgroups %}{% if group %}
          <optgroup label="{{ group }}">{% endif %}{% for option in options %}
          {% include option.template_name with widget=option %}{% endfor %}{% if group %}
          </optgroup>{% endif %}{% endfor %}
        </select>

        """,
        "widgets/select_option": """
        <option value="{{ widget.value|stringformat:'s' }}"\(widgetAttributes)>\
        {{ widget.label }}</option>

        """,
        "widgets/multiple_input": """
        {% with id=widget.attrs.id %}<div{% if id %} id="{{ id }}"{% endif %}\
        {% if widget.attrs.class %} class="{{ widget.attrs.class }}"{% endif %}>\
        {% for group, options, index in widget.optgroups %}{% if group %}
          <div><label>{{ group }}</label>{% endif %}{% for option in options %}<div>
            {% include option.template_name with widget=option %}</div>{% endfor %}{% if group %}
          </div>{% endif %}{% endfor %}
        </div>{% endwith %}

        """,
        "widgets/input_option": """
        {% if widget.wrap_label %}<label\
        {% if widget.attrs.id %} for="{{ widget.attrs.id }}"{% endif %}>{% endif %}\
        {% include "django/forms/widgets/input.html" %}\
        {% if widget.wrap_label %} {{ widget.label }}</label>{% endif %}

        """,
        "widgets/multiwidget": """
        {% spaceless %}{% for widget in widget.subwidgets %}\
        {% include widget.template_name %}{% endfor %}{% endspaceless %}

        """,
        "widgets/clearable_file_input": """
        {% if widget.is_initial %}{{ widget.initial_text }}: \
        <a href="{{ widget.value.url }}">{{ widget.value }}</a>{% if not widget.required %}
        <input type="checkbox" name="{{ widget.checkbox_name }}" id="{{ widget.checkbox_id }}"\
        {% if widget.attrs.disabled %} disabled{% endif %}\
        {% if widget.attrs.checked %} checked{% endif %}>
        <label for="{{ widget.checkbox_id }}">{{ widget.clear_checkbox_label }}</label>{% endif %}<br>
        {{ widget.input_text }}:{% endif %}
        <input type="{{ widget.type }}" name="{{ widget.name }}"\(widgetAttributes)>

        """,
        "errors/list/default": include("errors/list/ul"),
        "errors/list/ul": """
        {% if errors %}<ul class="{{ error_class }}"\
        {% if errors.field_id %} id="{{ errors.field_id }}_error"{% endif %}>\
        {% for error in errors %}<li>{{ error }}</li>{% endfor %}</ul>{% endif %}

        """,
        "errors/dict/default": include("errors/dict/ul"),
        "errors/dict/ul": """
        {% if errors %}<ul class="{{ error_class }}">\
        {% for field, error in errors %}<li>{{ field }}{{ error }}</li>{% endfor %}</ul>{% endif %}

        """,
    ]

    private static let hidden = "{% for field in hidden_fields %}{{ field }}{% endfor %}"
    private static let rowClass =
        "{% with classes=field.css_classes %}{% if classes %} class=\"{{ classes }}\""
        + "{% endif %}{% endwith %}"

    private static func help(_ element: String) -> String {
        "<\(element) class=\"helptext\"{% if field.auto_id %} id=\"{{ field.auto_id }}_helptext\""
            + "{% endif %}>{{ field.help_text|safe }}</\(element)>"
    }

    private static let layouts: [String: String] = [
        "div": """
        {{ errors }}
        {% if errors and not fields %}
          <div>\(hidden)</div>
        {% endif %}
        {% for field, errors in fields %}
          <div\(rowClass)>
            {{ field.as_field_group }}
            {% if forloop.last %}
              \(hidden)
            {% endif %}
        </div>
        {% endfor %}
        {% if not fields and not errors %}
          \(hidden)
        {% endif %}

        """,
        "p": """
        {{ errors }}
        {% if errors and not fields %}
          <p>\(hidden)</p>
        {% endif %}
        {% for field, errors in fields %}
          {{ errors }}
          <p\(rowClass)>
            {% if field.label %}{{ field.label_tag }}{% endif %}
            {{ field }}
            {% if field.help_text %}
              \(help("span"))
            {% endif %}
            {% if forloop.last %}
              \(hidden)
            {% endif %}
          </p>
        {% endfor %}
        {% if not fields and not errors %}
          \(hidden)
        {% endif %}

        """,
        "ul": """
        {% if errors %}
          <li>
            {{ errors }}
          {% if not fields %}
            \(hidden)
          {% endif %}
          </li>
        {% endif %}
        {% for field, errors in fields %}
          <li\(rowClass)>
            {{ errors }}
            {% if field.label %}{{ field.label_tag }}{% endif %}
            {{ field }}
            {% if field.help_text %}
              \(help("span"))
            {% endif %}
            {% if forloop.last %}
              \(hidden)
            {% endif %}
          </li>
        {% endfor %}
        {% if not fields and not errors %}
          \(hidden)
        {% endif %}

        """,
        "table": """
        {% if errors %}
          <tr>
            <td colspan="2">
              {{ errors }}
              {% if not fields %}
                \(hidden)
              {% endif %}
            </td>
          </tr>
        {% endif %}
        {% for field, errors in fields %}
          <tr\(rowClass)>
            <th>{% if field.label %}{{ field.label_tag }}{% endif %}</th>
            <td>
              {{ errors }}
              {{ field }}
              {% if field.help_text %}
                <br>
                \(help("span"))
              {% endif %}
              {% if forloop.last %}
                \(hidden)
              {% endif %}
            </td>
          </tr>
        {% endfor %}
        {% if not fields and not errors %}
          \(hidden)
        {% endif %}

        """,
        "field": """
        {% if field.use_fieldset %}
          <fieldset\
        {% if field.aria_describedby %} aria-describedby="{{ field.aria_describedby }}"{% endif %}>
          {% if field.label %}{{ field.legend_tag }}{% endif %}
        {% else %}
          {% if field.label %}{{ field.label_tag }}{% endif %}
        {% endif %}
        {% if field.help_text %}\(help("div"))\
        {% endif %}
        {{ field.errors }}
        {{ field }}{% if field.use_fieldset %}</fieldset>{% endif %}

        """,
    ]
}
