import NuagesCore

/// A form found on a page, with what a browser would send if nobody touched it.
public struct PageForm: Sendable {
    /// Where it is sent; empty is the page itself.
    public private(set) var action = ""
    /// `get` or `post`.
    public private(set) var method = "get"
    /// The names and values of its controls, in order.
    public private(set) var fields: [(name: String, value: String)] = []
    /// The names of all its controls, those without a value too.
    public private(set) var names: [String] = []

    /// Finds the forms of a page.
    ///
    /// - Parameter html: the page.
    /// - Returns: the forms in order.
    static func all(in html: String) -> [PageForm] {
        var reader = PageFormReader()
        for token in HTMLToken.all(in: html) { reader.read(token) }
        return reader.forms
    }

    init(_ tag: HTMLTag) {
        action = tag["action"] ?? ""
        method = tag["method"]?.lowercased() == "post" ? "post" : "get"
    }

    mutating func add(input tag: HTMLTag) {
        guard let name = tag["name"] else { return }
        names.append(name)
        let type = tag["type"]?.lowercased() ?? "text"
        let isSwitch = type == "checkbox" || type == "radio"
        guard !["submit", "button", "image", "file", "reset"].contains(type),
            !isSwitch || tag["checked"] != nil, tag["disabled"] == nil
        else { return }
        fields.append((name, tag["value"] ?? (isSwitch ? "on" : "")))
    }

    mutating func add(textArea tag: HTMLTag, _ text: String) {
        guard let name = tag["name"] else { return }
        names.append(name)
        guard tag["disabled"] == nil else { return }
        // The line break behind the tag is not part of the text, and a browser sends CRLF.
        var text = text.replacing("\r\n", with: "\n")
        if text.utf8.first == 0x0A { text.removeFirst() }
        fields.append((name, text.replacing("\n", with: "\r\n")))
    }

    mutating func add(_ select: PageSelect) {
        guard let name = select.tag["name"] else { return }
        names.append(name)
        guard select.tag["disabled"] == nil else { return }
        fields += select.values.map { (name, $0) }
    }
}

/// A `select` with its options.
struct PageSelect {
    struct Option {
        var value: String?
        var text = ""
        var isSelected: Bool
        var isDisabled: Bool
    }

    let tag: HTMLTag
    var options: [Option] = []

    /// What is sent: all that is selected of a list; of a menu one, the first unless another is
    /// selected.
    var values: [String] {
        let chosen = options.filter { $0.isSelected && !$0.isDisabled }
        if tag["multiple"] != nil { return chosen.map(Self.value) }
        return (chosen.last ?? options.first { !$0.isDisabled }).map { [Self.value($0)] } ?? []
    }

    private static func value(_ option: Option) -> String {
        option.value
            ?? option.text.split { $0.isWhitespace }.joined(separator: " ")
    }
}

/// Puts forms together from the tokens of a page.
private struct PageFormReader {
    private(set) var forms: [PageForm] = []
    private var form: PageForm?
    private var textArea: (tag: HTMLTag, text: String)?
    private var select: PageSelect?
    private var isInsideOption = false

    mutating func read(_ token: HTMLToken) {
        switch token {
        case .text(let text):
            if textArea != nil { textArea?.text += text }
            if isInsideOption, let last = select?.options.indices.last {
                select?.options[last].text += text
            }
        case .tag(let tag): read(tag)
        }
    }

    private mutating func read(_ tag: HTMLTag) {
        switch tag.name {
        case "form": form = PageForm(tag)
        case "/form":
            if let form { forms.append(form) }
            form = nil
        case "input": form?.add(input: tag)
        case "textarea": textArea = (tag, "")
        case "/textarea":
            if let textArea { form?.add(textArea: textArea.tag, textArea.text) }
            textArea = nil
        case "select": select = PageSelect(tag: tag)
        case "/select":
            isInsideOption = false
            if let select { form?.add(select) }
            select = nil
        case "option":
            select?.options.append(
                PageSelect.Option(
                    value: tag["value"],
                    isSelected: tag["selected"] != nil,
                    isDisabled: tag["disabled"] != nil
                )
            )
            isInsideOption = select != nil
        case "/option", "optgroup", "/optgroup": isInsideOption = false
        default: break
        }
    }
}
