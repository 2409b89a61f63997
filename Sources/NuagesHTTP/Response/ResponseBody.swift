/// The body of a response.
public enum ResponseBody: Sendable {
    /// Bytes in memory.
    case bytes([UInt8])
    /// Bytes that are produced while they are sent; `length` is nil where it is not known.
    case stream(length: Int?, @Sendable (any ResponseBodyWriter) async throws -> Void)
    /// A part of a file on disk.
    case file(path: String, offset: Int, length: Int)

    /// No bytes.
    public static var empty: Self { .bytes([]) }

    /// The length in bytes, where it is known.
    public var length: Int? {
        switch self {
        case .bytes(let bytes): bytes.count
        case .stream(let length, _): length
        case .file(_, _, let length): length
        }
    }
}

/// Takes the bytes of a streamed response.
public protocol ResponseBodyWriter: Sendable {
    /// Sends bytes, waiting while the client is not ready for more.
    ///
    /// - Parameter bytes: the next piece of the body.
    /// - Throws: ``HTTPError`` where the client has gone away.
    func write(_ bytes: [UInt8]) async throws
}
