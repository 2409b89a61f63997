public import NuagesCore

/// An input whose text cannot be seen and which a page never shows again.
public struct PasswordInput: Widget {
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions
    /// Whether a page shows the text that was submitted; it is then in the page's source.
    public var rendersValue: Bool

    /// A password input.
    ///
    /// - Parameters:
    ///   - rendersValue: whether a page shows the text that was submitted.
    ///   - attributes: the attributes.
    public init(rendersValue: Bool = false, attributes: HTMLAttributes = [:]) {
        self.rendersValue = rendersValue
        options = WidgetOptions(attributes: attributes)
    }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/password.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        let shown = rendersValue ? value : .none
        var context = plainContext(name: name, value: shown, attributes: attributes)
        context["type"] = .string("password")
        return context
    }

    /// Writes the control.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        InputElement.append(
            type: "password",
            name: name,
            value: rendersValue ? shownText(value) : nil,
            attributes: options.attributes.merging(attributes),
            to: &output
        )
    }
}
