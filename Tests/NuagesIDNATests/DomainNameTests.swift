import NuagesIDNA
import Testing

/// What Python's codec `idna` answers, which Django's `punycode` calls.
@Suite struct DomainNameTests {
    static let names: [(name: String, ascii: String)] = [
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("\u{4F8B}\u{3048}.jp", "xn--r8jz45g.jp"),
        ("example.com", "example.com"),
        ("faß.de", "fass.de"),
        ("FAß.DE", "fass.DE"),
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("straße.example", "strasse.example"),
        ("\u{392}\u{38C}\u{39B}\u{39F}\u{3A3}.gr", "xn--nxasmq6b.gr"),
        ("\u{3B2}\u{3CC}\u{3BB}\u{3BF}\u{3C2}.gr", "xn--nxasmq6b.gr"),
        ("\u{646}\u{627}\u{645}\u{647}\u{200C}\u{627}\u{6CC}.com", "xn--mgba3gch31f.com"),
        ("\u{915}\u{94D}\u{200D}\u{937}.in", "xn--11b2ezc.in"),
        ("\u{2603}.net", "xn--n3h.net"),
        ("i\u{2764}.ws", "xn--i-7iq.ws"),
        ("\u{1F4A9}.la", "xn--ls8h.la"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("XN--MNCHEN-3YA.de", "XN--MNCHEN-3YA.de"),
        ("xn--a", "xn--a"),
        ("", ""),
        ("EXAMPLE.com", "EXAMPLE.com"),
        ("Example.COM.", "Example.COM."),
        ("münchen.de.", "xn--mnchen-3ya.de."),
        ("a_b.com", "a_b.com"),
        ("ü_b.com", "xn--_b-wka.com"),
        ("-a.com", "-a.com"),
        ("-ü.com", "xn----eha.com"),
        ("ü-.com", "xn----dha.com"),
        ("\u{4F8B}\u{3048}\u{3002}jp", "xn--r8jz45g.jp"),
        ("\u{4F8B}\u{3048}\u{FF0E}jp", "xn--r8jz45g.jp"),
        ("\u{4F8B}\u{3048}\u{FF61}jp", "xn--r8jz45g.jp"),
        ("\u{65E5}\u{672C}\u{8A9E}\u{3002}\u{FF2A}\u{FF30}", "xn--wgv71a119e.jp"),
        ("\u{FF45}\u{FF58}\u{FF41}\u{FF4D}\u{FF50}\u{FF4C}\u{FF45}.com", "example.com"),
        ("\u{2460}.com", "1.com"),
        ("\u{2121}.com", "tel.com"),
        ("ǆ.com", "xn--d-toa.com"),
        ("\u{FB01}.com", "fi.com"),
        ("İ.com", "xn--i-9bb.com"),
        ("ı.com", "xn--cfa.com"),
        ("\u{212A}.com", "k.com"),
        ("\u{212B}.com", "xn--5ca.com"),
        ("e\u{301}.com", "xn--9ca.com"),
        ("é.com", "xn--9ca.com"),
        ("\u{5D0}.com", "xn--4db.com"),
        ("\u{AD}a.com", "a.com"),
        ("ü\u{AD}b.com", "xn--b-dha.com"),
        ("a\u{200B}b.com", "ab.com"),
        ("\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}.com", "xn--og8hvo.com"),
        ("\u{3B1}\u{3B2}\u{3B3}.\u{3B4}\u{3B5}", "xn--mxacd.xn--pxac"),
        (
            "\u{43F}\u{440}\u{438}\u{43C}\u{435}\u{440}.\u{438}\u{441}\u{43F}\u{44B}\u{442}\u{430}\u{43D}\u{438}\u{435}",
            "xn--e1afmkfd.xn--80akhbyknj4f"
        ),
        ("\u{D55C}\u{AD6D}.kr", "xn--3e0b707e.kr"),
        ("\u{E44}\u{E17}\u{E22}.th", "xn--o3cw4h.th"),
        ("\u{3105}.tw", "xn--5ek.tw"),
        ("\u{2D00}.ge", "xn--rkj.ge"),
        ("ß", "ss"),
        ("ä", "xn--4ca"),
        ("ab--cd.com", "ab--cd.com"),
        ("üb--cd.com", "xn--b--cd-jva.com"),
        ("user@ü.de", "xn--user@-ova.de"),
        ("ü:80", "xn--:80-goa"),
        ("[::1]", "[::1]"),
        ("127.0.0.1", "127.0.0.1"),
        ("\u{661}\u{662}\u{663}.com", "xn--9hbcd.com"),
        ("ü%.com", "xn--%-dha.com"),
        ("\u{10400}.com", "xn--hj8c.com"),
        ("\u{338F}.com", "kg.com"),
        ("\u{ABBF}.com", "xn--t19a.com"),
        ("a\u{2260}b.com", "xn--ab-miv.com"),
        (String(repeating: "a", count: 63) + ".com", String(repeating: "a", count: 63) + ".com"),
        (
            String(repeating: "ü", count: 57),
            "xn--tdaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        ),
    ]

    @Test(arguments: names)
    func areWrittenInASCII(_ name: String, _ ascii: String) throws {
        let result = try DomainName.ascii(name)
        #expect(Array(result.utf8) == Array(ascii.utf8))
    }

    @Test(arguments: [
        ".",
        "..",
        "a..b",
        ".a",
        "ü..b",
        "\u{5D0}a.com",
        "1\u{5D0}.com",
        "\u{5D0}1.com",
        "\u{202E}ü.com",
        "\u{FFFD}.com",
        "\u{E000}.com",
        "xn--ü.com",
        String(repeating: "a", count: 64) + ".com",
        String(repeating: "ü", count: 60),
    ])
    func refusesWhatIsNone(_ name: String) {
        #expect(throws: DomainNameError.self) { try DomainName.ascii(name) }
    }

    @Test(arguments: [
        (
            "a..b",
            "'a..b' is no domain name: a label is empty or too long. "
                + "Write 1 to 63 characters between two dots."
        ),
        (
            "xn--\u{FC}.de",
            "'xn--\u{FC}.de' is no domain name: a label begins with 'xn--'. "
                + "Write it either in Punycode or in its script."
        ),
        (
            "a\0b",
            "'a\0b' is no domain name: a character has no place in it. "
                + "Leave out control characters, and do not mix directions of writing in a label."
        ),
    ])
    func saysWhatIsWrong(_ name: String, _ message: String) throws {
        let error = try #require(throws: DomainNameError.self) { try DomainName.ascii(name) }
        #expect(error.description == message)
    }

    /// The codec once took a time that grew with the square of the length (CVE-2022-45061).
    @Test func refusesLongNamesUnseen() throws {
        let name = String(repeating: "\u{FC}.", count: 100_000)
        let error = try #require(throws: DomainNameError.self) { try DomainName.ascii(name) }
        #expect(error.reason == .tooLong)
        #expect(error.name.unicodeScalars.count == 80)
    }
}
