import NuagesCore
import NuagesHTTP
import Testing

/// The answers are those of Django's `set_language`.
@Suite struct SetLanguageTests {
    private static let locale = LocaleMiddleware(
        ["en", "fr", "pt-br"],
        standard: "en",
        readsPath: true
    )

    private static func site(scriptName: String? = nil) -> Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        settings.forceScriptName = scriptName
        return Application(
            settings: settings,
            middleware: [locale],
            routes: Routes {
                #path("lang/", SetLanguage(locale))
                #path("plain/", RouteLayerTests.page, name: "plain")
                i18nPatterns(defaultLanguage: "en") {
                    #path("about/", RouteLayerTests.page, name: "about")
                }
            }
        )
    }

    private static func post(
        _ body: String,
        headers: Headers = [:],
        site: Application = site()
    ) async -> Response {
        var headers = headers
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return await site.get("/lang/", .post, headers: headers, body: body)
    }

    @Test(arguments: [
        ("language=fr&next=/plain/", "/plain/", "django_language=fr"),
        ("language=FR&next=/plain/", "/plain/", "django_language=fr"),
        ("language=fr&next=/en/about/?a=1%23x", "/fr/about/?a=1#x", "django_language=fr"),
        ("language=pt-br&next=/fr/about/", "/pt-br/about/", "django_language=pt-br"),
        ("language=fr&next=https://example.com/en/about/", "https://example.com/fr/about/", "=fr"),
        ("language=de&next=/plain/", "/plain/", nil), ("next=/plain/", "/plain/", nil),
        ("language=fr", "/", "django_language=fr"),
        ("language=fr&next=//evil.example/", "/", "django_language=fr"),
        ("language=fr&next=http://example.com/plain/", "/", "django_language=fr"),
        ("language=fr&next=javascript:alert(1)", "/", "django_language=fr"),
        ("language=fr&next=/nowhere/", "/nowhere/", "django_language=fr"),
    ])
    func keepsTheChoiceAndGoesBack(_ body: String, location: String, cookie: String?) async {
        let response = await Self.post(body)
        #expect(response.status.code == 302)
        #expect(response.headers["Location"] == location)
        let set = response.headers["Set-Cookie"]
        #expect(cookie.map { set?.contains($0) == true } ?? (set == nil))
        if let set { #expect(set.contains("HttpOnly") && set.contains("SameSite=Lax")) }
    }

    @Test func goesToThePageItWasAskedFrom() async {
        let own: Headers = ["Referer": "https://example.com/en/about/"]
        #expect(
            await Self.post("language=fr", headers: own).headers["Location"]
                == "https://example.com/fr/about/"
        )
        let foreign: Headers = ["Referer": "https://evil.example/"]
        #expect(await Self.post("language=fr", headers: foreign).headers["Location"] == "/")
    }

    @Test func answersAScriptWithoutAPage() async {
        let json: Headers = ["Accept": "application/json"]
        let response = await Self.post("language=fr", headers: json)
        #expect(response.status == .noContent)
        #expect(response.headers["Set-Cookie"]?.contains("django_language=fr") == true)
        let next = await Self.post("language=fr&next=/plain/", headers: json)
        #expect(next.headers["Location"] == "/plain/")
    }

    @Test func aGetChangesNothing() async {
        let response = await Self.site().get("/lang/?language=fr&next=/plain/")
        #expect(response.headers["Location"] == "/plain/")
        #expect(response.headers["Set-Cookie"] == nil)
    }

    @Test(arguments: ["/shop/about/", "/about/"])
    func staysBelowThePathOfTheSite(_ target: String) async {
        let site = Self.site(scriptName: "/shop")
        let moved = await Self.post("language=fr&next=/shop/en/about/", site: site)
        #expect(moved.headers["Location"] == "/shop/fr/about/")
        let redirect = await site.get(target, headers: ["Accept-Language": "fr"])
        #expect(redirect.headers["Location"] == "/shop/fr/about/")
    }
}
