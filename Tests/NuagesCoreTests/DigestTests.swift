import NuagesCore
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        (Digest.Algorithm.md5, "900150983cd24fb0d6963f7d28e17f72"),
        (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func hashesTheStandardsExample(_ algorithm: Digest.Algorithm, expected: String) {
        #expect(Digest.hex(Digest.hash(Array("abc".utf8), with: algorithm)) == expected)
    }

    @Test func hashesNoBytes() {
        #expect(
            Digest.hex(Digest.hash([], with: .md5)) == "d41d8cd98f00b204e9800998ecf8427e"
        )
    }

    /// RFC 4231, test case 2.
    @Test func authenticatesWithAShortKey() {
        let code = Digest.authenticate(
            Array("what do ya want for nothing?".utf8),
            key: Array("Jefe".utf8)
        )
        #expect(
            Digest.hex(code)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test func authenticatesWithAnEmptyKey() {
        #expect(
            Digest.hex(Digest.authenticate([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }

    @Test(arguments: [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "ab", false)])
    func comparesInConstantTime(_ left: String, _ right: String, expected: Bool) {
        #expect(Digest.constantTimeEquals(left.utf8, right.utf8) == expected)
    }
}
