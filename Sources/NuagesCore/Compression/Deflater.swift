import CZlib

/// Compresses bytes piece by piece, by the system's zlib (RFC 1950 to 1952).
///
///     let deflater = try Deflater(.gzip())
///     var output = try deflater.compress(first)
///     output += try deflater.compress(last, flush: .finish)
///
/// One object makes one compressed text; it belongs to one task.
package final class Deflater {
    /// What stands around the compressed bytes.
    package enum Format: Sendable, Hashable {
        /// Two bytes in front and a checksum behind, as Python's `zlib.compress` writes.
        case zlib
        /// A file of gzip, as `Content-Encoding: gzip` has it; a name in its header makes the
        /// length vary (against BREACH). A NUL in the name and what follows is left out.
        case gzip(fileName: [UInt8] = [])
    }

    /// How much is written out.
    package enum Flush: Sendable, Hashable {
        /// As much as compresses well.
        case none
        /// All that was given so far, so that the receiver can read it.
        case sync
        /// All, and the end of the text.
        case finish

        fileprivate var code: Int32 {
            switch self {
            case .none: Z_NO_FLUSH
            case .sync: Z_SYNC_FLUSH
            case .finish: Z_FINISH
            }
        }
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var header: [UInt8]
    private var checksum: UInt?
    private var length: UInt32 = 0

    /// A compressor.
    ///
    /// - Parameters:
    ///   - format: what stands around the compressed bytes.
    ///   - level: 1 is fastest, 9 is smallest, 6 is zlib's choice.
    /// - Throws: ``CompressionError/outOfMemory``.
    package init(_ format: Format, level: Int = 6) throws(CompressionError) {
        var windowBits: Int32 = 15
        switch format {
        case .zlib:
            header = []
            checksum = nil
        case .gzip(let fileName):
            windowBits = -15
            header = Self.gzipHeader(fileName: fileName)
            checksum = crc32(0, nil, 0)
        }
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream,
            Int32(clamping: min(max(level, 1), 9)),
            Z_DEFLATED,
            windowBits,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else { throw .outOfMemory }
    }

    deinit {
        // Also right for a stream that could not be set up.
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Takes the next bytes.
    ///
    /// - Parameters:
    ///   - bytes: the next piece of the text.
    ///   - flush: how much is written out; nothing may follow ``Flush/finish``.
    /// - Returns: the compressed bytes that are ready.
    /// - Throws: ``CompressionError/outOfMemory``.
    package func compress(
        _ bytes: some Collection<UInt8>,
        flush: Flush = .none
    ) throws(CompressionError) -> [UInt8] {
        let input = Array(bytes)
        var output = header
        header = []
        // zlib counts in 32 bits.
        let step = 1 << 30
        var start = 0
        repeat {
            let end = min(input.count, start + step)
            let isLast = end == input.count
            try run(input[start..<end], isLast ? flush.code : Z_NO_FLUSH, &output)
            start = end
        } while start < input.count
        if flush == .finish, let checksum {
            for value in [UInt32(truncatingIfNeeded: checksum), length] {
                for shift in stride(from: UInt32(0), to: 32, by: 8) {
                    output.append(UInt8(truncatingIfNeeded: value >> shift))
                }
            }
        }
        return output
    }

    private func run(
        _ input: ArraySlice<UInt8>,
        _ flush: Int32,
        _ output: inout [UInt8]
    ) throws(CompressionError) {
        let status = input.withUnsafeBufferPointer { buffer -> Int32 in
            if let checksum, !buffer.isEmpty {
                self.checksum = crc32(checksum, buffer.baseAddress, UInt32(buffer.count))
                length &+= UInt32(buffer.count)
            }
            stream.pointee.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            stream.pointee.avail_in = UInt32(buffer.count)
            return ZlibOutput.collect(stream, into: &output) { deflate($0, flush) }
        }
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .outOfMemory
        }
    }

    /// The header of RFC 1952, section 2.3, without a time.
    private static func gzipHeader(fileName: [UInt8]) -> [UInt8] {
        let name = fileName.prefix { $0 != 0 }
        let flags: UInt8 = name.isEmpty ? 0 : 8
        let head: [UInt8] = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255]
        return name.isEmpty ? head : head + name + [0]
    }
}

/// Bytes that could not be compressed or read.
package enum CompressionError: Error, Hashable, CustomStringConvertible {
    /// zlib found no memory.
    case outOfMemory
    /// The bytes are no compressed text, or not a whole one.
    case corrupt
    /// There is more text in it than is accepted.
    case tooLarge(limit: Int)

    /// What went wrong.
    package var description: String {
        switch self {
        case .outOfMemory: "zlib found no memory."
        case .corrupt: "The bytes are no whole compressed text."
        case .tooLarge(let limit): "The compressed text has more than \(limit) bytes."
        }
    }
}

/// Gives zlib room for its output until it needs no more.
enum ZlibOutput {
    /// Calls `step` with 16 KB of room at a time and appends what it wrote.
    ///
    /// - Returns: the last status.
    static func collect(
        _ stream: UnsafeMutablePointer<z_stream>,
        upTo limit: Int = .max,
        into output: inout [UInt8],
        _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> Int32 {
        let size = 16_384
        var status = Z_OK
        repeat {
            let room = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(size)
                status = step(stream)
                count = size - Int(stream.pointee.avail_out)
            }
            output += room
        } while status == Z_OK && stream.pointee.avail_out == 0 && output.count <= limit
        return status
    }
}
