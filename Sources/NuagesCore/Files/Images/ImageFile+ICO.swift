extension ImageFile {
    /// The largest of the images in an icon.
    ///
    /// What each image says of itself counts, not what the list says of it: a side of 256 there can
    /// be a PNG of any size.
    mutating func readICO(_ reader: inout ImageReader) throws(ImageHeaderError) {
        let count = try reader.little(4, 2)
        guard (1...256).contains(count) else { throw .malformed("an icon has no images") }
        var largest = (width: 0, height: 0)
        var spans: [Range<Int>] = []
        for index in 0..<count {
            let entry = 6 + 16 * index
            let length = try reader.little(entry + 8, 4)
            let offset = try reader.little(entry + 12, 4)
            guard offset >= 6 + 16 * count, length >= 16 else {
                throw .malformed("an image of an icon lies in its list")
            }
            guard offset <= reader.size, length <= reader.size - offset else { throw .truncated }
            spans.append(offset..<(offset + length))
            let size = try iconSize(&reader, offset, length)
            try check(size.width, size.height)
            if size.width * size.height > largest.width * largest.height { largest = size }
        }
        // Many entries for one large image would be read many times.
        spans.sort { $0.lowerBound < $1.lowerBound }
        for (left, right) in zip(spans, spans.dropFirst()) where left.upperBound > right.lowerBound
        {
            throw .malformed("the images of an icon lie over each other")
        }
        let end = spans.last?.upperBound ?? 6 + 16 * count
        try setSize(largest.width, largest.height)
        try checkEnd(&reader, at: end)
    }

    /// The size of one image of the list, which is as long as the list says.
    private func iconSize(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ length: Int
    ) throws(ImageHeaderError) -> (width: Int, height: Int) {
        if try reader.big(offset, 4) == 0x8950_4E47 {
            var picture = ImageFile(format: .png, limits: limits)
            let end = try picture.readPNG(&reader, from: offset, to: offset + length)
            guard end == offset + length else { throw .trailingBytes(offset: end) }
            return (picture.width, picture.height)
        }
        let bitmap = try WindowsBitmap(&reader, offset)
        // The mask of what can be seen through is the second half.
        let height = bitmap.height / 2
        try check(bitmap.width, height)
        guard !bitmap.isCompressed,
            let pixels = bitmap.pixelSize(bitmap.bitCount, rows: height),
            let mask = bitmap.pixelSize(1, rows: height)
        else { throw .malformed("an image of an icon is none") }
        let least = bitmap.headerSize + bitmap.paletteSize + pixels
        guard length >= least else { throw .truncated }
        guard length <= least + mask else { throw .trailingBytes(offset: offset + least + mask) }
        return (bitmap.width, height)
    }
}
