import NuagesCore
import NuagesFiles
import Testing

@Suite struct MediaSignerTests {
    private let signer = MediaSigner(key: SecretKey(String(repeating: "k", count: 50)))

    private func signature(_ url: String) -> String {
        String(url.split(separator: "=", maxSplits: 1)[1])
    }

    private func signed(
        _ path: String,
        expires: Int = 600,
        boundTo binding: String? = nil
    ) -> String {
        signature(
            signer.signedURL(
                for: path,
                expires: .seconds(expires),
                boundTo: binding,
                now: .seconds(1_800_000_000)
            )
        )
    }

    private func verify(
        _ signature: String?,
        _ path: String,
        boundTo binding: String? = nil,
        after seconds: Int = 0,
        by other: MediaSigner? = nil
    ) throws(SigningError) {
        try (other ?? signer).verify(
            signature,
            path: path,
            boundTo: binding,
            now: .seconds(1_800_000_000 + seconds)
        )
    }

    @Test func acceptsItsOwnUntilTheyExpire() throws {
        let proof = signed("/m/a.pdf")
        try verify(proof, "/m/a.pdf")
        try verify(proof, "/m/a.pdf", after: 600)
        #expect(throws: SigningError.expired(age: 601, maxAge: 600)) {
            try verify(proof, "/m/a.pdf", after: 601)
        }
    }

    @Test(arguments: [nil, "", "x", "a:b", "a:b:c", "-1:0:x", "::", "zzzzzzzzzzz:1:2"])
    func refusesWhatIsNoSignature(_ proof: String?) {
        #expect(throws: SigningError.self) { try verify(proof, "/m/a.pdf") }
    }

    @Test func refusesWhatWasSignedForSomethingElse() throws {
        let proof = signed("/m/a.pdf", boundTo: "7")
        try verify(proof, "/m/a.pdf", boundTo: "7")
        #expect(throws: SigningError.badSignature) { try verify(proof, "/m/b.pdf", boundTo: "7") }
        #expect(throws: SigningError.badSignature) { try verify(proof, "/m/a.pdf", boundTo: "8") }
        #expect(throws: SigningError.badSignature) { try verify(proof, "/m/a.pdf") }
        #expect(throws: SigningError.badSignature) {
            try verify(signed("/m/a.pdf"), "/m/a.pdf", boundTo: "")
        }
        let key = SecretKey(String(repeating: "k", count: 50))
        #expect(throws: SigningError.badSignature) {
            try verify(
                proof,
                "/m/a.pdf",
                boundTo: "7",
                by: MediaSigner(key: key, purpose: "invoices")
            )
        }
    }

    @Test func refusesEveryChangedCharacter() {
        let proof = Array(signed("/m/a.pdf").utf8)
        for index in proof.indices {
            var changed = proof
            changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
            // The last character of base64 has two bits that mean nothing; they must count too.
            #expect(throws: SigningError.self) {
                try verify(String(decoding: changed, as: UTF8.self), "/m/a.pdf")
            }
        }
    }

    @Test(arguments: [
        ("/m/a.pdf", "/m/a.pdf"), ("https://m.example.com/m/a.pdf?x=1", "/m/a.pdf"),
        ("//m.example.com/m/a.pdf#x", "/m/a.pdf"),
    ])
    func signsThePath(_ url: String, _ path: String) throws {
        try verify(signed(url), path)
    }

    /// Whatever an address escapes, a request has it escaped in one way.
    @Test(arguments: ["/m\u{E9}dia/a b.pdf", "/m%C3%A9dia/a%20b.pdf", "/m%c3%a9dia/%61%20b.pdf"])
    func signsWhatBrowsersSend(_ url: String) throws {
        let address = signer.signedURL(for: url, expires: .seconds(600))
        #expect(address.utf8.allSatisfy { $0 < 0x80 && $0 != 0x20 })
        try signer.verify(signature(address), path: "/m%C3%A9dia/a%20b.pdf")
    }

    @Test func countsAsLongAsItSays() throws {
        let now = Duration.seconds(1_800_000_000)
        let cases: [(Duration, Int)] = [
            (.milliseconds(1), 1), (.milliseconds(1500), 2), (.seconds(1), 1), (.zero, 0),
            (.seconds(-5), 0), (.seconds(9_000_000_000), 3_155_760_000),
            (.seconds(Int64.max), 3_155_760_000),
        ]
        for (expires, seconds) in cases {
            let url = signer.signedURL(for: "/a", expires: expires, boundTo: nil, now: now)
            let proof = signature(url)
            try verify(proof, "/a", after: seconds)
            #expect(throws: SigningError.self) { try verify(proof, "/a", after: seconds + 1) }
        }
    }

    @Test func acceptsFormerKeys() throws {
        let proof = signed("/m/a.pdf")
        let rotated = MediaSigner(
            key: SecretKey(String(repeating: "n", count: 50)),
            fallbackKeys: [SecretKey(String(repeating: "k", count: 50))]
        )
        try verify(proof, "/m/a.pdf", by: rotated)
    }
}
