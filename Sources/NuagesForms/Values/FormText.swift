public import NuagesCore

/// Text beside a control: a literal of the source is HTML, any other text is escaped.
///
///     HelpText("At least <b>8</b> characters")   // a literal: HTML, as in Django
///     HelpText(escaping: fromTheDatabase)
public struct HelpText: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The HTML.
    public let html: SafeString

    /// HTML that stands in the source code.
    ///
    /// - Parameter value: the literal.
    public init(stringLiteral value: StaticString) {
        html = SafeString(unsafe: value.description)
    }

    /// HTML that is known to be safe.
    ///
    /// - Parameter html: the HTML.
    public init(_ html: SafeString) { self.html = html }

    /// Text of any origin.
    ///
    /// - Parameter text: the text.
    public init(escaping text: String) { html = SafeString(escaping: text) }

    /// Whether there is nothing to show.
    var isEmpty: Bool { html.html.isEmpty }
}

/// The label of a choice: text, which is escaped, or HTML that is known to be safe.
public enum ChoiceLabel: Sendable, Hashable, ExpressibleByStringLiteral {
    /// Text of any origin.
    case text(String)
    /// HTML that is known to be safe.
    case html(SafeString)
    /// A text that is translated when it is shown.
    case translated(String)

    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// The label as a template sees it.
    var contextValue: ContextValue {
        switch self {
        case .text(let text): .string(text)
        case .html(let html): .safe(html)
        case .translated(let text):
            .string(FormEnvironment.current.localization.translated(text))
        }
    }

    func append(to output: inout [UInt8]) {
        switch self {
        case .text(let text): HTMLEscaper.append(text, to: &output)
        case .html(let html): output.append(contentsOf: html.html.utf8)
        case .translated(let text):
            let shown = FormEnvironment.current.localization.translated(text)
            HTMLEscaper.append(shown, to: &output)
        }
    }
}
