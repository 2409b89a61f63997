import Nuages
import NuagesTesting
import Testing

@testable import Gauntlet

@Suite struct BadInputTests {
    private func json(_ text: String) async throws -> TestResponse {
        try await json(Array(text.utf8))
    }

    private func json(_ bytes: [UInt8]) async throws -> TestResponse {
        try await withTestSite(GauntletSite.self) { (client) async throws in
            try await client.send(
                .post,
                "/json/",
                headers: ["Content-Type": "application/json"],
                body: bytes
            )
        }
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "nan", "NaN", "[Infinity]", "[-Infinity]", "{'a':1}", "[01]",
        "[1e999999999]", "\"\\uD800\"", "\"\u{1}\"", "[1] [2]", "// x\n1", "\u{FEFF}1", "[+1]",
        "[.5]",
    ])
    func refusesWhatIsNoJSON(_ text: String) async throws {
        #expect(try await json(text).status == 400)
    }

    @Test func refusesBadUTF8AndDeepNesting() async throws {
        #expect(try await json([0x22, 0xFF, 0xFE, 0x22]).status == 400)
        let deep = String(repeating: "[", count: 100_000)
        #expect(try await json(deep).status == 400)
        #expect(try await json(deep + String(repeating: "]", count: 100_000)).status == 400)
    }

    @Test(arguments: [
        ("{\"a\":[1,2.5,true,null,\"x\"]}", "{\"a\":[1,2.5,true,null,\"x\"]}"),
        ("{\"__proto__\":{\"x\":1}}", "{\"__proto__\":{\"x\":1}}"),
        // A reader that takes it for HTML finds no markup in it.
        ("\"<b>\"", "\"\\u003cb\\u003e\""),
    ])
    func echoesADocument(_ text: String, _ expected: String) async throws {
        let answer = try await json(text)
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.text == expected)
    }

    @Test(arguments: [
        "name=%FF%FE", "name=a%00b", "name", "=", "&&&&", "name=%zz", "name[]=a", "name=a;email=b",
    ])
    func takesAnyFormWithoutFailing(_ body: String) async throws {
        try await withGauntlet { (client) async throws in
            _ = try await client.get("/form/")
            let token = try await client.get("/form/").forms[0].fields[0].value
            let answer = try await client.send(
                .post,
                "/form/",
                headers: ["Content-Type": "application/x-www-form-urlencoded"],
                body: Array("csrfmiddlewaretoken=\(token)&\(body)".utf8)
            )
            #expect([200, 400, 403].contains(answer.status), "\(answer.status)")
            #expect(try await Message.objects.count() == 0)
        }
    }

    @Test(arguments: [
        "utf-7", "utf-16", "latin-1", "bogus", "\"", "utf-8; boundary=x", "koi8-r",
    ])
    func takesAnyCharsetWithoutFailing(_ charset: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.send(
                .post,
                "/form/",
                headers: ["Content-Type": "application/x-www-form-urlencoded; charset=\(charset)"],
                body: Array("name=%E9".utf8)
            )
            #expect([400, 403, 415].contains(answer.status), "\(answer.status)")
        }
    }

    @Test func refusesTooManyFieldsAndTooMuchData() async throws {
        try await withGauntlet { (client) async throws in
            let token = try await client.get("/form/").forms[0].fields[0].value
            for filler in [
                String(repeating: "&a=1", count: 1_100),
                "&name=" + String(repeating: "a", count: 3_000_000),
            ] {
                let answer = try await client.send(
                    .post,
                    "/form/",
                    headers: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: Array("csrfmiddlewaretoken=\(token)\(filler)".utf8)
                )
                #expect([400, 413].contains(answer.status), "\(answer.status)")
            }
        }
    }

    @Test(arguments: ["Ünïcödé", "a\u{301}", "e\u{300}\u{301}\u{302}"])
    func answersWithKeysOfManyMarks(_ key: String) async throws {
        try await withGauntlet { (client) async throws in
            let marks = key + String(repeating: "\u{301}\u{327}", count: 1_000)
            #expect(try await client.get("/filter/?\(quoted(marks))=1").status == 400)
        }
    }

    @Test func tellsAVisitorNothingOfAFailure() async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.get("/error/")
            #expect(answer.status == 500)
            for secret in ["gauntlet-internal-detail", "Failure", ".swift", "Request"] {
                #expect(!answer.text.contains(secret), "\(secret)")
            }
        }
    }

    @Test(arguments: ["TRACE", "CONNECT", "FOO", "get", "PROPFIND"])
    func refusesUnknownMethods(_ name: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.send(HTTPMethod(name), "/search/")
            #expect([403, 405, 501].contains(answer.status), "\(answer.status)")
        }
    }
}
