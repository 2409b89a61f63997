import NuagesCore
import NuagesHTTP
import Testing

@Suite struct LocaleTests {
    static let choice = LanguageChoice(
        ["en", "fr", "pt-br", "zh-hans", "es", "fr-ca"],
        standard: "en"
    )

    @Test(arguments: [
        ("en, fr;q=0.5", "en=1.0 fr=0.5"), ("en ,fr", "en=1.0 fr=1.0"), ("en ", ""),
        ("en,", "en=1.0"), ("", ""), ("en;q=1.5", ""), ("en;q=0.1234", ""), ("*", "*=1.0"),
        ("fr;q=0., en", "en=1.0 fr=0.0"), ("aaaaaaaaa", ""), ("en,,fr", ""), (" en", ""),
        ("de, fr-CA;q=0.1", "de=1.0 fr-ca=0.1"), ("en;q=0.5 ,fr", "fr=1.0 en=0.5"),
        ("en;q=1.001", ""), ("en;q=0x1p3", ""), ("en;q=nan", ""), ("(a+)+$", ""),
    ])
    func readsAcceptLanguageAsDjangoDoes(_ header: String, expected: String) {
        let ranges = AcceptLanguage.parse(header).map { "\($0.language)=\($0.quality)" }
        #expect(ranges.joined(separator: " ") == expected)
    }

    @Test(arguments: [
        ("fr-CA", "fr-CA", "fr-CA"), ("fr-FR", "fr", "fr"), ("pt", "pt-br", nil),
        ("zh-cn", "zh-hans", "zh-hans"), ("zh-TW", "zh-hans", nil),
        ("zh-Hans-CN", "zh-Hans", "zh-Hans"), ("es-419", "es", "es"), ("de", nil, nil),
        ("fr-ca-x", "fr-ca", "fr-ca"), ("", nil, nil),
    ])
    func findsVariants(_ code: String, variant: String?, strict: String?) {
        #expect(Self.choice.variant(of: code) == variant)
        #expect(Self.choice.variant(of: code, isStrict: true) == strict)
    }

    @Test(arguments: [
        ("/fr/x", "fr"), ("/fr", "fr"), ("/fr-ca/", "fr-ca"), ("/fr-xx/", "fr"), ("/de/", nil),
        ("//fr", nil), ("/a-b-c-d/", nil), ("/fr-/", nil), ("/", nil), ("/(a+)+/", nil),
        ("/fr\n/", nil),
    ])
    func readsThePath(_ path: String, language: String?) {
        #expect(Self.choice.language(ofPath: path) == language)
    }

    /// Routes that begin with the language are found in the language that the layer chose.
    @Test(
        arguments: [
            ("/fr/about/", "", 200, nil), ("/en/about/", "fr", 200, nil),
            ("/about/", "fr", 302, "/fr/about/"),
            ("/about/", "de", 302, "/en/about/"), ("/de/about/", "fr", 404, nil),
        ] as [(String, String, Int, String?)]
    )
    func leadsToRoutesWithALanguage(
        _ path: String,
        _ accepted: String,
        status: Int,
        location: String?
    ) async {
        let site = application(middleware: [
            LocaleMiddleware(["en", "fr"], standard: "en", readsPath: true), CommonMiddleware(),
        ]) {
            i18nPatterns(defaultLanguage: "en") { #path("about/", Self.page) }
        }
        let response = await site.get(path, headers: ["Accept-Language": accepted])
        #expect(response.status.code == status)
        #expect(response.headers["Location"] == location)
    }

    // MARK: The layer

    static func page(_ request: Request) async throws -> Response { .text(request.language ?? "") }

    static func site(readsPath: Bool = false) -> Application {
        application(middleware: [
            LocaleMiddleware(
                ["en", "fr", "pt-br"],
                standard: "en",
                readsPath: readsPath
            ), CommonMiddleware(),
        ]) {
            #path("page/", page)
            #path("fr/only/", page)
            #path("en/only/", page)
        }
    }

    @Test(arguments: [
        (nil, nil, "en"), ("fr-CA, en;q=0.5", nil, "fr"), ("pt", nil, "pt-br"), ("de", nil, "en"),
        ("fr", "django_language=PT-BR", "pt-br"), ("fr", "django_language=xx", "fr"),
        ("fr", "django_language=", "fr"),
    ])
    func choosesTheLanguage(_ accepted: String?, cookie: String?, language: String) async {
        var headers = Headers()
        headers["Accept-Language"] = accepted
        headers["Cookie"] = cookie
        let response = await Self.site().get("/page/", headers: headers)
        #expect(response.text == language)
        #expect(response.headers["Content-Language"] == language)
        #expect(response.headers["Vary"] == "Accept-Language, Cookie")
    }

    @Test func thePathWins() async {
        let french = await Self.site(readsPath: true).get(
            "/fr/only/",
            headers: ["Accept-Language": "en"]
        )
        #expect(french.text == "fr")
        #expect(french.headers["Vary"] == nil)
        for target in ["/only/", "/only"] {
            let redirect = await Self.site(readsPath: true).get(
                "\(target)?a=1",
                headers: ["Accept-Language": "fr"]
            )
            #expect(redirect.status == .found)
            #expect(redirect.headers["Location"] == "/fr/only/?a=1")
            #expect(redirect.headers["Vary"] == "Accept-Language, Cookie")
        }
        #expect(await Self.site(readsPath: true).get("/none/").status == .notFound)
    }

    @Test func longWishesCostNothing() async {
        // CVE-2023-23969, CVE-2024-39614, CVE-2026-15337: no wish is a key of a cache, and what is
        // longer than 500 characters is cut before it is read.
        let tail = String(repeating: "-x", count: 3500)
        let site = Self.site()
        for index in 0..<1000 {
            let header = "x\(index)\(tail), fr"
            let response = await site.get("/page/", headers: ["Accept-Language": header])
            #expect(response.text == "en")
        }
        #expect(Self.choice.variant(of: "fr" + tail) == "fr")
        #expect(Self.choice.variant(of: "fr" + tail, isStrict: true) == nil)
        #expect(Self.choice.language(ofPath: "/fr" + tail) == nil)
    }

    @Test func checksItsLanguages() {
        let layer = LocaleMiddleware(["en"], standard: "fr")
        #expect(layer.check(forDeployment: false).map(\.id) == ["translation.E004"])
        #expect(LocaleMiddleware(["en"], standard: "en-us").check(forDeployment: false).isEmpty)
    }
}
