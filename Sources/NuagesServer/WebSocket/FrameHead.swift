internal import NIOCore
internal import NuagesHTTP

/// What a peer did against RFC 6455, as the code of the close that answers it.
struct WebSocketViolation: Error, Equatable {
    let code: WebSocketCloseCode

    static let protocolError = Self(code: .protocolError)
    static let invalidText = Self(code: .invalidData)
    static let tooBig = Self(code: .messageTooBig)
}

/// The head of a frame that a client sent (RFC 6455, section 5.2).
struct FrameHead {
    enum Opcode: UInt8 {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA

        var isControl: Bool { rawValue >= 0x8 }
    }

    let opcode: Opcode
    let isFinal: Bool
    let length: Int
    let mask: UInt32

    /// Reads a head from `input`, which keeps its bytes until the head is complete.
    ///
    /// - Parameter input: the bytes.
    /// - Returns: nil where the head is not complete yet.
    /// - Throws: what is wrong, as soon as the bytes show it.
    static func read(_ input: inout ByteBuffer) throws(WebSocketViolation) -> FrameHead? {
        let start = input.readerIndex
        guard let first = input.getInteger(at: start, as: UInt8.self) else { return nil }
        // No extension is ever agreed on, so the reserved bits are 0.
        guard first & 0x70 == 0, let opcode = Opcode(rawValue: first & 0x0F) else {
            throw .protocolError
        }
        let isFinal = first & 0x80 != 0
        guard let second = input.getInteger(at: start + 1, as: UInt8.self) else { return nil }
        guard second & 0x80 != 0 else { throw .protocolError }
        let short = Int(second & 0x7F)
        guard !opcode.isControl || (isFinal && short <= 125) else { throw .protocolError }
        guard let (length, size) = try length(short, input, at: start + 2),
            let mask = input.getInteger(at: start + 2 + size, as: UInt32.self)
        else { return nil }
        input.moveReaderIndex(forwardBy: 2 + size + 4)
        return FrameHead(opcode: opcode, isFinal: isFinal, length: length, mask: mask)
    }

    /// The length, and how many bytes more than one it took; it must be in its shortest form.
    private static func length(
        _ short: Int,
        _ input: ByteBuffer,
        at index: Int
    ) throws(WebSocketViolation) -> (length: Int, size: Int)? {
        switch short {
        case 126:
            guard let length = input.getInteger(at: index, as: UInt16.self) else { return nil }
            guard length >= 126 else { throw .protocolError }
            return (Int(length), 2)
        case 127:
            guard let length = input.getInteger(at: index, as: UInt64.self) else { return nil }
            guard length > UInt64(UInt16.max), let length = Int(exactly: length) else {
                throw .protocolError
            }
            return (length, 8)
        default: return (short, 0)
        }
    }

    /// Writes a frame as a server does: whole and unmasked.
    ///
    /// - Parameters:
    ///   - opcode: what it is.
    ///   - count: the length of its payload, which follows.
    ///   - output: takes the head.
    static func write(_ opcode: Opcode, count: Int, to output: inout ByteBuffer) {
        output.writeInteger(0x80 | opcode.rawValue)
        switch count {
        case ...125: output.writeInteger(UInt8(truncatingIfNeeded: count))
        case ...65_535:
            output.writeInteger(UInt8(126))
            output.writeInteger(UInt16(truncatingIfNeeded: count))
        default:
            output.writeInteger(UInt8(127))
            output.writeInteger(UInt64(count))
        }
    }
}
