import Foundation
import Nuages
import NuagesTesting
import Testing

@testable import Gauntlet

@Suite struct UploadTests {
    private func upload(
        _ client: TestClient,
        _ disposition: String,
        type: String? = "text/plain",
        _ contents: [UInt8] = Array("hello".utf8)
    ) async throws -> TestResponse {
        var body = Multipart()
        body.field("csrfmiddlewaretoken", try await client.get("/upload/").forms[0].fields[0].value)
        body.file(disposition, type, contents)
        return try await client.send(
            .post,
            "/upload/",
            headers: ["Content-Type": Multipart.type],
            body: body.closed
        )
    }

    private func link(_ page: TestResponse) throws -> String {
        let start = try #require(page.text.range(of: "href=\"/media/"))
        return "/media/" + page.text[start.upperBound...].prefix { $0 != "\"" }
    }

    @Test(arguments: [
        ("page.html", "text/html", "<script>alert(1)</script>"),
        ("image.svg", "image/svg+xml", "<svg onload=alert(1)/>"), ("a.php", "text/x-php", "<?php"),
        ("a.png", "image/png", "GIF89a<script>"), ("a.txt", "text/plain", "plain"),
    ])
    func servesAFileAsADownloadOnly(_ name: String, _ type: String, _ text: String) async throws {
        try await withGauntlet { (client) async throws in
            let page = try await upload(
                client,
                "filename=\"\(name)\"",
                type: type,
                Array(text.utf8)
            )
            #expect(page.status == 200)
            let file = try await client.get(try link(page))
            #expect(file.status == 200)
            #expect(file.text == text)
            #expect(file.headers["Content-Type"] == "application/octet-stream")
            #expect(file.headers["X-Content-Type-Options"] == "nosniff")
            #expect(file.headers["Content-Disposition"]?.hasPrefix("attachment; ") == true)
            #expect(file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'")
        }
    }

    @Test(arguments: [
        "../../../evil.txt", "..\\..\\evil.txt", "/etc/cron.d/evil", "C:\\evil.txt", "..", ".",
        "a/../../b.txt", "..&sol;evil.txt", "/tmp/..", "evil\u{0}.txt", "a\u{1F}b.txt", "CON",
        String(repeating: "a", count: 255) + ".txt", String(repeating: "é", count: 200),
        ".htaccess",
        "a.txt;.html", "a\u{202E}gpj.exe", "<b>.txt", "\u{301}.txt",
    ])
    func keepsAFileOfAnyNameInItsFolder(_ name: String) async throws {
        try await withGauntlet { (client) async throws in
            let before = try await StoredFile.objects.count()
            let page = try await upload(client, "filename=\"\(name)\"")
            #expect([200, 400].contains(page.status), "\(page.status)")
            #expect(!page.text.contains("<b>.txt"))
            for file in try await StoredFile.objects.all() {
                #expect(!file.name.contains("/") && !file.name.contains("\\"), "\(file.name)")
                #expect(
                    file.storedName.name.utf8.allSatisfy { $0 > 0x2C && $0 < 0x7B },
                    "\(file.storedName.name)"
                )
                let stored = file.storedName.name
                #expect(!stored.contains("..") && !stored.contains("/"))
                #expect(try await Storages.current.default.exists(stored))
            }
            #expect(try await StoredFile.objects.count() <= before + 1)
        }
    }

    @Test(arguments: [
        "--", "--\(Multipart.boundary)", "--\(Multipart.boundary)\r\n\r\n", "",
        "--\(Multipart.boundary)\r\nContent-Disposition: form-data\r\n\r\nx\r\n--\(Multipart.boundary)--",
        "--\(Multipart.boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n",
        String(repeating: "--\(Multipart.boundary)x\r\n", count: 1_000),
    ])
    func refusesAMalformedBody(_ body: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.send(
                .post,
                "/upload/",
                headers: ["Content-Type": Multipart.type],
                body: Array(body.utf8)
            )
            #expect([400, 403].contains(answer.status), "\(answer.status)")
            #expect(try await StoredFile.objects.count() == 0)
        }
    }

    @Test(arguments: ["files", "fields"]) func refusesTooManyParts(_ kind: String) async throws {
        try await withGauntlet { (client) async throws in
            var body = Multipart()
            for number in 0..<2_000 {
                if kind == "files" {
                    body.file("filename=\"\(number)\"", "text/plain", [])
                } else {
                    body.field("a\(number)", "x")
                }
            }
            let answer = try await client.send(
                .post,
                "/upload/",
                headers: ["Content-Type": Multipart.type],
                body: body.closed
            )
            #expect([400, 403].contains(answer.status), "\(answer.status)")
            #expect(try await StoredFile.objects.count() == 0)
        }
    }

    @Test(arguments: ["/media/", "/media/nothing", "/media/..%2fdb.sqlite3", "/media/%00"])
    func servesWhatWasUploadedOnly(_ path: String) async throws {
        try await withGauntlet { (client) async throws in
            #expect([400, 404].contains(try await client.get(path).status))
        }
    }
}
