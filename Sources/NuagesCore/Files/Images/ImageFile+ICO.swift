extension ImageFile {
    /// The largest of the images in an icon.
    ///
    /// What each image says of itself counts, not what the list says of it: a side of 256 there can
    /// be a PNG of any size.
    mutating func readICO(_ reader: inout ImageReader) throws(ImageHeaderError) {
        let count = try reader.little(4, 2)
        guard (1...256).contains(count) else { throw .malformed("an icon has no images") }
        var largest = (width: 0, height: 0)
        var end = 6 + 16 * count
        for index in 0..<count {
            let entry = 6 + 16 * index
            let length = try reader.little(entry + 8, 4)
            let offset = try reader.little(entry + 12, 4)
            guard offset >= 6 + 16 * count, length >= 16 else {
                throw .malformed("an image of an icon lies in its list")
            }
            guard offset <= reader.size, length <= reader.size - offset else { throw .truncated }
            let size = try Self.iconSize(&reader, offset)
            try check(size.width, size.height)
            if size.width * size.height > largest.width * largest.height { largest = size }
            end = max(end, offset + length)
        }
        try setSize(largest.width, largest.height)
        try checkEnd(&reader, at: end)
    }

    private static func iconSize(
        _ reader: inout ImageReader,
        _ offset: Int
    ) throws(ImageHeaderError) -> (width: Int, height: Int) {
        if try reader.big(offset, 4) == 0x8950_4E47 {
            guard try reader.big(offset + 8, 4) == 13, try reader.has("IHDR", at: offset + 12)
            else {
                throw .malformed("an image of an icon is none")
            }
            return (try reader.big(offset + 16, 4), try reader.big(offset + 20, 4))
        }
        let bitmap = try WindowsBitmap(&reader, offset)
        // The mask of what can be seen through is the second half.
        return (bitmap.width, bitmap.height / 2)
    }
}
