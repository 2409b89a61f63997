public import NuagesCore

/// An input for a file; with `isClearable` it also shows the stored file and offers to remove it.
///
/// Django: `FileInput`, `ClearableFileInput`.
public struct FileInput: Widget {
    /// Whether it shows the stored file and offers to remove it.
    public var isClearable: Bool
    /// The attributes and what the widget knows of its field.
    public var options: WidgetOptions

    /// What a control submits that asks to remove the file and sends another: a list that no other
    /// way of submitting can make.
    static let contradiction = FormValue.list([.bool(false), .bool(true)])

    /// An input for a file.
    ///
    /// - Parameters:
    ///   - isClearable: whether it shows the stored file and offers to remove it.
    ///   - attributes: the attributes.
    public init(isClearable: Bool = false, attributes: HTMLAttributes = [:]) {
        self.isClearable = isClearable
        options = WidgetOptions(attributes: attributes)
    }

    /// Files need `multipart/form-data`.
    public var needsMultipartForm: Bool { true }

    /// The file; false where it is to be removed.
    public func value(from input: FormInput, name: String) -> FormValue {
        let upload = input.files.list(name).last.map(FormValue.file) ?? .none
        guard isClearable, !options.isRequired else { return upload }
        let box = CheckboxInput().value(from: input, name: name + "-clear")
        guard box.isTrue else { return upload }
        if case .file = upload { return Self.contradiction }
        return .bool(false)
    }

    /// Whether neither a file nor the wish to remove one was sent.
    public func isOmitted(from input: FormInput, name: String) -> Bool {
        input.files.list(name).isEmpty && !(isClearable && input.contains(name + "-clear"))
    }

    /// Allowed where there is no stored file.
    public func usesRequiredAttribute(initial: FormValue) -> Bool { !initial.isTrue }

    /// The stored file of a clearable input; nothing else is ever shown.
    public func formatted(_ value: FormValue) -> FormValue {
        if isClearable, case .storedFile = value { value } else { .none }
    }

    /// The template that Django has for the kind.
    public var defaultTemplateName: String? {
        isClearable
            ? "django/forms/widgets/clearable_file_input.html" : "django/forms/widgets/file.html"
    }

    /// The members that a template sees.
    public func context(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes
    ) -> ContextDictionary {
        var context = plainContext(name: name, value: .none, attributes: attributes)
        context["type"] = .string("file")
        guard isClearable else { return context }
        if case .storedFile(let file) = value {
            context["value"] = .object(ShownFile(file: file))
            context["is_initial"] = .bool(true)
        } else {
            context["is_initial"] = .bool(false)
        }
        let localization = FormEnvironment.current.localization
        context["checkbox_name"] = .string("\(name)-clear")
        context["checkbox_id"] = .string("\(name)-clear_id")
        context["input_text"] = .string(localization.translated("Change"))
        context["initial_text"] = .string(localization.translated("Currently"))
        context["clear_checkbox_label"] = .string(localization.translated("Clear"))
        return context
    }

    /// Writes the control; a file input never shows a value.
    public func render(
        name: String,
        value: FormValue,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        let attributes = options.attributes.merging(attributes)
        if isClearable, case .storedFile(let file) = value {
            append(file, name: name, attributes: attributes, to: &output)
        }
        InputElement.append(
            type: "file",
            name: name,
            value: nil,
            attributes: attributes,
            to: &output
        )
    }

    private func append(
        _ file: FormValue.StoredFile,
        name: String,
        attributes: HTMLAttributes,
        to output: inout [UInt8]
    ) {
        let localization = FormEnvironment.current.localization
        HTMLEscaper.append(localization.translated("Currently"), to: &output)
        output.append(": ")
        if file.url.isEmpty {
            // A file of a storage without addresses.
            HTMLEscaper.append(file.name, to: &output)
        } else {
            output.append("<a href=\"")
            HTMLEscaper.append(file.url, to: &output)
            output.append("\">")
            HTMLEscaper.append(file.name, to: &output)
            output.append("</a>")
        }
        if !options.isRequired {
            output.append("\n<input type=\"checkbox\" name=\"")
            HTMLEscaper.append(name, to: &output)
            output.append("-clear\" id=\"")
            HTMLEscaper.append(name, to: &output)
            output.append("-clear_id\"")
            if attributes["disabled"] == .flag(true) { output.append(" disabled") }
            output.append(">\n<label for=\"")
            HTMLEscaper.append(name, to: &output)
            output.append("-clear_id\">")
            HTMLEscaper.append(localization.translated("Clear"), to: &output)
            output.append("</label>")
        }
        output.append("<br>\n")
        HTMLEscaper.append(localization.translated("Change"), to: &output)
        output.append(":\n")
    }
}

/// A stored file as a template sees it: it prints as its name.
private struct ShownFile: ContextObject {
    let file: FormValue.StoredFile

    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "url": .string(file.url)
        case "name": .string(file.name)
        default: nil
        }
    }

    var contextDescription: ContextValue { .string(file.name) }
}
