import NuagesCore
import NuagesHTTP
import Testing

/// Django's past vulnerabilities that this module could have had, one test each.
@Suite struct PastVulnerabilitiesTests {
    static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    static func request(
        host: String = "example.com",
        isTLS: Bool = false,
        isDebug: Bool = false,
        peer: String = "203.0.113.1",
        _ extra: Headers = [:]
    ) -> Request {
        var headers = extra
        headers["Host"] = host
        let request = Request(target: "/", headers: headers, remoteAddress: peer, isTLS: isTLS)
        var settings = HTTPSettings()
        settings.isDebug = isDebug
        settings.allowedHosts = isDebug ? [] : ["example.com"]
        settings.trustedProxies = ["10.0.0.1"]
        settings.secureProxyTLSHeader = ("X-Forwarded-Proto", "https")
        request.prepare(for: settings)
        return request
    }

    // MARK: Headers and logs

    @Test(arguments: ["/a\r\nFAKE", "/a\u{1B}[31mFAKE", "/a\u{2028}FAKE", "/a\u{202E}FAKE"])
    func cve_2026_111211_and_2025_48432_logsHaveOneLine(_ text: String) {
        let escaped = LogText.escape(text)
        #expect(escaped.utf8.starts(with: "/a\\".utf8))
        for scalar in escaped.unicodeScalars {
            #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
            #expect(scalar != "\u{2028}" && scalar != "\u{202E}")
        }
    }

    @Test func cve_2019_12781_httpBehindATLSProxyIsSeen() {
        let proxy = "10.0.0.1"
        #expect(!Self.request(isTLS: true, peer: proxy, ["X-Forwarded-Proto": "http"]).isSecure)
        #expect(Self.request(peer: proxy, ["X-Forwarded-Proto": "https"]).isSecure)
        #expect(!Self.request(["X-Forwarded-Proto": "https"]).isSecure)
    }

    @Test func cve_2016_9014_debugAnswersThisMachineOnly() throws {
        #expect(throws: HTTPError.self) {
            try Self.request(host: "rebound.example", isDebug: true).host()
        }
        _ = try Self.request(host: "localhost:8000", isDebug: true).host()
    }

    @Test(arguments: [
        "www.example.com:dodgypass@evil.example:80", "example.com@evil.example",
        "example.com:80/@evil.example", "example.com\\.evil.example", "example.com,evil.example",
        "[::1%25eth0]", "example.com\0", "xn--example.com/", "@example.com", "example.com:8080:80",
    ])
    func cve_2012_4520_hostsAreNamesAndPorts(_ host: String) {
        #expect(throws: HTTPError.self) { try Self.request(host: host).host() }
    }

    @Test func cve_2026_84429_parametersAreLinearAndBounded() {
        let value = "text/html;a=\"" + Self.repeated(";", 9000) + "\""
        #expect(HeaderParameters(value)?["a"]?.utf8.count == 9000)
        #expect(HeaderParameters(value + Self.repeated(";", 9000)) == nil)
        #expect(HeaderParameters("a" + Self.repeated(";b*0=x", 1600))?["b"] != nil)
        let request = Self.request(["Content-Type": value])
        for _ in 0..<100 { #expect(request.contentType == "text/html") }
    }

    // MARK: Redirects

    @Test(arguments: [
        "http://evil.example", "http:///evil.example", "https://evil.example", "ftp://evil.example",
        "http:\\\\evil.example", "\\\\evil.example", "///evil.example", "//\\evil.example",
        "http:/\\evil.example", "http:\\/evil.example", "http:///\\evil.example",
        "http:999999999", "ftp:9999999999", "\njavascript:alert(1)", "\u{8}//evil.example",
        "javascript:alert(1)", "http://example.com\\@evil.example", "http://[::1", "///\\evil",
        "\u{0}//evil.example", "http:\\h\\@evil.example", "//evil.example/", " //evil.example",
        "http://testserver@evil.example", "http://example.com:pw@evil.example", "http:evil",
        "https:evil.example", "//example.com.evil.example", "\u{FEFF}//evil.example", "", "   ",
    ])
    func cve_2017_7233_and_2016_2512_and_2015_2317_and_2015_0220_targetsStayHere(_ url: String) {
        #expect(!URLSafety.isAllowed(url, hosts: ["example.com"]))
    }

    // MARK: Denial of service

    @Test func cve_2026_108147_and_2026_33033_base64BlanksCostNoMemory() async throws {
        let body =
            "--B\r\nContent-Disposition: form-data; name=f; filename=a\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\nAAA" + Self.repeated(" ", 2_000_000)
            + "A\r\n--B--"
        var limits = FormLimits()
        limits.maxFileMemorySize = 16
        let form = try await MultipartTests.request(body, pieces: 65_536, limits: limits).form()
        #expect(form.files["f"]?.bytesInMemory == [0, 0, 0])
    }

    @Test(arguments: [nil, 1, 10])
    func cve_2026_5766_and_2026_33034_limitsHoldWhateverIsDeclared(_ declared: Int?) async {
        let source = PieceSource(Array(repeating: 0x61, count: 4_000_000), size: 100_000)
        let request = Request(
            method: .post,
            target: "/",
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: RequestBody(source: source, declaredLength: declared)
        )
        await #expect(throws: HTTPError.self) { try await request.form() }
        #expect(await source.delivered <= 2_800_000)
    }

    @Test func cve_2025_14550_repeatedFieldsAreJoinedOnce() {
        var headers = Headers()
        for _ in 0..<20_000 { headers.append("Accept", "text/x") }
        let request = Request(target: "/", headers: headers)
        #expect(!request.accepts("text/html"))
        #expect(headers.values(of: "accept").count == 20_000)
    }

    @Test(arguments: [(2000, true), (5000, false)])
    func cve_2023_24580_manyPartsAreRefused(_ count: Int, areFiles: Bool) async {
        let body = MultipartTests.fields(count, file: areFiles)
        do {
            _ = try await MultipartTests.request(body).form()
            Issue.record("not refused")
        } catch {
            #expect((error as? HTTPError)?.status.code == 400)
        }
    }

    @Test(arguments: [
        "--B", "--B-", "--B--", "\r\n--B", "--B\r\n\r\n", "--B\r\n--B\r\n--B--", "", "\r\n", "--",
    ])
    func cve_2022_23833_oddBodiesEnd(_ unit: String) async {
        for pieces in [1, 1000] {
            let body = Self.repeated(unit, pieces == 1 ? 100 : 20_000)
            _ = try? await MultipartTests.request(body, pieces: pieces).form()
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":", "[[],"])
    func cve_2026_15830_nestedDocumentsAreRefused(_ unit: String) async {
        let request = Request(
            method: .post,
            target: "/",
            body: RequestBody(Array(Self.repeated(unit, 200_000).utf8))
        )
        await #expect(throws: HTTPError.self) { try await request.json() }
    }

    @Test func cve_2021_23336_aSemicolonSeparatesNothing() throws {
        let query = try QueryDict(query: "a=1;b=2")
        #expect(query["a"] == "1;b=2")
        #expect(!query.contains("b"))
    }

    @Test(arguments: [
        "a=b]csrftoken=x", "a=\"b\";\"csrftoken=x\"", "a=b,csrftoken=x", "a=b csrftoken=x",
    ])
    func cve_2016_7401_garbageSetsNoOtherCookie(_ header: String) {
        #expect(Cookies(header: header)["csrftoken"] == nil)
    }

    // MARK: Files

    @Test(arguments: [
        "/tmp/hax0rd.txt", "C:\\Windows\\hax0rd.txt", "C:/Windows/hax0rd.txt", "\\tmp\\hax0rd.txt",
        "/tmp\\hax0rd.txt", "subdir/hax0rd.txt", "subdir\\hax0rd.txt", "sub/dir\\hax0rd.txt",
        "../../hax0rd.txt", "..\\..\\hax0rd.txt", "../..\\hax0rd.txt", "..&#x2F;hax0rd.txt",
        "..&sol;..&sol;hax0rd.txt", "&period;&period;&sol;hax0rd.txt",
    ])
    func cve_2021_28658_and_2021_31542_uploadsHaveNoFolder(_ name: String) async throws {
        let body =
            "--B\r\nContent-Disposition: form-data; name=f; filename=\"\(name.replacing("\\", with: "\\\\"))\"\r\n"
            + "\r\nx\r\n--B--\r\n"
        #expect(try await MultipartTests.request(body).form().files["f"]?.name == "hax0rd.txt")
    }

    @Test(arguments: ["..", ".", "/", "/tmp/", "/tmp/..", "C:\\", "&sol;", "\u{1}", "../"])
    func cve_2024_39330_and_2021_45452_aNameThatIsNoneIsNoFile(_ name: String) async throws {
        let body =
            "--B\r\nContent-Disposition: form-data; name=f; filename=\"\(name.replacing("\\", with: "\\\\"))\"\r\n"
            + "\r\nx\r\n--B--\r\n"
        #expect(try await MultipartTests.request(body).form().files.isEmpty)
    }

    @Test func cve_2023_31047_allFilesOfAFieldAreThere() async throws {
        let part = "--B\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nx\r\n"
        let form = try await MultipartTests.request(part + part + "--B--").form()
        #expect(form.files.list("f").count == 2)
    }

    // MARK: Names compare by their bytes (SW3, SW4)

    @Test func canonicalEquivalentsAreOtherNames() throws {
        let query = try QueryDict(query: "%C3%A9=1&e%CC%81=2")
        #expect(query.names.count == 2)
        #expect(query["\u{E9}"] == "1")
        let cookies = Cookies(header: "\u{212A}=1; K=2")
        #expect(cookies["K"] == "2")
        #expect(cookies.entries.count == 2)
        #expect(HTTPMethod("GE\u{54}\u{301}") != .get)
    }

    @Test func longRunsOfMarksAreLinear() throws {
        let marks = Self.repeated("%CC%81%CC%A3", 50_000)
        let query = try QueryDict(query: "a\(marks)=1&a\(marks)=2&b\(marks)=3")
        #expect(query.names.count == 2)
        let name = "a" + Self.repeated("\u{301}\u{323}", 50_000)
        #expect(query.list(name) == ["1", "2"])
    }

    /// SW5: `Int("+5")` is 5.
    @Test(arguments: ["+5", "-0", "5 ", "٥", "0x5", "", "1_0"])
    func numbersAreDigits(_ text: String) {
        #expect(text.decimalDigitsValue == nil)
    }

    /// SW6: `Double("nan")` is a number.
    @Test(arguments: ["nan", "inf", "0x1p3", "1e0", "+1", "-0.5", "1.5", ".", "٠"])
    func qualitiesAreDecimals(_ text: String) {
        #expect(MediaType("a/b;q=\(text)").quality == 1)
    }

    /// SW7: bad UTF-8 is never replaced.
    @Test func badUTF8IsRefused() {
        #expect(Request(target: "/%FF").path.isEmpty)
        #expect(throws: QueryStringError.invalidUTF8) { try QueryDict(query: "a=%FF") }
        #expect(Request(target: "/%C0%AE").path.isEmpty)
        #expect(Request(target: "/%ED%A0%80").path.isEmpty)
    }

    /// SW8: a text that is passed to C ends at its first NUL.
    @Test func noPathHasANUL() {
        #expect(Request(target: "/a%00b").path.isEmpty)
        #expect(throws: QueryStringError.nul) { try QueryDict(query: "a=%00") }
        #expect(throws: HTTPError.self) { try Response.file("/etc/hostname\0.txt") }
    }

    /// DF8: one length, no body where none belongs.
    @Test func headHasNoBodyAndOneLength() async {
        for (target, status) in [("/polls/", 200), ("/polls/5", 404)] {
            let head = await ApplicationTests.send(target, .head)
            #expect(head.status.code == status)
            #expect(head.body.length == 0)
            #expect(head.headers.values(of: "Content-Length").count == 1)
        }
    }
}
