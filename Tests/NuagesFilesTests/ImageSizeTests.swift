import NuagesCore
import NuagesFiles
import Synchronization
import Testing

/// A file that a storage has elsewhere.
private struct Elsewhere: FileReader {
    let bytes: [UInt8]
    let read = Count()

    final class Count: Sendable {
        let value = Mutex(0)
    }

    func forEachChunk(
        of size: Int,
        in range: Range<Int>,
        _ body: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start + size)
            read.value.withLock { $0 += end - start }
            try await body(bytes[start..<end])
            start = end
        }
    }
}

@Suite struct ImageSizeTests {
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 2, 0x80, 0, 0, 1, 0xE0, 8, 2, 0, 0, 0, 0xBA, 0xB3, 0x4B, 0xB3, 0, 0, 0, 1]
        + Array("IDAT".utf8) + [0, 0x28, 0x38, 0x7D, 0xE8, 0, 0, 0, 0]
        + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    static let gif: [UInt8] =
        Array("GIF89a".utf8) + [0x80, 2, 0xE0, 1, 0, 0, 0]
        + [0x2C, 0, 0, 0, 0, 0x80, 2, 0xE0, 1, 0, 2, 2, 0x4C, 1, 0, 0x3B]
    static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 17, 8, 1, 0xE0, 2, 0x80, 3]
        + [1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0xFF, 0, 0x55]
        + [0xFF, 0xD9]
    private static let size = ImageSize(width: 640, height: 480)

    @Test(arguments: [png, gif, jpeg])
    func readsTheSizeFromAnywhere(_ bytes: [UInt8]) async throws {
        #expect(try await File(bytes).imageSize() == Self.size)
        let disk = try TemporaryFile(directory: nil)
        try disk.write(bytes[...])
        let upload = UploadedFile(
            name: "a",
            contentType: "",
            contentTypeParameters: [],
            file: disk,
            size: bytes.count
        )
        #expect(try await File(upload).imageSize() == Self.size)
        #expect(try await File.local(disk.path).imageSize() == Self.size)
        let elsewhere = File(name: "a", size: bytes.count, reader: Elsewhere(bytes: bytes))
        #expect(try await elsewhere.imageSize() == Self.size)
    }

    @Test(arguments: [png, gif, jpeg])
    func findsNoneInABrokenImage(_ bytes: [UInt8]) async throws {
        for count in 0..<bytes.count {
            #expect(try await File(Array(bytes.prefix(count))).imageSize() == nil)
        }
    }

    @Test(arguments: ["", "hello", "<svg width='1'/>", "GIF89a"])
    func findsNoneInOtherFiles(_ text: String) async throws {
        #expect(try await File(text).imageSize() == nil)
    }

    @Test func keepsToItsLimits() async throws {
        let file = File(Self.png + Array("more".utf8))
        #expect(try await file.imageSize() == Self.size)
        #expect(try await file.imageSize(limits: ImageLimits()) == nil)
        let few = ImageLimits(maxPixels: 640 * 480 - 1, allowsTrailingBytes: true)
        #expect(try await file.imageSize(limits: few) == nil)
    }

    @Test func fetchesNothingButImages() async throws {
        let reader = Elsewhere(bytes: [UInt8](repeating: 0x20, count: 1_000_000))
        #expect(try await File(name: "a", size: 1_000_000, reader: reader).imageSize() == nil)
        #expect(reader.read.value.withLock { $0 } == FileSignature.length)
    }
}
