/// What a file is by its first bytes, whatever its name and its declared type say.
public enum FileSignature {
    /// How many bytes at the beginning of a file are looked at.
    public static let length = 64

    /// The media type that the first bytes of a file show; nil where they show none that is known
    /// here.
    ///
    ///     FileSignature.mediaType(of: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])   // image/png
    ///
    /// Source: the MIME Sniffing Standard, section 6, and the formats' own descriptions.
    ///
    /// - Parameter bytes: the beginning of the file; ``length`` bytes are enough.
    /// - Returns: a type such as `image/png`.
    public static func mediaType(of bytes: some Collection<UInt8>) -> String? {
        let head = Array(bytes.prefix(length))
        for (signature, type) in signatures where head.starts(with: signature) { return type }
        if head.starts(with: riff) { return riffs[text(head, 8..<12)] }
        if text(head, 4..<8) == "ftyp" { return container(head) }
        return markup(head)
    }

    private static let riff = Array("RIFF".utf8)

    private static let signatures: [(bytes: [UInt8], type: String)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        (Array("GIF87a".utf8), "image/gif"),
        (Array("GIF89a".utf8), "image/gif"),
        (Array("BM".utf8), "image/bmp"),
        ([0x49, 0x49, 0x2A, 0x00], "image/tiff"),
        ([0x4D, 0x4D, 0x00, 0x2A], "image/tiff"),
        ([0x00, 0x00, 0x01, 0x00], "image/vnd.microsoft.icon"),
        (Array("%PDF-".utf8), "application/pdf"),
        ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
        ([0x50, 0x4B, 0x05, 0x06], "application/zip"),
        ([0x1F, 0x8B, 0x08], "application/gzip"),
        (Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
        ([0x7F] + Array("ELF".utf8), "application/x-executable"),
        (Array("MZ".utf8), "application/x-msdownload"),
        (Array("OggS".utf8) + [0x00], "application/ogg"),
        (Array("ID3".utf8), "audio/mpeg"),
        ([0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
        (Array("{\\rtf".utf8), "application/rtf"),
    ]

    private static let riffs = [
        "WEBP": "image/webp", "WAVE": "audio/x-wav", "AVI ": "video/x-msvideo",
    ]

    private static let brands = [
        "avif": "image/avif", "avis": "image/avif", "heic": "image/heic", "heix": "image/heic",
        "heim": "image/heic", "heis": "image/heic", "hevc": "image/heic", "hevx": "image/heic",
        "msf1": "image/heif",
        "mif1": "image/heif", "isom": "video/mp4", "iso2": "video/mp4", "iso4": "video/mp4",
        "iso5": "video/mp4", "iso6": "video/mp4", "avc1": "video/mp4", "dash": "video/mp4",
        "MSNV": "video/mp4", "mp41": "video/mp4", "mp42": "video/mp4", "M4A ": "audio/mp4",
        "M4V ": "video/mp4", "qt  ": "video/quicktime",
    ]

    /// The type of a file of boxes by its first brand.
    ///
    /// One that says only that it is HEIF says among its further brands what is in it.
    private static func container(_ head: [UInt8]) -> String? {
        guard let type = brands[text(head, 8..<12)], type == "image/heif" else {
            return brands[text(head, 8..<12)]
        }
        let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
        let further = stride(from: 16, through: min(length, head.count) - 4, by: 4)
            .lazy.compactMap { brands[text(head, $0..<($0 + 4))] }
        return further.first { $0 == "image/avif" || $0 == "image/heic" } ?? type
    }

    /// Markup that a browser may run: it stands behind white space and byte order marks.
    private static func markup(_ head: [UInt8]) -> String? {
        var rest = head[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let start = String(decoding: rest.map(\.asciiLowercased), as: UTF8.self)
        for (tag, type) in tags where start.utf8.starts(with: tag.utf8) { return type }
        return nil
    }

    private static let tags = [
        ("<svg", "image/svg+xml"), ("<?xml", "text/xml"), ("<!doctype html", "text/html"),
        ("<html", "text/html"), ("<head", "text/html"), ("<script", "text/html"),
        ("<iframe", "text/html"), ("<body", "text/html"), ("<!--", "text/html"),
    ]

    private static func text(_ head: [UInt8], _ range: Range<Int>) -> String {
        head.count < range.upperBound ? "" : String(decoding: head[range], as: UTF8.self)
    }

    /// Whether a file declared as an image is not what it says; false for other declared types.
    ///
    /// - Parameters:
    ///   - declared: the declared type.
    ///   - bytes: the beginning of the file.
    /// - Returns: true where the bytes show another type, or none that is known.
    package static func contradicts(_ declared: String, _ bytes: some Collection<UInt8>) -> Bool {
        let type = declared.asciiLowercased
        guard type.utf8.starts(with: "image/".utf8) else { return false }
        let found = mediaType(of: bytes)
        if let found, canonical(found).equalsBytes(canonical(type)) { return false }
        // An SVG is XML, and may begin like any other.
        return !(type.equalsBytes("image/svg+xml") && found == "text/xml")
    }

    /// The usual name of a type that has several.
    package static func canonical(_ type: String) -> String { aliases[type] ?? type }

    private static let aliases = [
        "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png",
        "image/x-icon": "image/vnd.microsoft.icon", "image/ico": "image/vnd.microsoft.icon",
        "image/x-ms-bmp": "image/bmp", "image/x-bmp": "image/bmp", "image/apng": "image/png",
        "image/heic-sequence": "image/heic", "image/heif": "image/heic",
        "image/heif-sequence": "image/heic", "image/avif-sequence": "image/avif",
        "application/x-zip-compressed": "application/zip", "application/x-gzip": "application/gzip",
        "application/x-pdf": "application/pdf", "audio/wav": "audio/x-wav",
    ]
}

extension UploadedFile {
    /// The media type that the first bytes of the file show; nil where they show none that is
    /// known.
    ///
    /// - Throws: ``TemporaryFileError`` where the disk fails.
    public var detectedType: String? {
        get throws { FileSignature.mediaType(of: try head()) }
    }

    /// Whether the file is declared as an image and its first bytes are not of that type.
    ///
    /// A browser that is sent such a file by its declared type shows no image at best; never send
    /// an upload by a type that is only declared.
    ///
    /// - Throws: ``TemporaryFileError`` where the disk fails.
    public var isMislabeledImage: Bool {
        get throws { FileSignature.contradicts(contentType, try head()) }
    }

    private struct Enough: Error {}

    private func head() throws -> [UInt8] {
        var head: [UInt8] = []
        do {
            try forEachChunk(of: FileSignature.length) { chunk in
                head = Array(chunk)
                throw Enough()
            }
        } catch is Enough {}
        return head
    }
}
