import NuagesCore

/// A reference to another file in a style sheet or a script.
struct StaticReference {
    /// The whole reference, which is replaced.
    var range: Range<Int>
    /// The address in it.
    var address: Range<Int>
    /// What stands in front of the new address.
    var head: [UInt8]
    /// What stands behind it.
    var tail: [UInt8]
}

/// One way to write a reference, with what it is replaced by.
///
/// The ways are those of Django's `HashedFilesMixin.patterns`, read by hand: no expression of
/// them is run.
enum StaticReferenceSyntax: Sendable, CaseIterable {
    /// `url(…)`
    case styleURL
    /// `@import "…"`
    case styleImport
    /// `/*# sourceMappingURL=… */`
    case styleMap
    /// `//# sourceMappingURL=…`
    case scriptMap
    /// `import … from "./…"`
    case importFrom
    /// `export … from "./…"`
    case exportFrom
    /// `import "./…"`
    case importFile
    /// `import("./…")`
    case importCall

    /// Those of a style sheet, in the order in which they are replaced.
    static let style: [Self] = [.styleURL, .styleImport, .styleMap]
    /// Those of a script.
    static let script: [Self] = [.scriptMap]
    /// Those of modules in scripts.
    static let modules: [Self] = [.importFrom, .exportFrom, .importFile, .importCall]

    /// The word that each reference begins with; only a source map is told by its case.
    private var word: StaticString {
        switch self {
        case .styleURL: "url("
        case .styleImport: "@import"
        case .styleMap: "/*#"
        case .scriptMap: "//# sourceMappingURL="
        case .importFrom, .importFile: "import"
        case .exportFrom: "export"
        case .importCall: "import("
        }
    }

    /// The first reference at or behind `start`.
    func first(in text: SourceText, from start: Int) -> StaticReference? {
        let word = Array("\(word)".utf8)
        var index = start
        while let found = text.find(word, from: index, ignoringCase: self != .scriptMap) {
            if let reference = reference(in: text, at: found, behind: found + word.count) {
                return reference
            }
            index = found + 1
        }
        return nil
    }

    private func reference(in text: SourceText, at start: Int, behind: Int) -> StaticReference? {
        switch self {
        case .styleURL: styleURL(text, start, behind)
        case .styleImport:
            text.quoted(from: text.skipBlanks(behind)).map { address, end in
                let address =
                    min(
                        text.skipBlanks(address.lowerBound),
                        address.upperBound
                    )..<address.upperBound
                return make(start..<end, address, "@import url(\"", "\")")
            }
        case .styleMap: styleMap(text, start, behind)
        case .scriptMap:
            text.isLineStart(start)
                ? make(
                    start..<text.lineEnd(behind),
                    behind..<text.lineEnd(behind),
                    "//# sourceMappingURL=",
                    ""
                ) : nil
        case .importFrom: fromClause(text, start, behind, allowsStar: true)
        case .exportFrom: fromClause(text, start, behind, allowsStar: false)
        case .importFile:
            text.relativeFile(from: text.skipBlanks(behind)).map { address, end in
                make(start..<end, address, "import\"", "\"")
            }
        case .importCall:
            text.relativeFile(from: behind).flatMap { address, end in
                text[end] == UInt8(ascii: ")")
                    ? make(start..<(end + 1), address, "import(\"", "\")") : nil
            }
        }
    }

    private func make(
        _ range: Range<Int>,
        _ address: Range<Int>,
        _ head: String,
        _ tail: String
    ) -> StaticReference {
        StaticReference(
            range: range,
            address: address,
            head: Array(head.utf8),
            tail: Array(tail.utf8)
        )
    }

    /// `url("…")`, `url('…')` or `url(…)`, on one line.
    private func styleURL(_ text: SourceText, _ start: Int, _ behind: Int) -> StaticReference? {
        let close = UInt8(ascii: ")")
        if let quote = text[behind], quote == 0x22 || quote == 0x27 {
            let from = text.skipBlanks(behind + 1)
            var index = from
            while let byte = text[index], byte != 0x0A {
                if byte == quote, text[index + 1] == close {
                    return make(start..<(index + 2), from..<index, "url(\"", "\")")
                }
                index += 1
            }
        }
        let from = text.skipBlanks(behind)
        var index = from
        while let byte = text[index], byte != 0x0A {
            if byte == close {
                return make(
                    start..<(index + 1),
                    text.withoutQuotes(from..<index),
                    "url(\"",
                    "\")"
                )
            }
            index += 1
        }
        return nil
    }

    /// A comment that is a whole line.
    private func styleMap(_ text: SourceText, _ start: Int, _ behind: Int) -> StaticReference? {
        let name = Array("sourceMappingURL=".utf8)
        let end = text.lineEnd(start)
        guard text.isLineStart(start), text[behind] == 0x20 || text[behind] == 0x09,
            text.starts(with: name, at: behind + 1), end >= behind + 1 + name.count + 2,
            text.starts(with: [0x2A, 0x2F], at: end - 2)
        else { return nil }
        return make(
            start..<end,
            (behind + 1 + name.count)..<(end - 2),
            "/*# sourceMappingURL=",
            " */"
        )
    }

    /// What stands between `import` or `export` and `from`, and the file behind it.
    private func fromClause(
        _ text: SourceText,
        _ start: Int,
        _ behind: Int,
        allowsStar: Bool
    ) -> StaticReference? {
        guard let first = text[behind] else { return nil }
        let isStar = allowsStar && first == UInt8(ascii: "*")
        guard isStar || first == UInt8(ascii: "{") || SourceText.isBlank(first) else { return nil }
        let from = Array("from".utf8)
        var index = behind + 1
        while let found = text.find(from, from: index, ignoringCase: true) {
            guard !text[behind + 1..<found].contains(UInt8(ascii: ";")) else { return nil }
            if let (address, end) = text.relativeFile(from: text.skipBlanks(found + from.count)) {
                let names = text[behind..<text.trimEnd(behind + 1..<found)]
                let word = allowsStar ? "import" : "export"
                var reference = make(start..<end, address, word, "\"")
                reference.head += names + Array(" from \"".utf8)
                return reference
            }
            index = found + 1
        }
        return nil
    }
}

/// The bytes of a style sheet or script, with what reading references in it needs.
struct SourceText {
    let bytes: [UInt8]

    /// The byte at a place; nil behind the end.
    subscript(index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    subscript(range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    func starts(with word: [UInt8], at index: Int) -> Bool {
        index + word.count <= bytes.count && bytes[index..<(index + word.count)].elementsEqual(word)
    }

    func find(_ word: [UInt8], from start: Int, ignoringCase: Bool) -> Int? {
        guard bytes.count - word.count >= start else { return nil }
        for index in start...(bytes.count - word.count) {
            var matched = 0
            while matched < word.count {
                let (byte, wanted) = (bytes[index + matched], word[matched])
                let isEqual =
                    ignoringCase
                    ? byte.asciiLowercased == wanted.asciiLowercased : byte == wanted
                guard isEqual else { break }
                matched += 1
            }
            if matched == word.count { return index }
        }
        return nil
    }

    func skipBlanks(_ start: Int) -> Int {
        var index = start
        while let byte = self[index], Self.isBlank(byte) { index += 1 }
        return index
    }

    func trimEnd(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return end
    }

    func isLineStart(_ index: Int) -> Bool { index == 0 || bytes[index - 1] == 0x0A }

    func lineEnd(_ index: Int) -> Int {
        bytes[min(index, bytes.count)...].firstIndex(of: 0x0A) ?? bytes.count
    }

    /// What stands in quotes at `start`, up to the next quote of either kind on the line.
    func quoted(from start: Int) -> (address: Range<Int>, end: Int)? {
        guard let quote = self[start], quote == 0x22 || quote == 0x27 else { return nil }
        // Blanks behind the quote may be line breaks.
        var index = skipBlanks(start + 1)
        while let byte = self[index], byte != 0x0A {
            if byte == 0x22 || byte == 0x27 { return ((start + 1)..<index, index + 1) }
            index += 1
        }
        return nil
    }

    /// A file in quotes at `start` whose address begins with a dot or a slash.
    func relativeFile(from start: Int) -> (address: Range<Int>, end: Int)? {
        guard let quote = self[start], quote == 0x22 || quote == 0x27,
            let first = self[start + 1], first == 0x2E || first == 0x2F
        else { return nil }
        var index = start + 2
        while let byte = self[index], byte != 0x0A {
            if byte == 0x22 || byte == 0x27 { return ((start + 1)..<index, index + 1) }
            index += 1
        }
        return nil
    }

    /// The range inside blanks and a pair of quotes: `url( "a.png" )`.
    func withoutQuotes(_ range: Range<Int>) -> Range<Int> {
        let start = min(skipBlanks(range.lowerBound), range.upperBound)
        let end = trimEnd(start..<range.upperBound)
        guard end - start >= 2, bytes[start] == bytes[end - 1],
            bytes[start] == 0x22 || bytes[start] == 0x27
        else { return range }
        return (start + 1)..<(end - 1)
    }

    /// The number of the line that a place is on, from 1.
    func line(of index: Int) -> Int { bytes[..<index].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 } }

    // MARK: Comments and strings

    /// Comments and strings in order: no reference begins inside one.
    func ignoredBlocks(isScript: Bool) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            if let end = blockEnd(at: index, isScript: isScript) {
                blocks.append(index..<end)
                index = end
            } else {
                index += 1
            }
        }
        return blocks
    }

    private func blockEnd(at index: Int, isScript: Bool) -> Int? {
        switch bytes[index] {
        case UInt8(ascii: "/") where self[index + 1] == UInt8(ascii: "*"):
            return find([0x2A, 0x2F], from: index + 2, ignoringCase: false).map { $0 + 2 }
        case UInt8(ascii: "/") where isScript && self[index + 1] == UInt8(ascii: "/"):
            return lineEnd(index)
        case UInt8(ascii: "\\"): return index + 1 < bytes.count ? index + 2 : nil
        case 0x22, 0x27: return stringEnd(at: index, allowsLineBreak: false)
        case UInt8(ascii: "`") where isScript: return stringEnd(at: index, allowsLineBreak: true)
        default: return nil
        }
    }

    private func stringEnd(at start: Int, allowsLineBreak: Bool) -> Int? {
        let quote = bytes[start]
        var index = start + 1
        while let byte = self[index] {
            if byte == quote { return index + 1 }
            if byte == 0x0A, !allowsLineBreak { return nil }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// Whether a place lies inside one of the blocks; their first byte does not.
    static func isInside(_ index: Int, _ blocks: [Range<Int>]) -> Bool {
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].upperBound <= index { low = middle + 1 } else { high = middle }
        }
        return low < blocks.count && blocks[low].lowerBound < index
    }
}
