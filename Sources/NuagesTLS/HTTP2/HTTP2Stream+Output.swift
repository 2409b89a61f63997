internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import NuagesCore
internal import NuagesHTTP
internal import NuagesServer

extension HTTP2Stream {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Writes the head of the response.
    ///
    /// The server alone decides on the length, the date, and the fields of the connection, which
    /// HTTP/2 does not have.
    func writeHead(_ response: Response, length: Int?, endsStream: Bool) {
        guard let context else { return }
        isHeadSent = true
        var head = HPACKHeaders()
        head.reserveCapacity(response.headers.fields.count + 3)
        head.add(name: ":status", value: "\(response.status.code)", indexing: .indexable)
        head.add(name: "date", value: loop.dateText, indexing: .indexable)
        for field in response.headers.fields {
            guard Headers.isValid(name: field.name, value: field.value) else { continue }
            let name = field.name.asciiLowercased
            guard !Self.managed.contains(name) else { continue }
            // A secret must not be found out by what compresses well with it.
            let isSecret = name.equalsBytes("set-cookie")
            head.add(
                name: name,
                value: field.value,
                indexing: isSecret ? .neverIndexed : .indexable
            )
        }
        if let length, !response.status.forbidsBody {
            head.add(name: "content-length", value: "\(length)", indexing: .indexable)
        }
        let payload = HTTP2Frame.FramePayload.Headers(headers: head, endStream: endsStream)
        context.writeAndFlush(wrapOutboundOut(.headers(payload)), promise: nil)
    }

    private static let managed: Set<String> = [
        "connection", "content-length", "date", "keep-alive", "proxy-connection", "te",
        "transfer-encoding", "upgrade",
    ]

    /// Writes a part of the body, and watches whether the client takes it.
    func writeData(_ bytes: [UInt8], endsStream: Bool) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
        let payload = HTTP2Frame.FramePayload.Data(data: .byteBuffer(buffer), endStream: endsStream)
        if waitingWrites == 0 { writeCredit = TimeCredit(loop.shared.timeouts.write) }
        waitingWrites += 1
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [self] _ in
            waitingWrites -= 1
            writeCredit.earn(
                bytes: bytes.count,
                perByte: loop.shared.timeouts.perByte,
                limit: loop.shared.timeouts.write
            )
        }
        context.writeAndFlush(wrapOutboundOut(.data(payload)), promise: promise)
    }

    func resumeWriters(_ error: (any Error)?) {
        guard !writeWaiters.isEmpty else { return }
        var waiters: [CheckedContinuation<Void, any Error>] = []
        swap(&waiters, &writeWaiters)
        for waiter in waiters {
            if let error { waiter.resume(throwing: error) } else { waiter.resume() }
        }
    }

    /// Lets a writer go on when the client has read, or at once.
    func waitUntilWritable(_ waiter: CheckedContinuation<Void, any Error>) {
        if phase == .closed {
            waiter.resume(throwing: HTTPError.clientDisconnected)
        } else if isWritable {
            waiter.resume()
        } else {
            writeWaiters.append(waiter)
        }
    }
}

/// Writes the pieces of a response, waiting while the client's window is shut.
struct HTTP2Writer: ResponseBodyWriter {
    let stream: HTTP2Stream

    func write(_ bytes: [UInt8]) async throws {
        guard bytes.count > HTTP2Stream.pieceSize else { return try await writePiece(bytes) }
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + HTTP2Stream.pieceSize)
            try await writePiece(Array(bytes[start..<end]))
            start = end
        }
    }

    private func writePiece(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        let result = await stream.loop.onLoop { [stream] in
            Result { () throws(HTTPError) in try stream.writePiece(bytes) }
        }
        guard try !result.get() else { return }
        try await withCheckedThrowingContinuation { continuation in
            stream.loop.onLoop { [stream] in stream.waitUntilWritable(continuation) }
        }
        try Task.checkCancellation()
    }
}
