/// A conversation with one client: messages both ways until either side closes it.
///
///     func chat(_ request: Request) async throws -> Response {
///         try .webSocket(request) { socket in
///             for try await message in socket.messages {
///                 try await socket.send(message)
///             }
///         }
///     }
///
/// A client that goes away without a word cancels the view's task.
public struct WebSocket: Sendable {
    private let transport: any WebSocketTransport
    /// The subprotocol that was agreed on, or nil.
    public let subprotocol: String?

    package init(_ transport: any WebSocketTransport, subprotocol: String?) {
        self.transport = transport
        self.subprotocol = subprotocol
    }

    /// The client's messages; they end when either side closes.
    ///
    /// While nobody asks for the next one, the server reads no further from the connection.
    public var messages: Messages { Messages(transport: transport) }

    /// The next message, or nil where the WebSocket has been closed.
    ///
    /// - Returns: the message.
    /// - Throws: ``WebSocketError/failed(_:)`` where it ended without a close.
    public func receive() async throws -> WebSocketMessage? { try await transport.receive() }

    /// Sends a text, waiting while the client does not read.
    ///
    /// - Parameter text: the text.
    /// - Throws: ``WebSocketError/closed``, or `CancellationError`.
    public func send(_ text: String) async throws { try await transport.send(.text(text)) }

    /// Sends bytes, waiting while the client does not read.
    ///
    /// - Parameter bytes: the bytes.
    /// - Throws: ``WebSocketError/closed``, or `CancellationError`.
    public func send(_ bytes: [UInt8]) async throws { try await transport.send(.binary(bytes)) }

    /// Sends a message, waiting while the client does not read.
    ///
    /// - Parameter message: the message.
    /// - Throws: ``WebSocketError/closed``, or `CancellationError`.
    public func send(_ message: WebSocketMessage) async throws {
        try await transport.send(message)
    }

    /// Closes the WebSocket; nothing can be sent or received afterwards.
    ///
    /// A view that returns closes with 1000, one that throws with 1011.
    ///
    /// - Parameters:
    ///   - code: why.
    ///   - reason: a few words for logs, of at most 123 bytes.
    /// - Throws: ``WebSocketError/invalidClosing(_:)``.
    public func close(
        _ code: WebSocketCloseCode = .normal,
        reason: String = ""
    ) async throws(WebSocketError) {
        let closing = WebSocketClosing(code, reason: reason)
        guard code.isSendable, reason.utf8.count <= 123 else { throw .invalidClosing(closing) }
        await transport.close(closing)
    }

    /// How the client closed the WebSocket, or nil while it has not.
    public var closing: WebSocketClosing? {
        get async { await transport.peerClosing() }
    }

    /// The messages of a WebSocket, in order.
    public struct Messages: AsyncSequence, Sendable {
        fileprivate let transport: any WebSocketTransport

        /// Goes through the messages.
        public struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let transport: any WebSocketTransport

            /// The next message, or nil where the WebSocket has been closed.
            ///
            /// - Returns: the message.
            /// - Throws: ``WebSocketError/failed(_:)`` where it ended without a close.
            public func next() async throws -> WebSocketMessage? { try await transport.receive() }
        }

        /// Goes through the messages from the next one on.
        ///
        /// - Returns: the iterator.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(transport: transport) }
    }
}

/// What carries the messages of a WebSocket: a connection, or a test.
package protocol WebSocketTransport: AnyObject, Sendable {
    /// The next message; nil once the WebSocket is closed.
    func receive() async throws -> WebSocketMessage?
    /// Sends a message, waiting while the peer is not ready for it.
    func send(_ message: WebSocketMessage) async throws
    /// Sends a close, unless one was sent.
    func close(_ closing: WebSocketClosing) async
    /// What the peer's close said.
    func peerClosing() async -> WebSocketClosing?
}

/// What a view answered to a handshake: the rest of the conversation.
package final class WebSocketOffer: Sendable {
    package let options: WebSocketOptions
    package let subprotocol: String?
    package let converse: @Sendable (WebSocket) async throws -> Void

    init(
        options: WebSocketOptions,
        subprotocol: String?,
        converse: @escaping @Sendable (WebSocket) async throws -> Void
    ) {
        self.options = options
        self.subprotocol = subprotocol
        self.converse = converse
    }
}
