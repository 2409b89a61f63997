import Testing

@testable import NuagesCore

@Suite struct CompressionTests {
    private let texts: [[UInt8]] = [
        [], Array("a".utf8), Array(String(repeating: "Nuages ", count: 5000).utf8),
        (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) },
    ]

    @Test(arguments: [
        Deflater.Format.zlib, .gzip(), .gzip(fileName: Array("random".utf8)),
        .gzip(fileName: [65, 0, 66]),
    ])
    func readsWhatItWrote(_ format: Deflater.Format) throws {
        for text in texts {
            let compressed = try Deflater(format).compress(text, flush: .finish)
            #expect(try Inflater.decompress(compressed, upTo: text.count) == text)
        }
    }

    @Test func writesTheBytesOfPython() throws {
        // zlib.compress(b"hello hello hello hello")
        let expected: [UInt8] = [
            0x78, 0x9C, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0x01, 0x68, 0x03,
            0x08, 0xB1,
        ]
        let text = Array("hello hello hello hello".utf8)
        #expect(try Deflater(.zlib).compress(text, flush: .finish) == expected)
    }

    @Test func compressesPieceByPiece() throws {
        let deflater = try Deflater(.gzip())
        var output: [UInt8] = []
        for piece in ["one ", "", "two ", "three"] {
            output += try deflater.compress(Array(piece.utf8), flush: .sync)
        }
        output += try deflater.compress([], flush: .finish)
        let text = try Inflater.decompress(output, upTo: 100)
        #expect(String(decoding: text, as: UTF8.self) == "one two three")
    }

    @Test func aBombIsRefusedAtTheLimit() throws {
        let bomb = try Deflater(.zlib).compress(
            [UInt8](repeating: 0, count: 10_000_000),
            flush: .finish
        )
        #expect(bomb.count < 20_000)
        #expect(throws: CompressionError.tooLarge(limit: 1000)) {
            try Inflater.decompress(bomb, upTo: 1000)
        }
    }

    @Test func brokenBytesAreRefused() throws {
        let whole = try Deflater(.zlib).compress(Array("hello".utf8), flush: .finish)
        var flipped = whole
        flipped[flipped.count - 1] ^= 1
        for bytes in [[], [0x78], [1, 2, 3], Array(whole.dropLast(2)), flipped] {
            #expect(throws: CompressionError.corrupt) {
                try Inflater.decompress(bytes, upTo: 100)
            }
        }
    }
}
