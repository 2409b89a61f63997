import NuagesCore
import Testing

@testable import NuagesHTTP

@Suite struct ResponseTests {
    @Test func hasAConstructorForEachStatus() {
        let responses: [(Response, Int)] = [
            (.notModified(), 304), (.badRequest("x"), 400), (.forbidden("x"), 403),
            (.notFound("x"), 404), (.notAllowed([.get, .head]), 405), (.gone("x"), 410),
            (.serverError("x"), 500),
        ]
        for (response, status) in responses { #expect(response.status.code == status) }
        #expect(Response.notAllowed([.get, .head]).headers["Allow"] == "GET, HEAD")
        #expect(!Response.notModified().headers.contains("Content-Type"))
    }

    @Test func statusesCompareByCode() throws {
        let status = try HTTPStatus(404, reason: "Nothing here")
        #expect(status == .notFound)
        #expect(status.description == "404 Nothing here")
        #expect(HTTPStatus(exactly: 600) == nil)
        #expect(HTTPStatus(exactly: 99) == nil)
        #expect(HTTPStatus(exactly: 599)?.reasonPhrase == "Unknown Status Code")
    }

    /// SW1: `"\r\n"` is one `Character`.
    static let dangerous = ["\r\n", "\n", "\r", "\0", "\u{1}", "\u{7F}", "\u{B}"]

    @Test(arguments: dangerous)
    func nothingEndsAFieldEarly(_ text: String) {
        var response = Response()
        #expect(throws: BadHeaderError(name: "X-A")) {
            try response.setHeader("X-A", "a\(text)Set-Cookie: x=1")
        }
        #expect(throws: BadHeaderError.self) { try response.setHeader("X-A\(text)", "a") }
        #expect(throws: BadHeaderError.self) { try HTTPStatus(200, reason: "a\(text)b") }
        response.headers["X-A"] = "a\(text)b"
        response.headers.append("X-A", "a\(text)b")
        response.headers.setDefault("X-A", "a\(text)b")
        #expect(!response.headers.contains("X-A"))
        #expect(throws: CookieError.self) { try response.setCookie(Cookie("a\(text)", "1")) }
        var cookie = Cookie("a", "1")
        cookie.path = "/\(text)"
        #expect(throws: CookieError.self) { try response.setCookie(cookie) }
        cookie.path = "/"
        cookie.domain = "x\(text)"
        #expect(throws: CookieError.self) { try response.setCookie(cookie) }
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
    func otherLineBreaksAreNoneInAHeader(_ text: String) throws {
        var response = Response()
        try response.setHeader("X-A", "a\(text)b")
        let sent = try #require(response.headers["X-A"])
        #expect(!sent.utf8.contains(0x0A) && !sent.utf8.contains(0x0D))
        #expect(text == "\u{85}" || sent.utf8.starts(with: "=?utf-8?".utf8))
    }

    @Test(arguments: dangerous)
    func aCookieValueIsEscaped(_ text: String) throws {
        var response = Response()
        try response.setCookie(Cookie("a", "1\(text)2"))
        let header = try #require(response.headers["Set-Cookie"])
        #expect(header.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let pair = String(header.prefix { $0 != ";" })
        #expect(Cookies(header: pair)["a"]?.utf8.elementsEqual("1\(text)2".utf8) == true)
    }

    @Test func aFieldKeepsItsPlace() throws {
        var response = Response.html("x")
        response.headers["X-A"] = "1"
        response.headers["content-type"] = "text/plain"
        #expect(response.headers.fields.map(\.name) == ["content-type", "X-A"])
        try response.setHeader("X-B", "日本")
        #expect(response.headers["x-b"] == "=?utf-8?b?5pel5pys?=")
    }

    @Test func writesItsCharset() {
        var response = Response(headers: ["Content-Type": "text/html; charset=ISO-8859-1"])
        response.text = "é"
        #expect(response.bytes == [0xE9])
        #expect(response.text == "é")
        response.text = "€"
        #expect(response.bytes == [0xE2, 0x82, 0xAC])
        #expect(response.charset == .utf8)
    }

    @Test func aBodyInMemoryGrows() throws {
        var response = Response.text("a")
        try response.write("é")
        #expect(response.text == "aé")
        var stream = Response.stream { _ in }
        #expect(stream.isStreaming)
        #expect(stream.text == nil)
        #expect(throws: StreamingResponseError()) { try stream.write("x") }
    }

    @Test func aSequenceIsSentPieceByPiece() async throws {
        let (texts, feed) = AsyncStream.makeStream(of: String.self)
        for text in ["a", "b"] { feed.yield(text) }
        feed.finish()
        let response = Response.stream(contentType: "text/plain", texts)
        guard case .stream(nil, let write) = response.body else {
            Issue.record("no stream")
            return
        }
        let pieces = Pieces()
        try await write(pieces)
        #expect(await pieces.all == ["a", "b"])
    }

    private actor Pieces: ResponseBodyWriter {
        var all: [String] = []
        func write(_ bytes: [UInt8]) { all.append(String(decoding: bytes, as: UTF8.self)) }
    }

    @Test func onlyAnObjectIsSafeJSON() throws {
        #expect(throws: UnsafeJSONError()) { try Response.json(JSONValue.array([.int(1)])) }
        let list = try Response.json(JSONValue.array([.int(1)]), isSafe: false)
        #expect(list.text == "[1]")
        let object = JSONValue.object([
            .init("a", .array([.int(1), .object([]), .array([])])), .init("b", .string("[{,:")),
        ])
        var style = JSONWriter.Style.python
        style.indentation = 2
        #expect(
            try Response.json(object, style: style).text
                == "{\n  \"a\": [\n    1,\n    {},\n    []\n  ],\n  \"b\": \"[{,:\"\n}"
        )
    }
}

@Suite struct RedirectResponseTests {
    @Test func hasFourStatuses() throws {
        for (isPermanent, preserves, status) in [
            (false, false, 302), (true, false, 301), (false, true, 307), (true, true, 308),
        ] {
            let response = try Response.redirect(
                to: "/ü",
                isPermanent: isPermanent,
                preservesRequest: preserves
            )
            #expect(response.status.code == status)
            #expect(response.headers["Location"] == "/%C3%BC")
        }
    }

    /// `HttpResponseRedirect` counts the characters that are sent.
    @Test func hasALargestLength() throws {
        _ = try Response.redirect(to: "/" + String(repeating: "a", count: 16_383))
        for url in [String(repeating: "a", count: 16_385), String(repeating: "é", count: 3000)] {
            #expect(throws: HTTPError.self) { try Response.redirect(to: "/" + url) }
            _ = try Response.redirect(to: "/" + url, maxLength: nil)
        }
        #expect(throws: HTTPError.self) { try Response.redirect(to: "/long/", maxLength: 5) }
    }

    @Test(arguments: [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\nscript:x",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "mailto:a@b.example",
    ])
    func refusesOtherSchemes(_ url: String) {
        #expect(throws: HTTPError.self) { try Response.redirect(to: url) }
    }

    @Test func aLineBreakIsEscaped() throws {
        let response = try Response.redirect(to: "/a\r\nSet-Cookie: x=1")
        #expect(response.headers["Location"] == "/a%0D%0ASet-Cookie:%20x=1")
    }

    /// CVE-2025-64458, CVE-2025-27556: a megabyte of letters that normalise at great length.
    @Test func aHugeAddressIsRefusedUnread() {
        let huge = String(repeating: "\u{FDFA}", count: 400_000)
        #expect(throws: HTTPError.self) { try Response.redirect(to: "/" + huge) }
        #expect(!URLSafety.isAllowed("/" + huge, hosts: ["example.com"]))
    }
}
