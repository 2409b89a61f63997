import NuagesCore

/// The size of an image in pixels.
public struct ImageSize: Sendable, Hashable {
    /// The width.
    public var width: Int
    /// The height.
    public var height: Int

    /// A size.
    ///
    /// - Parameters:
    ///   - width: the width.
    ///   - height: the height.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension File {
    /// The size that an image says it has, read from its beginning without decoding a pixel.
    ///
    ///     try await file.imageSize()      // 640 × 480
    ///
    /// PNG, GIF, JPEG, WebP and BMP are known. It says nothing of whether the rest of the file is an
    /// image.
    ///
    /// Django: `get_image_dimensions`.
    ///
    /// - Returns: the size; nil for another file.
    /// - Throws: what reading fails with.
    public func imageSize() async throws -> ImageSize? {
        let head = ImageHead(try await bytes(in: 0..<64))
        if let size = head.size { return size }
        guard head.isJPEG else { return nil }
        // The size stands behind the camera's notes, in each of which are at most 64 KB.
        return ImageHead(try await bytes(in: 0..<1_048_576)).jpegSize
    }
}

/// The beginning of an image.
private struct ImageHead {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isJPEG: Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

    var size: ImageSize? {
        switch FileSignature.mediaType(of: bytes) {
        case "image/png": made(big(16, 4), big(20, 4))
        case "image/gif": made(little(6, 2), little(8, 2))
        case "image/bmp": made(little(18, 4), bitmapHeight)
        case "image/webp": webPSize
        default: nil
        }
    }

    /// A bitmap that is stored from the top has a negative height.
    private var bitmapHeight: Int? {
        little(22, 4).map { Int(Int32(truncatingIfNeeded: $0).magnitude) }
    }

    private var webPSize: ImageSize? {
        guard bytes.count >= 30 else { return nil }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8X": return made(little(24, 3).map { $0 + 1 }, little(27, 3).map { $0 + 1 })
        case "VP8 ":
            return made(little(26, 2).map { $0 & 0x3FFF }, little(28, 2).map { $0 & 0x3FFF })
        case "VP8L":
            return little(21, 4).map {
                ImageSize(width: ($0 & 0x3FFF) + 1, height: ($0 >> 14 & 0x3FFF) + 1)
            }
        default: return nil
        }
    }

    /// The size in the first frame header (ISO 10918-1, B.2.2).
    var jpegSize: ImageSize? {
        var place = 2
        while let marker = big(place, 2) {
            if marker == 0xFFFF {
                place += 1
                continue
            }
            guard marker >> 8 == 0xFF, let length = big(place + 2, 2), length >= 2 else {
                return nil
            }
            let kind = marker & 0xFF
            if (0xC0...0xCF).contains(kind), ![0xC4, 0xC8, 0xCC].contains(kind) {
                return made(big(place + 7, 2), big(place + 5, 2))
            }
            if kind == 0xDA || kind == 0xD9 { return nil }
            place += 2 + length
        }
        return nil
    }

    private func made(_ width: Int?, _ height: Int?) -> ImageSize? {
        guard let width, let height, width > 0, height > 0 else { return nil }
        return ImageSize(width: width, height: height)
    }

    private func big(_ offset: Int, _ count: Int) -> Int? {
        guard offset + count <= bytes.count else { return nil }
        return bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    private func little(_ offset: Int, _ count: Int) -> Int? {
        guard offset + count <= bytes.count else { return nil }
        return bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
