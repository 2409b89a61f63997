public import NuagesCore

extension BoundForm {
    /// The form as a template shows it, `{{ form }}` itself where none is named (`render`).
    ///
    /// - Parameter template: the name of a template, which sees `form`, `fields` (pairs of a field
    ///   and its errors), `hidden_fields` and `errors`; nil for the form's own or the layout in
    ///   `<div>` elements.
    /// - Returns: the HTML.
    /// - Throws: `TemplateError` where the template is missing or wrong, or there are no templates.
    public func rendered(by template: String? = nil) async throws -> SafeString {
        if let template = template ?? form.templateName {
            return try await FormTemplates.render(template, templateContext)
        }
        return try await rendered(in: .div)
    }

    func rendered(in layout: FormLayout) async throws -> SafeString {
        guard let renderer = FormEnvironment.current.renderer, isTemplated(layout) else {
            return compiled(layout)
        }
        return try await renderer.render(layout.formTemplate, templateContext)
    }

    func compiled(_ layout: FormLayout) -> SafeString {
        switch layout {
        case .div: asDiv
        case .p: asP
        case .ul: asUl
        case .table: asTable
        }
    }

    /// Whether a template takes part in a layout.
    private func isTemplated(_ layout: FormLayout) -> Bool {
        guard let renderer = FormEnvironment.current.renderer else { return false }
        for entry in form.entries
        where entry.widgetNamesTemplate || layout == .div && entry.fieldNamesTemplate {
            return true
        }
        guard renderer.hasOverrides else { return false }
        return renderer.overrides(layout.formTemplate)
            || layout == .div && renderer.overrides(FormLayout.fieldTemplate)
            || renderer.overrides(FormLayout.labelTemplate)
            || renderer.overrides(FormLayout.errorsTemplate)
            || form.entries.contains { $0.widget.isTemplated(by: renderer) }
    }

    /// The form in a layout, as a template sees it.
    func contextValue(_ layout: FormLayout) -> ContextValue {
        guard isTemplated(layout) else { return .safe(compiled(layout)) }
        return .deferred { .safe(try await rendered(in: layout)) }
    }

    /// The form by a template, where it or the site has one.
    public var contextPending: ContextValue? {
        guard form.templateName != nil || isTemplated(.div) else { return nil }
        return .deferred { .safe(try await rendered()) }
    }

    /// What a template of the form sees (`get_context`).
    var templateContext: ContextDictionary {
        let shown = visibleFields.map { field in
            ContextValue.array([.object(field), .object(field.errors)])
        }
        return [
            "form": ContextValue.object(self), "fields": ContextValue.array(shown),
            "hidden_fields": ContextValue.array(hiddenFields.map(ContextValue.object)),
            "errors": ContextValue.object(topErrors),
        ]
    }
}

extension BoundField {
    /// Whether a template shows the label, the help, the errors and the control together.
    var isTemplated: Bool {
        guard let renderer = FormEnvironment.current.renderer else { return false }
        let entry = bound.form.entries[index]
        if entry.fieldNamesTemplate || entry.widgetNamesTemplate { return true }
        guard renderer.hasOverrides else { return false }
        return renderer.overrides(FormLayout.fieldTemplate)
            || renderer.overrides(FormLayout.labelTemplate)
            || renderer.overrides(FormLayout.errorsTemplate)
            || entry.widget.isTemplated(by: renderer)
    }

    /// The label, the help, the errors and the control as the field's or the site's template shows
    /// them (`as_field_group`, `render`).
    ///
    /// - Parameter template: the name of a template, which sees `field`; nil for the field's own.
    /// - Returns: the HTML.
    /// - Throws: `TemplateError` where the template is missing or wrong, or there are no templates.
    public func renderedGroup(by template: String? = nil) async throws -> SafeString {
        let context: ContextDictionary = ["field": ContextValue.object(self)]
        if let template = template ?? field.options.templateName {
            return try await FormTemplates.render(template, context)
        }
        guard let renderer = FormEnvironment.current.renderer, isTemplated else { return group }
        return try await renderer.render(FormLayout.fieldTemplate, context)
    }

    var groupValue: ContextValue {
        guard isTemplated else { return .safe(group) }
        return .deferred { .safe(try await renderedGroup()) }
    }

    /// The control as the widget's or the site's template shows it (`as_widget`).
    ///
    /// - Parameters:
    ///   - widget: another widget; nil for the field's own.
    ///   - attributes: attributes over those of the widget.
    /// - Returns: the HTML; what ``control(_:attributes:)`` gives where there is no template.
    /// - Throws: `TemplateError` where the template is missing or wrong.
    public func renderedControl(
        _ widget: AnyWidget? = nil,
        attributes: HTMLAttributes = [:]
    ) async throws -> SafeString {
        let widget = widget?.base ?? shownWidget
        return try await widget.rendered(
            name: controlName,
            value: value,
            attributes: controlAttributes(widget, attributes)
        )
    }

    /// The control as a template shows it, waiting only where it has a template.
    func controlValue(_ other: AnyWidget? = nil) -> ContextValue {
        guard let renderer = FormEnvironment.current.renderer,
            (other?.base ?? widget).isTemplated(by: renderer)
        else { return .safe(control(other)) }
        return .deferred { .safe(try await renderedControl(other)) }
    }

    /// The control with its hidden initial value, where it has a template.
    public var contextPending: ContextValue? {
        guard let renderer = FormEnvironment.current.renderer else { return nil }
        let hidden = field.options.showsHiddenInitial ? field.hiddenWidget : nil
        guard widget.isTemplated(by: renderer) || hidden?.isTemplated(by: renderer) == true else {
            return nil
        }
        return .deferred {
            var html = try await renderedControl().html
            if let hidden {
                html += try await hidden.rendered(
                    name: initialControlName,
                    value: hiddenInitial(hidden),
                    attributes: hiddenInitialAttributes(hidden)
                ).html
            }
            return .safe(SafeString(unsafe: html))
        }
    }

    /// The label as the site's template shows it (`label_tag`, `legend_tag`).
    ///
    /// - Parameters:
    ///   - contents: the text; nil for the field's label.
    ///   - attributes: attributes of the element.
    ///   - suffix: what follows the text; nil for the form's.
    ///   - tag: `label` or `legend`.
    /// - Returns: the HTML; what ``labelTag(_:attributes:suffix:)`` gives where there is no template.
    /// - Throws: `TemplateError` where the template is wrong.
    public func renderedLabel(
        _ contents: String? = nil,
        attributes: HTMLAttributes = [:],
        suffix: String? = nil,
        tag: String = "label"
    ) async throws -> SafeString {
        var text: [UInt8] = []
        guard let renderer = FormEnvironment.current.renderer,
            renderer.overrides(FormLayout.labelTemplate)
        else {
            appendLabel(contents, attributes, suffix: suffix, tag: tag, to: &text)
            return text.html
        }
        appendLabelText(contents ?? label, suffix, to: &text)
        let usesTag = controlID != nil
        let shown =
            usesTag ? labelAttributes(attributes, isLegend: tag == "legend") : attributes
        return try await renderer.render(
            FormLayout.labelTemplate,
            [
                "field": ContextValue.object(self), "label": text.html, "use_tag": usesTag,
                "attrs": shown.contextDictionary, "tag": tag,
            ]
        )
    }

    /// The label as a template shows it, waiting only where it has a template.
    func labelValue(_ tag: String) -> ContextValue {
        guard FormEnvironment.current.renderer?.overrides(FormLayout.labelTemplate) == true else {
            var output: [UInt8] = []
            appendLabel(tag: tag, to: &output)
            return .safe(output.html)
        }
        return .deferred { .safe(try await renderedLabel(tag: tag)) }
    }
}

extension BoundFormSet {
    /// The set as a template shows it, `{{ formset }}` itself where none is named (`render`).
    ///
    /// - Parameter template: the name of a template, which sees `formset`; nil for the set's own or
    ///   the layout in `<div>` elements.
    /// - Returns: the HTML.
    /// - Throws: `TemplateError` where the template is missing or wrong, or there are no templates.
    public func rendered(by template: String? = nil) async throws -> SafeString {
        if let template = template ?? formSet.templateName {
            return try await FormTemplates.render(template, templateContext)
        }
        return try await rendered(in: .div)
    }

    private var templateContext: ContextDictionary { ["formset": ContextValue.object(self)] }

    func rendered(in layout: FormLayout) async throws -> SafeString {
        if let renderer = FormEnvironment.current.renderer,
            renderer.overrides(layout.formSetTemplate)
        {
            return try await renderer.render(layout.formSetTemplate, templateContext)
        }
        var output = try await managementForm.rendered(in: .div).html
        for form in forms { output += try await form.rendered(in: layout).html }
        return SafeString(unsafe: PythonText.stripped(output))
    }

    /// The set in a layout, as a template sees it.
    func contextValue(_ layout: FormLayout) -> ContextValue {
        guard FormEnvironment.current.renderer != nil else {
            return .safe(compiled(layout))
        }
        return .deferred { .safe(try await rendered(in: layout)) }
    }

    private func compiled(_ layout: FormLayout) -> SafeString {
        switch layout {
        case .div: asDiv
        case .p: asP
        case .ul: asUl
        case .table: asTable
        }
    }

    /// The set by a template, where it or the site has one.
    public var contextPending: ContextValue? {
        guard FormEnvironment.current.renderer != nil || formSet.templateName != nil else {
            return nil
        }
        return .deferred { .safe(try await rendered()) }
    }
}

extension ErrorList {
    /// The list by the site's template, where it has one.
    public var contextPending: ContextValue? { pending(FormLayout.errorsTemplate) }

    /// The list as `as_ul` shows it.
    var listValue: ContextValue { pending(FormLayout.errorListTemplate) ?? .safe(html) }

    private func pending(_ template: String) -> ContextValue? {
        guard let renderer = FormEnvironment.current.renderer, renderer.overrides(template) else {
            return nil
        }
        return .deferred {
            let context: ContextDictionary = [
                "errors": ContextValue.object(self), "error_class": cssClass,
            ]
            return .safe(try await renderer.render(template, context))
        }
    }
}

extension FormErrors {
    /// The errors by the site's template, where it has one.
    public var contextPending: ContextValue? { pending(FormLayout.formErrorsTemplate) }

    /// The errors as `as_ul` shows them.
    var listValue: ContextValue { pending(FormLayout.formErrorListTemplate) ?? .safe(html) }

    private func pending(_ template: String) -> ContextValue? {
        guard let renderer = FormEnvironment.current.renderer, renderer.overrides(template) else {
            return nil
        }
        return .deferred {
            let pairs = entries.map { ContextValue.array([.string($0.name), .object($0.errors)]) }
            let context: ContextDictionary = [
                "errors": ContextValue.array(pairs), "error_class": "errorlist",
            ]
            return .safe(try await renderer.render(template, context))
        }
    }
}

/// The templates of a form outside of a layout.
enum FormTemplates {
    static func render(_ name: String, _ context: ContextDictionary) async throws -> SafeString {
        guard let renderer = FormEnvironment.current.renderer else {
            throw FormRenderingError.noTemplates(name)
        }
        return try await renderer.render(name, context)
    }
}

/// Why a form could not be rendered by a template.
public enum FormRenderingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A form names a template, and there is nobody to render it.
    case noTemplates(String)
    /// Templates of forms show each other without end.
    case tooDeep(String)

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .noTemplates(let name):
            "'\(name)' cannot be rendered: the form is shown without a site. Render it through a "
                + "request, or set FormEnvironment.renderer."
        case .tooDeep(let name):
            "Templates of forms show each other without end. Does '\(name)' show its own form?"
        }
    }
}
