import NuagesFiles
import Testing

@Suite struct ImageSizeTests {
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 2, 0x80, 0, 0, 1, 0xE0, 8, 2, 0, 0, 0]
    static let gif: [UInt8] = Array("GIF89a".utf8) + [0x80, 2, 0xE0, 1, 0, 0, 0]
    static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 17, 8, 1, 0xE0, 2, 0x80, 3]
    static let lossy: [UInt8] =
        Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8 ".utf8)
        + [0, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 2, 0xE0, 1]

    @Test(arguments: [png, gif, jpeg, lossy])
    func readsTheSize(_ bytes: [UInt8]) async throws {
        #expect(try await File(bytes).imageSize() == ImageSize(width: 640, height: 480))
        for count in 0..<bytes.count {
            _ = try await File(Array(bytes.prefix(count))).imageSize()
        }
    }

    @Test(arguments: ["", "hello", "<svg width='1'/>", "GIF89a"])
    func findsNoneInOtherFiles(_ text: String) async throws {
        #expect(try await File(text).imageSize() == nil)
    }
}
