import Nuages
import NuagesTesting
import Testing

@testable import NuagesViews

private struct Broken: Error, CustomStringConvertible {
    var description: String { "It <script>alert(1)</script> broke" }
}

private func fail(_ request: Request) async throws -> Response { throw Broken() }

private func failAfterForm(_ request: Request) async throws -> Response {
    _ = try await request.form()
    throw Broken()
}

private func failAfterQueries(_ request: Request) async throws -> Response {
    for key in 1...6 { _ = try await Article.objects.filter { $0.id == PrimaryKey(key) }.count() }
    throw Broken()
}

private func showTemplate(_ request: Request) async throws -> Response {
    try await render(request, "broken.html")
}

private func find(_ request: Request, pk: Int) async throws -> Response {
    try await .text(Article.objects.getOr404(pk).title)
}

private func bad(_ request: Request) async throws -> Response {
    throw HTTPError.badRequest("No progress <id>.")
}

private func show(_ request: Request) async throws -> Response { .text("fine") }

@Suite struct DebugPageTests {
    private func withPages(
        debug: Bool = true,
        templates: [String: String] = [:],
        _ body: (TestClient) async throws -> Void
    ) async throws {
        try await withNewsSite(
            templates: ["broken.html": "<p>one</p>\n<p>{{ x|nofilter }}</p>\n<b>&</b>"]
                .merging(templates) { $1 },
            debug: debug,
            configure: { $0.databaseURL = "sqlite::memory:" },
            routes: Routes {
                #path("fail/", fail, name: "fail")
                #path("form/", failAfterForm).csrfExempt().sensitivePostParameters("colour")
                #path("queries/", failAfterQueries)
                #path("template/", showTemplate)
                #path("find/<int:pk>/", find)
                #path("post/", show)
            },
            body
        )
    }

    private let html: Headers = ["Accept": "text/html"]

    @Test func showsTheErrorEscaped() async throws {
        try await withPages { client in
            let page = try await client.get("/fail/?q=%3Cb%3E&password=hunter2", headers: html)
            #expect(page.status == 500)
            #expect(page.text.contains("<h1>Broken</h1>"))
            // CVE-2017-12794: what an error says must not become part of the page.
            #expect(page.text.contains("It &lt;script&gt;alert(1)&lt;/script&gt; broke"))
            #expect(!page.text.contains("<script"))
            #expect(page.text.contains("q=&lt;b&gt;"))
            #expect(!page.text.contains("hunter2"))
            #expect(page.text.contains("isDebug"))
        }
    }

    #if os(Linux)
    @Test func showsWhereTheErrorWasThrown() async throws {
        try await withPages { client in
            let page = try await client.get("/fail/", headers: html)
            #expect(page.text.contains("<h2>Source</h2>"))
            #expect(page.text.contains("DebugPageTests.swift, line "))
            let line =
                "private func fail(_ request: Request) async throws -&gt; Response { throw Broken() }"
            #expect(page.text.contains("<td><pre>\(line)</pre></td></tr>"))
            #expect(page.text.contains("<h2>Calls"))
        }
    }
    #endif

    @Test func hidesSecrets() async throws {
        try await withPages { client in
            let page = try await client.get(
                "/fail/?api_key=visible1&x=visible2",
                headers: [
                    "Accept": "text/html", "Cookie": "session=visible3; theme=visible4",
                    "Authorization": "Basic visible5", "X-Plain": "visible6",
                ]
            )
            for hidden in ["visible1", "visible3", "visible5"] {
                #expect(!page.text.contains(hidden), "\(hidden)")
            }
            for shown in ["visible2", "visible4", "visible6"] {
                #expect(page.text.contains(shown), "\(shown)")
            }
        }
    }

    @Test func hidesSecretsOfSettings() async throws {
        let key = "visible1" + String(repeating: "abcdefghij", count: 5)
        let old = "visible2" + String(repeating: "abcdefghij", count: 5)
        let configure: (inout Settings) -> Void = { settings in
            settings.secretKey = SecretKey(key)
            settings.secretKeyFallbacks = [SecretKey(old)]
            settings.staticURL = "https://user:visible3@cdn.example/"
        }
        let routes = Routes { #path("fail/", fail) }
        try await withNewsSite(debug: true, configure: configure, routes: routes) { client in
            let page = try await client.get("/fail/", headers: html)
            #expect(page.status == 500)
            #expect(page.text.contains("secretKeyFallbacks"))
            for hidden in ["visible1", "visible2", "visible3"] {
                #expect(!page.text.contains(hidden), "\(hidden)")
            }
            #expect(page.text.contains("languageCode"))
        }
    }

    @Test func hidesFieldsThatTheRouteNames() async throws {
        try await withPages { client in
            let page = try await client.post(
                "/form/",
                ["colour": "visible1", "token": "visible2", "size": "visible3"],
                headers: html
            )
            #expect(page.status == 500)
            #expect(!page.text.contains("visible1") && !page.text.contains("visible2"))
            #expect(page.text.contains("visible3"))
        }
    }

    @Test func doesNotReadABodyThatTheViewLeftAlone() async throws {
        try await withPages { client in
            let page = try await client.get("/fail/", headers: html)
            #expect(page.text.contains("No form was read."))
        }
    }

    @Test func listsQueriesAndRepetitions() async throws {
        try await withPages { client in
            let page = try await client.get("/queries/", headers: html)
            #expect(page.text.contains("SQL (6 in "))
            #expect(page.text.contains("The same statement ran 6 times."))
            #expect(page.text.contains(" ms</td>"))
        }
    }

    @Test func marksTheLineOfATemplate() async throws {
        try await withPages { client in
            let page = try await client.get("/template/", headers: html)
            #expect(page.text.contains("broken.html, line 2"))
            #expect(
                page.text.contains(
                    """
                    <tr class="marked" aria-current="true"><th scope="row">2</th>\
                    <td><pre>&lt;p&gt;{{ x|nofilter }}&lt;/p&gt;</pre></td></tr>
                    """
                )
            )
            #expect(page.text.contains("&lt;b&gt;&amp;&lt;/b&gt;"))
        }
    }

    @Test func listsTheRoutesThatWereTried() async throws {
        try await withPages { client in
            let page = try await client.get("/nothing/%3Ci%3E", headers: html)
            #expect(page.status == 404)
            #expect(page.text.contains("<li><code>/fail/</code> <em>fail</em></li>"))
            #expect(page.text.contains("/find/&lt;int:pk&gt;/"))
            #expect(page.text.contains("None matches."))
            #expect(!page.text.contains("<i>"))
            let missing = try await client.get("/find/5/", headers: html)
            #expect(missing.text.contains("No Article matches the given query."))
            #expect(missing.text.contains("A pattern matches"))
        }
    }

    @Test func saysWhyTheCSRFCheckFailed() async throws {
        try await withPages { client in
            let page = try await client.send(
                .post,
                "/post/",
                headers: ["Accept": "text/html", "Origin": "https://evil.example"]
            )
            #expect(page.status == 403)
            #expect(page.text.contains("Forbidden: the CSRF check failed"))
            #expect(page.text.contains("{% csrf_token %}"))
        }
    }

    @Test func isPlainTextForOtherClients() async throws {
        try await withPages { client in
            let page = try await client.get("/fail/", headers: ["Accept": "application/json"])
            #expect(page.headers["Content-Type"] == "text/plain; charset=utf-8")
            #expect(page.text.hasPrefix("500 Internal Server Error: Broken\nIt <script>"))
            #expect(page.text.contains("\nRequest\n-------\n"))
        }
    }

    @Test func passesItsOwnContentSecurityPolicy() async throws {
        try await withPages { client in
            let page = try await client.get("/fail/", headers: html)
            let policy = try #require(page.headers["Content-Security-Policy"])
            let nonce = try #require(
                page.text.split(separator: "nonce=\"").dropFirst().first?.prefix { $0 != "\"" }
            )
            #expect(policy.contains("style-src 'self' 'nonce-\(nonce)'"))
            #expect(!page.text.contains(" style="))
            #expect(!page.text.contains("http://www") && !page.text.contains("src="))
        }
    }

    private static let others: [(String, Headers)] = [
        ("10.0.0.7", Headers()), ("203.0.113.7", Headers()), ("", Headers()),
        ("127.0.0.1", ["X-Forwarded-For": "203.0.113.7"]),
        ("::1", ["Forwarded": "for=203.0.113.7"]),
        ("127.0.0.1", ["Host": "evil.example"]),
    ]

    @Test(arguments: others)
    func showsNothingToOthers(_ address: String, headers: Headers) async throws {
        try await withPages { client in
            var fields = headers
            fields.setDefault("Host", "testserver")
            fields["Accept"] = "text/html"
            let application = try SiteContext.current.makeApplication()
            for target in ["/fail/", "/nothing/"] {
                let response = await application.handle(
                    Request(target: target, headers: fields, remoteAddress: address, isTLS: true)
                )
                let text = response.text ?? ""
                #expect(!text.contains("broke") && !text.contains("/fail/"), "\(target)")
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
    func showsDetailsOnThisMachine(_ address: String) async throws {
        try await withPages { client in
            let application = try SiteContext.current.makeApplication()
            let response = await application.handle(
                Request(
                    target: "/fail/",
                    headers: ["Host": "testserver", "Accept": "text/html"],
                    remoteAddress: address,
                    isTLS: true
                )
            )
            #expect(response.text?.contains("broke") == true)
        }
    }

    @Test func leaksNothingOutsideDebug() async throws {
        try await withPages(debug: false) { client in
            for path in ["/fail/", "/template/", "/nothing/x/?y=z"] {
                let page = try await client.get(path, headers: html)
                for text in ["Broken", "broke", "nofilter", "broken.html", "nothing", "isDebug"] {
                    #expect(!page.text.contains(text), "\(path) \(text)")
                }
                #expect(page.text.contains("<title>"))
            }
        }
    }
}

@Suite struct ErrorPageTests {
    @Test func welcomesAFreshSite() async throws {
        try await withNewsSite(debug: true, routes: Routes([])) { client in
            let page = try await client.get("/", headers: ["Accept": "text/html"])
            #expect(page.status == 200)
            #expect(page.text.contains("The site works."))
        }
        try await withNewsSite(routes: Routes([])) { client in
            let found = try await client.get("/").status
            #expect(found == 404)
        }
    }

    /// Only on this machine and in debug: elsewhere the page says no more than its status.
    @Test(arguments: [
        ("/bad/", "testserver", "progress &lt;id&gt;"), ("/%00", "testserver", ""),
        ("/bad/", "evil.example", "You may need to add &#x27;evil.example&#x27; to ALLOWED_HOSTS."),
    ])
    func saysWhyARequestCannotBeRead(
        _ target: String,
        _ host: String,
        _ reason: String
    ) async throws {
        let request = { (address: String) in
            Request(
                target: target,
                headers: ["Host": host, "Accept": "text/html"],
                remoteAddress: address,
                isTLS: true
            )
        }
        let routes = Routes { #path("bad/", bad) }
        for (isDebug, address, isShown) in [
            (true, "127.0.0.1", true), (true, "203.0.113.7", false), (false, "127.0.0.1", false),
        ] {
            try await withNewsSite(
                templates: ["400.html": "own page"],
                debug: isDebug,
                routes: routes
            ) { _ in
                let application = try SiteContext.current.makeApplication()
                let response = await application.handle(request(address))
                let text = response.text ?? ""
                #expect(response.status == .badRequest)
                #expect(text.contains("own page") != isShown, "\(isDebug) \(address)")
                if isShown { #expect(text.contains(reason), "\(text)") }
                if !isShown { #expect(!text.contains("ALLOWED_HOSTS") && !text.contains("id")) }
            }
        }
    }

    @Test func prefersTheSitesTemplates() async throws {
        try await withNewsSite(
            templates: [
                "404.html": "lost", "500.html": "sorry", "403.html": "no",
                "403_csrf.html": "forged",
            ],
            routes: Routes {
                #path("fail/", fail)
                #path("post/", show)
            }
        ) { client in
            let found1 = try await client.get("/nothing/").text
            #expect(found1 == "lost")
            let found2 = try await client.get("/fail/").text
            #expect(found2 == "sorry")
            let forged = try await client.send(
                .post,
                "/post/",
                headers: ["Origin": "https://evil.example"]
            )
            #expect(forged.text == "forged")
        }
    }

    @Test(arguments: [400, 403, 404, 405, 413, 429, 500, 503])
    func hasAPageForEveryStatus(_ status: Int) {
        let page = DefaultErrorPage.html(
            status: status,
            reason: "A <reason>",
            message: nil,
            nonce: "n"
        )
        #expect(page.contains("<h1>A &lt;reason&gt;</h1>"))
        #expect(page.contains(">\(status)</p>"))
        #expect(page.contains("lang=\"en\""))
        #expect(!page.contains("<p></p>"))
    }
}
