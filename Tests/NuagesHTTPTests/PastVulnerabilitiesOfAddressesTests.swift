import Logging
import NuagesCore
import NuagesHTTP
import Testing

/// Django's past vulnerabilities in URLs, redirects, names of fields and files, one test each.
@Suite struct PastVulnerabilitiesOfAddressesTests {
    private static let page = RouteLayerTests.page

    private static let site = application {
        #path("admin", page)
        #path("secret/", page)
        #path("x/<path:rest>/", rest)
        #path("office/", page).allowing(addresses: ["10.0.0.1", "127.0.0.1"])
    }

    private static func rest(_ request: Request, rest: String) async throws -> Response {
        .text("rest")
    }

    // MARK: Fields

    @Test(arguments: ["X_Forwarded_Proto", "X_FORWARDED_PROTO", "X-Forwarded_Proto"])
    func cve_2026_3902_and_2015_0219_anUnderscoreIsNoHyphen(_ name: String) {
        let request = PastVulnerabilitiesTests.request(peer: "10.0.0.1", [name: "https"])
        #expect(!request.isSecure)
        #expect(request.headers["X-Forwarded-Proto"] == nil)
    }

    @Test(arguments: [("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc")])
    func cve_2026_6873_nameAndSaltAreKeptApart(_ name: String, salt: String) throws {
        let signer = CookieSigner(key: SecretKey("cookie-secret"))
        let signed = signer.sign("1", for: name, salt: salt)
        #expect(try signer.unsign(signed, for: name, salt: salt) == "1")
        for (otherName, otherSalt) in [("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc")]
        where otherName != name {
            #expect(throws: SigningError.badSignature) {
                try signer.unsign(signed, for: otherName, salt: otherSalt)
            }
        }
    }

    @Test(arguments: [
        "a\"; filename=x.bat", "a\\\"; filename=x.bat", "x.bat;\"", "a\"\r\nX: y",
        "\"\u{301};x.bat",
    ])
    func cve_2022_36359_aFileNameEndsNoParameter(_ name: String) throws {
        let response = Response.file([1], fileName: name)
        let field = try #require(response.headers["Content-Disposition"])
        #expect(!field.utf8.contains { $0 == 0x0D || $0 == 0x0A })
        // Read as a browser does, the whole name is the value of one parameter.
        let parameters = try #require(HeaderParameters(field)).parameters
        #expect(parameters.count == 1)
        #expect(parameters.first?.value == name)
    }

    // MARK: Redirects

    @Test(arguments: [
        "//evil.example/x", "///evil.example/x", "/%2fevil.example/x", "/%5cevil.example/x",
        "/\\evil.example/x", "/%2F%2Fevil.example/x", "/%09/evil.example/x",
    ])
    func cve_2018_14574_aSlashIsAppendedOnThisSiteOnly(_ target: String) async {
        let site = application { #path("<path:all>/", Self.everything) }
        let response = await site.get(target)
        guard let location = response.headers["Location"] else { return }
        #expect(location.utf8.first == 0x2F)
        #expect(!location.utf8.starts(with: "//".utf8) && !location.utf8.starts(with: "/\\".utf8))
        #expect(URLSafety.isAllowed(location, hosts: []))
    }

    private static func everything(_ request: Request, all: String) async throws -> Response {
        .text("all")
    }

    @Test(arguments: ["\u{FDFA}", "\u{1F82}", "\u{390}", "a\u{301}\u{323}"])
    func cve_2025_64458_and_2025_27556_aHugeTargetIsRefusedUnread(_ unit: String) {
        let huge = "/" + String(repeating: unit, count: 1_200_000 / unit.utf8.count)
        #expect(throws: HTTPError.self) { try Response.redirect(to: huge) }
        #expect(!URLSafety.isAllowed(huge, hosts: ["example.com"]))
    }

    // MARK: URLs

    @Test(arguments: [
        "/admin%0a", "/admin%0d%0a", "/admin%00", "/admin%20", "/admin%e2%80%a8", "/admin%0b",
        "/admin;", "/admin%3b", "/ADMIN", "//admin", "/./admin", "/x/../admin", "/%2e/admin",
    ])
    func cve_2021_44420_onlyThePathItselfIsTheRoute(_ target: String) async {
        #expect(await Self.site.get("/admin").status == .ok)
        #expect([400, 404, 301].contains(await Self.site.get(target).status.code))
        let regex = application { #rePath("^admin$", Self.page) }
        #expect(await regex.get("/admin").status == .ok)
        #expect([400, 404].contains(await regex.get(target).status.code))
    }

    @Test(arguments: [
        "/Site moved to evil.example, click", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/secret/Your account is closed",
    ])
    func cve_2019_3498_aPageThatIsNotThereRepeatsNothing(_ path: String) async {
        let target = path.replacing(" ", with: "%20")
        for site in [Self.site, application(isDebug: false) { #path("", Self.page) }] {
            let response = await site.get(target)
            #expect(response.status == .notFound)
            let text = response.text ?? ""
            for word in ["evil", "alert", "account", "moved"] { #expect(!text.contains(word)) }
        }
    }

    @Test(arguments: ["%F0", "%ED%A0%80", "%C3", "%E2%99"])
    func cve_2023_41164_and_2019_14235_brokenBytesAreReadInOnePass(_ unit: String) {
        let uri = String(repeating: unit, count: 20_000)
        #expect(PercentCoding.decodeIRI(uri) == uri)
    }

    @Test func cve_2022_41323_aLanguageIsNoPattern() async {
        let site = application(middleware: [
            LocaleMiddleware(["(a+)+", "en"], standard: "en", readsPath: true)
        ]) {
            i18nPatterns(defaultLanguage: "en") { #path("about/", Self.page) }
        }
        #expect(await site.get("/en/about/").status == .ok)
        #expect(await site.get("/aaaa/about/").status == .notFound)
        let long = "/" + String(repeating: "a", count: 100_000) + "!/about/"
        #expect(await site.get(long).status == .notFound)
    }

    @Test(arguments: ["77050", "15337"])
    func cve_2026_77050_and_2026_15337_and_2024_39614_and_2023_23969_languagesAreNoKeys(
        _ id: String
    ) async {
        let site = LocaleTests.site()
        let tail = String(repeating: "-\(id)", count: 1200)
        for index in 0..<500 {
            let response = await site.get(
                "/page/",
                headers: ["Accept-Language": "x\(index)\(tail), fr"]
            )
            #expect(response.text == "en")
        }
    }

    /// The class of CVE-2014-0480: a URL that is made of values must not lead to another site.
    @Test(arguments: ["/evil.example", "//evil.example", "\\evil.example", "%2Fevil.example"])
    func cve_2014_0480_urlsOfValuesStayHere(_ value: String) throws {
        let router = Router(Routes { #path("<path:all>", Self.everything, name: "all") })
        let url = try router.reverse("all", value)
        #expect(!url.utf8.starts(with: "//".utf8) && !url.utf8.contains(0x5C))
        #expect(URLSafety.isAllowed(url, hosts: []))
    }

    // MARK: Addresses

    @Test(arguments: ["010.0.0.1", "0x7f.0.0.1", "2130706433", "127.1", "0127.0.0.1", "10.0.0.01"])
    func cve_2021_33571_leadingZerosAreNoAddress(_ address: String) async {
        #expect(IPAddressRange(address) == nil)
        #expect(await Self.site.get("/office/", address: address).status == .forbidden)
    }

    @Test(arguments: [":", "1:", "::ffff:", "0", "%"])
    func cve_2024_56374_aLongAddressIsRefusedUnread(_ unit: String) async {
        let address = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        #expect(IPAddressRange(address) == nil)
        #expect(await Self.site.get("/office/", address: address).status == .forbidden)
    }
}
