import Testing

@testable import NuagesCore

extension ImageSamples {
    /// Images that are made of others, or by hand.
    static let made: [Sample] = [
        Sample("heic", .heic, 5, 3, Base64URL.encode(heic)),
        Sample("bmpFromTheTop", .bmp, 5, 3, Base64URL.encode(bmpFromTheTop)),
        Sample("bmpRunLengths", .bmp, 5, 3, Base64URL.encode(bmpRunLengths)),
    ]

    private static let heic: [UInt8] = {
        var bytes = named("avif")
        for index in 8..<(bytes.count - 4)
        where bytes[index..<(index + 4)].elementsEqual("avif".utf8) {
            bytes.replaceSubrange(index..<(index + 4), with: "heic".utf8)
        }
        return bytes
    }()

    private static let bmpFromTheTop: [UInt8] = {
        var bytes = named("bmp")
        bytes.replaceSubrange(22..<26, with: [0xFD, 0xFF, 0xFF, 0xFF])
        return bytes
    }()

    private static let bmpRunLengths: [UInt8] = {
        let rows: [UInt8] = [5, 1, 0, 0, 5, 0, 0, 0, 5, 1, 0, 0, 0, 1]
        var bytes = Array("BM".utf8) + little(14 + 40 + 8 + rows.count) + little(0) + little(62)
        bytes += little(40) + little(5) + little(3) + [1, 0, 8, 0] + little(1)
        bytes += little(rows.count) + little(0) + little(0) + little(2) + little(0)
        return bytes + [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0] + rows
    }()

    static func little(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func big(_ value: Int) -> [UInt8] { little(value).reversed() }

    /// A chunk of a PNG with its checksum.
    static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        var sum: UInt32 = .max
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return big(content.count) + body + big(Int(~sum))
    }
}

/// Counts how often a file is read.
final class CountedBytes {
    let bytes: [UInt8]
    private(set) var reads = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var reader: ImageReader {
        ImageReader(size: bytes.count) { offset, count throws(TemporaryFileError) in
            self.reads += 1
            return Array(self.bytes[offset..<min(self.bytes.count, offset + count)])
        }
    }
}

/// What reading an image may cost.
@Suite(.timeLimit(.minutes(1))) struct ImageWorkTests {
    /// Images of more than 300 KB, made of small ones.
    private static let large: [(String, [UInt8])] = {
        let many = [UInt8](repeating: 0x20, count: 300_000)
        func insert(_ name: String, _ part: [UInt8], at offset: Int) -> (String, [UInt8]) {
            var bytes = ImageSamples.named(name)
            bytes.insert(contentsOf: part, at: offset < 0 ? bytes.count + offset : offset)
            return (name, bytes)
        }
        func times(_ count: Int, _ part: [UInt8]) -> [UInt8] {
            (0..<count).flatMap { _ in part }
        }
        let comments = times(1200, [0x21, 0xFE, 255] + many.prefix(255) + [0])
        let segments = times(20, [0xFF, 0xFE, 0x40, 0] + many.prefix(0x3FFE))
        let pairs = times(150_000, [0xFF, 0])
        var webp = ImageSamples.named("webpLossy") + Array("JUNK".utf8)
        webp += ImageSamples.little(many.count) + many
        webp.replaceSubrange(4..<8, with: ImageSamples.little(webp.count - 8))
        return [
            insert("png", ImageSamples.chunk("teXt", many), at: -12),
            insert("gif", comments, at: -1),
            insert("jpeg", segments, at: 2),
            insert("jpeg", pairs, at: -2),
            insert("avif", ImageSamples.big(many.count + 8) + Array("free".utf8) + many, at: 32),
            ("webpLossy", webp),
        ]
    }()

    @Test(arguments: large)
    func readsAFileOnDiskOnce(_ name: String, _ bytes: [UInt8]) throws {
        let file = CountedBytes(bytes)
        var reader = file.reader
        let header = try ImageHeader.read(&reader, ImageLimits(), nil)
        #expect(header == (try ImageHeader(parsing: ImageSamples.named(name))))
        #expect(file.reads <= 3 * (bytes.count / ImageReader.windowSize + 2), "\(file.reads)")
        let disk = try TemporaryFile(directory: nil)
        try bytes.withUnsafeBytes { try disk.write($0) }
        let upload = UploadedFile(
            name: "a",
            contentType: "",
            contentTypeParameters: [],
            file: disk,
            size: bytes.count
        )
        #expect(try upload.imageHeader() == header)
    }

    /// Directories that all point at the same long lists.
    @Test func aTIFFIsNotReadForHours() throws {
        func tiff(directories: Int, parts: Int) -> [UInt8] {
            let lists = 8 + 54 * directories
            var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0] + ImageSamples.little(8)
            for index in 1...directories {
                func entry(_ tag: Int, _ count: Int, _ value: Int) -> [UInt8] {
                    [UInt8(tag & 255), UInt8(tag >> 8), 4, 0] + ImageSamples.little(count)
                        + ImageSamples.little(value)
                }
                bytes += [4, 0] + entry(256, 1, 5) + entry(257, 1, 3)
                bytes += entry(273, parts, lists) + entry(279, parts, lists)
                bytes += ImageSamples.little(index == directories ? 0 : 8 + 54 * index)
            }
            return bytes + [UInt8](repeating: 0, count: 4 * parts)
        }
        #expect(try ImageHeader(parsing: tiff(directories: 2, parts: 50_000)).frameCount == 2)
        #expect(throws: ImageHeaderError.malformed("a TIFF has too many parts")) {
            try ImageHeader(parsing: tiff(directories: 900, parts: 50_000))
        }
        let file = CountedBytes(tiff(directories: 2, parts: 50_000))
        var reader = file.reader
        _ = try ImageHeader.read(&reader, ImageLimits(), nil)
        #expect(file.reads < 60, "\(file.reads)")
    }

    @Test(arguments: ImageSamples.all)
    func readsNoMoreOfAnotherFormatThanItsSignature(_ sample: ImageSamples.Sample) {
        let others = ImageFormat.allCases.filter { $0 != sample.format }
        let head = Array(sample.bytes.prefix(FileSignature.length))
        #expect(throws: ImageHeaderError.unacceptedFormat(sample.format)) {
            try ImageHeader(parsing: head, formats: others)
        }
        #expect(throws: Never.self) {
            try ImageHeader(parsing: sample.bytes, formats: [sample.format])
        }
    }

    @Test func itemsHaveNoMoreThanSoManyProperties() {
        func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
            ImageSamples.big(content.count + 8) + Array(type.utf8) + content
        }
        let items = (0..<1000).flatMap { index in
            [UInt8(index >> 8), UInt8(index & 255), 255] + [UInt8](repeating: 1, count: 255)
        }
        let list = box("ipma", [0, 0, 0, 0] + ImageSamples.big(1000) + items)
        let bytes =
            box("ftyp", Array("avif".utf8) + [0, 0, 0, 0])
            + box("meta", [0, 0, 0, 0] + box("iprp", list)) + box("mdat", [])
        #expect(throws: ImageHeaderError.malformed("there are too many properties")) {
            try ImageHeader(parsing: bytes)
        }
    }

    @Test func anIconReadsNoImageTwice() throws {
        let png = ImageSamples.named("png")
        func icon(_ entries: [(offset: Int, length: Int)], _ data: [UInt8]) -> [UInt8] {
            let start = 6 + 16 * entries.count
            return [0, 0, 1, 0, UInt8(entries.count), 0]
                + entries.flatMap {
                    [5, 3, 0, 0, 1, 0, 32, 0] + ImageSamples.little($0.length)
                        + ImageSamples.little(start + $0.offset)
                } + data
        }
        let two = icon([(0, png.count), (png.count, png.count)], png + png)
        #expect(try ImageHeader(parsing: two).width == 5)
        #expect(throws: ImageHeaderError.self) {
            try ImageHeader(parsing: icon([(0, png.count), (0, png.count)], png))
        }
        let script = Array("<script>".utf8)
        #expect(throws: ImageHeaderError.trailingBytes(offset: 22 + png.count)) {
            try ImageHeader(parsing: icon([(0, png.count + 8)], png + script))
        }
    }
}

/// Where an image ends.
@Suite struct ImageEndTests {
    @Test func theEndOfAPNGIsEmpty() {
        let png = ImageSamples.named("png").dropLast(12)
        #expect(throws: Never.self) {
            try ImageHeader(parsing: png + ImageSamples.chunk("IEND", []))
        }
        #expect(throws: ImageHeaderError.malformed("the end of a PNG has contents")) {
            try ImageHeader(parsing: png + ImageSamples.chunk("IEND", [1, 2, 3]))
        }
    }

    @Test func theDeclaredLengthOfABitmapDoesNotCount() {
        var bytes = ImageSamples.made.first { $0.name == "bmpRunLengths" }?.bytes ?? []
        let end = bytes.count
        bytes += Array("<script>".utf8)
        bytes.replaceSubrange(2..<6, with: ImageSamples.little(bytes.count))
        #expect(throws: ImageHeaderError.trailingBytes(offset: end)) {
            try ImageHeader(parsing: bytes)
        }
    }

    @Test func aBitmapBeyondAllMeasureIsCutOff() {
        var bytes = ImageSamples.named("bmp")
        let side: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F]
        bytes.replaceSubrange(18..<26, with: side + side)
        bytes.replaceSubrange(28..<30, with: [32, 0])
        #expect(throws: ImageHeaderError.truncated) {
            try ImageHeader(parsing: bytes, limits: ImageLimits(maxPixels: .max))
        }
    }

    @Test(arguments: ["moov", "moof"])
    func filmsAreNoImages(_ type: String) {
        let bytes = ImageSamples.named("avif") + [0, 0, 0, 8] + Array(type.utf8)
        for limits in [ImageLimits(), ImageLimits(allowsTrailingBytes: true)] {
            #expect(throws: ImageHeaderError.malformed("films are no images")) {
                try ImageHeader(parsing: bytes, limits: limits)
            }
        }
    }

    // MARK: Phones

    private static let film: [UInt8] =
        ImageSamples.big(16) + Array("ftypmp42".utf8) + [0, 0, 0, 0]
        + ImageSamples.big(12) + Array("mdat".utf8) + [1, 2, 3, 4]
        + ImageSamples.big(8) + Array("moov".utf8)

    /// The notes of a Samsung, as ExifTool reads them.
    private static func notes(_ blocks: [[UInt8]]) -> [UInt8] {
        let data = blocks.map { [0, 0, 1, 0x0A] + ImageSamples.little(0) + $0 }
        var list = Array("SEFH".utf8) + ImageSamples.little(101) + ImageSamples.little(data.count)
        var distance = data.reduce(0) { $0 + $1.count }
        for block in data {
            list += [0, 0, 1, 0x0A] + ImageSamples.little(distance)
            list += ImageSamples.little(block.count)
            distance -= block.count
        }
        return data.flatMap(\.self) + list + ImageSamples.little(list.count) + Array("SEFT".utf8)
    }

    @Test func phonesPutMoreBehindAPhoto() throws {
        let jpeg = ImageSamples.named("jpeg")
        let notes = Self.notes([[1, 2, 3], Self.film])
        for trailer in [
            Self.film, notes, Self.film + notes, [0, 0] + notes, jpeg + Self.film, [0, 0, 0],
        ] {
            #expect(try ImageHeader(parsing: jpeg + trailer).width == 5)
        }
        let page = Array("<script>alert(1)</script>".utf8)
        for trailer in [
            page, Self.film + page, notes + page, page + notes, Self.film + page + notes,
            Array(notes.dropFirst()), page + Array("SEFT".utf8), Self.film + Self.film,
        ] {
            #expect(throws: ImageHeaderError.self) { try ImageHeader(parsing: jpeg + trailer) }
            #expect(throws: Never.self) {
                try ImageHeader(
                    parsing: jpeg + trailer,
                    limits: ImageLimits(allowsTrailingBytes: true)
                )
            }
        }
        for count in notes.indices.dropFirst() {
            #expect(throws: ImageHeaderError.self) {
                try ImageHeader(parsing: jpeg + notes.dropFirst(count))
            }
        }
    }
}
