import NuagesCore
import Testing

@Suite struct SignerTests {
    private let signer = Signer(key: SecretKey("predictable-secret"))

    /// The values were signed by Django 6.1.3 with `Signer(key="predictable-secret")`.
    @Test(arguments: [
        (
            "hello",
            "hello:T8oWtiMIRTzcoR3NRO-2PQNf5dTweZy0EL25Kt6lUo0"
        ),
        (
            "",
            ":V-Xen-p1RGVy7-8jG2MYPhQmA4SiVmD-zy0GezJAc2g"
        ),
        (
            "é\u{301} 😀",
            "é\u{301} 😀:EOILIU8qWb7yefrtEThM5CHDArNjh6JpG6xhhua0Tuo"
        ),
        (
            "a:b:c",
            "a:b:c:2wmbc12B0-WNvL8XBxQjclOVlD03HUDFmvkUT3fICXM"
        ),
    ])
    func signsAsDjangoDoes(_ text: String, signed: String) throws {
        #expect(signer.sign(text) == signed)
        #expect(try signer.unsign(signed) == text)
    }

    @Test(arguments: ["hello", "", "a b"])
    func refusesAValueWithoutSeparator(_ value: String) {
        #expect(throws: SigningError.missingSeparator(":")) { try signer.unsign(value) }
    }

    @Test func refusesAChangedValue() {
        let signed = signer.sign("user=1")
        let forged = "user=2" + signed.dropFirst("user=1".count)
        #expect(throws: SigningError.badSignature) { try signer.unsign(forged) }
    }

    @Test func refusesAValueSignedForAnotherPurpose() {
        let other = Signer(key: SecretKey("predictable-secret"), salt: "reset")
        #expect(throws: SigningError.badSignature) { try signer.unsign(other.sign("hello")) }
    }

    @Test func acceptsAFormerKey() throws {
        let rotated = Signer(
            key: SecretKey("new"),
            fallbackKeys: [SecretKey("predictable-secret")]
        )
        #expect(try rotated.unsign(signer.sign("hello")) == "hello")
        #expect(rotated.sign("hello") != signer.sign("hello"))
    }
}

@Suite struct SecretKeyTests {
    @Test func neverShowsItself() {
        let key = SecretKey("do-not-print-me")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped, "\([key])"] {
            #expect(!text.contains("do-not-print-me"))
        }
    }

    @Test func drawsStrongKeys() {
        let key = SecretKey.random()
        #expect(key.weakness == nil)
        #expect(key != SecretKey.random())
    }

    @Test(arguments: [
        ("short", "it is shorter than 50 characters"),
        (String(repeating: "a", count: 60), "it has fewer than 5 different characters"),
        (
            "django-insecure-abcdefghijklmnopqrstuvwxyz0123456789abcdef",
            "it begins with 'django-insecure-', so it was generated for development only"
        ),
    ])
    func saysWhyAKeyIsWeak(_ key: String, weakness: String) {
        #expect(SecretKey(key).weakness == weakness)
    }
}
