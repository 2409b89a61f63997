/// What an image says of itself, read from its bytes without decoding a pixel.
///
///     let header = try ImageHeader(parsing: bytes)
///     print(header.format, header.width, header.height)    // png 640 480
///
/// The structure is checked to the file's end: checksums and order of a PNG's chunks, the markers of
/// a JPEG, the blocks of a GIF, the boxes of an AVIF. A file that is cut off, or to whose end
/// something else was appended, is refused.
///
/// An image may still be something else as well: comments and profiles within it hold any bytes, such
/// as those of a page. Send uploads by their real type with `nosniff`, as `mediaRoutes` does.
///
/// Work and memory are bounded whatever the bytes are, and nothing is recursive.
///
/// Django asks Pillow's `Image.open(…).verify()`.
public struct ImageHeader: Sendable, Hashable {
    /// The format.
    public let format: ImageFormat
    /// The stored width in pixels; cameras that are held upright store turned images.
    public let width: Int
    /// The stored height in pixels.
    public let height: Int
    /// How the image is turned for showing, from 1 (not at all) to 8, as Exif counts.
    public internal(set) var orientation = 1
    /// How many pictures an animation has; 1 for a still one.
    public internal(set) var frameCount = 1

    init(_ format: ImageFormat, _ width: Int, _ height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }

    /// The width as it is shown.
    public var displayWidth: Int { orientation >= 5 ? height : width }
    /// The height as it is shown.
    public var displayHeight: Int { orientation >= 5 ? width : height }
    /// The media type, such as `image/png`.
    public var mediaType: String { format.mediaType }

    /// Reads the header of an image in memory.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - limits: what it may be.
    ///   - formats: the formats to read; nil is all. Of others no more than the first bytes are read.
    /// - Throws: ``ImageHeaderError`` where it is no image, a broken one, or beyond a limit.
    public init(
        parsing bytes: [UInt8],
        limits: ImageLimits = ImageLimits(),
        formats: [ImageFormat]? = nil
    ) throws(ImageHeaderError) {
        var reader = ImageReader(bytes)
        self = try Self.read(&reader, limits, formats)
    }

    /// Reads the header of an image from anywhere, without waiting for anything but `read`.
    ///
    /// - Parameters:
    ///   - size: the size of the file.
    ///   - limits: what it may be.
    ///   - read: up to as many bytes from an offset on.
    /// - Throws: ``ImageHeaderError`` where it is no image, a broken one, or beyond a limit.
    package init(
        size: Int,
        limits: ImageLimits,
        read: @escaping (_ offset: Int, _ count: Int) throws(TemporaryFileError) -> [UInt8]
    ) throws(ImageHeaderError) {
        var reader = ImageReader(size: size, source: read)
        self = try Self.read(&reader, limits, nil)
    }

    static func read(
        _ reader: inout ImageReader,
        _ limits: ImageLimits,
        _ formats: [ImageFormat]?
    ) throws(ImageHeaderError) -> ImageHeader {
        let head = try reader.bytes(0, min(reader.size, FileSignature.length))
        guard let format = ImageFormat(signatureOf: head) else { throw .unknownFormat }
        guard formats?.contains(format) ?? true else { throw .unacceptedFormat(format) }
        var file = ImageFile(format: format, limits: limits)
        switch format {
        case .png: try file.readPNG(&reader)
        case .jpeg: try file.readJPEG(&reader)
        case .gif: try file.readGIF(&reader)
        case .webp: try file.readWebP(&reader)
        case .bmp: try file.readBMP(&reader)
        case .tiff: try file.readTIFF(&reader)
        case .avif, .heic: try file.readISO(&reader)
        case .ico: try file.readICO(&reader)
        }
        return try file.header()
    }
}

/// A format of images whose header is read here.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
    /// Portable Network Graphics, also animated.
    case png
    /// JPEG.
    case jpeg
    /// GIF, also animated.
    case gif
    /// WebP, also animated.
    case webp
    /// A bitmap of Windows.
    case bmp
    /// TIFF.
    case tiff
    /// AV1 in the container of HEIF.
    case avif
    /// HEVC in the container of HEIF.
    case heic
    /// Icons of Windows.
    case ico

    /// The formats that browsers show, in this order: all but TIFF and HEIC.
    public static let web: [ImageFormat] = [.avif, .bmp, .gif, .ico, .jpeg, .png, .webp]

    /// The media type, such as `image/png`.
    public var mediaType: String {
        self == .ico ? "image/vnd.microsoft.icon" : "image/" + rawValue
    }

    /// The endings of file names, in lower case and without their dot.
    public var extensions: [String] {
        switch self {
        case .png: ["apng", "png"]
        case .jpeg: ["jfif", "jpe", "jpeg", "jpg"]
        case .tiff: ["tif", "tiff"]
        case .heic: ["heic", "heif"]
        default: [rawValue]
        }
    }

    /// The format whose first bytes these are.
    init?(signatureOf head: ArraySlice<UInt8>) {
        guard let type = FileSignature.mediaType(of: head) else { return nil }
        let canonical = FileSignature.canonical(type)
        guard let format = Self.allCases.first(where: { $0.mediaType == canonical }) else {
            return nil
        }
        self = format
    }
}

/// What an image may be.
public struct ImageLimits: Sendable, Hashable {
    /// The most pixels, as width times height: 89,478,485, where Pillow begins to warn.
    ///
    /// A file of some kilobytes can say that it has millions of pixels; who decodes it needs four
    /// bytes for each.
    public var maxPixels: Int
    /// The most pictures of an animation; each takes as much as one image.
    public var maxFrames: Int
    /// Whether a file may go on behind the end of its image.
    ///
    /// Padding, and what cameras put behind a JPEG, are allowed in any case: further images, a short
    /// film, the notes of Samsung's.
    public var allowsTrailingBytes: Bool

    /// Limits.
    ///
    /// - Parameters:
    ///   - maxPixels: the most pixels, as width times height.
    ///   - maxFrames: the most pictures of an animation.
    ///   - allowsTrailingBytes: whether a file may go on behind the end of its image.
    public init(
        maxPixels: Int = 89_478_485,
        maxFrames: Int = 1000,
        allowsTrailingBytes: Bool = false
    ) {
        self.maxPixels = maxPixels
        self.maxFrames = maxFrames
        self.allowsTrailingBytes = allowsTrailingBytes
    }
}

/// Why a file is not taken for an image.
public enum ImageHeaderError: Error, Hashable, CustomStringConvertible {
    /// The first bytes are those of no format that is known here.
    case unknownFormat
    /// The first bytes are those of a format that was not asked for.
    case unacceptedFormat(ImageFormat)
    /// The file ends before the image does.
    case truncated
    /// Something in the file cannot be.
    case malformed(String)
    /// A side has no pixels.
    case empty
    /// The image is larger than ``ImageLimits/maxPixels``.
    case tooManyPixels(width: Int, height: Int, limit: Int)
    /// The animation is longer than ``ImageLimits/maxFrames``.
    case tooManyFrames(limit: Int)
    /// The file goes on behind the image.
    case trailingBytes(offset: Int)
    /// The disk failed.
    case unreadable(TemporaryFileError)

    /// What is wrong.
    public var description: String {
        switch self {
        case .unknownFormat: "The file is no image of a known format."
        case .unacceptedFormat(let format): "The format \(format.rawValue) is not accepted."
        case .truncated: "The file ends before the image does."
        case .malformed(let what): "The image is broken: \(what)."
        case .empty: "The image has no pixels."
        case .tooManyPixels(let width, let height, let limit):
            "The image has \(width) × \(height) pixels, more than \(limit)."
        case .tooManyFrames(let limit): "The image has more than \(limit) pictures."
        case .trailingBytes(let offset): "The file goes on behind the image's end, at \(offset)."
        case .unreadable(let error): error.description
        }
    }
}

extension UploadedFile {
    /// What the file says of itself as an image.
    ///
    /// A file on disk is read in pieces; it is never in memory as a whole.
    ///
    /// - Parameters:
    ///   - limits: what the image may be.
    ///   - formats: the formats to read; nil is all. Of others no more than the first bytes are read.
    /// - Returns: its format and its size.
    /// - Throws: ``ImageHeaderError`` where it is no image, a broken one, or beyond a limit.
    public func imageHeader(
        limits: ImageLimits = ImageLimits(),
        formats: [ImageFormat]? = nil
    ) throws(ImageHeaderError) -> ImageHeader {
        var reader = ImageReader(self)
        return try ImageHeader.read(&reader, limits, formats)
    }
}

/// What is found out of one image while it is read.
struct ImageFile {
    let format: ImageFormat
    let limits: ImageLimits
    var width = 0
    var height = 0
    var orientation = 1
    var frameCount = 1
    /// Whether the pixels of an AVIF or HEIC lie among its properties.
    var hasInlineData = false

    init(format: ImageFormat, limits: ImageLimits) {
        self.format = format
        self.limits = limits
    }

    /// Takes the size, if it may be.
    mutating func setSize(_ width: Int, _ height: Int) throws(ImageHeaderError) {
        try check(width, height)
        (self.width, self.height) = (width, height)
    }

    func check(_ width: Int, _ height: Int) throws(ImageHeaderError) {
        guard width > 0, height > 0 else { throw .empty }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limits.maxPixels else {
            throw .tooManyPixels(width: width, height: height, limit: limits.maxPixels)
        }
    }

    mutating func setFrameCount(_ count: Int) throws(ImageHeaderError) {
        guard count <= limits.maxFrames else { throw .tooManyFrames(limit: limits.maxFrames) }
        frameCount = max(1, count)
    }

    /// Refuses what stands behind the image's end, unless it is padding.
    func checkEnd(_ reader: inout ImageReader, at end: Int) throws(ImageHeaderError) {
        guard !limits.allowsTrailingBytes else { return }
        var offset = end
        while offset < reader.size {
            let piece = try reader.bytes(offset, min(ImageReader.windowSize, reader.size - offset))
            if let index = piece.firstIndex(where: { $0 != 0 && $0 != 0x0A && $0 != 0x0D }) {
                throw .trailingBytes(offset: offset + index - piece.startIndex)
            }
            offset += piece.count
        }
    }

    func header() throws(ImageHeaderError) -> ImageHeader {
        guard width > 0, height > 0 else { throw .malformed("its size is missing") }
        var header = ImageHeader(format, width, height)
        header.orientation = orientation
        header.frameCount = frameCount
        return header
    }
}
