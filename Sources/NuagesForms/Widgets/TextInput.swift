public import NuagesCore

/// An `<input>` of one line: text, a number, an email address, a URL, a colour and so on.
///
///     TextInput(.email, attributes: ["placeholder": "ada@example.com"])
///
/// Django: `TextInput`, `NumberInput`, `EmailInput`, `URLInput`, `ColorInput`, `SearchInput`,
/// `TelInput`, `HiddenInput`.
public struct TextInput: Widget {
    /// The kind of input that a browser offers.
    public enum Kind: String, Sendable, CaseIterable {
        /// Any text.
        case text
        /// A number.
        case number
        /// An email address.
        case email
        /// A URL.
        case url
        /// A colour.
        case color
        /// A search.
        case search
        /// A telephone number.
        case tel
        /// Nothing that can be seen.
        case hidden
    }

    /// The kind of input.
    public var kind: Kind
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions
    private var type: String

    /// An input of one line.
    ///
    /// - Parameters:
    ///   - kind: the kind of input.
    ///   - attributes: the attributes; `type` among them takes the place of the kind's.
    public init(_ kind: Kind = .text, attributes: HTMLAttributes = [:]) {
        self.kind = kind
        var attributes = attributes
        type = attributes.text("type") ?? kind.rawValue
        attributes["type"] = nil
        options = WidgetOptions(attributes: attributes)
    }

    /// Whether the control cannot be seen.
    public var isHidden: Bool { type.equalsBytes("hidden") }

    /// The template that Django has for the kind.
    public var defaultTemplateName: String? {
        switch kind {
        case .text: "django/forms/widgets/text.html"
        case .number: "django/forms/widgets/number.html"
        case .email: "django/forms/widgets/email.html"
        case .url: "django/forms/widgets/url.html"
        case .color: "django/forms/widgets/color.html"
        case .search: "django/forms/widgets/search.html"
        case .tel: "django/forms/widgets/tel.html"
        case .hidden: "django/forms/widgets/hidden.html"
        }
    }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: value, attributes: attributes)
        context["type"] = .string(type)
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
            type: type,
            name: name,
            value: shownText(value),
            attributes: options.attributes.merging(attributes),
            to: &output
        )
    }
}

/// Writes `<input>` elements.
enum InputElement {
    static func append(
        type: String,
        name: String,
        value: String?,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        output.append("<input type=\"")
        HTMLEscaper.append(type, to: &output)
        output.append("\" name=\"")
        HTMLEscaper.append(name, to: &output)
        output.append(UInt8(ascii: "\""))
        if let value {
            output.append(" value=\"")
            HTMLEscaper.append(value, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        attributes.append(to: &output)
        output.append(UInt8(ascii: ">"))
    }
}
