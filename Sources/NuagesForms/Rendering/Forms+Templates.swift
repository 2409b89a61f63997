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
        guard let renderer = FormEnvironment.current.renderer else { return compiled(layout) }
        if renderer.overrides(layout.formTemplate) {
            return try await renderer.render(layout.formTemplate, templateContext)
        }
        guard layout == .div, hasTemplatedFields(renderer) else { return compiled(layout) }
        var form = self
        form.groups = [:]
        for field in fields where field.isTemplated && !field.isHidden {
            form.groups?[field.index] = Array(try await field.renderedGroup().html.utf8)
        }
        return form.compiled(layout)
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
        return renderer.overrides(layout.formTemplate)
            || layout == .div && hasTemplatedFields(renderer)
    }

    private func hasTemplatedFields(_ renderer: any FormRenderer) -> Bool {
        renderer.overrides(FormLayout.fieldTemplate)
            || form.entries.contains { $0.field.options.templateName != nil }
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
        return field.options.templateName != nil || renderer.overrides(FormLayout.fieldTemplate)
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

private enum FormTemplates {
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
