internal import NIOCore
internal import NuagesHTTP

/// Writes the pieces of a streamed response, waiting while the client does not read.
struct StreamWriter: ResponseBodyWriter {
    let connection: ConnectionHandler
    let number: UInt64

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        let result = await connection.loop.onLoop { [connection, number] in
            Result { () throws(HTTPError) in
                try connection.writePiece(bytes, number: number)
            }
        }
        guard try !result.get() else { return }
        try await withCheckedThrowingContinuation { continuation in
            connection.loop.loop.execute { [connection] in
                connection.waitUntilWritable(continuation)
            }
        }
        try Task.checkCancellation()
    }
}
