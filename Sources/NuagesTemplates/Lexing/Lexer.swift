import NuagesCore

/// Cuts the source of a template into tokens.
///
/// A tag begins and ends on one line, as in Django. Time is linear in the source.
package struct Lexer {
    private let bytes: [UInt8]
    private var tokens: [Token] = []
    private var line = 1
    private var textStart = 0
    /// Inside `{% verbatim %}`: the contents of the tag that ends it.
    private var verbatimEnd: String?
    /// For each closing delimiter, up to where the source is known to have none.
    private var unclosedUntil: [UInt8: Int] = [:]

    package init(_ source: String) { bytes = Array(source.utf8) }

    /// The tokens of the whole source.
    package consuming func tokenize() -> [Token] {
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "{"), let end = tagEnd(from: index) else {
                index += 1
                continue
            }
            appendText(upTo: index)
            appendTag(index..<end)
            textStart = end
            index = end
        }
        appendText(upTo: bytes.count)
        return tokens
    }

    /// The index behind the tag that begins at `start`; nil where no tag begins.
    private mutating func tagEnd(from start: Int) -> Int? {
        let closer: UInt8
        switch bytes[start + 1] {
        case UInt8(ascii: "%"), UInt8(ascii: "#"): closer = bytes[start + 1]
        case UInt8(ascii: "{"): closer = UInt8(ascii: "}")
        default: return nil
        }
        if let limit = unclosedUntil[closer], start + 2 < limit { return nil }
        var index = start + 2
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == closer, index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "}")
            {
                return index + 2
            }
            index += 1
        }
        unclosedUntil[closer] = index
        return nil
    }

    private mutating func appendText(upTo end: Int) {
        guard textStart < end else { return }
        append(.text, String(decoding: bytes[textStart..<end], as: UTF8.self), textStart..<end)
    }

    private mutating func appendTag(_ range: Range<Int>) {
        let whole = bytes[range]
        let inner = whole.dropFirst(2).dropLast(2)
        let contents = PythonText.stripped(String(decoding: inner, as: UTF8.self))
        let opener = whole[whole.startIndex + 1]
        if let verbatimEnd {
            guard opener == UInt8(ascii: "%"), contents.equalsBytes(verbatimEnd) else {
                append(.text, String(decoding: whole, as: UTF8.self), range)
                return
            }
            self.verbatimEnd = nil
        } else if opener == UInt8(ascii: "%"), Self.beginsVerbatim(contents) {
            verbatimEnd = "end\(contents)"
        }
        switch opener {
        case UInt8(ascii: "%"): append(.block, contents, range)
        case UInt8(ascii: "{"): append(.variable, contents, range)
        default: append(.comment, contents, range)
        }
    }

    private static func beginsVerbatim(_ contents: String) -> Bool {
        contents.equalsBytes("verbatim") || contents.utf8.starts(with: "verbatim ".utf8)
    }

    private mutating func append(_ kind: Token.Kind, _ contents: String, _ range: Range<Int>) {
        tokens.append(Token(kind: kind, contents: contents, line: line, range: range))
        line += bytes[range].count { $0 == UInt8(ascii: "\n") }
    }
}
