internal import NIOCore
internal import NuagesHTTP

/// Reads frames as their bytes arrive, and puts messages together of them.
///
/// Each limit is checked before memory is taken, and text is checked as it arrives, so every split
/// of the input gives the same messages or the same violation.
struct FrameReader {
    enum Event: Equatable {
        case message(WebSocketMessage)
        case ping([UInt8])
        case pong
        case close(WebSocketClosing)
    }

    private struct Frame {
        let opcode: FrameHead.Opcode
        let isFinal: Bool
        var remaining: Int
        /// The mask, turned so that its first byte is for the next byte of the payload.
        var mask: UInt32
    }

    private let maxFrame: Int
    private let maxMessage: Int
    private var frame: Frame?
    /// What the message that is being put together is, or nil between messages.
    private var kind: FrameHead.Opcode?
    private var message: [UInt8] = []
    private var control: [UInt8] = []
    private var text = UTF8Checker()

    init(_ options: WebSocketOptions) {
        maxFrame = max(0, options.maxFrameSize)
        maxMessage = max(0, options.maxMessageSize)
    }

    /// Reads on up to the end of a message or a control frame, or of the input.
    ///
    /// - Parameter input: the bytes that were not read yet.
    /// - Returns: what was read, or nil where more bytes are needed.
    /// - Throws: what the peer did wrong; nothing can be read afterwards.
    mutating func next(_ input: inout ByteBuffer) throws(WebSocketViolation) -> Event? {
        while true {
            if frame == nil {
                guard let head = try FrameHead.read(&input) else { return nil }
                try begin(head)
            }
            guard try takePayload(&input), let ended = frame else { return nil }
            frame = nil
            if let event = try finish(ended) { return event }
        }
    }

    private mutating func begin(_ head: FrameHead) throws(WebSocketViolation) {
        if !head.opcode.isControl {
            guard (head.opcode == .continuation) == (kind != nil) else { throw .protocolError }
            guard head.length <= maxFrame, head.length <= maxMessage - message.count else {
                throw .tooBig
            }
            if head.opcode != .continuation {
                kind = head.opcode
                text = UTF8Checker()
            }
        }
        frame = Frame(
            opcode: head.opcode,
            isFinal: head.isFinal,
            remaining: head.length,
            mask: head.mask
        )
    }

    /// Takes what there is of the payload.
    ///
    /// - Returns: whether it is complete.
    private mutating func takePayload(_ input: inout ByteBuffer) throws(WebSocketViolation) -> Bool
    {
        guard var frame else { return false }
        let count = min(frame.remaining, input.readableBytes)
        guard count > 0 else { return frame.remaining == 0 }
        if frame.opcode.isControl {
            Self.take(count, from: &input, mask: frame.mask, to: &control)
        } else {
            let start = message.count
            Self.take(count, from: &input, mask: frame.mask, to: &message)
            if kind == .text {
                let isText = message.withUnsafeBytes {
                    text.accepts(UnsafeRawBufferPointer(rebasing: $0[start...]))
                }
                guard isText else { throw .invalidText }
            }
        }
        frame.remaining -= count
        let turn = UInt32(count % 4) * 8
        if turn > 0 { frame.mask = frame.mask << turn | frame.mask >> (32 - turn) }
        self.frame = frame
        return frame.remaining == 0
    }

    private mutating func finish(_ frame: Frame) throws(WebSocketViolation) -> Event? {
        if frame.opcode.isControl {
            var payload: [UInt8] = []
            swap(&payload, &control)
            switch frame.opcode {
            case .ping: return .ping(payload)
            case .pong: return .pong
            default: return .close(try Self.closing(payload))
            }
        }
        guard frame.isFinal, let kind else { return nil }
        var bytes: [UInt8] = []
        swap(&bytes, &message)
        self.kind = nil
        guard kind == .text else { return .message(.binary(bytes)) }
        guard text.isComplete else { throw .invalidText }
        // It was checked, so nothing is replaced here.
        return .message(.text(String(decoding: bytes, as: UTF8.self)))
    }

    /// The code and the reason of a close (RFC 6455, section 5.5.1).
    private static func closing(_ payload: [UInt8]) throws(WebSocketViolation) -> WebSocketClosing {
        guard !payload.isEmpty else { return WebSocketClosing(.noStatus) }
        guard payload.count >= 2 else { throw .protocolError }
        let code = WebSocketCloseCode(UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isSendable else { throw .protocolError }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else {
            throw .invalidText
        }
        return WebSocketClosing(code, reason: reason)
    }

    /// Moves bytes from `input` to `bytes` and takes their mask off, eight at a time.
    private static func take(
        _ count: Int,
        from input: inout ByteBuffer,
        mask: UInt32,
        to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        input.withUnsafeReadableBytes {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        input.moveReaderIndex(forwardBy: count)
        let word = mask.bigEndian
        let wide = UInt64(word) << 32 | UInt64(word)
        let four = withUnsafeBytes(of: word) { Array($0) }
        bytes.withUnsafeMutableBytes { all in
            var index = start
            while index + 8 <= all.count {
                let value = all.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                all.storeBytes(of: value ^ wide, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < all.count {
                all[index] ^= four[(index - start) % 4]
                index += 1
            }
        }
    }
}
