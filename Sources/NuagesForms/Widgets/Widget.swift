public import NuagesCore

/// How a field appears on a page: it writes the control and finds what the control submitted.
///
/// A widget is a value. Most are made by name: `.textarea`, `.radioSelect`, `.hidden`.
public protocol Widget: Sendable {
    /// The attributes and what the widget knows of its field.
    var options: WidgetOptions { get set }

    /// Whether the control cannot be seen.
    var isHidden: Bool { get }

    /// Whether the control is a group that needs a `<fieldset>` and a `<legend>`.
    var usesFieldset: Bool { get }

    /// Whether the form must be sent as `multipart/form-data`.
    var needsMultipartForm: Bool { get }

    /// Whether the control shows parts of a second.
    var supportsMicroseconds: Bool { get }

    /// The style sheets and scripts that the control needs.
    var media: Media { get }

    /// What the control submitted.
    ///
    /// - Parameters:
    ///   - input: everything that was submitted.
    ///   - name: the name of the control.
    /// - Returns: the value; none where there is none.
    func value(from input: FormInput, name: String) -> FormValue

    /// Whether the control was not part of what was submitted.
    ///
    /// - Parameters:
    ///   - input: everything that was submitted.
    ///   - name: the name of the control.
    /// - Returns: true where nothing of the control was submitted.
    func isOmitted(from input: FormInput, name: String) -> Bool

    /// The id that a `<label>` names, given the id of the field; nil where a label must not name one.
    ///
    /// - Parameter id: the id of the field.
    /// - Returns: the id of the first element.
    func idForLabel(_ id: String) -> String?

    /// Whether the control may have the attribute `required`.
    ///
    /// - Parameter initial: the value that the field starts with.
    /// - Returns: true where browsers can check it.
    func usesRequiredAttribute(initial: FormValue) -> Bool

    /// A value as the control shows it: text, or the text of each chosen value.
    ///
    /// - Parameter value: an initial or submitted value.
    /// - Returns: what is shown; none for nothing.
    func formatted(_ value: FormValue) -> FormValue

    /// The template that a site can have in place of what ``render(name:value:attributes:to:)``
    /// writes; nil for a widget without one.
    ///
    /// Django: the class attribute `template_name`. Another template for one widget is named by
    /// ``WidgetOptions/templateName``.
    var defaultTemplateName: String? { get }

    /// What a template of the widget sees as `widget`.
    ///
    ///     func context(
    ///         name: String,
    ///         value: FormValue,
    ///         attributes: HTMLAttributes
    ///     ) -> ContextDictionary {
    ///         var context = plainContext(name: name, value: value, attributes: attributes)
    ///         context["colours"] = ["red", "blue"].contextValue
    ///         return context
    ///     }
    ///
    /// - Parameters:
    ///   - name: the name of the control.
    ///   - value: the value that it shows.
    ///   - attributes: attributes over those of the widget.
    /// - Returns: the members: `name`, `value`, `attrs` and the others of Django's.
    func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary

    /// Writes the control.
    ///
    /// - Parameters:
    ///   - name: the name of the control.
    ///   - value: the value that it shows.
    ///   - attributes: attributes over those of the widget.
    ///   - output: the bytes of the page so far.
    func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    )
}

/// What every widget has.
public struct WidgetOptions: Sendable {
    /// The attributes of the element.
    public var attributes: HTMLAttributes
    /// Whether its field must be filled in.
    public var isRequired = false
    /// Whether numbers are shown in the language of the page.
    public var isLocalized = false
    /// The template that writes the widget, in place of the one of its kind.
    ///
    /// Used where a page is rendered by templates of a site. Django: `template_name`.
    public var templateName: String?

    /// Options.
    ///
    /// - Parameter attributes: the attributes of the element.
    public init(attributes: HTMLAttributes = [:]) { self.attributes = attributes }
}

extension Widget {
    /// Visible.
    public var isHidden: Bool { false }

    /// A single control.
    public var usesFieldset: Bool { false }

    /// Any encoding.
    public var needsMultipartForm: Bool { false }

    /// Parts of a second are shown.
    public var supportsMicroseconds: Bool { true }

    /// None.
    public var media: Media { Media() }

    /// The last value of that name.
    public func value(from input: FormInput, name: String) -> FormValue { input.value(name) }

    /// Whether the name is absent.
    public func isOmitted(from input: FormInput, name: String) -> Bool { !input.contains(name) }

    /// The id of the field.
    public func idForLabel(_ id: String) -> String? { id }

    /// Allowed where the control can be seen.
    public func usesRequiredAttribute(initial: FormValue) -> Bool { !isHidden }

    /// The text of the value; none for an empty one.
    public func formatted(_ value: FormValue) -> FormValue {
        shownText(value).map(FormValue.string) ?? .none
    }

    /// None: the widget is always written by its own code.
    public var defaultTemplateName: String? { nil }

    /// The members that all widgets have.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        plainContext(name: name, value: value, attributes: attributes)
    }

    /// The control as HTML.
    ///
    /// - Parameters:
    ///   - name: the name of the control.
    ///   - value: the value that it shows.
    ///   - attributes: attributes over those of the widget.
    /// - Returns: the HTML.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes = [:]
    ) -> SafeString {
        var output: [UInt8] = []
        render(name: name, value: value, attributes: attributes, to: &output)
        return output.html
    }

    /// The text that the control shows; nil for an empty value.
    func shownText(_ value: FormValue) -> String? {
        switch value {
        case .none: return nil
        case .string(let text), .unreadable(let text): return text.isEmpty ? nil : text
        case .bool, .date, .time, .dateTime, .duration, .uuid, .file, .storedFile, .list, .object,
            .range:
            return value.text
        case .int, .double, .decimal:
            return options.isLocalized ? LocalizedNumber.text(value) : value.text
        }
    }
}
