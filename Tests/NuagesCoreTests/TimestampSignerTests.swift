import NuagesCore
import Testing

/// The values were signed by Django 6.1.3.
@Suite struct TimestampSignerTests {
    private let signer = TimestampSigner(key: SecretKey("predictable-key"), salt: "ts")
    private let now = Duration.seconds(1_700_000_000)

    @Test(arguments: [
        ("hello", "hello:1r31eq:QYtXT6C5z97MtPT-nMpt4F7yO8iZ-QjHkOedoBhnfhs"),
        ("a:b", "a:b:1r31eq:0eB03gGKj9I0ct0Zri7foh25F6RsNuHnwFDWfb11eIw"),
    ])
    func signsAsDjangoDoes(_ text: String, signed: String) throws {
        #expect(signer.sign(text, now: now) == signed)
        #expect(try signer.unsign(signed) == text)
    }

    @Test func refusesWhatIsOlderThanAccepted() throws {
        let signed = signer.sign("hello", now: now)
        let age = Duration.seconds(60)
        #expect(try signer.unsign(signed, maxAge: age, now: now + age) == "hello")
        #expect(throws: SigningError.expired(age: 60, maxAge: 60)) {
            try signer.unsign(signed, maxAge: age, now: now + age + .milliseconds(1))
        }
    }

    @Test func refusesAChangedTime() {
        let signed = signer.sign("hello", now: now)
        let later = signed.replacing("1r31eq", with: "1r31er")
        #expect(throws: SigningError.badSignature) { try signer.unsign(later) }
    }

    @Test(arguments: ["hello", "hello:", "hello:!", "hello:AzL8n0Y58m8"])
    func refusesATextWithoutATime(_ text: String) {
        let plain = Signer(key: SecretKey("predictable-key"), salt: "ts")
        #expect(throws: SigningError.missingTimestamp) { try signer.unsign(plain.sign(text)) }
    }

    @Test func signsWithTheTimeOfDay() throws {
        let signed = signer.sign("hello")
        #expect(try signer.unsign(signed, maxAge: .seconds(600)) == "hello")
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (61, "z"), (62, "10"), (-62, "-10"), (1_700_000_000, "1r31eq"),
        (Int.max, "AzL8n0Y58m7"),
    ])
    func writesTimesInBase62(_ number: Int, text: String) {
        #expect(Base62.encode(number) == text)
        #expect(Base62.decode(text) == number)
    }

    @Test(arguments: ["", "-", "--1", "1 ", "é", "AzL8n0Y58m8", "zzzzzzzzzzzz", "a-b"])
    func readsNoOtherTextAsATime(_ text: String) { #expect(Base62.decode(text) == nil) }
}

@Suite struct SeparatorTests {
    @Test(arguments: ["", "-", "abc", "_", "=", "0", "a=", "^"])
    func refusesWhatASignatureCouldHold(_ separator: String) {
        #expect(throws: SigningError.unsafeSeparator(separator)) {
            try Signer(key: SecretKey("k"), separator: separator)
        }
        #expect(throws: SigningError.unsafeSeparator(separator)) {
            try TimestampSigner(key: SecretKey("k"), separator: separator)
        }
    }

    @Test func saysWhatToUse() {
        #expect(
            SigningError.unsafeSeparator("-").description
                == "'-' cannot separate a text from its signature: use a character that is neither "
                + "letter nor digit nor one of [\\]^_`-=, such as ':'."
        )
    }

    @Test(arguments: ["/", "::", ".", "-:"])
    func takesAnyOther(_ separator: String) throws {
        let signer = try Signer(key: SecretKey("k"), separator: separator)
        #expect(try signer.unsign(signer.sign("a\(separator)b")) == "a\(separator)b")
    }
}

@Suite struct SignedObjectTests {
    private let key = SecretKey("k")

    @Test func loadsWhatDjangoDumped() throws {
        let token =
            "eyJ1c2VyIjo1LCJuYW1lIjoiXHUwMGU5PFx1ZDgzZFx1ZGUwMD4ifQ:1r31eq:"
            + "g01m6tVkbh5R61nzGN7_KBxTASmPjhOsDsvXOt6kK9o"
        let value = JSONValue.object([
            .init("user", .int(5)), .init("name", .string("é<😀>")),
        ])
        #expect(try Signing.loads(token, key: key, salt: "s") == value)
        let signer = TimestampSigner(key: key, salt: "s")
        #expect(
            signer.signObject(value, compresses: false, now: .seconds(1_700_000_000)) == token
        )
    }

    @Test func compressesWhereThatSaves() throws {
        let token =
            ".eJyrVkpUsopWKslIVSgszUzOVkgqyi_PU0jLr1BQ0hkVHnrCsbUA0SOdoA:1r31eq:"
            + "27mN1ioNTtHRrgw7H39-EO7TfQ4PIEiisqIFHQRkyzs"
        let words = JSONValue.array(
            Array(repeating: .string("the quick brown fox "), count: 20)
        )
        let value = JSONValue.object([.init("a", words)])
        #expect(try Signing.loads(token, key: key, salt: "s") == value)
        let packed = Signing.dumps(value, key: key, salt: "s", compresses: true)
        #expect(packed.utf8.first == UInt8(ascii: "."))
        #expect(try Signing.loads(packed, key: key, salt: "s") == value)
        let short = Signing.dumps([1], key: key, compresses: true)
        #expect(short.utf8.first != UInt8(ascii: "."))
    }

    @Test func aBombIsRefusedThoughItIsSigned() throws {
        let signer = Signer(key: key)
        let bomb = signer.signBytes([UInt8](repeating: 0, count: 20_000_000), compresses: true)
        #expect(bomb.utf8.count < 40_000)
        #expect(throws: SigningError.badObject("it has more than 10485760 bytes.")) {
            try signer.unsignBytes(bomb)
        }
        #expect(throws: SigningError.self) { try signer.unsignBytes(bomb, maxSize: 10) }
    }

    @Test(arguments: ["!", "a", "YQ", ".YQ", "e30x"])
    func refusesATextThatIsNoObject(_ text: String) {
        let signer = Signer(key: key)
        #expect(throws: SigningError.self) { try signer.unsignObject(signer.sign(text)) }
    }

    @Test func keepsPurposesAndKeysApart() throws {
        let token = Signing.dumps(["a": 1], key: key, salt: "x")
        #expect(throws: SigningError.badSignature) { try Signing.loads(token, key: key) }
        #expect(throws: SigningError.badSignature) {
            try Signing.loads(token, key: SecretKey("new"), salt: "x")
        }
        let value = try Signing.loads(
            token,
            key: SecretKey("new"),
            salt: "x",
            maxAge: .seconds(600),
            fallbackKeys: [key]
        )
        #expect(value == .object([.init("a", .int(1))]))
    }
}

@Suite struct KeyDerivationTests {
    @Test(arguments: [
        (
            "password", "salt", 1, 20 as Int?, Digest.Algorithm.sha1,
            "0c60c80f961f0e71f3a9b524af6012062fe037a6"
        ),
        (
            "pässword", "sält", 1000, nil as Int?, .sha256,
            "29f020bda8720d4b1bf4badbd4b8ae846792910432a2c6950f55c91b3ebe5239"
        ),
        ("", "s", 2, 5 as Int?, .sha512, "e1fddab250"),
    ])
    func derivesKeysAsPythonDoes(
        _ password: String,
        salt: String,
        iterations: Int,
        length: Int?,
        algorithm: Digest.Algorithm,
        expected: String
    ) {
        let key = Digest.pbkdf2(
            Array(password.utf8),
            salt: Array(salt.utf8),
            iterations: iterations,
            length: length,
            with: algorithm
        )
        #expect(key.map(Digest.hex) == expected)
    }

    @Test(arguments: [(0, 20), (-1, 20), (1, 0), (1, -5), (Int.max, 20), (1, Int.max)])
    func refusesNumbersOutOfRange(_ iterations: Int, length: Int) {
        #expect(
            Digest.pbkdf2([1], salt: [2], iterations: iterations, length: length) == nil
        )
    }

    @Test func saltsKeepPurposesApart() {
        let code = Digest.saltedHMAC("salt", value: "value", secret: "secret")
        #expect(
            Digest.hex(code) == "debaddcd9ecbaab181289870baf8af49b0af0a7050d620d1a63f1e69bd87ceb8"
        )
        #expect(Digest.saltedHMAC("other", value: "value", secret: "secret") != code)
    }

    @Test func knowsAlgorithmsByName() {
        for algorithm in Digest.Algorithm.allCases {
            #expect(Digest.Algorithm(name: algorithm.name) == algorithm)
            #expect(Digest.hash([1], with: algorithm).count == algorithm.byteCount)
        }
        #expect(Digest.Algorithm(name: "SHA256") == nil)
        let signer = Signer(key: SecretKey("k"), algorithm: .sha384)
        #expect(
            signer.sign("hello")
                == "hello:uK9RVWOuYe-gVOkqey6u_HWqW4MvG-I7cZRagPAuBrQoCajWf6HDYEGtLS1lWKZc"
        )
    }
}
