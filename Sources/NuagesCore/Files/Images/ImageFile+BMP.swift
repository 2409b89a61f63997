extension ImageFile {
    /// Source: BITMAPFILEHEADER and BITMAPINFOHEADER of the Windows SDK.
    mutating func readBMP(_ reader: inout ImageReader) throws(ImageHeaderError) {
        let data = try reader.little(10, 4)
        let bitmap = try WindowsBitmap(&reader, 14)
        try setSize(bitmap.width, bitmap.height)
        guard data >= 14 + bitmap.headerSize else {
            throw .malformed("the pixels of a BMP begin in its header")
        }
        let size =
            bitmap.isCompressed
            ? bitmap.dataSize : bitmap.pixelSize(bitmap.bitCount, rows: bitmap.height)
        guard data <= reader.size, let size, size <= reader.size - data else { throw .truncated }
        try checkEnd(&reader, at: data + size)
    }
}

/// The header of a bitmap, in a file of its own or in an icon.
struct WindowsBitmap {
    let headerSize: Int
    let width: Int
    let height: Int
    let bitCount: Int
    let isCompressed: Bool
    let dataSize: Int
    /// The bytes of the list of colours.
    let paletteSize: Int

    init(_ reader: inout ImageReader, _ start: Int) throws(ImageHeaderError) {
        headerSize = try reader.little(start, 4)
        let isCore = headerSize == 12
        guard isCore || [16, 40, 52, 56, 64, 108, 124].contains(headerSize) else {
            throw .malformed("the header of a BMP is none")
        }
        let side = isCore ? 2 : 4
        width = try Self.signed(&reader, start + 4, side)
        // A negative height is that of an image whose first row is the upper one.
        height = abs(try Self.signed(&reader, start + 4 + side, side))
        let planes = start + 4 + 2 * side
        bitCount = try reader.little(planes + 2, 2)
        guard try reader.little(planes, 2) == 1, [1, 2, 4, 8, 16, 24, 32].contains(bitCount) else {
            throw .malformed("the colours of a BMP are none")
        }
        guard headerSize >= 40 else {
            (isCompressed, dataSize) = (false, 0)
            paletteSize = bitCount <= 8 ? 3 << bitCount : 0
            return
        }
        let compression = try reader.little(start + 16, 4)
        guard [0, 1, 2, 3, 6].contains(compression) else {
            throw .malformed("the compression of a BMP is none")
        }
        isCompressed = compression == 1 || compression == 2
        dataSize = try reader.little(start + 20, 4)
        let used = try reader.little(start + 32, 4)
        paletteSize = used > 0 ? used * 4 : bitCount <= 8 ? 4 << bitCount : 0
    }

    /// How many bytes so many rows of pixels have; nil beyond all measure.
    func pixelSize(_ bitCount: Int, rows: Int) -> Int? {
        let row = (width * bitCount + 31) / 32 * 4
        let (size, overflow) = row.multipliedReportingOverflow(by: rows)
        return overflow ? nil : size
    }

    private static func signed(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ count: Int
    ) throws(ImageHeaderError) -> Int {
        let number = try reader.little(offset, count)
        return count == 4 ? Int(Int32(truncatingIfNeeded: number)) : number
    }
}
