/// What a WebSocket view takes, and how long it waits.
public struct WebSocketOptions: Sendable {
    /// The subprotocols that the view speaks, such as `graphql-transport-ws`.
    ///
    /// The first of the client's own list that stands here is chosen; none where none does.
    public var subprotocols: [String] = []
    /// Origins besides the site's own and its trusted ones that may connect, such as
    /// `https://app.example.com`; `*` is any.
    public var allowedOrigins: [String] = []
    /// The largest message in bytes: 1 MB; a larger one closes the WebSocket with 1009.
    public var maxMessageSize = 1_048_576
    /// The largest frame in bytes, a part of a message: 1 MB.
    public var maxFrameSize = 1_048_576
    /// The silence of a client after which the server asks whether it is still there: 20 seconds.
    public var keepAlive = Duration.seconds(20)
    /// How long the client may take to answer that: 20 seconds, then the connection is closed.
    public var keepAliveTimeout = Duration.seconds(20)
    /// How long a client may take to answer a close: 5 seconds.
    public var closeTimeout = Duration.seconds(5)

    /// The defaults.
    ///
    /// - Parameter subprotocols: the subprotocols that the view speaks.
    public init(subprotocols: [String] = []) { self.subprotocols = subprotocols }
}
