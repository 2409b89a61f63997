/// Where in a script a template has come to: whether a value stands inside quotes.
///
/// Strings in backticks are not quotes here: `${…}` in one is code, and `escapejs` keeps it.
///
/// Source: ECMA-262, section 12.9.4.
struct ScriptPlace: Sendable, Hashable {
    private enum State: Hashable {
        case code
        /// Behind a slash that may begin a comment.
        case slash
        case lineComment
        case blockComment(isEnding: Bool)
        case string(quote: UInt8, isEscaping: Bool)
    }

    private var state = State.code

    /// Whether the place is inside `'` or `"`, where `escapejs` is enough.
    var isInString: Bool {
        guard case .string(let quote, _) = state else { return false }
        return quote != UInt8(ascii: "`")
    }

    /// Passes a value, of which only the place around it is known.
    mutating func passValue() {
        switch state {
        case .slash: state = .code
        case .string(let quote, _): state = .string(quote: quote, isEscaping: false)
        case .blockComment: state = .blockComment(isEnding: false)
        case .code, .lineComment: break
        }
    }

    mutating func read(_ byte: UInt8) {
        let isLineEnd = byte == 0x0A || byte == 0x0D
        switch state {
        case .code: readCode(byte)
        case .slash:
            switch byte {
            case UInt8(ascii: "/"): state = .lineComment
            case UInt8(ascii: "*"): state = .blockComment(isEnding: false)
            default: readCode(byte)
            }
        case .lineComment: if isLineEnd { state = .code }
        case .blockComment(let isEnding):
            state =
                isEnding && byte == UInt8(ascii: "/")
                ? .code : .blockComment(isEnding: byte == UInt8(ascii: "*"))
        case .string(let quote, let isEscaping):
            if isEscaping {
                state = .string(quote: quote, isEscaping: false)
            } else if byte == quote || (isLineEnd && quote != UInt8(ascii: "`")) {
                state = .code
            } else {
                state = .string(quote: quote, isEscaping: byte == UInt8(ascii: "\\"))
            }
        }
    }

    private mutating func readCode(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): state = .slash
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
            state = .string(quote: byte, isEscaping: false)
        default: state = .code
        }
    }

    /// The place that two ways through a template lead to: code where they disagree.
    static func joined(_ one: ScriptPlace, _ other: ScriptPlace) -> ScriptPlace {
        one == other ? one : ScriptPlace()
    }
}
