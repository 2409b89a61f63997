internal import Logging
internal import NIOCore
internal import NIOHTTP2
internal import NuagesHTTP
internal import NuagesServer

extension HTTP2Stream: RequestSource {
    func send(_ response: Response, number: UInt64, of work: RequestWork) -> Bool {
        guard case .bytes(let bytes) = response.body, bytes.count <= Self.pieceSize else {
            return false
        }
        send(response, bytes)
        return true
    }

    nonisolated func answer(
        with response: Response,
        number: UInt64,
        of work: RequestWork
    ) async {
        switch response.body {
        case .bytes(let bytes):
            await answerStream(response, length: bytes.count) { try await $0.write(bytes) }
        case .stream(let length, let produce):
            await answerStream(response, length: length, produce)
        case .file(let path, let offset, let length):
            await answerStream(response, length: length) { writer in
                try await FileSender.send(path: path, offset: offset, length: length, to: writer)
            }
        }
    }

    /// Sends a whole response.
    private func send(_ response: Response, _ bytes: [UInt8]) {
        guard canAnswer(response) else { return }
        let isHead = method == .head
        let length = isHead ? response.lengthOfGet : bytes.count
        let hasBody = !isHead && !response.status.forbidsBody && !bytes.isEmpty
        writeHead(response, length: length, endsStream: !hasBody)
        if hasBody { writeData(bytes, endsStream: true) }
        finish(status: response.status.code, bytes: hasBody ? bytes.count : 0)
    }

    /// Whether a response may be sent; where it may not, the server's own is.
    private func canAnswer(_ response: Response) -> Bool {
        guard phase == .running, !isHeadSent else { return false }
        if let bodyError {
            refuse(bodyError.status.code)
            return false
        }
        guard response.status.code >= 200 else {
            refuse(500)
            return false
        }
        return true
    }

    /// Has `produce` write the body, and sees to a proper end.
    private nonisolated func answerStream(
        _ response: Response,
        length: Int?,
        _ produce: @Sendable (any ResponseBodyWriter) async throws -> Void
    ) async {
        guard await loop.onLoop({ self.openStream(response, length: length) }) else { return }
        do {
            try await produce(HTTP2Writer(stream: self))
            await loop.onLoop { self.closeStream() }
        } catch {
            let text = "\(error)"
            await loop.onLoop { self.failStream(reason: text) }
        }
    }

    /// Prepares a streamed response; its head goes out with the first piece.
    private func openStream(_ response: Response, length: Int?) -> Bool {
        guard canAnswer(response) else { return false }
        self.response = response
        declaredLength = length.map { max(0, $0) }
        guard method == .head || response.status.forbidsBody else { return true }
        writeHead(response, length: declaredLength, endsStream: true)
        finish(status: response.status.code, bytes: 0)
        return false
    }

    /// Writes a piece of the body.
    ///
    /// - Returns: whether the client keeps up; where not, wait before the next piece.
    func writePiece(_ bytes: [UInt8]) throws(HTTPError) -> Bool {
        guard phase != .closed else { throw .clientDisconnected }
        guard phase == .running, let response else { throw .requestIsOver }
        guard !bytes.isEmpty else { return isWritable }
        if let declaredLength, bytes.count > declaredLength - sentBytes {
            throw .responseTooLong(declared: declaredLength)
        }
        if !isHeadSent { writeHead(response, length: declaredLength, endsStream: false) }
        sentBytes += bytes.count
        writeData(bytes, endsStream: false)
        return isWritable
    }

    private func closeStream() {
        guard phase == .running, let response else { return }
        if let declaredLength, sentBytes < declaredLength {
            return failStream(reason: "it has \(sentBytes) bytes, but declared \(declaredLength)")
        }
        if isHeadSent {
            writeData([], endsStream: true)
        } else {
            writeHead(response, length: 0, endsStream: true)
        }
        finish(status: response.status.code, bytes: sentBytes)
    }

    /// Ends a response that cannot be completed: by 500 where nothing has been sent, and else by
    /// a reset, so that the client does not take a part for the whole.
    private func failStream(reason: String) {
        guard phase == .running, let response else { return }
        loop.shared.logger.error(
            "A streamed response failed: \(AccessLog.escaped(reason))",
            metadata: ["target": "\(AccessLog.path(of: target))"]
        )
        guard isHeadSent else { return refuse(500) }
        log(status: response.status.code, bytes: sentBytes)
        reset(.internalError)
    }

    /// Answers with a fixed page: the request cannot be read, or came to nothing.
    func refuse(_ status: Int) {
        guard phase == .waiting || phase == .running else { return }
        guard !isHeadSent else { return abort() }
        work?.cancel()
        let status = HTTPStatus(status)
        let page = Array("\(status)\n".utf8)
        var headers = loop.shared.refusalHeaders
        headers["Content-Type"] = "text/plain; charset=utf-8"
        if status == .serviceUnavailable { headers["Retry-After"] = "1" }
        let hasBody = method != .head
        writeHead(
            Response(status: status, headers: headers),
            length: page.count,
            endsStream: !hasBody
        )
        if hasBody { writeData(page, endsStream: true) }
        finish(status: status.code, bytes: page.count)
    }

    /// Moves on once the response is written; a body that nobody reads is refused from here on.
    private func finish(status: Int, bytes: Int) {
        log(status: status, bytes: bytes)
        phase = .answered
        work = nil
        response = nil
        collected = []
        refuseRest()
    }

    private func log(status: Int, bytes: Int) {
        guard loop.shared.logsRequests else { return }
        let now = loop.shared.clock.now()
        AccessLog.record(
            loop.shared.logger,
            method: method.rawValue,
            target: target,
            status: status,
            bytes: bytes,
            microseconds: now > startTime && startTime > 0 ? (now - startTime) / 1_000 : 0,
            remoteAddress: connection.remoteAddress
        )
    }
}
