/// Cuts text after a number of characters or words.
///
/// Django: `django.utils.text.Truncator`.
package struct Truncator {
    /// What a cut text ends in; `%(truncated_text)s` in it stands for the text.
    package var ending = "%(truncated_text)s…"
    private let text: String

    package init(_ text: String) { self.text = text }

    /// The text with at most `count` characters, the ending included; marks count as none.
    package func characters(_ count: Int) -> String {
        guard count > 0 else { return "" }
        let normalized = UnicodeNormalizer.normalize(text, .composed)
        let scalars = Array(normalized.unicodeScalars)
        guard scalars.count > count else { return normalized }
        let kept = keptLength(count)
        var length = 0
        var end: Int?
        for (index, scalar) in scalars.enumerated()
        where UnicodeNormalizer.combiningClass(scalar) == 0 {
            length += 1
            if end == nil, length > kept { end = index }
            if length > count { return appendingEnding(Self.text(scalars[..<(end ?? 0)])) }
        }
        return normalized
    }

    /// The text with at most `count` words, blanks between them made one.
    package func words(_ count: Int) -> String {
        guard count > 0 else { return "" }
        if let cut = asciiWords(count) { return cut }
        // Words behind the cut are not looked at, but for the one that tells that there are more.
        let words = text.unicodeScalars.split(
            maxSplits: count == .max ? count : count + 1,
            whereSeparator: PythonText.isSpace
        )
        let kept = words.prefix(count).map { String($0) }.joined(separator: " ")
        let hasMore = words.dropFirst(count).contains { !$0.allSatisfy(PythonText.isSpace) }
        return hasMore ? appendingEnding(kept) : kept
    }

    /// The same where all up to the cut is ASCII; nil where it is not.
    private func asciiWords(_ count: Int) -> String? {
        var words = 0
        var isInWord = false
        var kept: [UInt8] = []
        kept.reserveCapacity(min(text.utf8.count, 256))
        for byte in text.utf8 {
            guard byte < 0x80 else { return nil }
            guard !PythonText.isSpace(Unicode.Scalar(byte)) else {
                isInWord = false
                continue
            }
            if !isInWord {
                isInWord = true
                words += 1
                if words > count { break }
                if words > 1 { kept.append(UInt8(ascii: " ")) }
            }
            kept.append(byte)
        }
        let text = String(decoding: kept, as: UTF8.self)
        return words > count ? appendingEnding(text) : text
    }

    /// How many characters stand before the ending.
    func keptLength(_ count: Int) -> Int {
        var length = count
        for scalar in appendingEnding("").unicodeScalars
        where UnicodeNormalizer.combiningClass(scalar) == 0 {
            length -= 1
            if length == 0 { break }
        }
        return length
    }

    func appendingEnding(_ text: String) -> String {
        if ending.containsBytes("%(truncated_text)s") {
            return ending.replacingBytes("%(truncated_text)s", with: text)
        }
        return text.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
            ? text : text + ending
    }

    package static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

extension Truncator {
    /// HTML with at most `count` characters of text; tags that are left open are closed.
    package func htmlCharacters(_ count: Int) -> String {
        guard count > 0 else { return "" }
        let html = UnicodeNormalizer.normalize(text, .composed)
        let total = html.unicodeScalars.count
        var processed = 0
        return truncatedHTML(html, remaining: keptLength(count)) { data, remaining, writtenLength in
            let scalars = Array(data.unicodeScalars)
            processed += scalars.count
            if processed == count, writtenLength + scalars.count == total {
                return .whole(data)
            }
            let kept = HTMLEscaper.escape(Self.text(scalars.prefix(max(0, remaining))))
            return .part(count: scalars.count, kept)
        }
    }

    /// HTML with at most `count` words of text; tags that are left open are closed.
    package func htmlWords(_ count: Int) -> String {
        guard count > 0 else { return "" }
        return truncatedHTML(text, remaining: count) { data, remaining, _ in
            let words = Self.splitBetweenWords(data)
            let kept = words.prefix(max(0, remaining)).joined(separator: " ")
            return .part(count: words.count, HTMLEscaper.escape(kept))
        }
    }

    private enum Piece {
        /// Everything fits, to the last character.
        case whole(String)
        /// How much the text counts, and the HTML of what may be kept of it.
        case part(count: Int, String)
    }

    private static let voidElements: Set<String> = [
        "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta",
        "param", "source", "spacer", "track", "wbr",
    ]

    private func truncatedHTML(
        _ html: String,
        remaining start: Int,
        _ process: (String, Int, Int) -> Piece
    ) -> String {
        var remaining = start
        var output: [String] = []
        var writtenLength = 0
        var open: [String] = []
        func write(_ text: String) {
            output.append(text)
            writtenLength += text.unicodeScalars.count
        }
        func close(_ name: String) {
            guard !Self.voidElements.contains(name) else { return }
            write("</\(name)>")
            // Only the innermost element is looked at, so that end tags without start cost nothing.
            if open.last == name { open.removeLast() }
        }
        var isCut = false
        var scanner = HTMLScanner(html, convertsReferences: true)
        scanner.scan(isEnd: false) { event in
            switch event {
            case .startTag(let name, let source, let isEmpty):
                write(source)
                if !Self.voidElements.contains(name) { open.append(name) }
                if isEmpty { close(name) }
            case .endTag(let name): close(name)
            case .entity, .character: break
            case .data(let data):
                switch process(data, remaining, writtenLength) {
                case .whole(let text):
                    write(text)
                    isCut = true
                case .part(let count, let kept) where remaining < count:
                    remaining = 0
                    write(appendingEnding(kept))
                    isCut = true
                case .part(let count, let kept):
                    remaining -= count
                    write(kept)
                }
            }
            return !isCut
        }
        if isCut { output += open.reversed().map { "</\($0)>" } }
        return output.joined()
    }

    /// The parts between white space that has something on both sides.
    private static func splitBetweenWords(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var parts: [String] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            guard PythonText.isSpace(scalars[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < scalars.count, PythonText.isSpace(scalars[end]) { end += 1 }
            if index > 0, end < scalars.count {
                parts.append(Self.text(scalars[start..<index]))
                start = end
            }
            index = end
        }
        parts.append(Self.text(scalars[start...]))
        return parts
    }
}
