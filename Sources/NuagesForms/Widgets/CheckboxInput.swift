import NuagesCore

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

    /// Writes the control.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        var attributes = options.attributes.merging(attributes)
        var shown: String?
        switch value {
        case .none, .bool(false): break
        case .string(let text) where text.isEmpty: break
        case .bool(true): attributes["checked"] = true
        default:
            attributes["checked"] = true
            shown = value.text
        }
        InputElement.append(
            type: "checkbox",
            name: name,
            value: shown,
            attributes: attributes,
            to: &output
        )
    }
}
