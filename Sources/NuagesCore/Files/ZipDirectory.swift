/// The list of files in a ZIP archive, read without inflating any of them.
///
/// An archive is refused that is cut off, that begins or ends with something else (such as an
/// image), whose files lie over each other, whose names lead out of its folder, or that would grow
/// beyond all measure.
struct ZipDirectory {
    /// The most files.
    static let maxEntries = 10_000
    /// The largest size of all files together, in bytes.
    static let maxInflatedSize = 1 << 30
    /// How many times larger than the archive the files may be, once they have 10 MB together.
    static let maxRatio = 200

    /// The names of the files, in the order of the list.
    private(set) var names: [String] = []
    /// The contents of the file `mimetype`, by which some formats say what they are.
    private(set) var mimetype: String?

    /// Reads the list; nil where the file is no archive, or one to be refused.
    init?(_ file: UploadedFile) throws(TemporaryFileError) {
        var reader = ImageReader(file)
        do throws(ImageHeaderError) {
            try read(&reader)
        } catch {
            if case .unreadable(let failure) = error { throw failure }
            return nil
        }
    }

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
        let first = try reader.big(0, 4)
        guard count == 0 || first == 0x504B_0304 else {
            throw Self.broken("it begins with something else")
        }
        var spans: [Range<Int>] = []
        var inflated = 0
        var offset = start
        for _ in 0..<count {
            guard offset + 46 <= end, try reader.big(offset, 4) == 0x504B_0102 else {
                throw Self.broken("an entry is none")
            }
            let (packed, full) = (
                try reader.little(offset + 20, 4), try reader.little(offset + 24, 4)
            )
            let nameLength = try reader.little(offset + 28, 2)
            let more = try reader.little(offset + 30, 2) + reader.little(offset + 32, 2)
            let local = try reader.little(offset + 42, 4)
            names.append(try Self.name(&reader, offset + 46, nameLength))
            inflated += full
            guard local + 30 + nameLength + packed <= start else { throw .truncated }
            spans.append(local..<(local + 30 + nameLength + packed))
            offset += 46 + nameLength + more
        }
        guard offset == end else { throw Self.broken("its list is too long") }
        spans.sort { $0.lowerBound < $1.lowerBound }
        for (left, right) in zip(spans, spans.dropFirst()) where left.upperBound > right.lowerBound
        {
            throw Self.broken("its files lie over each other")
        }
        let isBomb = inflated > 10_000_000 && inflated / Self.maxRatio > reader.size
        guard inflated <= Self.maxInflatedSize, !isBomb else { throw Self.broken("it is a bomb") }
        if count > 0 { mimetype = try Self.mimetype(&reader) }
    }

    /// Where the record at the end stands; a comment may follow, and nothing else.
    private static func endRecord(_ reader: inout ImageReader) throws(ImageHeaderError) -> Int? {
        let last = reader.size - 22
        guard last >= 0 else { return nil }
        for offset in stride(from: last, through: max(0, last - 65_535), by: -1) {
            guard try reader.byte(offset) == 0x50, try reader.big(offset, 4) == 0x504B_0506 else {
                continue
            }
            if try reader.little(offset + 20, 2) == last - offset { return offset }
        }
        return nil
    }

    private static func name(
        _ reader: inout ImageReader,
        _ offset: Int,
        _ length: Int
    ) throws(ImageHeaderError) -> String {
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
