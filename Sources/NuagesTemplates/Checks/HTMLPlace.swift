import NuagesCore

/// Where in a page's HTML a template has come to: follows the text of a template, byte by byte.
///
/// It knows what matters for escaping: elements whose text is not HTML, attributes and their
/// quotes. It reads what browsers read (HTML Living Standard, section 13.2.5), without the states
/// that make no difference here.
struct HTMLPlace: Sendable, Hashable {
    private enum State: Hashable {
        case text
        /// Behind `<`, `</`, `<!`, `<!-`.
        case opening, closing, declaration, declarationDash
        case bogus
        /// In a comment, with the number of dashes just read.
        case comment(dashes: Int)
        /// At the beginning of a comment, which `>` and `->` end, and behind `--!`.
        case commentStart(dashes: Int)
        case commentBang
        case tagName, betweenAttributes, attributeName, behindName, beforeValue
        case value(quote: UInt8?)
        /// The text of an element that only its own end tag ends.
        case rawText
    }

    /// What a value that is written here becomes.
    enum Kind: Equatable {
        case text
        case tagName
        case attributeName
        case unquoted(attribute: String)
        case quoted(attribute: String, value: Value)
        case script(isInString: Bool)
        case style
    }

    /// What of an attribute's value stands in front of a place.
    struct Value: Equatable {
        /// Whether nothing but blanks does.
        var isStart: Bool
        /// Whether an address does that runs as a script.
        var isScript = false
        /// For the code of an event handler, whether the place is inside quotes of the code.
        var isInString = false
    }

    private var state = State.text
    private var element: [UInt8] = []
    private var attribute: [UInt8] = []
    private var isEndTag = false
    private var isValueEmpty = true
    /// The first bytes of a value, in lower case and without blanks.
    private var valueHead: [UInt8] = []
    /// The place in the code of a script or an event handler.
    private var script = ScriptPlace()
    /// Whether the whole template is a script or style sheet, without HTML around it.
    private var isWholeFile = false
    /// The last bytes of raw text, in lower case.
    private var tail: [UInt8] = []

    /// Elements whose text is not read as HTML.
    private static let rawElements = ["script", "style", "textarea", "title", "xmp"]
        .map { Array($0.utf8) }
    private static let nameLimit = 64
    private static let scriptScheme = Array("javascript:".utf8)

    /// The beginning of a page.
    init() {}

    /// The beginning of a template of which all is the text of an element: `script` or `style`.
    init(textOf element: String) {
        self.element = Array(element.utf8)
        state = .rawText
        isWholeFile = true
    }

    /// Whether the place is in the text of a page, where a template may stand by itself.
    var isText: Bool { state == .text }

    /// What a value that is written here becomes.
    var kind: Kind {
        switch state {
        case .text, .bogus, .comment, .commentStart, .commentBang, .declaration, .declarationDash:
            .text
        case .opening, .closing, .tagName: .tagName
        case .betweenAttributes, .attributeName, .behindName: .attributeName
        case .beforeValue, .value(nil): .unquoted(attribute: Self.text(attribute))
        case .value:
            .quoted(
                attribute: Self.text(attribute),
                value: Value(
                    isStart: isValueEmpty,
                    isScript: valueHead.starts(with: Self.scriptScheme),
                    isInString: script.isInString
                )
            )
        case .rawText:
            switch Self.text(element) {
            case "script": .script(isInString: script.isInString)
            case "style": .style
            default: .text
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Reads text of a template.
    mutating func read(_ bytes: [UInt8]) { for byte in bytes { read(byte) } }

    /// Passes a value: it is not known, but it is something.
    mutating func passValue() {
        switch state {
        case .beforeValue:
            state = .value(quote: nil)
            isValueEmpty = false
        case .value:
            isValueEmpty = false
            script.passValue()
        case .rawText: script.passValue()
        case .opening: state = .tagName
        case .betweenAttributes: state = .attributeName
        case .comment, .commentStart, .commentBang: state = .comment(dashes: 0)
        default: break
        }
        tail = []
    }

    private mutating func read(_ byte: UInt8) {
        switch state {
        case .text: if byte == UInt8(ascii: "<") { state = .opening }
        case .opening: readOpening(byte)
        case .closing:
            if byte.isASCIILetter {
                beginTag(byte, isEnd: true)
            } else {
                state = byte == UInt8(ascii: ">") ? .text : .bogus
            }
        case .declaration: state = byte == UInt8(ascii: "-") ? .declarationDash : afterBogus(byte)
        case .declarationDash:
            state = byte == UInt8(ascii: "-") ? .commentStart(dashes: 0) : afterBogus(byte)
        case .bogus: state = afterBogus(byte)
        case .comment(let dashes): readComment(byte, dashes)
        case .commentStart(let dashes): readCommentStart(byte, dashes)
        case .commentBang:
            state = byte == UInt8(ascii: ">") ? .text : .comment(dashes: byte.isDash ? 1 : 0)
        case .rawText: readRawText(byte)
        default: readTag(byte)
        }
    }

    private func afterBogus(_ byte: UInt8) -> State {
        byte == UInt8(ascii: ">") ? .text : .bogus
    }

    private mutating func readOpening(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): state = .closing
        case UInt8(ascii: "!"): state = .declaration
        case UInt8(ascii: "?"): state = .bogus
        case UInt8(ascii: "<"): break
        default:
            if byte.isASCIILetter { beginTag(byte, isEnd: false) } else { state = .text }
        }
    }

    private mutating func beginTag(_ byte: UInt8, isEnd: Bool) {
        state = .tagName
        isEndTag = isEnd
        element = [byte | 0x20]
    }

    private mutating func readComment(_ byte: UInt8, _ dashes: Int) {
        switch byte {
        case UInt8(ascii: ">") where dashes >= 2: state = .text
        case UInt8(ascii: "!") where dashes >= 2: state = .commentBang
        default: state = .comment(dashes: byte.isDash ? min(dashes + 1, 2) : 0)
        }
    }

    /// `<!-->` and `<!--->` are whole comments.
    private mutating func readCommentStart(_ byte: UInt8, _ dashes: Int) {
        if byte == UInt8(ascii: ">") {
            state = .text
        } else if byte.isDash {
            state = dashes == 0 ? .commentStart(dashes: 1) : .comment(dashes: 2)
        } else {
            state = .comment(dashes: 0)
        }
    }

    private mutating func readRawText(_ byte: UInt8) {
        script.read(byte)
        if isWholeFile { return }
        let end = [UInt8(ascii: "<"), UInt8(ascii: "/")] + element
        if tail == end, byte.isHTMLBlank || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") {
            tail = []
            isEndTag = true
            state = .tagName
            readTag(byte)
            return
        }
        tail.append(byte.isASCIILetter ? byte | 0x20 : byte)
        if tail.count > end.count { tail.removeFirst() }
    }

    private mutating func readTag(_ byte: UInt8) {
        if case .value(let quote) = state { return readValue(byte, quote) }
        switch byte {
        case UInt8(ascii: ">"): endTag()
        case _ where byte.isHTMLBlank:
            if state == .attributeName { state = .behindName }
            if state == .tagName { state = .betweenAttributes }
        case UInt8(ascii: "/") where state != .beforeValue: state = .betweenAttributes
        case UInt8(ascii: "=") where state == .attributeName || state == .behindName:
            state = .beforeValue
            isValueEmpty = true
        default: readName(byte)
        }
    }

    private mutating func readName(_ byte: UInt8) {
        switch state {
        case .tagName: if element.count < Self.nameLimit { element.append(byte.asLower) }
        case .attributeName: if attribute.count < Self.nameLimit { attribute.append(byte.asLower) }
        case .beforeValue:
            let isQuote = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            state = .value(quote: isQuote ? byte : nil)
            isValueEmpty = isQuote
            valueHead = []
            tail = []
            script = ScriptPlace()
        default:
            state = .attributeName
            attribute = [byte.asLower]
        }
    }

    private mutating func readValue(_ byte: UInt8, _ quote: UInt8?) {
        if let quote {
            if byte == quote {
                state = .betweenAttributes
            } else {
                // Browsers strip blanks and control characters in front of an address.
                if byte > 0x20 { isValueEmpty = false }
                if byte > 0x20, valueHead.count < Self.scriptScheme.count {
                    valueHead.append(byte.asLower)
                }
                readCode(byte)
            }
        } else if byte.isHTMLBlank {
            state = .betweenAttributes
        } else if byte == UInt8(ascii: ">") {
            endTag()
        }
    }

    private static let quoteReferences: [(name: [UInt8], quote: UInt8)] = [
        ("&quot", 0x22), ("&#34", 0x22), ("&#x22", 0x22), ("&apos", 0x27), ("&#39", 0x27),
        ("&#x27", 0x27),
    ].map { (Array($0.0.utf8), $0.1) }

    /// Follows the code of an event handler, in which quotes are often written as references.
    private mutating func readCode(_ byte: UInt8) {
        script.read(byte)
        guard byte != UInt8(ascii: ";") else {
            if let reference = Self.quoteReferences.first(where: { tail.hasSuffix($0.name) }) {
                script.read(reference.quote)
            }
            tail = []
            return
        }
        tail.append(byte.asLower)
        if tail.count > 5 { tail.removeFirst() }
    }

    /// The place that two ways through a template lead to: where they disagree, the first, with
    /// what is the more dangerous of either.
    static func joined(_ one: HTMLPlace, _ other: HTMLPlace) -> HTMLPlace {
        guard one.state == other.state, one.element == other.element else { return one }
        var place = one
        place.isValueEmpty = one.isValueEmpty || other.isValueEmpty
        place.script = ScriptPlace.joined(one.script, other.script)
        return place
    }

    private mutating func endTag() {
        attribute = []
        tail = []
        script = ScriptPlace()
        state = !isEndTag && Self.rawElements.contains(element) ? .rawText : .text
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ other: [UInt8]) -> Bool {
        suffix(other.count).elementsEqual(other)
    }
}

extension UInt8 {
    fileprivate var isDash: Bool { self == UInt8(ascii: "-") }
    fileprivate var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
    fileprivate var isHTMLBlank: Bool {
        self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D
    }
    fileprivate var asLower: UInt8 { isASCIILetter ? self | 0x20 : self }
}
