internal import CZlib

extension ImageFile {
    /// Which bit depths each colour type may have (PNG, table 11.1).
    private static let depths: [Int: Set<Int>] = [
        0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]

    /// The first eight bytes, as a number.
    private static let signature = Int(bitPattern: 0x8950_4E47_0D0A_1A0A)

    /// Source: the PNG specification, third edition.
    mutating func readPNG(_ reader: inout ImageReader) throws(ImageHeaderError) {
        let end = try readPNG(&reader, from: 0, to: reader.size)
        try checkEnd(&reader, at: end)
    }

    /// Reads an image that lies in a file; returns where it ends, which is at `limit` or before.
    mutating func readPNG(
        _ reader: inout ImageReader,
        from start: Int,
        to limit: Int
    ) throws(ImageHeaderError) -> Int {
        guard try reader.big(start, 8) == Self.signature else { throw .unknownFormat }
        guard try reader.big(start + 8, 4) == 13, try reader.has("IHDR", at: start + 12) else {
            throw .malformed("a PNG does not begin with IHDR")
        }
        try setSize(try reader.big(start + 16, 4), try reader.big(start + 20, 4))
        let colour = Int(try reader.byte(start + 25))
        guard Self.depths[colour]?.contains(Int(try reader.byte(start + 24))) == true,
            try reader.big(start + 26, 2) == 0, try reader.byte(start + 28) <= 1
        else { throw .malformed("the IHDR of a PNG is none") }
        var chunks = PNGChunks()
        var offset = start + 8
        while !chunks.hasEnd {
            let length = try reader.big(offset, 4)
            let type = Array(try reader.bytes(offset + 4, 4))
            guard length <= 0x7FFF_FFFF,
                type.allSatisfy({ $0.isASCIIAlphanumeric && !$0.isASCIIDigit })
            else {
                throw .malformed("a chunk of a PNG has no name")
            }
            guard length <= limit - offset - 12 else { throw .truncated }
            try Self.checkChecksum(&reader, offset, length)
            switch String(decoding: type, as: UTF8.self) {
            case "IHDR" where offset != start + 8: throw .malformed("a PNG has two headers")
            case "PLTE":
                guard length > 0, length <= 768, length % 3 == 0 else {
                    throw .malformed("the palette of a PNG is none")
                }
                chunks.hasPalette = true
            case "IDAT":
                guard colour != 3 || chunks.hasPalette else {
                    throw .malformed("a PNG has no palette")
                }
                chunks.hasData = true
            case "acTL": try setFrameCount(try reader.big(offset + 8, 4))
            case "eXIf" where length >= 8:
                orientation = ExifOrientation.read(&reader, offset + 8, length) ?? orientation
            case "IEND":
                guard length == 0 else { throw .malformed("the end of a PNG has contents") }
                chunks.hasEnd = true
            default: break
            }
            offset += length + 12
        }
        guard chunks.hasData else { throw .malformed("a PNG has no image data") }
        return offset
    }

    private struct PNGChunks {
        var hasPalette = false
        var hasData = false
        var hasEnd = false
    }

    private static func checkChecksum(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ length: Int
    ) throws(ImageHeaderError) {
        var sum = crc32(0, nil, 0)
        var position = offset + 4
        let end = offset + 8 + length
        while position < end {
            let piece = try reader.bytes(position, min(ImageReader.windowSize, end - position))
            sum = piece.withUnsafeBufferPointer { crc32(sum, $0.baseAddress, UInt32($0.count)) }
            position += piece.count
        }
        let expected = try reader.big(end, 4)
        guard Int(sum) == expected else {
            throw .malformed("a checksum of a PNG is wrong")
        }
    }
}
