import CZlib

/// Reads text that was compressed by zlib (RFC 1950) or gzip (RFC 1952).
package enum Inflater {
    /// The text of compressed bytes, refused as soon as it is longer than `limit`.
    ///
    /// - Parameters:
    ///   - bytes: a whole compressed text; what follows it is left out.
    ///   - limit: the largest number of bytes that is accepted (against zip bombs).
    /// - Returns: the text.
    /// - Throws: ``CompressionError``.
    package static func decompress(
        _ bytes: [UInt8],
        upTo limit: Int
    ) throws(CompressionError) -> [UInt8] {
        guard bytes.count <= Int(UInt32.max) else { throw .corrupt }
        // On the heap, since zlib remembers where the stream stands.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer {
            inflateEnd(stream)
            stream.deallocate()
        }
        // 15 bits of window; 32 more find out by themselves whether it is zlib or gzip.
        let status = inflateInit2_(
            stream,
            15 + 32,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else { throw .outOfMemory }
        return try run(stream, bytes, limit)
    }

    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ bytes: [UInt8],
        _ limit: Int
    ) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        let status = bytes.withUnsafeBufferPointer { buffer in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            stream.pointee.avail_in = UInt32(buffer.count)
            return ZlibOutput.collect(stream, upTo: limit, into: &output) {
                inflate($0, Z_NO_FLUSH)
            }
        }
        guard output.count <= limit else { throw .tooLarge(limit: limit) }
        switch status {
        case Z_STREAM_END: return output
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .corrupt
        }
    }
}
