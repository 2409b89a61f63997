public import NuagesCore

/// A field of a form that is shown: its control, its label, its errors.
public struct BoundField: Sendable {
    let bound: BoundForm
    let index: Int

    init(_ bound: BoundForm, _ index: Int) {
        self.bound = bound
        self.index = index
    }

    private var form: DynamicForm { bound.form }
    private var entry: DynamicForm.Entry { bound.form.entries[index] }

    /// The field.
    public var field: any FormField { entry.field }
    /// The widget that shows it.
    public var widget: any Widget { entry.widget }
    /// The name of the field.
    public var name: String { entry.name }
    /// The name of its control: with the form's prefix.
    public var controlName: String { form.controlName(entry.name) }
    /// The name of the hidden control that repeats the initial value.
    var initialControlName: String { "initial-\(controlName)" }
    /// The label without its suffix.
    public var label: String { field.options.label ?? PrettyName.of(snakeCase: name) }
    /// Help beside the control.
    public var helpText: HelpText { field.options.helpText }
    /// Whether the control cannot be seen.
    public var isHidden: Bool { widget.isHidden }
    /// Whether the control is a group that needs a `<fieldset>`.
    public var usesFieldset: Bool { widget.usesFieldset }
    /// The id that the form gives the control; nil for none.
    public var autoID: String? { form.id(ofControl: controlName) }
    /// The value that the field starts with.
    public var initial: FormValue { form.initialValue(entry) }

    /// The errors of the field.
    public var errors: ErrorList { bound.errors[name] ?? ErrorList(fieldID: autoID) }

    /// What the control submitted.
    public var data: FormValue {
        bound.input.map { widget.value(from: $0, name: controlName) } ?? .none
    }

    /// The value that the control shows.
    public var value: FormValue {
        let shown = bound.isBound ? field.boundValue(data, initial: initial) : initial
        return field.prepare(shown)
    }

    /// The id of the control: the widget's own, or the one that the form gives.
    var controlID: String? {
        if let own = widget.options.attributes.text("id"), !own.isEmpty { return own }
        return autoID
    }

    /// The id that a `<label>` names; nil for none.
    public var idForLabel: String? { controlID.flatMap(widget.idForLabel) }

    /// The classes that mark errors and required fields.
    public var cssClasses: String {
        var classes: [String] = []
        if let name = form.errorCSSClass, !errors.isEmpty { classes.append(name) }
        if let name = form.requiredCSSClass, field.options.isRequired { classes.append(name) }
        return classes.joined(separator: " ")
    }

    /// The ids of the help and the errors, for `aria-describedby`; empty for none.
    public var describedBy: String {
        guard !isHidden, let autoID, widget.options.attributes["aria-describedby"] == nil else {
            return ""
        }
        var ids: [String] = []
        if !helpText.isEmpty { ids.append("\(autoID)_helptext") }
        if !errors.isEmpty { ids.append("\(autoID)_error") }
        return ids.joined(separator: " ")
    }

    /// Whether what was submitted differs from the initial value.
    public var hasChanged: Bool {
        guard field.options.showsHiddenInitial, let input = bound.input else {
            return field.hasChanged(initial: initial, data: data)
        }
        let raw = field.hiddenWidget.value(from: input, name: initialControlName)
        guard let old = field.converted(raw) else { return true }
        return field.hasChanged(initial: old, data: data)
    }

    /// All attributes of the control: the rules, the state and the id.
    func controlAttributes(
        _ widget: any Widget,
        _ own: HTMLAttributes = [:],
        id: String? = nil
    ) -> HTMLAttributes {
        var attributes = own
        if form.usesRequiredAttribute, field.options.isRequired,
            widget.usesRequiredAttribute(initial: initial)
        {
            attributes["required"] = true
        }
        if field.options.isDisabled { attributes["disabled"] = true }
        if !widget.isHidden, !errors.isEmpty { attributes["aria-invalid"] = "true" }
        if attributes["aria-describedby"] == nil, !usesFieldset {
            let ids = describedBy
            if !ids.isEmpty { attributes["aria-describedby"] = .text(ids) }
        }
        if let id = id ?? autoID, widget.options.attributes["id"] == nil, attributes["id"] == nil {
            attributes["id"] = .text(id)
        }
        return attributes
    }

    /// Writes the control, and the hidden one that repeats the initial value.
    func appendControl(to output: inout [UInt8]) {
        widget.render(
            name: controlName,
            value: value,
            attributes: controlAttributes(widget),
            to: &output
        )
        if field.options.showsHiddenInitial { appendHiddenInitial(to: &output) }
    }

    private func appendHiddenInitial(to output: inout [UInt8]) {
        let widget = field.hiddenWidget
        var shown = value
        if let input = bound.input, input.contains(initialControlName) {
            shown = widget.value(from: input, name: initialControlName)
        }
        widget.render(
            name: initialControlName,
            value: shown,
            attributes: controlAttributes(widget, id: autoID.map { "initial-\($0)" }),
            to: &output
        )
    }

    /// The control as another widget shows it.
    ///
    /// - Parameters:
    ///   - widget: the widget; nil for the field's own.
    ///   - attributes: attributes over those of the widget.
    /// - Returns: the HTML.
    public func control(
        _ widget: AnyWidget? = nil,
        attributes: HTMLAttributes = [:]
    ) -> SafeString {
        let widget = widget?.base ?? self.widget
        return widget.render(
            name: controlName,
            value: value,
            attributes: controlAttributes(widget, attributes)
        )
    }

    /// Writes the label: `<label for="…">`, `<legend>` for a group, or the text alone where the
    /// control has no id.
    func appendLabel(tag: String = "label", to output: inout [UInt8]) {
        if controlID == nil {
            appendLabelText(to: &output)
            return
        }
        output.append(contentsOf: "<\(tag)".utf8)
        if tag != "legend", let target = idForLabel, !target.isEmpty {
            output.append(" for=\"")
            HTMLEscaper.append(target, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        if let name = form.requiredCSSClass, field.options.isRequired {
            output.append(" class=\"")
            HTMLEscaper.append(name, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        output.append(UInt8(ascii: ">"))
        appendLabelText(to: &output)
        output.append(contentsOf: "</\(tag)>".utf8)
    }

    private func appendLabelText(to output: inout [UInt8]) {
        HTMLEscaper.append(label, to: &output)
        guard let last = label.unicodeScalars.last else { return }
        let suffix = field.options.labelSuffix ?? form.labelSuffix
        if last != ":" && last != "?" && last != "." && last != "!" {
            HTMLEscaper.append(suffix, to: &output)
        }
    }
}
