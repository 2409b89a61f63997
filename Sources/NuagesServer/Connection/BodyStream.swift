internal import NIOCore
internal import NuagesHTTP

/// Hands the body of a request to its view as it arrives.
///
/// While the view does not ask, the connection reads no more than a bounded amount ahead.
final class BodyStream: RequestBody.Source {
    private let connection: ConnectionHandler
    private let number: UInt64

    init(connection: ConnectionHandler, number: UInt64) {
        self.connection = connection
        self.number = number
    }

    func nextChunk() async throws -> [UInt8]? {
        try Task.checkCancellation()
        let loop = connection.loop.loop
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if loop.inEventLoop {
                    connection.requestChunk(continuation, number: number)
                } else {
                    loop.execute { [connection, number] in
                        connection.requestChunk(continuation, number: number)
                    }
                }
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { cancel() }
            }
        } onCancel: {
            cancel()
        }
    }

    private func cancel() {
        connection.loop.loop.execute { [connection, number] in
            connection.cancelChunk(number: number)
        }
    }
}

/// A view that waits for more of its body; a reference, so that having none costs nothing.
final class BodyWaiter {
    let continuation: CheckedContinuation<[UInt8]?, any Error>

    init(_ continuation: CheckedContinuation<[UInt8]?, any Error>) {
        self.continuation = continuation
    }
}
