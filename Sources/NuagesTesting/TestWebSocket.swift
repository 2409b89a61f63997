public import NuagesHTTP
import Synchronization

/// The client's side of a WebSocket in the same process.
public struct TestWebSocket: Sendable {
    fileprivate let pair: SocketPair
    /// The subprotocol that the site chose.
    public let subprotocol: String?

    /// Sends a text.
    ///
    /// - Parameter text: the text.
    public func send(_ text: String) { pair.toSite.put(.text(text)) }

    /// Sends bytes.
    ///
    /// - Parameter bytes: the bytes.
    public func send(_ bytes: [UInt8]) { pair.toSite.put(.binary(bytes)) }

    /// The site's next message, or nil where it has closed the WebSocket.
    ///
    /// - Returns: the message.
    /// - Throws: `CancellationError`.
    public func receive() async throws -> WebSocketMessage? { try await pair.toClient.take() }

    /// How the site closed the WebSocket, or nil while it has not.
    public var closing: WebSocketClosing? { pair.toClient.closing }

    /// Closes the WebSocket.
    ///
    /// - Parameters:
    ///   - code: why.
    ///   - reason: a few words.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") {
        pair.toSite.close(WebSocketClosing(code, reason: reason))
    }
}

extension TestClient {
    /// Opens a WebSocket and talks to the site through it.
    ///
    ///     try await client.webSocket("/chat/") { socket in
    ///         socket.send("Hello")
    ///         #expect(try await socket.receive() == .text("Hello"))
    ///     }
    ///
    /// The view's conversation is cancelled when `body` is done and the WebSocket is closed.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - subprotocols: the subprotocols that the client offers.
    ///   - headers: header fields besides the browser's own.
    ///   - body: the client's side.
    /// - Returns: what `body` returns.
    /// - Throws: ``Failure/noWebSocket(status:)`` where the site refuses, and what `body` throws.
    public func webSocket<Result: Sendable>(
        _ target: String,
        subprotocols: [String] = [],
        headers: Headers = [:],
        _ body: @Sendable (TestWebSocket) async throws -> Result
    ) async throws -> Result {
        var headers = headers
        for (name, value) in [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Origin", "https://\(Self.host)"),
        ] { headers.setDefault(name, value) }
        if !subprotocols.isEmpty {
            headers["Sec-WebSocket-Protocol"] = subprotocols.joined(separator: ", ")
        }
        let response = await answer(.get, target, headers: headers)
        guard case .webSocket(let offer) = response.connectionUse else {
            throw Failure.noWebSocket(status: response.status.code)
        }
        let pair = SocketPair()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pair.converse(offer) }
            defer { group.cancelAll() }
            let socket = TestWebSocket(pair: pair, subprotocol: offer.subprotocol)
            let result = try await body(socket)
            socket.close(.goingAway)
            return result
        }
    }
}

/// Both directions; for the view it is the connection.
private final class SocketPair: WebSocketTransport {
    let toSite = Mailbox()
    let toClient = Mailbox()

    func converse(_ offer: WebSocketOffer) async {
        do {
            try await offer.converse(WebSocket(self, subprotocol: offer.subprotocol))
            toClient.close(WebSocketClosing(.normal))
        } catch is CancellationError {
            toClient.close(WebSocketClosing(.normal))
        } catch {
            toClient.close(WebSocketClosing(.internalError))
        }
    }

    func receive() async throws -> WebSocketMessage? { try await toSite.take() }

    func send(_ message: WebSocketMessage) async throws {
        try Task.checkCancellation()
        guard toSite.closing == nil, toClient.closing == nil else { throw WebSocketError.closed }
        toClient.put(message)
    }

    func close(_ closing: WebSocketClosing) async {
        toClient.close(closing)
        toSite.close(closing)
    }

    func peerClosing() async -> WebSocketClosing? { toSite.closing }
}

/// Messages on their way, in one direction.
private final class Mailbox: Sendable {
    private struct State {
        var messages: [WebSocketMessage] = []
        var closing: WebSocketClosing?
        var waiter: CheckedContinuation<WebSocketMessage?, any Error>?
    }

    private let state = Mutex(State())

    var closing: WebSocketClosing? { state.withLock { $0.closing } }

    func put(_ message: WebSocketMessage) {
        let waiter = state.withLock { state -> CheckedContinuation<WebSocketMessage?, any Error>? in
            guard state.closing == nil else { return nil }
            guard let waiter = state.waiter else {
                state.messages.append(message)
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: message)
    }

    func close(_ closing: WebSocketClosing) {
        let waiter = state.withLock { state in
            if state.closing == nil { state.closing = closing }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    func take() async throws -> WebSocketMessage? {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (message, isKnown) = state.withLock { state -> (WebSocketMessage?, Bool) in
                    if !state.messages.isEmpty { return (state.messages.removeFirst(), true) }
                    if state.closing != nil { return (nil, true) }
                    state.waiter = continuation
                    return (nil, false)
                }
                if isKnown {
                    continuation.resume(returning: message)
                } else if Task.isCancelled {
                    cancel()
                }
            }
        } onCancel: {
            cancel()
        }
    }

    private func cancel() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(throwing: CancellationError())
    }
}
