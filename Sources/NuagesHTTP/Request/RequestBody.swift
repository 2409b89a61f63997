/// The body of a request, read as it arrives.
///
/// A body can be read once; ``Request/form()`` keeps what it parsed.
public struct RequestBody: Sendable {
    /// Delivers a body piece by piece.
    ///
    /// The server implements it with back-pressure: while
    /// nobody asks, it reads nothing from the socket.
    public protocol Source: AnyObject, Sendable {
        /// The next bytes, or nil at the end.
        ///
        /// - Returns: a piece that is not empty, or nil.
        /// - Throws: ``HTTPError`` where the client goes away, is too slow or sends too much.
        func nextChunk() async throws -> [UInt8]?
    }

    package enum Content: Sendable {
        case bytes([UInt8])
        case source(any Source)
    }

    package let content: Content
    /// The length that the client declared, in bytes; nil for a chunked body.
    public let declaredLength: Int?

    /// A body that is already in memory.
    ///
    /// - Parameter bytes: the whole body.
    public init(_ bytes: [UInt8] = []) {
        content = .bytes(bytes)
        declaredLength = bytes.count
    }

    /// A body that is delivered piece by piece.
    ///
    /// - Parameters:
    ///   - source: what delivers it.
    ///   - declaredLength: its length in bytes, where the client declared it.
    public init(source: any Source, declaredLength: Int?) {
        content = .source(source)
        self.declaredLength = declaredLength
    }
}
