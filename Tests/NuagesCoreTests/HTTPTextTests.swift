import NuagesCore
import Testing

@Suite struct CharsetTests {
    @Test(arguments: [
        ("UTF-8", Charset.utf8), (" utf8 ", .utf8), ("Latin-1", .latin1), ("ISO-8859-1", .latin1),
        ("us-ascii", .ascii), ("cp1252", .windows1252),
    ])
    func knowsNames(_ name: String, charset: Charset) { #expect(Charset(name: name) == charset) }

    @Test(arguments: ["", "utf-16", "utf-7", "latin", "x"])
    func knowsNoOther(_ name: String) { #expect(Charset(name: name) == nil) }

    @Test func readsAndWritesEachOfItsBytes() {
        for charset in Charset.allCases {
            for byte in UInt8.min...UInt8.max {
                guard let text = charset.decode([byte]) else { continue }
                #expect(charset.encode(text) == [byte])
            }
        }
        #expect(Charset.windows1252.decode([0x80]) == "€")
        #expect(Charset.windows1252.decode([0x81]) == nil)
        #expect(Charset.latin1.encode("€") == nil)
        #expect(Charset.utf8.decode([0xFF]) == nil)
        #expect(Charset.ascii.decode([0x80]) == nil)
    }
}

@Suite struct Base36Tests {
    @Test(arguments: [
        ("0", 0), ("rs", 1000), ("RS", 1000), ("django", 818_469_960), ("-1", -1), ("+1", 1),
        ("-0", 0), ("1y2p0ij32e8e7", Int.max), ("-zzzzzzzzzzzz", -4_738_381_338_321_616_895),
    ])
    func isRead(_ text: String, _ number: Int) {
        #expect(Base36.decode(text) == number)
    }

    @Test(arguments: [
        "", " ", "-", "+", "--1", "- 1", "a b", "1_0", "1é", "1\0", "zzzzzzzzzzzzz",
        "1y2p0ij32e8e8", "11111111111111", "-zzzzzzzzzzzzz",
    ])
    func refuses(_ text: String) {
        #expect(Base36.decode(text) == nil)
    }

    @Test func isWritten() {
        #expect(Base36.encode(1000) == "rs")
        #expect(Base36.encode(-1) == nil)
    }
}

@Suite struct MIMETextTests {
    /// Written by Python's `email.header`.
    @Test(arguments: [
        ("plain", "plain"), ("café", "café"), ("日本", "=?utf-8?b?5pel5pys?="),
        ("a b c d e f€", "=?utf-8?q?a_b_c_d_e_f=E2=82=AC?="),
        ("<>?=_€", "=?utf-8?b?PD4/PV/igqw=?="), ("aaaaaaaaaa€", "=?utf-8?q?aaaaaaaaaa=E2=82=AC?="),
    ])
    func encodesWhatIsNotLatin1(_ text: String, encoded: String) {
        #expect(MIMEText.encoded(text) == encoded)
    }
}

@Suite struct IRITests {
    @Test(arguments: [
        ("/I%20%E2%99%A5%20N/", "/I%20♥%20N/"), ("%&", "%&"), ("/%25%20%02%7b/", "/%25%20%02%7b/"),
        ("/%AAd%AA/", "/%AAd%AA/"), ("?x=%9C%93%E2%9C%93%9C%93", "?x=%9C%93✓%9C%93"),
        ("%41%7e%2e%2F%30", "A~.%2F%30"), ("%E2%99", "%E2%99"), ("%ED%A0%80", "%ED%A0%80"),
    ])
    func showsLettersOnly(_ uri: String, iri: String) {
        #expect(PercentCoding.decodeIRI(uri) == iri)
    }

    /// CVE-2019-14235, CVE-2023-41164: bytes that are no UTF-8, many of them.
    @Test func manyBrokenBytesAreEscapedInOnePass() {
        let broken = [UInt8](repeating: 0xF0, count: 1_000_000)
        #expect(PercentCoding.escapingBrokenUTF8(broken).count == 3_000_000)
        let uri = String(repeating: "%F0", count: 300_000)
        #expect(PercentCoding.decodeIRI(uri) == uri)
    }

    @Test func encodesThePathOfAFile() {
        #expect(
            PercentCoding.encode("upload/чу 1~!*'().mp4", safe: .filePath)
                == "upload/%D1%87%D1%83%201~!*'().mp4"
        )
    }
}

@Suite struct IPAddressRangeTests {
    static let inside: [(String, String)] = [
        ("10.0.0.0/8", "10.255.0.1"), ("10.0.0.0/8", "::ffff:10.0.0.1"), ("10.0.0.1", "10.0.0.1"),
        ("0.0.0.0/0", "203.0.113.9"), ("fd00::/8", "fdff::1"), ("::1", "0:0:0:0:0:0:0:1"),
        ("::ffff:10.0.0.0/104", "10.9.9.9"), ("2001:db8::/33", "2001:db8:7fff::1"),
        ("fe80::/10", "fe80::1%eth0"),
    ]

    @Test(arguments: inside)
    func holds(_ range: String, address: String) {
        #expect(IPAddressRange(range)?.contains(address) == true)
    }

    static let outside: [(String, String)] = [
        ("10.0.0.0/8", "11.0.0.1"), ("10.0.0.1", "10.0.0.2"), ("::/0", "10.0.0.1"),
        ("0.0.0.0/0", "::1"), ("2001:db8::/33", "2001:db8:8000::1"), ("10.0.0.0/8", ""),
        ("10.0.0.0/8", "010.0.0.1"), ("10.0.0.0/8", "10.1"), ("10.0.0.0/8", "0x0a000001"),
        ("10.0.0.0/8", "167772161"), ("10.0.0.0/8", "10.0.0.1 "), ("10.0.0.0/8", "10.0.0.1\0"),
    ]

    @Test(arguments: outside)
    func doesNotHold(_ range: String, address: String) {
        #expect(IPAddressRange(range)?.contains(address) == false)
    }

    /// CVE-2021-33571 for the leading zeros.
    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/+8",
        "10.0.0.1/8", "010.0.0.0/8", "::/129", "fd00::1/8", "::ffff:10.0.0.0/8", "a/8",
        "10.0.0.0/8/8", "10.0.0/8", "*",
    ])
    func refuses(_ text: String) { #expect(IPAddressRange(text) == nil) }

    @Test func printsItsShortestForm() {
        #expect(IPAddressRange("::ffff:10.0.0.0/104")?.description == "10.0.0.0/8")
        #expect(IPAddressRange("FD00:0::0/8")?.description == "fd00::/8")
    }
}

@Suite struct FileSignatureTests {
    static let files: [([UInt8], String?)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "image/png"),
        ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), (Array("GIF89a…".utf8), "image/gif"),
        (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), "image/webp"),
        (Array("RIFF\0\0\0\0WAVEfmt ".utf8), "audio/x-wav"),
        ([0, 0, 0, 0x20] + Array("ftypavif".utf8), "image/avif"),
        ([0, 0, 0, 0x18] + Array("ftypmif1\0\0\0\0mif1avif".utf8), "image/avif"),
        ([0, 0, 0, 0x18] + Array("ftypmif1\0\0\0\0mif1heic".utf8), "image/heic"),
        ([0, 0, 0, 0x14] + Array("ftypmif1\0\0\0\0mif1heic".utf8), "image/heif"),
        ([0, 0, 0, 0x20] + Array("ftypavc1".utf8), "video/mp4"),
        ([0, 0, 0, 0x20] + Array("ftypMSNV".utf8), "video/mp4"),
        ([0, 0, 0, 0x20] + Array("ftypmp42".utf8), "video/mp4"),
        ([0, 0, 1, 0], "image/vnd.microsoft.icon"), (Array("%PDF-1.7".utf8), "application/pdf"),
        ([0xEF, 0xBB, 0xBF] + Array(" \n<SVG xmlns".utf8), "image/svg+xml"),
        (Array("<!DOCTYPE html>".utf8), "text/html"), (Array("\t<script>".utf8), "text/html"),
        ([], nil), (Array("hello".utf8), nil), (Array("RIFF".utf8), nil), ([0, 0, 0], nil),
    ]

    @Test(arguments: files.indices)
    func seesWhatAFileIs(_ index: Int) {
        #expect(FileSignature.mediaType(of: Self.files[index].0) == Self.files[index].1)
    }

    @Test(arguments: [
        ("image/png", "<script>alert(1)</script>", true), ("image/png", "", true),
        ("image/svg+xml", "<?xml version=\"1.0\"?><svg/>", false),
        ("image/svg+xml", "<svg/>", false), ("image/svg+xml", "<html>", true),
        ("image/gif", "GIF89a", false), ("IMAGE/GIF", "GIF87a", false),
        ("image/jpg", "GIF89a", true),
        ("image/avif", "\0\0\0\u{18}ftypmif1\0\0\0\0mif1avif", false),
        ("image/heic", "\0\0\0\u{18}ftypmif1\0\0\0\0mif1heic", false),
        ("image/heif", "\0\0\0\u{14}ftypheic\0\0\0\0mif1", false),
        ("image/heic", "\0\0\0\u{14}ftypmif1\0\0\0\0mif1", false),
        ("image/heif", "\0\0\0\u{14}ftypavif\0\0\0\0avif", true),
        ("text/html", "GIF89a", false), ("application/pdf", "hello", false),
    ])
    func seesAnImageThatIsNone(_ type: String, content: String, isMislabeled: Bool) throws {
        let file = UploadedFile(name: "f", contentType: type, bytes: Array(content.utf8))
        #expect(try file.isMislabeledImage == isMislabeled)
    }
}

@Suite struct ValidTextTests {
    @Test(arguments: [
        [], Array("a".utf8), Array("1234567".utf8), Array("12345678".utf8),
        Array("123456789é".utf8), Array("\u{FFFD}".utf8), Array("👩‍👩‍👧 text".utf8), [0x00],
    ])
    func readsUTF8(_ bytes: [UInt8]) {
        let text = bytes.withUnsafeBufferPointer { String(validUTF8: $0) }
        #expect(text.map { Array($0.utf8) } == bytes)
    }

    @Test(arguments: [
        [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x91], [0x61, 0xFF, 0x62],
        Array("12345678".utf8) + [0xFE],
    ])
    func refusesWhatIsNone(_ bytes: [UInt8]) {
        #expect(bytes.withUnsafeBufferPointer { String(validUTF8: $0) } == nil)
    }

    @Test func comparesEveryByte() {
        for count in 1...20 {
            let text = String(repeating: "x", count: count)
            #expect(text.equalsBytes(text))
            for index in 0..<count {
                var other = Array(text.utf8)
                other[index] = 0x79
                #expect(!text.equalsBytes(String(decoding: other, as: UTF8.self)))
            }
        }
        #expect(!"\u{E9}".equalsBytes("e\u{301}"))
    }
}
