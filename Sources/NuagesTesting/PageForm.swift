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
        var forms: [PageForm] = []
        var current: PageForm?
        for tag in HTMLTag.all(in: html) {
            switch tag.name {
            case "form":
                current = PageForm()
                current?.action = tag["action"] ?? ""
                current?.method = tag["method"]?.lowercased() ?? "get"
            case "/form":
                if let form = current { forms.append(form) }
                current = nil
            case "input": current?.add(tag)
            case "textarea", "select":
                if let name = tag["name"] { current?.names.append(name) }
            default: break
            }
        }
        return forms
    }

    private mutating func add(_ tag: HTMLTag) {
        guard let name = tag["name"] else { return }
        names.append(name)
        let type = tag["type"]?.lowercased() ?? "text"
        let isSwitch = type == "checkbox" || type == "radio"
        guard !["submit", "button", "image", "file", "reset"].contains(type),
            !isSwitch || tag["checked"] != nil
        else { return }
        fields.append((name, tag["value"] ?? (isSwitch ? "on" : "")))
    }
}

/// A tag of a page with its attributes; enough of HTML for the pages that templates make.
struct HTMLTag {
    var name: String
    var attributes: [String: String] = [:]

    subscript(_ name: String) -> String? { attributes[name] }

    static func all(in html: String) -> [HTMLTag] {
        var tags: [HTMLTag] = []
        var scanner = ByteScanner(bytes: Array(html.utf8))
        while scanner.skip(past: UInt8(ascii: "<")) {
            if let tag = scanner.tag() { tags.append(tag) }
        }
        return tags
    }
}

private struct ByteScanner {
    let bytes: [UInt8]
    var position = 0

    mutating func skip(past byte: UInt8) -> Bool {
        while position < bytes.count {
            position += 1
            if bytes[position - 1] == byte { return true }
        }
        return false
    }

    mutating func tag() -> HTMLTag? {
        let name = take { !Self.isBlank($0) && $0 != UInt8(ascii: ">") }
        guard !name.isEmpty, name.utf8.first != UInt8(ascii: "!") else { return nil }
        var tag = HTMLTag(name: name.lowercased())
        while position < bytes.count {
            _ = take { Self.isBlank($0) || $0 == UInt8(ascii: "/") }
            guard position < bytes.count, bytes[position] != UInt8(ascii: ">") else { break }
            let attribute = take {
                !Self.isBlank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">")
            }
            tag.attributes[attribute.lowercased()] = value()
        }
        return tag
    }

    private mutating func value() -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return "" }
        position += 1
        guard position < bytes.count else { return "" }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return unescaped(take { !Self.isBlank($0) && $0 != UInt8(ascii: ">") })
        }
        position += 1
        let value = take { $0 != quote }
        position += 1
        return unescaped(value)
    }

    private func unescaped(_ text: String) -> String {
        let references = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"),
            ("&amp;", "&"),
        ]
        return references.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    private mutating func take(while matches: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, matches(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0x0C
    }
}
