extension ImageFile {
    /// Source: RFC 9649 (WebP) and RFC 6386 (VP8).
    mutating func readWebP(_ reader: inout ImageReader) throws(ImageHeaderError) {
        let length = try reader.little(4, 4)
        guard length >= 12 else { throw .malformed("a WebP is too short") }
        guard length <= reader.size - 8 else { throw .truncated }
        let end = 8 + length
        var offset = 12
        var frames = 0
        var isExtended = false
        var hasImage = false
        while offset <= end - 8 {
            let size = try reader.little(offset + 4, 4)
            guard size <= end - offset - 8 else { throw .truncated }
            let body = offset + 8
            switch try reader.big(offset, 4) {
            case 0x5650_3820:  // "VP8 "
                try readLossy(&reader, body, isExtended)
                hasImage = true
            case 0x5650_384C:  // "VP8L"
                try readLossless(&reader, body, isExtended)
                hasImage = true
            case 0x5650_3858:  // "VP8X"
                guard offset == 12, size >= 10 else { throw .malformed("a WebP has two headers") }
                try setSize(try reader.little(body + 4, 3) + 1, try reader.little(body + 7, 3) + 1)
                isExtended = true
            case 0x414E_4D46:  // "ANMF"
                guard isExtended, size >= 24 else { throw .malformed("a WebP has a stray frame") }
                try check(
                    try reader.little(body + 6, 3) + 1,
                    try reader.little(body + 9, 3) + 1
                )
                frames += 1
                try setFrameCount(frames)
                hasImage = true
            case 0x4558_4946:  // "EXIF"
                orientation = ExifOrientation.read(&reader, body, size) ?? orientation
            default: break
            }
            // The first chunk decides how long the rest may be, and pieces have an even length.
            offset = body + size + size % 2
        }
        guard hasImage else { throw .malformed("a WebP has no image data") }
        try checkEnd(&reader, at: end)
    }

    private mutating func readLossy(
        _ reader: inout ImageReader,
        _ body: Int,
        _ isExtended: Bool
    ) throws(ImageHeaderError) {
        guard try reader.byte(body) & 1 == 0, try reader.big(body + 3, 3) == 0x9D012A else {
            throw .malformed("a WebP does not begin with a key frame")
        }
        try takeSize(
            try reader.little(body + 6, 2) & 0x3FFF,
            try reader.little(body + 8, 2) & 0x3FFF,
            isExtended
        )
    }

    private mutating func readLossless(
        _ reader: inout ImageReader,
        _ body: Int,
        _ isExtended: Bool
    ) throws(ImageHeaderError) {
        guard try reader.byte(body) == 0x2F else {
            throw .malformed("a WebP has no lossless header")
        }
        let bits = try reader.little(body + 1, 4)
        guard bits >> 29 == 0 else { throw .malformed("a WebP is of an unknown version") }
        try takeSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, isExtended)
    }

    /// The canvas has the size of its only image.
    private mutating func takeSize(
        _ width: Int,
        _ height: Int,
        _ isExtended: Bool
    ) throws(ImageHeaderError) {
        guard isExtended else { return try setSize(width, height) }
        guard width == self.width, height == self.height else {
            throw .malformed("a WebP has two sizes")
        }
    }
}
