/// The list of files in a ZIP archive, read without inflating any of them.
///
/// An archive is refused that is cut off, that has anything but its files from its first byte to its
/// list (such as an image in front), whose files lie over each other, whose names lead out of its
/// folder, or that would grow beyond all measure. The last goes by the sizes that the list declares:
/// who inflates a file counts the bytes that come.
struct ZipDirectory {
    /// The most files.
    static let maxEntries = 10_000
    /// The largest size of all files together, in bytes.
    static let maxInflatedSize = 1 << 30
    /// How many times larger than the archive the files may be, once they have 10 MB together.
    static let maxRatio = 200
    /// The longest name, in bytes.
    static let maxNameLength = 4096

    /// The names of the files, in the order of the list.
    private(set) var names: [String] = []
    /// The contents of the file `mimetype`, by which some formats say what they are.
    private(set) var mimetype: String?

    /// Whether an Office document has macros.
    var hasMacros: Bool {
        let macros = Array("vbaproject.bin".utf8)
        return names.contains {
            $0.utf8.suffix(14).lazy.map(\.asciiLowercased).elementsEqual(macros)
        }
    }

    /// Reads the list; nil where the file is no archive, or one to be refused.
    init?(_ file: UploadedFile) throws(TemporaryFileError) {
        var reader = ImageReader(file)
        do throws(ImageHeaderError) {
            self = try ZipDirectory(&reader)
        } catch {
            if case .unreadable(let failure) = error { throw failure }
            return nil
        }
    }

    init(_ reader: inout ImageReader) throws(ImageHeaderError) { try read(&reader) }

    private static func broken(_ what: String) -> ImageHeaderError { .malformed(what) }

    /// Source: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
    private mutating func read(_ reader: inout ImageReader) throws(ImageHeaderError) {
        guard let end = try Self.endRecord(&reader) else { throw .truncated }
        let count = try reader.little(end + 10, 2)
        let size = try reader.little(end + 12, 4)
        let start = try reader.little(end + 16, 4)
        let countHere = try reader.little(end + 8, 2)
        guard count <= Self.maxEntries, count == countHere, start + size == end else {
            throw Self.broken("its list is none")
        }
        var files: [ZipFile] = []
        var inflated = 0
        var offset = start
        for _ in 0..<count {
            guard offset + 46 <= end, try reader.big(offset, 4) == 0x504B_0102 else {
                throw Self.broken("an entry is none")
            }
            let file = try ZipFile(&reader, listedAt: offset)
            names.append(try Self.name(&reader, offset + 46, file.nameLength))
            inflated += try reader.little(offset + 24, 4)
            guard file.start + 30 + file.nameLength + file.packedSize <= start else {
                throw .truncated
            }
            files.append(file)
            offset += 46 + file.nameLength
            offset += try reader.little(file.listed + 30, 2) + reader.little(file.listed + 32, 2)
        }
        guard offset == end else { throw Self.broken("its list is too long") }
        try Self.checkFiles(&reader, files.sorted { $0.start < $1.start }, upTo: start)
        let isBomb = inflated > 10_000_000 && inflated / Self.maxRatio > reader.size
        guard inflated <= Self.maxInflatedSize, !isBomb else { throw Self.broken("it is a bomb") }
        if count > 0 { mimetype = try Self.mimetype(&reader) }
    }

    /// Refuses files that do not follow each other from the first byte to the list.
    private static func checkFiles(
        _ reader: inout ImageReader,
        _ files: [ZipFile],
        upTo end: Int
    ) throws(ImageHeaderError) {
        var offset = 0
        for (index, file) in files.enumerated() {
            guard file.start == offset else { throw broken("there is something between its files") }
            let next = index + 1 < files.count ? files[index + 1].start : end
            let bodyEnd = try file.endOfBody(&reader)
            guard bodyEnd <= next else { throw broken("its files lie over each other") }
            guard file.mayFollow(next - bodyEnd) else {
                throw broken("there is something between its files")
            }
            offset = next
        }
        guard offset == end else { throw broken("it begins with something else") }
    }

    /// Where the record at the end stands; a comment may follow, and nothing else.
    private static func endRecord(_ reader: inout ImageReader) throws(ImageHeaderError) -> Int? {
        let length = min(reader.size, 22 + 65_535)
        let tail = Array(try reader.bytes(reader.size - length, length))
        let last = length - 22
        guard last >= 0 else { return nil }
        for offset in stride(from: last, through: 0, by: -1) where tail[offset] == 0x50 {
            guard tail[offset..<(offset + 4)].elementsEqual([0x50, 0x4B, 5, 6]) else { continue }
            let comment = Int(tail[offset + 20]) | Int(tail[offset + 21]) << 8
            if comment == last - offset { return reader.size - length + offset }
        }
        return nil
    }

    private static func name(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ length: Int
    ) throws(ImageHeaderError) -> String {
        guard length <= maxNameLength else { throw broken("a name is too long") }
        let bytes = Array(try reader.bytes(offset, length))
        let parts = bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard !bytes.isEmpty, bytes.first != 0x2F, !bytes.contains(0), !bytes.contains(0x5C),
            !bytes.contains(0x3A), !parts.contains(where: { $0.elementsEqual([0x2E, 0x2E]) })
        else { throw broken("a name leads out of its folder") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first file, where it is called `mimetype` and not compressed.
    private static func mimetype(_ reader: inout ImageReader) throws(ImageHeaderError) -> String? {
        guard try reader.has("mimetype", at: 30), try reader.little(26, 2) == 8,
            try reader.little(8, 2) == 0
        else { return nil }
        let length = try reader.little(18, 4)
        guard length <= 100 else { return nil }
        let start = 38 + (try reader.little(28, 2))
        return String(decoding: try reader.bytes(start, length), as: UTF8.self)
    }
}

/// One file of an archive.
private struct ZipFile {
    /// Where it stands in the list.
    let listed: Int
    /// Where its own header stands.
    let start: Int
    let nameLength: Int
    let packedSize: Int
    /// Whether its sizes follow it once more, for who wrote it did not know them at first.
    private let hasDescriptor: Bool

    init(_ reader: inout ImageReader, listedAt offset: Int) throws(ImageHeaderError) {
        listed = offset
        start = try reader.little(offset + 42, 4)
        nameLength = try reader.little(offset + 28, 2)
        packedSize = try reader.little(offset + 20, 4)
        hasDescriptor = try reader.little(offset + 8, 2) & 8 != 0
    }

    /// Where its contents end by its own header, which must name it as the list does.
    func endOfBody(_ reader: inout ImageReader) throws(ImageHeaderError) -> Int {
        guard try reader.big(start, 4) == 0x504B_0304,
            try reader.little(start + 26, 2) == nameLength
        else { throw .malformed("a file of the list is none") }
        let more = try reader.little(start + 28, 2)
        return start + 30 + nameLength + more + packedSize
    }

    /// Whether so many bytes may stand behind its contents.
    func mayFollow(_ count: Int) -> Bool {
        count == 0 || (hasDescriptor && [12, 16, 20, 24].contains(count))
    }
}
