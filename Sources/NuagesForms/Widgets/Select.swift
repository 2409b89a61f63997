public import NuagesCore

/// A list from which one value, or several, are chosen.
///
/// Django: `Select`, `SelectMultiple`.
public struct Select: ChoiceWidget {
    /// The choices.
    public var choices: FormChoices
    /// Whether several values can be chosen.
    public var allowsMultiple: Bool
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// A list.
    ///
    /// - Parameters:
    ///   - choices: the choices; a field with choices sets its own.
    ///   - allowsMultiple: whether several values can be chosen.
    ///   - attributes: the attributes.
    public init(
        choices: FormChoices = [:],
        allowsMultiple: Bool = false,
        attributes: HTMLAttributes = [:]
    ) {
        self.choices = choices
        self.allowsMultiple = allowsMultiple
        options = WidgetOptions(attributes: attributes)
    }

    /// The value, or all of them where several can be chosen.
    public func value(from input: FormInput, name: String) -> FormValue {
        allowsMultiple ? input.values(name) : input.value(name)
    }

    /// Never known for several values, since browsers send nothing where none was chosen.
    public func isOmitted(from input: FormInput, name: String) -> Bool {
        !allowsMultiple && !input.contains(name)
    }

    /// Allowed where the first choice is the empty one; HTML forbids it for other lists.
    public func usesRequiredAttribute(initial: FormValue) -> Bool {
        if allowsMultiple { return true }
        if case .choice(let first)? = choices.items.first { return first.value.isEmpty }
        return false
    }

    /// The text of each chosen value.
    public func formatted(_ value: FormValue) -> FormValue {
        .list(SelectedValues(value, allowsMultiple: allowsMultiple).texts.map(FormValue.string))
    }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/select.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var attributes = attributes
        if allowsMultiple { attributes["multiple"] = true }
        var context = plainContext(name: name, value: value, attributes: attributes)
        let chosen = SelectedValues(value, allowsMultiple: allowsMultiple)
        var mayShowSelected = true
        context["optgroups"] = choices.optionGroups { choice, index in
            let isSelected = mayShowSelected && chosen.contains(choice.value)
            if isSelected { mayShowSelected = allowsMultiple }
            return [
                "name": name, "value": choice.value, "label": choice.label.contextValue,
                "selected": isSelected, "index": index,
                "attrs": ContextDictionary(isSelected ? [("selected", .bool(true))] : []),
                "type": "select", "template_name": "django/forms/widgets/select_option.html",
                "wrap_label": true,
            ]
        }
        return context
    }

    /// Writes the control.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        var attributes = options.attributes.merging(attributes)
        if allowsMultiple { attributes["multiple"] = true }
        output.append("<select name=\"")
        HTMLEscaper.append(name, to: &output)
        output.append(UInt8(ascii: "\""))
        attributes.append(to: &output)
        output.append(UInt8(ascii: ">"))
        let selected = SelectedValues(value, allowsMultiple: allowsMultiple)
        var mayShowSelected = true
        for item in choices.items {
            switch item {
            case .choice(let choice):
                append(choice, selected, &mayShowSelected, to: &output)
            case .group(let label, let choices):
                output.append("\n  <optgroup label=\"")
                HTMLEscaper.append(label, to: &output)
                output.append("\">")
                for choice in choices { append(choice, selected, &mayShowSelected, to: &output) }
                output.append("\n  </optgroup>")
            }
        }
        output.append("\n</select>")
    }

    private func append(
        _ choice: FormChoice,
        _ selected: SelectedValues,
        _ mayShowSelected: inout Bool,
        to output: inout [UInt8]
    ) {
        output.append("\n  <option value=\"")
        HTMLEscaper.append(choice.value, to: &output)
        output.append(UInt8(ascii: "\""))
        if mayShowSelected, selected.contains(choice.value) {
            output.append(" selected")
            mayShowSelected = allowsMultiple
        }
        output.append(UInt8(ascii: ">"))
        choice.label.append(to: &output)
        output.append("</option>\n")
    }
}
