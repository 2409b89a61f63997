/// The words of a statement outside of parentheses, texts and comments: enough to tell what it does to a
/// table.
public struct StatementWords: Sendable {
    /// A word of a statement.
    public enum Word: Sendable, Hashable {
        /// A word in upper case.
        case keyword(String)
        /// A name in quotes, without them.
        case name(String)
    }

    /// The words in order.
    public private(set) var words: [Word] = []
    /// The words in parentheses too, but for names in quotes.
    private var everywhere: Set<String> = []

    /// The words of a statement.
    ///
    /// - Parameter text: the statement.
    public init(_ text: String) {
        var rest = Substring(text).utf8[...]
        var depth = 0
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "("):
                depth += 1
                rest.removeFirst()
            case UInt8(ascii: ")"):
                depth -= 1
                rest.removeFirst()
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                let inner = Self.quoted(&rest)
                if depth == 0, byte != UInt8(ascii: "'") { words.append(.name(inner)) }
            case UInt8(ascii: "-") where rest.dropFirst().first == byte:
                rest = rest[(rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex)...]
            case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"):
                Self.skipComment(&rest)
            case _ where Self.isLetter(byte):
                let end = rest.firstIndex { !Self.isLetter($0) } ?? rest.endIndex
                let keyword = String(decoding: rest[..<end], as: UTF8.self).uppercased()
                if depth == 0 { words.append(.keyword(keyword)) }
                everywhere.insert(keyword)
                rest = rest[end...]
            default: rest.removeFirst()
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || (0x30...0x39).contains(byte) || byte == 0x5F || byte >= 0x80
    }

    /// Takes a comment, in which there may be others.
    private static func skipComment(_ rest: inout Substring.UTF8View.SubSequence) {
        let (slash, star) = (UInt8(ascii: "/"), UInt8(ascii: "*"))
        var depth = 0
        while let byte = rest.popFirst() {
            if byte == slash, rest.first == star {
                rest.removeFirst()
                depth += 1
            } else if byte == star, rest.first == slash {
                rest.removeFirst()
                depth -= 1
                if depth == 0 { return }
            }
        }
    }

    /// Takes what is in quotes, in which the same quote is doubled.
    private static func quoted(_ rest: inout Substring.UTF8View.SubSequence) -> String {
        let quote = rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote else { break }
                rest.removeFirst()
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the words stand in the statement, one after the other.
    public func contains(_ keywords: String...) -> Bool { position(of: keywords) != nil }

    /// Whether the statement begins with the words.
    public func starts(with keywords: String...) -> Bool { position(of: keywords) == 0 }

    /// Whether one of the words is anywhere in the statement, in parentheses too.
    ///
    /// - Parameter keywords: the words in upper case.
    /// - Returns: whether it is.
    public func mentions(anyOf keywords: Set<String>) -> Bool {
        !everywhere.isDisjoint(with: keywords)
    }

    private func position(of keywords: [String]) -> Int? {
        guard words.count >= keywords.count else { return nil }
        return (0...(words.count - keywords.count)).first { start in
            zip(words[start...], keywords).allSatisfy { word, keyword in
                if case .keyword(let text) = word { text == keyword } else { false }
            }
        }
    }

    /// The name, in quotes or not, that stands after some words and what may be between.
    public func name(after keywords: String...) -> String? {
        guard let position = position(of: keywords) else { return nil }
        for word in words[(position + keywords.count)...] {
            switch word {
            case .name(let name): return name
            case .keyword("IF"), .keyword("NOT"), .keyword("EXISTS"), .keyword("ONLY"): continue
            case .keyword(let text): return text.lowercased()
            }
        }
        return nil
    }
}
