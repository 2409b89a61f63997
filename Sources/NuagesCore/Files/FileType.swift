/// A kind of file that a form accepts, by what is in it.
///
///     @FileField(accept: [.pdf, .png, .jpeg]) var proof: UploadedFile
///
/// There is none for SVG and HTML: they are programs that run in the browser of whoever opens them.
public struct FileType: Sendable, Hashable, CustomStringConvertible {
    /// The media type, such as `application/pdf`.
    public let mediaType: String
    /// The endings of file names, in lower case and without their dot.
    public let extensions: [String]
    private let content: Content

    private enum Content: Sendable, Hashable {
        case image(ImageFormat)
        /// A first bytes' type, and what must stand near the end.
        case signature(Set<String>, ending: String?)
        /// An archive with these among its files.
        case archive([String])
        /// An archive whose file `mimetype` says so.
        case namedArchive
        case text
    }

    private init(_ mediaType: String, _ extensions: [String], _ content: Content) {
        self.mediaType = mediaType
        self.extensions = extensions
        self.content = content
    }

    /// An image of a format.
    ///
    /// - Parameter format: the format.
    /// - Returns: the type.
    public static func image(_ format: ImageFormat) -> FileType {
        FileType(format.mediaType, format.extensions, .image(format))
    }

    /// A type of file with a signature.
    ///
    /// - Parameters:
    ///   - mediaType: the type that ``FileSignature/mediaType(of:)`` shows.
    ///   - extensions: the endings of file names, in lower case and without their dot.
    /// - Returns: the type.
    public static func signature(_ mediaType: String, extensions: [String]) -> FileType {
        FileType(mediaType, extensions, .signature([mediaType], ending: nil))
    }

    /// Text in UTF-8 without NUL and other controls.
    ///
    /// - Parameters:
    ///   - mediaType: such as `text/csv`.
    ///   - extensions: the endings of file names, in lower case and without their dot.
    /// - Returns: the type.
    public static func text(_ mediaType: String, extensions: [String]) -> FileType {
        FileType(mediaType, extensions, .text)
    }

    /// The media type.
    public var description: String { mediaType }

    /// PNG images.
    public static let png = image(.png)
    /// JPEG images.
    public static let jpeg = image(.jpeg)
    /// GIF images.
    public static let gif = image(.gif)
    /// WebP images.
    public static let webp = image(.webp)
    /// AVIF images.
    public static let avif = image(.avif)
    /// HEIC images.
    public static let heic = image(.heic)
    /// Bitmaps.
    public static let bmp = image(.bmp)
    /// TIFF images.
    public static let tiff = image(.tiff)
    /// Icons.
    public static let ico = image(.ico)
    /// PDF documents, to their end.
    public static let pdf = FileType(
        "application/pdf",
        ["pdf"],
        .signature(["application/pdf"], ending: "%%EOF")
    )
    /// ZIP archives.
    public static let zip = FileType("application/zip", ["zip"], .archive([]))
    /// Documents of Word, without macros.
    public static let docx = office("wordprocessingml.document", "docx", "word/")
    /// Sheets of Excel, without macros.
    public static let xlsx = office("spreadsheetml.sheet", "xlsx", "xl/")
    /// Slides of PowerPoint, without macros.
    public static let pptx = office("presentationml.presentation", "pptx", "ppt/")
    /// Documents of OpenDocument.
    public static let odt = FileType(
        "application/vnd.oasis.opendocument.text",
        ["odt"],
        .namedArchive
    )
    /// Sheets of OpenDocument.
    public static let ods = FileType(
        "application/vnd.oasis.opendocument.spreadsheet",
        ["ods"],
        .namedArchive
    )
    /// Slides of OpenDocument.
    public static let odp = FileType(
        "application/vnd.oasis.opendocument.presentation",
        ["odp"],
        .namedArchive
    )
    /// Books in EPUB.
    public static let epub = FileType("application/epub+zip", ["epub"], .namedArchive)
    /// Files that gzip has compressed.
    public static let gzip = signature("application/gzip", extensions: ["gz", "tgz"])
    /// Plain text.
    public static let text = text("text/plain", extensions: ["txt", "text", "log"])
    /// Tables as text.
    public static let csv = text("text/csv", extensions: ["csv"])
    /// JSON documents; whether the text is one is not looked at.
    public static let json = text("application/json", extensions: ["json"])
    /// Text in Markdown.
    public static let markdown = text("text/markdown", extensions: ["md", "markdown"])
    /// Films in MP4.
    public static let mp4 = FileType(
        "video/mp4",
        ["m4v", "mp4"],
        .signature(["video/mp4"], ending: nil)
    )
    /// Films in WebM.
    public static let webm = signature("video/webm", extensions: ["webm"])
    /// Sound in MP3, with the tags that begin nearly all.
    public static let mp3 = signature("audio/mpeg", extensions: ["mp3"])
    /// Sound in WAVE.
    public static let wav = signature("audio/x-wav", extensions: ["wav"])
    /// Sound and films in Ogg.
    public static let ogg = signature("application/ogg", extensions: ["oga", "ogg", "ogv"])

    private static func office(_ name: String, _ ending: String, _ folder: String) -> FileType {
        FileType(
            "application/vnd.openxmlformats-officedocument." + name,
            [ending],
            .archive(["[Content_Types].xml", folder])
        )
    }

    /// Whether a file is of this type by its contents.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - limits: what an image may be.
    /// - Returns: false also where the file is broken.
    /// - Throws: ``TemporaryFileError`` where the disk fails.
    public func matches(
        _ file: UploadedFile,
        limits: ImageLimits = ImageLimits()
    ) throws(TemporaryFileError) -> Bool {
        switch content {
        case .image(let format):
            return try file.imageHeaderIfReadable(limits: limits, formats: [format]) != nil
        case .signature(let types, let ending):
            let head = try file.bytes(at: 0, count: FileSignature.length)
            guard let type = FileSignature.mediaType(of: head), types.contains(type) else {
                return false
            }
            guard let ending = ending.map({ Array($0.utf8) }) else { return true }
            let tail = try file.bytes(at: max(0, file.size - 1024), count: 1024)
            return ByteText.contains(tail, ending)
        case .archive(let wanted):
            guard let directory = try ZipDirectory(file) else { return false }
            let hasAll = wanted.allSatisfy { name in
                directory.names.contains { $0.utf8.starts(with: name.utf8) }
            }
            return hasAll && (wanted.isEmpty || !directory.hasMacros)
        case .namedArchive:
            return try ZipDirectory(file)?.mimetype?.equalsBytes(mediaType) == true
        case .text: return try file.isPlainText()
        }
    }

    /// The first of some types that a file has by its contents, where its name ends as one of that
    /// type and it is not declared as something else.
    package static func find(
        _ types: [FileType],
        of file: UploadedFile,
        limits: ImageLimits
    ) throws(TemporaryFileError) -> FileType? {
        let ending = FileExtensionValidator.pathExtension(file.name)
        for type in types where type.extensions.contains(where: { $0.equalsBytes(ending) }) {
            guard !type.isContradicted(by: file.contentType) else { continue }
            if try type.matches(file, limits: limits) { return type }
        }
        return nil
    }

    /// Whether a declared type is that of something else.
    ///
    /// Browsers declare what the system of their user has for the ending of a name, which is little
    /// to go by; but an image that is declared as a page is no accident.
    package func isContradicted(by declared: String) -> Bool {
        let type = FileSignature.canonical(declared.asciiLowercased)
        if type.equalsBytes(mediaType) { return false }
        if type.isEmpty || Self.meaningless.contains(type) { return false }
        let isText = content == .text
        if type.utf8.starts(with: "text/".utf8) { return !isText || type.equalsBytes("text/html") }
        if type.utf8.starts(with: "image/".utf8) { return true }
        if case .image = content { return true }
        return false
    }

    private static let meaningless: Set<String> = [
        "application/octet-stream", "binary/octet-stream", "text/plain", "application/unknown",
    ]
}

extension UploadedFile {
    /// The header of an image; nil where the file is none.
    func imageHeaderIfReadable(
        limits: ImageLimits,
        formats: [ImageFormat]
    ) throws(TemporaryFileError) -> ImageHeader? {
        do throws(ImageHeaderError) {
            return try imageHeader(limits: limits, formats: formats)
        } catch {
            if case .unreadable(let failure) = error { throw failure }
            return nil
        }
    }

    /// Whether the file is text: UTF-8 without NUL and controls that text does not have.
    ///
    /// - Returns: true also for a file without contents.
    /// - Throws: ``TemporaryFileError`` where the disk fails.
    public func isPlainText() throws(TemporaryFileError) -> Bool {
        var rest: [UInt8] = []
        var offset = 0
        while offset < size {
            let piece = try bytes(at: offset, count: 65_536)
            if piece.isEmpty { break }
            offset += piece.count
            let text = rest + piece
            let isControl = text.contains {
                ($0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B) || $0 == 0x7F
            }
            if isControl { return false }
            // A letter may be cut in two.
            let cut = offset < size ? ByteText.startOfCutLetter(text) : text.count
            guard String(validating: text[..<cut], as: UTF8.self) != nil else { return false }
            rest = Array(text[cut...])
        }
        return rest.isEmpty
    }
}

/// Searches in bytes.
enum ByteText {
    static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= bytes.count else { return part.isEmpty }
        return (0...(bytes.count - part.count)).contains {
            bytes[$0] == first && bytes[$0..<($0 + part.count)].elementsEqual(part)
        }
    }

    /// Where a letter begins that the end of the bytes cuts in two; their count where none does.
    static func startOfCutLetter(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return needed > length ? bytes.count - length : bytes.count
        }
        return bytes.count
    }
}
