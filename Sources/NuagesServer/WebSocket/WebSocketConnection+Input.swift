internal import NIOCore
internal import NuagesHTTP

extension WebSocketConnection {
    var wantsInput: Bool {
        switch phase {
        case .open: queuedSize < Self.readAhead
        case .closing, .lingering: true
        case .ended, .gone: false
        }
    }

    /// Reads frames for as long as there is room for messages.
    func readFrames() {
        do {
            while phase == .open || phase == .closing, wantsInput,
                let event = try reader.next(&input)
            {
                handle(event)
            }
        } catch {
            fail(error)
        }
        if input.readableBytes == 0 { input = ByteBuffer() }
        if isReadHeld, wantsInput {
            isReadHeld = false
            context?.read()
        }
    }

    private func handle(_ event: FrameReader.Event) {
        switch event {
        case .message(let message):
            // After a close of ours nobody asks for messages any more.
            guard phase == .open else { return }
            if let receiver {
                self.receiver = nil
                receiver.resume(returning: message)
            } else {
                messages.append(message)
                queuedSize += Self.cost(message)
            }
        case .ping(let payload):
            guard phase == .open else { return }
            if isWritable { write(.pong, payload) } else { owedPong = payload }
        case .pong: break
        case .close(let closing): peerClosed(closing)
        }
    }

    private static func cost(_ message: WebSocketMessage) -> Int {
        switch message {
        case .text(let text): text.utf8.count + messageCost
        case .binary(let bytes): bytes.count + messageCost
        }
    }

    /// Gives a view the next message, or has it wait.
    func requestMessage(_ waiter: CheckedContinuation<WebSocketMessage?, any Error>) {
        guard receiver == nil else {
            return waiter.resume(throwing: WebSocketError.concurrentReceive)
        }
        if let message = messages.popFirst() {
            queuedSize -= Self.cost(message)
            waiter.resume(returning: message)
            return readFrames()
        }
        switch end {
        case nil: receiver = waiter
        case .success?: waiter.resume(returning: nil)
        case .failure(let error)?: waiter.resume(throwing: error)
        }
    }

    /// Ends the wait of a view whose task was cancelled.
    func cancelReceive() {
        guard let waiter = receiver else { return }
        receiver = nil
        waiter.resume(throwing: CancellationError())
    }
}

extension WebSocketConnection: WebSocketTransport {
    func receive() async throws -> WebSocketMessage? {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.onLoop { self.requestMessage(continuation) }
            }
        } onCancel: {
            loop.loop.execute { self.cancelReceive() }
        }
    }

    func send(_ message: WebSocketMessage) async throws {
        try Task.checkCancellation()
        try await withCheckedThrowingContinuation { continuation in
            loop.onLoop { self.send(message, continuation) }
        }
        try Task.checkCancellation()
    }

    func close(_ closing: WebSocketClosing) async {
        await withCheckedContinuation { continuation in
            loop.onLoop {
                self.closeByView(closing)
                continuation.resume()
            }
        }
    }

    func peerClosing() async -> WebSocketClosing? {
        await withCheckedContinuation { continuation in
            loop.onLoop { continuation.resume(returning: self.peerClose) }
        }
    }
}
