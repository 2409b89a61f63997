extension Response {
    /// A response whose body is made while it is sent.
    ///
    ///     Response.stream(contentType: "text/csv; charset=utf-8") { writer in
    ///         for try await row in rows { try await writer.write(Array(row.csv.utf8)) }
    ///     }
    ///
    /// Writing waits while the client is not ready for more, so memory stays small whatever the
    /// length. An error that is thrown while the body is sent closes the connection, so that the
    /// client does not take a part for the whole.
    ///
    /// Django: `StreamingHttpResponse`.
    ///
    /// - Parameters:
    ///   - contentType: the value of `Content-Type`.
    ///   - length: the length in bytes, where it is known.
    ///   - status: the status.
    ///   - write: sends the body.
    /// - Returns: the response.
    public static func stream(
        contentType: String = "text/html; charset=utf-8",
        length: Int? = nil,
        status: HTTPStatus = .ok,
        _ write: @escaping @Sendable (any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: status,
            headers: ["Content-Type": contentType],
            body: .stream(length: length, write)
        )
    }

    /// A response whose body is a sequence of texts, each sent as it comes.
    ///
    ///     Response.stream(contentType: "text/plain; charset=utf-8", lines)
    ///
    /// - Parameters:
    ///   - contentType: the value of `Content-Type`.
    ///   - status: the status.
    ///   - texts: the pieces of the body.
    /// - Returns: the response.
    public static func stream<Texts: AsyncSequence & Sendable>(
        contentType: String = "text/html; charset=utf-8",
        status: HTTPStatus = .ok,
        _ texts: Texts
    ) -> Response where Texts.Element == String {
        stream(contentType: contentType, status: status) { writer in
            for try await text in texts { try await writer.write(Array(text.utf8)) }
        }
    }

    /// A response whose body is a sequence of bytes, each piece sent as it comes.
    ///
    /// - Parameters:
    ///   - contentType: the value of `Content-Type`.
    ///   - status: the status.
    ///   - chunks: the pieces of the body.
    /// - Returns: the response.
    public static func stream<Chunks: AsyncSequence & Sendable>(
        contentType: String = "application/octet-stream",
        status: HTTPStatus = .ok,
        _ chunks: Chunks
    ) -> Response where Chunks.Element == [UInt8] {
        stream(contentType: contentType, status: status) { writer in
            for try await chunk in chunks { try await writer.write(chunk) }
        }
    }
}
