import Nuages
import NuagesTesting
import Testing

/// An error whose text an attacker has chosen.
private struct Chosen: Error, CustomStringConvertible {
    let description: String
}

private func fail(_ request: Request) async throws -> Response {
    throw Chosen(description: request.query["text"] ?? "")
}

/// Django's past vulnerabilities in error pages, one test each.
@Suite struct PastVulnerabilitiesOfPagesTests {
    private static let routes = Routes { #path("fail/", fail) }

    @Test(arguments: [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "<\u{338}script>",
        "'\u{301} onmouseover=alert(1) '", "</pre></textarea><svg onload=alert(1)>",
    ])
    func cve_2017_12794_anErrorCannotWriteThePage(_ text: String) async throws {
        try await withNewsSite(debug: true, routes: Self.routes) { client in
            let query = PercentCoding.encode(text, safe: .path)
            let page = try await client.get(
                "/fail/?text=\(query)",
                headers: ["Accept": "text/html"]
            )
            #expect(page.status == 500)
            // The bytes of the text stand nowhere as they are.
            let bytes = Array(text.utf8)
            let isThere = page.body.indices.contains { page.body[$0...].starts(with: bytes) }
            #expect(!isThere)
        }
    }

    @Test func cve_2019_3498_outsideDebugNothingIsRepeated() async throws {
        try await withNewsSite(routes: Self.routes) { client in
            for target in ["/Site%20moved%20to%20evil.example", "/fail/?text=evil.example"] {
                let page = try await client.get(target)
                #expect([404, 500].contains(page.status))
                #expect(!page.text.contains("evil"))
            }
        }
    }
}
