import Nuages
import NuagesTesting
import Testing

@testable import Gauntlet

@Suite struct InjectionTests {
    @Test(arguments: [
        "'; DROP TABLE gauntlet_item; --", "' OR 1=1 --", "\" OR \"\"=\"", "%' OR '1'='1",
        "\\' OR 1=1 --", "%", "_", "lamp%' UNION SELECT 1,2,3,4 --",
    ])
    func bindsWhatIsSearchedFor(_ text: String) async throws {
        try await withGauntlet(items: 5) { (client) async throws in
            let page = try await client.get("/search/?q=\(quoted(text))")
            #expect(page.status == 200)
            #expect(page.rows == 0)
            #expect(try await Item.objects.count() == 5)
        }
    }

    @Test(arguments: [
        "-id;--", "(select 1)", "id", "t.col", "price;", "title desc", "?", "random()", "__class__",
        "price__lt",
    ])
    func ordersByWhatIsListedOnly(_ order: String) async throws {
        try await withGauntlet(items: 2) { (client) async throws in
            let page = try await client.get("/search/?q=&sort=\(quoted(order))")
            #expect(page.status == 400)
        }
    }

    @Test(arguments: ["title", "price", "newest", ""])
    func ordersByWhatIsListed(_ order: String) async throws {
        try await withGauntlet(items: 12) { (client) async throws in
            let page = try await client.get("/search/?q=&sort=\(order)")
            #expect(page.status == 200)
            #expect(page.rows == 10)
            #expect(try await client.get("/search/?sort=\(order)&page=2").rows == 2)
        }
    }

    @Test(arguments: [
        "0", "3", "-1", "x", "1.0", "+1", "0x1", "99999999999999999999999999", "nan", "1%00",
        "%D9%A1",
    ])
    func answersAPageThatIsNoneWith404Or400(_ page: String) async throws {
        try await withGauntlet(items: 12) { (client) async throws in
            let status = try await client.get("/search/?page=\(page)").status
            #expect(status == 404 || status == 400, "\(status)")
        }
    }

    @Test(arguments: [
        "_connector=OR", "_negated=1", "id__gt=0", "pk=1", "title__regex=(a%2B)%2B$",
        "title__contains=a", "price=1%20OR%201=1", "price=nan", "colour=red&colour=blue",
        "x%27)%20OR%201=1%20--=1", "message__email=a", "__class__=1", "title%00=1",
    ])
    func filtersByTheListedFieldsOnly(_ query: String) async throws {
        try await withGauntlet(items: 2) { (client) async throws in
            #expect(try await client.get("/filter/?\(query)").status == 400)
        }
    }

    @Test func filtersByValue() async throws {
        try await withGauntlet(items: 3) { (client) async throws in
            #expect(try await client.get("/filter/?colour=red").rows == 3)
            #expect(try await client.get("/filter/?price=2").rows == 1)
            #expect(try await client.get("/filter/?colour=red%27%20OR%20%271%27=%271").rows == 0)
        }
    }

    @Test(arguments: [
        "1%20OR%201=1", "1;--", "-1", "+1", "0x1", "%D9%A1", "1.0", "99999999999999999999", "1'",
    ])
    func takesANumberForAnItemOnly(_ number: String) async throws {
        try await withGauntlet(items: 1) { (client) async throws in
            #expect(try await client.get("/item/\(number)/").status == 404)
        }
    }

    @Test(arguments: [
        "a%0D%0ASet-Cookie:%20x=1", "report.txt%0D%0AX-A:%20b", "../Models.swift",
        "..%2fModels.swift", "%2e%2e/Models.swift", "/etc/passwd", "report.txt%00.csv", ".",
        "..", "", "report.txt/", "./report.txt", "REPORT.TXT", "downloads/report.txt",
        "..%5cModels.swift", "..&sol;Models.swift",
    ])
    func downloadsWhatIsThereOnly(_ name: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.get("/download/?name=\(name)")
            #expect(answer.status == 404 || answer.status == 400)
            #expect(answer.headers["X-A"] == nil)
            #expect(answer.headers["Set-Cookie"] == nil)
        }
    }

    @Test func downloadsAReport() async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.get("/download/?name=report.txt")
            #expect(answer.status == 200)
            #expect(
                answer.headers["Content-Disposition"] == "attachment; filename=\"report.txt\""
            )
            #expect(answer.text.hasPrefix("The first report"))
        }
    }

    @Test(arguments: [
        "/admin\n", "/%0a%1b[31mFAKE", "/search/%0d%0aSet-Cookie:x=1", "/%2e%2e/%2e%2e/etc/passwd",
        "/static/%2e%2e/Models.swift", "/static/..%5cModels.swift", "/static/gauntlet",
        "/media/../db.sqlite3", "/media/%2e%2e%2fdb.sqlite3", "/.git/config", "/search//",
        "//search/", "/search/./", "/search;x/", "/%73earch%252f",
    ])
    func leadsNowhereByAnUnusualPath(_ path: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.get(path)
            #expect([400, 404, 301].contains(answer.status), "\(answer.status)")
            if let location = answer.location {
                #expect(location.hasPrefix("/") && !location.hasPrefix("//"), "\(location)")
            }
            #expect(!answer.text.contains("@Model"))
        }
    }

    @Test(arguments: ["//evil.example/search", "/%2fevil.example/search", "/\\evil.example/search"])
    func neverRedirectsToAnotherSite(_ path: String) async throws {
        try await withGauntlet { (client) async throws in
            let answer = try await client.get(path)
            #expect(answer.location.map { !$0.hasPrefix("//") && !$0.contains("\\") } ?? true)
        }
    }
}
