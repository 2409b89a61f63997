internal import Logging
internal import NIOCore
internal import NuagesHTTP
internal import Synchronization

extension WebSocketConnection {
    // MARK: - Closing

    /// The client closed: its close is answered by one, and the connection ends.
    func peerClosed(_ closing: WebSocketClosing) {
        peerClose = closing
        if phase == .open { writeClose(WebSocketClosing(closing.code)) }
        endMessages(.success(()))
        closeAfterWriting()
    }

    /// The client broke the protocol.
    func fail(_ violation: WebSocketViolation) {
        if phase == .open { writeClose(WebSocketClosing(violation.code)) }
        endMessages(.failure(.failed(violation.code)))
        task?.cancel()
        closeAfterWriting()
    }

    func closeByView(_ closing: WebSocketClosing) {
        beginClosing(closing)
        messages.removeAll()
        queuedSize = 0
        readFrames()
    }

    /// Sends a close and waits for the client's.
    private func beginClosing(_ closing: WebSocketClosing) {
        guard phase == .open else { return }
        writeClose(closing)
        phase = .closing
        deadline = loop.now + UInt64(offer.options.closeTimeout.clampedNanoseconds)
        endMessages(.success(()))
    }

    /// No message comes any more: the view sees their end, and has a little time to finish.
    private func endMessages(_ result: Result<Void, WebSocketError>) {
        guard end == nil else { return }
        end = result
        cancelTime = loop.now + loop.shared.timeouts.halfClosed
        resumeWriters(WebSocketError.closed)
        guard let receiver else { return }
        self.receiver = nil
        switch result {
        case .success: receiver.resume(returning: nil)
        case .failure(let error): receiver.resume(throwing: error)
        }
    }

    /// The view has returned or thrown.
    func viewEnded(failure: String?, isOrdinary: Bool) {
        isTaskDone = true
        loop.openConversations -= 1
        if let failure, !isOrdinary, phase == .open {
            loop.shared.logger.error(
                "A WebSocket failed: \(AccessLog.escaped(failure))",
                metadata: ["target": "\(AccessLog.path(of: target))"]
            )
        }
        let code: WebSocketCloseCode = failure == nil || isOrdinary ? .normal : .internalError
        closeByView(WebSocketClosing(code))
        leaveLoopIfDone()
    }

    /// Closes once all is written; the client may still be sending, and must get to read why.
    private func closeAfterWriting() {
        guard phase == .open || phase == .closing, let context else { return }
        phase = .ended
        input = ByteBuffer()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { [self] _ in
            guard phase == .ended, let context = self.context else { return }
            phase = .lingering
            deadline = loop.now + Timeouts.linger
            context.close(mode: .output, promise: nil)
            context.read()
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    /// Closes without regard to what is under way, also in the view.
    func closeNow() {
        closeChannel()
        guard phase == .gone else { return }
        task?.cancel()
        loop.remove(self)
    }

    func closeChannel() { context?.close(promise: nil) }

    /// The connection is gone: the view is told, at once where there was no close.
    func disconnected() {
        guard phase != .gone else { return }
        let isClean = end != nil
        phase = .gone
        loop.shared.connectionCount.subtract(1, ordering: .relaxed)
        endMessages(.failure(.failed(.abnormal)))
        resumeWriters(WebSocketError.closed)
        if !isClean { task?.cancel() }
        input = ByteBuffer()
        messages.removeAll()
        leaveLoopIfDone()
    }

    /// A view that has not returned keeps its place in the loop's list, where its time is watched.
    private func leaveLoopIfDone() {
        guard phase == .gone, isTaskDone else { return }
        loop.remove(self)
    }

    /// Tells the client that the server goes away.
    func shutDown() { closeByView(WebSocketClosing(.goingAway)) }

    // MARK: - Time

    func tick(elapsed: UInt64) {
        if loop.now >= cancelTime {
            cancelTime = .max
            task?.cancel()
        }
        guard phase != .gone else { return }
        if watch.isStalled(context?.channel, elapsed: elapsed, loop.shared.timeouts) {
            return closeChannel()
        }
        switch phase {
        case .open: keepAlive()
        case .closing, .lingering:
            if loop.now >= deadline { closeChannel() }
        case .ended, .gone: break
        }
    }

    /// Asks a silent client whether it is there, and leaves one that does not answer.
    private func keepAlive() {
        // While the view is behind with its messages, an answer would not be read.
        guard !isReadHeld else {
            pingDeadline = nil
            lastHeard = loop.now
            return
        }
        if let pingDeadline {
            if loop.now >= pingDeadline { closeChannel() }
        } else if loop.now - lastHeard >= UInt64(offer.options.keepAlive.clampedNanoseconds) {
            write(.ping, [])
            pingDeadline =
                loop.now + UInt64(offer.options.keepAliveTimeout.clampedNanoseconds)
        }
    }
}
