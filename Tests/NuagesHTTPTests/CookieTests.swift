import NuagesCore
import NuagesHTTP
import Testing

@Suite struct CookieTests {
    @Test(arguments: [
        ("a=b; h=i; a=c", "a=c|h=i"),
        ("abc=def; unnamed; lang=en", "abc=def|=unnamed|lang=en"),
        ("a=b]csrftoken=x", "a=b]csrftoken=x"),
        ("a=\"b; c\"", "a=\"b|=c\""),
        ("a=\"x\\073y\\\"z\\351\"", "a=x;y\"zé"),
        (" ; =; a = b ", "a=b"),
        ("a=b=c", "a=b=c"),
    ])
    func parsesAsDjangoDoes(_ header: String, expected: String) {
        let cookies = Cookies(header: header).entries.map { "\($0.name)=\($0.value)" }
        #expect(cookies.joined(separator: "|") == expected)
    }

    @Test func setsStrongFlags() throws {
        var response = Response()
        try response.setCookie(Cookie("theme", "dark"))
        #expect(
            response.headers["Set-Cookie"] == "theme=dark; HttpOnly; Path=/; SameSite=Lax; Secure"
        )
        try response.setCookie(Cookie("other", "1"))
        try response.setCookie(Cookie("theme", "light; x"))
        #expect(
            response.headers.values(of: "Set-Cookie") == [
                "other=1; HttpOnly; Path=/; SameSite=Lax; Secure",
                "theme=\"light\\073 x\"; HttpOnly; Path=/; SameSite=Lax; Secure",
            ]
        )
    }

    @Test func deletes() throws {
        var response = Response()
        try response.deleteCookie("__Host-session")
        #expect(
            response.headers["Set-Cookie"]
                == "__Host-session=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; "
                + "Max-Age=0; Path=/; SameSite=Lax; Secure"
        )
    }

    static let refused: [(Cookie, String)] = {
        var path = Cookie("a", "b")
        path.path = "/; Domain=evil.example"
        var domain = Cookie("a", "b")
        domain.domain = "x\r\nSet-Cookie: y"
        var host = Cookie("__Host-a", "b")
        host.domain = "example.com"
        var secure = Cookie("__Secure-a", "b")
        secure.isSecure = false
        var none = Cookie("a", "b")
        none.sameSite = Cookie.SameSite.none
        none.isSecure = false
        return [
            (
                Cookie("a b", "c"),
                "'a b' is not the name of a cookie: names are letters, digits and "
                    + "!#$%&'*+-.^_`|~."
            ),
            (
                Cookie("a\r\nX", "c"),
                "'a\\r\\nX' is not the name of a cookie: names are letters, "
                    + "digits and !#$%&'*+-.^_`|~."
            ),
            (path, "The Path of the cookie 'a' has a character that is not allowed there."),
            (domain, "The Domain of the cookie 'a' has a character that is not allowed there."),
            (host, "The cookie '__Host-a' needs Secure, Path=/ and no Domain."),
            (secure, "The cookie '__Secure-a' needs Secure."),
            (none, "The cookie 'a' needs Secure, because of SameSite=None."),
        ]
    }()

    @Test(arguments: refused.indices)
    func refuses(_ index: Int) {
        var response = Response()
        do throws(CookieError) {
            try response.setCookie(Self.refused[index].0)
            Issue.record("set a cookie that browsers refuse")
        } catch {
            #expect(error.description == Self.refused[index].1)
        }
        #expect(response.headers.fields.isEmpty)
    }

    @Test func valuesCannotEndTheHeader() throws {
        var response = Response()
        try response.setCookie(Cookie("a", "x\r\nSet-Cookie: b=c\0\u{85}\u{2028}"))
        let value = response.headers["Set-Cookie"] ?? ""
        #expect(value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(value.hasPrefix("a=\"x\\015\\012Set-Cookie: b=c\\000\\205"))
    }
}

@Suite struct HeaderTests {
    static let hostile = ["a\r\nX: y", "a\nX", "a\rX", "a\0", "\r\n", "a\u{7F}"]

    @Test(arguments: hostile)
    func refusesWhatEndsAField(_ value: String) {
        var response = Response()
        #expect(throws: BadHeaderError.self) { try response.setHeader("X-A", value) }
        #expect(throws: BadHeaderError.self) { try response.setHeader(value, "a") }
        response.headers["X-A"] = value
        response.headers.append("X-A", value)
        #expect(response.headers.fields.isEmpty)
    }

    @Test func namesCompareWithoutCase() {
        var headers: Headers = ["Content-Type": "a"]
        headers["content-TYPE"] = "b"
        headers.append("X-A", "1")
        headers.append("x-a", "2")
        #expect(headers["Content-type"] == "b")
        #expect(headers.values(of: "X-a") == ["1", "2"])
        headers["X-A"] = nil
        #expect(headers.fields.map(\.name) == ["content-TYPE"])
        #expect(headers["\u{212A}"] == nil)
    }

    @Test func variesOnce() {
        var response = Response()
        response.vary(on: "Cookie")
        response.vary(on: "cookie")
        response.vary(on: "Accept")
        #expect(response.headers["Vary"] == "Cookie, Accept")
        response.headers["Vary"] = "*"
        response.vary(on: "Cookie")
        #expect(response.headers["Vary"] == "*")
    }
}

@Suite struct RedirectTests {
    @Test(arguments: [
        ("/x/", 302, "/x/"),
        ("https://example.com/ü?q=é", 302, "https://example.com/%C3%BC?q=%C3%A9"),
        ("/a\r\nSet-Cookie: x", 302, "/a%0D%0ASet-Cookie:%20x"),
        ("//evil.example", 302, "//evil.example"),
    ])
    func sendsElsewhere(_ url: String, status: Int, location: String) throws {
        let response = try Response.redirect(to: url)
        #expect(response.status.code == status)
        #expect(response.headers["Location"] == location)
    }

    @Test func hasFourKinds() throws {
        #expect(try Response.redirect(to: "/", isPermanent: true).status.code == 301)
        #expect(try Response.redirect(to: "/", preservesRequest: true).status.code == 307)
        #expect(
            try Response.redirect(to: "/", isPermanent: true, preservesRequest: true).status.code
                == 308
        )
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "vbscript:x", " java\nscript:alert(1)",
        "mailto:a@example.com", "file:///etc/passwd", "http://[::1", "JaVaScRiPt:x",
        "/" + String(repeating: "a", count: 16_384),
    ])
    func refuses(_ url: String) {
        #expect(throws: HTTPError.self) { try Response.redirect(to: url) }
    }
}
