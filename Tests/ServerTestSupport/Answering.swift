package import NuagesHTTP

/// A handler made of a closure.
package struct ClosureHandler: RequestHandler {
    private let respond: @Sendable (Request) async -> Response

    package init(respond: @escaping @Sendable (Request) async -> Response) {
        self.respond = respond
    }

    package func handle(_ request: Request) async -> Response { await respond(request) }
}

/// A response of plain text.
package func text(_ text: String) -> Response { Response(body: .bytes(Array(text.utf8))) }

extension Request {
    /// The whole body.
    package func readAll() async throws -> [UInt8] {
        switch body.content {
        case .bytes(let bytes): return bytes
        case .source(let source):
            var bytes: [UInt8] = []
            while let chunk = try await source.nextChunk() { bytes += chunk }
            return bytes
        }
    }
}

/// A view that does not answer, and says what becomes of it.
package struct EndlessView: Sendable {
    private let events = AsyncStream.makeStream(of: String.self)

    package init() {}

    package func respond(_ request: Request) async -> Response {
        events.continuation.yield("started")
        try? await Gate().wait()
        events.continuation.yield(Task.isCancelled ? "cancelled" : "over")
        return text("late")
    }

    /// What has happened since: `started` or `cancelled`.
    package func next() async -> String? {
        var iterator = events.stream.makeAsyncIterator()
        return await iterator.next()
    }
}
