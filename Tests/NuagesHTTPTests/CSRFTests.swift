import NuagesCore
import NuagesHTTP
import Testing

@Suite struct CSRFTests {
    static let cookieName = "__Host-csrftoken"
    static let ownOrigin: Headers = ["Origin": "https://example.com"]

    /// A token and its secret as a browser has them after a form was shown.
    static func session(_ site: Site) async throws -> (token: String, secret: String) {
        let response = await site.send("/form/")
        let cookie = try #require(response.headers["Set-Cookie"])
        let pair = cookie.split(separator: ";")[0].split(separator: "=")
        return (try #require(response.text), String(pair[1]))
    }

    static func post(
        _ site: Site,
        token: String?,
        secret: String?,
        headers: Headers = ownOrigin,
        method: HTTPMethod = .post,
        target: String = "/form/",
        tokenHeader: String? = nil
    ) async -> Response {
        var headers = headers
        if let secret { headers["Cookie"] = "\(cookieName)=\(secret)" }
        if let tokenHeader { headers["X-CSRFToken"] = tokenHeader }
        let body = token.map { "csrfmiddlewaretoken=\($0)" } ?? "a=1"
        return await site.send(target, method, headers: headers, body: body)
    }

    @Test func sendsTheCookieOnlyWhereATokenIsUsed() async {
        let form = await Site().send("/form/")
        let cookie = form.headers["Set-Cookie"] ?? ""
        #expect(cookie.hasPrefix("__Host-csrftoken="))
        #expect(cookie.hasSuffix("; HttpOnly; Max-Age=31449600; Path=/; SameSite=Lax; Secure"))
        #expect(form.headers["Vary"] == "Cookie")
        #expect(form.text?.utf8.count == 64)
        let page = await Site().send("/page/")
        #expect(page.headers["Set-Cookie"] == nil)
        #expect(page.headers["Vary"] == nil)
    }

    @Test func namesAndFlagsFollowTheDeployment() async {
        let debug = await Site(isDebug: true).send("/form/", isTLS: false)
        #expect(debug.headers["Set-Cookie"]?.hasPrefix("csrftoken=") == true)
        #expect(
            debug.headers["Set-Cookie"]?.hasSuffix(
                "HttpOnly; Max-Age=31449600; Path=/; SameSite=Lax"
            ) == true
        )
        var shared = Site()
        shared.settings.isSharedWithDjango = true
        let cookie = await shared.send("/form/").headers["Set-Cookie"] ?? ""
        #expect(cookie.hasPrefix("csrftoken="))
        #expect(cookie.hasSuffix("Max-Age=31449600; Path=/; SameSite=Lax; Secure"))
        #expect(!cookie.contains("HttpOnly"))
    }

    @Test func acceptsItsOwnForms() async throws {
        let (token, secret) = try await Self.session(Site())
        #expect(await Self.post(Site(), token: token, secret: secret).status == .ok)
        #expect(await Self.post(Site(), token: secret, secret: secret).status == .ok)
        #expect(await Self.post(Site(), token: token, secret: token).status == .ok)
        let header = await Self.post(
            Site(),
            token: nil,
            secret: secret,
            method: .put,
            tokenHeader: token
        )
        #expect(header.status == .ok)
    }

    @Test func masksEachTokenAnew() async throws {
        let (token, secret) = try await Self.session(Site())
        let again = await Site().send(
            "/form/",
            headers: ["Cookie": "\(Self.cookieName)=\(secret)"]
        )
        #expect(again.text != token)
        #expect(again.headers["Set-Cookie"]?.contains(secret) == true)
    }

    static let letters32 = String(repeating: "a", count: 32)

    static let refusals: [(token: String?, secret: String?, headers: Headers, reason: String)] = [
        (nil, letters32, ownOrigin, "CSRF token missing."),
        (letters32, nil, ownOrigin, "CSRF cookie not set."),
        ("x", letters32, ownOrigin, "CSRF token from POST has incorrect length."),
        (
            String(repeating: "-", count: 64), letters32, ownOrigin,
            "CSRF token from POST has invalid characters."
        ),
        (
            String(repeating: "b", count: 32), letters32, ownOrigin,
            "CSRF token from POST incorrect."
        ),
        (letters32, "x", ownOrigin, "CSRF cookie has incorrect length."),
        (
            letters32, String(repeating: "é", count: 16), ownOrigin,
            "CSRF cookie has invalid characters."
        ),
        (
            letters32, letters32, ["Origin": "https://evil.example"],
            "Origin checking failed - https://evil.example does not match any trusted origins."
        ),
        (
            letters32, letters32, ["Origin": "null"],
            "Origin checking failed - null does not match any trusted origins."
        ),
        (
            letters32, letters32, ["Origin": "http://example.com"],
            "Origin checking failed - http://example.com does not match any trusted origins."
        ),
        (letters32, letters32, [:], "Referer checking failed - no Referer."),
        (
            letters32, letters32, ["Referer": "example.com"],
            "Referer checking failed - Referer is malformed."
        ),
        (
            letters32, letters32, ["Referer": "http://example.com/"],
            "Referer checking failed - Referer is insecure while host is secure."
        ),
        (
            letters32, letters32, ["Referer": "https://example.com.evil.example/x"],
            "Referer checking failed - https://example.com.evil.example/x does not match any "
                + "trusted origins."
        ),
        (
            letters32, letters32,
            ["Sec-Fetch-Site": "cross-site", "Origin": "https://example.com"],
            "Fetch-Metadata checking failed - the request began on another site."
        ),
        (
            letters32, letters32, ["Sec-Fetch-Site": "same-site"],
            "Fetch-Metadata checking failed - the request began on another site."
        ),
    ]

    @Test(arguments: refusals.indices)
    func refuses(_ index: Int) async {
        let row = Self.refusals[index]
        let response = await Self.post(
            Site(),
            token: row.token,
            secret: row.secret,
            headers: row.headers
        )
        #expect(response.status == .forbidden)
        #expect(response.text?.contains("CSRF verification failed. Request aborted.") == true)
        #expect(response.text?.contains(HTMLEscaper.escape(row.reason)) == false)
        // The reason is shown in debug, where the cookie has its plain name.
        var headers = row.headers
        if let secret = row.secret { headers["Cookie"] = "csrftoken=\(secret)" }
        let debug = await Site(isDebug: true).send(
            "/form/",
            .post,
            headers: headers,
            body: row.token.map { "csrfmiddlewaretoken=\($0)" } ?? "a=1"
        )
        #expect(debug.text?.contains(HTMLEscaper.escape(row.reason)) == true)
    }

    @Test(arguments: [
        (["Referer": "https://example.com/x"] as Headers),
        ["Sec-Fetch-Site": "same-origin"],
        ["Sec-Fetch-Site": "none", "Referer": "https://example.com/"],
        ["Sec-Fetch-Site": "cross-site", "Origin": "https://partner.example"],
        ["Origin": "https://a.b.trusted.example"],
        ["Referer": "https://trusted.example/x?y"],
    ])
    func acceptsTrustedSites(_ headers: Headers) async {
        var site = Site()
        site.csrf.trustedOrigins = ["https://partner.example", "https://*.trusted.example"]
        let response = await Self.post(
            site,
            token: Self.letters32,
            secret: Self.letters32,
            headers: headers
        )
        #expect(response.status == .ok)
    }

    @Test func exemptAndUnknownRoutesAreNotChecked() async {
        #expect(await Self.post(Site(), token: nil, secret: nil, target: "/hook/").status == .ok)
        #expect(
            await Self.post(Site(), token: nil, secret: nil, target: "/no/").status == .notFound
        )
    }

    @Test func aSecretThatIsNoneIsReplaced() async {
        let response = await Site().send(
            "/form/",
            headers: ["Cookie": "\(Self.cookieName)=<script>"]
        )
        #expect(response.headers["Set-Cookie"]?.contains("script") == false)
        #expect(response.headers["Set-Cookie"] != nil)
    }

    @Test func aCookieInsideAnotherIsNone() async {
        // CVE-2016-7401: only `;` separates cookies.
        let response = await Site().send(
            "/form/",
            .post,
            headers: [
                "Origin": "https://example.com",
                "Cookie": "a=b]\(Self.cookieName)=\(Self.letters32)",
            ],
            body: "csrfmiddlewaretoken=\(Self.letters32)"
        )
        #expect(response.status == .forbidden)
    }

    @Test func rotates() {
        let request = Request(target: "/")
        let first = Array(request.csrfToken().utf8)
        let same = Array(request.csrfToken().utf8)
        #expect(CSRFToken.unmask(first) == CSRFToken.unmask(same))
        request.rotateCSRFToken()
        #expect(CSRFToken.unmask(Array(request.csrfToken().utf8)) != CSRFToken.unmask(first))
    }

    @Test func aFormThatCannotBeReadIsItsOwnError() async {
        let response = await Site().send(
            "/form/",
            .post,
            headers: [
                "Origin": "https://example.com", "Cookie": "\(Self.cookieName)=\(Self.letters32)",
            ],
            body: "a=%ff"
        )
        #expect(response.status == .badRequest)
    }
}
