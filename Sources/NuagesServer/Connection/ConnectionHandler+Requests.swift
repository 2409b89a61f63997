internal import NIOCore
package import NuagesHTTP
internal import Synchronization

extension ConnectionHandler: RequestSource {
    /// Has the request that was read answered; it often is when this returns.
    func start(_ body: RequestBody) {
        phase = .running
        var fields: [Headers.Field] = []
        swap(&fields, &head.fields)
        let request = Request(
            method: head.method,
            target: head.target,
            headers: Headers(validated: fields),
            body: body,
            remoteAddress: remoteAddress,
            isTLS: isTLS
        )
        if loop.shared.logsRequests { startTime = loop.shared.clock.now() }
        let number = requestNumber
        let finished = finishedWork
        finishedWork = nil
        let started = loop.workers.start(request, from: self, number: number, after: finished)
        if number == requestNumber, phase == .running { work = started }
    }

    package func send(_ response: Response, number: UInt64, of work: RequestWork) -> Bool {
        guard case .bytes(let bytes) = response.body, bytes.count <= Self.largestWholeBody,
            response.isAnswer
        else { return false }
        note(work, number: number)
        send(response, bytes, number: number)
        return true
    }

    /// An answer that is ready at once comes before ``start(_:)`` knows who works on it.
    private func note(_ work: RequestWork, number: UInt64) {
        if number == requestNumber, phase == .running { self.work = work }
    }

    package nonisolated func answer(
        with response: Response,
        number: UInt64,
        of work: RequestWork
    ) async {
        note(work, number: number)
        if case .webSocket(let offer) = response.connectionUse {
            return await loop.onLoop { self.upgrade(response, offer, number: number) }
        }
        switch response.body {
        case .bytes(let bytes):
            await answerStream(
                response,
                length: bytes.count,
                readsBody: false,
                number: number
            ) { writer in
                var start = 0
                while start < bytes.count {
                    let end = min(bytes.count, start + Self.largestWholeBody)
                    try await writer.write(Array(bytes[start..<end]))
                    start = end
                }
            }
        case .stream(let length, let produce):
            await answerStream(
                response,
                length: length,
                readsBody: true,
                number: number,
                produce
            )
        case .file(let path, let offset, let length):
            await answerStream(
                response,
                length: length,
                readsBody: false,
                number: number
            ) { writer in
                try await FileSender.send(path: path, offset: offset, length: length, to: writer)
            }
        }
    }

    /// Sends a whole response.
    func send(_ response: Response, _ bytes: [UInt8], number: UInt64) {
        guard number == requestNumber, phase == .running else { return }
        settleBody()
        if let bodyError { return refuse(bodyError) }
        guard response.status.code >= 200 else { return refuse(.unusableResponse) }
        prepareOutput()
        let closes = ResponseSerializer.write(
            response.status,
            response.headers,
            framing: .length(isHead ? response.lengthOfGet : bytes.count),
            body: isHead ? [] : bytes,
            closes: !keepsAlive,
            dateLine: loop.dateLine,
            to: &output
        )
        if closes { keepsAlive = false }
        log(status: response.status.code, bytes: bytes.count)
        finishAnswer()
    }

    /// Decides whether the connection can go on after a request whose body the view has not read
    /// to its end.
    ///
    /// This is done before the head of the answer is written, so that the head can say so; only
    /// where the body may be read while the answer is written, it is done at the answer's end.
    func settleBody() {
        guard decoder != nil, bodyError == nil else { return }
        collected = []
        do {
            var dropped: [UInt8] = []
            if try readBody(into: &dropped, upTo: 0) { return }
            if let rest = decoder?.remaining, rest <= Self.drainedBody, !owesContinue,
                !isInputClosed
            {
                return
            }
        } catch {
            // The answer stands; only the connection is lost.
        }
        keepsAlive = false
        lingersAfterWriting = true
    }

    /// Moves on once the answer stands in the output.
    func finishAnswer() {
        // Its task comes to rest now, or goes on with the next request.
        finishedWork = work
        defer { finishedWork = nil }
        work = nil
        stream = nil
        releaseBody()
        guard keepsAlive else { return closeAfterWriting(lingers: lingersAfterWriting) }
        if let decoder, !decoder.isComplete {
            phase = .draining
        } else {
            endRequest()
        }
        goOn()
    }

    /// Makes the connection ready for the next request.
    func endRequest() {
        phase = .head
        decoder = nil
        owesContinue = false
        deadline = loop.now + loop.shared.timeouts.idle
        if loop.isShuttingDown { closeAfterWriting(lingers: false) }
    }

    /// Answers with a fixed page and closes: the request cannot be read, or came to nothing.
    func refuse(_ error: RequestError) {
        if stream?.isHeadSent == true { return closeNow() }
        work?.cancel()
        work = nil
        stream = nil
        releaseBody()
        write(loop.shared.errorResponses.bytes(for: error, dateLine: loop.dateLine))
        logRefusal(error)
        closeAfterWriting(lingers: true)
    }

    /// The connection is gone: whoever works for it or waits for it is told.
    func disconnected() {
        guard phase != .closed else { return }
        phase = .closed
        loop.remove(self)
        loop.shared.connectionCount.subtract(1, ordering: .relaxed)
        work?.cancel()
        work = nil
        stream = nil
        failBody(.incompleteRequest)
        resumeWriters(HTTPError.clientDisconnected)
        input = ByteBuffer()
        output = ByteBuffer()
    }
}

extension Response {
    /// The length that the answer to GET would have, for the answer to HEAD: that of the body, or
    /// where it was left out already, what its `Content-Length` says.
    package var lengthOfGet: Int {
        guard case .bytes(let bytes) = body, bytes.isEmpty,
            let digits = headers["Content-Length"]?.utf8, (1...18).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return body.length ?? 0 }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
