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
    /// The kind of the widget as Django calls it: its name in lower case without `widget` and
    /// `input` at the end.
    public var widgetType: String { widget.djangoName.asciiLowercased.withoutWidgetSuffix }

    /// The form.
    public var boundForm: BoundForm { bound }

    /// The name of the hidden control that repeats the initial value.
    public var initialControlName: String { "initial-\(controlName)" }
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

    /// The id of the first control that can have the focus; nil for none.
    var firstControlID: String? {
        if let id = idForLabel, !id.isEmpty { return id }
        guard let id = controlID, !id.isEmpty else { return nil }
        switch widget {
        case let group as ChoiceInputs:
            if case .group? = group.choices.items.first { return "\(id)_0_0" }
            return "\(id)_0"
        case is MultiWidget: return "\(id)_0"
        default: return id
        }
    }

    /// The id that a `<label>` names; nil for none.
    public var idForLabel: String? { controlID.flatMap(widget.idForLabel) }

    /// The classes that mark errors and required fields.
    public var cssClasses: String { cssClasses() }

    /// The classes that mark errors and required fields, behind others.
    ///
    /// - Parameter others: further classes.
    /// - Returns: the classes with blanks between them.
    public func cssClasses(adding others: [String] = []) -> String {
        var classes = others
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
            widget.usesRequiredAttribute(initial: initial), field.requiredParts == nil
        {
            attributes["required"] = true
        }
        if form.mirrorsRules {
            let known = widget.options.attributes
            for (name, value) in field.mirroredRules(for: widget).entries
            where known[name] == nil && attributes[name] == nil {
                attributes[name] = value
            }
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
        shownWidget.render(
            name: controlName,
            value: value,
            attributes: controlAttributes(widget),
            to: &output
        )
        if field.options.showsHiddenInitial { appendHiddenInitial(to: &output) }
    }

    /// The widget, told which of its parts are required where the field decides for each.
    var shownWidget: any Widget {
        guard form.usesRequiredAttribute, field.options.isRequired,
            let required = field.requiredParts, var multiple = widget as? MultiWidget
        else { return widget }
        multiple.requiredParts = required
        return multiple
    }

    private func appendHiddenInitial(to output: inout [UInt8]) {
        let widget = field.hiddenWidget
        widget.render(
            name: initialControlName,
            value: hiddenInitial(widget),
            attributes: hiddenInitialAttributes(widget),
            to: &output
        )
    }

    func hiddenInitial(_ widget: any Widget) -> FormValue {
        guard let input = bound.input, input.contains(initialControlName) else { return value }
        return widget.value(from: input, name: initialControlName)
    }

    /// The id of the hidden control of the initial value (`html_initial_id`); nil for none.
    var initialID: String? { autoID.map { "initial-\(bound.form.controlName($0))" } }

    func hiddenInitialAttributes(_ widget: any Widget) -> HTMLAttributes {
        controlAttributes(widget, id: initialID)
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
        let widget = widget?.base ?? shownWidget
        return widget.render(
            name: controlName,
            value: value,
            attributes: controlAttributes(widget, attributes)
        )
    }

    /// The label as HTML (`label_tag`).
    ///
    /// - Parameters:
    ///   - contents: text in place of the label; nil for the label.
    ///   - attributes: attributes besides `for` and `class`.
    ///   - suffix: what follows the text; nil for the field's or the form's suffix.
    /// - Returns: `<label for="…">…</label>`, or the text where the control has no id.
    public func labelTag(
        _ contents: String? = nil,
        attributes: HTMLAttributes = [:],
        suffix: String? = nil
    ) -> SafeString {
        var output: [UInt8] = []
        appendLabel(contents, attributes, suffix: suffix, to: &output)
        return output.html
    }

    /// The label as the heading of a group (`legend_tag`).
    ///
    /// - Parameters:
    ///   - contents: text in place of the label; nil for the label.
    ///   - attributes: attributes besides `class`.
    ///   - suffix: what follows the text; nil for the field's or the form's suffix.
    /// - Returns: `<legend>…</legend>`, or the text where the control has no id.
    public func legendTag(
        _ contents: String? = nil,
        attributes: HTMLAttributes = [:],
        suffix: String? = nil
    ) -> SafeString {
        var output: [UInt8] = []
        appendLabel(contents, attributes, suffix: suffix, tag: "legend", to: &output)
        return output.html
    }

    /// Writes the label: `<label for="…">`, `<legend>` for a group, or the text alone where the
    /// control has no id.
    func appendLabel(
        _ contents: String? = nil,
        _ attributes: HTMLAttributes = [:],
        suffix: String? = nil,
        tag: String = "label",
        to output: inout [UInt8]
    ) {
        let text = contents ?? label
        if controlID == nil {
            appendLabelText(text, suffix, to: &output)
            return
        }
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: tag.utf8)
        labelAttributes(attributes, isLegend: tag == "legend").append(to: &output)
        output.append(UInt8(ascii: ">"))
        appendLabelText(text, suffix, to: &output)
        output.append("</")
        output.append(contentsOf: tag.utf8)
        output.append(UInt8(ascii: ">"))
    }

    func labelAttributes(_ own: HTMLAttributes = [:], isLegend: Bool) -> HTMLAttributes {
        var attributes = own
        if !isLegend, let target = idForLabel, !target.isEmpty {
            attributes["for"] = .text(target)
        }
        if let name = form.requiredCSSClass, field.options.isRequired {
            let classes = own.text("class").map { "\($0) \(name)" } ?? name
            attributes["class"] = .text(classes)
        }
        return attributes
    }

    func appendLabelText(_ text: String, _ suffix: String?, to output: inout [UInt8]) {
        HTMLEscaper.append(text, to: &output)
        guard let last = text.unicodeScalars.last else { return }
        let suffix = suffix ?? field.options.labelSuffix ?? form.labelSuffix
        if last != ":" && last != "?" && last != "." && last != "!" {
            HTMLEscaper.append(suffix, to: &output)
        }
    }
}

extension Widget {
    /// What Django calls the widget.
    var djangoName: String {
        switch self {
        case let input as TextInput: input.kind.djangoName
        case let input as DateTimeInput: input.kind.djangoName
        case let input as FileInput: input.isClearable ? "ClearableFileInput" : "FileInput"
        case let select as Select: select.allowsMultiple ? "SelectMultiple" : "Select"
        case let group as ChoiceInputs:
            group.allowsMultiple ? "CheckboxSelectMultiple" : "RadioSelect"
        case let multiple as MultiWidget: multiple.djangoName
        default: "\(type(of: self))"
        }
    }
}

extension TextInput.Kind {
    fileprivate var djangoName: String {
        switch self {
        case .text: "TextInput"
        case .number: "NumberInput"
        case .email: "EmailInput"
        case .url: "URLInput"
        case .color: "ColorInput"
        case .search: "SearchInput"
        case .tel: "TelInput"
        case .hidden: "HiddenInput"
        }
    }
}

extension DateTimeInput.Kind {
    fileprivate var djangoName: String {
        switch self {
        case .date: "DateInput"
        case .time: "TimeInput"
        case .dateTime: "DateTimeInput"
        }
    }
}

extension MultiWidget {
    fileprivate var djangoName: String {
        if isRange { return isHidden ? "HiddenRangeWidget" : "RangeWidget" }
        guard isSplitDateTime else { return "MultiWidget" }
        return isHidden ? "SplitHiddenDateTimeWidget" : "SplitDateTimeWidget"
    }
}

extension String {
    fileprivate var withoutWidgetSuffix: String {
        for suffix in ["widget", "input"] where utf8.count >= suffix.utf8.count {
            if utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
                return String(decoding: utf8.dropLast(suffix.utf8.count), as: UTF8.self)
            }
        }
        return self
    }
}
