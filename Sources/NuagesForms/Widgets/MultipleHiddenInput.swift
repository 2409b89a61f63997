public import NuagesCore

/// One hidden input for each value of a list.
public struct MultipleHiddenInput: Widget {
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// Hidden inputs.
    ///
    /// - Parameter attributes: the attributes of each.
    public init(attributes: HTMLAttributes = [:]) {
        options = WidgetOptions(attributes: attributes)
    }

    /// Hidden.
    public var isHidden: Bool { true }

    /// All values of that name.
    public func value(from input: FormInput, name: String) -> FormValue { input.values(name) }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/multiple_hidden.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: value, attributes: attributes)
        let own = options.attributes.merging(attributes)
        let id = own.text("id")
        let widget = TextInput(.hidden)
        context["subwidgets"] = .array(
            Self.elements(value).enumerated().map { index, element in
                var own = own
                if let id, !id.isEmpty { own["id"] = .text("\(id)_\(index)") }
                return .dictionary(widget.context(name: name, value: element, attributes: own))
            }
        )
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
        let id = attributes.text("id")
        for (index, element) in Self.elements(value).enumerated() {
            var own = attributes
            if let id, !id.isEmpty { own["id"] = .text("\(id)_\(index)") }
            InputElement.append(
                type: "hidden",
                name: name,
                value: shownText(element),
                attributes: own,
                to: &output
            )
        }
    }

    /// The values of a list; the letters of a text, as Django walks over one.
    private static func elements(_ value: FormValue) -> [FormValue] {
        switch value {
        case .none: []
        case .list(let values): values
        case .string(let text): text.unicodeScalars.map { .string(String(Character($0))) }
        default: [value]
        }
    }
}
