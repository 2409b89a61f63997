extension ImageFile {
    /// The markers and segments of the image, and of those that cameras put behind it.
    ///
    /// Source: ITU-T T.81, annex B; CIPA DC-007 for several pictures in a file.
    ///
    /// Phones put more behind it, which ``CameraTrailer`` knows.
    mutating func readJPEG(_ reader: inout ImageReader) throws(ImageHeaderError) {
        var end = try readJPEGStream(&reader, from: 0, isFirst: true)
        for _ in 0..<16 {
            var next = end
            while next < reader.size, next - end < 65_536, try reader.byte(next) == 0 { next += 1 }
            guard next + 2 < reader.size, try reader.big(next, 3) == 0xFFD8FF else { break }
            end = try readJPEGStream(&reader, from: next, isFirst: false)
        }
        if !limits.allowsTrailingBytes { end = try CameraTrailer.end(&reader, from: end) }
        try checkEnd(&reader, at: end)
    }

    /// Reads from one start of an image to its end, which it returns.
    private mutating func readJPEGStream(
        _ reader: inout ImageReader,
        from start: Int,
        isFirst: Bool
    ) throws(ImageHeaderError) -> Int {
        var offset = start + 2
        var hasSize = false
        var hasScan = false
        while true {
            guard try reader.byte(offset) == 0xFF else {
                throw .malformed("a marker of a JPEG is missing")
            }
            // A marker may have any number of fill bytes in front.
            var code = offset + 1
            while try reader.byte(code) == 0xFF { code += 1 }
            let marker = try reader.byte(code)
            offset = code + 1
            switch marker {
            case 0xD9:
                guard hasSize, hasScan else { throw .malformed("a JPEG has no image data") }
                return offset
            case 0x01: continue
            case 0x00, 0xD0...0xD8: throw .malformed("a marker of a JPEG is out of place")
            default: break
            }
            let length = try reader.big(offset, 2)
            guard length >= 2 else { throw .malformed("a segment of a JPEG is too short") }
            guard length <= reader.size - offset else { throw .truncated }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard !hasSize else { throw .malformed("a JPEG has two sizes") }
                try readFrame(&reader, offset, length, isFirst)
                hasSize = true
            case 0xE1 where isFirst && length > 16:
                guard try reader.has("Exif\0\0", at: offset + 2) else { break }
                orientation = ExifOrientation.read(&reader, offset + 8, length - 8) ?? orientation
            case 0xDA:
                guard hasSize else { throw .malformed("a JPEG has image data before its size") }
                hasScan = true
                offset = try Self.endOfScan(&reader, offset + length)
                continue
            default: break
            }
            offset += length
        }
    }

    private mutating func readFrame(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ length: Int,
        _ isFirst: Bool
    ) throws(ImageHeaderError) {
        guard length >= 8 else { throw .malformed("the frame of a JPEG is too short") }
        let components = Int(try reader.byte(offset + 7))
        guard (1...4).contains(components), length == 8 + 3 * components else {
            throw .malformed("the frame of a JPEG is none")
        }
        let (height, width) = (try reader.big(offset + 3, 2), try reader.big(offset + 5, 2))
        if isFirst { try setSize(width, height) } else { try check(width, height) }
    }

    /// Where the next marker behind compressed data stands.
    private static func endOfScan(
        _ reader: inout ImageReader,
        _ start: Int
    ) throws(ImageHeaderError) -> Int {
        var offset = start
        while let found = try reader.next(0xFF, from: offset) {
            switch try reader.byte(found + 1) {
            case 0x00, 0xD0...0xD7: offset = found + 2
            case 0xFF: offset = found + 1
            default: return found
            }
        }
        throw .truncated
    }
}

/// The orientation that Exif gives an image.
enum ExifOrientation {
    /// The orientation in a TIFF structure; nil where there is none, or none that can be read.
    static func read(_ reader: inout ImageReader, _ start: Int, _ length: Int) -> Int? {
        do throws(ImageHeaderError) {
            guard let order = try TIFFOrder(&reader, start) else { return nil }
            let first = try order.number(&reader, start + 4, 4)
            guard first >= 8, first <= length - 2 else { return nil }
            let count = min(try order.number(&reader, start + first, 2), 512)
            for index in 0..<count {
                let entry = start + first + 2 + index * 12
                guard entry + 12 <= start + length else { return nil }
                guard try order.number(&reader, entry, 2) == 0x0112 else { continue }
                let value = try order.number(&reader, entry + 8, 2)
                return (1...8).contains(value) ? value : nil
            }
        } catch {}
        return nil
    }
}

/// Which byte of a number comes first in a TIFF structure.
struct TIFFOrder {
    private let isLittle: Bool

    /// Reads the first four bytes; nil where they are not those of a TIFF.
    init?(_ reader: inout ImageReader, _ offset: Int) throws(ImageHeaderError) {
        switch try reader.big(offset, 4) {
        case 0x4949_2A00: isLittle = true
        case 0x4D4D_002A: isLittle = false
        default: return nil
        }
    }

    func number(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ count: Int
    ) throws(ImageHeaderError) -> Int {
        isLittle ? try reader.little(offset, count) : try reader.big(offset, count)
    }
}
