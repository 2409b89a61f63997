import NuagesCore
import Testing

@Suite struct URLSafetyTests {
    static let hosts = ["example.com", "[::1]:8000"]

    @Test(arguments: [
        "", "   ", "http://evil.example", "http:///evil.example", "https:///evil.example",
        "//evil.example", "///evil.example", "////evil.example", "http:/\\evil.example",
        "\\\\evil.example", "\\\\\\evil.example", "/\\\\/evil.example", "\\/evil.example",
        "/\\evil.example", "http:\\/\\//evil.example", "http:\\\\evil.example",
        "http:evil.example", "javascript:alert('x')", "\njavascript:alert(x)",
        "java\nscript:alert(x)",
        "\u{08}//evil.example", "http://example.com@evil.example",
        "http://example.com\\@evil.example",
        "http:\\\\example.com\\@evil.example", "http:999999999", "http://2001:cdba::1]/",
        "http://[x",
        "ftp://example.com", "\t//evil.example", "/\t/evil.example", "\u{200B}//evil.example",
        "https://example.com.evil.example", "http://EXAMPLE.com",
        "/" + String(repeating: "x", count: 2048), "data:text/html,x",
    ])
    func refuses(_ url: String) {
        #expect(!URLSafety.isAllowed(url, hosts: Self.hosts))
    }

    @Test(arguments: [
        "/view/?param=http://evil.example", "/view/?param=//evil.example", "https://example.com/",
        "//example.com/x", "/url%20with%20spaces/", "path/http:2222222222", "http://[::1]:8000/x",
        "?q=1", "#f", " /next/ ",
    ])
    func allows(_ url: String) {
        #expect(URLSafety.isAllowed(url, hosts: Self.hosts))
    }

    @Test func canInsistOnHTTPS() {
        #expect(!URLSafety.isAllowed("http://example.com", hosts: Self.hosts, requiresHTTPS: true))
        #expect(!URLSafety.isAllowed("//example.com", hosts: Self.hosts, requiresHTTPS: true))
        #expect(URLSafety.isAllowed("/x", hosts: Self.hosts, requiresHTTPS: true))
    }

    /// Letters that become 18 others each are not looked at beyond what an address may have.
    @Test(.timeLimit(.minutes(1)), arguments: [(200, true), (350_000, false)])
    func hugeTextsOfCompatibilityLettersAreNone(_ count: Int, isAllowed: Bool) {
        let url = "/" + String(repeating: "\u{FDFA}", count: count)
        #expect(URLSafety.isAllowed(url, hosts: Self.hosts) == isAllowed)
    }
}

@Suite struct HTTPTextTests {
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Sun, 31 Feb 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
        ("Sun, 6 Nov 1994 08:49:37 GMT", nil), ("", nil), ("Sun, 06 Nov １９９４ 08:49:37 GMT", nil),
    ])
    func parsesDates(_ text: String, expected: Int?) {
        #expect(HTTPDate.parse(text, currentYear: 2026) == expected)
    }

    @Test func parsesParameters() {
        let header = HeaderParameters(
            "Form-Data; NAME=\"a;b\\\"c\"; filename*=UTF-8''%e2%82%ac%20x; x*0=\"a\"; x*1=b; y"
        )
        #expect(header?.value == "form-data")
        #expect(header?["name"] == "a;b\"c")
        #expect(header?["filename"] == "€ x")
        #expect(header?["x"] == "ab")
        #expect(header?["y"] == "")
        #expect(HeaderParameters("a; b*=klingon''x") == nil)
        #expect(HeaderParameters(String(repeating: ";", count: 10_001)) == nil)
    }

    @Test(arguments: [
        ("a\"; filename=x.bat", "attachment; filename=\"a\\\"; filename=x.bat\""),
        ("ü.txt", "attachment; filename*=utf-8''%C3%BC.txt"),
        ("a\r\nX: y", "attachment; filename*=utf-8''a%0D%0AX%3A%20y"),
    ])
    func quotesFileNames(_ name: String, expected: String) {
        #expect(HeaderText.contentDisposition(isAttachment: true, fileName: name) == expected)
    }

    @Test(arguments: [
        ("/a\r\nFAKE", "/a\\r\\nFAKE"), ("\u{1B}[31m", "\\u{1b}[31m"),
        ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{202E}x", "\\u{202e}x"), ("a\\n", "a\\\\n"), ("ü\u{85}", "ü\\u{85}"), ("\0", "\\u{0}"),
    ])
    func logsOnOneLine(_ text: String, expected: String) {
        #expect(LogText.escape(text) == expected)
    }

    @Test func base64RoundTrips() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(($0 * 37) & 255) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.decode("a") == nil)
        #expect(Base64URL.decode("a+==") == nil)
    }
}
