internal import NIOCore

/// Finds where frames begin in the bytes of one direction of an HTTP/2 connection, however they
/// are cut into pieces (RFC 9113, section 4.1).
struct FrameHeads {
    static let data: UInt8 = 0, headers: UInt8 = 1, goAway: UInt8 = 7, windowUpdate: UInt8 = 8,
        continuation: UInt8 = 9
    private static let size = 9

    /// How many bytes come before the next head.
    private var rest: Int
    /// How many bytes of a head have come.
    private var headCount = 0
    private var length = 0
    private var type: UInt8 = 0

    /// - Parameter count: how many bytes come before the first frame.
    init(skipping count: Int = 0) { rest = count }

    /// Goes on behind the next head.
    ///
    /// - Parameter bytes: what came; what is left of it begins with what is in the frame.
    /// - Returns: the type of the frame, or nil at the end of the bytes.
    mutating func next(in bytes: inout ByteBuffer) -> UInt8? {
        let count = min(rest, bytes.readableBytes)
        bytes.moveReaderIndex(forwardBy: count)
        rest -= count
        while rest == 0, let byte = bytes.readInteger(as: UInt8.self) {
            if headCount < 3 {
                length = length << 8 | Int(byte)
            } else if headCount == 3 {
                type = byte
            }
            headCount += 1
            guard headCount == Self.size else { continue }
            rest = length
            headCount = 0
            length = 0
            return type
        }
        return nil
    }
}
