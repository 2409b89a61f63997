public import NuagesCore

/// A check box.
public struct CheckboxInput: Widget {
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// A check box.
    ///
    /// - Parameter attributes: the attributes.
    public init(attributes: HTMLAttributes = [:]) {
        options = WidgetOptions(attributes: attributes)
    }

    /// Whether the box was checked; browsers send nothing for one that was not.
    public func value(from input: FormInput, name: String) -> FormValue {
        guard input.contains(name) else { return .bool(false) }
        let value = input.value(name)
        switch value {
        case .list, .object: if input.isJSON { return value }
        default: break
        }
        if case .string(let text) = value, text.equalsIgnoringASCIICase("false") {
            return .bool(false)
        }
        return .bool(value.isTrue)
    }

    /// Never known, since browsers send nothing for a box that was not checked.
    public func isOmitted(from input: FormInput, name: String) -> Bool { false }

    /// The value that the box submits, where it is not the usual one.
    public func formatted(_ value: FormValue) -> FormValue {
        shown(value).map(FormValue.string) ?? .none
    }

    private func shown(_ value: FormValue) -> String? {
        switch value {
        case .none, .bool: nil
        case .string(let text) where text.isEmpty: nil
        default: value.text
        }
    }

    private func isChecked(_ value: FormValue) -> Bool {
        switch value {
        case .none, .bool(false): false
        case .string(let text): !text.isEmpty
        default: true
        }
    }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/checkbox.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var attributes = attributes
        if isChecked(value) { attributes["checked"] = true }
        var context = plainContext(name: name, value: value, attributes: attributes)
        context["type"] = .string("checkbox")
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
        if isChecked(value) { attributes["checked"] = true }
        InputElement.append(
            type: "checkbox",
            name: name,
            value: shown(value),
            attributes: attributes,
            to: &output
        )
    }
}
