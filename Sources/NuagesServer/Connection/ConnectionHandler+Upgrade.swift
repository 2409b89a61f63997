internal import NIOCore
internal import NuagesHTTP

extension ConnectionHandler: RemovableChannelHandler {
    /// Answers a WebSocket handshake, and hands the channel over to the conversation.
    func upgrade(_ response: Response, _ offer: WebSocketOffer, number: UInt64) {
        guard number == requestNumber, phase == .running, let context else { return }
        guard head.framing == .none else { return refuse(.conflictingFraming) }
        guard !head.isHTTP10 else { return refuse(.unsupportedVersion) }
        guard !isInputClosed, !loop.isShuttingDown else {
            return closeAfterWriting(lingers: false)
        }
        sendUpgradeHead(response)
        log(status: response.status.code, bytes: 0)
        work = nil
        let socket = WebSocketConnection(
            loop: loop,
            offer: offer,
            input: input,
            target: head.target
        )
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(socket, position: .after(self))
        } catch {
            return closeNow()
        }
        // The new handler is in the list of the loop before this one leaves it: a loop that
        // shuts down waits until the list is empty.
        pipeline.removeHandler(self, promise: nil)
        socket.start()
    }

    private func sendUpgradeHead(_ response: Response) {
        prepareOutput()
        _ = ResponseSerializer.write(
            response.status,
            response.headers,
            framing: .length(0),
            body: [],
            closes: false,
            dateLine: loop.dateLine,
            to: &output
        )
        // In place of the empty line, as the application does not decide on this field.
        output.moveWriterIndex(to: output.writerIndex - 2)
        output.writeStaticString("Connection: Upgrade\r\n\r\n")
        flush()
    }
}
