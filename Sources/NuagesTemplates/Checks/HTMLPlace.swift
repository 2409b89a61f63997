import NuagesCore

/// Where in a page's HTML a template has come to: follows the text of a template, byte by byte.
///
/// It knows what matters for escaping: elements whose text is not HTML, attributes and their
/// quotes. It reads what browsers read (HTML Living Standard, section 13.2.5), without the states
/// that make no difference here.
struct HTMLPlace: Sendable, Equatable {
    private enum State: Equatable {
        case text
        /// Behind `<`, `</`, `<!`, `<!-`.
        case opening, closing, declaration, declarationDash
        case bogus
        /// In a comment, with the number of dashes just read.
        case comment(dashes: Int)
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
        case quoted(attribute: String, isStart: Bool)
        case script
        case style
    }

    private var state = State.text
    private var element: [UInt8] = []
    private var attribute: [UInt8] = []
    private var isEndTag = false
    private var isValueEmpty = true
    /// The last bytes of raw text, in lower case.
    private var tail: [UInt8] = []

    /// Elements whose text is not read as HTML.
    private static let rawElements = ["script", "style", "textarea", "title", "xmp"]
        .map { Array($0.utf8) }
    private static let nameLimit = 64

    /// What a value that is written here becomes.
    var kind: Kind {
        switch state {
        case .text, .bogus, .comment, .declaration, .declarationDash: .text
        case .opening, .closing, .tagName: .tagName
        case .betweenAttributes, .attributeName, .behindName: .attributeName
        case .beforeValue, .value(nil): .unquoted(attribute: Self.text(attribute))
        case .value: .quoted(attribute: Self.text(attribute), isStart: isValueEmpty)
        case .rawText:
            switch Self.text(element) {
            case "script": .script
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
        case .value: isValueEmpty = false
        case .opening: state = .tagName
        case .betweenAttributes: state = .attributeName
        case .comment: state = .comment(dashes: 0)
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
            state = byte == UInt8(ascii: "-") ? .comment(dashes: 0) : afterBogus(byte)
        case .bogus: state = afterBogus(byte)
        case .comment(let dashes): readComment(byte, dashes)
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
        if byte == UInt8(ascii: ">"), dashes >= 2 {
            state = .text
        } else {
            state = .comment(dashes: byte == UInt8(ascii: "-") ? min(dashes + 1, 2) : 0)
        }
    }

    private mutating func readRawText(_ byte: UInt8) {
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
        default:
            state = .attributeName
            attribute = [byte.asLower]
        }
    }

    private mutating func readValue(_ byte: UInt8, _ quote: UInt8?) {
        if let quote {
            if byte == quote { state = .betweenAttributes } else { isValueEmpty = false }
        } else if byte.isHTMLBlank {
            state = .betweenAttributes
        } else if byte == UInt8(ascii: ">") {
            endTag()
        }
    }

    private mutating func endTag() {
        attribute = []
        tail = []
        state = !isEndTag && Self.rawElements.contains(element) ? .rawText : .text
    }
}

extension UInt8 {
    fileprivate var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
    fileprivate var isHTMLBlank: Bool {
        self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D
    }
    fileprivate var asLower: UInt8 { isASCIILetter ? self | 0x20 : self }
}
