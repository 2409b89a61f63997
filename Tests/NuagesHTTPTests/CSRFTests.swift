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

    /// What a view says about caching, and what goes out with a token: for the browser alone.
    @Test(arguments: [
        ("max-age=3600", "max-age=3600, private"),
        ("public, max-age=3600, s-maxage=7200", "max-age=3600, private"),
        ("Public, S-MaxAge=5", "private"), ("no-store", "no-store, private"),
        ("private=\"Set-Cookie\", max-age=5", "max-age=5, private"),
        ("private, no-store", "no-store, private"),
    ])
    func noSharedCacheKeepsAToken(_ said: String, _ sent: String) async {
        let site = application {
            Route(
                "",
                (),
                view: { request in
                    var response = Response.text(request.csrfToken())
                    response.headers["Cache-Control"] = said
                    response.headers["CDN-Cache-Control"] = "public, max-age=3600"
                    response.headers["Surrogate-Control"] = "max-age=3600"
                    return response
                }
            )
        }
        let response = await site.get("/")
        #expect(response.headers["Set-Cookie"] != nil)
        #expect(response.headers.values(of: "Cache-Control") == [sent])
        #expect(response.headers["CDN-Cache-Control"] == nil)
        #expect(response.headers["Surrogate-Control"] == nil)
    }

    /// A page with a token is for one client.
    @Test func noCacheKeepsAToken() async throws {
        let (_, secret) = try await Self.session(Site())
        let cookie: Headers = ["Cookie": "\(Self.cookieName)=\(secret)"]
        for headers in [[:], cookie] {
            let form = await Site().send("/form/", headers: headers)
            #expect(form.headers.values(of: "Cache-Control") == ["private, no-store"])
            #expect(await Site().send("/page/", headers: headers).headers["Cache-Control"] == nil)
        }
        let token: @Sendable (Request) async throws -> Response = { .text($0.csrfToken()) }
        let cached = application(middleware: [
            GZipMiddleware(), ConditionalGetMiddleware(), CSRFMiddleware(settings: HTTPSettings()),
        ]) {
            Route("hour/", (), view: token)
                .cacheControl(.public, .maxAge(3600))
            Route("form/", (), view: { .text($0.csrfToken() + GZipTests.text) })
            Route("ensured/", (), view: CSRFRouteTests.page).ensuringCSRFCookie()
        }
        let hour = await cached.get("/hour/")
        #expect(hour.headers.values(of: "Cache-Control") == ["max-age=3600, private"])
        let ensured = await cached.get("/ensured/")
        #expect(ensured.headers.values(of: "Cache-Control") == ["private, no-store"])
        // No tag is made of what may not be kept; compression goes on, with its random length.
        let form = await cached.get("/form/", headers: ["Accept-Encoding": "gzip"])
        #expect(form.headers.values(of: "Cache-Control") == ["private, no-store"])
        #expect(form.headers["ETag"] == nil)
        #expect(form.headers["Content-Encoding"] == "gzip")
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

@Suite struct CSRFRouteTests {
    static func form(_ request: Request) async throws -> Response { .text(request.csrfToken()) }
    static func page(_ request: Request) async throws -> Response { .text("page") }

    static let routes = Routes {
        #path("form/", form)
        #path("plain/", page)
        #path("protected/", form).csrfProtected()
        #path("token/", form).requiresCSRFToken()
        #path("cookie/", page).ensuringCSRFCookie()
        #path(
            "api/",
            include: Routes {
                #path("hook/", page)
                #path("settings/", page).csrfProtected()
            }
        ).csrfExempt()
    }

    static let site = application { CSRFRouteTests.routes }
    /// A site without the check.
    static let bare = application(middleware: []) { CSRFRouteTests.routes }

    static let secret = String(repeating: "a", count: 32)
    static let good: Headers = [
        "Cookie": "__Host-csrftoken=\(secret)", "X-CSRFToken": secret,
        "Origin": "https://example.com",
    ]

    @Test(arguments: [
        ("/plain/", 403, 200), ("/protected/", 403, 403), ("/token/", 403, 200),
        ("/cookie/", 403, 200), ("/api/hook/", 200, 200), ("/api/settings/", 403, 403),
    ])
    func areCheckedAsTheySay(_ target: String, withLayer: Int, without: Int) async {
        #expect(await Self.site.get(target, .post).status.code == withLayer)
        #expect(await Self.bare.get(target, .post).status.code == without)
        #expect(await Self.site.get(target, .post, headers: Self.good).status == .ok)
        #expect(await Self.bare.get(target, .post, headers: Self.good).status == .ok)
    }

    @Test func sendTheCookieAsTheySay() async {
        for target in ["/protected/", "/token/", "/cookie/"] {
            for site in [Self.site, Self.bare] {
                let response = await site.get(target)
                #expect(response.headers.values(of: "Set-Cookie").count == 1)
                #expect(response.headers["Vary"] == "Cookie")
            }
        }
        #expect(await Self.bare.get("/form/").headers["Set-Cookie"] == nil)
        #expect(await Self.site.get("/plain/").headers["Set-Cookie"] == nil)
    }

    @Test func aFailureViewAnswersForTheSite() async {
        var options = CSRFMiddleware.Options()
        options.failureView = { request, error in
            .html("<p>Please try again.</p>", status: .forbidden)
        }
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        let site = application(middleware: .standard(settings: settings, csrf: options)) {
            Self.routes
        }
        let response = await site.get("/form/", .post)
        #expect(response.status == .forbidden)
        #expect(response.text == "<p>Please try again.</p>")
        #expect(response.headers["X-Frame-Options"] == "DENY")
    }
}

/// What other sites and networks can make a browser send, one attack a line.
@Suite struct CSRFAttackTests {
    static let secret = String(repeating: "a", count: 32)
    static let other = String(repeating: "b", count: 32)
    static let cookie = "__Host-csrftoken=\(secret)"
    static let own = "https://example.com"

    static let attacks: [(name: String, headers: Headers, body: String)] = [
        ("no token", ["Cookie": cookie, "Origin": own], "a=1"),
        ("no cookie", ["Origin": own], "csrfmiddlewaretoken=\(secret)"),
        ("an empty token", ["Cookie": cookie, "Origin": own], "csrfmiddlewaretoken="),
        (
            "another user's token", ["Cookie": cookie, "Origin": own],
            "csrfmiddlewaretoken=\(other)"
        ),
        (
            "a token that is cut", ["Cookie": cookie, "Origin": own],
            "csrfmiddlewaretoken=\(secret.dropLast())"
        ),
        (
            "a token that goes on", ["Cookie": cookie, "Origin": own],
            "csrfmiddlewaretoken=\(secret)a"
        ),
        (
            "a token with a NUL", ["Cookie": cookie, "Origin": own],
            "csrfmiddlewaretoken=\(secret.dropLast())%00"
        ),
        (
            "the token in the query", ["Cookie": cookie, "Origin": own], "a=1"
        ),
        (
            "two tokens, the last one wrong", ["Cookie": cookie, "Origin": own],
            "csrfmiddlewaretoken=\(secret)&csrfmiddlewaretoken=\(other)"
        ),
        (
            "a foreign origin", ["Cookie": cookie, "Origin": "https://evil.example"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "an opaque origin", ["Cookie": cookie, "Origin": "null"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "the origin by plain HTTP", ["Cookie": cookie, "Origin": "http://example.com"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "another port", ["Cookie": cookie, "Origin": "https://example.com:444"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "a subdomain", ["Cookie": cookie, "Origin": "https://user.example.com"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "the origin in front",
            ["Cookie": cookie, "Origin": "https://example.com.evil.example"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "the origin as a user",
            ["Cookie": cookie, "Origin": "https://example.com@evil.example"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "an origin in a letter that looks alike",
            ["Cookie": cookie, "Origin": "https://ex\u{430}mple.com"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "an empty origin", ["Cookie": cookie, "Origin": ""], "csrfmiddlewaretoken=\(secret)"
        ),
        ("no origin, no referrer", ["Cookie": cookie], "csrfmiddlewaretoken=\(secret)"),
        (
            "a foreign referrer", ["Cookie": cookie, "Referer": "https://evil.example/"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "a referrer with the host in its path",
            ["Cookie": cookie, "Referer": "https://evil.example/https://example.com/"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "a referrer by plain HTTP", ["Cookie": cookie, "Referer": "http://example.com/"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "Fetch-Metadata of another site",
            ["Cookie": cookie, "Origin": own, "Sec-Fetch-Site": "cross-site"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "Fetch-Metadata of a subdomain",
            ["Cookie": cookie, "Origin": own, "Sec-Fetch-Site": "same-site"],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "a cookie by its plain name", ["Cookie": "csrftoken=\(secret)", "Origin": own],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "a cookie inside another", ["Cookie": "a=b]\(cookie)", "Origin": own],
            "csrfmiddlewaretoken=\(secret)"
        ),
        (
            "JSON as plain text",
            ["Cookie": cookie, "Origin": own, "Content-Type": "text/plain"],
            "{\"csrfmiddlewaretoken\": \"\(secret)\"}"
        ),
        (
            "another field for the method",
            ["Cookie": cookie, "Origin": own, "X-HTTP-Method-Override": "GET"], "_method=GET"
        ),
        (
            "the header with an underscore",
            ["Cookie": cookie, "Origin": own, "X_CSRFToken": secret], "a=1"
        ),
    ]

    @Test(arguments: attacks.indices)
    func areRefused(_ index: Int) async {
        let attack = Self.attacks[index]
        for method in [HTTPMethod.post, .put] {
            let response = await Site().send(
                attack.name == "the token in the query"
                    ? "/form/?csrfmiddlewaretoken=\(Self.secret)" : "/form/",
                method,
                headers: attack.headers,
                body: attack.body
            )
            #expect(response.status == .forbidden, "\(attack.name)")
        }
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete, HTTPMethod("PROPFIND"), .init("get")])
    func everyMethodThatIsNotSafeIsChecked(_ method: HTTPMethod) async {
        let response = await Site().send("/form/", method)
        #expect(response.status == .forbidden)
    }

    @Test func aTokenOfBeforeTheLoginIsWorthNothing() async throws {
        let request = Request(target: "/")
        let before = Array(request.csrfToken().utf8)
        request.rotateCSRFToken()
        let after = CSRFToken.unmask(Array(request.csrfToken().utf8))
        #expect(!CSRFToken.matches(before, secret: after))
    }
}
