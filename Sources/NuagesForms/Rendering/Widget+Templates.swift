public import NuagesCore

extension Widget {
    /// The template that writes the widget where the site has it; nil for a widget without one.
    public var templateName: String? { options.templateName ?? defaultTemplateName }

    /// The members that the templates of all widgets see.
    ///
    /// - Parameters:
    ///   - name: the name of the control.
    ///   - value: the value that it shows.
    ///   - attributes: attributes over those of the widget.
    /// - Returns: `name`, `is_hidden`, `required`, `value`, `attrs` and `template_name`.
    public func plainContext(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        [
            "name": name, "is_hidden": isHidden, "required": options.isRequired,
            "value": formatted(value).contextValue,
            "attrs": options.attributes.merging(attributes).contextDictionary,
            "template_name": templateName.map(ContextValue.string) ?? ContextValue.none,
        ]
    }

    /// What the template sees; for a widget without one, the HTML that its own code writes.
    func templateContext(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        guard templateName == nil else {
            return context(name: name, value: value, attributes: attributes)
        }
        return [
            "name": name, "template_name": DefaultFormTemplates.writtenWidget,
            "html": render(name: name, value: value, attributes: attributes),
        ]
    }

    /// Whether the widget names a template of its own, itself or in one of its parts.
    var namesTemplate: Bool {
        if options.templateName != nil { return true }
        return partWidgets.contains { $0.namesTemplate }
    }

    /// Whether the site has a template for the widget or a part of it.
    func isTemplated(by renderer: any FormRenderer) -> Bool {
        if options.templateName != nil { return true }
        if let defaultTemplateName, renderer.overrides(defaultTemplateName) { return true }
        return partWidgets.contains { $0.isTemplated(by: renderer) }
    }

    /// The widgets that this one is made of.
    private var partWidgets: [any Widget] {
        if let array = self as? SplitArrayWidget { return [array.widget] }
        return (self as? MultiWidget)?.parts.map(\.widget) ?? []
    }

    /// The widget written by its template where the site has one, and by its own code otherwise.
    func rendered(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) async throws -> SafeString {
        guard let renderer = FormEnvironment.current.renderer, isTemplated(by: renderer),
            let templateName
        else { return render(name: name, value: value, attributes: attributes) }
        let widget = context(name: name, value: value, attributes: attributes)
        return try await renderer.render(templateName, ["widget": ContextValue.dictionary(widget)])
    }
}
