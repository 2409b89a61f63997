import NuagesContrib
import NuagesHTTP
import Testing

/// Django's past vulnerabilities in serving static files, one test each.
@Suite struct PastVulnerabilitiesOfFilesTests {
    @Test(arguments: [
        "/static//evil.example", "/static///evil.example/..", "/static/%2f%2fevil.example",
        "/static/\\evil.example", "/static//evil.example/%2e%2e/", "/static/css//evil.example/",
    ])
    func cve_2017_7234_nobodyIsSentElsewhere(_ target: String) async throws {
        let site = try StaticSite([("css/a.css", "a{}")])
        for layer in [site.layer(isDebug: true), site.layer(isCollected: false)] {
            let response = await StaticSite.send(layer, target)
            #expect([400, 404].contains(response.status.code))
            #expect(response.headers["Location"] == nil)
        }
    }

    /// A file is sent from the disk, piece by piece, however few line breaks it has.
    @Test func cve_2015_0221_aFileWithoutLinesIsNotReadWhole() async throws {
        let site = try StaticSite([("big.bin", String(repeating: "x", count: 3_000_000))])
        for layer in [site.layer(isDebug: true), site.layer(isCollected: false)] {
            let response = await StaticSite.send(layer, "/static/big.bin")
            #expect(response.status == .ok)
            guard case .file(_, 0, 3_000_000) = response.body else {
                Issue.record("The file is in memory.")
                continue
            }
        }
    }
}
