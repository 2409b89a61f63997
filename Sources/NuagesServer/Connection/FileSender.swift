internal import NIOPosix
package import NuagesHTTP

/// Sends a part of a file, read piece by piece on another thread: a slow disk holds up one
/// response and not the event loop.
package enum FileSender {
    private static let pieceSize = 131_072

    /// Writes the bytes from `offset` on; a file that has become shorter ends early.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - offset: where to start, in bytes.
    ///   - length: how many bytes to send.
    ///   - writer: where they go.
    /// - Throws: ``FileError``, or an error of the connection.
    package static func send(
        path: String,
        offset: Int,
        length: Int,
        to writer: any ResponseBodyWriter
    ) async throws {
        guard length > 0, offset >= 0 else { return }
        let threads = NIOThreadPool.singleton
        let file = try await threads.runIfActive { try ReadableFile(path: path) }
        // Not `runIfActive`: in a task that was cancelled, as by a client that went away, it would
        // leave the file open.
        defer { threads.submit { _ in file.close() } }
        var position = offset
        var rest = length
        while rest > 0 {
            let from = position
            let count = min(rest, pieceSize)
            let piece = try await threads.runIfActive { try file.read(count, at: from) }
            guard !piece.isEmpty else { break }
            position += piece.count
            rest -= piece.count
            try await writer.write(piece)
        }
    }
}
