import NuagesCore
import NuagesHTTP
import Testing

@Suite struct SignedCookieTests {
    private let signer = CookieSigner(key: SecretKey("cookie-secret"))
    private let now = Duration.seconds(1_700_000_000)

    private func request(
        _ cookie: String,
        key: String? = "cookie-secret",
        fallbacks: [String] = [],
        acceptsLegacy: Bool = false
    ) -> Request {
        let request = Request(target: "/", headers: ["Cookie": cookie])
        var settings = HTTPSettings()
        settings.secretKey = key.map { SecretKey($0) }
        settings.secretKeyFallbacks = fallbacks.map { SecretKey($0) }
        settings.acceptsLegacyCookieSalts = acceptsLegacy
        request.prepare(for: settings)
        return request
    }

    /// Signed by Django 6.1.3 with `set_signed_cookie("c", "a:b", salt="x")`.
    private let django = "a:b:1r31eq:h1r4A66yPP3mJXUc5C-jX9HSr-A3cURimwzIWvcGcDY"

    @Test func signsAsDjangoDoes() throws {
        #expect(signer.sign("a:b", for: "c", salt: "x", now: now) == django)
        #expect(try request("c=\(django)").signedCookie("c", salt: "x") == "a:b")
    }

    /// CVE-2026-6873: the cookie `a` with the salt `bc` is not the cookie `ab` with the salt `c`.
    @Test func nameAndSaltAreKeptApart() {
        let signed = signer.sign("1", for: "a", salt: "bc")
        #expect(throws: SigningError.badSignature) {
            try signer.unsign(signed, for: "ab", salt: "c")
        }
        #expect(throws: SigningError.badSignature) { try signer.unsign(signed, for: "abc") }
    }

    @Test func cookiesOfOldDjangosNeedAnOptIn() throws {
        let old = "a:b:1r31eq:XdINdnROE_Zfi2bkh7MkYQqYwe0femiGCByNUAc4RYk"
        #expect(throws: SignedCookieError.refused("c", .badSignature)) {
            try request("c=\(old)").signedCookie("c", salt: "x")
        }
        let value = try request("c=\(old)", acceptsLegacy: true).signedCookie("c", salt: "x")
        #expect(value == "a:b")
    }

    @Test func aCookieGrowsOld() {
        #expect(throws: SigningError.self) {
            try signer.unsign(
                django,
                for: "c",
                salt: "x",
                maxAge: .seconds(10),
                now: now + .seconds(11)
            )
        }
        #expect(throws: SignedCookieError.self) {
            try request("c=\(django)").signedCookie("c", salt: "x", maxAge: .seconds(1))
        }
    }

    @Test func saysWhatIsMissing() {
        #expect(throws: SignedCookieError.missing("other")) {
            try request("c=1").signedCookie("other")
        }
        #expect(throws: SignedCookieError.refused("c", .missingSeparator(":"))) {
            try request("c=forged").signedCookie("c")
        }
        #expect(throws: SignedCookieError.self) { try request("c=1", key: nil).signedCookie("c") }
        #expect(!SignedCookieError.refused("c", .badSignature).description.contains("forged"))
        #expect((try? request("c=1").signedCookie("c")) == nil)
    }

    @Test func setsWhatItReads() throws {
        let site = request("", fallbacks: ["old"])
        var response = Response()
        try response.setSignedCookie(Cookie("c", "é;\u{1F600}"), by: site.cookieSigner, salt: "s")
        let header = try #require(response.headers["Set-Cookie"])
        let sent = String(header.prefix { $0 != ";" })
        #expect(try request(sent).signedCookie("c", salt: "s") == "é;\u{1F600}")
        #expect(
            try request(sent, key: "new", fallbacks: ["cookie-secret"])
                .signedCookie("c", salt: "s") == "é;\u{1F600}"
        )
        #expect(throws: CookieError.noSigner("c")) {
            try response.setSignedCookie(Cookie("c", "1"), by: nil)
        }
    }
}
