public import NuagesCore

/// Radio buttons for one value, or check boxes for several.
///
/// Django: `RadioSelect`, `CheckboxSelectMultiple`.
public struct ChoiceInputs: ChoiceWidget {
    /// The choices.
    public var choices: FormChoices
    /// Whether several values can be chosen: check boxes in place of radio buttons.
    public var allowsMultiple: Bool
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// A group of inputs.
    ///
    /// - Parameters:
    ///   - choices: the choices; a field with choices sets its own.
    ///   - allowsMultiple: check boxes in place of radio buttons.
    ///   - attributes: the attributes of each input.
    public init(
        choices: FormChoices = [:],
        allowsMultiple: Bool = false,
        attributes: HTMLAttributes = [:]
    ) {
        self.choices = choices
        self.allowsMultiple = allowsMultiple
        options = WidgetOptions(attributes: attributes)
    }

    /// A group.
    public var usesFieldset: Bool { true }

    /// The value, or all of them where several can be chosen.
    public func value(from input: FormInput, name: String) -> FormValue {
        allowsMultiple ? input.values(name) : input.value(name)
    }

    /// Never known for check boxes, since browsers send nothing where none was checked.
    public func isOmitted(from input: FormInput, name: String) -> Bool {
        !allowsMultiple && !input.contains(name)
    }

    /// None: the group has a legend, and each input a label of its own.
    public func idForLabel(_ id: String) -> String? { nil }

    /// Allowed for radio buttons; on check boxes it would demand that all are checked.
    public func usesRequiredAttribute(initial: FormValue) -> Bool { !allowsMultiple }

    /// The text of each chosen value.
    public func formatted(_ value: FormValue) -> FormValue {
        .list(SelectedValues(value, allowsMultiple: allowsMultiple).texts.map(FormValue.string))
    }

    /// The template that Django has for the kind.
    public var defaultTemplateName: String? {
        allowsMultiple
            ? "django/forms/widgets/checkbox_select.html" : "django/forms/widgets/radio.html"
    }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: value, attributes: attributes)
        let attributes = options.attributes.merging(attributes)
        context["type"] = .string(allowsMultiple ? "checkbox" : "radio")
        var next = subwidgets(name: name, value: value, attributes: attributes).makeIterator()
        context["optgroups"] = choices.optionGroups { _, _ in
            next.next()?.context(wrapsLabel: true) ?? [:]
        }
        return context
    }

    /// Writes the controls.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        let attributes = options.attributes.merging(attributes)
        output.append("<div")
        for attribute in ["id", "class"] {
            guard let text = attributes.text(attribute), !text.isEmpty else { continue }
            output.append(contentsOf: " \(attribute)=\"".utf8)
            HTMLEscaper.append(text, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        output.append(UInt8(ascii: ">"))
        let subwidgets = subwidgets(name: name, value: value, attributes: attributes)
        var next = subwidgets.makeIterator()
        for item in choices.items {
            switch item {
            case .choice: next.next()?.appendListed(to: &output)
            case .group(let label, let choices):
                output.append("\n  <div><label>")
                HTMLEscaper.append(label, to: &output)
                output.append("</label>")
                for _ in choices { next.next()?.appendListed(to: &output) }
                output.append("\n  </div>")
            }
        }
        output.append("\n</div>")
    }

    /// Each input by itself, as `{% for radio in form.field %}` walks over them.
    ///
    /// - Parameters:
    ///   - name: the name of the controls.
    ///   - value: the value that is chosen.
    ///   - attributes: all attributes of the field's control.
    /// - Returns: the inputs in order.
    func subwidgets(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> [ChoiceSubwidget] {
        let selected = SelectedValues(value, allowsMultiple: allowsMultiple)
        let id = attributes.text("id")
        var mayShowSelected = true
        var subwidgets: [ChoiceSubwidget] = []
        func add(_ choice: FormChoice, _ index: String) {
            var own = attributes
            let isSelected = mayShowSelected && selected.contains(choice.value)
            if isSelected {
                own["checked"] = true
                mayShowSelected = allowsMultiple
            }
            if let id { own["id"] = .text(id.isEmpty ? "" : "\(id)_\(index)") }
            subwidgets.append(
                ChoiceSubwidget(
                    type: allowsMultiple ? "checkbox" : "radio",
                    name: name,
                    choice: choice,
                    attributes: own,
                    index: index,
                    isSelected: isSelected
                )
            )
        }
        for (index, item) in choices.items.enumerated() {
            switch item {
            case .choice(let choice): add(choice, String(index))
            case .group(_, let choices):
                for (subindex, choice) in choices.enumerated() {
                    add(choice, "\(index)_\(subindex)")
                }
            }
        }
        return subwidgets
    }
}

/// One radio button or check box of a group.
///
/// Django: `BoundWidget`.
public struct ChoiceSubwidget: ContextObject {
    let type: String
    let name: String
    let choice: FormChoice
    let attributes: HTMLAttributes
    let index: String
    let isSelected: Bool

    /// The input inside its label.
    public var contextDescription: ContextValue {
        var output: [UInt8] = []
        append(to: &output)
        return .safe(output.html)
    }

    /// `tag`, `choice_label` and `id_for_label`.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "tag":
            if isTemplated { return .deferred { .safe(try await rendered(wrapsLabel: false)) } }
            var output: [UInt8] = []
            appendInput(to: &output)
            return .safe(output.html)
        case "choice_label": return choice.label.contextValue
        case "data": return .dictionary(context(wrapsLabel: true))
        case "id_for_label":
            return attributes.text("id").map(ContextValue.string) ?? ContextValue.none
        default: return nil
        }
    }

    /// The output of the site's template, where it has one.
    public var contextPending: ContextValue? {
        guard isTemplated else { return nil }
        return .deferred { .safe(try await rendered(wrapsLabel: true)) }
    }

    private var templateName: String { "django/forms/widgets/\(type)_option.html" }

    private var isTemplated: Bool {
        FormEnvironment.current.renderer?.overrides(templateName) ?? false
    }

    private func rendered(wrapsLabel: Bool) async throws -> SafeString {
        try await FormTemplates.render(
            templateName,
            ["widget": ContextValue.dictionary(context(wrapsLabel: wrapsLabel))]
        )
    }

    fileprivate func context(wrapsLabel: Bool) -> ContextDictionary {
        [
            "name": name, "value": choice.value, "label": choice.label.contextValue,
            "selected": isSelected, "index": index, "attrs": attributes.contextDictionary,
            "type": type, "template_name": templateName, "wrap_label": wrapsLabel,
        ]
    }

    fileprivate func appendListed(to output: inout [UInt8]) {
        output.append("<div>\n    ")
        append(to: &output)
        output.append("\n\n</div>")
    }

    private func append(to output: inout [UInt8]) {
        output.append("<label")
        if let id = attributes.text("id"), !id.isEmpty {
            output.append(" for=\"")
            HTMLEscaper.append(id, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        output.append(UInt8(ascii: ">"))
        appendInput(to: &output)
        output.append("\n ")
        choice.label.append(to: &output)
        output.append("</label>")
    }

    private func appendInput(to output: inout [UInt8]) {
        InputElement.append(
            type: type,
            name: name,
            value: choice.value,
            attributes: attributes,
            to: &output
        )
    }
}
