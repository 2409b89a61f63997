public import NuagesCore

/// A list of unknown, yes and no.
public struct NullBooleanSelect: Widget {
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// A list of unknown, yes and no.
    ///
    /// - Parameter attributes: the attributes.
    public init(attributes: HTMLAttributes = [:]) {
        options = WidgetOptions(attributes: attributes)
    }

    /// The truth value; none for unknown.
    public func value(from input: FormInput, name: String) -> FormValue {
        switch input.value(name) {
        case .bool(let flag): return .bool(flag)
        case .string(let text):
            switch text {
            case "True", "true", "2": return .bool(true)
            case "False", "false", "3": return .bool(false)
            default: return .none
            }
        default: return .none
        }
    }

    /// Not allowed, since no choice is empty.
    public func usesRequiredAttribute(initial: FormValue) -> Bool { false }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/select.html" }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        select.context(
            name: name,
            value: .string(Self.selected(value)),
            attributes: attributes
        )
    }

    private var select: Select {
        let localization = FormEnvironment.current.localization
        let labels = ["Unknown", "Yes", "No"].map { ChoiceLabel.text(localization.translated($0)) }
        var select = Select(choices: ["unknown": labels[0], "true": labels[1], "false": labels[2]])
        select.options = options
        return select
    }

    /// Writes the control.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        select.render(
            name: name,
            value: .string(Self.selected(value)),
            attributes: attributes,
            to: &output
        )
    }

    private static func selected(_ value: FormValue) -> String {
        switch value {
        case .bool(let flag): return flag ? "true" : "false"
        case .string(let text):
            switch text {
            case "true", "2": return "true"
            case "false", "3": return "false"
            default: return "unknown"
            }
        case .int(1): return "true"
        case .int(0): return "false"
        default: return "unknown"
        }
    }
}
