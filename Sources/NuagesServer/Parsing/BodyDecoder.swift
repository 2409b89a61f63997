/// Finds the bytes of a body in what arrives, and its end (RFC 9112, sections 6 and 7).
///
/// It looks at the framing byte by byte and keeps no bytes itself, so every split of the input
/// gives the same body.
struct BodyDecoder {
    /// What one look at the input gave.
    struct Piece {
        /// How many bytes of the input are done with.
        var consumed: Int
        /// Where body bytes stand in the input; empty where there were none.
        var data: Range<Int>
        /// Whether the body has ended.
        var isComplete: Bool
    }

    private enum State {
        case fixed(remaining: Int)
        case size(value: Int, digits: Int)
        case extensionStart(size: Int)
        case extensions(size: Int, length: Int)
        case sizeLineFeed(size: Int)
        case data(remaining: Int)
        case dataCarriageReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case lastLineFeed
        case complete
    }

    private var state: State
    private let limit: Int
    private var received = 0
    private var extensionBytes = 0
    private var trailerBytes = 0

    /// A decoder of a body of `length` bytes.
    init(length: Int) {
        state = length == 0 ? .complete : .fixed(remaining: length)
        limit = length
    }

    /// A decoder of a chunked body of at most `limit` bytes.
    init(chunkedUpTo limit: Int) {
        state = .size(value: 0, digits: 0)
        self.limit = limit
    }

    var isComplete: Bool {
        if case .complete = state { true } else { false }
    }

    /// How many bytes are missing, where that is known.
    var remaining: Int? {
        switch state {
        case .fixed(let remaining): remaining
        case .complete: 0
        default: nil
        }
    }

    /// Reads on up to the end of one piece of body, of the body, or of the input.
    ///
    /// - Parameter input: the bytes that were not consumed yet.
    /// - Returns: what was found.
    /// - Throws: why the body is refused.
    mutating func next(_ input: Span<UInt8>) throws(RequestError) -> Piece {
        var position = 0
        while true {
            switch state {
            case .complete:
                return Piece(consumed: position, data: position..<position, isComplete: true)
            case .fixed(let remaining):
                let count = min(remaining, input.count - position)
                state = count == remaining ? .complete : .fixed(remaining: remaining - count)
                return piece(count, from: position)
            case .data(let remaining) where position < input.count:
                let count = min(remaining, input.count - position)
                state =
                    count == remaining ? .dataCarriageReturn : .data(remaining: remaining - count)
                return piece(count, from: position)
            default:
                guard position < input.count else {
                    return Piece(consumed: position, data: position..<position, isComplete: false)
                }
                try advance(over: input[position])
                position += 1
            }
        }
    }

    private func piece(_ count: Int, from position: Int) -> Piece {
        let end = position + count
        return Piece(consumed: end, data: position..<end, isComplete: isComplete)
    }

    private mutating func advance(over byte: UInt8) throws(RequestError) {
        switch state {
        case .size(let value, let digits): try readSize(byte, value, digits)
        case .extensionStart(let size):
            guard byte.isTokenByte else { throw .malformedChunk }
            try readExtension(byte, size, 0)
        case .extensions(let size, let length): try readExtension(byte, size, length)
        case .sizeLineFeed(let size):
            try expect(byte, 0x0A)
            state = size == 0 ? .trailerStart : .data(remaining: size)
        case .dataCarriageReturn:
            try expect(byte, 0x0D)
            state = .dataLineFeed
        case .dataLineFeed:
            try expect(byte, 0x0A)
            state = .size(value: 0, digits: 0)
        case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed:
            try readTrailer(byte)
        case .lastLineFeed:
            try expect(byte, 0x0A)
            state = .complete
        case .fixed, .data, .complete: break
        }
    }

    private func expect(_ byte: UInt8, _ expected: UInt8) throws(RequestError) {
        guard byte == expected else { throw .malformedChunk }
    }

    private mutating func readSize(
        _ byte: UInt8,
        _ value: Int,
        _ digits: Int
    ) throws(RequestError) {
        if let digit = byte.hexadecimalValue {
            // Sixteen digits are more than any size needs, and keep leading zeros bounded.
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 16)
            guard digits < 16, !overflow else { throw .malformedChunk }
            state = .size(value: shifted + digit, digits: digits + 1)
            return
        }
        guard digits > 0 else { throw .malformedChunk }
        switch byte {
        case 0x0D, UInt8(ascii: ";"):
            guard value <= limit - received else { throw .bodyTooLarge }
            received += value
            state = byte == 0x0D ? .sizeLineFeed(size: value) : .extensionStart(size: value)
        default: throw .malformedChunk
        }
    }

    private mutating func readExtension(
        _ byte: UInt8,
        _ size: Int,
        _ length: Int
    ) throws(RequestError) {
        if byte == 0x0D {
            state = .sizeLineFeed(size: size)
            return
        }
        extensionBytes += 1
        guard byte.isValueByte, length < RequestLimits.chunkExtension,
            extensionBytes <= RequestLimits.chunkExtensions
        else { throw .malformedChunk }
        state = .extensions(size: size, length: length + 1)
    }

    private mutating func readTrailer(_ byte: UInt8) throws(RequestError) {
        trailerBytes += 1
        guard trailerBytes <= RequestLimits.trailers else { throw .trailersTooLarge }
        switch state {
        case .trailerStart where byte == 0x0D: state = .lastLineFeed
        case .trailerStart:
            guard byte.isTokenByte else { throw .malformedChunk }
            state = .trailerName
        case .trailerName where byte == UInt8(ascii: ":"): state = .trailerValue
        case .trailerName: guard byte.isTokenByte else { throw .malformedChunk }
        case .trailerValue where byte == 0x0D: state = .trailerLineFeed
        case .trailerValue: guard byte.isValueByte else { throw .malformedChunk }
        default:
            try expect(byte, 0x0A)
            state = .trailerStart
        }
    }
}
