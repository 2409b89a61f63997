/// Reads HTML of any quality as tags and text, the way CPython's `html.parser` does, which Django's
/// `striptags` and `truncatewords_html` rest on.
///
/// Time is linear: what a closing delimiter is looked for and not found is remembered.
struct HTMLScanner {
    /// A piece of HTML.
    enum Event {
        case data(String)
        case startTag(name: String, source: String, isEmpty: Bool)
        case endTag(name: String)
        case entity(String)
        case character(String)
    }

    private let scalars: [Unicode.Scalar]
    /// Whether references in text become characters.
    private let convertsReferences: Bool
    private var index = 0
    /// Inside `<script>` or `<style>`, the element's name.
    private var rawElement: String?
    /// Delimiters that do not occur at or behind an index.
    private var missing: [Unicode.Scalar: Int] = [:]

    init(_ text: String, convertsReferences: Bool) {
        scalars = Array(text.unicodeScalars)
        self.convertsReferences = convertsReferences
    }

    /// Whether everything was read.
    var isAtEnd: Bool { index >= scalars.count }

    /// Reads as far as the text is certain, or, at the end, all of it.
    ///
    /// `handle` returns false to stop.
    mutating func scan(isEnd: Bool, _ handle: (Event) -> Bool) {
        let count = scalars.count
        while index < count {
            guard let next = textEnd() else { break }
            if index < next, !handle(.data(text(index..<next, isText: true))) { return }
            index = next
            if index == count { break }
            switch step(isEnd: isEnd, handle) {
            case .proceed: continue
            case .wait:
                finish(isEnd: isEnd, handle)
                return
            case .stop: return
            }
        }
        finish(isEnd: isEnd, handle)
    }

    private enum Step {
        case proceed
        case wait
        case stop
    }

    private func finish(isEnd: Bool, _ handle: (Event) -> Bool) {
        if isEnd, index < scalars.count, rawElement == nil {
            _ = handle(.data(text(index..<scalars.count, isText: true)))
        }
    }

    /// The end of the text at the current place; nil where more text may change its meaning.
    private mutating func textEnd() -> Int? {
        if let rawElement { return rawEnd(rawElement) }
        let count = scalars.count
        var probe = index
        while probe < count, scalars[probe] != "<", convertsReferences || scalars[probe] != "&" {
            probe += 1
        }
        if probe == count, convertsReferences { return isReferenceCut() ? nil : count }
        return probe
    }

    /// Whether the text ends in what may be half a reference.
    private func isReferenceCut() -> Bool {
        let start = max(index, scalars.count - 34)
        guard let ampersand = scalars[start...].lastIndex(of: "&") else { return false }
        return !scalars[ampersand...].contains { $0 == ";" || PythonText.isSpace($0) }
    }

    /// Where the end tag of a raw element begins.
    private mutating func rawEnd(_ element: String) -> Int? {
        let name = Array(element.unicodeScalars)
        var probe = index
        while let start = find("<", from: probe) {
            var end = start + 1
            if end < scalars.count, scalars[end] == "/" {
                end = skippingSpace(from: end + 1)
                let matches =
                    end + name.count <= scalars.count
                    && name.indices.allSatisfy {
                        scalars[end + $0].properties.lowercaseMapping == String(Character(name[$0]))
                    }
                if matches {
                    let close = skippingSpace(from: end + name.count)
                    if close < scalars.count, scalars[close] == ">" { return start }
                }
            }
            probe = start + 1
        }
        return nil
    }

    private mutating func step(isEnd: Bool, _ handle: (Event) -> Bool) -> Step {
        if scalars[index] == "<" { return markup(isEnd: isEnd, handle) }
        return reference(isEnd: isEnd, handle)
    }

    private mutating func markup(isEnd: Bool, _ handle: (Event) -> Bool) -> Step {
        let next = index + 1 < scalars.count ? scalars[index + 1] : nil
        var end: Int?
        switch next {
        case let letter? where Self.isLetter(letter):
            switch startTag(handle) {
            case .end(let position): end = position
            case .stop: return .stop
            case .incomplete: end = nil
            }
        case "/":
            switch endTag(handle) {
            case .end(let position): end = position
            case .stop: return .stop
            case .incomplete: end = nil
            }
        case "!": end = declaration()
        case "?": end = find(">", from: index + 2).map { $0 + 1 }
        case nil: return .wait
        default:
            guard handle(.data("<")) else { return .stop }
            index += 1
            return .proceed
        }
        if let end {
            index = end
            return .proceed
        }
        guard isEnd else { return .wait }
        let stop =
            find(">", from: index + 1).map { $0 + 1 } ?? find("<", from: index + 1) ?? index + 1
        guard handle(.data(text(index..<stop, isText: true))) else { return .stop }
        index = stop
        return .proceed
    }

    private mutating func reference(isEnd: Bool, _ handle: (Event) -> Bool) -> Step {
        let start = index + 1
        if start < scalars.count, scalars[start] == "#" {
            return numericReference(from: start + 1, handle)
        }
        guard start < scalars.count else { return .wait }
        guard Self.isLetter(scalars[start]) else {
            guard handle(.data("&")) else { return .stop }
            index += 1
            return .proceed
        }
        var end = start + 1
        while end < scalars.count, Self.isEntityScalar(scalars[end]) { end += 1 }
        // The name must be followed by something; a dot or hyphen may be that.
        if end == scalars.count {
            while end > start + 1, Self.isAlphanumeric(scalars[end - 1]) { end -= 1 }
            guard end > start + 1 || (end < scalars.count && !Self.isAlphanumeric(scalars[end]))
            else { return .wait }
            end -= 1
            guard end > start, !Self.isAlphanumeric(scalars[end]) else { return .wait }
        }
        guard handle(.entity(source(start..<end))) else { return .stop }
        index = scalars[end] == ";" ? end + 1 : end
        return .proceed
    }

    private mutating func numericReference(from start: Int, _ handle: (Event) -> Bool) -> Step {
        var end = start
        let isHex = end < scalars.count && (scalars[end] == "x" || scalars[end] == "X")
        if isHex { end += 1 }
        let digits = end
        while end < scalars.count, Self.isDigit(scalars[end], isHex: isHex) { end += 1 }
        let isFollowed =
            end < scalars.count && !Self.isDigit(scalars[end], isHex: true)
        if end > digits, isFollowed {
            guard handle(.character(source(start..<end))) else { return .stop }
            index = scalars[end] == ";" ? end + 1 : end
            return .proceed
        }
        guard find(";", from: index) != nil else { return .wait }
        guard handle(.data("&#")) else { return .stop }
        index += 2
        return .wait
    }
}

extension HTMLScanner {
    private enum TagEnd {
        case end(Int)
        case incomplete
        case stop
    }

    private mutating func startTag(_ handle: (Event) -> Bool) -> TagEnd {
        guard find(">", from: index) != nil, let (nameEnd, end) = wholeStartTag() else {
            return .incomplete
        }
        let name = PythonCase.lowercase(source((index + 1)..<nameEnd))
        let whole = source(index..<end)
        let closesItself = scalars[end - 1] == ">" && end - 2 > index && scalars[end - 2] == "/"
        guard scalars[end - 1] == ">" else {
            return handle(.data(whole)) ? .end(end) : .stop
        }
        guard handle(.startTag(name: name, source: whole, isEmpty: closesItself)) else {
            return .stop
        }
        if !closesItself, name == "script" || name == "style" { rawElement = name }
        return .end(end)
    }

    /// The ends of the name and of the whole tag that begins here; nil where it is not complete.
    private mutating func wholeStartTag() -> (name: Int, tag: Int)? {
        var probe = index + 1
        while probe < scalars.count, !Self.endsTagName(scalars[probe]) { probe += 1 }
        let nameEnd = probe
        while true {
            while probe < scalars.count,
                PythonText.isSpace(scalars[probe])
                    || (scalars[probe] == "/"
                        && !(probe + 1 < scalars.count && scalars[probe + 1] == ">"))
            {
                probe += 1
            }
            guard probe < scalars.count, scalars[probe] != ">", scalars[probe] != "/",
                probe > nameEnd, Self.precedesAttribute(scalars[probe - 1])
            else { break }
            probe += 1
            while probe < scalars.count, !PythonText.isSpace(scalars[probe]),
                scalars[probe] != "/", scalars[probe] != "=", scalars[probe] != ">"
            {
                probe += 1
            }
            probe = attributeValueEnd(from: probe)
        }
        guard probe < scalars.count else { return nil }
        switch scalars[probe] {
        case ">": return (nameEnd, probe + 1)
        case "/":
            return probe + 1 < scalars.count && scalars[probe + 1] == ">"
                ? (nameEnd, probe + 2) : nil
        case "=": return nil
        case let letter where Self.isLetter(letter): return nil
        default: return (nameEnd, max(probe, index + 1))
        }
    }

    /// The index behind `= value`, or `start` where no value follows.
    private mutating func attributeValueEnd(from start: Int) -> Int {
        var probe = skippingSpace(from: start)
        guard probe < scalars.count, scalars[probe] == "=" else { return start }
        while probe < scalars.count, scalars[probe] == "=" { probe += 1 }
        probe = skippingSpace(from: probe)
        guard probe < scalars.count else { return probe }
        if scalars[probe] == "'" || scalars[probe] == "\"" {
            guard let end = find(scalars[probe], from: probe + 1) else { return start }
            return end + 1
        }
        while probe < scalars.count, scalars[probe] != ">", !PythonText.isSpace(scalars[probe]) {
            probe += 1
        }
        return probe
    }

    private mutating func endTag(_ handle: (Event) -> Bool) -> TagEnd {
        guard let close = find(">", from: index + 1) else { return .incomplete }
        let nameStart = skippingSpace(from: index + 2)
        var nameEnd = nameStart
        if nameEnd < scalars.count, Self.isLetter(scalars[nameEnd]) {
            while nameEnd < scalars.count, Self.isEndTagScalar(scalars[nameEnd]) { nameEnd += 1 }
        }
        if nameEnd > nameStart, skippingSpace(from: nameEnd) == close {
            let name = PythonCase.lowercase(source(nameStart..<nameEnd))
            if let rawElement, name != rawElement {
                return handle(.data(source(index..<(close + 1)))) ? .end(close + 1) : .stop
            }
            guard handle(.endTag(name: name)) else { return .stop }
            rawElement = nil
            return .end(close + 1)
        }
        if rawElement != nil {
            return handle(.data(source(index..<(close + 1)))) ? .end(close + 1) : .stop
        }
        var end = index + 2
        guard end < scalars.count, Self.isLetter(scalars[end]) else { return .end(close + 1) }
        while end < scalars.count, !Self.endsTagName(scalars[end]) { end += 1 }
        guard let after = find(">", from: end) else { return .incomplete }
        guard handle(.endTag(name: PythonCase.lowercase(source((index + 2)..<end)))) else {
            return .stop
        }
        return .end(after + 1)
    }

    /// The index behind a comment or declaration; nil where it does not end.
    private mutating func declaration() -> Int? {
        let head = source(index..<min(index + 4, scalars.count))
        if head == "<!--" {
            var probe = index + 4
            while let hyphen = find("-", from: probe) {
                if hyphen + 1 < scalars.count, scalars[hyphen + 1] == "-" {
                    let close = skippingSpace(from: hyphen + 2)
                    if close < scalars.count, scalars[close] == ">" { return close + 1 }
                }
                probe = hyphen + 1
            }
            return nil
        }
        return find(">", from: index + 2).map { $0 + 1 }
    }

    /// The next place of a scalar.
    private mutating func find(_ scalar: Unicode.Scalar, from start: Int) -> Int? {
        if let limit = missing[scalar], start >= limit { return nil }
        var probe = start
        while probe < scalars.count {
            if scalars[probe] == scalar { return probe }
            probe += 1
        }
        missing[scalar] = min(start, missing[scalar] ?? start)
        return nil
    }

    private func skippingSpace(from start: Int) -> Int {
        var probe = start
        while probe < scalars.count, PythonText.isSpace(scalars[probe]) { probe += 1 }
        return probe
    }

    private func source(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private func text(_ range: Range<Int>, isText: Bool) -> String {
        let source = source(range)
        return convertsReferences && rawElement == nil ? HTMLUnescaper.unescape(source) : source
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z": true
        default: false
        }
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && UInt8(truncatingIfNeeded: scalar.value).isASCIIAlphanumeric
    }

    private static func isEntityScalar(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || scalar == "-" || scalar == "."
    }

    private static func isEndTagScalar(_ scalar: Unicode.Scalar) -> Bool {
        isEntityScalar(scalar) || scalar == ":" || scalar == "_"
    }

    private static func isDigit(_ scalar: Unicode.Scalar, isHex: Bool) -> Bool {
        guard scalar.isASCII else { return false }
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        return isHex ? byte.hexValue != nil : byte.isASCIIDigit
    }

    private static func endsTagName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r", "\u{C}", " ", "/", ">", "\0": true
        default: false
        }
    }

    private static func precedesAttribute(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\"" || scalar == "/" || PythonText.isSpace(scalar)
    }
}
