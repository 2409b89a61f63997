import NuagesCore
import Testing

@Suite struct LanguageTests {
    @Test(
        arguments: [
            ("de", "de"), ("de-at", "de"), ("zh-tw", "zh-hant"), ("zh-hant-tw", "zh-hant"),
            ("es-xx-yy", "es"), ("DE", "DE"), ("xx", nil), ("", nil), ("de@\u{0}", nil), ("-", nil),
            ("zh", "zh-hans"),
        ] as [(String, String?)]
    )
    func findsTheNearestLanguage(_ code: String, _ found: String?) {
        #expect(LanguageInfo.supported(code) == found)
    }

    @Test func boundsTheWorkForHostileCodes() {
        let long = String(repeating: "a-", count: 500_000)
        #expect(LanguageInfo.supported("de-" + long) == "de")
        #expect(LanguageInfo.supported("de-" + long, isStrict: true) == nil)
        #expect(LanguageInfo.supported(String(repeating: "a", count: 1_000_000)) == nil)
        #expect(AcceptLanguage.parse(String(repeating: "en,", count: 500_000)).count == 166)
        #expect(AcceptLanguage.parse(String(repeating: "x", count: 500_000)).isEmpty)
        #expect(LanguageInfo.leading("/" + long) == nil)
    }

    @Test(arguments: [
        ("de, en;q=0.5", ["de", "en"]), ("en;q=0.5,de", ["de", "en"]), ("*", ["*"]), ("", []),
        ("de;q=1.1", []), ("de;q=", []), (" de", []), ("de,,en", []), ("de,", ["de"]),
    ])
    func readsAcceptLanguage(_ header: String, _ languages: [String]) {
        #expect(AcceptLanguage.parse(header).map(\.language) == languages)
    }

    @Test(
        arguments: [
            ("/de/", "de"), ("/de", "de"), ("/de-at/polls", "de"), ("/polls/", nil), ("de/", nil),
            ("/de@x/", nil), ("/", nil), ("", nil),
        ] as [(String, String?)]
    )
    func readsTheLanguageOfAPath(_ path: String, _ language: String?) {
        #expect(LanguageInfo.leading(path) == language)
    }

    @Test func switchesFormatsWithTheLanguage() {
        let german = Localization().switched(to: "de")
        #expect(german.language == "de")
        #expect(german.formats.decimalSeparator == ",")
        #expect(german.formats.firstDayOfWeek == 1)
        #expect(german.switched(to: nil).formats.decimalSeparator == ".")
    }
}
