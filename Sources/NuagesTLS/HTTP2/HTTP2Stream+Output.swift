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
        head.add(name: "date", value: loop.dateText, indexing: .nonIndexable)
        var hasType = false
        for field in response.headers.ownFields {
            if field.name.equalsIgnoringASCIICase("content-type") {
                if hasType { continue }
                hasType = true
            }
            add(field, to: &head, isShared: false)
        }
        for field in response.headers.block?.fields ?? [] { add(field, to: &head, isShared: true) }
        if let length, !response.status.forbidsBody {
            head.add(name: "content-length", value: "\(length)", indexing: .nonIndexable)
        }
        let payload = HTTP2Frame.FramePayload.Headers(headers: head, endStream: endsStream)
        write(.headers(payload), size: 0)
        context.flush()
    }

    private func add(_ field: Headers.Field, to head: inout HPACKHeaders, isShared: Bool) {
        guard Headers.isValid(name: field.name, value: field.value) else { return }
        let name = field.name.asciiLowercased
        guard !Self.managed.contains(name) else { return }
        let indexing = Self.indexing(name, isShared: isShared)
        head.add(name: name, value: field.value, indexing: indexing)
    }

    /// Fields that the server decides on, or that HTTP/2 does not have.
    private static let managed: Set<String> = [
        "connection", "content-length", "date", "keep-alive", "proxy-connection", "te",
        "transfer-encoding", "upgrade",
    ]

    /// Fields that are the same in many responses, besides those of the shared block.
    private static let repeated: Set<String> = [
        "cache-control", "content-encoding", "content-language", "content-type", "vary",
    ]

    /// Whether the client is asked to remember a field.
    ///
    /// A client can ask for a table without bounds, which the server has to keep as well and
    /// looks through for each field, so what differs from response to response stays out of it.
    static func indexing(_ name: String, isShared: Bool) -> HPACKIndexing {
        // A secret must not be found out by what compresses well with it.
        if name.equalsBytes("set-cookie") { return .neverIndexed }
        return isShared || repeated.contains(name) ? .indexable : .nonIndexable
    }

    /// Writes a part of the body.
    func writeData(_ bytes: [UInt8], endsStream: Bool) {
        guard let context else { return }
        var rest = context.channel.allocator.buffer(bytes: bytes)
        repeat {
            let size = min(rest.readableBytes, connection.frameSize)
            guard let piece = rest.readSlice(length: size) else { break }
            let isLast = endsStream && rest.readableBytes == 0
            write(.data(.init(data: .byteBuffer(piece), endStream: isLast)), size: size)
        } while rest.readableBytes > 0
        context.flush()
    }

    /// Writes a frame, and watches whether the client takes it.
    private func write(_ payload: HTTP2Frame.FramePayload, size: Int) {
        guard let context else { return }
        if waitingWrites == 0 {
            connection.waitingStreams += 1
            writeCredit = TimeCredit(loop.shared.timeouts.write)
        }
        waitingWrites += 1
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [self] _ in wasTaken(size) }
        context.write(wrapOutboundOut(payload), promise: promise)
    }

    /// Streams share what the client reads, so each of them needs only its part of the least rate.
    private func wasTaken(_ size: Int) {
        let timeouts = loop.shared.timeouts
        writeCredit.earn(
            bytes: size,
            perByte: timeouts.perByte * Int64(max(1, connection.waitingStreams)),
            limit: timeouts.write
        )
        waitingWrites -= 1
        guard waitingWrites == 0 else { return }
        connection.waitingStreams -= 1
        refuseRest()
    }

    func resumeWriters(_ error: (any Error)?) { writeWaiters.takeAll().resume(error) }

    /// Lets a writer go on when the client has read, or at once.
    func waitUntilWritable(_ waiter: CheckedContinuation<Void, any Error>) {
        writeWaiters.add(waiter, isWritable: isWritable, isClosed: phase == .closed)
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
