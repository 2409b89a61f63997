import FoundationEssentials
import NuagesContrib
import NuagesCore
import NuagesHTTP
import Testing

@Suite struct StaticServingTests {
    static let style = String(repeating: "a { color: red }\n", count: 50)

    /// A site whose files have been collected.
    static func collected() throws -> StaticSite {
        let site = try StaticSite([
            ("css/a.css", style), ("b.txt", "0123456789"),
            ("big.bin", String(repeating: "x", count: 300_000)),
            ("i.svg", "<svg/>"), ("noext", "?"),
        ])
        try site.collect()
        return site
    }

    private func hashedName(_ site: StaticSite, _ name: String) throws -> String {
        try #require(try StaticFilesManifest.load(from: site.root)?.hashedName(of: name))
    }

    @Test func anAddressFilterOfTheSiteGuardsThemToo() async throws {
        let site = try Self.collected()
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        var stack = MiddlewareStack.standard(settings: settings)
        stack.insert(site.layer())
        stack.insert(AddressFilter(allowing: ["10.0.0.0/8"]))
        #expect(stack.check().isEmpty)
        let application = Application(
            settings: settings,
            middleware: stack,
            routes: Routes { #path("", StaticSite.home) }
        )
        for target in ["/", "/static/css/a.css", "/static"] {
            for (address, statuses) in [("10.1.2.3", [200, 404]), ("203.0.113.7", [403])] {
                let request = Request(
                    target: target,
                    headers: ["Host": "example.com"],
                    remoteAddress: address,
                    isTLS: true
                )
                let response = await application.handle(request)
                #expect(statuses.contains(response.status.code), "\(target) \(address)")
                #expect(response.headers["X-Content-Type-Options"] == "nosniff")
            }
        }
        let behind = MiddlewareStack(stack.layers.dropFirst() + [stack.layers[1]])
        #expect(behind.check().contains { $0.id == "middleware.E001" })
    }

    @Test func hashedNamesAreKeptForEver() async throws {
        let site = try Self.collected()
        let name = try hashedName(site, "css/a.css")
        let hashed = await StaticSite.send(site.layer(), "/static/\(name)")
        #expect(hashed.status == .ok)
        #expect(hashed.headers["Cache-Control"] == "max-age=31536000, public, immutable")
        #expect(hashed.headers["Content-Type"] == "text/css; charset=utf-8")
        #expect(StaticSite.body(hashed) == Array(Self.style.utf8))
        let plain = await StaticSite.send(site.layer(), "/static/css/a.css")
        #expect(plain.headers["Cache-Control"] == "max-age=3600, public")
        let posing = await StaticSite.send(site.layer(), "/static/css/a.0123456789ab.css")
        #expect(posing.status == .notFound)
        for response in [hashed, plain, posing] {
            #expect(response.headers["X-Content-Type-Options"] == "nosniff")
            #expect(
                response.headers["Content-Security-Policy"]?.contains("script-src 'none'") == true
            )
            #expect(response.headers["Set-Cookie"] == nil)
            #expect(response.headers["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(arguments: [
        ("b.txt", "text/plain; charset=utf-8"), ("i.svg", "image/svg+xml"),
        ("noext", "application/octet-stream"), ("big.bin", "application/octet-stream"),
    ])
    func saysTheType(_ name: String, type: String) async throws {
        let site = try Self.collected()
        let response = await StaticSite.send(site.layer(), "/static/\(name)")
        #expect(response.headers["Content-Type"] == type)
    }

    @Test func answersNotModified() async throws {
        let site = try Self.collected()
        for layer in [site.layer(), site.layer(isDebug: true), site.layer(isCollected: false)] {
            let first = await StaticSite.send(layer, "/static/b.txt")
            let tag = try #require(first.headers["ETag"])
            let date = try #require(first.headers["Last-Modified"])
            for fields: Headers in [
                ["If-None-Match": tag], ["If-None-Match": "\"x\", W/\(tag)"],
                ["If-None-Match": "*"],
                ["If-Modified-Since": date],
            ] {
                let again = await StaticSite.send(layer, "/static/b.txt", headers: fields)
                #expect(again.status == .notModified)
                #expect(again.headers["ETag"] == tag)
                #expect(again.headers["Cache-Control"] == first.headers["Cache-Control"])
                #expect(StaticSite.body(again).isEmpty)
            }
            let other = await StaticSite.send(
                layer,
                "/static/b.txt",
                headers: ["If-None-Match": "\"x\"", "If-Modified-Since": date]
            )
            #expect(other.status == .ok)
        }
    }

    @Test(arguments: [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=0-99", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, "", "bytes */10"), ("bytes=-0", 416, "", "bytes */10"),
        ("bytes=4-2", 200, "0123456789", nil), ("bytes=0-1,3-4", 200, "0123456789", nil),
        ("lines=1-2", 200, "0123456789", nil), ("bytes=+1-2", 200, "0123456789", nil),
        ("bytes=0-99999999999999999999", 200, "0123456789", nil),
    ])
    func sendsParts(_ range: String, status: Int, body: String, content: String?) async throws {
        let site = try Self.collected()
        for layer in [site.layer(), site.layer(isDebug: true)] {
            let response = await StaticSite.send(layer, "/static/b.txt", headers: ["Range": range])
            #expect(response.status.code == status)
            #expect(response.headers["Content-Range"] == content)
            if status != 416 { #expect(StaticSite.body(response) == Array(body.utf8)) }
        }
    }

    @Test func sendsPartsOfTheSameVersionOnly() async throws {
        let site = try Self.collected()
        let tag = try #require(
            await StaticSite.send(site.layer(), "/static/b.txt").headers["ETag"]
        )
        for (ifRange, status) in [(tag, 206), ("\"x\"", 200), ("W/\(tag)", 200)] {
            let response = await StaticSite.send(
                site.layer(),
                "/static/b.txt",
                headers: ["Range": "bytes=0-1", "If-Range": ifRange]
            )
            #expect(response.status.code == status)
        }
    }

    @Test func sendsTheHeadAlone() async throws {
        let site = try Self.collected()
        for name in ["b.txt", "big.bin"] {
            let response = await StaticSite.send(site.layer(), "/static/\(name)", .head)
            #expect(response.status == .ok)
            #expect(StaticSite.body(response).isEmpty)
            #expect(response.headers["Content-Length"] == (name == "b.txt" ? "10" : "300000"))
        }
        let post = await StaticSite.send(site.layer(), "/static/b.txt", .post)
        #expect(post.status == .methodNotAllowed)
        #expect(post.headers["Allow"] == "GET, HEAD")
    }

    @Test func negotiatesTheCoding() async throws {
        let site = try Self.collected()
        try site.write("brotli", to: "root/css/a.css.br")
        let plain = await StaticSite.send(site.layer(), "/static/css/a.css")
        #expect(plain.headers["Vary"] == "Accept-Encoding")
        #expect(plain.headers["Content-Encoding"] == nil)
        var tags = [plain.headers["ETag"]]
        for (accepted, coding) in [
            ("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0.1, gzip;q=0.9", "gzip"), ("*", "br"),
            ("gzip;q=0, br;q=0", nil), ("identity", nil), ("zstd", nil),
        ] as [(String, String?)] {
            let response = await StaticSite.send(
                site.layer(),
                "/static/css/a.css",
                headers: ["Accept-Encoding": accepted]
            )
            #expect(response.headers["Content-Encoding"] == coding)
            #expect(response.headers["Content-Type"] == "text/css; charset=utf-8")
            #expect(response.headers["Vary"] == "Accept-Encoding")
            tags.append(response.headers["ETag"])
        }
        #expect(Set(tags).count == 3)
        // A file without another form does not vary.
        #expect(await StaticSite.send(site.layer(), "/static/b.txt").headers["Vary"] == nil)
    }

    @Test func anOldCompressedFileIsNotServed() async throws {
        let site = try Self.collected()
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -1000)],
            ofItemAtPath: site.root + "/css/a.css.gz"
        )
        let response = await StaticSite.send(
            site.layer(),
            "/static/css/a.css",
            headers: ["Accept-Encoding": "gzip"]
        )
        #expect(response.headers["Content-Encoding"] == nil)
    }

    // MARK: What must not be served

    static let escapes = [
        "/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt",
        "/static/%2e%2e%2fsecret.txt", "/static/css/../../../secret.txt", "/static//etc/passwd",
        "/static/%2fetc/passwd", "/static///evil.example", "/static//evil.example/%2e%2e",
        "/static/", "/static", "/static/css", "/static/css/", "/static/.hidden",
        "/static/.git/config",
        "/static/css/.hidden", "/static/b.txt%00.css", "/static/b.txt/", "/static/b.txt/x",
        "/static/css%5c..%5c..%5csecret.txt", "/static/..%5csecret.txt", "/static/link.txt",
        "/static/linked/secret.txt", "/static/%252e%252e/secret.txt", "/static/..;/secret.txt",
        "/static/b.txt%20", "/static/b.txt%0a", "/static/B.TXT", "/static/css/a.css::$DATA",
        "/static/\u{FF0E}\u{FF0E}/secret.txt", "/static/%c0%ae%c0%ae/secret.txt",
    ]

    @Test(arguments: escapes)
    func staysInItsFolder(_ target: String) async throws {
        let site = try Self.collected()
        try site.write("secret", to: "secret.txt")
        for folder in ["source", "root"] {
            try site.write("secret", to: "\(folder)/.hidden")
            try site.write("secret", to: "\(folder)/css/.hidden")
            try site.write("secret", to: "\(folder)/.git/config")
            try site.link("\(folder)/link.txt", to: site.folder + "/secret.txt")
            try site.link("\(folder)/linked", to: site.folder)
        }
        let layers = [
            site.layer(), site.layer(isDebug: true), site.layer(isCollected: false),
            site.layer().servingUncollectedFiles(),
        ]
        for layer in layers {
            let response = await StaticSite.send(layer, target)
            #expect([400, 404].contains(response.status.code))
            // CVE-2017-7234: nor is anybody sent to another site.
            #expect(response.headers["Location"] == nil)
            let body = String(decoding: StaticSite.body(response), as: UTF8.self)
            #expect(!body.contains("secret"))
            #expect(!body.contains("root:"))
        }
    }

    @Test func linksOfCollectedFilesLeadToTheirSources() async throws {
        let site = try StaticSite([("a.txt", "linked")])
        var options = StaticCollector.Options()
        options.links = true
        try site.collect(options)
        let response = await StaticSite.send(site.layer(), "/static/a.txt")
        #expect(StaticSite.body(response) == Array("linked".utf8))
    }

    @Test func theManifestIsNoFileOfTheSite() async throws {
        let site = try Self.collected()
        #expect(
            await StaticSite.send(site.layer(), "/static/staticfiles.json").status == .notFound
        )
    }

    // MARK: Where files are served from

    @Test func allFilesAreLookedAtOnce() async throws {
        let site = try Self.collected()
        let layer = site.layer()
        layer.prepare()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask { await StaticSite.send(layer, "/static/b.txt").status.code }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 20))
        try site.write("late", to: "root/late.txt")
        #expect(await StaticSite.send(layer, "/static/late.txt").status == .notFound)
        #expect(await StaticSite.send(site.layer(), "/static/late.txt").status == .ok)
    }

    @Test(arguments: ["/shop/static/b.txt", "/static/b.txt"])
    func aSiteMayLieBelowAPath(_ target: String) async throws {
        let site = try Self.collected()
        var settings = HTTPSettings()
        settings.allowedHosts = ["example.com"]
        settings.forceScriptName = "/shop"
        let layer = StaticFilesMiddleware(
            staticURL: "/shop/static/",
            finders: site.finders,
            root: site.root
        )
        let application = Application(
            settings: settings,
            middleware: [layer],
            routes: Routes { #path("", StaticSite.home) }
        )
        // The proxy in front hands on the whole path, or takes off what it has used.
        let request = Request(target: target, headers: ["Host": "example.com"])
        #expect(await application.handle(request).status == .ok)
    }

    @Test func debugServesWhatIsWritten() async throws {
        let site = try StaticSite([("a.txt", "old")])
        let layer = site.layer(isDebug: true)
        try site.write("new", to: "source/a.txt")
        let response = await StaticSite.send(layer, "/static/a.txt")
        #expect(StaticSite.body(response) == Array("new".utf8))
        #expect(response.headers["Cache-Control"] == "no-cache")
        #expect(try layer.staticURL(for: "a b.txt") == "/static/a%20b.txt")
    }

    @Test func onlyCollectedFilesAreServedUnlessAsked() async throws {
        let site = try Self.collected()
        try site.write("late", to: "source/late.txt")
        #expect(await StaticSite.send(site.layer(), "/static/late.txt").status == .notFound)
        let insecure = site.layer().servingUncollectedFiles()
        #expect(await StaticSite.send(insecure, "/static/late.txt").status == .ok)
        let name = try hashedName(site, "b.txt")
        #expect(await StaticSite.send(insecure, "/static/\(name)").status == .ok)
    }

    @Test func pagesReferToNamesWithDigests() async throws {
        let site = try Self.collected()
        let layer = site.layer()
        #expect(
            try layer.staticURL(for: "i.svg#cart")
                == "/static/\(hashedName(site, "i.svg"))#cart"
        )
        #expect(throws: StaticFilesError.self) { try layer.staticURL(for: "none.css") }
        #expect(try site.layer(isCollected: false).staticURL(for: "none.css") == "/static/none.css")
    }

    @Test func checksItsOptions() throws {
        let site = try Self.collected()
        #expect(site.layer().check(forDeployment: true).isEmpty)
        let odd = StaticFilesMiddleware(staticURL: "/static", finders: site.finders)
        #expect(odd.check(forDeployment: false).isEmpty)
        #expect(try odd.staticURL(for: "a.css") == "/static/a.css")
        try site.write("{}", to: "root/staticfiles.json")
        #expect(site.layer().check(forDeployment: false).map(\.id) == ["staticfiles.E102"])
    }
}
