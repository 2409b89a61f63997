import FoundationEssentials
import NuagesContrib
import NuagesCore
import NuagesFiles
import NuagesHTTP
import Testing

@Suite struct MediaServingTests {
    enum Kind: CaseIterable { case folder, memory }

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4]
    private static let key = SecretKey(String(repeating: "k", count: 50))
    private let signer = MediaSigner(key: key)

    private func with(
        _ kind: Kind,
        _ body: (any Storage) async throws -> Void
    ) async throws {
        let site = try StaticSite([("outside.txt", "secret")])
        switch kind {
        case .folder:
            try await body(FileSystemStorage(root: site.folder + "/media", baseURL: "/media/"))
        case .memory: try await body(InMemoryStorage(baseURL: "/media/"))
        }
        withExtendedLifetime(site) {}
    }

    private func send(
        _ storage: any Storage,
        _ target: String,
        _ access: MediaAccess = .everybody,
        headers: Headers = [:],
        method: HTTPMethod = .get
    ) async throws -> Response {
        var settings = HTTPSettings()
        settings.allowedHosts = ["testserver"]
        var headers = headers
        headers["Host"] = "testserver"
        let routes = mediaRoutes("media/", access: access)
        let application = Application(
            settings: settings,
            middleware: MiddlewareStack([]),
            router: Router(Routes(routes))
        )
        return await Storages(["default": storage]).use {
            await application.handle(
                Request(method: method, target: target, headers: headers)
            )
        }
    }

    private func bytes(_ response: Response) async throws -> [UInt8] {
        switch response.body {
        case .bytes(let bytes): return bytes
        case .file(let path, let offset, let length):
            let data = FileManager.default.contents(atPath: path) ?? Data()
            return Array(data.dropFirst(offset).prefix(length))
        case .stream(_, let produce):
            let collector = Collector()
            try await produce(collector)
            return await collector.bytes
        }
    }

    private actor Collector: ResponseBodyWriter {
        var bytes: [UInt8] = []
        func write(_ bytes: [UInt8]) async throws { self.bytes += bytes }
    }

    @Test(arguments: Kind.allCases)
    func showsWhatRunsNothing(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File(Self.png), as: "a/cat.png")
            let response = try await send(storage, "/media/a/cat.png")
            #expect(response.status == .ok)
            #expect(try await bytes(response) == Self.png)
            let expected = [
                "Content-Type": "image/png", "X-Content-Type-Options": "nosniff",
                "Content-Disposition": "inline; filename=\"cat.png\"",
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "Cross-Origin-Resource-Policy": "same-origin", "Accept-Ranges": "bytes",
                "Cache-Control": "public, max-age=3600",
            ]
            for (name, value) in expected { #expect(response.headers[name] == value) }
        }
    }

    /// What a file is called says nothing of what a browser makes of it.
    @Test(arguments: [
        ("x.php.jpg", "<?php system('id');", "image/jpeg", true),
        ("x.jpg.html", "<html><script>alert(1)</script>", "application/octet-stream", true),
        ("x.jpg", "<script>alert(1)</script>", "image/jpeg", true),
        ("x.svg", "<svg onload='alert(1)'/>", "application/octet-stream", true),
        ("x.xhtml", "<?xml version='1.0'?><html/>", "application/octet-stream", true),
        ("x.js", "alert(1)", "application/octet-stream", true),
        ("x.css", "body{}", "application/octet-stream", true),
        ("x.txt", "hello", "text/plain", true), ("x", "hello", "application/octet-stream", true),
        ("x.html", "GIF89a<script>alert(1)</script>", "image/gif", false),
        ("x.pdf", "%PDF-1.7", "application/pdf", false),
    ])
    func savesWhatCouldRun(
        _ name: String,
        _ text: String,
        _ type: String,
        _ isAttachment: Bool
    ) async throws {
        for kind in Kind.allCases {
            try await with(kind) { storage in
                try await storage.save(File(text), as: name)
                let response = try await send(storage, "/media/\(name)")
                #expect(response.headers["Content-Type"] == type)
                let disposition = response.headers["Content-Disposition"] ?? ""
                #expect(disposition.hasPrefix(isAttachment ? "attachment" : "inline"))
                #expect(response.headers["X-Content-Type-Options"] == "nosniff")
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func sendsParts(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File("0123456789"), as: "a.txt")
            let cases: [(String, Int, String)] = [
                ("bytes=2-4", 206, "234"), ("bytes=-3", 206, "789"), ("bytes=8-99", 206, "89"),
                ("bytes=10-", 416, ""), ("bytes=0-1,3-4", 200, "0123456789"),
                ("bytes=4-2", 200, "0123456789"), ("lines=1-2", 200, "0123456789"),
            ]
            for (range, status, text) in cases {
                let response = try await send(storage, "/media/a.txt", headers: ["Range": range])
                #expect(response.status.code == status)
                #expect(try await bytes(response) == Array(text.utf8))
                #expect(response.headers["X-Content-Type-Options"] == "nosniff")
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func sendsAFileOnce(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File("hello"), as: "a.txt")
            let first = try await send(storage, "/media/a.txt")
            let tag = try #require(first.headers["ETag"])
            let again = try await send(storage, "/media/a.txt", headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
            let other = try await send(storage, "/media/a.txt", headers: ["If-Match": "\"x\""])
            #expect(other.status == .preconditionFailed)
            let head = try await send(storage, "/media/a.txt", method: .head)
            #expect(head.status == .ok)
            let post = try await send(storage, "/media/a.txt", method: .post)
            #expect(post.status == .methodNotAllowed)
        }
    }

    @Test(arguments: [
        "/media/", "/media/a", "/media/a/", "/media/none.txt", "/media/../source/outside.txt",
        "/media/%2e%2e/source/outside.txt", "/media/..%2fsource/outside.txt",
        "/media//etc/passwd", "/media/%2fetc/passwd", "/media/..%5csource%5coutside.txt",
        "/media/a//b.txt", "/media/./a/b.txt", "/media/a%5cb.txt", "/media/a/b.txt%0a",
        "/media/a/b.txt%00.png", "/media/out/outside.txt",
    ])
    func servesNothingElse(_ target: String) async throws {
        for kind in Kind.allCases {
            try await with(kind) { storage in
                try await storage.save(File("hello"), as: "a/b.txt")
                if let root = try storage.path("x").map({ String($0.dropLast(2)) }) {
                    try FileManager.default.createSymbolicLink(
                        atPath: root + "/out",
                        withDestinationPath: root + "/../source"
                    )
                }
                let response = try await send(storage, target)
                #expect([400, 404].contains(response.status.code))
                let body = try await bytes(response)
                #expect(!String(decoding: body, as: UTF8.self).contains("secret"))
            }
        }
    }

    /// Nobody else's file, whatever the name stands for by then.
    @Test func sendsTheFileThatItOpened() async throws {
        try await with(.folder) { storage in
            try await storage.save(File("hello"), as: "a.txt")
            let response = try await send(storage, "/media/a.txt")
            let part = try await send(storage, "/media/a.txt", headers: ["Range": "bytes=1-2"])
            let path = try #require(try storage.path("a.txt"))
            let root = String(path.dropLast("/a.txt".count))
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(
                atPath: path,
                withDestinationPath: root + "/../source/outside.txt"
            )
            #expect(try await bytes(response) == Array("hello".utf8))
            #expect(try await bytes(part) == Array("el".utf8))
            #expect(try await send(storage, "/media/a.txt").status == .notFound)
        }
    }

    @Test(arguments: Kind.allCases)
    func hasNoFileOfANameThatIsTooLong(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File("hello"), as: "a.txt")
            let part = String(repeating: "a", count: 300)
            let deep = String(repeating: "a/", count: 3000) + "a"
            for name in [part, part + "/a.txt", "b/" + part, deep] {
                #expect(try await send(storage, "/media/" + name).status == .notFound)
            }
        }
    }

    // MARK: Protected files

    @Test(arguments: Kind.allCases)
    func sendsWhatWasSigned(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File("secret"), as: "7 é.pdf")
            let url = try storage.signedURL("7 é.pdf", expires: .seconds(600), by: signer)
            let access = MediaAccess.signed(by: signer)
            let response = try await send(storage, url, access)
            #expect(response.status == .ok)
            #expect(try await bytes(response) == Array("secret".utf8))
            #expect(response.headers["Cache-Control"] == "private, no-cache")
            // However a client escapes the path.
            let escaped = url.replacing("7", with: "%37")
            #expect(try await send(storage, escaped, access).status == .ok)
        }
    }

    @Test func refusesWhatWasNotSigned() async throws {
        try await with(.memory) { storage in
            try await storage.save(File("secret"), as: "7.pdf")
            try await storage.save(File("other"), as: "8.pdf")
            let access = MediaAccess.signed(by: signer)
            let good = try storage.signedURL("7.pdf", expires: .seconds(600), by: signer)
            let old = signer.signedURL(
                for: "/media/7.pdf",
                expires: .seconds(60),
                boundTo: nil,
                now: .seconds(1_000_000_000)
            )
            let bound = try storage.signedURL(
                "7.pdf",
                expires: .seconds(60),
                by: signer,
                boundTo: "1"
            )
            let foreign = MediaSigner(key: SecretKey(String(repeating: "x", count: 50)))
            let purpose = MediaSigner(key: Self.key, purpose: "invoices")
            let refused = [
                "/media/7.pdf", "/media/7.pdf?signature=", old, bound,
                good.replacing("7.pdf", with: "8.pdf"), good + "x",
                good.replacing("signature=", with: "signature=1"),
                try storage.signedURL("7.pdf", expires: .seconds(60), by: foreign),
                try storage.signedURL("7.pdf", expires: .seconds(60), by: purpose),
                // Whether a file is there is nobody's business either.
                "/media/none.pdf",
            ]
            for url in refused {
                #expect(try await send(storage, url, access).status == .forbidden, "\(url)")
            }
            #expect(try await send(storage, good, access).status == .ok)
        }
    }

    @Test func bindsAddressesToWhoAsks() async throws {
        try await with(.memory) { storage in
            try await storage.save(File("secret"), as: "7.pdf")
            let access = MediaAccess.signed(by: signer) { $0.headers["X-User"] }
            let url = try storage.signedURL(
                "7.pdf",
                expires: .seconds(60),
                by: signer,
                boundTo: "ann"
            )
            // Somebody unknown has no address that was meant for everybody.
            let unbound = try storage.signedURL("7.pdf", expires: .seconds(60), by: signer)
            for headers in [[:], ["X-User": "ann"]] as [Headers] {
                let response = try await send(storage, unbound, access, headers: headers)
                #expect(response.status == .forbidden)
            }
            for (user, status) in [("ann", HTTPStatus.ok), ("bob", .forbidden), (nil, .forbidden)] {
                let headers: Headers = user.map { ["X-User": $0] } ?? [:]
                #expect(try await send(storage, url, access, headers: headers).status == status)
            }
        }
    }

    @Test func asksARule() async throws {
        try await with(.memory) { storage in
            try await storage.save(File("x"), as: "ann/a.txt")
            let rule = MediaAccess.allowed { request, name in
                guard let user = request.headers["X-User"], name.hasPrefix(user + "/") else {
                    throw HTTPError.notFound("There is no file of this name.")
                }
            }
            let both = rule.and(.signed(by: signer))
            let url = try storage.signedURL("ann/a.txt", expires: .seconds(60), by: signer)
            let ann: Headers = ["X-User": "ann"]
            #expect(try await send(storage, "/media/ann/a.txt", rule, headers: ann).status == .ok)
            #expect(try await send(storage, "/media/ann/a.txt", rule).status == .notFound)
            #expect(try await send(storage, url, both, headers: ann).status == .ok)
            #expect(
                try await send(storage, "/media/ann/a.txt", both, headers: ann).status == .forbidden
            )
        }
    }
}
