import Foundation
import Testing

@testable import NuagesCore

/// What a header is, or why there is none.
private func outcome(_ bytes: [UInt8], _ limits: ImageLimits = ImageLimits()) -> String {
    do throws(ImageHeaderError) {
        let header = try ImageHeader(parsing: bytes, limits: limits)
        return "\(header.format) \(header.width)x\(header.height)"
    } catch {
        switch error {
        case .unknownFormat, .unacceptedFormat: return "unknown"
        case .truncated: return "truncated"
        case .malformed: return "malformed"
        case .empty: return "empty"
        case .tooManyPixels: return "too many pixels"
        case .tooManyFrames: return "too many frames"
        case .trailingBytes: return "trailing"
        case .unreadable: return "unreadable"
        }
    }
}

/// A generator whose numbers are the same in every run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct ImageHeaderTests {
    @Test(arguments: ImageSamples.all + ImageSamples.made)
    func readsWhatPillowReads(_ sample: ImageSamples.Sample) throws {
        let header = try ImageHeader(parsing: sample.bytes)
        #expect(header.format == sample.format)
        #expect(header.width == sample.width && header.height == sample.height)
        #expect(header.frameCount == sample.frameCount)
        let file = UploadedFile(name: "a", contentType: "", bytes: sample.bytes)
        #expect(try file.imageHeader() == header)
    }

    @Test(arguments: ImageSamples.all + ImageSamples.made)
    func readsFilesOnDisk(_ sample: ImageSamples.Sample) throws {
        let disk = try TemporaryFile(directory: nil)
        try sample.bytes.withUnsafeBytes { try disk.write($0) }
        let file = UploadedFile(
            name: "a",
            contentType: "",
            contentTypeParameters: [],
            file: disk,
            size: sample.bytes.count
        )
        #expect(try file.imageHeader() == ImageHeader(parsing: sample.bytes))
    }

    @Test func knowsHowAPictureWasHeld() throws {
        let header = try ImageHeader(parsing: ImageSamples.named("jpeg"))
        #expect(header.orientation == 6)
        #expect(header.displayWidth == 3 && header.displayHeight == 5)
    }

    @Test(arguments: ImageSamples.all + ImageSamples.made)
    func refusesEveryBeginningOfAnImage(_ sample: ImageSamples.Sample) {
        for count in sample.bytes.indices {
            let result = outcome(Array(sample.bytes[..<count]))
            // The last byte of a WebP may be padding.
            let isWhole = result.contains("x") && count == sample.bytes.count - 1
            #expect(!result.contains("5x3") || isWhole, "\(count) bytes are \(result)")
        }
    }

    @Test(arguments: ImageSamples.all + ImageSamples.made)
    func livesThroughMutations(_ sample: ImageSamples.Sample) {
        var generator = SeededGenerator(state: UInt64(sample.bytes.count))
        var taken = 0
        for _ in 0..<10_000 {
            var bytes = sample.bytes
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 2: bytes[index] = Bool.random(using: &generator) ? 0xFF : 0
                default: bytes.swapAt(index, Int.random(in: bytes.indices, using: &generator))
                }
            }
            guard let header = try? ImageHeader(parsing: bytes) else { continue }
            taken += 1
            #expect(header.width > 0 && header.height > 0)
            #expect(header.width * header.height <= ImageLimits().maxPixels)
        }
        // Some change nothing; most break the image.
        #expect((1..<10_000).contains(taken))
    }

    @Test(arguments: ImageSamples.all + ImageSamples.made)
    func refusesWhatFollowsAnImage(_ sample: ImageSamples.Sample) {
        for tail in ["<script>alert(1)</script>", "PK\u{3}\u{4}", "GIF89a", "\u{1}"] {
            let bytes = sample.bytes + Array(tail.utf8)
            let result = outcome(bytes)
            // A TIFF has no end; its parts may lie anywhere.
            guard sample.format != .tiff else { continue }
            let refused = ["trailing", "truncated", "malformed"].contains(result)
            #expect(refused, "\(tail) is \(result)")
        }
        #expect(outcome(sample.bytes + [0, 0]).contains("x"))
        let lenient = ImageLimits(allowsTrailingBytes: true)
        #expect(outcome(sample.bytes + [1, 2, 3], lenient).contains("x"))
    }

    @Test func takesTheFurtherPicturesOfCameras() {
        let jpeg = ImageSamples.named("jpeg")
        #expect(outcome(jpeg + jpeg) == "jpeg 5x3")
        #expect(outcome(jpeg + [0, 0, 0] + jpeg) == "jpeg 5x3")
        #expect(outcome(jpeg + ImageSamples.named("png")) == "trailing")
        #expect(outcome(jpeg + jpeg.dropLast(4)) == "truncated")
    }

    @Test(arguments: [
        ("png", 16, [0xFF, 0xFF, 0xFF, 0xFF], "too many pixels"),
        ("png", 16, [0, 0, 0, 0], "empty"), ("png", 20, [0, 0, 0, 0], "empty"),
        ("gif", 6, [0, 0], "empty"), ("gif", 6, [0xFF, 0xFF, 0xFF, 0xFF], "too many pixels"),
        ("bmp", 18, [0xFF, 0xFF, 0xFF, 0x7F], "too many pixels"),
        ("bmp", 22, [0, 0, 0, 0], "empty"),
        ("avif", 0xBD, [0x7F, 0xFF, 0xFF, 0xFF], "too many pixels"),
        ("avif", 0xBD, [0, 0, 0, 0], "empty"),
        ("webpLossy", 26, [0, 0], "empty"),
        ("webpLossless", 21, [0xFF, 0xFF, 0xFF, 0x0F], "too many pixels"),
        ("ico", 22 + 16, [0x7F, 0xFF, 0xFF, 0xFF], "too many pixels"),
    ])
    func refusesBombsByTheirHeader(
        _ name: String,
        _ offset: Int,
        _ change: [UInt8],
        _ expected: String
    ) {
        var bytes = ImageSamples.named(name)
        bytes.replaceSubrange(offset..<(offset + change.count), with: change)
        #expect(outcome(bytes) == expected)
    }

    @Test func countsPixelsAndPictures() {
        let png = ImageSamples.named("png")
        #expect(outcome(png, ImageLimits(maxPixels: 15)) == "png 5x3")
        #expect(outcome(png, ImageLimits(maxPixels: 14)) == "too many pixels")
        for name in ["apng", "gifAnimated", "webpAnimated"] {
            let bytes = ImageSamples.named(name)
            #expect(outcome(bytes, ImageLimits(maxFrames: 2)).contains("x"))
            #expect(outcome(bytes, ImageLimits(maxFrames: 1)) == "too many frames")
        }
    }

    @Test func checksTheSumsOfAPNG() {
        var bytes = ImageSamples.named("png")
        bytes[45] ^= 1
        #expect(outcome(bytes) == "malformed")
    }

    @Test(arguments: [
        "", "x", "not an image", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "GIF89a",
        "BM", "%PDF-1.7", "PK\u{3}\u{4}",
    ])
    func refusesWhatIsNone(_ text: String) {
        #expect(!outcome(Array(text.utf8)).contains("x"))
    }

    /// A directory that is its own next one, and one with more entries than a file can have.
    @Test func goesRoundInNoCircles() {
        let header: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]
        let size: [UInt8] = [
            0, 1, 3, 0, 1, 0, 0, 0, 5, 0, 0, 0, 1, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0,
        ]
        let data: [UInt8] = [
            0x11, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0x17, 1, 4, 0, 1, 0, 0, 0, 2, 0, 0, 0,
        ]
        #expect(outcome(header + [4, 0] + size + data + [0, 0, 0, 0]) == "tiff 5x3")
        #expect(outcome(header + [4, 0] + size + data + [8, 0, 0, 0]) == "malformed")
        #expect(outcome(header + [0xFF, 0xFF] + size + data + [0, 0, 0, 0]) == "malformed")
    }
}

@Suite struct FileTypeTests {
    private static func file(_ name: String, _ type: String, _ bytes: [UInt8]) -> UploadedFile {
        UploadedFile(name: name, contentType: type, bytes: bytes)
    }

    private static func found(_ file: UploadedFile, _ types: [FileType]) throws -> FileType? {
        try FileType.find(types, of: file, limits: ImageLimits())
    }

    @Test func knowsFilesByContentNameAndDeclaration() throws {
        let png = ImageSamples.named("png")
        let types: [FileType] = [.pdf, .png, .jpeg]
        #expect(try Self.found(Self.file("a.png", "image/png", png), types) == .png)
        #expect(try Self.found(Self.file("a.PNG", "image/x-png", png), types) == .png)
        #expect(try Self.found(Self.file("a.png", "", png), types) == .png)
        #expect(try Self.found(Self.file("a.jpg", "image/png", png), types) == nil)
        let jpeg = ImageSamples.named("jpeg")
        for ending in ["jpg", "jpeg", "jpe", "jfif"] {
            #expect(try Self.found(Self.file("a.\(ending)", "image/jpeg", jpeg), types) == .jpeg)
        }
        #expect(try Self.found(Self.file("a.png.exe", "image/png", png), types) == nil)
        #expect(try Self.found(Self.file("a.png", "text/html", png), types) == nil)
        #expect(try Self.found(Self.file("a.png", "image/jpeg", png), types) == nil)
        #expect(try Self.found(Self.file("png", "image/png", png), types) == nil)
        let page = Array("%PDF-1.7\n<html>".utf8)
        #expect(try Self.found(Self.file("a.pdf", "", page), types) == nil)
        #expect(try Self.found(Self.file("a.pdf", "", page + Array("%%EOF\n".utf8)), types) == .pdf)
    }

    @Test(arguments: [
        ("", true), ("Grüße 🌩\r\n\tx", true), ("a\0b", false), ("a\u{1}", false),
    ])
    func knowsText(_ text: String, _ expected: Bool) throws {
        #expect(try Self.file("a.txt", "", Array(text.utf8)).isPlainText() == expected)
    }

    @Test func knowsTextAcrossPieces() throws {
        for shift in 0..<4 {
            let text = String(repeating: "x", count: shift) + String(repeating: "🌩", count: 40_000)
            let bytes = Array(text.utf8)
            #expect(try Self.file("a", "", bytes).isPlainText())
            #expect(try !Self.file("a", "", bytes.dropLast()).isPlainText())
            #expect(try !Self.file("a", "", bytes + [0xFF]).isPlainText())
        }
    }

    /// An archive of files that are not compressed.
    static func archive(
        _ names: [String],
        inflated: Int? = nil,
        overlap: Bool = false,
        content: [UInt8] = [],
        flags: Int = 0,
        behind: [UInt8] = [],
        front: [UInt8] = []
    ) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var output = front
        var list: [UInt8] = []
        for name in names {
            let sizes = number(content.count, 4) + number(inflated ?? content.count, 4)
            let shared = number(20, 2) + number(flags, 2) + number(0, 2) + number(0, 8)
            let start = overlap ? 0 : output.count
            if !overlap || output.isEmpty {
                output += [0x50, 0x4B, 3, 4] + shared + sizes + number(name.utf8.count, 2)
                output += number(0, 2) + Array(name.utf8) + content + behind
            }
            list += [0x50, 0x4B, 1, 2] + number(20, 2) + shared + sizes
            list += number(name.utf8.count, 2) + number(0, 12) + number(start, 4) + Array(name.utf8)
        }
        let start = output.count
        output += list + [0x50, 0x4B, 5, 6] + number(0, 4) + number(names.count, 2)
        return output + number(names.count, 2) + number(list.count, 4) + number(start, 4)
            + number(0, 2)
    }

    @Test func knowsDocumentsByWhatTheirArchiveHolds() throws {
        let word = Self.archive(["[Content_Types].xml", "word/document.xml"])
        #expect(try FileType.docx.matches(Self.file("a.docx", "", word)))
        #expect(try FileType.zip.matches(Self.file("a.zip", "", word)))
        #expect(try !FileType.xlsx.matches(Self.file("a.xlsx", "", word)))
        let macros = Self.archive(["[Content_Types].xml", "word/a.xml", "word/vbaProject.bin"])
        #expect(try !FileType.docx.matches(Self.file("a.docx", "", macros)))
        let shouted = Self.archive(["[Content_Types].xml", "word/VBAPROJECT.BIN"])
        #expect(try !FileType.docx.matches(Self.file("a.docx", "", shouted)))
        let text = Self.archive(["mimetype"], content: Array(FileType.odt.mediaType.utf8))
        #expect(try FileType.odt.matches(Self.file("a.odt", "", text)))
        #expect(try !FileType.ods.matches(Self.file("a.ods", "", text)))
    }

    @Test func refusesArchivesThatAreTraps() throws {
        func isTaken(_ bytes: [UInt8]) throws -> Bool {
            try FileType.zip.matches(Self.file("a.zip", "", bytes))
        }
        let good = Self.archive(["a", "b/c"], content: [1, 2, 3])
        #expect(try isTaken(good))
        #expect(try isTaken(Self.archive([])))
        #expect(try !isTaken(Self.archive(["a"], inflated: 50_000_000)), "a bomb")
        #expect(try !isTaken(Self.archive(["a", "b"], overlap: true, content: [1])), "overlapping")
        for name in ["../a", "/a", "a/../../b", "C:\\a", "a\\b", "a\0b"] {
            #expect(try !isTaken(Self.archive([name])), "\(name)")
        }
        #expect(try !isTaken(ImageSamples.named("gif") + good), "an image in front")
        #expect(try !isTaken(good + Array("<script>".utf8)), "a page behind")
        for count in good.indices { #expect(try !isTaken(Array(good[..<count]))) }
        let gif = ImageSamples.named("gif")
        #expect(try !isTaken(Self.archive([], front: gif)), "an image in front of no files")
        #expect(try !isTaken(Self.archive(["a"], front: gif)), "an image in front")
        let page = Array("<script>0000".utf8)
        #expect(try !isTaken(Self.archive(["a", "b"], behind: page)), "pages between files")
        #expect(try isTaken(Self.archive(["a", "b"], flags: 8, behind: page)), "descriptors")
        #expect(try !isTaken(Self.archive(["a", "b"], flags: 8, behind: page + [0])))
        var renamed = good
        renamed[26] = 2
        #expect(try !isTaken(renamed), "two lists of names")
        #expect(try !isTaken(Self.archive([String(repeating: "x", count: 5000)])), "a long name")
    }

    /// A comment is not read byte by byte from the disk.
    @Test func readsTheEndOfAnArchiveOnce() throws {
        var bytes = Self.archive(["a"])
        bytes.replaceSubrange((bytes.count - 2)..., with: [0xFF, 0xFF])
        let file = CountedBytes(bytes + [UInt8](repeating: 0x50, count: 65_535))
        var reader = file.reader
        let directory = try ZipDirectory(&reader)
        #expect(directory.names == ["a"])
        #expect(file.reads <= 4)
    }

    @Test func livesThroughMutationsOfArchives() throws {
        let sample = Self.archive(["[Content_Types].xml", "word/document.xml"], content: [1, 2])
        var generator = SeededGenerator(state: 7)
        for _ in 0..<10_000 {
            var bytes = sample
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
            _ = try FileType.docx.matches(Self.file("a.docx", "", bytes))
        }
    }
}

@Suite struct TemporaryFileTests {
    @Test func whatAGoneProcessHasLeftIsRemoved() throws {
        let folder = try #require(mkdtempFolder())
        let live = try TemporaryFile(directory: folder)
        let left = folder + "/nuages-upload-left"
        let other = folder + "/other"
        for path in [left, other] {
            try UploadedFile(name: "a", contentType: "", bytes: [1]).save(to: path)
        }
        #expect(TemporaryFile.removeLeftovers(in: folder) == 0, "They are too young.")
        #expect(TemporaryFile.removeLeftovers(in: folder, olderThan: 0) == 1)
        #expect(throws: Never.self) { try live.read(at: 0, count: 1) }
        #expect(access(live.path, F_OK) == 0 && access(other, F_OK) == 0)
        #expect(access(left, F_OK) != 0)
    }

    private func mkdtempFolder() -> String? {
        var template = Array("/tmp/nuages-leftovers-XXXXXX".utf8CString)
        return mkdtemp(&template).map { String(cString: $0) }
    }

    @Test func allFilesTogetherHaveALimit() throws {
        let first = try TemporaryFile(
            directory: nil,
            limit: TemporaryFile.totalSize + 1_000_000_000
        )
        try [UInt8](repeating: 1, count: 1000).withUnsafeBytes { try first.write($0) }
        let second = try TemporaryFile(directory: nil, limit: 1000)
        #expect(throws: TemporaryFileError.self) {
            try [UInt8](repeating: 1, count: 1000).withUnsafeBytes { try second.write($0) }
        }
    }
}
