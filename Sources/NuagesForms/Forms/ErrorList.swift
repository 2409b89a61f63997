public import NuagesCore

/// The errors of one field, or of the whole form.
///
/// A template shows it as `<ul class="errorlist">`, walks over its messages, and takes it as false
/// where it is empty.
public struct ErrorList: Sendable, ContextObject {
    /// The errors in order.
    public var items: [ValidationError.Item]
    /// The id of the field, from which the list has its own id; nil for none.
    var fieldID: String?
    /// A class besides `errorlist`.
    var extraClass: String?

    init(_ items: [ValidationError.Item] = [], fieldID: String? = nil, extraClass: String? = nil) {
        self.items = items
        self.fieldID = fieldID
        self.extraClass = extraClass
    }

    /// Whether there is no error.
    public var isEmpty: Bool { items.isEmpty }

    /// The classes of the list (`error_class`).
    var cssClass: String { extraClass.map { "errorlist \($0)" } ?? "errorlist" }

    /// The messages in the language of the page.
    public var messages: [String] { items.map(FormEnvironment.current.text) }

    /// The list as HTML.
    public var html: SafeString {
        var output: [UInt8] = []
        append(to: &output)
        return output.html
    }

    func append(to output: inout [UInt8]) {
        if items.isEmpty { return }
        output.append("<ul class=\"errorlist")
        if let extraClass {
            output.append(UInt8(ascii: " "))
            HTMLEscaper.append(extraClass, to: &output)
        }
        output.append(UInt8(ascii: "\""))
        if let fieldID, !fieldID.isEmpty {
            output.append(" id=\"")
            HTMLEscaper.append(fieldID, to: &output)
            output.append("_error\"")
        }
        output.append(UInt8(ascii: ">"))
        for message in messages {
            output.append("<li>")
            HTMLEscaper.append(message, to: &output)
            output.append("</li>")
        }
        output.append("</ul>")
    }

    /// The messages as text, one a line after `* `.
    public var text: String { messages.map { "* \($0)" }.joined(separator: "\n") }

    /// The errors as JSON: a list of `message` and `code`.
    public var jsonValue: JSONValue {
        let environment = FormEnvironment.current
        return .array(
            items.map { item in
                .object([
                    .init("message", .string(environment.text(of: item))),
                    .init("code", .string(item.code)),
                ])
            }
        )
    }

    /// The errors as JSON (`get_json_data`).
    ///
    /// - Parameter escapingHTML: whether the messages are HTML afterwards.
    /// - Returns: a list of `message` and `code`.
    public func jsonData(escapingHTML: Bool) -> JSONValue {
        guard escapingHTML, case .array(let list) = jsonValue else { return jsonValue }
        return .array(
            list.map { item in
                guard case .object(var members) = item, case .string(let message) = members[0].value
                else { return item }
                members[0].value = .string(SafeString(escaping: message).html)
                return .object(members)
            }
        )
    }

    /// The errors as a JSON text (`as_json`).
    ///
    /// - Parameter escapingHTML: whether the messages are HTML afterwards.
    /// - Returns: what Python's `json.dumps` writes.
    public func json(escapingHTML: Bool = false) -> String {
        jsonData(escapingHTML: escapingHTML).pythonText
    }

    /// `as_ul` and `as_text`.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "as_ul": listValue
        case "as_text": .string(text)
        case "as_json": .string(json())
        case "field_id": fieldID.map(ContextValue.string) ?? ContextValue.none
        case "error_class":
            .string(cssClass)
        default: Int(name).flatMap { messages.indices.contains($0) ? .string(messages[$0]) : nil }
        }
    }

    /// The list as HTML.
    public var contextDescription: ContextValue { .safe(html) }

    /// The messages.
    public var contextElements: [ContextValue]? { messages.map(ContextValue.string) }
}

/// The errors of a form by the name of their field, in the order in which they were found.
public struct FormErrors: Sendable, ContextObject {
    /// The names of the fields with their errors; `__all__` names the whole form.
    public internal(set) var entries: [(name: String, errors: ErrorList)] = []

    /// Whether there is no error.
    public var isEmpty: Bool { entries.isEmpty }

    /// The errors of a field; nil where it has none.
    ///
    /// - Parameter name: the name of the field, or `ValidationError.nonFieldErrors`.
    public subscript(_ name: String) -> ErrorList? {
        entries.first { $0.name.equalsBytes(name) }?.errors
    }

    /// All errors as HTML, by field.
    public var html: SafeString {
        var output: [UInt8] = []
        if entries.isEmpty { return output.html }
        output.append("<ul class=\"errorlist\">")
        for (name, errors) in entries {
            output.append("<li>")
            HTMLEscaper.append(name, to: &output)
            errors.append(to: &output)
            output.append("</li>")
        }
        output.append("</ul>")
        return output.html
    }

    /// All errors as text.
    public var text: String {
        entries.map { name, errors in
            "* \(name)\n" + errors.messages.map { "  * \($0)" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// All errors as JSON: names with lists of `message` and `code`.
    public var jsonValue: JSONValue {
        .object(entries.map { .init($0.name, $0.errors.jsonValue) })
    }

    /// All errors as JSON (`get_json_data`).
    ///
    /// - Parameter escapingHTML: whether the messages are HTML afterwards.
    /// - Returns: names with lists of `message` and `code`.
    public func jsonData(escapingHTML: Bool) -> JSONValue {
        .object(entries.map { .init($0.name, $0.errors.jsonData(escapingHTML: escapingHTML)) })
    }

    /// All errors as a JSON text (`as_json`).
    ///
    /// - Parameter escapingHTML: whether the messages are HTML afterwards.
    /// - Returns: what Python's `json.dumps` writes.
    public func json(escapingHTML: Bool = false) -> String {
        jsonData(escapingHTML: escapingHTML).pythonText
    }

    /// A field's errors by its name, `as_ul`, `as_text`, and `items` with names and errors.
    public func contextMember(_ name: String) -> ContextValue? {
        if let errors = self[name] { return .object(errors) }
        switch name {
        case "as_ul": return listValue
        case "as_text": return .string(text)
        case "as_json": return .string(json())
        case "items":
            return .array(entries.map { .array([.string($0.name), .object($0.errors)]) })
        default: return nil
        }
    }

    /// All errors as HTML.
    public var contextDescription: ContextValue { .safe(html) }

    /// The names of the fields that have errors.
    public var contextElements: [ContextValue]? { entries.map { .string($0.name) } }

    mutating func add(_ items: [ValidationError.Item], to name: String, fieldID: String?) {
        if let index = entries.firstIndex(where: { $0.name.equalsBytes(name) }) {
            entries[index].errors.items += items
        } else {
            let isNonField = name.equalsBytes(ValidationError.nonFieldErrors)
            entries.append(
                (
                    name,
                    ErrorList(
                        items,
                        fieldID: fieldID,
                        extraClass: isNonField ? "nonfield" : nil
                    )
                )
            )
        }
    }
}

extension JSONValue {
    /// The text that Python's `json.dumps` writes.
    fileprivate var pythonText: String {
        String(decoding: jsonBytes(style: .python), as: UTF8.self)
    }
}
