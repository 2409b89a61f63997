import Foundation
import Nuages
import NuagesTesting
import Testing

@testable import Gauntlet

@Suite struct CrossSiteScriptingTests {
    static let vectors = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "\"\u{301} onmouseover=alert(1) x=\"", "<\u{338}script>alert(1)</script>",
        "\"\u{200D} autofocus onfocus=alert(1) x=\"", "\"\u{FE0F} onfocus=alert(1) x=\"",
        "</title><script>alert(1)</script>", "<svg/onload=alert(1)>", "&lt;script&gt;",
        "{{ 7|add:7 }}{% debug %}", "javascript:alert(1)", "\u{202E}<b>\u{2028}x",
    ]

    /// What a page must never have in it, whatever was asked for.
    private static let live = [
        "<script>alert", "<img src=x", "<svg/onload", "{{ 7", "14{%", "\" onmouseover",
        "\"\u{301} onmouseover", "\"\u{200D} autofocus", "\"\u{FE0F} onfocus", "<b>",
    ]

    private func isHarmless(_ page: String) -> Bool {
        // Byte by byte: a quote with a combining mark is one character, and still ends a value.
        let bytes = page.replacing("{{ 7|add:7 }}", with: "")
        return Self.live.allSatisfy { !Array(bytes.utf8).contains(Array($0.utf8)) }
    }

    @Test(arguments: vectors) func escapesWhatWasSearchedFor(_ vector: String) async throws {
        try await withGauntlet(items: 3) { (client) async throws in
            let page = try await client.get("/search/?q=\(quoted(vector))")
            #expect(page.status == 200)
            #expect(isHarmless(page.text), "\(page.text)")
            #expect(page.text.utf8.count > 300)
        }
    }

    @Test(arguments: vectors) func escapesWhatIsStored(_ vector: String) async throws {
        try await withGauntlet { (client) async throws in
            let form = try await client.get("/form/")
            let answer = try await client.submit(
                form,
                ["name": vector, "email": "a@example.com", "site": ""]
            )
            #expect(answer.status == 302)
            let page = try await client.get("/form/")
            #expect(page.text.contains(HTMLEscaper.escape(vector)))
            #expect(isHarmless(page.text), "\(page.text)")
        }
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
        " java\nscript:alert(1)", "http://a\n.example",
    ])
    func refusesAnAddressThatIsNone(_ address: String) async throws {
        try await withGauntlet { (client) async throws in
            let form = try await client.get("/form/")
            let answer = try await client.submit(
                form,
                ["name": "A", "email": "a@example.com", "site": address]
            )
            #expect(answer.status == 200)
            #expect(try await Message.objects.count() == 0)
        }
    }

    @Test(arguments: [
        "</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u{2028}\u{2029}", "a&b",
    ])
    func keepsDataInsideItsScriptElement(_ text: String) async throws {
        try await withGauntlet { (client) async throws in
            let page = try await client.get("/jsonscript/?q=\(quoted(text))")
            let start = try #require(page.text.range(of: "<script id=\"q\""))
            let end = try #require(
                page.text.range(of: "</script>", range: start.upperBound..<page.text.endIndex)
            )
            let data = page.text[start.upperBound..<end.lowerBound].drop { $0 != ">" }.dropFirst()
            for raw in ["<", ">", "&"] { #expect(!data.contains(raw)) }
            let parsed = try JSONValue(parsing: Array(data.utf8))
            #expect(parsed == .string(text))
        }
    }

    @Test func doesNotRepeatAnUnknownPath() async throws {
        try await withGauntlet { (client) async throws in
            let page = try await client.get("/Site%20moved%20to%20evil.example,%20click%20<b>/")
            #expect(page.status == 404)
            #expect(!page.text.contains("evil.example"))
        }
    }
}

extension Array where Element: Equatable {
    fileprivate func contains(_ part: [Element]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains {
            self[$0..<($0 + part.count)].elementsEqual(part)
        }
    }
}
