/// A tag of a page with its attributes; enough of HTML for the pages that templates make.
struct HTMLTag {
    var name: String
    var attributes: [String: String] = [:]

    subscript(_ name: String) -> String? { attributes[name] }
}

/// A piece of a page.
enum HTMLToken {
    case tag(HTMLTag)
    /// Text with its references resolved.
    case text(String)

    /// Takes a page apart; comments are left out, and so are scripts and styles.
    static func all(in html: String) -> [HTMLToken] {
        var tokens: [HTMLToken] = []
        var scanner = HTMLScanner(bytes: Array(html.utf8))
        while let token = scanner.next() { tokens.append(token) }
        return tokens
    }
}

private struct HTMLScanner {
    /// Elements in which `<` starts nothing but their own end.
    private static let textOnly = ["script", "style", "textarea", "title"]

    let bytes: [UInt8]
    private var position = 0
    /// The element whose end is looked for, such as `textarea`.
    private var enclosing: String?

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> HTMLToken? {
        while position < bytes.count {
            if let name = enclosing {
                enclosing = nil
                let text = takeText(ofElement: name)
                if !text.isEmpty, name != "script", name != "style" {
                    return .text(unescaped(text))
                }
            } else if bytes[position] != UInt8(ascii: "<") {
                return .text(unescaped(take { $0 != UInt8(ascii: "<") }))
            } else if starts(with: "<!--", at: position) {
                skipComment()
            } else {
                position += 1
                if let tag = tag() {
                    if Self.textOnly.contains(tag.name) { enclosing = tag.name }
                    return .tag(tag)
                }
            }
        }
        return nil
    }

    /// All up to the end tag of an element, whatever it looks like.
    private mutating func takeText(ofElement name: String) -> String {
        let start = position
        while position < bytes.count, !starts(with: "</" + name, at: position) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipComment() {
        position += 4
        while position < bytes.count, !starts(with: "-->", at: position) { position += 1 }
        position = min(bytes.count, position + 3)
    }

    /// Whether `text`, which is in lower case, stands at `start`, but for ASCII case.
    private func starts(with text: String, at start: Int) -> Bool {
        let text = Array(text.utf8)
        guard bytes.count - start >= text.count else { return false }
        return text.indices.allSatisfy { offset in
            let byte = bytes[start + offset]
            return (byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte) == text[offset]
        }
    }

    private mutating func tag() -> HTMLTag? {
        let name = take { !Self.isBlank($0) && $0 != UInt8(ascii: ">") }
        guard !name.isEmpty, name.utf8.first != UInt8(ascii: "!") else { return nil }
        let isEmpty = name.utf8.count > 1 && name.utf8.last == UInt8(ascii: "/")
        var tag = HTMLTag(name: (isEmpty ? String(name.dropLast()) : name).lowercased())
        while position < bytes.count {
            _ = take { Self.isBlank($0) || $0 == UInt8(ascii: "/") }
            guard position < bytes.count, bytes[position] != UInt8(ascii: ">") else { break }
            let attribute = take {
                !Self.isBlank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">")
                    && $0 != UInt8(ascii: "/")
            }
            let value = value()
            // The first of several attributes of a name counts.
            if tag.attributes[attribute.lowercased()] == nil {
                tag.attributes[attribute.lowercased()] = value
            }
        }
        if position < bytes.count { position += 1 }
        return tag
    }

    private mutating func value() -> String {
        let start = position
        _ = take(while: Self.isBlank)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
            position = start
            return ""
        }
        position += 1
        _ = take(while: Self.isBlank)
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
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
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
