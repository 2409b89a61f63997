extension ImageFile {
    /// Source: the GIF89a specification.
    mutating func readGIF(_ reader: inout ImageReader) throws(ImageHeaderError) {
        let (screenWidth, screenHeight) = (try reader.little(6, 2), try reader.little(8, 2))
        try setSize(screenWidth, screenHeight)
        var offset = 13 + Self.tableSize(try reader.byte(10))
        var frames = 0
        while true {
            switch try reader.byte(offset) {
            case 0x3B:
                guard frames > 0 else { throw .malformed("a GIF has no image") }
                try setFrameCount(frames)
                return try checkEnd(&reader, at: offset + 1)
            case 0x21: offset = try Self.endOfBlocks(&reader, offset + 2)
            case 0x2C:
                try check(try reader.little(offset + 5, 2), try reader.little(offset + 7, 2))
                frames += 1
                try setFrameCount(frames)
                let table = Self.tableSize(try reader.byte(offset + 9))
                offset = try Self.endOfBlocks(&reader, offset + 11 + table)
            default: throw .malformed("a block of a GIF is none")
            }
        }
    }

    private static func tableSize(_ flags: UInt8) -> Int {
        flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1)
    }

    private static func endOfBlocks(
        _ reader: inout ImageReader,
        _ start: Int
    ) throws(ImageHeaderError) -> Int {
        var offset = start
        while true {
            let length = Int(try reader.byte(offset))
            offset += length + 1
            if length == 0 { return offset }
        }
    }
}
