internal import Logging
internal import NIOCore
internal import NuagesHTTP

/// A response whose body is being sent piece by piece.
final class OutgoingStream {
    let response: Response
    let framing: ResponseFraming
    /// The declared length, if there is one.
    let length: Int?
    /// Whether what writes the body may read the body of the request meanwhile.
    let readsBody: Bool
    var isHeadSent = false
    var sent = 0

    init(response: Response, framing: ResponseFraming, length: Int?, readsBody: Bool) {
        self.response = response
        self.framing = framing
        self.length = length
        self.readsBody = readsBody
    }
}

extension ConnectionHandler {
    /// Has `produce` write the body, and sees to a proper end.
    nonisolated func answerStream(
        _ response: Response,
        length: Int?,
        readsBody: Bool,
        number: UInt64,
        _ produce: @Sendable (any ResponseBodyWriter) async throws -> Void
    ) async {
        let isOpen = await loop.onLoop {
            self.openStream(response, length: length, readsBody: readsBody, number: number)
        }
        guard isOpen else { return }
        do {
            try await produce(StreamWriter(connection: self, number: number))
            await loop.onLoop { self.closeStream(number: number) }
        } catch {
            let text = "\(error)"
            await loop.onLoop { self.failStream(number: number, reason: text) }
        }
    }

    /// Prepares a streamed response; its head goes out with the first piece.
    ///
    /// - Returns: whether there is a body to produce.
    private func openStream(
        _ response: Response,
        length: Int?,
        readsBody: Bool,
        number: UInt64
    ) -> Bool {
        guard number == requestNumber, phase == .running else { return false }
        let hasBody = !isHead && !response.status.forbidsBody
        let readsBody = readsBody && hasBody
        if !readsBody { settleBody() }
        if let bodyError {
            refuse(bodyError)
            return false
        }
        guard response.status.code >= 200 else {
            refuse(.unusableResponse)
            return false
        }
        let framing: ResponseFraming =
            if let length { .length(max(0, length)) } else if head.isHTTP10 { .untilClose } else {
                .chunked
            }
        if framing == .untilClose { keepsAlive = false }
        stream = OutgoingStream(
            response: response,
            framing: framing,
            length: length,
            readsBody: readsBody
        )
        if hasBody { return true }
        sendStreamHead()
        log(status: response.status.code, bytes: 0)
        finishAnswer()
        return false
    }

    private func sendStreamHead() {
        guard let stream, !stream.isHeadSent else { return }
        if owesContinue {
            // Whether the client sends a body that it was not asked for is unknown.
            keepsAlive = false
            lingersAfterWriting = true
        }
        stream.isHeadSent = true
        prepareOutput()
        let closes = ResponseSerializer.write(
            stream.response.status,
            stream.response.headers,
            framing: stream.framing,
            body: [],
            closes: !keepsAlive,
            dateLine: loop.dateLine,
            to: &output
        )
        if closes { keepsAlive = false }
    }

    /// Writes a piece of the body.
    ///
    /// - Returns: whether the client keeps up; where not, wait before the next piece.
    func writePiece(_ bytes: [UInt8], number: UInt64) throws(HTTPError) -> Bool {
        guard phase != .closed else { throw .clientDisconnected }
        guard number == requestNumber, phase == .running, let stream else { throw .requestIsOver }
        guard !bytes.isEmpty else { return isWritable }
        if let length = stream.length, bytes.count > length - stream.sent {
            throw .responseTooLong(declared: length)
        }
        sendStreamHead()
        stream.sent += bytes.count
        prepareOutput()
        if stream.framing == .chunked {
            output.writeString(String(bytes.count, radix: 16))
            output.writeStaticString("\r\n")
            output.writeBytes(bytes)
            output.writeStaticString("\r\n")
        } else {
            output.writeBytes(bytes)
        }
        flush()
        return isWritable
    }

    private func closeStream(number: UInt64) {
        guard number == requestNumber, phase == .running, let stream else { return }
        if let length = stream.length, stream.sent < length {
            return failStream(
                number: number,
                reason: "it has \(stream.sent) bytes, but declared \(length)"
            )
        }
        if stream.readsBody { settleBody() }
        if let bodyError, !stream.isHeadSent { return refuse(bodyError) }
        sendStreamHead()
        if stream.framing == .chunked { write(Array("0\r\n\r\n".utf8)) }
        log(status: stream.response.status.code, bytes: stream.sent)
        finishAnswer()
    }

    /// Ends a response that cannot be completed: by 500 where nothing has been sent, and by
    /// closing where it has, so that the client does not take a part for the whole.
    private func failStream(number: UInt64, reason: String) {
        guard number == requestNumber, phase == .running, let stream else { return }
        if let bodyError, !stream.isHeadSent { return refuse(bodyError) }
        loop.shared.logger.error(
            "A streamed response failed: \(AccessLog.escaped(reason))",
            metadata: ["target": "\(AccessLog.path(of: head.target))"]
        )
        if stream.isHeadSent {
            log(status: stream.response.status.code, bytes: stream.sent)
            closeNow()
        } else {
            refuse(.unusableResponse)
        }
    }
}
