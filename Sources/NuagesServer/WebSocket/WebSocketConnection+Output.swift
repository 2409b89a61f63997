internal import NIOCore
internal import NuagesHTTP

extension WebSocketConnection {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Writes a frame.
    func write(_ opcode: FrameHead.Opcode, _ payload: some Collection<UInt8>) {
        guard let context, phase != .gone else { return }
        let buffer = frame(opcode, payload)
        watch.note(buffer.readableBytes, loop.shared.timeouts)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func frame(
        _ opcode: FrameHead.Opcode,
        _ payload: some Collection<UInt8>
    ) -> ByteBuffer {
        let count = payload.count
        var buffer = ByteBufferAllocator().buffer(capacity: count + 10)
        FrameHead.write(opcode, count: count, to: &buffer)
        buffer.writeBytes(payload)
        return buffer
    }

    /// Sends a message, and resumes its sender when the client is ready for another.
    func send(_ message: WebSocketMessage, _ sender: CheckedContinuation<Void, any Error>) {
        guard phase == .open, end == nil else {
            return sender.resume(throwing: WebSocketError.closed)
        }
        switch message {
        case .text(let text): write(.text, text.utf8)
        case .binary(let bytes): write(.binary, bytes)
        }
        if isWritable { sender.resume() } else { writeWaiters.append(sender) }
    }

    func resumeWriters(_ error: (any Error)?) { writeWaiters.takeAll().resume(error) }

    /// Writes a close, without a code where there is none to be sent.
    func writeClose(_ closing: WebSocketClosing) {
        guard closing.code.isSendable else { return write(.close, []) }
        let code = closing.code.rawValue
        write(
            .close,
            [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(closing.reason.utf8.prefix(123))
        )
    }
}
