internal import NIOCore
internal import NuagesHTTP

extension ConnectionHandler {
    /// Adds bytes to what the next flush writes.
    func write(_ bytes: [UInt8]) {
        prepareOutput()
        output.writeBytes(bytes)
    }

    func prepareOutput() {
        if output.capacity == 0 { output = loop.takeBuffer() }
    }

    /// Hands what was collected to the channel in one write.
    func flush() {
        guard output.readableBytes > 0, let context else { return }
        writeOutput(context, promise: nil)
    }

    private func writeOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        // Taken first: writing can come back here, when the client has read what waited for it.
        var bytes = ByteBuffer()
        swap(&bytes, &output)
        watch.note(bytes.readableBytes, loop.shared.timeouts)
        context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
        loop.giveBack(bytes)
    }

    /// Writes what was collected, then closes.
    ///
    /// - Parameter lingers: whether the client may still be sending; closing at once would then
    ///   reset the connection, and the client would lose the answer.
    func closeAfterWriting(lingers: Bool) {
        guard phase != .closing, phase != .lingering, phase != .closed, let context else { return }
        phase = .closing
        lingersAfterWriting = lingers
        input = ByteBuffer()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [self] _ in lastWriteIsDone() }
        writeOutput(context, promise: promise)
    }

    private func lastWriteIsDone() {
        guard phase == .closing, let context else { return }
        guard lingersAfterWriting, !isInputClosed else { return closeNow() }
        phase = .lingering
        deadline = loop.now + Timeouts.linger
        context.close(mode: .output, promise: nil)
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    /// Closes without regard to what is under way.
    package func closeNow() {
        // An answer that waits for others' may be complete.
        flush()
        context?.close(promise: nil)
    }

    // MARK: - Waiting for the client to read

    /// Whether the channel takes more without piling it up.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func resumeWriters(_ error: (any Error)?) { writeWaiters.takeAll().resume(error) }

    /// Lets a writer go on when the client has read, or at once.
    func waitUntilWritable(_ waiter: CheckedContinuation<Void, any Error>) {
        writeWaiters.add(waiter, isWritable: isWritable, isClosed: phase == .closed)
    }

    // MARK: - Log

    func log(status: Int, bytes: Int) {
        guard loop.shared.logsRequests else { return }
        let now = loop.shared.clock.now()
        AccessLog.record(
            loop.shared.logger,
            method: head.method.rawValue,
            target: head.target,
            status: status,
            bytes: bytes,
            microseconds: now > startTime ? (now - startTime) / 1_000 : 0,
            remoteAddress: remoteAddress
        )
    }

    /// The method and the path of the request that is read or answered, for the log; nil where
    /// there is none.
    var loggedRequest: String? {
        guard let head = phase == .head ? parser.unfinishedHead : head else { return nil }
        return AccessLog.escaped(head.method.rawValue) + " " + AccessLog.path(of: head.target)
    }

    /// Logs a refusal without the text that was refused.
    func logRefusal(_ error: RequestError) {
        guard loop.shared.logsRequests else { return }
        AccessLog.recordRefusal(
            loop.shared.logger,
            reason: "\(error)",
            status: error.status,
            request: loggedRequest,
            remoteAddress: remoteAddress
        )
    }
}
