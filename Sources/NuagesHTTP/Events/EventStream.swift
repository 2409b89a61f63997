/// Sends events to a page for as long as it listens.
///
///     func news(_ request: Request) async throws -> Response {
///         .events { stream in
///             for await article in articles(since: request.lastEventID) {
///                 try await stream.send(article.title, event: "article", id: article.number)
///             }
///         }
///     }
public struct EventStream: Sendable {
    private let writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    /// Sends an event, waiting while the client does not read.
    ///
    /// - Parameter event: the event.
    /// - Throws: ``EventStreamError``, ``HTTPError/clientDisconnected`` or `CancellationError`.
    public func send(_ event: ServerSentEvent) async throws {
        try await writer.write(try event.bytes())
    }

    /// Sends an event of these parts, waiting while the client does not read.
    ///
    /// - Parameters:
    ///   - data: the data; each of its lines is sent as one.
    ///   - event: the type that the page listens for; nil is `message`.
    ///   - id: what the browser sends back when it connects again.
    ///   - retry: how long the browser waits before it connects again.
    /// - Throws: ``EventStreamError``, ``HTTPError/clientDisconnected`` or `CancellationError`.
    public func send(
        _ data: String,
        event: String? = nil,
        id: String? = nil,
        retry: Duration? = nil
    ) async throws {
        try await send(ServerSentEvent(data, event: event, id: id, retry: retry))
    }

    /// Sends a line that the browser skips; it shows to proxies that the connection is in use.
    func sendKeepAlive() async throws { try await writer.write([0x3A, 0x0A, 0x0A]) }
}

extension Response {
    /// A stream of events for a page's `EventSource`.
    ///
    /// The client's leaving cancels the task. A server that shuts down does too, and ends the
    /// stream; the browser then connects again by itself, with ``Request/lastEventID``.
    ///
    ///     .events { stream in
    ///         while true {
    ///             try await stream.send("\(Date.now)", event: "tick")
    ///             try await Task.sleep(for: .seconds(1))
    ///         }
    ///     }
    ///
    /// HTML, section 9.2. In Django it is a `StreamingHttpResponse` of `text/event-stream`.
    ///
    /// - Parameters:
    ///   - keepAlive: how often a comment is sent, so that proxies keep the connection.
    ///   - produce: sends the events; the stream ends when it returns.
    /// - Returns: the response.
    public static func events(
        keepAlive: Duration = .seconds(15),
        _ produce: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        var response = Response(
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-store",
                // nginx would collect events before it passes them on.
                "X-Accel-Buffering": "no",
            ],
            body: .stream(length: nil) { writer in
                let stream = EventStream(writer)
                // The head goes out with the first bytes, and only then does the page see the
                // stream open.
                try await stream.sendKeepAlive()
                do {
                    try await run(stream, keepAlive, produce)
                } catch is CancellationError {
                    // The server shuts down, or the view gave up: the stream ends in good order.
                }
            }
        )
        response.connectionUse = .endless
        return response
    }

    private static func run(
        _ stream: EventStream,
        _ keepAlive: Duration,
        _ produce: @escaping @Sendable (EventStream) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await produce(stream) }
            group.addTask {
                while true {
                    try await Task.sleep(for: max(keepAlive, .milliseconds(100)))
                    try await stream.sendKeepAlive()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

extension Request {
    /// The id of the last event that the page received before its connection was lost; nil where
    /// it connects for the first time.
    public var lastEventID: String? {
        guard let id = headers["Last-Event-ID"], !id.utf8.isEmpty else { return nil }
        return id
    }
}
