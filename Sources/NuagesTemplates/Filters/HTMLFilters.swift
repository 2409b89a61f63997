package import NuagesCore

extension Library {
    /// Filters that know of HTML.
    mutating func addHTMLFilters() {
        textFilter("escape", isSafe: true) { value, _, _ in .safe(value.escapedText) }
        textFilter("force_escape", isSafe: true) { value, _, _ in
            .safe(SafeString(escaping: value.plainText))
        }
        filter("escapeseq", isSafe: true) { value, _, _ in
            .array(try value.walked("escapeseq").map { .safe($0.escapedText) })
        }
        textFilter("safe", isSafe: true) { value, _, _ in .safe(.init(unsafe: value.plainText)) }
        filter("safeseq", isSafe: true) { value, _, _ in
            .array(try value.walked("safeseq").map { .safe(.init(unsafe: $0.plainText)) })
        }
        textFilter("escapejs") { value, _, _ in
            .safe(.init(unsafe: ScriptEscaper.javaScript(value.plainText)))
        }
        addMarkupFilters()
    }

    private mutating func addMarkupFilters() {
        filter("json_script", argument: .optional, isSafe: true) { value, id, _ in
            let text = id?.plainText ?? ""
            return .safe(
                .init(
                    unsafe: try ScriptEscaper.jsonScript(
                        value,
                        id: id?.isTrue == true ? text : nil
                    )
                )
            )
        }
        filter("striptags", isSafe: true) { try TagStripper.strip($0) }
        textFilter("linebreaks", isSafe: true) { value, _, context in
            .safe(.init(unsafe: Paragraphs.html(value, isEscaping: context.isEscaping)))
        }
        textFilter("linebreaksbr", isSafe: true) { value, _, context in
            let text = Paragraphs.normalized(value.plainText)
            let html = context.isEscaping && !value.isSafe ? HTMLEscaper.escape(text) : text
            return .safe(.init(unsafe: html.replacingBytes("\n", with: "<br>")))
        }
        textFilter("linenumbers", isSafe: true) { value, _, context in
            let lines = value.plainText.splitBytes(UInt8(ascii: "\n"))
            let width = String(lines.count).utf8.count
            let isEscaping = context.isEscaping && !value.isSafe
            let numbered = lines.enumerated().map { index, line in
                "\(padded(index + 1, width)). \(isEscaping ? HTMLEscaper.escape(line) : line)"
            }
            return .safe(.init(unsafe: numbered.joined(separator: "\n")))
        }
        textFilter("urlize", isSafe: true) { value, _, context in
            .safe(.init(unsafe: Self.urlizer(value, context).html(value.plainText)))
        }
        textFilter("urlizetrunc", argument: .required, isSafe: true) { value, limit, context in
            var urlizer = Self.urlizer(value, context)
            urlizer.trimLength = try FilterArguments.wholeNumber(limit, of: "urlizetrunc")
            return .safe(.init(unsafe: urlizer.html(value.plainText)))
        }
        filter("unordered_list", isSafe: true) { value, _, context in
            let elements = try value.walked("unordered_list")
            return .safe(
                .init(
                    unsafe: try UnorderedList.html(
                        elements,
                        isEscaping: context.isEscaping,
                        depth: 1
                    )
                )
            )
        }
    }

    private static func urlizer(_ value: ContextValue, _ context: FilterContext) -> Urlizer {
        var urlizer = Urlizer()
        urlizer.addsNofollow = true
        urlizer.isEscaping = context.isEscaping
        urlizer.isSafe = value.isSafe
        urlizer.assumesHTTPS = context.page.environment.urlizeAssumesHTTPS
        return urlizer
    }
}

extension ContextValue {
    /// The elements of a value that has a first and a last one, which a dictionary has not.
    func indexed(_ filter: String) throws -> [ContextValue] {
        if case .dictionary = self {
            throw TemplateError.rendering(
                "'\(filter)' needs a list, not a dictionary; use its 'values' or 'items'."
            )
        }
        return try walked(filter)
    }

    /// The elements of a list.
    func walked(_ filter: String) throws -> [ContextValue] {
        guard let elements else {
            throw TemplateError.rendering(
                "'\(filter)' needs a list, not \(representation())."
            )
        }
        return elements
    }
}

/// Django's `linebreaks`.
package enum Paragraphs {
    /// Every line break as `\n`.
    package static func normalized(_ text: String) -> String {
        text.replacingBytes("\r\n", with: "\n").replacingBytes("\r", with: "\n")
    }

    /// Paragraphs and line breaks.
    package static func html(_ value: ContextValue, isEscaping: Bool) -> String {
        let text = normalized(value.plainText)
        var paragraphs: [String] = []
        var current: [UInt8] = []
        var breaks = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") {
                breaks += 1
                continue
            }
            if breaks > 1 {
                paragraphs.append(String(decoding: current, as: UTF8.self))
                current = []
            } else if breaks == 1 {
                current.append(UInt8(ascii: "\n"))
            }
            breaks = 0
            current.append(byte)
        }
        if breaks == 1 { current.append(UInt8(ascii: "\n")) }
        paragraphs.append(String(decoding: current, as: UTF8.self))
        if breaks > 1 { paragraphs.append("") }
        return paragraphs.map { paragraph in
            let html =
                isEscaping && !value.isSafe ? HTMLEscaper.escape(paragraph) : paragraph
            return "<p>\(html.replacingBytes("\n", with: "<br>"))</p>"
        }.joined(separator: "\n\n")
    }
}

/// Django's `unordered_list`.
enum UnorderedList {
    private static let depthLimit = 100

    static func html(
        _ elements: [ContextValue],
        isEscaping: Bool,
        depth: Int
    ) throws -> String {
        guard depth <= depthLimit else {
            throw TemplateError.limitExceeded(
                "The list is nested more than \(depthLimit) deep."
            )
        }
        let indent = String(repeating: "\t", count: depth)
        var lines: [String] = []
        var index = 0
        while index < elements.count {
            var children = ""
            let element = elements[index]
            if index + 1 < elements.count, case .array(let nested) = elements[index + 1] {
                if !nested.isEmpty {
                    let list = try html(nested, isEscaping: isEscaping, depth: depth + 1)
                    children = "\n\(indent)<ul>\n\(list)\n\(indent)</ul>\n\(indent)"
                }
                index += 1
            }
            let text = isEscaping ? element.escapedText.html : element.plainText
            lines.append("\(indent)<li>\(text)\(children)</li>")
            index += 1
        }
        return lines.joined(separator: "\n")
    }
}
