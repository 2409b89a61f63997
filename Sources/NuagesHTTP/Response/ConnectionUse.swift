/// What becomes of a connection with a response.
package enum ConnectionUse: Sendable {
    /// The response is sent, and the connection goes on to the next request.
    case answer
    /// The body has no end of its own; a server that shuts down ends it.
    case endless
    /// The connection becomes a WebSocket.
    case webSocket(WebSocketOffer)
}
