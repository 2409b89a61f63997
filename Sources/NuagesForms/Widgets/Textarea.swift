import NuagesCore

/// Text of several lines.
public struct Textarea: Widget {
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// Text of several lines.
    ///
    /// - Parameters:
    ///   - columns: the visible width in letters.
    ///   - rows: the visible height in lines.
    ///   - attributes: the other attributes.
    public init(columns: Int = 40, rows: Int = 10, attributes: HTMLAttributes = [:]) {
        let size: HTMLAttributes = ["cols": .text(String(columns)), "rows": .text(String(rows))]
        options = WidgetOptions(attributes: size.merging(attributes))
    }

    /// The template that Django has for it.
    public var defaultTemplateName: String? { "django/forms/widgets/textarea.html" }

    /// Writes the control.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        output.append("<textarea name=\"")
        HTMLEscaper.append(name, to: &output)
        output.append(UInt8(ascii: "\""))
        options.attributes.merging(attributes).append(to: &output)
        // Browsers drop one line feed here, so that one of the text itself is kept.
        output.append(">\n")
        if let text = shownText(value) { HTMLEscaper.append(text, to: &output) }
        output.append("</textarea>")
    }
}
