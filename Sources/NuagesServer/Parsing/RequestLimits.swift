internal import NuagesCore

/// The sizes up to which a request is read.
package struct RequestLimits: Sendable {
    /// The longest request line with its line break, in bytes.
    package var requestLine = 8_192
    /// The largest head with all line breaks, in bytes.
    package var head = 32_768
    /// The most header fields.
    package var fields = 100
    /// The largest body, in bytes.
    package var body = 33_554_432

    /// The longest extension of one chunk, in bytes (RFC 9112, section 7.1.1).
    static let chunkExtension = 256
    /// All chunk extensions of a body together, in bytes.
    static let chunkExtensions = 16_384
    /// The largest trailer section, in bytes; its fields are read and dropped.
    static let trailers = 8_192
}

extension RequestLimits {
    /// What a site lets its clients send.
    init(_ limits: ServerLimits) {
        self.init(
            requestLine: limits.maxRequestLineSize,
            head: limits.maxHeadSize,
            fields: limits.maxFieldCount,
            body: limits.maxBodySize
        )
    }
}
