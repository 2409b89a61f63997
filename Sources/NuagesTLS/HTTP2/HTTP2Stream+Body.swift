internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import NuagesHTTP
internal import NuagesServer

extension HTTP2Stream {
    var wantsInput: Bool {
        switch phase {
        case .waiting, .answered: true
        case .running: collected.count < Self.readAhead || bodyError != nil
        case .closed: false
        }
    }

    /// Takes a piece of the request's body.
    func receive(_ buffer: ByteBuffer) {
        guard phase == .running, bodyError == nil else { return }
        receivedBytes += buffer.readableBytes
        let limit = loop.shared.limits.body
        guard receivedBytes <= limit else { return failBody(.contentTooLarge(limit: limit)) }
        bodyCredit.earn(
            bytes: buffer.readableBytes,
            perByte: loop.shared.timeouts.perByte,
            limit: loop.shared.timeouts.bodyStall
        )
        collected.append(contentsOf: buffer.readableBytesView)
        serveBodyWaiter()
    }

    func bodyEnded() {
        isBodyComplete = true
        serveBodyWaiter()
    }

    /// Answers a view that asks for more of its body.
    func requestChunk(_ waiter: CheckedContinuation<[UInt8]?, any Error>) {
        guard phase == .running else { return waiter.resume(throwing: HTTPError.requestIsOver) }
        guard bodyWaiter == nil else { return waiter.resume(throwing: HTTPError.concurrentRead) }
        bodyWaiter = waiter
        serveBodyWaiter()
        guard bodyWaiter != nil, owesContinue, !isHeadSent, let context else { return }
        owesContinue = false
        let head = HTTP2Frame.FramePayload.Headers(headers: [":status": "100"])
        context.writeAndFlush(wrapOutboundOut(.headers(head)), promise: nil)
    }

    /// Gives a waiting view what has arrived.
    private func serveBodyWaiter() {
        guard let waiter = bodyWaiter else { return }
        if let bodyError { return failBody(bodyError) }
        guard !collected.isEmpty || isBodyComplete else { return }
        bodyWaiter = nil
        var bytes: [UInt8] = []
        swap(&bytes, &collected)
        waiter.resume(returning: bytes.isEmpty ? nil : bytes)
        resumeReading()
    }

    private func resumeReading() {
        guard isReadHeld, wantsInput else { return }
        isReadHeld = false
        context?.read()
    }

    /// Remembers why the body cannot be read, and tells the view; the server answers instead of it.
    func failBody(_ error: HTTPError) {
        bodyError = error
        collected = []
        resumeReading()
        guard let waiter = bodyWaiter else { return }
        bodyWaiter = nil
        waiter.resume(throwing: error)
    }

    /// Ends the wait of a view whose task was cancelled.
    func cancelChunk() {
        guard let waiter = bodyWaiter else { return }
        bodyWaiter = nil
        waiter.resume(throwing: CancellationError())
    }
}

/// Hands the body of a request to its view as it arrives.
final class HTTP2Body: RequestBody.Source {
    private let stream: HTTP2Stream

    init(stream: HTTP2Stream) { self.stream = stream }

    func nextChunk() async throws -> [UInt8]? {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                stream.loop.onLoop { [stream] in stream.requestChunk(continuation) }
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { cancel() }
            }
        } onCancel: {
            cancel()
        }
    }

    private func cancel() { stream.loop.loop.execute { [stream] in stream.cancelChunk() } }
}
